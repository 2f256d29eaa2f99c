"""What a search yields and how it stops early."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from queries.engine.arcs import ArcTable
from queries.engine.query import PathQuery

__all__ = ["FoundPath", "OutOfRoom", "OutOfTime", "Stopped", "pair_costs"]

_MEMOS = 8  # functions whose pair costs a table remembers


@dataclass(frozen=True, slots=True)
class FoundPath:
    """A path as the numbers of its arcs, with its total cost and the part of it that was paid between steps (units of 1e-6)."""

    cost: int
    arcs: tuple[int, ...]
    coherence: int


class Stopped(Exception):
    """The search stopped early; the paths already yielded are the best ones, in order."""


class OutOfTime(Stopped):
    """The deadline passed."""


class OutOfRoom(Stopped):
    """More partial paths would have to be kept than there is room for."""


def pair_costs(table: ArcTable, query: PathQuery) -> Callable[[int, int], int]:
    """Return `query.pair_cost` with a memory that the table keeps, so that each pair of classes is asked for once.

    >>> asked = []
    >>> def clash(first: int, second: int) -> int:
    ...     asked.append((first, second))
    ...     return 7
    >>> table = ArcTable.build(1, [], [], [], [])
    >>> for _ in range(2):
    ...     cost = pair_costs(table, PathQuery({}, {}, 1, pair_cost=clash))(1, 2)
    >>> cost, asked
    (7, [(1, 2)])
    """
    function = query.pair_cost
    assert function is not None
    memos: dict[Hashable, dict[tuple[int, int], int]] = table.caches.setdefault("pairs", {})
    try:
        memo = memos.pop(function, {})
        memos[function] = memo  # the one used last stands last
        while len(memos) > _MEMOS:
            memos.pop(next(iter(memos)), None)
    except TypeError:  # a function that cannot be hashed is remembered for this search only
        memo = {}

    def ask(first: int, second: int) -> int:
        cost = memo.get((first, second))
        if cost is None:
            cost = function(first, second)
            if not isinstance(cost, int) or not 0 <= cost < 2**32:
                raise ValueError(f"the cost of classes {first}, {second} must be a whole number from 0 to 2^32 - 1: {cost!r}")
            memo[first, second] = cost
        return cost

    return ask
