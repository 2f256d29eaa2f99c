"""``immunokg sparql TEXT``: a free SPARQL 1.1 query, run where it can be stopped."""

from __future__ import annotations

import click

from immunokg.console import Session
from immunokg.options import TABLE_FORMATS, read_text_argument, shared_options
from queries.sparql_engine.terms import Triples, Truth

__all__ = ["command"]


@click.command("sparql")
@click.argument("text", metavar="TEXT|@FILE|-")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True,
              metavar="SECONDS", help="Stop the query then.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1), default=100_000, show_default=True, help="Rows kept at most.")
@shared_options(*TABLE_FORMATS)
def command(session: Session, text: str, timeout: float, limit: int) -> int:
    """Ask a SPARQL 1.1 query, given as text, as @FILE, or on standard input (-).

    The prefixes of the graph (HGNC:, MONDO:, biolink:, ikg: …) need no PREFIX lines, and identifiers are printed with them.
    SERVICE and updates are refused. Exits with 1 when there is no row, or an ASK is false.

    \b
    Examples:
      immunokg sparql "SELECT ?drug { ?drug ikg:decreases_activity_of HGNC:6015 }"
      immunokg sparql @evidence.rq --format csv
      echo "ASK { ?s ?p MONDO:0005340 }" | immunokg sparql -
    """
    query = read_text_argument(text)
    source = text[1:] if text.startswith("@") else "standard input" if text == "-" else "query"
    answer = session.open_graph().sparql(query, timeout=timeout, limit=limit, source=source)
    if isinstance(answer, Truth):
        session.write("true" if answer else "false")
        return 0 if answer else 1
    if answer.truncated:
        session.say(f"the answer was cut ({answer.truncated}); raise --limit or add LIMIT to the query")
    if isinstance(answer, Triples) and session.format == "text":
        from queries.sparql_engine.result_forms import ntriples_lines

        session.write_lines(ntriples_lines(answer))
        return 0 if len(answer) else 1
    from immunokg.tables import render_rows

    if isinstance(answer, Triples):
        columns: tuple[str, ...] = ("subject", "predicate", "object")
        rows = [tuple(term.python for term in triple) for triple in answer]
    else:
        columns, rows = answer.columns, answer.values()
    session.write_lines(
        render_rows(columns, rows, session.format, width=session.width if session.color else 0)
    )
    return 0 if rows else 1
