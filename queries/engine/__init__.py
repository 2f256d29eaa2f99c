"""The path search: exact, k best, loopless, signed, on integers; it knows nothing of biology.

An `ArcTable` holds the arcs, a `PathQuery` says what is asked, `find_paths` yields the paths, cheapest first:

>>> table = ArcTable.build(3, tails=[0, 0, 1], heads=[1, 2, 2], signs=[-1, 1, -1], costs=[5, 40, 7])
>>> [(path.arcs, path.cost) for path in find_paths(table, PathQuery(sources={0: 1}, goals={2: 1}, max_steps=3))]
[((0, 2), 12), ((1,), 40)]

Small tables are searched in Python; large ones by a small library in C if the build made one, with the same answers in the
same order. The method: docs/engine.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from queries.engine.arcs import UNIT, ArcTable, write_arcs
from queries.engine.found import FoundPath, OutOfRoom, OutOfTime, Stopped
from queries.engine.query import Automaton, PathQuery

__all__ = [
    "ROOM",
    "UNIT",
    "ArcTable",
    "Automaton",
    "FoundPath",
    "OutOfRoom",
    "OutOfTime",
    "PathQuery",
    "Stopped",
    "find_paths",
    "write_arcs",
]

ROOM = 8_000_000
"""How many partial paths and next steps a search may hold: at most about 0.5 GB in C."""

_SMALL = 200_000  # arcs up to which a table is searched in Python


def find_paths(
    table: ArcTable,
    query: PathQuery,
    *,
    deadline: float | None = None,
    room: int = ROOM,
    engine: Literal["auto", "python", "kernel"] = "auto",
) -> Iterator[FoundPath]:
    """Yield the paths that a query asks for, cheapest first, without end until there are no more.

    The order is exact: by cost, then number of steps, then the numbers of the arcs. `deadline` is a time of
    `time.monotonic`; past it `OutOfTime` is raised. `room` bounds the partial paths and next steps that are held; beyond it
    `OutOfRoom` is raised. Either way the paths yielded before are the best ones, in order, and none that was sure to be next
    is missing. `engine` chooses the kernel or Python; by itself a table of up to 200,000 arcs is searched in Python, and so
    is a larger one where no kernel was built. Cost: the arcs within half of the steps from sources and goals, then about one
    row of the table for each step of each path; exponential in the worst case.

    Raises ValueError for a query that does not fit the table, BackendError for a damaged table, or if the kernel is asked
    for and missing.
    """
    query.check(table)
    chosen = engine
    if engine == "auto":
        chosen = "python"
        if table.arcs > _SMALL:
            from queries.engine.kernel import load

            chosen = "kernel" if load() else "python"
    if chosen == "kernel":
        import queries.engine.kernel as kernel

        return kernel.search(table, query, deadline=deadline, room=room)
    import queries.engine.search as python

    return python.search(table, query, deadline=deadline, room=room)
