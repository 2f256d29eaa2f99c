"""``immunokg cypher TEXT``: a free Cypher query, on the graph's own database or on a Neo4j server."""

from __future__ import annotations

import click

from immunokg.console import Session
from immunokg.options import KEY_VALUE, TABLE_FORMATS, limit_options, read_text_argument, shared_options, text_source
from immunokg.querying import CYPHER_ENGINES, server_note

__all__ = ["command"]


@click.command("cypher")
@click.argument("text", metavar="TEXT|@FILE|-")
@click.option("--param", "-p", "parameters", type=KEY_VALUE, multiple=True, metavar="NAME=VALUE",
              help="What $NAME stands for: JSON, or else text. Repeatable.")  # fmt: skip
@click.option("--engine", type=click.Choice(CYPHER_ENGINES), default=CYPHER_ENGINES[0], show_default=True,
              help="Which engine answers; neo4j is the server that NEO4J_URI names.")  # fmt: skip
@limit_options
@shared_options(*TABLE_FORMATS)
def command(
    session: Session, text: str, parameters: tuple[tuple[str, str], ...], engine: str, timeout: float, limit: int
) -> int:
    """Ask a Cypher query, given as text, as @FILE, or on standard input (-).

    It only reads: writes are refused by the engine, LOAD CSV and procedures before anything is sent. The labels, relationship
    types and properties are those of docs/property-graph.md. Exits with 1 when there is no row.

    \b
    Examples:
      immunokg cypher 'MATCH (d:Drug)-[r]->(:Gene {name: "IL4R"}) RETURN d.name, type(r), r.support'
      immunokg cypher @hubs.cypher --param least=5 --format csv
      echo 'MATCH (n:Disease) RETURN count(n)' | immunokg cypher - --engine neo4j
    """
    from immunokg.cells import readable, structured
    from immunokg.tables import render_rows

    query = read_text_argument(text)
    given = {name: _value(value) for name, value in parameters}
    graph = session.open_graph()
    answer = graph.cypher(query, given, engine=engine, timeout=timeout, limit=limit, source=text_source(text))
    for notice in (*answer.notices, *filter(None, [server_note(graph)] if engine == "neo4j" else [])):
        session.say(f"note: {notice}")
    if answer.truncated:
        session.say(f"the answer was cut ({answer.truncated}); raise --limit or add LIMIT to the query")
    form = structured if session.format in ("json", "jsonl") else readable
    rows = [tuple(map(form, row)) for row in answer.rows]
    session.write_lines(render_rows(answer.columns, rows, session.format, width=session.width if session.color else 0))
    return 0 if rows else 1


def _value(text: str) -> object:
    """Return the value of a parameter: JSON where it is, else the text itself."""
    import json

    try:
        return json.loads(text)
    except ValueError:
        return text
