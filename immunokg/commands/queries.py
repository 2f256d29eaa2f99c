"""``immunokg queries [TEXT]``: the catalogue of questions: list, search, show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from immunokg.console import Session
from immunokg.options import TABLE_FORMATS, shared_options

if TYPE_CHECKING:
    from queries.catalogue import Question

__all__ = ["command"]

_COLUMNS = ("name", "category", "question", "parameters")


@click.command("queries")
@click.argument("text", required=False)
@click.option("--show", metavar="NAME", help="Show one question: parameters, columns, and both query texts.")
@click.option("--language", type=click.Choice(("sparql", "cypher")), help="With --show: only the query text, to save or edit.")
@shared_options(*TABLE_FORMATS, graph=False)
def command(session: Session, text: str | None, show: str | None, language: str | None) -> int:
    """List the questions that `immunokg query` answers, or those that TEXT finds in names, titles and questions.

    Exits with 1 when nothing is found.

    \b
    Examples:
      immunokg queries
      immunokg queries harm
      immunokg queries --show targets_of_drug
      immunokg queries --show targets_of_drug --language cypher > mine.cypher
    """
    from immunokg.tables import render_rows
    from ontologies.errors import BadInput
    from queries.catalogue import find_questions, question

    if language and not show:
        raise BadInput("--language goes with --show NAME")
    if show:
        asked = question(show)
        if language:
            session.write(asked.sparql if language == "sparql" else asked.cypher)
        elif session.format in ("json", "jsonl"):
            session.write(_json(asked))
        else:
            session.write_lines(_page(asked))
        return 0
    found = find_questions(text or "")
    if not found:
        session.say(f"no question speaks of {text!r}; without a text all {len(find_questions())} are listed")
    rows = [
        (q.name, q.category, q.question, [p.name if p.required else f"[{p.name}]" for p in q.parameters]) for q in found
    ]
    if found or session.format in ("json", "jsonl"):
        session.write_lines(render_rows(_COLUMNS, rows, session.format, width=session.width if session.color else 0))
    return 0 if found else 1


def _page(asked: Question) -> Iterator[str]:
    """Yield the lines about one question, as a person reads them."""
    from queries.catalogue.pages import query_text

    yield f"{asked.name}: {asked.title}"
    yield asked.question
    if asked.description:
        yield asked.description
    yield ""
    yield "Parameters" if asked.parameters else "It takes no parameters."
    for parameter in asked.parameters:
        default = "required" if parameter.required else f"else {parameter.default}" if parameter.default else "optional"
        example = f"e.g. {parameter.example}" if parameter.example else ""
        yield f"  {parameter.name} ({', '.join(filter(None, (parameter.type, default, example)))}): {parameter.description}"
    yield "Columns"
    for column in asked.columns:
        yield f"  {column.name} ({column.type}): {column.description}"
    given = "".join(f" --param {name}={value}" for name, value in asked.examples().items())
    yield f"Ask it: immunokg query {asked.name}{given}"
    for language, text in (("SPARQL", asked.sparql), ("Cypher", asked.cypher)):
        yield ""
        yield language
        yield query_text(text)


def _json(asked: Question) -> str:
    import json
    from dataclasses import asdict

    parts = {name: getattr(asked, name) for name in ("name", "title", "question", "description", "category")}
    kept = {"parameters": [asdict(p) | {"required": p.required} for p in asked.parameters],
            "columns": [asdict(c) for c in asked.columns]}  # fmt: skip
    return json.dumps(parts | kept | {"sparql": asked.sparql, "cypher": asked.cypher}, ensure_ascii=False, indent=2)
