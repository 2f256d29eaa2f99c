"""Where in the whole of a script or a typed text an error is, and the caret under the place."""

from __future__ import annotations

import unicodedata

from immunokg.shell.statements import Statement
from ontologies.errors import BackendError, BadInput, ImmunoKGError, UnknownThing
from queries.query_errors import QueryError

__all__ = ["PlacedError", "caret_lines", "place_error"]

_LEFT = 2


class PlacedError(QueryError):
    """An error in a query, by line and column of the whole text; `row` is the line it is in."""

    def __init__(self, error: QueryError, statement: Statement, source: str, row: str) -> None:
        fault = error.faults[0]
        line = statement.line + error.line - 1
        column = error.column + (statement.column - 1 if error.line == 1 else 0)
        super().__init__(source, line, column, "", fault.problem, fault.fix)
        self.text = error.text
        self.row = row


def place_error(error: ImmunoKGError, statement: Statement, whole: str, source: str, *, typed: bool) -> ImmunoKGError:
    """Return an error of a statement as an error of the whole text, of the same family.

    What is typed needs no line number unless the error is inside a query; what stands in a file always does.
    """
    if isinstance(error, PlacedError):
        return error
    if isinstance(error, QueryError):
        rows = whole.split("\n")
        line = statement.line + error.line - 2
        return PlacedError(error, statement, source, rows[line] if line < len(rows) else "")
    if typed:
        return error
    message = f"{source}:{statement.line}:{statement.column}: {error}"
    if isinstance(error, BadInput | UnknownThing):
        return BadInput(message)
    return BackendError(message) if isinstance(error, BackendError) else error


def caret_lines(row: str, column: int, width: int) -> tuple[str, str]:
    """Return the line of a query and, below it, a caret under the column (from 1); long lines are cut around it.

    >>> for line in caret_lines("SELECT * { ?s ?p ?o } LIMT 3", 23, 80):
    ...     print(line)
      SELECT * { ?s ?p ?o } LIMT 3
                            ^
    """
    shown = [" " if c == "\t" else c if c.isprintable() else "?" for c in row.rstrip("\r\n")]
    at = min(max(column - 1, 0), len(shown))
    room = max(width - _LEFT - 1, 20)
    start = 0
    if sum(map(_cells, shown)) > room:
        start = at
        while start > 0 and sum(map(_cells, shown[start - 1 : at])) <= room * 2 // 3:
            start -= 1
    kept: list[str] = []
    for c in shown[start:]:
        if sum(map(_cells, kept)) + _cells(c) > room:
            break
        kept.append(c)
    before = sum(map(_cells, shown[start:at]))
    return " " * _LEFT + "".join(kept), " " * (_LEFT + before) + "^"


def _cells(character: str) -> int:
    """Return how many cells of a terminal a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
