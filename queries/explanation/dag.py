"""The mechanisms of one side merged into one acyclic graph of states, pruned by how necessary each arc is.

A *state* is an entity with its direction: IL4 down is not IL4 up. Paths enter best first; one that would close a cycle is left
below. A path weighs exp(-cost), as in a Boltzmann distribution over paths (Kivimäki et al. 2016, doi:10.1038/srep19668, at
inverse temperature 1), so that a path which costs 0.7 more weighs half. The *necessity* of an arc is the share of that mass
which is lost when the arc is taken away: the criticality of a network's part in a bag of paths, restricted to the paths found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import exp, fsum
from typing import TypeAlias

from queries.explanation.answer import Dag, DagArc
from queries.explanation.shown import Path, Step

__all__ = ["Arc", "State", "arcs_of", "build_dag", "firm_paths", "path_shares", "states_of"]

#: An entity's identifier with its direction: +1 up, -1 down when the drug is given.
State: TypeAlias = tuple[str, int]
#: A step between two states: the first, the relation, the second. Other relations between the same states are other arcs.
Arc: TypeAlias = tuple[State, str, State]

_DIGITS = 6


def firm_paths(paths: Iterable[Path]) -> list[tuple[int, Path]]:
    """Return the paths that rest on evidence throughout, each with its rank: its place in `paths`, from 1."""
    return [(rank, path) for rank, path in enumerate(paths, 1) if not path.hypothesis]


def states_of(path: Path) -> list[State]:
    """Return the states a path passes, from the drug (which goes up) to the goal."""
    return [(path.steps[0].subject.id, 1), *((step.object.id, step.state) for step in path.steps)]


def arcs_of(path: Path) -> list[Arc]:
    """Return the steps of a path as arcs between states."""
    states = states_of(path)
    return [(tail, step.relation, head) for (tail, head), step in zip(pairwise(states), path.steps, strict=True)]


def path_shares(paths: Sequence[Path]) -> list[float]:
    """Return the share of each path in the mass of all, the sum of exp(-cost): numbers from 0 to 1 that add up to 1.

    A path whose contexts contradict each other ranks after every coherent one whatever it costs, so it weighs nothing beside
    a coherent path; where all contradict, they are weighed among themselves. Costs of any size are safe: only differences
    are raised to a power.

    >>> path_shares([Path(2000.0, {}, (), ""), Path(2000.0, {}, (), ""), Path(1.0, {}, (), "", clashes=("cell",))])
    [0.5, 0.5, 0.0]
    """
    if not paths:
        return []
    coherent = [not path.clashes for path in paths]
    counted = coherent if any(coherent) else [True] * len(paths)
    least = min(path.score for path, counts in zip(paths, counted, strict=True) if counts)
    weights = [exp(least - path.score) if counts else 0.0 for path, counts in zip(paths, counted, strict=True)]
    total = fsum(weights)
    return [weight / total for weight in weights]


def build_dag(paths: Sequence[Path], *, least: float = 0.02) -> Dag:
    """Merge the firm paths of one side, given in rank order, into one acyclic graph of states, pruned by necessity.

    A path that would close a cycle is left out and its rank noted in `below`. The necessity of an arc is the share of the
    mass of the merged paths that runs through it, so that an arc on all of them has 1. Arcs below `least` are pruned, and
    with them the paths that need them, so every arc kept lies on a path found from the drug to a goal. No path that weighs
    at least half as much as the best is ever pruned: where many paths are nearly as good, `least` shrinks to half the share of
    the best, and the answer's `least` says so.

    >>> from queries.explanation.shown import Node, Step
    >>> def step(tail, head):
    ...     return Step(Node(tail, tail, ""), "produces", "produces", Node(head, head, ""), 1, 1, 2, 0, 0, 0.8, "", ())
    >>> def path(cost, *names):
    ...     return Path(cost, {}, tuple(step(a, b) for a, b in zip(names, names[1:])), "")
    >>> dag = build_dag([path(1.0, "drug", "IL4", "hair"), path(2.0, "drug", "IL4", "JAK1", "hair"), path(9.0, "drug", "hair")])
    >>> [(arc.step.subject.name, arc.step.object.name, round(arc.necessity, 2), arc.ranks) for arc in dag.arcs]
    [('drug', 'IL4', 1.0, (1, 2)), ('IL4', 'hair', 0.73, (1,)), ('IL4', 'JAK1', 0.27, (2,)), ('JAK1', 'hair', 0.27, (2,))]
    >>> dag.kept, dag.below, len(dag.pruned), round(dag.share, 4)
    ((1, 2), (), 1, 0.9998)
    """
    merged, below = _merge(firm_paths(paths))
    if not merged:
        return Dag(least=least)
    shares = path_shares([path for _, path in merged])
    users: dict[Arc, list[int]] = {}
    steps: dict[Arc, Step] = {}
    for number, (_, path) in enumerate(merged):
        for arc, step in zip(arcs_of(path), path.steps, strict=True):
            users.setdefault(arc, []).append(number)
            steps.setdefault(arc, step)
    whole = fsum(shares)
    necessity = {arc: fsum(shares[number] for number in numbers) / whole for arc, numbers in users.items()}
    bound = min(least, max(shares) / 2)
    kept = [number for number, (_, path) in enumerate(merged) if all(necessity[arc] >= bound for arc in arcs_of(path))]
    standing = {arc for number in kept for arc in arcs_of(merged[number][1])}

    def shown(arc: Arc) -> DagArc:
        ranks = tuple(merged[number][0] for number in users[arc])
        return DagArc(steps[arc], round(necessity[arc], _DIGITS), ranks, steps[arc].support)

    return Dag(
        arcs=tuple(shown(arc) for arc in users if arc in standing),
        below=tuple(below),
        pruned=tuple(shown(arc) for arc in users if arc not in standing),
        least=round(bound, _DIGITS),
        kept=tuple(merged[number][0] for number in kept),
        share=round(fsum(shares[number] for number in kept) / whole, _DIGITS),
    )


def _merge(ranked: Iterable[tuple[int, Path]]) -> tuple[list[tuple[int, Path]], list[int]]:
    """Return the paths that together have no cycle, taken in order, and the ranks of the others."""
    order = _Order()
    merged: list[tuple[int, Path]] = []
    below: list[int] = []
    for rank, path in ranked:
        states = [order.number(state) for state in states_of(path)]
        if order.fits(states):
            merged.append((rank, path))
            for tail, head in pairwise(states):
                order.add(tail, head)
        else:
            below.append(rank)
    return merged, below


class _Order:
    """What can be reached from what in a growing graph without cycles; sets of states are the bits of whole numbers."""

    def __init__(self) -> None:
        self._numbers: dict[State, int] = {}
        self._after: list[int] = []  # of each state: itself and all it reaches
        self._before: list[int] = []  # of each state: itself and all that reach it

    def number(self, state: State) -> int:
        found = self._numbers.setdefault(state, len(self._after))
        if found == len(self._after):
            self._after.append(1 << found)
            self._before.append(1 << found)
        return found

    def fits(self, states: Sequence[int]) -> bool:
        """Tell whether a path closes no cycle: none of its states is passed twice or reaches an earlier one."""
        earlier = 0
        for state in states:
            if self._after[state] & earlier:
                return False
            earlier |= 1 << state
        return True

    def add(self, tail: int, head: int) -> None:
        after, before = self._after[head], self._before[tail]
        if after & ~self._after[tail]:
            for state in _bits(before):
                self._after[state] |= after
            for state in _bits(after):
                self._before[state] |= before


def _bits(number: int) -> Iterator[int]:
    """Yield the places of the ones.

    >>> list(_bits(0b1010))
    [1, 3]
    """
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low
