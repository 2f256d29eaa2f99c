"""The few kinds of block a readable page is made of, and their rendering as terminal text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import fill, wrap
from typing import TypeAlias
from unicodedata import combining, east_asian_width

__all__ = ["Block", "Bullets", "Heading", "Paragraph", "Table", "render_markdown", "render_text"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of level 1, 2 or 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of items, numbered or not; an item may have lines of detail below it."""

    items: tuple[tuple[str, tuple[str, ...]], ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row; the last column takes the width that is left."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Heading | Paragraph | Bullets | Table

_BOLD, _DIM, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def render_text(blocks: Iterable[Block], *, width: int = 100, color: bool = False) -> str:
    """Return the page as text of at most `width` columns (long words are broken); `color` adds bold and dim.

    >>> print(render_text([Heading(2, "Fork"), Paragraph("IL4R down")], width=40))
    FORK
    IL4R down
    <BLANKLINE>
    """
    width = max(width, 30)
    out: list[str] = []
    for block in blocks:
        match block:
            case Heading(level, text):
                title = fill(text.upper() if level == 2 else text, width)
                if out and level < 3:
                    out.append("")
                out.append(f"{_BOLD}{title}{_OFF}" if color else title)
                if level == 1:
                    out.append("=" * min(width, max(len(line) for line in title.splitlines())))
            case Paragraph(text):
                out.append(fill(text, width))
            case Bullets(items, numbered):
                out.extend(_text_items(items, numbered, width, color))
            case Table(header, rows):
                out.extend(_text_table(header, rows, width, color))
    return "\n".join(out) + "\n"


def _text_items(
    items: Sequence[tuple[str, tuple[str, ...]]], numbered: bool, width: int, color: bool
) -> Iterable[str]:
    for number, (text, details) in enumerate(items, 1):
        mark = f"{number:>3}. " if numbered else "  - "
        yield fill(text, width, initial_indent=mark, subsequent_indent=" " * len(mark))
        for detail in details:
            lines = fill(detail, width, initial_indent=" " * (len(mark) + 2), subsequent_indent=" " * (len(mark) + 4))
            yield f"{_DIM}{lines}{_OFF}" if color else lines


def _text_table(header: Sequence[str], rows: Sequence[Sequence[str]], width: int, color: bool) -> Iterable[str]:
    widths = [max(_columns(row[i]) for row in (header, *rows)) for i in range(len(header))]
    widths[:-1] = [min(w, max(8, width // (len(header) + 1))) for w in widths[:-1]]
    widths[-1] = max(16, width - sum(widths[:-1]) - 2 * (len(header) - 1))
    for index, row in enumerate((header, *rows)):
        cells = [wrap(cell, w) or [""] for cell, w in zip(row, widths, strict=True)]
        for line in range(max(len(cell) for cell in cells)):
            parts = [
                _padded(cell[line] if line < len(cell) else "", w) for cell, w in zip(cells, widths, strict=True)
            ]
            text = "  ".join(parts).rstrip()
            yield f"{_BOLD}{text}{_OFF}" if color and index == 0 else text
        if index == 0:
            yield "  ".join("-" * w for w in widths)[:width]


def _columns(text: str) -> int:
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def render_markdown(blocks: Iterable[Block]) -> str:
    r"""Return the page as CommonMark with pipe tables; what looks like markup in names or findings is escaped.

    >>> print(render_markdown([Heading(2, "Fork"), Paragraph("IL4R *down*")]))
    ## Fork
    <BLANKLINE>
    IL4R \*down\*
    <BLANKLINE>
    """
    parts: list[str] = []
    for block in blocks:
        match block:
            case Heading(level, text):
                parts.append(f"{'#' * level} {_escaped(text)}")
            case Paragraph(text):
                parts.append(_escaped(text))
            case Bullets(items, numbered):
                lines = []
                for number, (text, details) in enumerate(items, 1):
                    mark = f"{number}." if numbered else "-"
                    lines.append(f"{mark} {_escaped(text)}")
                    lines.extend(f"{' ' * (len(mark) + 1)}- {_escaped(detail)}" for detail in details)
                parts.append("\n".join(lines))
            case Table(header, rows):
                lines = [_pipe_row(header), "|" + " --- |" * len(header), *(_pipe_row(row) for row in rows)]
                parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _pipe_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_escaped(cell).replace("|", "\\|") for cell in cells) + " |"


_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#"} | {"\n": " "})


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)
