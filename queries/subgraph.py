"""Parts of a graph that are graphs again: around an entity, along an explanation, or named by the rows of a query.

Every part keeps the evidence of the statements it keeps, so that it can be counted, explained and exported like the whole.

>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> paper = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")
>>> g = Graph.from_records([
...     Entity("HGNC:6014", "IL4", "Gene"), Entity("HGNC:6015", "IL4R", "Gene"), Entity("HGNC:6190", "JAK1", "Gene"),
...     Assertion(Statement("HGNC:6014", "increases_activity_of", "HGNC:6015"), paper),
...     Assertion(Statement("HGNC:6015", "increases_activity_of", "HGNC:6190"), paper)])
>>> sorted(around(g, ["HGNC:6014"]).entities)
['HGNC:6014', 'HGNC:6015']
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from kg.graph import Graph
from ontologies.errors import BadInput, MalformedCurie, UnknownName
from ontologies.prefixes import compress
from ontologies.vocabulary import relation
from queries.explanation.answer import Explanation

__all__ = ["TIERS", "around", "of_explanation", "of_rows", "of_statements"]

TIERS = ("causal", "structural", "association", "clinical")

_GOAL_RELATIONS = ("severity_form_of", "manifestation_of")
_NAMESPACE = "https://w3id.org/immunokg/"


def of_statements(graph: Graph, statements: Iterable[str], *, also: Iterable[str] = ()) -> Graph:
    """Return the part of `graph` made of these statement ids: their evidence, their ends, and the terms of their context.

    `also` names entities to keep even if no statement touches them. Raises `UnknownName` for an id the graph lacks.
    """
    wanted = set(statements)
    for missing in sorted(wanted - graph.statements.keys())[:1]:
        raise UnknownName(missing)
    entities = set(also)
    for sid in wanted:
        statement = graph.statements[sid]
        entities |= {statement.subject, statement.object, *(curie for _, curie in statement.context.items())}
    return replace(
        graph,
        entities={curie: entity for curie, entity in graph.entities.items() if curie in entities},
        statements={sid: statement for sid, statement in graph.statements.items() if sid in wanted},
        evidence={sid: found for sid, found in graph.evidence.items() if sid in wanted},
        path=None,
    )


def around(graph: Graph, centres: Iterable[str], *, hops: int = 1, tiers: Sequence[str] = ()) -> Graph:
    """Return what lies within `hops` statements of the centres, read in either direction, and all that joins it.

    `tiers` limits the walk and the result to some of causal, structural, association and clinical statements (all by
    default). The result is the induced part: a statement between two entities that were reached is in it. Raises
    `UnknownName` for a CURIE that the graph lacks and `BadInput` for a tier or a number of hops that does not exist.
    """
    start = list(dict.fromkeys(centres))
    if not start:
        raise BadInput("name at least one entity to look around")
    if hops < 0:
        raise BadInput(f"hops must be 0 or more, not {hops}")
    for tier in tiers:
        if tier not in TIERS:
            raise BadInput(f"unknown tier {tier!r}; the tiers are {', '.join(TIERS)}")
    for curie in start:
        if curie not in graph.entities:
            raise UnknownName(curie)
    walked = {
        sid: statement
        for sid, statement in graph.statements.items()
        if not tiers or relation(statement.relation).tier in tiers
    }
    neighbours: dict[str, set[str]] = defaultdict(set)
    for statement in walked.values():
        neighbours[statement.subject].add(statement.object)
        neighbours[statement.object].add(statement.subject)
    reached = set(start)
    frontier = set(start)
    for _ in range(hops):
        frontier = {other for curie in frontier for other in neighbours[curie]} - reached
        reached |= frontier
    inside = [sid for sid, s in walked.items() if s.subject in reached and s.object in reached]
    return of_statements(graph, inside, also=start)


def of_explanation(graph: Graph, explanation: Explanation, *, clinical: bool = True) -> Graph:
    """Return the statements that an explanation rests on: those of all its steps and, by default, its clinical evidence.

    With them come the statements that make the ends of its paths goals (severity forms and manifestations of the disease),
    so that the part can be explained again. An explanation ``as_of`` a date gives the graph of that date.
    """
    paths = (*explanation.benefit.paths, *explanation.harm.paths)
    wanted = {statement.id for path in paths for step in path.steps for statement in step.statements}
    if clinical:
        wanted |= {finding.statement for finding in explanation.clinical}
    question = explanation.question
    targets = {question.target.id, *(node.id for node in question.targets)}
    ends_of_paths = {path.steps[-1].object.id for path in paths} | targets
    wanted |= {
        sid
        for sid, s in graph.statements.items()
        if s.relation in _GOAL_RELATIONS and s.subject in ends_of_paths and s.object in targets
    }
    if question.as_of:
        graph = graph.as_of(question.as_of)
    ends = (question.source.id, question.target.id)
    return of_statements(graph, wanted & graph.statements.keys(), also=[c for c in ends if c in graph.entities])


def of_rows(graph: Graph, rows: Iterable[Iterable[Any]]) -> Graph:
    """Return the part of the graph that the rows of a query name, by IRI, CURIE or digest.

    Statements in the rows are taken as they are; a claim stands for all its statements. If the rows name no statement, the
    statements between the entities they name are taken. Cells that name nothing in the graph (counts, labels) are passed
    over; `BadInput` if no cell names anything.
    """
    entities: set[str] = set()
    statements: set[str] = set()
    claims = _ClaimIds(graph)
    for row in rows:
        for cell in row:
            text = str(cell).strip("<>") if cell is not None else ""
            kind, _, digest = text.removeprefix(_NAMESPACE).partition("/")
            if text in graph.statements:
                statements.add(text)
            elif kind == "statement" and digest in graph.statements:
                statements.add(digest)
            elif kind == "claim":
                statements |= claims.statements(digest)
            elif (curie := _curie(text)) in graph.entities:
                entities.add(curie)
    if not statements and not entities:
        raise BadInput("the rows of the query name no entity and no statement of the graph; select their IRIs")
    if not statements:
        statements = {
            sid for sid, s in graph.statements.items() if s.subject in entities and s.object in entities
        }
    return of_statements(graph, statements, also=entities)


def _curie(text: str) -> str:
    """Return the CURIE of an IRI, or the text itself (a CURIE, a label, a number)."""
    if "://" not in text or any(c.isspace() for c in text):
        return text
    try:
        return compress(text)
    except (MalformedCurie, LookupError):
        return text


class _ClaimIds:
    """Digests of claims to the statements they roll up, computed when first asked for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._by_digest: dict[str, tuple[str, ...]] | None = None

    def statements(self, digest: str) -> set[str]:
        """Return the statement ids of a claim, none when the graph has no such claim."""
        from kg.identity import claim_id

        if self._by_digest is None:
            self._by_digest = {claim_id(*claim): record.statements for claim, record in self._graph.claims.items()}
        return set(self._by_digest.get(digest, ()))
