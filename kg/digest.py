"""The rows of a graph in plain Python, and the digest over their content.

`graph_rows` says what belongs in each table of a graph directory, slowly and clearly; `kg.assembly` makes the same rows in
SQL and is compared with it. The digest is over the content, never over the bytes of files:

* the digest of a statement or an evidence is its id, which covers what it says;
* that of an entity or a publication is the SHA-256 of its columns in order, joined by tabs: text escaped as in
  `kg.identity`, a list as compact JSON;
* sorted row digests with equal first three digits, joined, give a bucket's digest; bucket digests in order, joined, give
  the table's;
* counts, beliefs, claims, refinements and conflicts follow from these and from the vocabulary, so that the *recipe* (the
  SHA-256 of signs, tiers, symmetry and weights) stands for them;
* the content digest is the SHA-256 of the lines ``immunokg content 1``, ``recipe<TAB>digest``, then
  ``table<TAB>rows<TAB>digest`` by table name.

>>> len(content_digest(Graph({}, {}, {})))
64
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from kg.belief import Counts
from kg.graph import Graph
from kg.identity import claim_id
from kg.model import Publication
from kg.tables import assertion_row, conditions_json, context_json, entity_row, publication_row
from ontologies.designs import designs
from ontologies.extractors import readers
from ontologies.vocabulary import relation, relations

__all__ = ["DIGESTED", "combine_digests", "content_digest", "graph_rows"]

DIGESTED = {"entities": True, "statements": False, "evidence": False, "publications": True}
"""The tables that the content digest reads, and whether it hashes their rows (else their ids are the digests)."""

_EDITION = "immunokg content 1"
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def graph_rows(graph: Graph) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table of the graph, in the order of `kg.tables.COLUMNS` and of the files."""
    papers: dict[str, Publication] = {}
    for found in graph.evidence.values():
        papers.update((e.publication.key, e.publication) for e in found)
    return {
        "entities": sorted(entity_row(entity) for entity in graph.entities.values()),
        "statements": sorted(_statement_rows(graph)),
        "claims": sorted(_claim_rows(graph)),
        "evidence": sorted(
            ((a.evidence_id, a.statement.id, *assertion_row(a)[5:]) for a in graph.assertions()),
            key=lambda row: (row[1], row[0]),
        ),
        "publications": [publication_row(paper) for _, paper in sorted(papers.items())],
    }


def _counts(counts: Counts) -> tuple[Any, ...]:
    return (
        counts.support, counts.refute, counts.null, counts.support_weight, counts.against_weight, counts.belief,
        counts.verdict,
    )  # fmt: skip


def _statement_rows(graph: Graph) -> Iterator[tuple[Any, ...]]:
    for record in graph.claims.values():
        claim = claim_id(*record.claim)
        entry = relation(record.claim.relation)
        for sid in record.statements:
            statement, found = graph.statements[sid], graph.evidence.get(sid, ())
            dates = sorted((e.publication.last_day, e.publication.date) for e in found if e.publication.last_day)
            yield (
                sid, claim, statement.subject, statement.relation, statement.object, context_json(statement.context),
                conditions_json(statement.conditions), entry.sign, entry.tier, *_counts(graph.counts(sid)),
                dates[0][1] if dates else "", sorted({e.source for e in found if e.source}),
                sorted(other for other in record.statements if statement.refines(graph.statements[other])),
            )  # fmt: skip


def _claim_rows(graph: Graph) -> Iterator[tuple[Any, ...]]:
    for record in graph.claims.values():
        entry = relation(record.claim.relation)
        yield (
            claim_id(*record.claim), *record.claim, entry.sign, entry.tier, *_counts(record.counts),
            record.counts.asserted, sorted(record.statements), [claim_id(*other) for other in record.conflicts],
        )  # fmt: skip


def content_digest(graph: Graph) -> str:
    """Return the digest of a graph in memory: the one in the manifest of a directory with equal content."""
    papers = {e.publication for found in graph.evidence.values() for e in found}
    digests = {
        "entities": [_hash(_line(entity_row(entity))) for entity in graph.entities.values()],
        "statements": list(graph.statements),
        "evidence": [a.evidence_id for a in graph.assertions()],
        "publications": [_hash(_line(publication_row(paper))) for paper in papers],
    }
    return combine_digests({name: (len(found), _merkle(found)) for name, found in digests.items()})


def combine_digests(tables: Mapping[str, tuple[int, str]]) -> str:
    """Return the content digest from the number of rows and the digest of every table of `DIGESTED`."""
    lines = [f"{name}\t{number}\t{digest}" for name, (number, digest) in sorted(tables.items())]
    return _hash("\n".join([_EDITION, f"recipe\t{_recipe()}", *lines]))


@cache
def _recipe() -> str:
    signs = [f"{r.name}\t{int(r.sign)}\t{r.tier}\t{r.symmetric}" for r in relations().values()]
    weights = [f"{d.name}\t{d.weight!r}" for d in designs().values()]
    rates = [f"{r.name}\t{r.precision!r}" for r in readers().values()]
    return _hash("\n".join([*sorted(signs), *sorted(weights), *sorted(rates)]))


def _merkle(digests: list[str]) -> str:
    buckets: dict[str, list[str]] = defaultdict(list)
    for digest in digests:
        buckets[digest[:3]].append(digest)
    return _hash("".join(_hash("".join(sorted(found))) for _, found in sorted(buckets.items())))


def _line(row: tuple[Any, ...]) -> str:
    return "\t".join(
        json.dumps(cell, ensure_ascii=False, separators=(",", ":")) if isinstance(cell, list) else cell.translate(_ESCAPES)
        for cell in row
    )


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
