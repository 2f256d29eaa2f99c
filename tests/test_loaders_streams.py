"""Bytes from hostile files: gzip, bombs, cut-off files, long lines."""

from __future__ import annotations

import gzip
import io
import os
import time
from pathlib import Path

import pytest

from loaders.streams import MAX_BLANK_LINES, MAX_LINE, MAX_RATIO, RATIO_FLOOR, read_capped, read_chunks, read_lines
from ontologies.errors import BadInput
from tests.limits import HANG

TEXT = b"".join(b"line %d of some text\n" % number for number in range(20_000))


def _read(data: bytes, *, cap: int = 10**9) -> bytes:
    return b"".join(read_chunks(io.BytesIO(data), name="x", cap=cap))


class _Pipe(io.RawIOBase):
    """A stream that gives one byte at a time and cannot seek, like a slow pipe."""

    def __init__(self, data: bytes) -> None:
        self.rest = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self.rest.read(1)


@pytest.mark.parametrize("data", [b"", b"a", b"\x1f", TEXT], ids=["empty", "byte", "half-magic", "text"])
def test_plain_files_pass_through(data: bytes) -> None:
    """What is not gzip is left alone."""
    assert _read(data) == data


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(TEXT), gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]), gzip.compress(TEXT) + b"\0" * 512],
    ids=["one", "two-members", "padded"],
)
def test_gzip_is_unpacked(packed: bytes) -> None:
    """Gzip of one or several members, padded with zeros or not, is read as its text."""
    assert _read(packed) == TEXT


def test_a_pipe_is_read() -> None:
    """Short reads and streams that cannot seek do no harm."""
    packed = gzip.compress(TEXT[:3000])
    assert b"".join(read_chunks(_Pipe(packed), name="x")) == TEXT[:3000]  # type: ignore[arg-type]  # a pipe of the test


@pytest.mark.parametrize("length", [2, 3, 9, 10, 11, 100, 1024, 2048, 5000, -9, -8, -1])
def test_a_cut_off_gzip_is_a_fault(length: int) -> None:
    """Wherever the file ends, the error says that it ends too early, and at which byte."""
    packed = gzip.compress(TEXT)[:length]
    with pytest.raises(BadInput, match=f"cut off at compressed byte {len(packed)}"):
        _read(packed)


def test_damaged_gzip_is_a_fault() -> None:
    """A flipped bit or junk behind the end is noticed."""
    packed = bytearray(gzip.compress(TEXT))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(BadInput, match="damaged gzip"):
        _read(bytes(packed))
    with pytest.raises(BadInput, match="damaged gzip"):
        _read(gzip.compress(TEXT) + b"junk")


def test_a_bomb_is_refused_before_it_fills_memory() -> None:
    """Beyond the floor, text may be a hundred times the compressed size and no more."""
    bomb = gzip.compress(bytes(4 * RATIO_FLOOR))
    given = 0

    def read() -> None:
        nonlocal given
        for chunk in read_chunks(io.BytesIO(bomb), name="bomb.gz"):
            given += len(chunk)

    with pytest.raises(BadInput, match=f"more than {MAX_RATIO} times its size"):
        read()
    assert given <= RATIO_FLOOR + (1 << 16)


def test_many_empty_members_are_refused() -> None:
    """Half a million gzip files in one, each empty, cost time and say nothing."""
    started = time.perf_counter()
    with pytest.raises(BadInput, match="hardly any text"):
        _read(gzip.compress(b"") * 500_000)
    assert time.perf_counter() - started < HANG


def test_the_cap_holds_packed_and_plain() -> None:
    """What exceeds the cap is refused; what equals it is not."""
    assert _read(b"x" * 1000, cap=1000) == b"x" * 1000
    for data in (b"x" * 1001, gzip.compress(b"x" * 1001)):
        with pytest.raises(BadInput, match="too large"):
            _read(data, cap=1000)
    assert read_capped(io.BytesIO(b"ab"), name="x", cap=2) == b"ab"


def test_a_large_file_is_refused_before_reading(tmp_path: Path) -> None:
    """The size of a file on disk is looked at first: a sparse file of 3 GB costs nothing."""
    path = tmp_path / "large.jsonl"
    with path.open("wb") as stream:
        os.truncate(stream.fileno(), 3 * 1024**3)
    started = time.perf_counter()
    with path.open("rb") as stream, pytest.raises(BadInput, match="holds more than 2048 MB"):
        next(read_chunks(stream, name=path.name))
    assert time.perf_counter() - started < HANG


def test_lines_know_their_place() -> None:
    """Lines carry number and offset, whatever the chunks; blank ones are skipped, and so is a carriage return."""
    chunks = [b"one\r\n", b"\ntw", b"o\nthr", b"ee"]
    assert [tuple(line) for line in read_lines(chunks, name="x")] == [(1, 0, b"one"), (3, 6, b"two"), (4, 10, b"three")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x" * 10_000_000, "line is longer"),
        (b"short\n" + b"x" * (MAX_LINE + 1) + b"\n", "x:2:.*line is longer"),
        (b"\n" * 10_000_000, f"more than {MAX_BLANK_LINES} blank lines"),
        (b" \t\n" * 3_000_000, "blank lines"),
    ],
    ids=["one-line", "second-line", "newlines", "spaces"],
)
def test_hostile_lines_are_refused_quickly(data: bytes, message: str) -> None:
    """Endless lines and endless nothing end early."""
    started = time.perf_counter()
    with pytest.raises(BadInput, match=message):
        list(read_lines(read_chunks(io.BytesIO(data), name="x"), name="x"))
    assert time.perf_counter() - started < HANG
