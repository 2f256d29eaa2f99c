"""What is wrong with a query text, and why a query was stopped: the same errors for SPARQL and Cypher, on every engine."""

from __future__ import annotations

from ontologies.errors import BackendError, BadInput, Fault

__all__ = ["QueryError", "QueryStopped", "error_at"]


class QueryError(BadInput):
    """A query text cannot be run as it stands; `line` and `column` count from 1 in the user's own text.

    >>> print(QueryError("query", 2, 5, "SERVICE", "SERVICE is not allowed", "load the other data first"))
    query:2:5: SERVICE is not allowed, at 'SERVICE' (load the other data first)
    """

    def __init__(self, source: str, line: int, column: int, text: str, problem: str, fix: str = "") -> None:
        self.line = line
        self.column = column
        self.text = text
        near = f", at {text!r}" if text else ""
        fault = Fault(source, line, column, "", f"{problem}{near}", fix)
        super().__init__(str(fault), [fault])

    def __str__(self) -> str:
        return self.message


class QueryStopped(BackendError):
    """A query was stopped at a limit of time or memory, or took the engine down; the next query runs as usual."""


def error_at(text: str, start: int, token: str, source: str, problem: str, fix: str) -> QueryError:
    r"""Return the error about what stands at `start` (counted from 0) of a query text.

    >>> print(error_at("MATCH (n)\nDELETE n", 10, "DELETE", "query", "this writes", "read only"))
    query:2:1: this writes, at 'DELETE' (read only)
    """
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return QueryError(source, line, column, token[:40], problem, fix)
