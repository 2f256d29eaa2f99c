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
    from queries.catalogue import question, questions

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
    found = [entry for entry in questions().values() if _fits(entry, text)]
    if not found:
        session.say(f"no question speaks of {text!r}; immunokg queries lists all {len(questions())}")
    rows = [(q.name, q.category, q.question, [_signature(p.name, p.required) for p in q.parameters]) for q in found]
    if found or session.format in ("json", "jsonl"):
        session.write_lines(render_rows(_COLUMNS, rows, session.format, width=session.width if session.color else 0))
    return 0 if found else 1


def _fits(entry: Question, text: str | None) -> bool:
    said = f"{entry.name} {entry.name.replace('_', ' ')} {entry.title} {entry.question} {entry.category}".lower()
    return all(word in said for word in (text or "").lower().split())


def _signature(name: str, required: bool) -> str:
    return name if required else f"[{name}]"


def _page(asked: Question) -> Iterator[str]:
    """Yield the lines about one question, as a person reads them."""
    yield f"{asked.name}: {asked.title}"
    yield asked.question
    yield ""
    yield "Parameters:" if asked.parameters else "It takes no parameters."
    for parameter in asked.parameters:
        default = "required" if parameter.required else f"default: {parameter.default}" if parameter.default else "optional"
        yield f"  {parameter.name} ({parameter.type}; {default}): {parameter.description}"
    yield "Columns:"
    for column in asked.columns:
        yield f"  {column.name} ({column.type}): {column.description}"
    yield ""
    yield f"SPARQL\n{asked.sparql.rstrip()}"
    yield ""
    yield f"Cypher\n{asked.cypher.rstrip()}"


def _json(asked: Question) -> str:
    import json
    from dataclasses import asdict

    return json.dumps(asdict(asked), ensure_ascii=False, indent=2, default=list)
