"""Where each column of an arc table stands in its file: one header, then sections that start on 64-byte borders.

A forward arc is one record of 16 bytes (head, cost, class, relation, kind, sign), so that a search that reads a node's
arcs touches one stretch of memory. A reverse arc has the same form with the tail in place of the head and, in place of the
cost, the cost of the arc plus that of leaving its tail: what a backward search adds. All integers have the byte order of
the machine that wrote the file; another machine refuses it and the table is built anew from the graph.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ontologies.errors import BackendError

__all__ = ["HEADER", "RECORD", "Layout", "empty_header"]

HEADER = 4096
"""Bytes before the first section."""
RECORD = 16
"""Bytes of one arc record: 'I' node, 'I' cost, 'I' class, 'H' relation, 'B' kind, 'b' sign."""

_MAGIC = b"IKGARCS\n"
_VERSION = 1
_ORDER = 0x01020304
_FIELDS = struct.Struct("=8sIIQQQ")  # magic, version, byte order, nodes, arcs, classes
_CHECK = struct.Struct("=I")
_LARGEST = 2**32 - 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The sizes of an arc table and where its sections start; `classes` is one more than the highest class of an arc.

    Raises ValueError for more nodes or arcs than 32-bit numbers can name.

    >>> Layout(nodes=2, arcs=1, classes=1).total
    4544
    """

    nodes: int
    arcs: int
    classes: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.nodes <= _LARGEST and 0 <= self.arcs <= _LARGEST and 0 <= self.classes <= 2**32):
            raise ValueError(f"an arc table holds at most {_LARGEST} nodes and arcs, got {self.nodes} and {self.arcs}")

    def sections(self) -> Iterator[tuple[str, int, int]]:
        """Yield name, first byte and number of bytes of each section, in the order of the file."""
        sizes = {
            "offsets": 8 * (self.nodes + 1),
            "records": RECORD * self.arcs,
            "node_costs": 4 * self.nodes,
            "node_kinds": self.nodes,
            "in_offsets": 8 * (self.nodes + 1),
            "in_records": RECORD * self.arcs,
            "in_arcs": 4 * self.arcs,
        }
        start = HEADER
        for name, size in sizes.items():
            yield name, start, size
            start += -(-size // 64) * 64

    @property
    def total(self) -> int:
        """Bytes of the whole file."""
        _, start, size = list(self.sections())[-1]
        return start + -(-size // 64) * 64

    def header(self) -> bytes:
        """Return the header, with its checksum, padded to its full length."""
        fields = _FIELDS.pack(_MAGIC, _VERSION, _ORDER, self.nodes, self.arcs, self.classes)
        body = fields + b"".join(_SECTION.pack(start, size) for _, start, size in self.sections())
        return (body + _CHECK.pack(zlib.crc32(body))).ljust(HEADER, b"\0")

    @classmethod
    def read(cls, data: memoryview, place: str) -> Layout:
        """Read and check the header of a file of `len(data)` bytes.

        Raises BackendError, naming the place, for anything that is not a whole arc table of this machine and version.
        """
        if len(data) < HEADER:
            raise BackendError(f"{place}: the path index is cut short; build it again")
        magic, version, order, nodes, arcs, classes = _FIELDS.unpack_from(data, 0)
        if magic != _MAGIC:
            raise BackendError(f"{place}: is not a path index; build it again")
        if version != _VERSION or order != _ORDER:
            raise BackendError(f"{place}: the path index is of another version or kind of machine; build it again")
        try:
            layout = cls(nodes, arcs, classes)
        except ValueError:
            raise BackendError(f"{place}: the header of the path index is damaged; build it again") from None
        if bytes(data[:HEADER]) != layout.header():
            raise BackendError(f"{place}: the header of the path index is damaged; build it again")
        if len(data) != layout.total:
            raise BackendError(
                f"{place}: the path index is {len(data)} bytes long, its header says {layout.total}; build it again"
            )
        return layout

    def columns(self, data: memoryview) -> Mapping[str, memoryview]:
        """Cut the file into typed views, one per column; record fields are strided views."""
        cut: dict[str, memoryview] = {}
        for name, start, size in self.sections():
            part = data[start : start + size]
            if name.endswith("records"):
                prefix = name.removesuffix("records")
                for field, (code, first, step) in _RECORD_FIELDS.items():
                    cut[prefix + field] = _cast(part, code)[first::step]
            cut[name] = _cast(part, _CODES.get(name, "B"))
        return cut


_SECTION = struct.Struct("=QQ")
_CODES = {"offsets": "q", "node_costs": "I", "in_offsets": "q", "in_arcs": "I"}
_RECORD_FIELDS = {
    "heads": ("I", 0, 4),
    "costs": ("I", 1, 4),
    "classes": ("I", 2, 4),
    "relations": ("H", 6, 8),
    "kinds": ("B", 14, 16),
    "signs": ("b", 15, 16),
}


def _cast(part: memoryview, code: str) -> memoryview:
    """Cast bytes to numbers; an empty view cannot be cast."""
    codes: Any = code
    return part.cast(codes) if len(part) else memoryview(array(code))


def empty_header() -> bytes:
    """Return the header of an index that is still being written: no reader takes it.

    >>> len(empty_header()) == HEADER
    True
    """
    return bytes(HEADER)
