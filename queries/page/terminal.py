"""A page as text for a terminal of any width: no line is longer, and none is broken inside a word that fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import combining, east_asian_width

from queries.page.blocks import (
    GLUE,
    Block,
    Bullets,
    FigurePlace,
    Heading,
    Item,
    Paragraph,
    References,
    Table,
    Verdict,
    plain,
)

__all__ = ["columns", "render_text", "wrap_columns"]

_BOLD, _DIM, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_NARROW = 30
_LEAST_LAST = 24


def render_text(blocks: Iterable[Block], *, width: int = 100, color: bool = False) -> str:
    """Return the page as text of at most `width` columns, 30 at least; `color` adds bold and dim.

    >>> print(render_text([Heading(2, "Fork"), Paragraph("IL4R down")], width=40))
    FORK
    IL4R down
    <BLANKLINE>
    """
    width = max(width, _NARROW)
    out: list[str] = []
    before: Block | None = None
    for block in blocks:
        if _apart(before, block):
            out.append("")
        before = block
        match block:
            case Heading():
                out.extend(_heading(block, width, color, first=not out))
            case Paragraph(text, note, warning):
                style = _DIM if note else _BOLD if warning else ""
                out.extend(_styled(wrap_columns(plain(text), width), style if color else ""))
            case Verdict(side, status, texts):
                lead = f"{side.upper()} {status}."
                lines = wrap_columns(f"{lead} {' '.join(plain(text) for text in texts)}", width)
                out.extend([lines[0].replace(lead, f"{_BOLD}{lead}{_OFF}", 1), *lines[1:]] if color else lines)
            case Bullets(items, numbered, tree):
                out.extend(_items(items, width, color, numbered=numbered, tree=tree))
            case Table():
                out.extend(_table(block, width, color))
            case References(entries):
                for entry in entries:
                    mark = f"{entry.number:>3}. "
                    out.extend(_hung(plain(f"{entry.text} {GLUE.join(plain((entry.identifier,)).split())}"), mark, width))
            case FigurePlace():
                pass
    return "\n".join(out) + "\n"


def _apart(before: Block | None, block: Block) -> bool:
    """Tell whether an empty line stands between two blocks; headings bring their own."""
    return (isinstance(block, Table) and not isinstance(before, Heading | None)) or (
        isinstance(block, Paragraph | Bullets) and isinstance(before, Table | Bullets | References)
    )


def _heading(heading: Heading, width: int, color: bool, *, first: bool) -> Iterator[str]:
    text = plain(heading.text)
    lines = wrap_columns(text.upper() if heading.level == 2 else text, width)
    if not first:
        yield ""
    yield from _styled(lines, _BOLD if color else "")
    if heading.level == 1:
        yield "=" * max((columns(line) for line in lines), default=0)


def _styled(lines: Iterable[str], style: str) -> Iterable[str]:
    return (f"{style}{line}{_OFF}" for line in lines) if style else lines


def _hung(text: str, mark: str, width: int, *, deeper: int = 0) -> list[str]:
    """Wrap a text behind a mark, its further lines below its first, or `deeper` to the right."""
    indent = " " * (len(mark) + deeper)
    first, *others = wrap_columns(text, max(width - len(indent), 8)) or [""]
    return [f"{mark}{first}", *(f"{indent}{line}" for line in others)]


def _items(
    items: Sequence[Item], width: int, color: bool, *, numbered: bool = False, tree: bool = False, depth: int = 0
) -> Iterator[str]:
    for number, item in enumerate(items, 1):
        indent = min(2 * depth, width // 3)
        mark = " " * indent + (f"{number:>3}. " if numbered else "  " if tree else "  - " if depth == 0 else "    ")
        lines = _hung(plain(item.text), mark, width, deeper=2 if depth else 0)
        yield from _styled(lines, _DIM if color and depth and not tree else "")
        yield from _items(item.details, width, color, tree=tree, depth=depth + 1)


def _table(table: Table, width: int, color: bool) -> Iterator[str]:
    yield from wrap_columns(plain(table.caption), width)
    cells = [[plain(cell) for cell in row] for row in (table.header, *table.rows)]
    widths = _widths(cells, width)
    if widths is None:
        yield from _stacked(table, width)
        return
    for index, row in enumerate(cells):
        wrapped = [wrap_columns(cell, w) or [""] for cell, w in zip(row, widths, strict=True)]
        for line in range(max(len(cell) for cell in wrapped)):
            parts = [
                _padded(cell[line] if line < len(cell) else "", w, right=i in table.numbers)
                for i, (cell, w) in enumerate(zip(wrapped, widths, strict=True))
            ]
            text = "  ".join(parts).rstrip()
            yield f"{_BOLD}{text}{_OFF}" if color and index == 0 else text
        if index == 0:
            yield "  ".join("-" * w for w in widths)


def _widths(cells: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Return the width of every column, or None when they cannot stand beside each other."""
    count = len(cells[0])
    wanted = [max(columns(line) for row in cells for line in row[i].split("\n")) for i in range(count)]
    longest = [max((columns(word) for row in cells for word in row[i].split()), default=0) for i in range(count)]
    room = width - 2 * (count - 1)
    if sum(wanted) <= room:
        return wanted
    most = [min(want, max(long, width // 4)) for want, long in zip(wanted[:-1], longest, strict=False)]
    for side_by_side in (most, longest[:-1]):
        last = room - sum(side_by_side)
        if last >= min(_LEAST_LAST, wanted[-1]):
            return [*side_by_side, min(last, wanted[-1])]
    return None


def _stacked(table: Table, width: int) -> Iterator[str]:
    """Print each row as lines of "header: cell" where the columns have no room."""
    for row in table.rows:
        cells = [(plain(name), plain(cell)) for name, cell in zip(table.header, row, strict=True)]
        for number, (name, cell) in enumerate((name, cell) for name, cell in cells if cell):
            yield from _hung(f"{name}: {cell}", "    " if number else "  - ", width)


def wrap_columns(text: str, width: int) -> list[str]:
    """Break a text at spaces into lines of at most `width` columns; only a word that is longer is cut.

    A line that ends in the text ends here too.

    >>> wrap_columns("IL-4 lowers IFN-gamma", 12)
    ['IL-4 lowers', 'IFN-gamma']
    """
    return [line for part in text.split("\n") for line in _wrapped(part, width)]


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for word in _words(text, width):
        size = columns(word)
        if line and used + 1 + size > width:
            lines.append(line)
            line, used = word, size
        else:
            line, used = (f"{line} {word}", used + 1 + size) if line else (word, size)
    return [part.replace(GLUE, " ") for part in ([*lines, line] if line else lines)]


def _words(text: str, width: int) -> Iterator[str]:
    """Yield words that fit into a line; words glued together are parted when they do not fit as one."""
    for glued in text.split(" "):
        for word in [glued] if columns(glued) <= width else glued.split(GLUE):
            rest = word
            while columns(rest) > width:
                cut = _cut(rest, width)
                yield rest[:cut]
                rest = rest[cut:]
            if rest:
                yield rest


def _cut(word: str, width: int) -> int:
    """Return how many characters fill at most `width` columns, one at least."""
    used = 0
    for index, character in enumerate(word):
        used += columns(character)
        if used > width:
            return max(index, 1)
    return len(word)


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes.

    >>> columns("IL-4Rα"), columns("干扰素")
    (6, 6)
    """
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - columns(text))
    return space + text if right else text + space
