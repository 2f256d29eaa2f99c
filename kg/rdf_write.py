"""A graph as N-Quads: entities, direct triples, claims and statements in the default graph, evidence in a graph per source.

This is the only writer of the RDF form (`kg.rdf` describes it). It takes rows (`kg.rdf_rows`), from a graph in memory or from
files, and gives text piece by piece, every quad once; what it keeps meanwhile are the categories of the entities, the
keys of studies and conditions, and the statements of claims that conflict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from kg.levels import leading_agent, leading_level
from kg.model import Condition
from kg.rdf_names import EVIDENCE_NUMBERS, EVIDENCE_TEXTS, PUBLICATION_TEXTS, STANCES, P, category_iri
from kg.rdf_rows import Row, RowSource
from kg.rdf_text import (
    FALSE,
    TRUE,
    condition_node,
    date_literal,
    double,
    entity_node,
    graph_node,
    integer,
    iri_node,
    last_day_literal,
    literal,
    not_unicode,
    study_node,
)
from kg.tables import COLUMNS, conditions_from_json, context_from_json
from ontologies.associations import association_class
from ontologies.designs import design
from ontologies.errors import BadInput
from ontologies.prefixes import NS
from ontologies.vocabulary import relation, relations

__all__ = ["Load", "nquads"]

N: Any = SimpleNamespace(**{name: str(node) for name, node in vars(P).items() if name.isupper()})
"""The properties and classes of `kg.rdf_names.P`, as N-Quads writes them."""

_PIECE = 1 << 20
_END = " .\n"
_STANCE_STARTS = {stance: f"{node} <{NS.STATEMENT}" for stance, node in STANCES.items()}
_PLACES = {table: {column: place for place, column in enumerate(columns)} for table, columns in COLUMNS.items()}
_EVIDENCE = _PLACES["evidence"]
_LEVEL, _AGENT, _STANCE = (_EVIDENCE[column] for column in ("knowledge_level", "agent_type", "stance"))
_TEXTS = tuple((_EVIDENCE[field.replace(".", "_")], f"{predicate} ") for field, predicate in EVIDENCE_TEXTS.items())
_NUMBERS = tuple(
    (_EVIDENCE[field.replace(".", "_")], f"{predicate} ", double if field.startswith("effect.") else integer)
    for field, predicate in EVIDENCE_NUMBERS.items()
)
_PAPER_TEXTS = tuple((_PLACES["publications"][field], f"{predicate} ") for field, predicate in PUBLICATION_TEXTS.items())
_PAPER_DATE = _PLACES["publications"]["date"]


@dataclass(frozen=True, slots=True)
class Load:
    """The reading of one source: its name, the SHA-256 of what was read, its release and licence."""

    source: str
    sha256: str
    release: str = ""
    licence: str = ""

    @property
    def node(self) -> str:
        """The node of this load, the object of ``prov:wasGeneratedBy``."""
        return iri_node(f"{graph_node(self.source)[1:-1].replace('/graph/', '/load/', 1)}/{self.sha256}")


def nquads(rows: RowSource, loads: Iterable[Load] = ()) -> Iterator[bytes]:
    """Yield the N-Quads of a graph in pieces of about a megabyte, each of whole lines, in no particular order.

    Raises `BadInput` for text, numbers or identifiers that RDF cannot hold.
    """
    pieces: list[str] = []
    length = 0
    for piece in _Writer(rows, loads).pieces():
        pieces.append(piece)
        length += len(piece)
        if length >= _PIECE:
            yield _encoded(pieces)
            pieces, length = [], 0
    if pieces:
        yield _encoded(pieces)


def _encoded(pieces: list[str]) -> bytes:
    text = "".join(pieces)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        start = text.rfind('"', 0, error.start) + 1
        raise not_unicode(text[max(start, error.start - 40) :].split('"', 1)[0]) from None


def _said(node: str, tails: Iterable[str]) -> str:
    """Return the lines that say each of some tails (``predicate object .``) of a node."""
    start = f"{node} "
    return start + start.join(tails)


class _Writer:
    def __init__(self, rows: RowSource, loads: Iterable[Load]) -> None:
        self._rows = rows
        self._loads = {load.source: load for load in loads}
        self._generated = {source: f"{N.GENERATED_BY} {load.node}" for source, load in self._loads.items()}
        self._categories: dict[str, str] = {}
        self._projected: set[tuple[str, str, str]] = set()
        self._conditions: set[str] = set()
        self._studies: set[str] = set()
        self._sources: set[str] = set()

    def pieces(self) -> Iterator[str]:
        for row in self._rows("entities"):
            self._categories[row[0]] = row[2]
            yield _entity(row)
        yield from self._claims()
        for row, found in self._statements_with_evidence():
            yield self._statement(row, found)
            for evidence in found:
                yield self._evidence(evidence)
        for row in self._rows("publications"):
            yield _publication(row)
        for source in sorted(self._sources & self._loads.keys()):
            yield _load(self._loads[source])

    def _claims(self) -> Iterator[str]:
        """Yield claims, the direct and the projected triple of each that may be said plainly, and which statements conflict."""
        met: dict[str, list[str]] = {}
        for row in self._rows("claims"):
            claim, subject, name, object_, *_ = row
            asserted, statements, conflicts = row[-3:]
            yield _claim(row)
            if asserted:
                yield self._direct(subject, name, object_)
            if conflicts:
                met[claim] = statements
                for other in conflicts:
                    for there in met.get(other, ()):
                        for here in statements:
                            yield f"<{NS.STATEMENT}{here}> {N.CONFLICTS_WITH} <{NS.STATEMENT}{there}>{_END}"
                            yield f"<{NS.STATEMENT}{there}> {N.CONFLICTS_WITH} <{NS.STATEMENT}{here}>{_END}"

    def _direct(self, subject: str, name: str, object_: str) -> str:
        lines = ""
        for predicate, is_shared in _direct_predicates(name):
            triple = (entity_node(subject), predicate, entity_node(object_))
            if is_shared and triple in self._projected:
                continue
            if is_shared:
                self._projected.add(triple)
            lines += f"{' '.join(triple)}{_END}"
        return lines

    def _statements_with_evidence(self) -> Iterator[tuple[Row, list[Row]]]:
        """Yield each statement with its evidence; both tables are sorted by statement."""
        evidence = iter(self._rows("evidence"))
        ahead = next(evidence, None)
        for row in self._rows("statements"):
            found: list[Row] = []
            while ahead is not None and ahead[1] == row[0]:
                found.append(ahead)
                ahead = next(evidence, None)
            yield row, found
        if ahead is not None:
            raise BadInput(f"the evidence {ahead[0]} is of no statement, or the tables are not sorted")

    def _statement(self, row: Row, found: list[Row]) -> str:
        sid, _, subject, name, object_, context, conditions, *_ = row
        support, refute, null, _, _, belief = row[9:15]
        tails = [
            *_kind(name, self._categories.get(subject, ""), self._categories.get(object_, "")),
            f"{N.SUBJECT} {entity_node(subject)}{_END}",
            f"{N.OBJECT} {entity_node(object_)}{_END}",
            *_counted(support, refute, null, belief),
        ]
        if context != "{}":
            tails += _context(context)
        before = ""
        if conditions != "[]":
            before = self._new_conditions(conditions)
            tails += (f"{N.CONDITION} {condition_node(group)}{_END}" for group in _grouped(conditions))
        if found:
            tails.append(f"{N.KNOWLEDGE_LEVEL} {literal(leading_level((row[_STANCE], row[_LEVEL]) for row in found))}{_END}")
            tails.append(f"{N.AGENT_TYPE} {literal(leading_agent(row[_AGENT] for row in found))}{_END}")
        tails += (f"{N.REFINES} <{NS.STATEMENT}{other}>{_END}" for other in row[-1])
        return before + _said(f"<{NS.STATEMENT}{sid}>", tails)

    def _new_conditions(self, conditions: str) -> str:
        """Return the nodes of conditions and alternatives that no statement had before."""
        lines = ""
        for group in _grouped(conditions):
            if len(group) > 1:
                members = [f"{N.ANY_OF} {condition_node((member,))}{_END}" for member in group]
                lines += self._once(condition_node(group), [f"{N.TYPE} {N.ALTERNATIVES_CLASS}{_END}", *members])
            for member in group:
                lines += self._once(condition_node((member,)), _condition(member))
        return lines

    def _once(self, node: str, tails: list[str]) -> str:
        if node in self._conditions:
            return ""
        self._conditions.add(node)
        return _said(node, tails)

    def _evidence(self, row: Row) -> str:
        eid, sid, stance, paper, study, designed, _, parent, recounts, *_ = row
        source = row[_SOURCE]
        end = f" {graph_node(source)}{_END}"
        tails = [
            f"{N.TYPE} {N.EVIDENCE_CLASS}{end}",
            f"{_STANCE_STARTS[stance]}{sid}>{end}",
            f"{N.PUBLICATION} {entity_node(paper)}{end}",
        ]
        lines = ""
        if study:
            tails.append(f"{N.STUDY} {study_node(study)}{end}")
            lines += self._new_study(study)
        if parent:
            tails.append(f"{N.PARENT_STUDY} {study_node(parent)}{end}")
            lines += self._new_study(parent)
        if recounts:
            tails.append(f"{N.RECOUNTS} {TRUE}{end}")
        tails += [f"{predicate}{literal(row[place])}{end}" for place, predicate in _TEXTS if row[place]]
        eco = design(designed).eco
        if eco:
            tails.append(f"{N.EVIDENCE_TYPE} {entity_node(eco)}{end}")
        tails += [f"{predicate}{write(row[place])}{end}" for place, predicate, write in _NUMBERS if row[place] is not None]
        self._sources.add(source)
        if source in self._generated:
            tails.append(f"{self._generated[source]}{end}")
        return lines + _said(f"<{NS.EVIDENCE}{eid}>", tails)

    def _new_study(self, key: str) -> str:
        if key in self._studies:
            return ""
        self._studies.add(key)
        return _said(study_node(key), [f"{N.TYPE} {N.STUDY_CLASS}{_END}", f"{N.STUDY_KEY} {literal(key)}{_END}"])


_SOURCE = _EVIDENCE["source"]
_COUNT_STARTS = tuple(f"{predicate} " for predicate in (N.SUPPORT_COUNT, N.REFUTE_COUNT, N.NULL_COUNT, N.CONFIDENCE_SCORE))


def _entity(row: Row) -> str:
    curie, name, category, roles, synonyms, xrefs, close, valence, source = row
    tails = [
        f"{N.TYPE} {category_iri(category)}{_END}",
        f"{N.LABEL} {literal(name)}{_END}",
        f"{N.IDENTIFIER} {literal(curie)}{_END}",
        *(f"{N.ALT_LABEL} {literal(synonym)}{_END}" for synonym in sorted(set(synonyms))),
        *(f"{N.EXACT_MATCH} {entity_node(other)}{_END}" for other in sorted(set(xrefs))),
        *(f"{N.CLOSE_MATCH} {entity_node(other)}{_END}" for other in sorted(set(close))),
        *(f"{N.ROLE} {literal(role)}{_END}" for role in sorted(set(roles))),
    ]
    if valence:
        tails.append(f"{N.VALENCE} {literal(valence)}{_END}")
    if source:
        tails.append(f"{N.DCT_SOURCE} {literal(source)}{_END}")
    return _said(entity_node(curie), tails)


def _claim(row: Row) -> str:
    claim, subject, name, object_, _, _, support, refute, null, _, _, belief, verdict, asserted, statements, conflicts = row
    return _said(f"<{NS.CLAIM}{claim}>", [
        f"{N.TYPE} {N.CLAIM_CLASS}{_END}",
        f"{N.CLAIM_SUBJECT} {entity_node(subject)}{_END}",
        *_relation(name),
        f"{N.CLAIM_OBJECT} {entity_node(object_)}{_END}",
        *_counted(support, refute, null, belief),
        f"{N.VERDICT} {literal(verdict)}{_END}",
        f"{N.ASSERTED} {TRUE if asserted else FALSE}{_END}",
        *(f"{N.HAS_STATEMENT} <{NS.STATEMENT}{sid}>{_END}" for sid in statements),
        *(f"{N.CONFLICTS_WITH} <{NS.CLAIM}{other}>{_END}" for other in conflicts),
    ])  # fmt: skip


@lru_cache(maxsize=1024)
def _relation(name: str) -> tuple[str, str]:
    """Return what all claims of a relation say."""
    entry = relation(name)
    return f"{N.CLAIM_RELATION} {iri_node(entry.iri)}{_END}", f"{N.SIGN} {integer(entry.sign)}{_END}"


def _counted(support: int, refute: int, null: int, belief: float) -> tuple[str, str, str, str]:
    supported, refuted, found_null, scored = _COUNT_STARTS
    return (
        f"{supported}{integer(support)}{_END}",
        f"{refuted}{integer(refute)}{_END}",
        f"{found_null}{integer(null)}{_END}",
        f"{scored}{double(belief)}{_END}",
    )


@lru_cache(maxsize=1024)
def _direct_predicates(name: str) -> tuple[tuple[str, bool], ...]:
    """Return the direct and the projected predicate of a relation, and whether another relation shares it."""
    entry = relation(name)
    used = Counter(iri for other in relations().values() for iri in {other.direct_iri, other.projection_iri})
    return tuple((iri_node(iri), used[iri] > 1) for iri in dict.fromkeys((entry.direct_iri, entry.projection_iri)) if iri)


@lru_cache(maxsize=65536)
def _kind(name: str, subject: str, object_: str) -> tuple[str, ...]:
    """Return what all statements of a relation between two categories say."""
    entry = relation(name)
    qualifiers = []
    for key, value in entry.biolink_qualifiers:
        said = f"<{NS.BIOLINK}{value.removeprefix('biolink:')}>" if value.startswith("biolink:") else literal(value)
        qualifiers.append(f"<{NS.BIOLINK}{key}> {said}{_END}")
    return (
        f"{N.TYPE} {N.STATEMENT_CLASS}{_END}",
        f"{N.TYPE} <{NS.BIOLINK}{association_class(entry.name, subject, object_)}>{_END}",
        f"{N.PREDICATE} {iri_node(entry.iri)}{_END}",
        f"{N.SIGN} {integer(entry.sign)}{_END}",
        *qualifiers,
    )


@lru_cache(maxsize=65536)
def _context(text: str) -> tuple[str, ...]:
    items = list(context_from_json(text).items())
    nodes = sorted({entity_node(curie) for _, curie in items})
    keyed = dict.fromkeys(f"<{NS.IKG}context_{key}> {entity_node(curie)}{_END}" for key, curie in items)
    return (*keyed, *(f"{N.CONTEXT} {node}{_END}" for node in nodes))


@lru_cache(maxsize=65536)
def _grouped(text: str) -> tuple[tuple[Condition, ...], ...]:
    """Return each condition that stands alone, and each group of alternatives."""
    groups: dict[str, list[Condition]] = {}
    conditions = conditions_from_json(text)
    for condition in conditions:
        if condition.group:
            groups.setdefault(condition.group, []).append(condition)
    return (*((c,) for c in conditions if not c.group), *map(tuple, groups.values()))


def _condition(condition: Condition) -> list[str]:
    tails = [
        f"{N.TYPE} {N.CONDITION_CLASS}{_END}",
        f"{N.VARIABLE} {literal(condition.variable)}{_END}",
        f"{N.OPERATOR} {literal(condition.operator)}{_END}",
        f"{N.VALUE} {literal(condition.value)}{_END}",
    ]
    return [*tails, f"{N.UNIT} {literal(condition.unit)}{_END}"] if condition.unit else tails


def _publication(row: Row) -> str:
    key, date = row[0], row[_PAPER_DATE]
    tails = [f"{N.TYPE} {N.PUBLICATION_CLASS}{_END}", f"{N.IDENTIFIER} {literal(key)}{_END}"]
    tails += [f"{predicate}{literal(row[place])}{_END}" for place, predicate in _PAPER_TEXTS if row[place]]
    if date:
        tails.append(f"{N.ISSUED} {date_literal(date)}{_END}")
    day = last_day_literal(date)
    if day:
        tails.append(f"{N.LAST_DAY} {day}{_END}")
    return _said(entity_node(key), tails)


def _load(load: Load) -> str:
    end = f" {graph_node(load.source)}{_END}"
    stated = ((N.SOURCE, load.source), (N.FILE_SHA256, load.sha256), (N.RELEASE, load.release), (N.LICENSE, load.licence))
    needed = (N.SOURCE, N.FILE_SHA256)
    tails = [f"{predicate} {literal(value)}{end}" for predicate, value in stated if value or predicate in needed]
    return _said(load.node, [f"{N.TYPE} {N.LOAD_CLASS}{end}", *tails])
