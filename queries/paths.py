"""The exact search: the k best loopless signed paths, by an additive cost with a pairwise term.

The search knows nothing of biology. It runs on a `SignedGraph`: nodes are integers, an arc has a sign and a cost >= 0,
and a *state* is a node with a direction (+1 up, -1 down). A path starts at the source going up; each arc multiplies the
direction by its sign; it ends at the first goal it reaches, and counts only if the direction there is the wanted one.
*Loopless* means that no node occurs twice, whichever its direction. A path may also pay a cost >= 0 for each pair of
consecutive arcs (coherence of contexts).

Method: best-first search (A*) on partial paths. The bound is the least cost from a state to a wanted goal within the
steps that are left, ignoring looplessness and pairwise costs, computed backwards over steps beforehand (Bellman); it never
overestimates, so complete paths leave the queue in order of their true cost: the first k are the k best, exactly. Paths of
equal cost come shortest first, then in the order of their arcs. Cost: O(steps * arcs) for the bound; the search itself is
exponential in the worst case, so it can be given a deadline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf
from time import monotonic

__all__ = ["FoundPath", "OutOfTime", "SignedArc", "SignedGraph", "find_paths"]

_TIE = 9  # decimals to which two costs count as equal: sums of the same terms in another order must tie


@dataclass(frozen=True, slots=True)
class SignedArc:
    """An arc from `tail` to `head` with sign +1 or -1 and a cost >= 0; parallel arcs are different arcs."""

    tail: int
    head: int
    sign: int
    cost: float


@dataclass(frozen=True)
class SignedGraph:
    """Arcs with the arcs that leave each node; the order of `arcs` breaks ties, so give them in a canonical order.

    The arcs whose numbers are in `skip` are there but never used. Raises ValueError for a negative cost or a sign that is
    not +1 or -1.
    """

    arcs: Sequence[SignedArc]
    skip: frozenset[int] = frozenset()
    leaving: Mapping[int, Sequence[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        leaving: dict[int, list[int]] = {}
        for number, arc in enumerate(self.arcs):
            if arc.cost < 0 or arc.sign not in (1, -1):
                raise ValueError(f"arc {number}: cost must be >= 0 and sign +1 or -1, got {arc}")
            if number not in self.skip:
                leaving.setdefault(arc.tail, []).append(number)
        object.__setattr__(self, "leaving", leaving)


@dataclass(frozen=True, slots=True)
class FoundPath:
    """A path as the numbers of its arcs, with its total cost and the part of it that was paid between arcs."""

    cost: float
    arcs: tuple[int, ...]
    coherence: float


class OutOfTime(Exception):
    """The deadline passed; the paths already yielded are the best ones, in order."""


def find_paths(
    graph: SignedGraph,
    source: int,
    goals: Mapping[int, int],
    *,
    max_steps: int,
    min_steps: int = 1,
    pair_cost: Callable[[int, int], float] | None = None,
    deadline: float | None = None,
) -> Iterator[FoundPath]:
    """Yield loopless paths from `source` to a goal, cheapest first, without end until there are no more.

    `goals` maps a node to the direction wanted there (+1 or -1; 0 makes the node a goal that counts in no direction:
    paths end there and are dropped). `pair_cost` gives the cost >= 0 of one arc following another. `deadline` is a time
    of `time.monotonic`; past it `OutOfTime` is raised. A source that is itself a goal is left at once.

    >>> g = SignedGraph([SignedArc(0, 1, -1, 1.0), SignedArc(1, 2, 1, 1.0), SignedArc(0, 2, -1, 5.0)])
    >>> [(path.arcs, path.cost) for path in find_paths(g, 0, {2: -1}, max_steps=3)]
    [((0, 1), 2.0), ((2,), 5.0)]
    """
    bound = _bounds(graph, goals, max_steps, deadline)
    start = bound[max_steps].get((source, 1), inf)
    if max_steps < 1 or start == inf:
        return
    queue: list[tuple[float, int, tuple[int, ...], float, float, int, int]] = []
    heappush(queue, (round(start, _TIE), 0, (), 0.0, 0.0, source, 1))
    ready: list[FoundPath] = []
    pops = 0
    while queue:
        total, steps, arcs, cost, paired, node, direction = heappop(queue)
        pops += 1
        if deadline is not None and pops % 256 == 0 and monotonic() > deadline:
            raise OutOfTime
        if ready and total > round(ready[0].cost, _TIE):
            yield from _in_order(ready)
            ready = []
        if steps and node in goals:
            ready.append(FoundPath(cost, arcs, paired))
            continue
        visited = {graph.arcs[a].tail for a in arcs} | {node}
        left = max_steps - steps - 1
        for number in graph.leaving.get(node, ()) if left >= 0 else ():
            arc = graph.arcs[number]
            if arc.head in visited or (arc.head in goals and steps + 1 < min_steps):
                continue
            rest = bound[left].get((arc.head, direction * arc.sign), inf)
            if rest == inf:
                continue
            extra = pair_cost(arcs[-1], number) if pair_cost and arcs else 0.0
            spent = cost + arc.cost + extra
            entry = (round(spent + rest, _TIE), steps + 1, (*arcs, number), spent, paired + extra)
            heappush(queue, (*entry, arc.head, direction * arc.sign))
    yield from _in_order(ready)


def _in_order(paths: list[FoundPath]) -> list[FoundPath]:
    return sorted(paths, key=lambda path: (len(path.arcs), path.arcs))


def _bounds(
    graph: SignedGraph, goals: Mapping[int, int], max_steps: int, deadline: float | None
) -> list[dict[tuple[int, int], float]]:
    """Least cost from each state to a wanted goal within r steps, for r = 0 … max_steps (goals absorb)."""
    reached = {(node, wanted): 0.0 for node, wanted in goals.items() if wanted}
    bounds = [dict(reached)]
    for _ in range(max_steps):
        if deadline is not None and monotonic() > deadline:
            raise OutOfTime
        nearer, current = bounds[-1], dict(reached)
        for arc in (graph.arcs[number] for numbers in graph.leaving.values() for number in numbers):
            for direction in (1, -1):
                rest = nearer.get((arc.head, direction * arc.sign))
                if rest is not None and arc.tail not in goals:
                    cost = arc.cost + rest
                    if cost < current.get((arc.tail, direction), inf):
                        current[arc.tail, direction] = cost
        bounds.append(current)
    return bounds
