"""The arc table: a signed, typed, weighted multigraph as compressed sparse rows, in memory or mapped from one file.

Nodes and arcs are numbers from 0. The arcs of a tail stand together and their order is the order of ties. Costs are
integers in units of 1e-6 (`UNIT`), so that sums are exact and equal costs are equal everywhere. Opening a table reads its
header only, whatever its size; the system reads the pages that a search touches.
"""

from __future__ import annotations

import mmap
import os
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ontologies.errors import BackendError
from queries.engine.layout import Layout, empty_header

if TYPE_CHECKING:
    import numpy as np

    Numbers = Sequence[int] | memoryview | array[int] | np.ndarray[Any, Any]

__all__ = ["FILE", "UNIT", "ArcTable", "write_arcs"]

UNIT = 1_000_000
"""How many units of cost make 1.0."""
FILE = "arcs.bin"
"""Name of the file in the folder of a path index."""


class ArcTable:
    """An immutable table of arcs; every column is a memoryview.

    Per arc, sorted by tail: `heads`, `costs`, `signs` (+1 or -1), `kinds` (0–255), `relations` (0–65535), `classes`. The arcs
    that leave node n are numbers `offsets[n]` to `offsets[n + 1]`. Per node: `node_costs`, paid when a path leaves the node
    and did not start there, and `node_kinds`. The arcs that enter node n stand at `in_offsets[n]` to `in_offsets[n + 1]` of
    `in_arcs` (their numbers, by cost and that of leaving the tail) and `in_tails`. `class_count` is one more than the highest
    class.

    Make one with `build` or `open`.

    >>> table = ArcTable.build(3, tails=[0, 0, 1], heads=[1, 2, 2], signs=[-1, 1, -1], costs=[5, 40, 7])
    >>> table.nodes, table.arcs, list(table.heads[table.offsets[0] : table.offsets[1]]), list(table.in_tails)
    (3, 3, [1, 2], [0, 1, 0])
    """

    def __init__(self, data: memoryview, place: str = "arc table") -> None:
        layout = Layout.read(data, place)
        self.nodes, self.arcs, self.class_count, self.place, self.data = (
            layout.nodes, layout.arcs, layout.classes, place, data,
        )  # fmt: skip
        columns = layout.columns(data.toreadonly())
        self.offsets, self.heads, self.costs, self.signs = (columns[n] for n in ("offsets", "heads", "costs", "signs"))
        self.kinds, self.relations, self.classes = (columns[n] for n in ("kinds", "relations", "classes"))
        self.node_costs, self.node_kinds = columns["node_costs"], columns["node_kinds"]
        self.in_offsets, self.in_arcs, self.in_tails = columns["in_offsets"], columns["in_arcs"], columns["in_heads"]
        self.sections = {name: start for name, start, _ in layout.sections()}
        self.caches: dict[str, Any] = {}  # what the engines keep with the table

    def __repr__(self) -> str:
        return f"ArcTable({self.nodes} nodes, {self.arcs} arcs)"

    @classmethod
    def build(
        cls, nodes: int, tails: Numbers, heads: Numbers, signs: Numbers, costs: Numbers, *, kinds: Numbers | None = None,
        relations: Numbers | None = None, classes: Numbers | None = None, node_costs: Numbers | None = None,
        node_kinds: Numbers | None = None,
    ) -> ArcTable:  # fmt: skip
        """Build a table in memory from sequences or numpy arrays; columns left out are 0.

        Raises ValueError if columns differ in length, tails do not ascend, a head or tail is no node, a sign is not +1 or
        -1, a number does not fit its column, or a cost and that of leaving its tail do not fit 32 bits together.

        >>> ArcTable.build(2, [0], [1], [1], [3]).costs[0]
        3
        """
        optional = (kinds, relations, classes)
        if any(hasattr(column, "dtype") for column in (tails, heads, signs, costs, *optional, node_costs, node_kinds)):
            from queries.engine.vectors import fill, layout_of

            layout = layout_of(nodes, tails, classes)
            data = memoryview(bytearray(layout.total))
            fill(data, layout, tails, heads, signs, costs, kinds, relations, classes, node_costs, node_kinds)
        else:
            Layout(nodes, len(tails))  # refuses sizes before anything of that size is made
            columns = _columns(nodes, tails, heads, signs, costs, kinds, relations, classes, node_costs, node_kinds)
            layout = Layout(nodes, len(tails), max(columns["classes"], default=-1) + 1)
            data = memoryview(bytearray(layout.total))
            _fill(data, layout, columns)
        data[: len(layout.header())] = layout.header()
        return cls(data.toreadonly())

    def write(self, folder: Path) -> None:
        """Write the table as `arcs.bin` in the folder, whole or not at all; raises OSError if the disk refuses."""
        _replace(folder, lambda path: _dump(path, self.data))

    @classmethod
    def open(cls, folder: Path) -> ArcTable:
        """Map the table of a folder into memory; reads its header only.

        Raises BackendError if the file is missing, cut short, damaged in its header, or of another version.

        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     ArcTable.build(2, [0], [1], [1], [3]).write(Path(folder))
        ...     ArcTable.open(Path(folder))
        ArcTable(2 nodes, 1 arcs)
        """
        path = folder / FILE
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if not size:
                    raise BackendError(f"{path}: the path index is empty; build it again")
                data = memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ))
        except OSError as error:
            raise BackendError(f"{path}: {error.strerror or error}; build the path index again") from error
        return cls(data, str(path))


def write_arcs(
    folder: Path, nodes: int, tails: Numbers, heads: Numbers, signs: Numbers, costs: Numbers, *,
    kinds: Numbers | None = None, relations: Numbers | None = None, classes: Numbers | None = None,
    node_costs: Numbers | None = None, node_kinds: Numbers | None = None, chunk: int = 1 << 23,
) -> None:  # fmt: skip
    """Write a table straight to its file from numpy arrays, which may be memory-mapped themselves.

    The same file as `ArcTable.build(…).write(folder)` writes, without holding it in memory: `chunk` arcs are worked on at a
    time (about 100 bytes each). Raises ValueError as `build` does; then, and if the disk refuses, no file is left.
    """
    from queries.engine.vectors import fill, layout_of

    layout = layout_of(nodes, tails, classes)

    def write(path: Path) -> None:
        with path.open("w+b") as file:
            file.write(empty_header())
            file.truncate(layout.total)
            mapped = mmap.mmap(file.fileno(), layout.total, access=mmap.ACCESS_WRITE)
            data = memoryview(mapped)
            fill(data, layout, tails, heads, signs, costs, kinds, relations, classes, node_costs, node_kinds, chunk=chunk)
            mapped.flush()  # the header last: a file that was cut off by a crash is never taken for whole
            data[: len(layout.header())] = layout.header()
            mapped.flush()
            os.fsync(file.fileno())

    _replace(folder, write)


def _dump(path: Path, data: memoryview) -> None:
    with path.open("wb") as file:
        for start in range(0, len(data), 1 << 26):
            file.write(data[start : start + (1 << 26)])
        file.flush()
        os.fsync(file.fileno())


def _replace(folder: Path, write: Callable[[Path], None]) -> None:
    """Write beside the file, then take its place at once; leave nothing behind on failure."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{FILE}.{os.getpid()}.part"
    try:
        write(part)
        part.replace(folder / FILE)
    finally:
        part.unlink(missing_ok=True)


def _columns(
    nodes: int, tails: Numbers, heads: Numbers, signs: Numbers, costs: Numbers, kinds: Numbers | None,
    relations: Numbers | None, classes: Numbers | None, node_costs: Numbers | None, node_kinds: Numbers | None,
) -> dict[str, array[int]]:  # fmt: skip
    """Copy sequences into typed columns and check them."""
    arcs = len(tails)
    given: dict[str, tuple[str, Iterable[int] | None, int]] = {
        "tails": ("I", tails, arcs), "heads": ("I", heads, arcs), "costs": ("I", costs, arcs), "signs": ("b", signs, arcs),
        "kinds": ("B", kinds, arcs), "relations": ("H", relations, arcs), "classes": ("I", classes, arcs),
        "node_costs": ("I", node_costs, nodes), "node_kinds": ("B", node_kinds, nodes),
    }  # fmt: skip
    columns: dict[str, array[int]] = {}
    for name, (code, values, length) in given.items():
        try:
            columns[name] = array(code, bytes(array(code).itemsize * length) if values is None else values)
        except OverflowError as error:
            raise ValueError(f"{name}: {error}") from None
        if len(columns[name]) != length:
            raise ValueError(f"{name}: {len(columns[name])} numbers for {length} places")
    tail_column, paid = columns["tails"], columns["node_costs"]
    if any(a > b for a, b in pairwise(tail_column)):
        raise ValueError("tails must ascend")
    if max((*tail_column[-1:], *columns["heads"]), default=-1) >= nodes:
        raise ValueError("a head or tail is no node")
    if not {1, -1}.issuperset(columns["signs"]):
        raise ValueError("signs must be +1 or -1")
    if any(cost + paid[tail] >= 2**32 for tail, cost in zip(tail_column, columns["costs"], strict=True)):
        raise ValueError("the cost of an arc and of leaving its tail must fit 32 bits together")
    return columns


def _fill(data: memoryview, layout: Layout, columns: dict[str, array[int]]) -> None:
    """Write the columns and the reverse rows into their sections."""
    view = layout.columns(data)
    tails, heads, paid = columns["tails"], columns["heads"], columns["node_costs"]
    order = sorted(range(layout.arcs), key=lambda arc: (heads[arc], columns["costs"][arc] + paid[tails[arc]], arc))
    for name, ends in (("offsets", tails), ("in_offsets", heads)):
        ends_at = array("q", bytes(8 * (layout.nodes + 1)))
        for end in ends:
            ends_at[end + 1] += 1
        for node in range(layout.nodes):
            ends_at[node + 1] += ends_at[node]
        view[name][:] = memoryview(ends_at)
    for name in ("heads", "costs", "classes", "relations", "kinds", "signs"):
        view[name][:] = memoryview(columns[name])
        if name not in ("heads", "costs"):
            view[f"in_{name}"][:] = memoryview(array(columns[name].typecode, [columns[name][a] for a in order]))
    view["in_heads"][:] = memoryview(array("I", [tails[a] for a in order]))
    view["in_costs"][:] = memoryview(array("I", [columns["costs"][a] + paid[tails[a]] for a in order]))
    view["in_arcs"][:] = memoryview(array("I", order))
    view["node_costs"][:] = memoryview(paid)
    view["node_kinds"][:] = memoryview(columns["node_kinds"])
