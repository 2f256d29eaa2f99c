"""A graph as a networkx ``MultiDiGraph`` for scripts, with every attribute, and back.

Nodes are CURIEs with the fields of their `Entity`; edges are statements, keyed by statement id. An edge carries its own counts
and, so that no script prints a refuted claim as a plain "yes", those of its claim over all contexts: draw or believe an
edge by ``asserted`` and ``claim_verdict``.

>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> drug, gene = Entity("DRUGBANK:DB12159", "dupilumab", "Drug"), Entity("HGNC:6015", "IL4R", "Gene")
>>> step = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
>>> graph = Graph.from_records([drug, gene, Assertion(step, Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro"))])
>>> network = to_networkx(graph)
>>> network.nodes["HGNC:6015"]["name"]
'IL4R'
>>> [(data["relation"], data["sign"], data["asserted"]) for _, _, data in network.edges(data=True)]
[('decreases_activity_of', -1, True)]
>>> from_networkx(network) == graph
True

Attributes of an edge
    ``relation, label, sign, tier``; ``context`` (lists of CURIEs by key), ``conditions`` (mappings with variable, operator,
    value, unit, group) and ``condition_text``; ``support, refute, null, support_weight, against_weight, belief, verdict`` of
    the statement; the same with ``claim_`` before them, and ``asserted``, of the claim; ``claim`` (its id), ``conflicts``
    (ids of statements of the opposite sign), ``refines``; ``sources, publications, studies, designs, findings`` and
    ``first_date``; ``evidence`` (one mapping each, all its fields). ``network.graph["publications"]`` has their details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from kg.belief import Counts
from kg.graph import Graph
from kg.identity import claim_id
from kg.model import (
    Assertion,
    Condition,
    Context,
    Effect,
    Entity,
    Evidence,
    Observation,
    Publication,
    Statement,
)
from ontologies.errors import BadInput
from ontologies.vocabulary import relation

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["from_networkx", "to_networkx"]

_LISTS = ("roles", "synonyms", "xrefs", "close_matches")


def to_networkx(graph: Graph) -> nx.MultiDiGraph[str]:
    """Return the graph as a new ``MultiDiGraph``: one edge for each statement, lists and mappings as attributes.

    An end of a statement that is no entity of the graph becomes a node with a name only (its CURIE).
    """
    import networkx as nx

    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for curie, entity in graph.entities.items():
        attributes = asdict(entity)
        del attributes["curie"]
        attributes.update((name, list(attributes[name])) for name in _LISTS)
        network.add_node(curie, **attributes)
    publications: dict[str, dict[str, str]] = {}
    for sid, statement in graph.statements.items():
        for end in (statement.subject, statement.object):
            if end not in network:
                network.add_node(end, name=end)
        found = graph.evidence.get(sid, ())
        publications.update((e.publication.key, asdict(e.publication)) for e in found)
        network.add_edge(statement.subject, statement.object, key=sid, **_edge(graph, sid, statement, found))
    network.graph["publications"] = dict(sorted(publications.items()))
    return network


def from_networkx(network: nx.MultiDiGraph[str]) -> Graph:
    """Return the graph that `to_networkx` gave as a network; counts and verdicts are computed anew.

    Parts of a network (``network.edge_subgraph``, ``network.subgraph``) are read as well.

    Raises:
        BadInput: an edge that was not made by `to_networkx`, or whose statement was altered.
    """
    entities: dict[str, Entity] = {}
    for curie, data in network.nodes(data=True):
        if "category" in data:
            values = {f.name: data[f.name] for f in fields(Entity) if f.name in data}
            values.update((name, tuple(values.get(name, ()))) for name in _LISTS)
            entities[curie] = Entity(curie=curie, **values)
    details: Mapping[str, Mapping[str, Any]] = network.graph.get("publications", {})
    publications = {key: Publication(**data) for key, data in details.items()}
    statements: dict[str, Statement] = {}
    evidence: dict[str, dict[str, Evidence]] = {}
    for subject, object_, key, data in network.edges(keys=True, data=True):
        try:
            statement = Statement(
                subject,
                data["relation"],
                object_,
                Context(**{name: tuple(curies) for name, curies in data["context"].items()}),
                tuple(Condition(**condition) for condition in data["conditions"]),
            )
            found = [_evidence(one, publications) for one in data["evidence"]]
        except (KeyError, TypeError) as error:
            raise BadInput(f"the edge {key} from {subject} to {object_} was not made by to_networkx: {error}") from None
        if statement.id != key:
            raise BadInput(f"the edge {key} from {subject} to {object_} was altered; its statement has id {statement.id}")
        statements[key] = statement
        evidence[key] = {Assertion(statement, one).evidence_id: one for one in found}
    return Graph(
        dict(sorted(entities.items())),
        dict(sorted(statements.items())),
        {sid: tuple(e for _, e in sorted(found.items())) for sid, found in sorted(evidence.items()) if found},
    )


def _edge(graph: Graph, sid: str, statement: Statement, found: tuple[Evidence, ...]) -> dict[str, Any]:
    entry = relation(statement.relation)
    record = graph.claims[statement.claim]
    dates = [e.publication.date for e in found if e.publication.date]
    context: dict[str, list[str]] = {}
    for key, curie in statement.context.items():
        context.setdefault(key, []).append(curie)
    return {
        "relation": entry.name,
        "label": entry.label,
        "sign": entry.sign,
        "tier": entry.tier,
        "context": context,
        "conditions": [asdict(condition) for condition in statement.conditions],
        "condition_text": [str(condition) for condition in statement.conditions],
        **_counts(graph.counts(sid), ""),
        **_counts(record.counts, "claim_"),
        "asserted": record.counts.asserted,
        "claim": claim_id(*statement.claim),
        "conflicts": [other for claim in record.conflicts for other in graph.claims[claim].statements],
        "refines": [other for other in record.statements if statement.refines(graph.statements[other])],
        "sources": sorted({e.source for e in found}),
        "publications": sorted({e.publication.key for e in found}),
        "studies": sorted({e.root_study for e in found}),
        "designs": sorted({e.design for e in found}),
        "findings": [e.finding for e in found if e.finding],
        "first_date": min(dates, default=""),
        "evidence": [_plain(e) for e in found],
    }


def _counts(counts: Counts, prefix: str) -> dict[str, int | float | str]:
    return {
        f"{prefix}support": counts.support,
        f"{prefix}refute": counts.refute,
        f"{prefix}null": counts.null,
        f"{prefix}support_weight": counts.support_weight,
        f"{prefix}against_weight": counts.against_weight,
        f"{prefix}belief": counts.belief,
        f"{prefix}verdict": counts.verdict,
    }


def _plain(evidence: Evidence) -> dict[str, Any]:
    """Return an evidence as a mapping of plain values, its publication by key."""
    return {**asdict(evidence), "publication": evidence.publication.key}


def _evidence(data: Mapping[str, Any], publications: Mapping[str, Publication]) -> Evidence:
    return Evidence(
        **{
            **data,
            "publication": publications[data["publication"]],
            "effect": Effect(**data["effect"]),
            "observation": Observation(**data["observation"]),
        }
    )
