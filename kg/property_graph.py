"""A graph as a labelled property graph, and back without loss; no engine is needed for it.

The form::

    (:Entity:Gene:Receptor {id, name, …})-[:DECREASES_ACTIVITY_OF {statement_id, sign, support, refute, …}]->(:Entity)
    (:Statement {id, …})-[:SUBJECT|OBJECT]->(:Entity)
    (:Statement)-[:SUPPORTED_BY|REFUTED_BY|NOT_FOUND_BY]->(:Evidence)-[:FROM]->(:Publication)
    (:Statement)-[:HAS_CONDITION {group}]->(:Condition)
    (:Statement)-[:CONFLICTS_WITH|REFINES]->(:Statement)

There is one relationship between two entities for each statement, refuted ones included: its ``asserted`` says whether the
claim, over all its contexts, may be read as a yes, and ``claim_support``, ``claim_refute``, ``claim_null`` count the studies.
Context stands in lists of CURIEs (``context_cell``). ``conditions`` are text for readers; the nodes say them in parts: those of
one statement whose ``group`` is equal and not empty are alternatives. What is not stated is absent, so text, lists and numbers
that are missing are null in Cypher. An identifier that statements mention and that is no entity of the graph is a bare
``(:Entity {id})``.

What counts, links and names can be derived is written and not read: `graph_from` counts anew, and refuses a statement or an
evidence that was altered under its old id.

>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> claim = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
>>> found = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")
>>> graph = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene", roles=("Receptor",)), Assertion(claim, found)])
>>> [node.labels for node in nodes_of(graph)][:2]
[('Entity', 'Gene', 'Receptor'), ('Entity',)]
>>> [(link.type, link.end[1]) for link in links_of(graph)][0]
('DECREASES_ACTIVITY_OF', 'HGNC:6015')
>>> graph_from(nodes_of(graph), links_of(graph)) == graph
True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import isfinite
from typing import Any, NamedTuple, TypeAlias

from kg.graph import Graph
from kg.identity import claim_id, condition_id, evidence_id
from kg.levels import leading_agent, leading_level
from kg.model import Assertion, Condition, Publication, Statement, evidence_fields, last_day
from kg.property_form import KINDS, LINKS, OURS, RELATION_PROPERTIES, STANCE_TYPES, LinkForm, labels, link_form, types
from kg.property_read import graph_from
from kg.tables import ASSERTION_COLUMNS, EVIDENCE_COLUMNS, assertion_row, entity_row, publication_row
from ontologies.categories import category
from ontologies.errors import BadInput
from ontologies.roles import roles
from ontologies.vocabulary import relation

__all__ = [
    "KINDS",
    "LINKS",
    "OURS",
    "RELATION_PROPERTIES",
    "STANCE_TYPES",
    "Link",
    "LinkForm",
    "Node",
    "Value",
    "condition_key",
    "entity_labels",
    "graph_from",
    "labels",
    "link_form",
    "links_of",
    "nodes_of",
    "readable_conditions",
    "types",
]

Value: TypeAlias = str | int | float | bool | list[str]
"""What a property holds; what is not stated is absent."""

_MOST = 2**63
_EVIDENCE_FROM = len(ASSERTION_COLUMNS) - len(EVIDENCE_COLUMNS)


class Node(NamedTuple):
    """A node: its labels, of which the first is its kind, and its properties, of which ``id`` is unique within the kind."""

    labels: tuple[str, ...]
    properties: dict[str, Value]


class Link(NamedTuple):
    """A relationship: its type, its two ends as (kind, id), and its properties."""

    type: str
    start: tuple[str, str]
    end: tuple[str, str]
    properties: dict[str, Value]


def nodes_of(graph: Graph) -> Iterator[Node]:
    """Yield every node once: entities, stubs of what is only mentioned, statements, evidence, publications, conditions.

    Raises `BadInput` for what no engine can hold: half of a character pair, infinite numbers, whole numbers beyond 64 bits.
    """
    for entity in graph.entities.values():
        yield Node(entity_labels(entity.category, entity.roles), _filled(KINDS["Entity"], entity_row(entity)))
    mentioned = {end for s in graph.statements.values() for end in (s.subject, s.object)}
    for curie in sorted(mentioned - graph.entities.keys()):
        yield Node(("Entity",), {"id": _checked(curie)})
    for sid, statement in graph.statements.items():
        yield Node(("Statement",), {"id": sid} | _about(graph, sid, statement))
    papers: dict[str, Publication] = {}
    for sid, statement in graph.statements.items():
        for evidence in graph.evidence.get(sid, ()):
            paper = evidence.publication
            if papers.setdefault(paper.key, paper) != paper:
                raise BadInput(f"two different publications are called {paper.key}; assemble the records first")
            row = assertion_row(Assertion(statement, evidence))[_EVIDENCE_FROM:]
            said = _filled(EVIDENCE_COLUMNS, row)  # refuses what has no id
            yield Node(("Evidence",), {"id": evidence_id(sid, evidence_fields(evidence))} | said)
    for _, paper in sorted(papers.items()):
        yield Node(("Publication",), _publication(paper))
    conditions = {condition_key(c): c for s in graph.statements.values() for c in s.conditions}
    for key, condition in sorted(conditions.items()):
        parts = (key, condition.variable, condition.operator, condition.value, condition.unit)
        yield Node(("Condition",), _filled(KINDS["Condition"], parts))


def links_of(graph: Graph) -> Iterator[Link]:
    """Yield every relationship once, in the order of the statements."""
    for sid, statement in graph.statements.items():
        here = ("Statement", sid)
        ends = ("Entity", statement.subject), ("Entity", statement.object)
        yield Link(relation(statement.relation).neo4j_type, *ends, {"statement_id": sid} | _about(graph, sid, statement))
        yield Link("SUBJECT", here, ends[0], {})
        yield Link("OBJECT", here, ends[1], {})
        for evidence in graph.evidence.get(sid, ()):
            there = ("Evidence", evidence_id(sid, evidence_fields(evidence)))
            yield Link(STANCE_TYPES[evidence.stance], here, there, {})
            yield Link("FROM", there, ("Publication", evidence.publication.key), {})
        for condition in statement.conditions:
            yield Link("HAS_CONDITION", here, ("Condition", condition_key(condition)), {"group": condition.group})
        record = graph.claims[statement.claim]
        for other in record.statements:
            if len(record.statements) > 1 and statement.refines(graph.statements[other]):
                yield Link("REFINES", here, ("Statement", other), {})
        for claim in record.conflicts:
            for other in graph.claims[claim].statements:
                yield Link("CONFLICTS_WITH", here, ("Statement", other), {})


def condition_key(condition: Condition) -> str:
    """Return the id of the node of a condition, whatever group it stands in."""
    return condition_id(condition.variable, condition.operator, condition.value, condition.unit)


def entity_labels(category_name: str, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the labels of an entity: ``Entity``, its category's, and its roles that are in the closed table.

    >>> entity_labels("Gene", ("Receptor", "anything else"))
    ('Entity', 'Gene', 'Receptor')
    """
    known = (role for role in names if role in roles())
    return tuple(dict.fromkeys(("Entity", category(category_name).neo4j_label, *known)))


def readable_conditions(conditions: Sequence[Condition]) -> list[str]:
    """Return conditions as text for readers, alternatives joined by "or".

    >>> readable_conditions((Condition("atopy", "=", "true", "", "1"), Condition("IgE", ">=", "200", "[IU]/mL", "1")))
    ['atopy = true or IgE >= 200 [IU]/mL']
    """
    groups: dict[str, list[str]] = {}
    for place, condition in enumerate(conditions):
        groups.setdefault(condition.group or f" {place}", []).append(str(condition))
    return [" or ".join(group) for group in groups.values()]


def _about(graph: Graph, sid: str, statement: Statement) -> dict[str, Value]:
    """Return what is said of a statement: where and for whom it holds, its own counts, and those of its claim."""
    own, whole, word = graph.counts(sid), graph.claims[statement.claim].counts, relation(statement.relation)
    found = graph.evidence.get(sid, ())
    dated = min(((day, e.publication.date) for e in found if (day := e.publication.last_day)), default=("", ""))[1]
    values: dict[str, Any] = {
        "claim_id": claim_id(*statement.claim), "relation": statement.relation, "sign": int(word.sign), "tier": word.tier,
        **{f"context_{key}": list(getattr(statement.context, key)) for key in _context_keys()},
        "conditions": readable_conditions(statement.conditions),
        "support": own.support, "refute": own.refute, "null_count": own.null, "belief": own.belief, "verdict": own.verdict,
        "claim_support": whole.support, "claim_refute": whole.refute, "claim_null": whole.null,
        "claim_belief": whole.belief, "claim_verdict": whole.verdict, "asserted": whole.asserted,
        "first_date": dated, "first_year": int(dated[:4]) if dated else None,
        "sources": sorted({e.source for e in found if e.source}),
        "knowledge_level": leading_level((e.stance, e.knowledge_level) for e in found),
        "agent_type": leading_agent(e.agent_type for e in found),
    }  # fmt: skip
    return {name: _checked(value) for name, value in values.items() if value is not None and value not in ("", [])}


@cache
def _context_keys() -> tuple[str, ...]:
    return tuple(name.removeprefix("context_") for name in RELATION_PROPERTIES if name.startswith("context_"))


def _publication(paper: Publication) -> dict[str, Value]:
    columns = ("id", *(name for name in KINDS["Publication"] if name not in ("id", "last_day", "year")))
    found = _filled(dict.fromkeys(columns, ""), publication_row(paper))
    day = last_day(paper.date)
    return found | {"last_day": day, "year": int(day[:4])} if day else found


def _filled(columns: Mapping[str, str], row: Sequence[Any]) -> dict[str, Value]:
    """Return the columns that hold something: no empty text or list, nothing unsaid, no plain "no"."""
    return {
        name: _checked(value)
        for name, value in zip(columns, row, strict=True)
        if value is not None and value is not False and value != "" and value != []
    }


def _checked(value: Value) -> Value:
    """Return the value if every engine can hold it."""
    if isinstance(value, str):
        if not value.isascii():
            _check_text(value)
    elif isinstance(value, list):
        for item in value:
            _check_text(item)
    elif isinstance(value, float):
        if not isfinite(value):
            raise BadInput(f"{value!r} is no number that can be stated; leave the field empty")
    elif not -_MOST <= value < _MOST:
        raise BadInput(f"{value} is beyond 64 bits; no engine can hold it")
    return value


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput(f"{text[:60]!r} holds half of a character pair and is no Unicode text; mend it in the source") from None
