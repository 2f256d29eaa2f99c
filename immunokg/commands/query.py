"""``immunokg query NAME``: a question of the catalogue, on the engine of one's choice."""

from __future__ import annotations

import click

from immunokg.console import Session
from immunokg.options import KEY_VALUE, TABLE_FORMATS, limit_options, shared_options
from immunokg.querying import ENGINES, ask_question, server_note

__all__ = ["command"]


@click.command("query")
@click.argument("name")
@click.option("--param", "-p", "parameters", type=KEY_VALUE, multiple=True, metavar="NAME=VALUE",
              help="A parameter of the question; entities by name or CURIE. Repeatable.")  # fmt: skip
@click.option("--engine", type=click.Choice(ENGINES), default=ENGINES[0], show_default=True,
              help="Which engine answers; neo4j is the server that NEO4J_URI names.")  # fmt: skip
@limit_options
@shared_options(*TABLE_FORMATS)
def command(
    session: Session, name: str, parameters: tuple[tuple[str, str], ...], engine: str, timeout: float, limit: int
) -> int:
    """Ask a question of the catalogue; `immunokg queries` lists them, with their parameters.

    The rows are the same on every engine. Exits with 1 when there is none.

    \b
    Examples:
      immunokg query targets_of_drug --param drug=dupilumab
      immunokg query harms_of_drug --param drug=dupilumab --format csv
      immunokg query targets_of_drug --param drug=Dupixent --engine neo4j
    """
    from immunokg.tables import render_rows
    from ontologies.errors import BadInput

    names = [key for key, _ in parameters]
    if twice := sorted({key for key in names if names.count(key) > 1}):
        raise BadInput(f"parameter {twice[0]} is given twice; keep one")
    graph = session.open_graph()
    answer = ask_question(graph, name, engine=engine, timeout=timeout, limit=limit, parameters=dict(parameters))
    if engine == "neo4j" and (note := server_note(graph)):
        session.say(f"note: {note}")
    if answer.truncated:
        session.say(f"the answer was cut ({answer.truncated}); raise --limit")
    session.write_lines(
        render_rows(answer.columns, answer.rows, session.format, width=session.width if session.color else 0)
    )
    return 0 if answer.rows else 1
