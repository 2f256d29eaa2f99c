"""The steps of a graph in memory: every claim that may carry a mechanism, as an arc with its sign, kind, class and cost.

`steps_of` is made once per graph (and again for a graph filtered by date or study) and serves every question. The arcs are
those of `queries.index`, number for number, where nothing is inert.

>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> il4, stat6 = Entity("HGNC:6014", "IL4", "Gene", roles=("Cytokine",)), Entity("HGNC:11368", "STAT6", "Gene")
>>> fact = Statement("HGNC:6014", "increases_activity_of", "HGNC:11368")
>>> evidence = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")
>>> steps = steps_of(Graph.from_records([il4, stat6, Assertion(fact, evidence)]))
>>> [(arc.record.claim.object, arc.sign, sorted(arc.terms)) for arc in steps.arcs]
[('HGNC:11368', 1, ['conflict', 'evidence', 'parsimony', 'tier'])]
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter

from kg.graph import ClaimRecord, Graph
from kg.model import Claim
from ontologies.vocabulary import relations
from queries.coherence import Setting, StepClass
from queries.engine.arcs import ArcTable
from queries.step_rules import (
    ASSOCIATION,
    ASSUMED,
    HYPOTHESIS,
    INSIDE,
    SHARED_PATHWAYS,
    category_number,
    conflict_units,
    evidence_units,
    fixed_units,
    leaving_units,
    relation_numbers,
    step_kind,
)

__all__ = ["Step", "Steps", "opposing", "steps_of"]


@dataclass(frozen=True, slots=True)
class Step:
    """One claim as an arc; `terms` are costs in units of the engine, without what depends on the question."""

    record: ClaimRecord
    sign: int
    kind: int
    step_class: int
    terms: Mapping[str, int]


@dataclass(frozen=True)
class Steps:
    """All steps of a graph: nodes by number (in the order of their CURIEs), arcs in the order of their claims, and classes."""

    nodes: tuple[str, ...]
    numbers: Mapping[str, int]
    arcs: tuple[Step, ...]
    classes: tuple[StepClass, ...]
    table: ArcTable


def steps_of(graph: Graph, *, also: Collection[str] = ()) -> Steps:
    """Return the steps of a graph, made once for each; costs O(claims). Nodes of `also` are there though it may not know them."""
    made: Steps | None = graph.__dict__.get("_steps")
    if made is None:
        made = graph.__dict__["_steps"] = _make(graph, ())
    return made if all(curie in made.numbers for curie in also) else _make(graph, also)


def _make(graph: Graph, also: Iterable[str]) -> Steps:
    chosen = _chosen(graph)
    against = _weights_against(chosen)
    leaving = Counter(record.claim.subject for record, *_ in chosen)
    ligands = _ligands(graph, chosen)
    classes: dict[StepClass, int] = {}
    arcs = []
    for record, sign, flags in chosen:
        counts = record.counts
        kind = flags | HYPOTHESIS if counts.verdict == "hypothesis" else flags
        parsimony, tier = fixed_units(kind)
        sw, aw = counts.support_weight, counts.against_weight
        terms = {
            "evidence": evidence_units(sw, aw),
            "conflict": conflict_units(sw, aw, against.get((record.claim[::2], -sign), 0.0)),
            "parsimony": parsimony,
            "tier": tier,
        }
        step_class = classes.setdefault(_class(graph, record, ligands), len(classes))
        arcs.append(Step(record, sign, kind, step_class, terms))
    nodes = tuple(sorted({*graph.entities, *also, *(end for arc in arcs for end in arc.record.claim[::2])}))
    numbers = {curie: number for number, curie in enumerate(nodes)}
    words = relation_numbers()
    table = ArcTable.build(
        len(nodes),
        [numbers[arc.record.claim.subject] for arc in arcs],
        [numbers[arc.record.claim.object] for arc in arcs],
        [arc.sign for arc in arcs],
        [sum(arc.terms.values()) for arc in arcs],
        kinds=[arc.kind for arc in arcs],
        relations=[words[arc.record.claim.relation] for arc in arcs],
        classes=[arc.step_class for arc in arcs],
        node_costs=[leaving_units(leaving[curie]) for curie in nodes],
        node_kinds=[category_number(_category(graph, curie)) for curie in nodes],
    )
    return Steps(nodes, numbers, tuple(arcs), tuple(classes), table)


def opposing(graph: Graph, record: ClaimRecord) -> tuple[ClaimRecord, ...]:
    """Return the claims of opposite sign on the same pair that some study supports and that may be steps within a path."""
    ends = (_category(graph, record.claim.subject), _category(graph, record.claim.object))
    found = []
    for other in record.conflicts:
        sign, kind = step_kind(other.relation, *ends)
        if sign and not kind & ASSOCIATION and graph.claims[other].counts.support_weight:
            found.append(graph.claims[other])
    return tuple(found)


def _chosen(graph: Graph) -> list[tuple[ClaimRecord, int, int]]:
    """Return every claim that may be a step, with sign and kind; an assumed direction only where no claim has one.

    A symmetric claim is stored one way (the lesser end first) and may be a step both ways.
    """
    found = []
    for claim, record in _both_ways(graph):
        if not record.counts.support or claim.subject == claim.object:
            continue
        sign, kind = step_kind(claim.relation, _category(graph, claim.subject), _category(graph, claim.object))
        if sign:
            found.append((record, sign, kind))
    directed = {record.claim[::2] for record, _, kind in found if not kind & ASSUMED}
    return [row for row in found if not (row[2] & ASSUMED and row[0].claim[::2] in directed)]


def _both_ways(graph: Graph) -> list[tuple[Claim, ClaimRecord]]:
    """Return all claims with their records, symmetric ones the other way round too, in the order of the claims."""
    turned = []
    for claim, record in graph.claims.items():
        if relations()[claim.relation].symmetric:
            other = Claim(claim.object, claim.relation, claim.subject)
            turned.append((other, replace(record, claim=other, conflicts=_against(graph, other))))
    return sorted([*graph.claims.items(), *turned], key=itemgetter(0)) if turned else list(graph.claims.items())


def _against(graph: Graph, claim: Claim) -> tuple[Claim, ...]:
    """Return the claims on this very pair, this way round, whose sign is the opposite."""
    others = (Claim(claim.subject, name, claim.object) for name, word in relations().items() if word.sign * _sign(claim) < 0)
    return tuple(sorted(other for other in others if other in graph.claims))


def _sign(claim: Claim) -> int:
    return relations()[claim.relation].sign


def _weights_against(chosen: Iterable[tuple[ClaimRecord, int, int]]) -> dict[tuple[tuple[str, ...], int], float]:
    """Sum the supporting weight of the steps on each pair by sign, associations left out."""
    weights: dict[tuple[tuple[str, ...], int], float] = defaultdict(float)
    for record, sign, kind in chosen:
        if not kind & ASSOCIATION:
            key = (record.claim[::2], sign)
            weights[key] = round(weights[key] + record.counts.support_weight, 9)
    return weights


def _class(graph: Graph, record: ClaimRecord, ligands: Mapping[str, tuple[str, ...]]) -> StepClass:
    """Gather where the supporting statements hold; where none is stated, a cytokine or its receptor is itself the ligand."""
    claim = record.claim
    own = ligands.get(claim.subject, ())
    settings = set()
    for sid in record.statements:
        if graph.counts(sid).support:
            statement = graph.statements[sid]
            context = statement.context
            if own and not context.ligand:
                context = replace(context, ligand=own)
            settings.add(Setting(context, statement.conditions))
    return StepClass(
        tuple(sorted(settings, key=repr) if len(settings) > 1 else settings),
        relay=_has_role(graph, claim.object, "Cytokine"),
        hub=_has_role(graph, claim.object, "Kinase") or claim.object in SHARED_PATHWAYS,
        inside=_category(graph, claim.object) in INSIDE,
    )


def _ligands(graph: Graph, chosen: Iterable[tuple[ClaimRecord, int, int]]) -> dict[str, tuple[str, ...]]:
    """For each cytokine itself, for each receptor (chain or complex) the cytokines that the graph has acting on it."""
    found: dict[str, set[str]] = defaultdict(set)
    for record, _, kind in chosen:
        claim: Claim = record.claim
        if _has_role(graph, claim.subject, "Cytokine"):
            found[claim.subject].add(claim.subject)
            if not kind & ASSOCIATION and _has_role(graph, claim.object, "Receptor"):
                found[claim.object].add(claim.subject)
    return {curie: tuple(sorted(ligands)) for curie, ligands in found.items()}


def _category(graph: Graph, curie: str) -> str:
    entity = graph.entities.get(curie)
    return entity.category if entity else ""


def _has_role(graph: Graph, curie: str, role: str) -> bool:
    entity = graph.entities.get(curie)
    return entity is not None and role in entity.roles
