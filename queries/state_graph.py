"""From a graph and a question to the signed graph that is searched: which claims may carry a mechanism, and at what cost.

Rules (DESIGN, "What may explain"):

* Only causal and structural claims with a sign and at least one supporting study are steps.
* What was measured under a drug (tier ``clinical``) is never a step; nor is any arc from a drug straight to a goal.
* An association may be the last step into the disease, at a cost; one without a direction is read as "more of it goes with
  more disease", at a further cost, and the path says so.
* No path passes through a disease, a patient, or a second drug (its class, combination or active ingredient excepted).
* A path ends at the first goal it reaches: the disease, one of its severity forms, or a state declared as its manifestation
  and read by its valence.
* A claim that rests on suppositions alone is a hypothesis; its paths come after all others. Among the others, a path that
  joins steps of contradicting contexts (another ligand, another cell) comes after every coherent one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from kg.graph import ClaimRecord, Graph
from kg.model import Claim, Context
from ontologies.hierarchy import closure, load_hierarchy
from ontologies.vocabulary import relation
from queries.paths import SignedArc, SignedGraph
from queries.scoring import CONTRADICTION, WEIGHTS, Broader, clash, evidence_cost, mismatch, specificity_cost

__all__ = [
    "CONTRADICTION_COST",
    "DRUG_CATEGORIES",
    "Arc",
    "Goal",
    "StateGraph",
    "broader_terms",
    "build_state_graph",
    "goals_of",
    "opposing",
]

_Chosen: TypeAlias = tuple[ClaimRecord, int, tuple[str, ...]]

DRUG_CATEGORIES = frozenset({"Drug", "SmallMolecule", "Treatment"})
_CLOSED = frozenset({"Disease", "Case"})
_DIRECTED = "last step is an association"
_ASSUMED = "last step is an association whose direction is assumed"
_SHARED_PATHWAYS = frozenset({"GO:0007259"})  # JAK-STAT signalling: many ligands, many outcomes
_DRUG_TO_DRUG = frozenset({"is_a", "part_of", "has_active_ingredient"})
CONTRADICTION_COST = 1e3  # more than any path can cost: it only orders contradictions last and is never printed


@dataclass(frozen=True, slots=True)
class Goal:
    """A node where a path may end, the direction that means benefit there, and why it is a goal."""

    id: str
    benefit: int
    why: str


@dataclass(frozen=True, slots=True)
class Arc:
    """One claim as an arc: where its statements hold, what it costs term by term, and what the path must say of it."""

    record: ClaimRecord
    sign: int
    contexts: tuple[Context, ...]
    terms: Mapping[str, float]
    hypothesis: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StateGraph:
    """The searchable form: numbered nodes and arcs, the arcs' meaning beside them, and the pairwise cost."""

    nodes: Mapping[str, int]
    arcs: tuple[Arc, ...]
    signed: SignedGraph
    cytokines: frozenset[str] = frozenset()
    hubs: frozenset[str] = frozenset()
    broader: Broader = field(default_factory=dict)
    _clashes: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = field(default_factory=dict)

    def firm(self) -> SignedGraph:
        """Return the signed graph without the arcs that are hypotheses; arcs keep their numbers."""
        return SignedGraph(self.signed.arcs, skip=frozenset(n for n, arc in enumerate(self.arcs) if arc.hypothesis))

    def pair_cost(self, first: int, second: int) -> float:
        """Return the coherence cost of arc `second` following arc `first`, with what orders contradictions last."""
        cost, dimensions = self.pair_clash(first, second)
        return cost + CONTRADICTION_COST if CONTRADICTION.intersection(dimensions) else cost

    def pair_clash(self, first: int, second: int) -> tuple[float, tuple[str, ...]]:
        """Return the coherence cost and the dimensions of context that contradict each other."""
        key = (first, second)
        if key not in self._clashes:
            one, other = self.arcs[first], self.arcs[second]
            between = one.record.claim.object
            cost, dimensions = clash(
                one.contexts, other.contexts, relay=between in self.cytokines, broader=self.broader
            )
            if between in self.hubs and _states_ligand(one) and not _states_ligand(other):
                cost += WEIGHTS["ligand_unstated"]
            self._clashes[key] = cost, dimensions
        return self._clashes[key]


def goals_of(graph: Graph, target: str) -> tuple[Goal, ...]:
    """Return the target itself, its severity forms and their declared manifestations, each with its good direction.

    A disease is better when down; a phenotype or process when its valence says so (no valence: down).
    """
    goals: dict[str, Goal] = {}
    entity = graph.entities.get(target)
    good = 1 if entity is not None and entity.valence == "good" else -1
    goals[target] = Goal(target, good, "the disease itself" if good < 0 else "the state asked for")
    forms = _subjects(graph, "severity_form_of", {target})
    for form in forms:
        goals.setdefault(form, Goal(form, -1, f"severity form of {graph.name(target)}"))
    for sign_bearer in _subjects(graph, "manifestation_of", {target, *forms}):
        valence = graph.entities[sign_bearer].valence if sign_bearer in graph.entities else ""
        if valence in ("good", "bad"):
            up = "good when up" if valence == "good" else "bad when up"
            goals.setdefault(
                sign_bearer,
                Goal(sign_bearer, 1 if valence == "good" else -1, f"manifestation of {graph.name(target)}, {up}"),
            )
    return tuple(goals.values())


def _subjects(graph: Graph, relation_name: str, objects: Iterable[str]) -> list[str]:
    wanted = set(objects)
    return sorted(
        claim.subject
        for claim, record in graph.claims.items()
        if claim.relation == relation_name and claim.object in wanted and record.counts.support
    )


def build_state_graph(graph: Graph, source: str, goals: Iterable[Goal], asked: Context) -> StateGraph:
    """Turn the claims that may explain into signed arcs with their costs.

    `asked` is the context of the question (its disease is always the target with its severity forms). Arcs are ordered by
    claim, so that ties are reproducible.
    """
    goal_ids = {goal.id for goal in goals}
    chosen = _without_repeats(
        [
            (record, sign, notes)
            for claim, record in graph.claims.items()
            for sign, notes in [_sign(graph, claim, record, goal_ids)]
            if sign
        ],
        source,
    )
    broader = broader_terms(graph)
    leaving = Counter(record.claim.subject for record, *_ in chosen)
    ligands = _ligands_of_receptors(graph, (record.claim for record, *_ in chosen))
    arcs = tuple(
        _arc(graph, record, sign, notes, leaving, ligands, source, asked, broader) for record, sign, notes in chosen
    )
    nodes: dict[str, int] = {}
    ends = {c for arc in arcs for c in (arc.record.claim.subject, arc.record.claim.object)}
    for curie in sorted({source, *goal_ids, *ends}):
        nodes[curie] = len(nodes)
    signed = SignedGraph(
        [
            SignedArc(
                nodes[arc.record.claim.subject],
                nodes[arc.record.claim.object],
                arc.sign,
                sum(arc.terms.values()),
            )
            for arc in arcs
        ]
    )
    cytokines = frozenset(c for c in nodes if _has_role(graph, c, "Cytokine"))
    hubs = frozenset(c for c in nodes if _has_role(graph, c, "Kinase") or c in _SHARED_PATHWAYS)
    return StateGraph(nodes, arcs, signed, cytokines, hubs, broader)


def _states_ligand(arc: Arc) -> bool:
    return all(context.ligand for context in arc.contexts)


def _without_repeats(chosen: list[_Chosen], source: str) -> list[_Chosen]:
    """Drop an undirected association beside a directed claim, and what a drug's class does that the drug itself does."""
    directed = {record.claim[::2] for record, _, notes in chosen if _ASSUMED not in notes}
    own = {(record.claim.object, sign) for record, sign, _ in chosen if record.claim.subject == source}
    classes = {
        record.claim.object
        for record, *_ in chosen
        if record.claim.subject == source and record.claim.relation in _DRUG_TO_DRUG
    }
    return [
        (record, sign, notes)
        for record, sign, notes in chosen
        if not (_ASSUMED in notes and record.claim[::2] in directed)
        and not (record.claim.subject in classes and (record.claim.object, sign) in own)
    ]


def broader_terms(graph: Graph) -> dict[str, frozenset[str]]:
    """Map each entity to what it lies within: by the shipped hierarchy, and by is_a, part_of and severity in the graph."""
    structural = [
        (claim.subject, claim.object)
        for claim, record in graph.claims.items()
        if claim.relation in ("is_a", "part_of", "severity_form_of") and record.counts.support
    ]
    return closure([*structural, *((term, wider) for term, all_ in load_hierarchy().items() for wider in all_)])


def _sign(
    graph: Graph, claim: Claim, record: ClaimRecord, goals: set[str]
) -> tuple[int, tuple[str, ...]]:
    """Return the sign with which a claim may be a step (0: it may not) and what a path must say of it."""
    word = relation(claim.relation)
    if not record.counts.support or claim.subject in goals or claim.subject == claim.object:
        return 0, ()
    kind = _category(graph, claim.subject)
    if kind in _CLOSED:
        return 0, ()
    drug = kind in DRUG_CATEGORIES
    if drug and claim.object in goals:
        return 0, ()
    if _category(graph, claim.object) in DRUG_CATEGORIES and not (drug and claim.relation in _DRUG_TO_DRUG):
        return 0, ()
    if word.tier in ("causal", "structural"):
        if claim.relation in ("severity_form_of", "manifestation_of"):
            return 0, ()
        return word.sign, ()
    if word.tier == "association" and claim.object in goals and not drug:
        if claim.relation.startswith("predicts_"):
            return 0, ()
        if word.sign:
            return word.sign, (_DIRECTED,)
        return 1, (_ASSUMED,)
    return 0, ()


def _category(graph: Graph, curie: str) -> str:
    entity = graph.entities.get(curie)
    return entity.category if entity else ""


def opposing(graph: Graph, record: ClaimRecord) -> tuple[ClaimRecord, ...]:
    """Return the claims of opposite sign on the same pair that some study supports and that may be steps themselves."""
    steps = ("causal", "structural")
    return tuple(
        graph.claims[other]
        for other in record.conflicts
        if graph.claims[other].counts.support_weight and relation(other.relation).tier in steps
    )


def _belief_against(record: ClaimRecord, opposed: Iterable[ClaimRecord]) -> float:
    """Return the belief in a claim when the studies of the opposite claims count against it."""
    weight = sum(other.counts.support_weight for other in opposed)
    counts = record.counts
    return replace(counts, against_weight=counts.against_weight + weight).belief


def _has_role(graph: Graph, curie: str, role: str) -> bool:
    entity = graph.entities.get(curie)
    return entity is not None and role in entity.roles


def _arc(
    graph: Graph, record: ClaimRecord, sign: int, notes: tuple[str, ...], leaving: Mapping[str, int],
    ligands: Mapping[str, frozenset[str]], source: str, asked: Context, broader: Broader,
) -> Arc:
    claim = record.claim
    contexts = tuple(_context(graph, claim, sid, ligands) for sid in record.statements if graph.counts(sid).support)
    opposed = opposing(graph, record)
    terms = {
        "evidence": evidence_cost(record.counts.belief),
        "conflict": evidence_cost(_belief_against(record, opposed)) - evidence_cost(record.counts.belief),
        "specificity": 0.0 if claim.subject == source else specificity_cost(leaving[claim.subject]),
        "parsimony": WEIGHTS["parsimony"],
        "question": mismatch(contexts, asked, broader),
    }
    if notes:
        terms["tier"] = WEIGHTS["association"]
        if _ASSUMED in notes:
            terms["tier"] += WEIGHTS["direction_assumed"]
    return Arc(record, sign, contexts, terms, record.counts.verdict == "hypothesis", notes)


def _context(graph: Graph, claim: Claim, statement: str, ligands: Mapping[str, frozenset[str]]) -> Context:
    """The stated context; where no ligand is stated, a cytokine or its receptor as subject is itself the ligand."""
    context = graph.statements[statement].context
    if context.ligand or claim.subject not in ligands:
        return context
    return Context(
        context.taxon, context.cell, context.tissue, context.disease, tuple(ligands[claim.subject]), context.stage
    )


def _ligands_of_receptors(graph: Graph, claims: Iterable[Claim]) -> dict[str, frozenset[str]]:
    """For each cytokine itself, for each receptor (chain or complex) the cytokines that the graph has acting on it."""
    found: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        for curie in (claim.subject, claim.object):
            if _has_role(graph, curie, "Cytokine"):
                found[curie].add(curie)
        if _has_role(graph, claim.subject, "Cytokine") and _has_role(graph, claim.object, "Receptor"):
            found[claim.object].add(claim.subject)
    return {curie: frozenset(ligands) for curie, ligands in found.items()}

