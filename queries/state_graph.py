"""From a question to the search: where paths may end, what the question's context costs, what a drug's class repeats.

The steps themselves are static (`queries.steps`); the rules about them (DESIGN, "What may explain") are:

* Only causal and structural claims with a sign and at least one supporting study are steps.
* What was measured under a drug (tier ``clinical``) is never a step; nor is any arc from a drug straight to a goal.
* An association may be the last step into the disease, at a cost, whichever way it is stored; one without a direction is
  read as "more of it goes with more disease", at a further cost, and the path says so.
* No path passes through a disease, a patient, or a second drug (its class, combination or active ingredient excepted).
* A path ends at the first goal it reaches: the disease, one of its severity forms, or a state declared as its manifestation
  and read by its valence (a phenotype without one is taken as bad).
* A claim that rests on suppositions alone is a hypothesis; its paths come after all others. Among the others, a path that
  joins steps of contradicting contexts (another ligand, another cell) comes after every coherent one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.graph import Graph
from kg.model import Context
from ontologies.hierarchy import closure, load_hierarchy
from queries.coherence import Coherence, mismatch
from queries.engine import Automaton, FoundPath, PathQuery, find_paths
from queries.step_rules import (
    ASSOCIATION,
    ASSUMED,
    DRUG_CATEGORIES,
    DRUG_TO_DRUG,
    HYPOTHESIS,
    OF_DRUG,
    category_number,
    kinds_without,
    units,
)
from queries.steps import Step, Steps, opposing, steps_of

__all__ = ["DRUG_CATEGORIES", "Goal", "StateGraph", "broader_terms", "build_state_graph", "classes_of", "goals_of", "notes_of",
           "opposing", "repeated_by_class"]

_DIRECTED = "last step is an association"
_ASSUMED = "last step is an association whose direction is assumed"
_LOWERED, _RAISED = 1, 2  # groups of nodes on which the drug itself acts
# states: up, down; symbols: a raising, then a lowering step, to another node, to one that the drug lowers, to one that it raises
_OWN_ACTION = (
    (0, -1, 0, 1, 1, -1),
    (1, 1, -1, 0, -1, 0),
)


@dataclass(frozen=True, slots=True)
class Goal:
    """A node where a path may end, the direction that means benefit there, and why it is a goal."""

    id: str
    benefit: int
    why: str


@dataclass(frozen=True, eq=False)
class StateGraph:
    """The steps of a graph under one question: its source and goals, and what its context costs each class of steps."""

    steps: Steps
    source: str
    goals: tuple[Goal, ...]
    coherence: Coherence
    class_costs: memoryview
    repeated: frozenset[int]
    mask: bytearray | None = None  # 1 for the steps that are there; None: all

    @property
    def nodes(self) -> Mapping[str, int]:
        """The number of each node."""
        return self.steps.numbers

    @property
    def arcs(self) -> Sequence[Step]:
        """The steps by number."""
        return self.steps.arcs

    def leaving(self, node: int) -> list[int]:
        """Return the arcs that leave a node, without those by which the drug's class repeats what the drug does."""
        offsets = self.steps.table.offsets
        arcs = range(offsets[node], offsets[node + 1])
        return [arc for arc in arcs if arc not in self.repeated and (self.mask is None or self.mask[arc])]

    def cost(self, arc: int, *, first: bool) -> int:
        """Return what a step costs in units of the engine, without coherence; the `first` does not pay for its node."""
        table = self.steps.table
        passed = 0 if first else table.node_costs[self.nodes[self.arcs[arc].record.claim.subject]]
        return int(table.costs[arc] + passed + self.class_costs[self.arcs[arc].step_class])

    def query(
        self, side: Literal["benefit", "harm"], *, max_steps: int, min_steps: int = 2, hypotheses: bool = False
    ) -> PathQuery:
        """Return what is asked of the engine for one side; without `hypotheses`, steps that rest on suppositions are left out."""
        away = () if hypotheses else (HYPOTHESIS,)
        number = self.steps.numbers
        return PathQuery(
            sources={number[self.source]: 1},
            goals={
                number[goal.id]: goal.benefit if side == "benefit" else -goal.benefit
                for goal in self.goals
                if goal.id != self.source
            },
            max_steps=max_steps,
            min_steps=min_steps,
            inner_kinds=kinds_without(ASSOCIATION, *away),
            last_kinds=kinds_without(OF_DRUG, *away),
            arc_mask=self._mask(),
            class_costs=self.class_costs,
            pair_cost=self.coherence.pair_cost,
            automaton=self._own_action_holds(),
        )

    def _own_action_holds(self) -> Automaton | None:
        """Keep paths off the nodes on which the drug itself (or its class) acts, in the direction opposite to that action.

        What blocks IL-13 does not harm by more IL-13. The states of the automaton are the directions; it knows the sign of a
        step from its relation. Nodes that the drug is said to move both ways are left alone.
        """
        acts: dict[str, set[int]] = {}
        for drug in (self.source, *classes_of(self.steps, self.source, self.mask)):
            for arc in _leaving(self.steps, drug, self.mask):
                if not arc.kind & HYPOTHESIS:
                    acts.setdefault(arc.record.claim.object, set()).add(arc.sign)
        ends = {goal.id for goal in self.goals}
        groups = {
            self.steps.numbers[curie]: _LOWERED if signs == {-1} else _RAISED
            for curie, signs in acts.items()
            if len(signs) == 1 and curie not in ends
        }
        if not groups:
            return None
        relations = self.steps.table.relations
        lowering = {relations[number]: 1 for number, arc in enumerate(self.steps.arcs) if arc.sign < 0}
        return Automaton(_OWN_ACTION, frozenset({0, 1}), head_groups=3, relation_groups=lowering, node_groups=groups)

    def _mask(self) -> memoryview | None:
        """Leave out what is hidden and what the drug's class only repeats; None where there is nothing of it."""
        if not self.repeated and self.mask is None:
            return None
        mask = bytearray(b"\1") * len(self.steps.arcs) if self.mask is None else bytearray(self.mask)
        for arc in self.repeated:
            mask[arc] = 0
        return memoryview(mask)

    def terms(self, arcs: Sequence[int]) -> list[dict[str, int]]:
        """Return what each step of a path costs, term by term, in units of the engine; ``coherence`` is with the step before.

        What only orders contradictions last is left out, so that the terms add up to the score that is printed.
        """
        found = []
        classes = [self.arcs[number].step_class for number in arcs]
        between = self.coherence.costs(classes)
        for place, number in enumerate(arcs):
            arc = self.arcs[number]
            found.append(
                {
                    **arc.terms,
                    "specificity": self.steps.table.node_costs[self.nodes[arc.record.claim.subject]] if place else 0,
                    "question": self.class_costs[arc.step_class],
                    "coherence": between[place],
                }
            )
        return found

    def search(
        self, side: Literal["benefit", "harm"], *, max_steps: int, hypotheses: bool = False, deadline: float | None = None
    ) -> Iterator[FoundPath]:
        """Yield the mechanisms of one side, cheapest first; raises `OutOfTime` and `OutOfRoom` as the engine does."""
        found = find_paths(
            self.steps.table, self.query(side, max_steps=max_steps, hypotheses=hypotheses), deadline=deadline
        )
        return self.coherence.settle(found, lambda arc: self.arcs[arc].step_class)

    def contradictions(self, arcs: Sequence[int]) -> list[tuple[str, int, int]]:
        """Return where steps of a path contradict each other: (dimension, place of the first step, place of the second)."""
        classes = [self.arcs[number].step_class for number in arcs]
        return self.coherence.contradictions(classes)


def notes_of(kind: int) -> tuple[str, ...]:
    """Return what a path must say of a step of this kind.

    >>> notes_of(ASSOCIATION)
    ('last step is an association',)
    """
    return (_ASSUMED,) if kind & ASSUMED else (_DIRECTED,) if kind & ASSOCIATION else ()


def goals_of(graph: Graph, target: str) -> tuple[Goal, ...]:
    """Return the target itself, its severity forms and their declared manifestations, each with its good direction.

    A disease is better when down; a phenotype or process when its valence says so (no valence: down). A manifestation counts
    when its valence is declared; one without is taken as bad if it is a phenotype (what patients show is mostly what is
    abnormal), and left out otherwise.
    """
    goals: dict[str, Goal] = {}
    entity = graph.entities.get(target)
    good = 1 if entity is not None and entity.valence == "good" else -1
    goals[target] = Goal(target, good, "the disease itself" if good < 0 else "the state asked for")
    forms = _subjects(graph, "severity_form_of", {target})
    for form in forms:
        goals.setdefault(form, Goal(form, -1, f"severity form of {graph.name(target)}"))
    for sign_bearer in _subjects(graph, "manifestation_of", {target, *forms}):
        bearer = graph.entities.get(sign_bearer)
        declared = bearer.valence if bearer is not None else ""
        valence = declared or ("bad" if bearer is not None and bearer.category == "PhenotypicFeature" else "")
        if valence in ("good", "bad"):
            up = f"{valence} when up" if declared else "taken as bad when up, as abnormal signs are"
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
    """Put a question to the steps of a graph.

    `asked` is the context of the question (its disease is always the target with its severity forms). Source and goals that
    the graph does not hold get a node without arcs.
    """
    goals = tuple(goals)
    steps = steps_of(graph, also=(source, *(goal.id for goal in goals)))
    broader = broader_terms(graph)
    costs = array("I", [units(mismatch(row.settings, asked, broader)) for row in steps.classes])
    coherence = Coherence(steps.classes, broader)
    return StateGraph(steps, source, goals, coherence, memoryview(costs), repeated_by_class(steps, source))


def repeated_by_class(steps: Steps, source: str, mask: Sequence[int] | None = None) -> frozenset[int]:
    """Return the arcs by which a class (or combination, or ingredient) of the source does what the source itself does.

    Steps whose `mask` is 0 are taken as absent, here and in `classes_of`.
    """
    own = {(arc.record.claim.object, arc.sign) for arc in _leaving(steps, source, mask)}
    offsets, numbers = steps.table.offsets, steps.numbers
    return frozenset(
        number
        for curie in classes_of(steps, source, mask)
        for number in range(offsets[numbers[curie]], offsets[numbers[curie] + 1])
        if (steps.arcs[number].record.claim.object, steps.arcs[number].sign) in own
    )


def classes_of(steps: Steps, source: str, mask: Sequence[int] | None = None) -> tuple[str, ...]:
    """Return the classes, combinations and active ingredients of a drug, one step away."""
    drugs = {category_number(name) for name in DRUG_CATEGORIES}
    return tuple(
        arc.record.claim.object
        for arc in _leaving(steps, source, mask)
        if arc.record.claim.relation in DRUG_TO_DRUG
        and steps.table.node_kinds[steps.numbers[arc.record.claim.object]] in drugs
    )


def _leaving(steps: Steps, curie: str, mask: Sequence[int] | None = None) -> list[Step]:
    node, offsets = steps.numbers[curie], steps.table.offsets
    return [steps.arcs[number] for number in range(offsets[node], offsets[node + 1]) if mask is None or mask[number]]


def broader_terms(graph: Graph) -> Mapping[str, frozenset[str]]:
    """Map each entity to what it lies within: by the shipped hierarchy, and by is_a, part_of and severity in the graph."""
    structural = [
        (claim.subject, claim.object)
        for claim, record in graph.claims.items()
        if claim.relation in ("is_a", "part_of", "severity_form_of") and record.counts.support
    ]
    return closure([*structural, *((term, wider) for term, all_ in load_hierarchy().items() for wider in all_)])
