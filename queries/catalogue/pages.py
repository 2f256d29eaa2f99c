"""The documentation pages of the catalogue, made from the files of the questions: an index, and a page for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from queries.catalogue.ask import QuestionAnswer
from queries.catalogue.header import CATEGORIES
from queries.catalogue.question import Question

__all__ = ["index_page", "query_text", "question_page"]

_ROWS = 8
_CELL = 80


def index_page(asked: Iterable[Question]) -> str:
    """Return the page that lists questions by category, with links to their pages."""
    found = list(asked)
    lines = [
        "# Questions",
        "",
        f"The {len(found)} questions of the catalogue. Each is a SPARQL and a Cypher file with one header; the rows are the same",
        "on Oxigraph, rdflib, ArcadeDB and Neo4j. Generated from the files by `make docs`; a test fails when it is out of date.",
        "",
        "```sh",
        "immunokg queries harm                  # find",
        "immunokg queries --show harms_of_drug  # show, with both texts",
        "immunokg query harms_of_drug --param drug=dupilumab --engine arcadedb",
        "```",
    ]
    for category, heading in CATEGORIES.items():
        of_category = [question for question in found if question.category == category]
        if of_category:
            lines += ["", f"## {heading}", "", "| question | name |", "|---|---|"]
            lines += [f"| {_cell(question.question)} | [{question.name}]({question.name}.md) |" for question in of_category]
    return "\n".join(lines) + "\n"


def question_page(question: Question, answer: QuestionAnswer, names: Mapping[str, str]) -> str:
    """Return the page of a question: what may be given, what comes back, an answer, how to ask, and both texts.

    `answer` is to the examples of the question on the shipped graph; `names` are those of the entities in the examples.
    """
    given = question.examples()
    shown = ", ".join(f"{name} = {names.get(value, value)}" for name, value in given.items())
    options = "".join(f" --param {name}={value}" for name, value in given.items())
    keywords = "".join(f", {name}={value!r}" for name, value in given.items())
    number = len(answer.rows)
    size = f"{number:,} row{'' if number == 1 else 's'}" + (f", the first {_ROWS}" if number > _ROWS else "")
    lines = [f"# {question.title}", "", question.question, ""]
    lines += [question.description, ""] if question.description else []
    lines += ["## Parameters", "", *_parameters(question), "", "## Columns", "", "| column | type | meaning |", "|---|---|---|"]
    lines += [f"| `{c.name}` | {c.type} | {_cell(c.description)} |" for c in question.columns]
    order = ", ".join(f"`{name}`{' (largest first)' if largest else ''}" for name, largest in question.order)
    lines += ["", f"Sorted by {order}.", "", "## An answer", ""]
    lines += [f"On the shipped graph{', ' if shown else ''}{shown}: {size}.", ""]
    lines += ["| " + " | ".join(answer.columns) + " |", "|" + "---|" * len(answer.columns)]
    lines += ["| " + " | ".join(_cell(_short(value)) for value in row) + " |" for row in answer.rows[:_ROWS]]
    lines += ["", "## How to ask it", "", "```sh"]
    lines += [f"immunokg query {question.name}{options}{engine}" for engine in ("", " --engine arcadedb", " --engine neo4j")]
    lines += ["```", "", f"In Python: `ikg.query({question.name!r}{keywords})`.", ""]
    for language, suffix, text in (("SPARQL", "rq", question.sparql), ("Cypher", "cypher", question.cypher)):
        file = f"queries/{language.lower()}/{question.name}.{suffix}"
        lines += [f"## {language}", "", f"[{file}](../../{file})", "", f"```{language.lower()}", query_text(text), "```", ""]
    return "\n".join(lines)


def query_text(text: str) -> str:
    r"""Return the text of a query without the comments that head it.

    >>> query_text("# title: Drugs\n# column: drug | entity | it\n\nSELECT ?drug {}\n")
    'SELECT ?drug {}'
    """
    lines = text.rstrip().splitlines()
    start = next((place for place, line in enumerate(lines) if line.strip() and not line.startswith(("#", "//"))), len(lines))
    return "\n".join(lines[start:])


def _parameters(question: Question) -> list[str]:
    if not question.parameters:
        return ["None."]
    lines = ["| parameter | type | if not given | example | meaning |", "|---|---|---|---|---|"]
    for parameter in question.parameters:
        kinds = f" ({', '.join(parameter.categories)})" if parameter.categories else ""
        missing = "required" if parameter.required else f"`{parameter.default}`" if parameter.default else "any"
        example = f"`{parameter.example}`" if parameter.example else ""
        lines.append(f"| `{parameter.name}` | {parameter.type}{kinds} | {missing} | {example} | {_cell(parameter.description)} |")
    return lines


def _short(value: object) -> object:
    """Cut long text of an answer: whole findings and digests would make the table unreadable."""
    return f"{value[: _CELL - 1]}…" if isinstance(value, str) and len(value) > _CELL else value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value:.3g}" if isinstance(value, float) else " ".join(str(value).split())
    for character in ("\\", "|", "<", ">", "*", "_", "`"):
        text = text.replace(character, f"\\{character}")
    return text
