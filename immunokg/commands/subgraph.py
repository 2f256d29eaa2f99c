"""``immunokg subgraph``: a part of the graph as a table, or saved in an export format."""

from __future__ import annotations

from pathlib import Path

import click

from immunokg.console import Session
from immunokg.options import ISO_DATE, TABLE_FORMATS, shared_options
from immunokg.parts import part_options, select_part

__all__ = ["command"]


@click.command("subgraph")
@part_options
@click.option("--as-of", type=ISO_DATE, help="Only evidence surely published by then.")
@click.option(
    "--out", type=click.Path(path_type=Path),
    help="Save it instead of listing it: .graphml, .ttl, .nq, or a directory for neo4j-admin.",
)  # fmt: skip
@shared_options(*TABLE_FORMATS)
def command(
    session: Session,
    around: tuple[str, ...],
    hops: int,
    tier: tuple[str, ...],
    explained: tuple[str, str] | None,
    query: str | None,
    as_of: str | None,
    out: Path | None,
) -> int:
    """List the statements of a part of the graph: around entities, of an explanation, or named by a query.

    Exits with 1 when the part holds no statement.

    \b
    Examples:
      immunokg subgraph --around IL4R --hops 1 --tier causal
      immunokg subgraph --explain dupilumab "alopecia areata" --out why.graphml
      immunokg subgraph --query @il13.rq --format tsv
    """
    from immunokg.listing import statement_rows
    from immunokg.tables import render_rows

    graph = session.open_graph()
    part = select_part(graph, around=around, hops=hops, tiers=tier, explained=explained, query=query, as_of=as_of)
    if out is not None:
        part.export(out, format=None if out.suffix else "neo4j-csv")
        session.say(f"{len(part.graph.statements)} statements written to {out}")
        return 0 if part.graph.statements else 1
    columns = ("subject", "relation", "object", "support", "refute", "null", "verdict", "context", "conditions", "id")
    session.write_lines(
        render_rows(columns, statement_rows(part.graph), session.format, width=session.width if session.color else 0)
    )
    return 0 if part.graph.statements else 1
