"""The header of a question's file: comment lines that say what is asked, what may be given, and what comes back.

One parser reads it for running, for the linter and for the documentation. A header is the comment lines at the top of a
file; the mark is ``#`` in SPARQL and ``//`` in Cypher, the rest is the same in both::

    # title: Targets of a drug
    # question: On which genes does a drug act, and how many studies say so?
    # category: drugs
    # description: Any number of these lines; they are joined.
    # param: drug | entity Drug,Treatment | required | DRUGBANK:DB12159 | the drug
    # param: min_support | integer | 0 | 2 | only what at least so many studies support
    # column: target | entity | what it acts on
    # column: support | integer | studies in support
    # order: -support, target

A ``param`` has a name, a type (entities may be limited to categories), what holds when it is not given (``required``,
``any``, or a value), an example, and what it means. A ``column`` has a name, a type and a meaning. ``order`` names the
columns by which rows are sorted (``-`` for the largest first); what is missing comes last, and ties are sorted by all columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ontologies.errors import BadInput, Fault

__all__ = ["CATEGORIES", "COLUMN_TYPES", "MARKS", "PARAMETER_TYPES", "Column", "Header", "Parameter", "parse_header"]

CATEGORIES = {
    "drugs": "Drugs and their targets",
    "cytokines": "Cytokines, receptors and cells",
    "mechanisms": "Mechanisms and pathways",
    "clinic": "Drugs in the clinic",
    "diseases": "Diseases",
    "context": "Context and conditions",
    "evidence": "Evidence and studies",
    "disagreement": "Disagreement and gaps",
    "time": "Time",
    "provenance": "Sources",
    "overview": "The graph as a whole",
}
"""The categories a question may have, and their headings."""

PARAMETER_TYPES = ("boolean", "date", "entity", "integer", "number", "publication", "relation", "statement", "text")
COLUMN_TYPES = (
    "boolean", "category", "claim", "date", "entity", "evidence", "integer", "number", "publication", "relation", "statement",
    "text",
)  # fmt: skip
MARKS = {".rq": "#", ".cypher": "//"}
"""What begins a comment, by file name ending."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LINE = re.compile(r"([a-z]+):\s*(.*?)\s*")
_ONCE = ("title", "question", "category", "order")
_PARAM = "write it as: param: name | type | required, any or a value | example | meaning"
_COLUMN = "write it as: column: name | type | meaning"


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something a question may be given; `default` is the text that holds when it is not (empty: any), None if it must be.

    `example` is a value that makes sense on the shipped graph. `categories` limits an entity; any will do where it is empty.
    """

    name: str
    type: str
    default: str | None
    example: str
    description: str
    categories: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """True when the question cannot be asked without it."""
        return self.default is None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the answer: its name, the type of its values, and what they mean."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says; `order` holds (column, whether the largest comes first)."""

    title: str
    question: str
    category: str
    description: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    order: tuple[tuple[str, bool], ...]


def parse_header(text: str, *, mark: str, source: str) -> Header:
    r"""Return what the header of a file says; `source` names the file in errors.

    Raises `BadInput` with every fault of the header and its line.

    >>> text = "# title: Drugs\n# question: Which?\n# category: drugs\n# column: drug | entity | it\n# order: drug\nSELECT"
    >>> header = parse_header(text, mark="#", source="drugs.rq")
    >>> header.title, header.columns[0].type, header.order
    ('Drugs', 'entity', (('drug', False),))
    """
    faults: list[Fault] = []
    once: dict[str, str] = {}
    told: list[str] = []
    parameters: list[Parameter] = []
    columns: list[Column] = []
    for number, line in _header_lines(text, mark):
        match = _LINE.fullmatch(line)
        key, value = (match[1], match[2]) if match else ("", "")
        problem = fix = ""
        if key in _ONCE:
            if key in once:
                problem, fix = f"{key!r} stands twice", "keep one"
            once[key] = value
        elif key == "description":
            told.append(value)
        elif key == "param":
            problem, fix = _take_parameter(value, parameters), _PARAM
        elif key == "column":
            problem, fix = _take_column(value, columns), _COLUMN
        else:
            problem, fix = f"{line!r} is no line of a header", "use title, question, category, description, param, column, order"
        if problem:
            faults.append(Fault(source, number, 1, "", problem, fix))
    faults += [Fault(source, 1, 1, "", problem, fix) for problem, fix in _missing(once, columns)]
    order = _order(once.get("order", ""))
    known = {column.name for column in columns}
    twice = known & {parameter.name for parameter in parameters}
    faults += [Fault(source, 1, 1, "", f"{n!r} is a parameter and a column", "give them two names") for n in sorted(twice)]
    faults += [Fault(source, 1, 1, "order", f"there is no column {n!r}", "name a column") for n, _ in order if n not in known]
    if faults:
        raise BadInput(f"{len(faults)} faults in the header of {source}", faults)
    return Header(
        once["title"], once["question"], once["category"], " ".join(told), tuple(parameters), tuple(columns), order
    )  # fmt: skip


def _header_lines(text: str, mark: str) -> Iterator[tuple[int, str]]:
    """Yield number and content of the comment lines before the first other line."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith(mark):
            return
        yield number, line.removeprefix(mark).strip()


def _missing(once: dict[str, str], columns: list[Column]) -> Iterator[tuple[str, str]]:
    for key in _ONCE:
        if not once.get(key):
            yield f"{key!r} is missing", f"add a line '{key}: …'"
    if once.get("category") and once["category"] not in CATEGORIES:
        yield f"there is no category {once['category']!r}", f"use one of: {', '.join(CATEGORIES)}"
    if not columns:
        yield "there is no column", _COLUMN


def _take_parameter(value: str, found: list[Parameter]) -> str:
    """Add the parameter that a line states, or return what is wrong with the line."""
    cells = [cell.strip() for cell in value.split("|")]
    if len(cells) != 5 or not all(cells):
        return f"{len([c for c in cells if c])} parts where a parameter has 5"
    name, kind, default, example, meaning = cells
    kind, _, limits = kind.partition(" ")
    if problem := _name_problem(name, [parameter.name for parameter in found]):
        return problem
    if kind not in PARAMETER_TYPES:
        return f"there is no parameter type {kind!r} (use one of: {', '.join(PARAMETER_TYPES)})"
    if limits and kind != "entity":
        return f"only entities are limited to categories, not {kind!r}"
    standing = None if default == "required" else "" if default == "any" else default
    found.append(Parameter(name, kind, standing, example, meaning, tuple(filter(None, limits.split(",")))))
    return ""


def _take_column(value: str, found: list[Column]) -> str:
    """Add the column that a line states, or return what is wrong with the line."""
    cells = [cell.strip() for cell in value.split("|")]
    if len(cells) != 3 or not all(cells):
        return f"{len([c for c in cells if c])} parts where a column has 3"
    if problem := _name_problem(cells[0], [column.name for column in found]):
        return problem
    if cells[1] not in COLUMN_TYPES:
        return f"there is no column type {cells[1]!r} (use one of: {', '.join(COLUMN_TYPES)})"
    found.append(Column(*cells))
    return ""


def _name_problem(name: str, taken: list[str]) -> str:
    if not _NAME.fullmatch(name):
        return f"{name!r} is no name (lower case letters, digits and _)"
    return f"{name!r} stands twice" if name in taken else ""


def _order(value: str) -> tuple[tuple[str, bool], ...]:
    items = [item.strip() for item in value.split(",") if item.strip()]
    return tuple((item.removeprefix("-"), item.startswith("-")) for item in items)
