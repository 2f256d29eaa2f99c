"""Branches: what a side says about nodes beside its mechanisms.

A branch follows one of the side's mechanisms for at least its first step, leaves it at any state, and goes on through the
state graph to another node. `queries.explanation.observed` says what a branch may not do, and why; here they are enumerated,
exactly, and their weights summed for every node and direction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from time import monotonic
from typing import TypeAlias

from queries.engine import OutOfTime
from queries.explanation.nearby import Nearby
from queries.explanation.shown import Path

__all__ = ["MAJORITY", "Prediction", "Side", "State", "predict"]

MAJORITY = 2 / 3
"""The least share of the weight that one direction must hold for a side to predict it."""
UNIT = 1_000_000  # costs are integers in millionths, so that ties are exact
_LEAST = 1e-6  # branches of less weight are not followed
_CHECKED = 1024  # branches between two looks at the clock

State: TypeAlias = tuple[int, int]
"""A node by number with its direction, +1 or -1."""


@dataclass(slots=True)
class Prediction:
    """What a side says about one node: the weight of its branches by direction, and the cheapest branch to each.

    `shared_up` and `shared_down` are the parts of the weight that leave from states that both sides pass; `best` holds, by
    direction, the cost of the cheapest branch and its arcs from the drug.
    """

    up: float = 0.0
    down: float = 0.0
    shared_up: float = 0.0
    shared_down: float = 0.0
    best: dict[int, tuple[int, tuple[int, ...]]] = field(default_factory=dict)

    @property
    def direction(self) -> int:
        """+1 or -1 if that direction holds `MAJORITY` of the weight, else 0.

        >>> Prediction(0.5, 0.1).direction, Prediction(0.5, 0.4).direction, Prediction().direction
        (1, 0, 0)
        """
        total = self.up + self.down
        if total > 0 and max(self.up, self.down) >= MAJORITY * total:
            return 1 if self.up > self.down else -1
        return 0

    @property
    def shared(self) -> bool:
        """True when at least half of the weight of the predicted direction leaves from states that both sides pass."""
        weight, common = (self.up, self.shared_up) if self.direction > 0 else (self.down, self.shared_down)
        return self.direction != 0 and 2 * common >= weight


@dataclass(frozen=True)
class Side:
    """The mechanisms of one side as prefixes: the share of the side's path mass that begins with these arcs."""

    prefixes: Mapping[tuple[int, ...], float]
    states: Mapping[State, float]

    @classmethod
    def of(cls, near: Nearby, paths: Sequence[Path]) -> Side:
        """Read the mechanisms that rest on evidence and do not contradict themselves.

        Raises KeyError for paths that were not found in this graph.
        """
        firm = [path for path in paths if not path.hypothesis and not path.clashes]
        least = min((path.score for path in firm), default=0.0)
        weights = [exp(least - path.score) for path in firm]
        prefixes: dict[tuple[int, ...], float] = defaultdict(float)
        passed: dict[State, float] = defaultdict(float)
        for path, weight in zip(firm, weights, strict=True):
            share = weight / sum(weights)
            arcs = tuple(near.by_claim[step.subject.id, step.relation, step.object.id] for step in path.steps)
            for depth, step in enumerate(path.steps[:-1], 1):
                prefixes[arcs[:depth]] += share
                passed[near.numbers[step.object.id], step.state] += share
            prefixes[arcs] += 0.0  # its last step is no branch
        return cls(dict(prefixes), dict(passed))

    def asserts(self) -> dict[int, int]:
        """Return the direction that the side asserts for each node it passes; nodes that it passes both ways are left out."""
        totals: dict[int, float] = defaultdict(float)
        for (node, _), share in self.states.items():
            totals[node] += share
        return {node: way for (node, way), share in self.states.items() if share >= MAJORITY * totals[node]}


@dataclass
class _Walk:
    """One enumeration: the graph, what is wanted, and what has been found so far."""

    near: Nearby
    side: Side
    wanted: frozenset[int]
    common: frozenset[State]
    barred: frozenset[State]
    deadline: float | None
    found: dict[int, Prediction] = field(default_factory=dict)
    seen: int = 0

    def __post_init__(self) -> None:
        self.asserted = self.side.asserts()
        self.last: dict[int, list[int]] = {}

    def arcs(self, node: int, *, last: bool) -> Sequence[int]:
        """Return the arcs that may be steps of a branch from the node; for its last step, only those to wanted nodes."""
        usable = self.near.leaving(node)
        if not last:
            return usable
        if node not in self.last:
            self.last[node] = [arc for arc in usable if self.near.heads[arc] in self.wanted]
        return self.last[node]

    def note(self, node: int, way: int, weight: float, left: State, cost: int, arcs: tuple[int, ...]) -> None:
        if node not in self.wanted:
            return
        found = self.found.setdefault(node, Prediction())
        shared = weight if left in self.common else 0.0
        if way > 0:
            found.up += weight
            found.shared_up += shared
        else:
            found.down += weight
            found.shared_down += shared
        found.best[way] = min(found.best.get(way, (cost, arcs)), (cost, arcs), key=lambda best: (best[0], len(best[1]), best[1]))

    def follow(
        self, node: int, way: int, weight: float, cost: int, arcs: tuple[int, ...], passed: frozenset[int], left: State,
        reach: int,
    ) -> None:
        """Follow every branch that goes on from a state, noting each node it comes to."""
        for arc in self.arcs(node, last=reach == 1):
            self.seen += 1
            if self.deadline is not None and self.seen % _CHECKED == 0 and monotonic() > self.deadline:
                raise OutOfTime
            head = self.near.heads[arc]
            onward = way * self.near.signs[arc]
            if head in passed or (head, onward) in self.barred or self.asserted.get(head, onward) != onward:
                continue
            if (*arcs, arc) in self.side.prefixes:
                continue  # it stays on the mechanisms: counted from where it leaves them
            more = self.near.cost(arcs[-1], arc)
            if more is None or weight * exp(-more / UNIT) < _LEAST:
                continue
            reached = (head, onward, weight * exp(-more / UNIT))
            trail = (*arcs, arc)
            self.note(*reached, left, cost + more, trail)
            if reach > 1 and head not in self.near.drugs:
                self.follow(*reached, cost + more, trail, passed | {head}, left, reach - 1)


def predict(
    near: Nearby, side: Side, wanted: Collection[str], *, common: Collection[State] = (), barred: Collection[State] = (),
    max_steps: int = 6, reach: int = 2, deadline: float | None = None,
) -> dict[str, Prediction]:
    """Return what a side says about each wanted node that some branch reaches.

    `common` are the states that both sides pass, `barred` those that only the other one passes; `reach` the steps that a
    branch may go beyond the mechanisms. Raises `queries.engine.OutOfTime` when the deadline (of `time.monotonic`) passes.
    """
    places = frozenset(near.numbers[curie] for curie in wanted if curie in near.numbers)
    walk = _Walk(near, side, places, frozenset(common), frozenset(barred), deadline)
    for prefix, share in sorted(side.prefixes.items()):
        if share <= 0.0:
            continue
        cost, way = 0, 1
        for place, arc in enumerate(prefix):
            cost += near.cost(prefix[place - 1] if place else None, arc) or 0
            way *= near.signs[arc]
        node = near.heads[prefix[-1]]
        if node in near.drugs:
            continue  # a class or combination of the drug: nothing has been acted on yet
        passed = frozenset(end for arc in prefix for end in (near.tails[arc], near.heads[arc]))
        walk.note(node, way, share, (node, way), cost, prefix)
        further = min(reach, max_steps - len(prefix))
        if further > 0:
            walk.follow(node, way, share, cost, prefix, passed, (node, way), further)
    return {near.nodes[node]: found for node, found in walk.found.items()}
