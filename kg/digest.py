"""The rows of a graph in plain Python, and the digest over their content.

`graph_rows` says what belongs in each table of a graph directory, slowly and clearly; `kg.assembly` makes the same rows in
SQL and is compared with it. The digest is over the content, never over the bytes of files:

* a row's text is its columns in order, joined by tabs: text escaped as in `kg.identity`, truth as ``true``/``false``, a
  number as Python's ``repr``, nothing as empty, a list as compact JSON; columns that the id covers, or that follow from
  others, are left out (`digested_columns`);
* a row's digest is the SHA-256 of its text, of an evidence its id; sorted row digests with equal first three digits,
  joined, give a bucket's digest; bucket digests in order, joined, give the table's;
* the content digest is the SHA-256 of the lines ``immunokg content 1``, then ``table<TAB>rows<TAB>digest`` by table name.

>>> len(content_digest(Graph({}, {}, {})))
64
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from kg.belief import Counts
from kg.graph import Graph
from kg.identity import claim_id
from kg.model import Assertion, Publication
from kg.tables import COLUMNS, assertion_row, conditions_json, context_json, entity_row, publication_row
from ontologies.vocabulary import relation

__all__ = ["combine_digests", "content_digest", "digested_columns", "graph_rows", "table_digest"]

_EDITION = "immunokg content 1"
_COVERED = {
    "statements": frozenset(("claim", "subject", "relation", "object", "context", "conditions", "belief")),
    "claims": frozenset(("subject", "relation", "object", "belief", "statements")),
    "evidence": frozenset(COLUMNS["evidence"]) - {"id"},
}
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
    rows = graph_rows(graph)
    return combine_digests({name: (len(rows[name]), table_digest(name, rows[name])) for name in rows})


def digested_columns(table: str) -> dict[str, str]:
    """Return the columns of a table that its digest reads, with their kinds."""
    return {name: kind for name, kind in COLUMNS[table].items() if name not in _COVERED.get(table, ())}


def table_digest(table: str, rows: Iterable[tuple[Any, ...]]) -> str:
    """Return the digest of one table from its rows, in any order."""
    places = [place for place, name in enumerate(COLUMNS[table]) if name in digested_columns(table)]
    buckets: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        digest = row[0] if table == "evidence" else _hash("\t".join(_text(row[place]) for place in places))
        buckets[digest[:3]].append(digest)
    return _hash("".join(_hash("".join(sorted(found))) for _, found in sorted(buckets.items())))


def combine_digests(tables: Mapping[str, tuple[int, str]]) -> str:
    """Return the content digest from the number of rows and the digest of every table."""
    lines = [f"{name}\t{number}\t{digest}" for name, (number, digest) in sorted(tables.items())]
    return _hash("\n".join([_EDITION, *lines]))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value).translate(_ESCAPES) if isinstance(value, str) else repr(value)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
