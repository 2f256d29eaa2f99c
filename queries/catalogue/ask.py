"""Asking: parameters checked, the engine asked, rows sorted the same way whatever engine answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ontologies.errors import BadInput
from queries.catalogue.askers import Asker, Cell
from queries.catalogue.question import Question
from queries.catalogue.values import Value, read_value

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["QuestionAnswer", "ask", "check_parameters"]


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """The rows of an answer in the order of the question's header; `truncated` says why rows are missing (empty: none are).

    `question` and `engine` are names; `types` are those of the columns.
    """

    question: str
    engine: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    truncated: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self.rows)

    def values(self) -> list[tuple[Cell, ...]]:
        """Return the rows as a list."""
        return list(self.rows)

    def to_dicts(self) -> list[dict[str, Cell]]:
        """Return one dict per row, column name to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> Any:
        """Return the answer as a pandas data frame; raises `MissingPart` where pandas is not installed."""
        from queries.frames import data_frame

        kinds = {"integer": "Int64", "boolean": "boolean"}
        frame = data_frame(self.columns, self.rows)
        return frame.astype({c: kinds[t] for c, t in zip(self.columns, self.types, strict=True) if t in kinds})

    def to_arrow(self) -> pa.Table:
        """Return the answer as an Arrow table."""
        import pyarrow as pa

        kinds = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
        arrays = [
            pa.array([row[place] for row in self.rows], type=kinds.get(kind, pa.string()))
            for place, kind in enumerate(self.types)
        ]
        return pa.Table.from_arrays(arrays, names=list(self.columns))


def ask(
    question: Question,
    asker: Asker,
    parameters: Mapping[str, Any] | None = None,
    *,
    timeout: float | None = None,
    limit: int | None = None,
) -> QuestionAnswer:
    """Return the answer of a question; entities are given as CURIEs. `limit` cuts the sorted rows.

    Raises `BadInput` for a parameter that the question does not have, cannot take, or lacks, and what the engine raises.

    >>> from kg.graph import Graph
    >>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
    >>> from kg.rdf import to_rdflib
    >>> from queries.catalogue.askers import RdflibAsker
    >>> from queries.catalogue.question import question
    >>> blocks = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
    >>> graph = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene"),
    ...     Assertion(blocks, Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro"))])
    >>> answer = ask(question("targets_of_drug"), RdflibAsker(to_rdflib(graph)), {"drug": "DRUGBANK:DB12159"})
    >>> answer.rows[0][:4]
    ('HGNC:6015', 'IL4R', 'Gene', 'decreases_activity_of')
    """
    values = check_parameters(question, parameters or {})
    if limit is not None and limit < 0:
        raise BadInput(f"at most {limit} rows make no sense; give 0 or more")
    fetched = asker.fetch(question, values, timeout=timeout)
    rows, truncated = _sorted(question, fetched.rows), fetched.truncated
    if limit is not None and len(rows) > limit:
        rows, truncated = rows[:limit], truncated or f"the first {limit:,} of {len(rows):,} rows"
    columns = tuple(column.name for column in question.columns)
    kinds = tuple(column.type for column in question.columns)
    return QuestionAnswer(question.name, asker.name, columns, kinds, tuple(rows), truncated)


def check_parameters(question: Question, given: Mapping[str, Any]) -> dict[str, Value]:
    """Return the value of every parameter of a question, checked; what is not given has its default.

    Raises `BadInput` with everything that is wrong with what was given.

    >>> from queries.catalogue.question import question
    >>> check_parameters(question("targets_of_drug"), {"drug": "DRUGBANK:DB12159"})
    {'drug': 'DRUGBANK:DB12159', 'min_support': 0}
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    problems = [_unknown(name, list(known)) for name in given if name not in known]
    values: dict[str, Value] = {}
    for name, parameter in known.items():
        try:
            values[name] = read_value(parameter, given.get(name, parameter.default))
        except BadInput as error:
            problems.append(error.message)
    if problems:
        raise BadInput(f"{question.name}: {'; '.join(problems)}")
    return values


def _unknown(name: str, known: list[str]) -> str:
    if not known:
        return f"there is no parameter {name!r} (this question has none)"
    near = get_close_matches(name, known, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    return f"there is no parameter {name!r} (it has: {', '.join(known)}){meant}"


def _sorted(question: Question, rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """Sort by the header's order, then by all columns; what is missing comes last. Equal rows are one."""
    found = list(dict.fromkeys(rows))
    places = {column.name: place for place, column in enumerate(question.columns)}
    keys = [*((places[name], largest) for name, largest in question.order), *((p, False) for p in places.values())]
    for place, largest in reversed(keys):
        if largest:
            found.sort(key=lambda row: (row[place] is not None, _comparable(row[place])), reverse=True)
        else:
            found.sort(key=lambda row: (row[place] is None, _comparable(row[place])))
    return found


def _comparable(value: Cell) -> Any:
    return 0 if value is None else value
