"""Quads as a graph: the inverse of `kg.rdf_write`, which checks that every statement and evidence is what its IRI says.

Use `kg.rdf.from_quads`. What is derived (direct triples, claims, counts, beliefs) is not read but counted anew, so an edited
file cannot claim more support than its evidence gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, TypeAlias, TypeVar

import pyoxigraph as ox

from kg.graph import Graph
from kg.model import CONTEXT_KEYS, Assertion, Condition, Context, Effect, Entity, Evidence, Observation, Publication, Statement
from kg.rdf_names import EVIDENCE_NUMBERS, EVIDENCE_TEXTS, PUBLICATION_TEXTS, STANCES, P, category_name
from ontologies.designs import designs
from ontologies.errors import BadInput, Fault, MalformedCurie, UnknownRelation
from ontologies.prefixes import NS, compress
from ontologies.vocabulary import relation

__all__ = ["graph_of"]

Properties: TypeAlias = dict[str, list[str]]
"""What is said of one node: values (IRIs or lexical forms) by the IRI of the property."""

_T = TypeVar("_T")
_MOST_FAULTS = 100
_PARTS: Mapping[str, type[Effect] | type[Observation]] = {"effect": Effect, "observation": Observation}


class _FoundWrongError(Exception):
    """One node cannot be read: the property (or nothing), the problem, and the fix."""


def graph_of(quads: Iterable[ox.Quad], source: str = "RDF") -> Graph:
    """Return the graph that quads of our form state; raises `BadInput` with up to 100 faults."""
    nodes: dict[str, Properties] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            nodes[quad.subject.value][quad.predicate.value].append(quad.object.value)
    return _Reader({iri: dict(found) for iri, found in nodes.items()}, source).graph()


class _Reader:
    def __init__(self, nodes: Mapping[str, Properties], source: str) -> None:
        self._nodes = nodes
        self._source = source
        self._faults: list[Fault] = []
        self._kinds: dict[str, list[str]] = defaultdict(list)
        for iri, found in nodes.items():
            for kind in found.get(P.TYPE.value, ()):
                self._kinds[kind].append(iri)
        self._curies: dict[str, str] = {}

    def graph(self) -> Graph:
        entities = [
            entity
            for iri, found in self._nodes.items()
            for kind in found.get(P.TYPE.value, ())
            if (name := category_name(kind)) and (entity := self._try(iri, partial(self._entity, iri, name)))
        ]
        papers = self._all(P.PUBLICATION_CLASS, self._publication)
        statements = self._all(P.STATEMENT_CLASS, self._statement)
        evidence: dict[str, dict[str, Evidence]] = defaultdict(dict)
        for iri in self._kinds[P.EVIDENCE_CLASS.value]:
            read = self._try(iri, partial(self._evidence, iri, papers, statements))
            if read:
                sid, eid, one = read
                evidence[sid][eid] = one
        if self._faults:
            shown = self._faults[:_MOST_FAULTS]
            number = f"{len(self._faults)} fault{'s' if len(self._faults) > 1 else ''}"
            raise BadInput(f"{number} in {self._source}", shown, truncated=len(self._faults) > len(shown))
        return Graph(
            {e.curie: e for e in sorted(entities, key=lambda e: e.curie)},
            {s.id: s for s in sorted(statements.values(), key=lambda s: s.id)},
            {sid: tuple(e for _, e in sorted(evidence[sid].items())) for sid in sorted(evidence)},
        )

    def _all(self, kind: ox.NamedNode, read: Callable[[str], _T]) -> dict[str, _T]:
        found = ((iri, self._try(iri, partial(read, iri))) for iri in self._kinds[kind.value])
        return {iri: one for iri, one in found if one is not None}

    def _try(self, iri: str, read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except _FoundWrongError as error:
            field, problem, fix = error.args
            self._faults.append(Fault(f"{self._source} <{iri}>", 0, 0, field, problem, fix))
        except (MalformedCurie, UnknownRelation) as error:
            self._faults.append(Fault(f"{self._source} <{iri}>", 0, 0, "", str(error)))
        return None

    def _entity(self, iri: str, category: str) -> Entity:
        return Entity(
            self._curie(iri),
            self._one(iri, P.LABEL.value),
            category,
            roles=self._sorted(iri, P.ROLE),
            synonyms=self._sorted(iri, P.ALT_LABEL),
            xrefs=tuple(sorted(map(self._curie, self._sorted(iri, P.EXACT_MATCH)))),
            close_matches=tuple(sorted(map(self._curie, self._sorted(iri, P.CLOSE_MATCH)))),
            valence=self._text(iri, P.VALENCE.value),
            source=self._text(iri, P.DCT_SOURCE.value),
        )

    def _publication(self, iri: str) -> Publication:
        texts: dict[str, Any] = {name: self._text(iri, p.value) for name, p in PUBLICATION_TEXTS.items()}
        texts["precision"] = texts["precision"] or "unknown"
        return Publication(self._one(iri, P.IDENTIFIER.value), date=self._text(iri, P.ISSUED.value), **texts)

    def _statement(self, iri: str) -> Statement:
        predicate = self._one(iri, P.PREDICATE.value)
        context = {key: self._values(iri, f"{NS.IKG}context_{key}") for key in CONTEXT_KEYS}
        statement = Statement(
            self._curie(self._one(iri, P.SUBJECT.value)),
            relation(predicate.removeprefix(NS.IKG)).name,
            self._curie(self._one(iri, P.OBJECT.value)),
            Context(**{key: tuple(map(self._curie, found)) for key, found in context.items()}),
            self._limits(iri),
        )
        if iri != NS.STATEMENT + statement.id:
            problem = f"it states what has the id {statement.id}"
            raise _FoundWrongError("", problem, "restore the statement, or give it the IRI of what it states")
        return statement

    def _limits(self, iri: str) -> tuple[Condition, ...]:
        found: list[Condition] = []
        for number, limit in enumerate(sorted(self._values(iri, P.CONDITION.value)), 1):
            members = self._values(limit, P.ANY_OF.value)
            found += [self._condition(m, str(number)) for m in members] if members else [self._condition(limit, "")]
        return tuple(found)

    def _condition(self, iri: str, group: str) -> Condition:
        parts = [self._one(iri, p.value) for p in (P.VARIABLE, P.OPERATOR, P.VALUE)]
        return Condition(parts[0], parts[1], parts[2], self._text(iri, P.UNIT.value), group)

    def _evidence(
        self, iri: str, papers: Mapping[str, Publication], statements: Mapping[str, Statement]
    ) -> tuple[str, str, Evidence]:
        stances = [(stance, of) for stance, p in STANCES.items() for of in self._values(iri, p.value)]
        if len(stances) != 1:
            problem = f"it has {len(stances)} stances"
            raise _FoundWrongError("", problem, "write one of ikg:supports, ikg:refutes, ikg:found_no_effect")
        stance, about = stances[0]
        if about not in statements:
            raise _FoundWrongError(stance, f"there is no (readable) statement <{about}>", "add it, or drop the evidence")
        paper = self._one(iri, P.PUBLICATION.value)
        if paper not in papers:
            raise _FoundWrongError("publication", f"there is no (readable) publication <{paper}>", "add it")
        values = self._evidence_values(iri)
        if values["design"] not in designs():
            raise _FoundWrongError("study_type", f"unknown design {values['design']!r}", "use a term of study_designs.tsv")
        evidence = Evidence(stance, papers[paper], **values)  # type: ignore[arg-type]  # stance is a key of STANCES
        found = Assertion(statements[about], evidence)
        if iri != NS.EVIDENCE + found.evidence_id:
            problem = f"it says what has the id {found.evidence_id}"
            raise _FoundWrongError("", problem, "restore the evidence, or give it the IRI of what it says")
        return statements[about].id, found.evidence_id, evidence

    def _evidence_values(self, iri: str) -> dict[str, Any]:
        values: dict[str, Any] = {
            "study": self._study(iri, P.STUDY.value),
            "parent_study": self._study(iri, P.PARENT_STUDY.value),
            "recounts": self._text(iri, P.RECOUNTS.value) in ("true", "1"),
        }
        parts: dict[str, dict[str, Any]] = {name: {} for name in _PARTS}
        for field, predicate in (EVIDENCE_TEXTS | EVIDENCE_NUMBERS).items():
            part, _, inner = field.partition(".")
            value: Any = self._text(iri, predicate.value)
            if field in EVIDENCE_NUMBERS:
                value = self._number(value, float if inner else int, field) if value else None
            (parts[part] if inner else values)[inner or part] = value
        values.update((name, kind(**parts[name])) for name, kind in _PARTS.items())
        return values

    def _study(self, iri: str, predicate: str) -> str:
        study = self._text(iri, predicate)
        return self._one(study, P.STUDY_KEY.value) if study else ""

    def _number(self, value: str, kind: type[int] | type[float], field: str) -> int | float:
        try:
            return kind(value)
        except ValueError:
            raise _FoundWrongError(field, f"{value!r} is no number", "write one, or leave it out") from None

    def _curie(self, iri: str) -> str:
        known = self._curies.get(iri)
        if known is None:
            named = self._nodes.get(iri, {}).get(P.IDENTIFIER.value)
            known = self._curies[iri] = named[0] if named else compress(iri)
        return known

    def _values(self, iri: str, predicate: str) -> list[str]:
        return self._nodes.get(iri, {}).get(predicate, [])

    def _sorted(self, iri: str, predicate: ox.NamedNode) -> tuple[str, ...]:
        return tuple(sorted(set(self._values(iri, predicate.value))))

    def _text(self, iri: str, predicate: str) -> str:
        found = set(self._values(iri, predicate))
        if len(found) > 1:
            raise _FoundWrongError(_short(predicate), f"{len(found)} values where one may stand", "keep one")
        return next(iter(found), "")

    def _one(self, iri: str, predicate: str) -> str:
        if not self._values(iri, predicate):
            raise _FoundWrongError(_short(predicate), "is missing", f"add it to <{iri}>")
        return self._text(iri, predicate)


def _short(iri: str) -> str:
    return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


assert {f.name for f in fields(Evidence)} == {
    "stance", "publication", "study", "parent_study", "recounts", "effect", "observation",
    *(f for f in (*EVIDENCE_TEXTS, *EVIDENCE_NUMBERS) if "." not in f),
}, "a field of Evidence is missing from the tables of kg.rdf_names"  # fmt: skip
