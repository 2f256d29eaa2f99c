"""The steps of a graph without some studies, by masking: arcs that lose all support are left out, others cost what is left.

`Masking(graph).without(studies)` gives the table of the whole graph with a mask and new costs, which a search reads like the
table that `queries.steps.steps_of` makes of the graph without these studies: the same paths at the same costs in the same
order (a test compares them). Only what the studies touch is computed again. Where hiding changes more than numbers (a step
appears because what said it better is gone; a step holds in other contexts than before; a receptor loses a ligand) the steps
are made anew.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kg.belief import Counts
from kg.graph import ClaimRecord, Graph
from kg.model import Claim
from ontologies.vocabulary import relation
from queries.coherence import Broader, Coherence
from queries.evaluation.hiding import Hiding
from queries.state_graph import broader_terms
from queries.step_rules import (
    ASSOCIATION,
    ASSUMED,
    HYPOTHESIS,
    conflict_units,
    evidence_units,
    leaving_units,
    step_kind,
)
from queries.steps import Steps, steps_of

__all__ = ["Masked", "Masking"]

_NONE = Counts()
_NESTING = frozenset({"is_a", "part_of", "severity_form_of"})


@dataclass(frozen=True, eq=False)
class Masked:
    """Steps with what is hidden: a mask and costs for the arcs, and the costs of nodes, as a query takes them.

    `rebuilt` is true when the steps were made anew; then nothing is masked. `degrees` counts the arcs at each node.
    """

    graph: Graph
    steps: Steps
    mask: bytearray
    costs: memoryview
    node_costs: memoryview
    degrees: list[int]
    coherence: Coherence
    broader: Broader
    rebuilt: bool = False

    def leaving(self, curie: str) -> list[int]:
        """Return the arcs that leave a node and are not hidden."""
        node, offsets = self.steps.numbers[curie], self.steps.table.offsets
        return [arc for arc in range(offsets[node], offsets[node + 1]) if self.mask[arc]]


class Masking:
    """The steps of one graph, ready to be searched without any of its studies."""

    def __init__(self, graph: Graph) -> None:
        self._hiding = Hiding(graph)
        self._graph, self._steps = graph, steps_of(graph)
        arcs = self._steps.arcs
        self._number = {arc.record.claim: number for number, arc in enumerate(arcs)}
        self._on_pair: dict[tuple[str, ...], list[int]] = {}
        for number, arc in enumerate(arcs):
            self._on_pair.setdefault(arc.record.claim[::2], []).append(number)
        self._unsaid = {
            claim[::2]
            for claim, record in _both_ways(graph.claims).items()
            if record is not None and record.counts.support and self._kind(claim)[1] & ASSUMED
        }
        self._leaving = Counter(arc.record.claim.subject for arc in arcs)
        numbers = self._steps.numbers
        self._degrees = [0] * len(self._steps.nodes)
        for arc in arcs:
            for end in arc.record.claim[::2]:
                self._degrees[numbers[end]] += 1
        self._broader = broader_terms(graph)
        self._coherence = Coherence(self._steps.classes, self._broader)

    def without(self, studies: Iterable[str]) -> Masked:
        """Return the steps without these studies; cost in proportion to the arcs, copied once, and to what the studies say."""
        hidden = set(studies)
        changed = _both_ways(self._hiding.touched(hidden))
        graph = self._hiding.without(hidden)
        if self._more_than_numbers(changed, graph):
            return self._anew(graph)
        steps = self._steps
        mask, costs = bytearray(b"\1") * len(steps.arcs), array("I", steps.table.costs)
        node_costs, degrees = array("I", steps.table.node_costs), list(self._degrees)
        gone: Counter[str] = Counter()
        for claim in changed:
            number = self._number.get(claim)
            if number is not None and not self._record(changed, number).counts.support:
                mask[number] = 0
                gone[claim.subject] += 1
                for end in claim[::2]:
                    degrees[steps.numbers[end]] -= 1
        for pair in {claim[::2] for claim in changed}:
            for number in self._on_pair.get(pair, ()):
                costs[number] = self._cost(changed, mask, number)
        for curie, lost in gone.items():
            node_costs[steps.numbers[curie]] = leaving_units(self._leaving[curie] - lost)
        broader, coherence = self._broader, self._coherence
        if any(claim.relation in _NESTING for claim in changed):
            broader = broader_terms(graph)
            coherence = Coherence(steps.classes, broader)
        return Masked(graph, steps, mask, memoryview(costs), memoryview(node_costs), degrees, coherence, broader)

    def _record(self, changed: dict[Claim, ClaimRecord | None], number: int) -> ClaimRecord:
        """Return what is left of the claim of an arc; a claim that is gone has no support."""
        claim = self._steps.arcs[number].record.claim
        if claim not in changed:
            return self._steps.arcs[number].record
        return changed[claim] or ClaimRecord(claim, (), _NONE)

    def _cost(self, changed: dict[Claim, ClaimRecord | None], mask: bytearray, number: int) -> int:
        """Return the cost of an arc from the counts that are left, its own and those of the claims against it."""
        arc, against = self._steps.arcs[number], 0.0
        counts = self._record(changed, number).counts
        for other in self._on_pair[arc.record.claim[::2]]:
            step = self._steps.arcs[other]
            if mask[other] and step.sign == -arc.sign and not step.kind & ASSOCIATION:
                against = round(against + self._record(changed, other).counts.support_weight, 9)
        weights = counts.support_weight, counts.against_weight
        fixed = arc.terms["parsimony"] + arc.terms["tier"]
        return fixed + evidence_units(*weights) + conflict_units(*weights, against)

    def _more_than_numbers(self, changed: dict[Claim, ClaimRecord | None], graph: Graph) -> bool:
        """Tell whether steps appear, change their kind, their contexts or the ligands of a receptor."""
        for claim, record in changed.items():
            number = self._number.get(claim)
            supported = record is not None and record.counts.support > 0
            if number is None:
                if supported and self._kind(claim)[0] and claim.subject != claim.object:
                    return True
                continue
            arc = self._steps.arcs[number]
            if not supported:
                if claim[::2] in self._unsaid or self._is_cytokine(claim.subject):
                    return True
            elif record is not None:
                hypothesis = record.counts.verdict == "hypothesis"
                if hypothesis != bool(arc.kind & HYPOTHESIS):
                    return True
                if self._supporting(self._graph, arc.record) != self._supporting(graph, record):
                    return True
        return False

    def _anew(self, graph: Graph) -> Masked:
        steps = steps_of(graph)
        degrees = [0] * len(steps.nodes)
        for arc in steps.arcs:
            for end in arc.record.claim[::2]:
                degrees[steps.numbers[end]] += 1
        broader = broader_terms(graph)
        return Masked(
            graph, steps, bytearray(b"\1") * len(steps.arcs), memoryview(array("I", steps.table.costs)),
            memoryview(array("I", steps.table.node_costs)), degrees, Coherence(steps.classes, broader), broader, rebuilt=True,
        )  # fmt: skip

    def _kind(self, claim: Claim) -> tuple[int, int]:
        ends = (self._graph.entities.get(curie) for curie in claim[::2])
        return step_kind(claim.relation, *(entity.category if entity else "" for entity in ends))

    def _is_cytokine(self, curie: str) -> bool:
        entity = self._graph.entities.get(curie)
        return entity is not None and "Cytokine" in entity.roles

    @staticmethod
    def _supporting(graph: Graph, record: ClaimRecord) -> list[str]:
        return [sid for sid in record.statements if graph.counts(sid).support]


def _both_ways(claims: Mapping[Claim, ClaimRecord | None]) -> dict[Claim, ClaimRecord | None]:
    """Return the claims, and symmetric ones the other way round too, as they are steps."""
    found = dict(claims)
    for claim, record in claims.items():
        if relation(claim.relation).symmetric:
            other = Claim(claim.object, claim.relation, claim.subject)
            found[other] = None if record is None else replace(record, claim=other)
    return found
