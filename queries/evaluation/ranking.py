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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import log
from random import Random

from kg.graph import Graph
from kg.model import Context
from queries.coherence import mismatch
from queries.engine import UNIT, PathQuery, find_paths
from queries.evaluation.gold import Question
from queries.evaluation.masking import Masked, Masking
from queries.state_graph import StateGraph, goals_of, repeated_by_class
from queries.step_rules import units
from queries.steps import Steps

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
        self._graph, self.masking = graph, Masking(graph)
        self._k, self._max_steps, self._seed = k, max_steps, seed

    def knows(self, question: Question) -> bool:
        """Tell whether the graph (nothing hidden) has both ends of a question."""
        return question.source in self._graph.entities and question.target in self._graph.entities

    def answer(self, question: Question) -> tuple[dict[str, list[Ranked]], bool]:
        """Return the k best paths of every method, and whether some path of the gold records is among the candidates."""
        if not self.knows(question):
            return {method: [] for method in METHODS}, False
        masked = self.masking.without(question.hidden)
        ours = self.query(masked, question)
        free = memoryview(array("I", bytes(4 * masked.steps.table.nodes)))

        def best(query: PathQuery) -> list[Ranked]:
            found = find_paths(masked.steps.table, query)
            if query.pair_cost is not None:
                found = masked.coherence.settle(found, lambda arc: masked.steps.arcs[arc].step_class)
            return [_ranked(masked.steps, path.arcs, question.target) for path in islice(found, self._k)]

        answers = {method: list[Ranked]() for method in METHODS} | {METHODS[0]: best(ours)}
        for method, costs in self._costs(question, masked, set(ours.goals)).items() if answers[METHODS[0]] else ():
            column = memoryview(array("I", [round(cost * UNIT) for cost in costs]))
            answers[method] = best(replace(ours, costs=column, node_costs=free, class_costs=None, pair_cost=None))
        return answers, _reachable(question, masked, ours)

    def query(self, masked: Masked, question: Question) -> PathQuery:
        """Return the search for the benefit side of a question, as ``immunokg explain`` asks it, on what is not hidden."""
        goals = goals_of(masked.graph, question.target)
        forms = tuple(goal.id for goal in goals if goal.id == question.target or goal.why.startswith("severity form"))
        asked = Context(disease=forms)
        misses = array("I", [units(mismatch(row.settings, asked, masked.broader)) for row in masked.steps.classes])
        states = StateGraph(
            masked.steps, question.source, goals, masked.coherence, memoryview(misses),
            repeated_by_class(masked.steps, question.source, masked.mask), masked.mask,
        )  # fmt: skip
        found = states.query("benefit", max_steps=self._max_steps)
        return replace(found, costs=masked.costs, node_costs=masked.node_costs)

    def _costs(self, question: Question, masked: Masked, goals: set[int]) -> dict[str, Sequence[float]]:
        heads, degree = masked.steps.table.heads, masked.degrees
        most = log(1 + max(degree))
        random = Random(f"{self._seed} {question.source} {question.target}")  # noqa: S311  # no secret
        entered = [0.0 if head in goals else log(1 + degree[head]) for head in heads]
        return {
            "shortest": [1.0] * len(heads),
            "rare": entered,
            "hubs": [0.0 if head in goals else most - cost for head, cost in zip(heads, entered, strict=True)],
            "random": [random.random() for _ in heads],
        }


def _ranked(steps: Steps, arcs: Sequence[int], target: str) -> Ranked:
    nodes, directions, direction = [], [], 1
    for number in arcs:
        arc = steps.arcs[number]
        direction *= arc.sign
        nodes.append(arc.record.claim.object)
        directions.append(direction)
    if nodes[-1] == target:
        nodes.pop(), directions.pop()
    return Ranked(tuple(nodes), tuple(directions))


def _reachable(question: Question, masked: Masked, query: PathQuery) -> bool:
    """Tell whether a ranking could hit: a gold path, with its directions, runs over arcs of the graph to a wanted goal."""
    steps = masked.steps
    for gold in question.gold:
        waiting = [(question.source, 1, 1, 0)]
        seen = set()
        while waiting:
            curie, ours, theirs, done = waiting.pop()
            if (curie, ours, theirs) in seen or curie not in steps.numbers or done == query.max_steps:
                continue
            seen.add((curie, ours, theirs))
            onward = gold.steps(curie)
            for number in masked.leaving(curie):
                arc = steps.arcs[number]
                head, there = arc.record.claim.object, ours * arc.sign
                wanted = query.goals.get(steps.numbers[head])
                kinds = query.inner_kinds if wanted is None else query.last_kinds
                signs = {theirs * sign for node, sign in onward if node == head and (kinds or b"")[arc.kind]}
                if head == question.target:
                    if signs and done and wanted == there:
                        return True
                    continue
                agreeing = [sign for sign in signs if sign in (0, there)]
                if wanted is None:
                    waiting.extend((head, there, sign, done + 1) for sign in agreeing)
                elif agreeing and done and wanted == there and any(node == question.target for node, _ in gold.steps(head)):
                    return True
    return False
