"""Rows as text, Markdown, JSON, JSON lines, CSV or TSV: the one place where commands print tables.

CSV and TSV are safe to open in a spreadsheet: a text cell that would start a formula is prefixed with an apostrophe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["render_rows", "safe_cell"]


def safe_cell(value: Any) -> str:
    """Return a value as the text of a CSV cell that no spreadsheet takes for a formula.

    >>> safe_cell("=cmd()"), safe_cell(-1), safe_cell(None), safe_cell(("IL4", "IL13"))
    ("'=cmd()", '-1', '', 'IL4|IL13')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = _cell(value)
    return f"'{text}" if text[:1] in "=+-@\t\r\n" and text else text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, Mapping):
        import json

        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, list | tuple | set | frozenset):
        return "|".join(_cell(v) for v in value)
    return str(value)


def render_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], format: str, *, width: int = 0) -> Iterator[str]:  # noqa: A002  # named as the option is
    """Yield the lines of a table in one of the six formats; `width` > 0 shortens text cells to fit a terminal.

    >>> list(render_rows(["name", "curie"], [("IL4R", "HGNC:6015")], "csv"))
    ['name,curie', 'IL4R,HGNC:6015']
    >>> list(render_rows(["name"], [("IL4R",)], "jsonl"))
    ['{"name": "IL4R"}']
    """
    if format in ("json", "jsonl"):
        yield from _json_rows(columns, rows, format)
    elif format in ("csv", "tsv"):
        yield from _separated_rows(columns, rows, "," if format == "csv" else "\t")
    elif format == "markdown":
        yield from _markdown_rows(columns, rows)
    else:
        yield from _text_rows(columns, rows, width)


def _json_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> Iterator[str]:
    import json

    objects = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=list) for row in rows)
    if form == "jsonl":
        yield from objects
        return
    held = None
    yield "["
    for text in objects:
        if held is not None:
            yield f"  {held},"
        held = text
    if held is not None:
        yield f"  {held}"
    yield "]"


def _separated_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], separator: str) -> Iterator[str]:
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="")
    writer.writerow(columns)
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([safe_cell(value) for value in row])
        yield buffer.getvalue()


def _markdown_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        cells = (_cell(v).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for v in row)
        yield "| " + " | ".join(cells) + " |"


def _text_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], width: int) -> Iterator[str]:
    table = [list(columns), *([_printable(_cell(v)) for v in row] for row in rows)]
    sizes = [max(len(row[i]) for row in table) for i in range(len(columns))]
    if width and sizes and sum(sizes) + 2 * (len(sizes) - 1) > width:
        _shrink(sizes, width)
    for number, row in enumerate(table):
        yield "  ".join(_fit(cell, size) for cell, size in zip(row, sizes, strict=True)).rstrip()
        if number == 0:
            yield "  ".join("─" * size for size in sizes)


def _shrink(sizes: list[int], width: int) -> None:
    """Take columns down from the widest until the table fits (no column below 8)."""
    room = width - 2 * (len(sizes) - 1)
    while sum(sizes) > room and max(sizes) > 8:
        sizes[sizes.index(max(sizes))] -= 1


def _fit(cell: str, size: int) -> str:
    return cell.ljust(size) if len(cell) <= size else cell[: size - 1] + "…"


def _printable(text: str) -> str:
    """Replace what would move the cursor or colour a terminal; a data file must not write escape codes."""
    return "".join(c if c.isprintable() else " " for c in text)
