"""The numpy way to fill an arc table: in pieces, so that a table of 100 million arcs needs a few GB at most.

Forward records are written piece by piece. Reverse rows are made for one range of heads at a time: the arcs into the range
are picked out, sorted by head, cost and number, and written in one stretch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import queries.engine.layout as _layout

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, Any]

__all__ = ["fill", "layout_of"]

_CHUNK = 1 << 23


def layout_of(nodes: int, tails: Any, classes: Any) -> _layout.Layout:
    """Return the layout of a table with these columns.

    >>> layout_of(2, [0, 1], None)
    Layout(nodes=2, arcs=2, classes=1)
    """
    import numpy as np

    if classes is None:
        return _layout.Layout(nodes, len(tails), min(len(tails), 1))
    column = np.asarray(classes)
    return _layout.Layout(nodes, len(tails), int(column.max()) + 1 if len(column) else 0)


def fill(
    data: memoryview, layout: _layout.Layout, tails: Any, heads: Any, signs: Any, costs: Any, kinds: Any, relations: Any,
    classes: Any, node_costs: Any, node_kinds: Any, *, chunk: int = _CHUNK,
) -> None:  # fmt: skip
    """Write the sections of a table into `data`, which starts zeroed; the header is left to the caller.

    Raises ValueError as `ArcTable.build` does.
    """
    import numpy as np

    record = np.dtype([("node", "u4"), ("cost", "u4"), ("class", "u4"), ("relation", "u2"), ("kind", "u1"), ("sign", "i1")])
    types = {name: np.iinfo(record[name]) for name in record.names or ()}
    at = {name: (start, size) for name, start, size in layout.sections()}

    def section(name: str, kind: Any) -> Vector:
        start, size = at[name]
        return np.frombuffer(data[start : start + size], dtype=kind)

    given = {"tails": tails, "node": heads, "cost": costs, "sign": signs, "kind": kinds, "relation": relations, "class": classes}
    columns = {name: _column(name, column, layout.arcs) for name, column in given.items() if column is not None}
    paid = section("node_costs", "u4")
    for name, column, target in (("node_costs", node_costs, paid), ("node_kinds", node_kinds, section("node_kinds", "u1"))):
        if column is not None:
            values = _column(name, column, layout.nodes)
            _check(name, values, np.iinfo(target.dtype))
            target[:] = values
    records, counts = section("records", record), np.zeros(layout.nodes, dtype=np.int64)
    out_counts, last = np.zeros(layout.nodes, dtype=np.int64), 0
    for lo in range(0, layout.arcs, chunk):
        piece = {name: column[lo : lo + chunk] for name, column in columns.items()}
        starts = piece.pop("tails")
        if int(starts[0]) < last or (starts[1:] < starts[:-1]).any():
            raise ValueError("tails must ascend")
        last = int(starts[-1])
        if last >= layout.nodes or int(starts[0]) < 0 or int(piece["node"].max()) >= layout.nodes or int(piece["node"].min()) < 0:
            raise ValueError("a head or tail is no node")
        if not ((piece["sign"] == 1) | (piece["sign"] == -1)).all():
            raise ValueError("signs must be +1 or -1")
        target = records[lo : lo + chunk]
        for name, values in piece.items():
            _check(name, values, types[name])
            target[name] = values
        if (target["cost"].astype(np.uint64) + paid[starts] >= 2**32).any():
            raise ValueError("the cost of an arc and of leaving its tail must fit 32 bits together")
        counts += np.bincount(target["node"], minlength=layout.nodes)
        out_counts += np.bincount(starts, minlength=layout.nodes)
    section("offsets", "i8")[1:] = np.cumsum(out_counts)
    in_offsets = section("in_offsets", "i8")
    in_offsets[1:] = np.cumsum(counts)
    if layout.arcs:
        _reverse(records, section("in_records", record), section("in_arcs", "u4"), in_offsets, columns["tails"], paid, chunk)


def _reverse(
    records: Vector, target: Vector, numbers: Vector, in_offsets: Vector, tails: Vector, paid: Vector, chunk: int
) -> None:
    """Write the reverse rows, one range of heads at a time."""
    import numpy as np

    for first, beyond in _ranges(in_offsets, chunk):
        picked = []
        for lo in range(0, len(records), chunk):
            heads = records["node"][lo : lo + chunk]
            picked.append(np.flatnonzero((heads >= first) & (heads < beyond)) + lo)
        arcs = np.concatenate(picked)
        start = int(in_offsets[first])
        costs = records["cost"][arcs] + paid[tails[arcs]]
        order = np.lexsort((costs, records["node"][arcs]))
        arcs, costs = arcs[order], costs[order]
        for lo in range(0, len(arcs), chunk):
            some = arcs[lo : lo + chunk]
            rows = records[some]
            rows["node"] = tails[some]
            rows["cost"] = costs[lo : lo + chunk]
            target[start + lo : start + lo + len(some)] = rows
            numbers[start + lo : start + lo + len(some)] = some


def _ranges(in_offsets: Vector, chunk: int) -> Iterator[tuple[int, int]]:
    """Cut the nodes into ranges that at most `chunk` arcs enter (or one node, if more enter it)."""
    import numpy as np

    first, nodes = 0, len(in_offsets) - 1
    while first < nodes:
        beyond = int(np.searchsorted(in_offsets, in_offsets[first] + chunk, side="right")) - 1
        beyond = min(max(beyond, first + 1), nodes)
        yield first, beyond
        first = beyond


def _column(name: str, values: Any, length: int) -> Vector:
    import numpy as np

    column: Vector = np.asarray(values)
    if column.ndim != 1 or len(column) != length:
        raise ValueError(f"{name}: {column.shape} numbers for {length} places")
    if length and column.dtype.kind not in "iu":
        raise ValueError(f"{name}: whole numbers are needed, got {column.dtype}")
    return column


def _check(name: str, values: Vector, limits: Any) -> None:
    """Refuse numbers that would wrap in their column."""
    if len(values) and (int(values.min()) < limits.min or int(values.max()) > limits.max):
        raise ValueError(f"{name}: numbers must be from {limits.min} to {limits.max}")
