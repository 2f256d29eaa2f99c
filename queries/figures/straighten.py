"""Straighter arcs: items are moved up and down towards what they are joined to, never past each other.

`dot` puts each item near its neighbours' middles; our arcs meet a box in slots, a few points away. Moving the items
takes the small kinks out. The order within a column stays as `dot` made it, and with it the crossings and the two sides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Chain", "Slots", "straighten"]

_ROUNDS = 14
_SNAP = 6.0


@dataclass(frozen=True, slots=True)
class Chain:
    """An arc as the boxes at its ends and the labels and lanes on its way."""

    key: str
    tail: str
    way: tuple[str, ...]
    head: str


class Slots:
    """Where arcs meet their boxes: one below the other, in the order of what comes next on their way."""

    def __init__(self, chains: Sequence[Chain], size: Mapping[str, float], *, leave: float, enter: float) -> None:
        self.chains, self.size, self.leave, self.enter = chains, size, leave, enter

    def leaving(self, ys: Mapping[str, float]) -> dict[str, float]:
        """Return for each arc the height at which it leaves its box."""
        return self._spread([(c.tail, ys[c.way[0]], c.key) for c in self.chains], ys, self.leave)

    def entering(self, ys: Mapping[str, float]) -> dict[str, float]:
        """Return for each arc the height at which it enters its box."""
        return self._spread([(c.head, ys[c.way[-1]], c.key) for c in self.chains], ys, self.enter)

    def _spread(self, ends: Sequence[tuple[str, float, str]], ys: Mapping[str, float], most: float) -> dict[str, float]:
        meeting: dict[str, list[tuple[float, int, str]]] = {}
        for number, (box, other, key) in enumerate(ends):
            meeting.setdefault(box, []).append((round(other, 3), number, key))
        slots: dict[str, float] = {}
        for box, arcs in meeting.items():
            step = min(most, (self.size[box] - 3.0) / len(arcs))
            for place, (*_, key) in enumerate(sorted(arcs)):
                slots[key] = ys[box] + (place - (len(arcs) - 1) / 2) * step
        return slots


def straighten(ys: Mapping[str, float], columns: Sequence[Sequence[str]], slots: Slots, between: float) -> dict[str, float]:
    """Return new heights of all items; in each column they keep their order and stay `between` points apart."""
    new = dict(ys)
    size = slots.size
    ordered = [sorted(column, key=lambda key: (new[key], key)) for column in columns]
    for turn in range(_ROUNDS):
        wishes = _wishes(new, slots)
        for column in ordered if turn % 2 == 0 else reversed(ordered):
            for key in column if turn % 4 < 2 else reversed(column):
                if key in wishes:
                    low, high = _room(key, column, new, size, between)
                    new[key] = max(low, min(high, wishes[key]))
    at = {key: column for column in ordered for key in column}
    for _ in range(3):
        entering = slots.entering(new)
        for chain in slots.chains:
            _level(chain, entering[chain.key], at, new, size, between)
    return new


def _level(
    chain: Chain,
    goal: float,
    at: Mapping[str, Sequence[str]],
    ys: dict[str, float],
    size: Mapping[str, float],
    between: float,
) -> None:
    """Bring as many consecutive items of an arc as can be to one height, near their mean, or the slot's if that is close."""
    place = 0
    while place < len(chain.way):
        low, high = float("-inf"), float("inf")
        run = []
        for key in chain.way[place:]:
            least, most = _room(key, at[key], ys, size, between)
            if max(low, least) > min(high, most):
                break
            low, high = max(low, least), min(high, most)
            run.append(key)
        if not run:
            place += 1
            continue
        wish = sum(ys[key] for key in run) / len(run)
        if place + len(run) == len(chain.way) and abs(goal - wish) <= _SNAP:
            wish = goal
        for key in run:
            ys[key] = max(low, min(high, wish))
        place += len(run)


def _wishes(ys: Mapping[str, float], slots: Slots) -> dict[str, float]:
    """Return where each item would like to be: at the mean of what it is joined to, lanes holding more than boxes."""
    leaving, entering = slots.leaving(ys), slots.entering(ys)
    pulls: dict[str, list[tuple[float, float]]] = {}
    for chain in slots.chains:
        way = chain.way
        for place, key in enumerate(way):
            before = (leaving[chain.key], 1.0) if place == 0 else (ys[way[place - 1]], 3.0)
            after = (entering[chain.key], 1.5) if place == len(way) - 1 else (ys[way[place + 1]], 3.0)
            pulls.setdefault(key, []).extend((before, after))
        # a box is pulled by the difference between its slot and what the slot is joined to
        pulls.setdefault(chain.tail, []).append((ys[chain.tail] + ys[way[0]] - leaving[chain.key], 1.0))
        pulls.setdefault(chain.head, []).append((ys[chain.head] + ys[way[-1]] - entering[chain.key], 1.0))
    return {key: sum(y * w for y, w in pairs) / sum(w for _, w in pairs) for key, pairs in pulls.items()}


def _room(
    key: str, column: Sequence[str], ys: Mapping[str, float], size: Mapping[str, float], between: float
) -> tuple[float, float]:
    """Return the least and greatest height that keeps an item between its neighbours in the column."""
    place = column.index(key)
    low, high = float("-inf"), float("inf")
    if place:
        above = column[place - 1]
        low = ys[above] + (size[above] + size[key]) / 2 + between
    if place < len(column) - 1:
        below = column[place + 1]
        high = ys[below] - (size[below] + size[key]) / 2 - between
    return (low, high) if low <= high else (ys[key], ys[key])
