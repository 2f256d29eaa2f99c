"""Tab-separated tables with a header line: rows as mappings of text, each with its line number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from loaders.base import LossReport
from loaders.streams import read_capped
from ontologies.errors import Fault

__all__ = ["MAX_FILE", "TsvRow", "read_tsv"]

MAX_FILE = 8 * 1024**2
"""Bytes in one table: 8 MB."""


class TsvRow(NamedTuple):
    """One row: its line, and its cells by column name (stripped)."""

    line: int
    cells: dict[str, str]


def read_tsv(stream: IO[bytes], *, name: str, columns: Sequence[str], report: LossReport) -> Iterator[TsvRow]:
    r"""Yield the rows of a table that has exactly `columns`; comment lines (``#``) and blank lines are skipped.

    A missing, unknown or repeated column, and a row with too few or too many cells, are faults; so are bytes that are not
    UTF-8, and control characters. Raises `BadInput` for a file beyond `MAX_FILE` bytes.

    >>> import io
    >>> table = io.BytesIO(b"key\tparent\nBRAVE-AA1\t\n")
    >>> [row.cells for row in read_tsv(table, name="s.tsv", columns=["key", "parent"], report=LossReport())]
    [{'key': 'BRAVE-AA1', 'parent': ''}]
    """
    header: list[str] | None = None
    offset = 0
    for line, data in enumerate(read_capped(stream, name=name, cap=MAX_FILE).split(b"\n"), 1):
        text = _decode(data, line, offset, name, report)
        offset += len(data) + 1
        if not text or not text.strip() or text.startswith("#"):
            continue
        cells = [cell.strip() for cell in text.split("\t")]
        if header is None:
            header = cells
            if not _check_header(header, columns, line, name, report):
                return
        elif len(cells) > len(header):
            report.fault(Fault(name, line, problem=f"{len(cells)} cells under {len(header)} columns", fix="check the tabs"))
        else:
            yield TsvRow(line, dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)))
    if header is None:
        report.fault(Fault(name, 1, 1, problem="the table is empty", fix=f"start with the header {' '.join(columns)}"))


def _decode(data: bytes, line: int, offset: int, name: str, report: LossReport) -> str | None:
    if line == 1:
        data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.rstrip(b"\r").decode()
    except UnicodeDecodeError as error:
        column = len(data[: error.start].decode("utf-8", "replace")) + 1
        problem = f"byte {offset + error.start} (0x{data[error.start]:02x}) is not UTF-8"
        report.fault(Fault(name, line, column, problem=problem, fix="save the file as UTF-8"))
        return None
    bad = next((at for at, char in enumerate(text) if char < " " and char != "\t"), None) if text else None
    if bad is not None:
        problem = f"control character U+{ord(text[bad]):04X}"
        report.fault(Fault(name, line, bad + 1, problem=problem, fix="remove it"))
        return None
    return text


def _check_header(header: list[str], columns: Sequence[str], line: int, name: str, report: LossReport) -> bool:
    missing = [column for column in columns if column not in header]
    extra = [column for column in header if column not in columns]
    for column in missing:
        report.fault(Fault(name, line, field=column, problem="the column is missing",
                           fix=f"the columns are {' '.join(columns)}"))
    for column in extra:
        report.fault(Fault(name, line, field=column, problem="unknown column", fix=f"the columns are {' '.join(columns)}"))
    if len(set(header)) < len(header):
        report.fault(Fault(name, line, problem="a column is given twice", fix="remove one"))
    return not missing and len(set(header)) == len(header)
