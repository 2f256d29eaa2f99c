"""``immunokg export FORMAT``: the whole graph, a query result or an explanation, for another program."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from immunokg.console import Session
from immunokg.options import ISO_DATE, shared_options
from immunokg.parts import part_options, select_part

__all__ = ["command"]

_FORMATS = ("graphml", "turtle", "nquads", "trig", "jsonld", "neo4j-csv", "svg", "pdf", "png")


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice(_FORMATS))
@part_options
@click.option("--as-of", type=ISO_DATE, help="Only evidence surely published by then.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File (a directory for neo4j-csv); '-' is stdout.")
@shared_options()
def command(
    session: Session,
    form: str,
    around: tuple[str, ...],
    hops: int,
    tier: tuple[str, ...],
    explained: tuple[str, str] | None,
    query: str | None,
    as_of: str | None,
    out: Path | None,
) -> int:
    """Write the whole graph, or a part of it, as graphml, turtle, nquads, trig, jsonld, neo4j-csv, svg, pdf or png.

    Pictures are of explanations: give --explain SOURCE TARGET. neo4j-csv is a directory for
    `neo4j-admin database import`. Files are written whole or not at all.

    \b
    Examples:
      immunokg export nquads --out immunokg.nq
      immunokg export graphml --around IL13 --hops 2 --out il13.graphml
      immunokg export neo4j-csv --out import/
      immunokg export pdf --explain dupilumab "alopecia areata" --out why.pdf
    """
    from ontologies.errors import BadInput

    to_stdout = out is None or str(out) == "-"
    if to_stdout and form in ("neo4j-csv", "svg", "pdf", "png"):
        raise BadInput(f"{form} needs a place: --out {'DIR' if form == 'neo4j-csv' else f'why.{form}'}")
    if form in ("svg", "pdf", "png"):
        assert out is not None
        return _picture(session, form, explained, as_of, out)
    graph = session.open_graph()
    part = select_part(
        graph, around=around, hops=hops, tiers=tier, explained=explained, query=query, as_of=as_of, whole=True
    )
    if to_stdout:
        from queries.export.formats import graph_pieces

        for piece in graph_pieces(part.graph, form):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return 0
    assert out is not None
    part.export(out, format=form)
    session.say(f"{len(part.graph.statements)} statements written to {out}")
    return 0


def _picture(session: Session, form: str, explained: tuple[str, str] | None, as_of: str | None, out: Path) -> int:
    """Draw an explanation; exit code 1 when it has no mechanism."""
    from immunokg.pictures import check_name
    from ontologies.errors import BadInput
    from queries.figures import draw

    if explained is None:
        raise BadInput(f"a {form} shows an explanation; add --explain SOURCE TARGET")
    check_name(out, form)
    answer = session.open_graph().explain(*explained, as_of=as_of)
    if not (answer.benefit.paths or answer.harm.paths):
        session.say("no figure: there is no mechanism to draw")
        return 1
    draw(answer, out)
    session.say(f"figure: {out}")
    return 0
