"""Bytes from untrusted files: transparent gzip with bounded decompression, size caps, and lines with their place.

Everything is a generator over chunks, so a file of any size is read in constant memory, from a path or a pipe.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

from ontologies.errors import BadInput, Fault

__all__ = [
    "MAX_BLANK_LINES",
    "MAX_BYTES",
    "MAX_LINE",
    "MAX_RATIO",
    "MAX_TINY_MEMBERS",
    "RATIO_FLOOR",
    "Line",
    "read_capped",
    "read_chunks",
    "read_lines",
]

MAX_BYTES = 2 * 1024**3
"""Bytes of text (after decompression) that one file may hold: 2 GB."""
MAX_RATIO = 100
"""Bytes of text per compressed byte beyond which a gzip file counts as a bomb …"""
RATIO_FLOOR = 16 * 1024**2
"""… once it has given this many bytes (small repetitive files compress well and do no harm)."""
MAX_LINE = 1024**2
"""Bytes in one line: 1 MB."""
MAX_BLANK_LINES = 1_000
"""Blank lines in one file."""

MAX_TINY_MEMBERS = 1_000
"""Gzip members in one file, unless they hold a kilobyte of text each on average."""

_TINY = 1024
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"


class Line(NamedTuple):
    """One line without its end: its number from 1, the offset of its first byte, and its bytes."""

    number: int
    offset: int
    data: bytes


def read_chunks(stream: IO[bytes], *, name: str, cap: int = MAX_BYTES) -> Iterator[bytes]:
    """Yield the bytes of a stream in chunks, decompressed when they start like gzip.

    Raises `BadInput` for a gzip that is truncated, damaged or a bomb, and for text beyond `cap` bytes: a plain file whose
    size is known to exceed it is refused before anything is read.

    >>> import gzip, io
    >>> b"".join(read_chunks(io.BytesIO(gzip.compress(b"IL4R")), name="x.gz"))
    b'IL4R'
    """
    head = _read_exactly(stream, 2)
    if head == _GZIP:
        yield from _gunzip(stream, head, name, cap)
        return
    _refuse_large(stream, name, cap)
    total = 0
    chunk = head
    while chunk:
        total += len(chunk)
        if total > cap:
            raise _too_large(name, cap)
        yield chunk
        chunk = stream.read(_CHUNK)


def read_capped(stream: IO[bytes], *, name: str, cap: int) -> bytes:
    """Return all bytes of a stream (decompressed), or raise `BadInput` when there are more than `cap`.

    >>> import io
    >>> read_capped(io.BytesIO(b"topic: x"), name="x.yaml", cap=100)
    b'topic: x'
    """
    return b"".join(read_chunks(stream, name=name, cap=cap))


def read_lines(chunks: Iterable[bytes], *, name: str) -> Iterator[Line]:
    r"""Yield the lines of chunks with their number and offset; blank ones are skipped (up to `MAX_BLANK_LINES`).

    Raises `BadInput` for a line longer than `MAX_LINE` or too many blank lines.

    >>> [line.number for line in read_lines([b"a\n\nb", b"c"], name="x")]
    [1, 3]
    """
    number, offset, blank = 0, 0, 0
    rest: list[bytes] = []
    held = 0
    for chunk in chunks:
        pieces = chunk.split(b"\n")
        pieces[0] = b"".join([*rest, pieces[0]]) if len(pieces) > 1 else pieces[0]
        if len(pieces) > 1:
            rest, held = [], 0
        for data in pieces[:-1]:
            number += 1
            if len(data) > MAX_LINE:
                raise _long_line(name, number)
            if data.strip():
                yield Line(number, offset, data.rstrip(b"\r"))
            else:
                blank += 1
                if blank > MAX_BLANK_LINES:
                    raise _blank(name, number)
            offset += len(data) + 1
        rest.append(pieces[-1])
        held += len(pieces[-1])
        if held > MAX_LINE:
            raise _long_line(name, number + 1)
    last = b"".join(rest)
    if last.strip():
        yield Line(number + 1, offset, last.rstrip(b"\r"))


def _read_exactly(stream: IO[bytes], size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = stream.read(size - len(data))
        if not more:
            break
        data += more
    return data


def _refuse_large(stream: IO[bytes], name: str, cap: int) -> None:
    """Refuse a regular file that is larger than the cap before reading it."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, AttributeError, ValueError):
        return
    if stat.S_ISREG(found.st_mode) and found.st_size > cap:
        raise _too_large(name, cap)


def _gunzip(stream: IO[bytes], data: bytes, name: str, cap: int) -> Iterator[bytes]:
    """Decompress one or several gzip members, piece by piece, never holding more than a chunk of output."""
    taken, given, members = len(data), 0, 1
    member = zlib.decompressobj(wbits=31)
    while True:
        try:
            text = member.decompress(data, _CHUNK)
        except zlib.error as error:
            raise _damaged(name, f"is damaged gzip near compressed byte {taken} ({error})") from None
        given += len(text)
        if given > cap:
            raise _too_large(name, cap)
        if given > RATIO_FLOOR and given > MAX_RATIO * taken:
            raise _damaged(
                name, f"unpacks to more than {MAX_RATIO} times its size ({given} bytes so far)",
                "unpack it yourself and look at it before loading",
            )
        if text:
            yield text
        data = member.unconsumed_tail
        if member.eof:
            data = member.unused_data.lstrip(b"\0")
            while not data and (more := stream.read(_CHUNK)):
                taken += len(more)
                data = more.lstrip(b"\0")
            if not data:
                return
            members += 1
            if members > MAX_TINY_MEMBERS and given < members * _TINY:
                raise _damaged(name, f"is {members} gzip files in one with hardly any text in them")
            member = zlib.decompressobj(wbits=31)
        elif not data and len(text) < _CHUNK:
            data = stream.read(_CHUNK)
            taken += len(data)
            if not data:
                raise _damaged(name, f"is a gzip cut off at compressed byte {taken}, after {given} bytes of text")


def _damaged(name: str, problem: str, fix: str = "fetch the file again") -> BadInput:
    return BadInput(f"{name}: cannot be unpacked", [Fault(name, problem=problem, fix=fix)])


def _too_large(name: str, cap: int) -> BadInput:
    size = f"{cap // 1024**2} MB" if cap >= 1024**2 else f"{cap} bytes"
    return BadInput(f"{name}: too large", [Fault(name, problem=f"holds more than {size}", fix="split the file")])


def _long_line(name: str, number: int) -> BadInput:
    fault = Fault(name, number, MAX_LINE + 1, problem=f"the line is longer than {MAX_LINE} bytes",
                  fix="put one record on a line")
    return BadInput(f"{name}: too long a line", [fault])


def _blank(name: str, number: int) -> BadInput:
    fault = Fault(name, number, 1, problem=f"more than {MAX_BLANK_LINES} blank lines", fix="remove them")
    return BadInput(f"{name}: too many blank lines", [fault])
