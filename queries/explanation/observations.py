r"""Reading measured directions: a table of markers that went up or down, as people keep it.

One row a marker: its name (any name, synonym or identifier of the graph), its direction, and the study, if wanted. The table
is UTF-8 text with tabs, commas or semicolons between the cells, with or without a header, quotes where needed, and ``#``
before comments. All faults of a file come in one error, each with line and column.

>>> seen = read_observations("CCL26\tdown\nhair keratins\t+\n", lambda name: name.upper())
>>> [(marker.node, marker.direction) for marker in seen.markers]
[('CCL26', -1), ('HAIR KERATINS', 1)]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ontologies.errors import AmbiguousName, BackendError, BadInput, Fault, UnknownName

__all__ = ["DOWN", "MAX_BYTES", "MAX_FAULTS", "MAX_LINE", "MAX_ROWS", "UP", "Observations", "ObservedMarker", "read_observations"]

MAX_BYTES = 5 * 1024**2
"""Size of the largest table that is read: 5 MB."""
MAX_ROWS = 20_000
"""Rows of the longest table that is read: about one for each human gene."""
MAX_LINE = 10_000
"""Characters in the longest line that is read."""
MAX_FAULTS = 100
"""Faults that are listed; after them reading stops."""

UP = frozenset({
    "up", "+", "+1", "1", "increase", "increased", "increases", "increasing", "higher", "high", "raised", "rise", "rises", "rose",
    "elevated", "upregulated", "up-regulated", "up regulated", "gain", "gained", "\u2191", "\u2b06",
})  # fmt: skip
"""Words and signs that mean that a marker went up, in lower case."""
DOWN = frozenset({
    "down", "-", "-1", "decrease", "decreased", "decreases", "decreasing", "lower", "low", "lowered", "reduced", "fall", "falls",
    "fell", "suppressed", "downregulated", "down-regulated", "down regulated", "loss", "lost", "\u2193", "\u2b07",
})  # fmt: skip
"""Words and signs that mean that a marker went down, in lower case."""

_NONE = frozenset({"0", "=", "none", "ns", "n.s.", "unchanged", "no change", "stable", "same", "\u2194", "\u2192"})
_HEADERS = {
    "entity": ("entity", "name", "marker", "biomarker", "gene", "symbol", "id", "curie", "node"),
    "direction": ("direction", "change", "sign", "regulation", "effect", "observed"),
    "study": ("study", "source", "reference", "publication", "pmid", "doi"),
}
_HOW = "write up or down"
_FEWER = "give the markers that matter, not all that was measured"
_SPACES = re.compile(r" *")
_QUOTED = re.compile(r'"((?:[^"]|"")*)" *')
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\ufe63": "-", "\uff0d": "-", "\uff0b": "+", "\ufe0f": None})


@dataclass(frozen=True, slots=True)
class ObservedMarker:
    """One entity that was measured: its CURIE, its name in the file, +1 (up) or -1 (down), studies and lines that say so."""

    node: str
    name: str
    direction: int
    studies: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Observations:
    """The markers of a table that the graph holds, in the order of the table, and what could not be used.

    `unknown` are names of nothing in the graph; `ambiguous` names of several things, each with these; `contested` are
    entities that moved both ways in different studies. Each is listed once.
    """

    markers: tuple[ObservedMarker, ...] = ()
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()


class _Cell(NamedTuple):
    column: int
    text: str


class _Row(NamedTuple):
    line: int
    name: _Cell
    direction: int
    study: str


@dataclass
class _Reader:
    """What is known while a table is read."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    columns: dict[str, int] | None = None

    def fault(self, line: int, column: int, part: str, problem: str, fix: str) -> None:
        self.faults.append(Fault(self.file, line, column, part, problem, fix))
        if len(self.faults) >= MAX_FAULTS:
            self.check(truncated=True)

    def check(self, *, truncated: bool = False) -> None:
        if self.faults:
            number = f"{len(self.faults)} fault{'s' if len(self.faults) > 1 else ''}"
            raise BadInput(f"{number} in {self.file}", self.faults, truncated=truncated)

    def rows(self, text: str) -> Iterator[_Row]:
        """Yield the rows that are whole, faults to one side."""
        delimiter, rows = "", 0
        for line, content in enumerate(re.split(r"\r\n|\n|\r", text), 1):
            if not content.strip() or content.lstrip().startswith("#"):
                continue
            if len(content) > MAX_LINE:
                self.fault(line, MAX_LINE + 1, "", f"a line of {len(content)} characters", "write one row a line")
                continue
            bad = next((at for at, char in enumerate(content) if char < " " and char != "\t"), None)
            if bad is not None:
                self.fault(line, bad + 1, "", f"control character U+{ord(content[bad]):04X}", "remove it")
                continue
            delimiter = delimiter or next((mark for mark in "\t,;" if mark in content), "\t")
            cells = self._cells(content, delimiter, line)
            if cells is None:
                continue
            if self.columns is None and self._is_header(cells, line):
                continue
            rows += 1
            if rows > MAX_ROWS:
                self.fault(line, 1, "", f"more than {MAX_ROWS} rows", _FEWER)
                self.check(truncated=True)
            row = self._row(cells, line)
            if row is not None:
                yield row
        if not rows and not self.faults:
            self.fault(1, 1, "", "the table holds no marker", "write one row a marker: its name, a tab, up or down")

    def _cells(self, content: str, delimiter: str, line: int) -> list[_Cell] | None:
        """Split a line; a quoted cell may hold the delimiter, and doubled quotes."""
        cells: list[_Cell] = []
        at = 0
        while True:
            start = _SPACES.match(content, at).end()  # type: ignore[union-attr]  # a pattern of * always matches
            if content[start : start + 1] == '"':
                found = _QUOTED.match(content, start)
                if found is None or content[found.end() : found.end() + 1] not in ("", delimiter):
                    self.fault(line, start + 1, "", "the quotes of this cell do not close before the next cell", 'write "…"')
                    return None
                cells.append(_Cell(start + 1, found[1].replace('""', '"').strip()))
                at = found.end()
            else:
                end = content.find(delimiter, at)
                end = len(content) if end < 0 else end
                cells.append(_Cell(start + 1, content[at:end].strip()))
                at = end
            if at >= len(content):
                return cells
            at += 1

    def _is_header(self, cells: list[_Cell], line: int) -> bool:
        """Take the first row as a header if it names the column of directions; else the columns stand in their order."""
        words = [cell.text.casefold() for cell in cells]
        found = {part: next((words.index(w) for w in names if w in words), -1) for part, names in _HEADERS.items()}
        self.columns = {"entity": 0, "direction": 1, "study": 2}
        if found["direction"] < 0 or any(_direction(word) for word in words):
            return False
        if found["entity"] < 0:
            self.fault(line, 1, "entity", "the header names no column of markers", "call it entity")
        self.columns = {part: place for part, place in found.items() if place >= 0} | {"entity": max(found["entity"], 0)}
        self.columns["width"] = len(cells)
        return True

    def _row(self, cells: list[_Cell], line: int) -> _Row | None:
        assert self.columns is not None
        width = self.columns.get("width", 3)
        before = len(self.faults)
        while len(cells) > width and not cells[-1].text:
            cells.pop()
        if len(cells) > width:
            self.fault(line, cells[width].column, "", f"{len(cells)} cells where there are {width} columns", "quote the name")
        beyond = cells[-1].column + len(cells[-1].text)
        empty = _Cell(beyond, "")
        name, said, study = (
            cells[self.columns[part]] if self.columns.get(part, len(cells)) < len(cells) else empty
            for part in ("entity", "direction", "study")
        )
        if not name.text:
            self.fault(line, name.column, "entity", "is missing", "name what was measured")
        direction = _direction(said.text)
        if not said.text:
            self.fault(line, said.column, "direction", "is missing", _HOW)
        elif not direction:
            self.fault(line, said.column, "direction", *_why_not(said.text))
        return _Row(line, name, direction, study.text) if len(self.faults) == before else None


def read_observations(
    source: Path | str | bytes, resolve: Callable[[str], str], *, name: str = "observations"
) -> Observations:
    """Read a table of measured directions; `resolve` gives the CURIE of a name.

    `source` is the path of a file, or the text or bytes of one, which errors then call `name`. `resolve` raises
    `UnknownName` or `AmbiguousName` for names that are not fatal here: they are returned. An entity that is named twice
    with one direction counts once; with both directions it is a fault within one study, and contested between studies.

    Raises:
        BadInput: the file does not exist, is too large, is not UTF-8, or holds faulty rows (all listed, up to a hundred).
        BackendError: the file system failed.

    >>> read_observations("CCL26,sideways", str)
    Traceback (most recent call last):
    ...
    ontologies.errors.BadInput: 1 fault in observations
      observations:1:7: direction: 'sideways' is no direction (write up or down)
    """
    if isinstance(source, Path):
        name = source.name
    reader = _Reader(name)
    rows = list(reader.rows(_text(source, reader)))
    curies: dict[str, str] = {}
    unknown: dict[str, None] = {}
    ambiguous: dict[str, str] = {}
    found: dict[str, list[_Row]] = {}
    for row in rows:
        text = row.name.text
        if text not in curies and text not in unknown and text not in ambiguous:
            try:
                curies[text] = resolve(text)
            except AmbiguousName as error:
                ambiguous[text] = f"{text} ({', '.join(f'{what} {curie}' for what, curie in error.candidates)})"
            except UnknownName:
                unknown[text] = None
        if text in curies:
            found.setdefault(curies[text], []).append(row)
    contested = [node for node, of_node in found.items() if _is_contested(of_node, reader)]
    reader.check()
    return Observations(
        tuple(
            ObservedMarker(
                node, of_node[0].name.text, of_node[0].direction,
                tuple(dict.fromkeys(row.study for row in of_node if row.study)), tuple(row.line for row in of_node),
            )
            for node, of_node in found.items() if node not in contested
        ),
        tuple(unknown), tuple(ambiguous.values()), tuple(found[node][0].name.text for node in contested),
    )  # fmt: skip


def _is_contested(rows: list[_Row], reader: _Reader) -> bool:
    """Tell whether one entity moved both ways; within one study that is a fault."""
    first: dict[str, _Row] = {}
    for row in rows:
        other = first.setdefault(row.study, row)
        if other.direction != row.direction:
            problem = f"{row.name.text} is {_word(row.direction)} here and {_word(other.direction)} on line {other.line}"
            reader.fault(row.line, row.name.column, "direction", problem, "keep one, or name the two studies")
    return len({row.direction for row in rows}) > 1


def _word(direction: int) -> str:
    return "up" if direction > 0 else "down"


def _direction(text: str) -> int:
    """Return +1, -1, or 0 for what is no direction."""
    word = " ".join(text.translate(_MINUS).casefold().split())
    return 1 if word in UP else -1 if word in DOWN else 0


def _why_not(text: str) -> tuple[str, str]:
    shown = text if len(text) <= 40 else text[:40] + "…"
    word = " ".join(text.translate(_MINUS).casefold().split())
    if word in _NONE:
        return f"{shown!r} says that nothing changed", "leave out the row: only directions are tested"
    if re.fullmatch(r"[+-]?\d{1,30}([.,]\d{1,30})?(e[+-]?\d{1,4})?", word):
        return f"{shown!r} is a number", f"{_HOW}: a ratio below 1 and a negative logarithm both mean down"
    return f"{shown!r} is no direction", _HOW


def _text(source: Path | str | bytes, reader: _Reader) -> str:
    """Return the text of the source, without its byte order mark; faults of the encoding name line and column."""
    if isinstance(source, Path):
        try:
            with source.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            problem = "is a directory" if source.is_dir() else "does not exist"
            raise BadInput(f"{source}: {problem}; name a table of markers") from error
        except (OSError, ValueError) as error:
            raise BackendError(f"{source}: {getattr(error, 'strerror', None) or error}") from error
    else:
        data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    if len(data) > MAX_BYTES:
        reader.fault(0, 0, "", f"larger than {MAX_BYTES // 1024**2} MB", _FEWER)
        reader.check()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        reader.fault(1, 1, "", "the file is UTF-16", "save it as UTF-8 text")
        reader.check()
    data = data.removeprefix(b"\xef\xbb\xbf")
    lines = []
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data), 1):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode("utf-8", "replace")) + 1
            reader.fault(number, column, "", f"byte 0x{line[error.start]:02x} is not UTF-8", "save the file as UTF-8")
            lines.append("#")
    return "\n".join(lines)
