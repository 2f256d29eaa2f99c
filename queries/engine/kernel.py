"""The search in C, through ctypes: kernel.c compiled by the build (see hatch_build.py) and loaded when first needed.

A search runs in slices of a few hundredths of a second without holding the interpreter: other threads run, Ctrl-C and
deadlines are seen between slices. Each search has a work area of its own, taken from a pool that the table keeps, so any
number of searches may run on one table at once.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from ontologies.errors import BackendError
from queries.engine.arcs import ArcTable
from queries.engine.found import FoundPath, OutOfRoom, OutOfTime, pair_costs
from queries.engine.query import PathQuery

if TYPE_CHECKING:
    import ctypes

__all__ = ["FIRST", "LIBRARY", "Kernel", "load", "read", "search"]

LIBRARY = Path(__file__).with_name("libkernel" + {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so"))
"""Where the build puts the compiled kernel."""

FIRST = 20
"""How many paths of few steps are looked at to bound a search of more steps."""

_SLICE = 0.025  # seconds that the kernel runs before it comes back
_FOUND, _RUNNING, _PAIR, _OUT_OF_ROOM, _GIVE_UP, _DAMAGED, _NO_MEMORY = 1, 2, 3, 4, 5, -1, -2
_UNBOUNDED = 2**64 - 1
_WIDEST = 2**40  # dearer horizons are none
_MOST = 2**31 - 1  # entries have 32-bit numbers
_HOPS = 4  # steps up to which a search is bounded by hops; beyond, by the cost of what few steps find
_ROUNDS = 6  # horizons tried


class Kernel:
    """The loaded library with its structures."""

    def __init__(self, library: ctypes.CDLL) -> None:
        import ctypes

        u64, u32, i32, pointer = ctypes.c_uint64, ctypes.c_uint32, ctypes.c_int32, ctypes.c_void_p

        class Table(ctypes.Structure):
            _fields_ = [
                ("nodes", u64), ("arcs", u64),
                *((name, pointer) for name in (
                    "offsets", "records", "node_costs", "node_kinds", "in_offsets", "in_records", "in_arcs",
                )),
            ]  # fmt: skip

        class Query(ctypes.Structure):
            _fields_ = [
                *((name, u64) for name in (
                    "sources_count", "goals_count", "avoid_count", "groups_count", "classes_count", "room", "horizon", "budget",
                )),
                *((name, pointer) for name in (
                    "sources", "goals", "avoid", "group_nodes", "source_directions", "goal_directions",
                    "inner_kinds", "last_kinds", "inner_nodes", "relations", "arc_mask", "accepting",
                    "costs", "node_costs", "class_costs", "transitions", "relation_groups", "kind_groups", "group_values",
                )),
                *((name, i32) for name in (
                    "max_steps", "min_steps", "pairs", "states", "symbols", "head_groups", "start", "reserved",
                )),
            ]  # fmt: skip

        class Answer(ctypes.Structure):
            _fields_ = [
                ("cost", u64), ("coherence", u64), ("first", u32), ("second", u32), ("steps", u32), ("pruned", u32),
                ("arcs", u32 * 64),
            ]  # fmt: skip

        class Buffer(ctypes.Structure):
            """The head of Py_buffer, with room for the rest."""

            _fields_ = [("buf", pointer), ("rest", ctypes.c_char * 256)]

        self.Table, self.Query, self.Answer, self._buffer, self.byref = Table, Query, Answer, Buffer, ctypes.byref
        self._object, self._python = ctypes.py_object, ctypes.pythonapi
        self.source, self.new, self.free = library.ikg_source, library.ikg_new, library.ikg_free
        self.start, self.run, self.pair, self.forget = library.ikg_start, library.ikg_run, library.ikg_pair, library.ikg_forget
        self.source.restype, self.new.restype, self.free.restype = u32, pointer, None
        self.free.argtypes, self.forget.argtypes = [pointer], [pointer]
        self.start.argtypes = [pointer, ctypes.POINTER(Table), ctypes.POINTER(Query)]
        self.run.argtypes = [pointer, ctypes.c_int64, ctypes.POINTER(Answer)]
        self.pair.argtypes = [pointer, u32, u32, u32]

    def address(self, data: Any) -> int:
        """Return where the bytes of a buffer stand; they stay there as long as the caller keeps a memoryview of it."""
        if not len(data):
            return 0
        buffer = self._buffer()
        self._python.PyObject_GetBuffer(self._object(data), self.byref(buffer), 0)
        self._python.PyBuffer_Release(self.byref(buffer))
        return int(buffer.buf)


def read(library: Path) -> Kernel | None:
    """Load a library; None if it is not there, does not load here, or was made from another kernel.c than the one beside it."""
    import ctypes

    try:
        kernel = Kernel(ctypes.CDLL(str(library)))
        fits = kernel.source() == zlib.crc32(library.with_name("kernel.c").read_bytes())
    except (OSError, AttributeError):
        return None
    return kernel if fits else None


@cache
def load() -> Kernel | None:
    """Return the kernel of this installation, or None; loaded once."""
    return read(LIBRARY)


class _Area:
    """A work area of the kernel, and the function whose pair costs it holds."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, self.pointer = kernel, kernel.new()
        self.function: Callable[[int, int], int] | None = None
        self.answer = kernel.Answer()
        if not self.pointer:
            raise OutOfRoom

    def __del__(self) -> None:
        self.kernel.free(self.pointer)


def search(
    table: ArcTable, query: PathQuery, *, deadline: float | None, room: int, first: int = FIRST
) -> Iterator[FoundPath]:
    """Yield the paths of a query, best first; raises OutOfTime, OutOfRoom, and BackendError for a damaged table.

    A search of more than four steps is bounded by what the `first` best paths of few steps cost: a larger number saves
    those who want more paths a second round. The answer is the same. Raises BackendError too if there is no kernel.
    """
    kernel = load()
    if kernel is None:
        raise BackendError(f"the compiled path search {LIBRARY.name} is missing; install ImmunoKG where a C compiler is")
    if query.max_steps <= _HOPS or query.min_steps >= _HOPS:
        return _search(kernel, table, query, deadline, room)
    return _by_cost(kernel, table, query, deadline, room, first)


@dataclass
class _End:
    """How a search within a horizon ended: were dearer paths left out, was it given up?"""

    pruned: bool = False
    gave_up: bool = False


def _by_cost(
    kernel: Kernel, table: ArcTable, query: PathQuery, deadline: float | None, room: int, first: int
) -> Iterator[FoundPath]:
    """Search within a horizon, at first what the best paths of few steps cost; then further out, leaving out what was yielded.

    Where many arcs are cheap this costs too much: the kernel gives up and everything is searched at once.
    """
    horizon, yielded = _WIDEST, 0
    for steps in (_HOPS - 1, _HOPS):
        with suppress(OutOfRoom):
            few = replace(query, max_steps=steps)
            best = list(islice(_search(kernel, table, few, deadline, room), first))
            if len(best) == first:
                horizon = best[-1].cost
                break
    for _ in range(_ROUNDS):
        if horizon >= _WIDEST:
            break
        end = _End()
        for number, found in enumerate(_search(kernel, table, query, deadline, room, horizon, end)):
            if number >= yielded:
                yielded = number + 1
                yield found
        if end.gave_up:
            break
        if not end.pruned:
            return
        horizon += horizon // 4 + 1
    yield from islice(_search(kernel, table, query, deadline, room), yielded, None)


def _search(
    kernel: Kernel, table: ArcTable, query: PathQuery, deadline: float | None, room: int, horizon: int | None = None,
    end: _End | None = None,
) -> Iterator[FoundPath]:  # fmt: skip
    """Run one search of the kernel to its end, leaving out paths dearer than the horizon."""
    ask = pair_costs(table, query) if query.pair_cost else None
    pool: list[_Area] = table.caches.setdefault("areas", [])
    try:
        area = pool.pop()
    except IndexError:
        area = _Area(kernel)
    kept: list[Any] = []
    question = _question(kernel, query, kept)
    question.room = min(room, _MOST)
    question.horizon = _UNBOUNDED if horizon is None else horizon << 6 | 63
    question.budget = table.arcs // 2 + 1_000_000
    description = table.caches.get("description")
    if description is None:
        description = table.caches["description"] = _description(kernel, table)
    answer, byref, run, pointer = kernel.byref(area.answer), kernel.byref, kernel.run, area.pointer
    found = area.answer
    try:
        if area.function is not query.pair_cost:
            area.function = query.pair_cost
            _check(kernel.forget(pointer), table)
        _check(kernel.start(pointer, byref(description), byref(question)), table)
        while True:
            slice_ = _SLICE if deadline is None else min(_SLICE, deadline - monotonic())
            if slice_ <= 0:
                raise OutOfTime
            got = run(pointer, int(slice_ * 1e9), answer)
            if got == _FOUND:
                yield FoundPath(found.cost, tuple(found.arcs[: found.steps]), found.coherence)
            elif got == _PAIR:
                assert ask is not None
                _check(kernel.pair(pointer, found.first, found.second, ask(found.first, found.second)), table)
            elif got == _OUT_OF_ROOM:
                raise OutOfRoom
            elif got != _RUNNING:
                _check(got, table)
                if end is not None:
                    end.pruned, end.gave_up = bool(found.pruned), got == _GIVE_UP
                return
    finally:
        pool.append(area)
        kept.clear()


def _check(got: int, table: ArcTable) -> None:
    if got == _DAMAGED:
        raise BackendError(f"{table.place}: the path index is damaged; build it again")
    if got == _NO_MEMORY:
        raise OutOfRoom


def _description(kernel: Kernel, table: ArcTable) -> Any:
    """Tell the kernel where the sections of a table stand; the table keeps its data."""
    base = kernel.address(table.data)
    at = {name: base + start for name, start in table.sections.items()}
    return kernel.Table(nodes=table.nodes, arcs=table.arcs, **at)


def _question(kernel: Kernel, query: PathQuery, kept: list[Any]) -> Any:
    """Write a query as the kernel reads it; `kept` holds what it points to."""

    def at(code: str, numbers: Any) -> int:
        column = array(code, numbers)
        kept.append(column)
        return column.buffer_info()[0]

    def view(data: Any) -> int | None:
        if data is None:
            return None
        kept.append(memoryview(data))
        return kernel.address(kept[-1])

    automaton, relations = query.automaton, None
    question = kernel.Query(
        sources_count=len(query.sources), goals_count=len(query.goals),
        sources=at("I", query.sources), source_directions=at("b", query.sources.values()),
        goals=at("I", query.goals), goal_directions=at("b", query.goals.values()),
        max_steps=query.max_steps, min_steps=query.min_steps, pairs=query.pair_cost is not None, states=1,
    )  # fmt: skip
    if query.avoid:
        question.avoid_count, question.avoid = len(query.avoid), at("I", query.avoid)
    if query.relations is not None:
        relations = bytearray(65_536)
        for number in query.relations:
            if 0 <= number < len(relations):
                relations[number] = 1
    for name, data in (
        ("inner_kinds", query.inner_kinds), ("last_kinds", query.last_kinds), ("inner_nodes", query.inner_nodes),
        ("relations", relations), ("arc_mask", query.arc_mask), ("costs", query.costs), ("node_costs", query.node_costs),
        ("class_costs", query.class_costs),
    ):  # fmt: skip
        if data is not None:
            setattr(question, name, view(data))
    question.classes_count = 0 if query.class_costs is None else len(query.class_costs)
    question.accepting = at("B", [1])
    if automaton is not None:
        states = len(automaton.transitions)
        question.states, question.symbols = states, len(automaton.transitions[0])
        question.head_groups, question.start = automaton.head_groups, automaton.start
        question.accepting = at("B", [state in automaton.accepting for state in range(states)])
        question.transitions = at("b", [state for row in automaton.transitions for state in row])
        question.relation_groups = at("H", _table(automaton.relation_groups, 65_536))
        question.kind_groups = at("H", _table(automaton.kind_groups, 256))
        groups = sorted(automaton.node_groups.items())
        question.groups_count = len(groups)
        question.group_nodes, question.group_values = at("I", [n for n, _ in groups]), at("H", [g for _, g in groups])
    return question


def _table(groups: Any, size: int) -> array[int]:
    column = array("H", bytes(2 * size))
    for key, group in groups.items():
        column[key] = group
    return column
