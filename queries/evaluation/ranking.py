"""The rankings that are compared: ours, and baselines on the same arcs with other costs.

All rankings of one question come from one graph (with what its own records say hidden), one set of arcs, goals, wanted
direction and greatest length; only the cost of an arc differs. All are exact k best loopless signed paths.

=========  ============================================================================================================
immunokg   the cost of `queries.scoring`, coherence included, as in ``immunokg explain``
shortest   every step costs the same: fewest steps first, ties in the order of the arcs' identifiers
rare       a step costs ln(1 + degree) of the node it enters: paths through little-known nodes first
hubs       a step costs ln(1 + greatest degree) - ln(1 + degree) of the node it enters: paths through hubs first
random     a step costs a random number, drawn anew for each question from its seed
=========  ============================================================================================================

The degree of a node counts the arcs that enter or leave it; entering the goal is free of the degree terms.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import log
from random import Random

from kg.graph import Graph
from kg.model import Context
from queries.engine import UNIT, PathQuery, find_paths
from queries.evaluation.gold import Question
from queries.evaluation.hiding import Hiding
from queries.state_graph import StateGraph, build_state_graph, goals_of
from queries.step_rules import ASSOCIATION, HYPOTHESIS, OF_DRUG
from queries.steps import Step

__all__ = ["METHODS", "Ranked", "Ranker"]

METHODS = ("immunokg", "shortest", "rare", "hubs", "random")
"""Names of the rankings, ours first; the empty answer needs no search and is scored beside them."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A found path: the nodes between the ends in their order, and the direction of each."""

    nodes: tuple[str, ...]
    directions: tuple[int, ...]


class Ranker:
    """Answers questions on a graph from which their own records are hidden."""

    def __init__(self, graph: Graph, *, k: int = 10, max_steps: int = 6, seed: int = 0) -> None:
        self._graph, self._hiding = graph, Hiding(graph)
        self._k, self._max_steps, self._seed = k, max_steps, seed

    def knows(self, question: Question) -> bool:
        """Tell whether the graph (nothing hidden) has both ends of a question."""
        return question.source in self._graph.entities and question.target in self._graph.entities

    def answer(self, question: Question) -> tuple[dict[str, list[Ranked]], bool]:
        """Return the k best paths of every method, and whether some path of the gold records is among the candidates."""
        if not self.knows(question):
            return {method: [] for method in METHODS}, False
        graph = self._hiding.without(question.hidden)
        goals = goals_of(graph, question.target)
        forms = tuple(goal.id for goal in goals if goal.id == question.target or goal.why.startswith("severity form"))
        states = build_state_graph(graph, question.source, goals, Context(disease=forms))
        ours = states.query("benefit", max_steps=self._max_steps)
        free = memoryview(array("I", bytes(4 * states.steps.table.nodes)))

        def best(query: PathQuery) -> list[Ranked]:
            found = find_paths(states.steps.table, query)
            return [_ranked(states, path.arcs, question.target) for path in islice(found, self._k)]

        answers = {"immunokg": best(ours)}
        for method, costs in self._costs(question, states, set(ours.goals)).items():
            column = memoryview(array("I", [round(cost * UNIT) for cost in costs]))
            theirs = replace(ours, costs=column, node_costs=free, class_costs=None, pair_cost=None)
            answers[method] = best(theirs) if answers["immunokg"] else []
        return answers, _reachable(question, states, ours.goals, self._max_steps)

    def _costs(self, question: Question, states: StateGraph, goals: set[int]) -> dict[str, Sequence[float]]:
        heads = states.steps.table.heads
        degree = Counter(states.nodes[end] for arc in states.arcs for end in arc.record.claim[::2])
        most = log(1 + max(degree.values(), default=0))
        random = Random(f"{self._seed} {question.source} {question.target}")  # noqa: S311  # no secret
        entered = [0.0 if head in goals else log(1 + degree[head]) for head in heads]
        return {
            "shortest": [1.0] * len(heads),
            "rare": entered,
            "hubs": [0.0 if head in goals else most - cost for head, cost in zip(heads, entered, strict=True)],
            "random": [random.random() for _ in heads],
        }


def _ranked(states: StateGraph, arcs: Sequence[int], target: str) -> Ranked:
    nodes, directions, direction = [], [], 1
    for number in arcs:
        arc = states.arcs[number]
        direction *= arc.sign
        nodes.append(arc.record.claim.object)
        directions.append(direction)
    if nodes[-1] == target:
        nodes.pop(), directions.pop()
    return Ranked(tuple(nodes), tuple(directions))


def _usable(states: StateGraph, curie: str, goals: Mapping[int, int]) -> Iterator[Step]:
    """Yield the steps from a node that a mechanism may take, suppositions left out."""
    for number in states.leaving(states.nodes[curie]):
        arc = states.arcs[number]
        goal = states.nodes[arc.record.claim.object] in goals
        if not arc.kind & (HYPOTHESIS | (OF_DRUG if goal else ASSOCIATION)):
            yield arc


def _reachable(question: Question, states: StateGraph, wanted: Mapping[int, int], max_steps: int) -> bool:
    """Tell whether a ranking could hit: a gold path, with its directions, runs over arcs of the graph to a wanted goal."""
    for gold in question.gold:
        waiting = [(question.source, 1, 1, 0)]
        seen = set()
        while waiting:
            curie, ours, theirs, steps = waiting.pop()
            if (curie, ours, theirs) in seen or curie not in states.nodes or steps == max_steps:
                continue
            seen.add((curie, ours, theirs))
            onward = gold.steps(curie)
            for arc in _usable(states, curie, wanted):
                head = arc.record.claim.object
                signs = {sign for node, sign in onward if node == head}
                goal = states.nodes[head] in wanted
                if goal and signs and steps:
                    direct = head == question.target
                    last = direct or any(node == question.target for node, _ in gold.steps(head))
                    ours_there = ours * arc.sign
                    agrees = direct or any(theirs * sign in (0, ours_there) for sign in signs)
                    if last and agrees and wanted[states.nodes[head]] == ours_there:
                        return True
                elif not goal:
                    there = ours * arc.sign
                    waiting.extend((head, there, theirs * sign, steps + 1) for sign in signs if theirs * sign in (0, there))
    return False
