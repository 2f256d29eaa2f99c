"""An answer of any engine and language as one table, as the shell prints and saves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ontologies.errors import BadInput

if TYPE_CHECKING:
    from queries.catalogue import QuestionAnswer
    from queries.cypher_engine.answer import CypherAnswer
    from queries.sparql_engine.terms import Answer

__all__ = ["FORMATS_BY_ENDING", "Table", "save_table", "table_of"]

FORMATS_BY_ENDING = {
    ".csv": "csv", ".tsv": "tsv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".md": "markdown", ".txt": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an answer. `truncated` says why rows are missing (empty: none are), `notices` what may be a slip.

    `single` is true for an answer that is one value and no table (of an ASK).
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: str = ""
    notices: tuple[str, ...] = ()
    single: bool = False

    def lines(self, form: str, *, width: int = 0) -> Iterator[str]:
        """Yield the lines of the table in one of the forms of `immunokg.tables`; `width` shortens cells for a terminal."""
        from immunokg.cells import readable, structured
        from immunokg.tables import render_rows

        if self.single and form in ("text", "json", "jsonl"):
            yield "true" if self.rows[0][0] else "false"
            return
        cell = structured if form in ("json", "jsonl") else readable
        rows = (tuple(map(cell, row)) for row in self.rows)
        yield from render_rows(self.columns, rows, form, width=width)


def table_of(answer: Answer | CypherAnswer | QuestionAnswer) -> Table:
    """Return an answer as a table: CURIEs for IRIs, Python's numbers and texts, nodes and paths as they are.

    >>> from queries.sparql_engine.terms import Truth
    >>> list(table_of(Truth(True)).lines("text"))
    ['true']
    """
    from queries.sparql_engine.terms import Solutions, Triples, Truth

    if isinstance(answer, Truth):
        return Table(("answer",), ((answer.value,),), single=True)
    if isinstance(answer, Triples):
        triples = tuple(tuple(term.python for term in triple) for triple in answer)
        return Table(("subject", "predicate", "object"), triples, answer.truncated)
    rows = tuple(answer.values()) if isinstance(answer, Solutions) else answer.rows
    notices: tuple[str, ...] = getattr(answer, "notices", ())
    return Table(answer.columns, rows, answer.truncated, notices)


def save_table(table: Table, path: Path) -> None:
    """Write a table to a file, in the form that its ending names; the file appears whole or not at all.

    Raises `BadInput` for an ending of no form, and `BackendError` when the file cannot be written.
    """
    from queries.export.atomic import atomic_file

    form = FORMATS_BY_ENDING.get(path.suffix.lower())
    if form is None:
        raise BadInput(f"{path.name}: the ending says no form; use one of: {', '.join(FORMATS_BY_ENDING)}")
    with atomic_file(path) as file:
        for line in table.lines(form):
            file.write(f"{line}\n".encode())
