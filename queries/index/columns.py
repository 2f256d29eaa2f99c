"""Named columns of numbers and texts in one file that is mapped into memory: opening reads the header and nothing else.

The file starts with a magic line and the length of a JSON header, which lists for every column its place, its number of items
and its type, and carries whatever else the writer wants to say (`meta`); a checksum covers the header. Texts are two columns:
their UTF-8 bytes in one stretch, and where each ends.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, overload

from ontologies.errors import BackendError

Buffer: TypeAlias = Any
"""Anything that gives its memory: bytes, an array, a numpy array."""

__all__ = ["Columns", "Texts", "pack_texts", "write_columns"]

_MAGIC = b"IKGCOLS1"
_BORDER = 64


class Columns(Mapping[str, memoryview]):
    """The columns of an open file by name, as memoryviews of numbers; `meta` is what its writer said beside them."""

    def __init__(self, views: Mapping[str, memoryview], meta: Mapping[str, Any]) -> None:
        self._views, self.meta = views, meta

    def __getitem__(self, name: str) -> memoryview:
        return self._views[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)

    def texts(self, name: str) -> Texts:
        """Return a column of texts, decoded one by one as they are asked for."""
        return Texts(self._views[f"{name}_bytes"], self._views[f"{name}_ends"])

    @classmethod
    def of(cls, columns: Mapping[str, Buffer], meta: Mapping[str, Any]) -> Columns:
        """Return columns that are in memory.

        >>> Columns.of({"a": array("I", [1, 2])}, {})["a"].tolist()
        [1, 2]
        """
        return cls({name: memoryview(column) for name, column in columns.items()}, meta)

    @classmethod
    def open(cls, path: Path) -> Columns:
        """Map a file into memory.

        Raises `BackendError` when it is missing, cut short, damaged in its header, or from a machine of the other byte order.
        """
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                data = memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) if size else b"")
        except OSError as error:
            raise BackendError(f"{path}: {error.strerror or error}; build the path index again") from error
        try:
            header = _read_header(data)
            views = {}
            for name, (start, count, code) in header["columns"].items():
                width = array(code).itemsize
                part = data[start : start + count * width]
                if len(part) != count * width:
                    raise ValueError("cut short")  # noqa: TRY301  # told as any other damage
                views[name] = part.cast(code) if count else memoryview(array(code))
        except (ValueError, KeyError, TypeError) as error:
            raise BackendError(f"{path}: the path index is damaged ({error}); build it again") from error
        return cls(views, header["meta"])


class Texts(Sequence[str]):
    """Texts by number, decoded when asked for; `find` is a binary search where they are sorted."""

    def __init__(self, data: memoryview, ends: memoryview) -> None:
        self._data, self._ends = data, ends

    def __len__(self) -> int:
        return len(self._ends)

    def raw(self, number: int) -> bytes:
        """Return the bytes of one text."""
        return bytes(self._data[self._ends[number - 1] if number else 0 : self._ends[number]])

    @overload
    def __getitem__(self, number: int) -> str: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[str]: ...

    def __getitem__(self, number: int | slice) -> str | Sequence[str]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self.raw(number % len(self)).decode()

    def find(self, text: str) -> int | None:
        """Return the number of a text, or None; the texts must be sorted by their bytes.

        >>> Texts(*map(memoryview, pack_texts(["CL:1", "HGNC:6015", "MONDO:1"]))).find("HGNC:6015")
        1
        """
        wanted, low, high = text.encode(), 0, len(self)
        while low < high:
            middle = (low + high) // 2
            found = self.raw(middle)
            if found == wanted:
                return middle
            if found < wanted:
                low = middle + 1
            else:
                high = middle
        return None


def pack_texts(texts: Sequence[str]) -> tuple[bytes, array[int]]:
    """Return the bytes of texts in one stretch and where each ends.

    >>> pack_texts(["IL4", "IL13"])
    (b'IL4IL13', array('Q', [3, 7]))
    """
    parts = [text.encode() for text in texts]
    ends, end = array("Q"), 0
    for part in parts:
        end += len(part)
        ends.append(end)
    return b"".join(parts), ends


def write_columns(path: Path, columns: Mapping[str, Buffer], meta: Mapping[str, Any]) -> None:
    """Write columns to a new file; raises OSError if the disk refuses."""
    views = {name: memoryview(column) for name, column in columns.items()}
    places: dict[str, tuple[int, int, str]] = {}
    length = 0
    for _ in range(3):  # the header says where columns stand, which depends on its own length
        start = -(-(len(_MAGIC) + 16 + length) // _BORDER) * _BORDER
        for name, view in views.items():
            places[name] = (start, view.nbytes // view.itemsize, "B" if view.format in ("c", "?") else view.format)
            start += -(-view.nbytes // _BORDER) * _BORDER
        header = json.dumps({"columns": places, "meta": meta, "order": sys.byteorder}, ensure_ascii=False).encode()
        if len(header) <= length:
            break
        length = len(header) + 64
    header = header.ljust(length)
    with path.open("wb") as file:
        file.write(_MAGIC + len(header).to_bytes(8, "little") + zlib.crc32(header).to_bytes(8, "little") + header)
        for name, view in views.items():
            file.seek(places[name][0])
            if view.nbytes:
                file.write(view.cast("B"))
        file.truncate(max(file.tell(), start))
        file.flush()
        os.fsync(file.fileno())


def _read_header(data: memoryview) -> dict[str, Any]:
    if bytes(data[: len(_MAGIC)]) != _MAGIC:
        raise ValueError("no path index")
    at = len(_MAGIC)
    length, check = (int.from_bytes(data[at + n : at + n + 8], "little") for n in (0, 8))
    text = bytes(data[at + 16 : at + 16 + length])
    if len(text) != length or zlib.crc32(text) != check:
        raise ValueError("its header is not whole")
    header: dict[str, Any] = json.loads(text)
    if header["order"] != sys.byteorder:
        raise ValueError("made on another kind of machine")
    return header
