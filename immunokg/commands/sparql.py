"""``immunokg sparql TEXT``: a free SPARQL 1.1 query, run where it can be stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from immunokg.console import Session
from immunokg.options import KEY_VALUE, TABLE_FORMATS, limit_options, read_text_argument, shared_options, text_source

if TYPE_CHECKING:
    from queries.sparql_engine.terms import Answer

__all__ = ["command"]

_RESULTS = ("sparql-json", "sparql-xml", "sparql-csv", "sparql-tsv")
_RDF = ("turtle", "ntriples", "jsonld")


@click.command("sparql")
@click.argument("text", metavar="TEXT|@FILE|-")
@click.option("--param", "-p", "parameters", type=KEY_VALUE, multiple=True, metavar="NAME=VALUE",
              help="What ?NAME is bound to: a CURIE, <IRI>, number or text. Repeatable.")  # fmt: skip
@limit_options
@shared_options(*TABLE_FORMATS, *_RESULTS, *_RDF)
def command(session: Session, text: str, parameters: tuple[tuple[str, str], ...], timeout: float, limit: int) -> int:
    """Ask a SPARQL 1.1 query, given as text, as @FILE, or on standard input (-).

    The prefixes of the graph (HGNC:, MONDO:, biolink:, ikg: …) need no PREFIX lines, and identifiers are printed with them.
    SERVICE and updates are refused. The formats sparql-* are those of the W3C, for SELECT and ASK; turtle, ntriples and jsonld
    are for CONSTRUCT and DESCRIBE. Exits with 1 when there is no row, or an ASK is false.

    \b
    Examples:
      immunokg sparql "SELECT ?drug { ?drug ikg:decreases_activity_of HGNC:6015 }"
      immunokg sparql "SELECT ?drug { ?drug ikg:decreases_activity_of ?gene }" --param gene=HGNC:6015
      immunokg sparql @evidence.rq --format sparql-json
      echo "CONSTRUCT { ?s ?p MONDO:0005340 } { ?s ?p MONDO:0005340 }" | immunokg sparql - --format turtle
    """
    from immunokg.sparql_values import read_term_text

    query = read_text_argument(text)
    values = {name.lstrip("?$"): read_term_text(value) for name, value in parameters}
    answer = session.open_graph().sparql(query, values=values, timeout=timeout, limit=limit, source=text_source(text))
    if cut := getattr(answer, "truncated", ""):
        session.say(f"the answer was cut ({cut}); raise --limit or add LIMIT to the query")
    for piece in _pieces(session, answer):
        click.echo(piece, nl=False)
    return 0 if answer else 1


def _pieces(session: Session, answer: Answer) -> Iterator[str | bytes]:
    """Yield the answer in the format asked for; raises `BadInput` for a format that does not fit the kind of answer."""
    from ontologies.errors import BadInput
    from queries.sparql_engine import result_forms
    from queries.sparql_engine.terms import Solutions, Triples, Truth

    form = session.format
    if isinstance(answer, Triples):
        if form in _RESULTS:
            raise BadInput(f"{form} is for SELECT and ASK; for this query use one of: {', '.join(_RDF)}")
        if form in _RDF or form == "text":
            yield from result_forms.rdf_pieces(answer, "ntriples" if form == "text" else form)
            return
    elif form in _RDF:
        raise BadInput(f"{form} is for CONSTRUCT and DESCRIBE; for this query use one of: {', '.join(_RESULTS)}")
    if form == "sparql-json" and not isinstance(answer, Triples):
        yield from _lines(result_forms.sparql_json_lines(answer))
    elif form == "sparql-xml" and not isinstance(answer, Triples):
        yield from _lines(result_forms.sparql_xml_lines(answer))
    elif isinstance(answer, Truth):
        yield "true\n" if answer else "false\n"
    elif isinstance(answer, Solutions) and form in ("sparql-csv", "sparql-tsv"):
        yield from _lines(result_forms.csv_lines(answer) if form == "sparql-csv" else result_forms.tsv_lines(answer))
    else:
        yield from _lines(_table(session, answer))


def _table(session: Session, answer: Answer) -> Iterator[str]:
    from immunokg.tables import render_rows
    from queries.sparql_engine.terms import Solutions, Triples

    if isinstance(answer, Triples):
        columns: tuple[str, ...] = ("subject", "predicate", "object")
        rows = [tuple(term.python for term in triple) for triple in answer]
    else:
        assert isinstance(answer, Solutions)
        columns, rows = answer.columns, answer.values()
    yield from render_rows(columns, rows, session.format, width=session.width if session.color else 0)


def _lines(lines: Iterable[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)
