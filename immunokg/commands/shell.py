"""``immunokg shell``: questions at a prompt, in SPARQL, in Cypher and of the catalogue; or from a script."""

from __future__ import annotations

import click

from immunokg.console import Session
from immunokg.options import TABLE_FORMATS, shared_options

__all__ = ["command"]

_SECONDS = click.FloatRange(min=0, min_open=True)


@click.command("shell")
@click.option("--language", type=click.Choice(("sparql", "cypher")), help="What is typed at first [default: sparql].")
@click.option("--engine", type=click.Choice(("oxigraph", "arcadedb", "neo4j")),
              help="Which engine answers at first: oxigraph speaks SPARQL, the others Cypher; neo4j is the server that NEO4J_URI "
              "names.")  # fmt: skip
@click.option("--timeout", type=_SECONDS, default=30.0, show_default=True, metavar="SECONDS", help="Stop a query then.")
@click.option("--limit", type=click.IntRange(1), help="Rows of an answer at most [default: 1000 at a terminal, else 100000].")
@shared_options(*TABLE_FORMATS)
def command(session: Session, language: str | None, engine: str | None, timeout: float, limit: int | None) -> int:
    """Ask query after query: in SPARQL, in Cypher, or questions of the catalogue.

    At a terminal there is a prompt with completion (Tab), colours and a history; .help lists the commands. A query of one line
    runs at Enter, one of several lines when it ends with a semicolon or at an empty line. From a pipe or a file, statements
    are separated by semicolons or blank lines, and the first error ends the run.

    \b
    Examples:
      immunokg shell
      immunokg shell --language cypher
      immunokg shell --engine neo4j
      immunokg shell --format csv < questions.rq
    """
    from immunokg.shell.loop import is_interactive, run_piped, run_terminal
    from immunokg.shell.session import Shell
    from immunokg.shell.settings import Settings, engine_for, require_server

    chosen = engine_for(language, engine)
    require_server(chosen)
    interactive = is_interactive()
    rows = limit if limit is not None else 1000 if interactive else 100_000
    settings = Settings(chosen, session.format, timeout, rows)
    shell = Shell(session, session.open_graph(), settings, interactive=interactive)
    if interactive:
        run_terminal(shell)
    else:
        run_piped(shell)
    return 0
