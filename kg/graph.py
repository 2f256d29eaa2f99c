"""A graph in memory: entities, statements with their evidence, and the claims they roll up to.

`Graph.from_records` assembles records in plain Python; it is the reference that the set-based assembly in `kg.assembly` is
compared with, and what tests and scripts use for small graphs. `kg.directory.read_graph` gives the same object from disk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg.belief import Counts, count
from kg.equivalence import equivalences, join_publications, merge_entities
from kg.model import Assertion, Claim, Entity, Evidence, Record, Statement, last_day, with_curies
from ontologies.vocabulary import relation

if TYPE_CHECKING:
    from kg.without import Citation

__all__ = ["ClaimRecord", "Graph", "LeftOut"]


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim with the ids of its statements, its counted studies, and the claims that contradict it."""

    claim: Claim
    statements: tuple[str, ...]
    counts: Counts
    conflicts: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many evidences a view leaves out, by reason.

    By date: `later` ones and `undated` ones. With a study (`Graph.without_studies`): its own (`of_studies`), those of
    publications that cite or recount it (`citing`), and those of later secondary sources on its subject that cannot be
    shown not to cite it (`perhaps_citing`).
    """

    later: int = 0
    undated: int = 0
    of_studies: int = 0
    citing: int = 0
    perhaps_citing: int = 0

    @property
    def with_studies(self) -> int:
        """All evidences that were left out with a study."""
        return self.of_studies + self.citing + self.perhaps_citing


@dataclass(frozen=True)
class Graph:
    """Entities and statements with evidence; read-only.

    `entities` maps CURIE to `Entity`, `statements` maps statement id to `Statement`, `evidence` maps statement id to its
    evidence (sorted by evidence id). `path` is the graph directory it was read from, if any.
    """

    entities: Mapping[str, Entity]
    statements: Mapping[str, Statement]
    evidence: Mapping[str, tuple[Evidence, ...]]
    path: Path | None = None
    left_out: LeftOut = field(default_factory=LeftOut)

    @classmethod
    def from_records(cls, records: Iterable[Record]) -> Graph:
        """Assemble records: normalise identifiers, merge statements by identity, join publications, drop repeats.

        >>> from kg.model import Publication
        >>> il4, jak1 = Entity("HGNC:6014", "IL4", "Gene"), Entity("HGNC:6190", "JAK1", "Gene")
        >>> s = Statement("HGNC:6014", "increases_activity_of", "HGNC:6190")
        >>> e = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")
        >>> g = Graph.from_records([il4, jak1, Assertion(s, e), Assertion(s, e)])
        >>> len(g.statements), g.counts(s.id).support
        (1, 1)
        """
        met: set[Entity] = set()
        assertions: list[Assertion] = []
        for record in records:
            if isinstance(record, Entity):
                met.add(record)
            else:
                assertions.append(record)
        same = equivalences(met)
        entities = merge_entities(met, same)
        papers = join_publications(a.evidence.publication for a in assertions)
        merged: dict[str, Statement] = {}
        found: dict[str, dict[str, Evidence]] = defaultdict(dict)
        for assertion in assertions:
            statement = with_curies(assertion.statement, same)
            evidence = papers.apply(assertion.evidence)
            sid = statement.id
            merged[sid] = statement
            found[sid][Assertion(statement, evidence).evidence_id] = evidence
        return cls(
            entities,
            dict(sorted(merged.items())),
            {sid: tuple(e for _, e in sorted(found[sid].items())) for sid in sorted(found)},
        )

    def assertions(self) -> Iterator[Assertion]:
        """Yield every statement with each of its evidences."""
        for sid, statement in self.statements.items():
            for evidence in self.evidence.get(sid, ()):
                yield Assertion(statement, evidence)

    def records(self) -> Iterator[Record]:
        """Yield all entities, then all assertions: what `from_records` takes."""
        yield from self.entities.values()
        yield from self.assertions()

    def counts(self, statement_id: str) -> Counts:
        """Return the counted studies of one statement; raises KeyError for an unknown id."""
        return self._statement_counts[statement_id]

    @cached_property
    def _statement_counts(self) -> dict[str, Counts]:
        return {sid: count(self.evidence.get(sid, ())) for sid in self.statements}

    @cached_property
    def claims(self) -> Mapping[Claim, ClaimRecord]:
        """All claims by (subject, relation, object), each with studies counted over all its statements."""
        groups: dict[Claim, list[str]] = defaultdict(list)
        for sid, statement in self.statements.items():
            groups[statement.claim].append(sid)
        signed: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in groups:
            if relation(claim.relation).sign:
                signed[claim.subject, claim.object].append(claim)
        return {
            claim: ClaimRecord(
                claim,
                tuple(ids),
                count(e for sid in ids for e in self.evidence.get(sid, ())),
                tuple(
                    sorted(
                        other
                        for other in signed.get((claim.subject, claim.object), ())
                        if relation(other.relation).sign * relation(claim.relation).sign < 0
                    )
                ),
            )
            for claim, ids in sorted(groups.items())
        }

    def name(self, curie: str) -> str:
        """Return the name of an entity, or the CURIE itself when the graph has no such entity."""
        entity = self.entities.get(curie)
        return entity.name if entity else curie

    def keep_evidence(self, keep: Callable[[Evidence], bool]) -> Graph:
        """Return the graph with only the evidence that `keep` accepts; statements left without any are dropped."""
        evidence = {
            sid: kept for sid, found in self.evidence.items() if (kept := tuple(e for e in found if keep(e)))
        }
        return replace(self, statements={s: self.statements[s] for s in evidence}, evidence=evidence)

    def as_of(self, date: str) -> Graph:
        """Return the graph as it could have been known on `date` (ISO; a bare year or month means its last day).

        An evidence is kept only if the last day its own date allows is on or before that day; undated evidence is left
        out and counted in `left_out`. A database record is dated by its release.

        >>> Graph({}, {}, {}).as_of("2018-10-01").left_out
        LeftOut(later=0, undated=0, of_studies=0, citing=0, perhaps_citing=0)
        """
        day = last_day(date) or ""
        later = undated = 0
        for found in self.evidence.values():
            for evidence in found:
                last = evidence.publication.last_day
                undated += last is None
                later += last is not None and last > day

        def known(evidence: Evidence) -> bool:
            last = evidence.publication.last_day
            return last is not None and last <= day

        return replace(self.keep_evidence(known), left_out=replace(self.left_out, later=later, undated=undated))

    def without_studies(self, keys: Iterable[str], citations: Iterable[Citation] = ()) -> Graph:
        """Return the graph without some studies and without all that cites them (see `kg.without`).

        `keys` are PMIDs, DOIs, PMCIDs, NCT numbers or names of studies; `citations` say which publication cites which
        (`loaders.citations.load_citations` for the shipped corpus). Entities stay; `left_out` counts the evidence by
        reason. Ask for it before `as_of`: a later paper can name a study too. Raises `ontologies.errors.UnknownStudy` for
        a key that no evidence has.
        """
        from kg.without import without_studies

        return without_studies(self, keys, citations)
