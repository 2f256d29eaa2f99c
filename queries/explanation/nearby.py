"""What the search for branches needs of a state graph: nodes and arcs by number, and what a step costs after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.graph import Graph
from kg.model import Context
from queries.explanation.mechanisms import path_to
from queries.explanation.shown import Path
from queries.scoring import CONTRADICTION
from queries.state_graph import DRUG_CATEGORIES, Goal, StateGraph, build_state_graph
from queries.step_rules import ASSOCIATION, HYPOTHESIS, units

__all__ = ["Nearby"]


@dataclass(frozen=True)
class Nearby:
    """The steps of a question as plain columns; nodes and arcs by number.

    `closed` are nodes that no branch enters (goals and the drug itself), `drugs` nodes that are drugs. Costs are integers in
    millionths.
    """

    graph: Graph
    states: StateGraph
    nodes: Sequence[str]
    numbers: Mapping[str, int]
    tails: Sequence[int]
    heads: Sequence[int]
    signs: Sequence[int]
    by_claim: Mapping[tuple[str, str, str], int]
    closed: frozenset[int]
    drugs: frozenset[int]
    entering: Mapping[int, int]
    _leaving: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph, source: str, goals: Iterable[Goal], asked: Context) -> Nearby:
        """Build the state graph of a question and its columns."""
        goals = tuple(goals)
        states = build_state_graph(graph, source, goals, asked)
        claims = [arc.record.claim for arc in states.arcs]
        nodes = tuple(states.nodes)
        return cls(
            graph, states, nodes, states.nodes,
            tails=[states.nodes[claim.subject] for claim in claims],
            heads=[states.nodes[claim.object] for claim in claims],
            signs=[arc.sign for arc in states.arcs],
            by_claim={(claim.subject, claim.relation, claim.object): number for number, claim in enumerate(claims)},
            closed=frozenset(states.nodes[curie] for curie in (source, *(goal.id for goal in goals))),
            drugs=frozenset(
                number for number, curie in enumerate(nodes)
                if curie in graph.entities and graph.entities[curie].category in DRUG_CATEGORIES
            ),
            entering=Counter(states.nodes[claim.object] for claim in claims),
        )  # fmt: skip

    def leaving(self, node: int) -> tuple[int, ...]:
        """Return the arcs from a node that may be steps of a branch: no suppositions, no associations, into nothing closed."""
        if node not in self._leaving:
            self._leaving[node] = tuple(
                arc for arc in self.states.leaving(node)
                if not self.states.arcs[arc].kind & (HYPOTHESIS | ASSOCIATION) and self.heads[arc] not in self.closed
            )  # fmt: skip
        return self._leaving[node]

    def cost(self, before: int | None, arc: int) -> int | None:
        """Return what a step costs after another one; None if their contexts contradict each other."""
        own = self.states.cost(arc, first=before is None)
        if before is None:
            return own
        classes = self.states.arcs[before].step_class, self.states.arcs[arc].step_class
        clash, dimensions = self.states.coherence.clash(*classes)
        return None if CONTRADICTION.intersection(dimensions) else own + units(clash)

    def degree(self, curie: str) -> int:
        """Return how many steps lead to a node."""
        return self.entering.get(self.numbers.get(curie, -1), 0)

    def path(self, arcs: Sequence[int], end: str) -> Path:
        """Return arcs from the drug as a path with names, evidence and costs; `end` says what it leads to."""
        return path_to(self.graph, self.states, arcs, end)
