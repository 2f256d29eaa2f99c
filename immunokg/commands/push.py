"""``immunokg push neo4j``: the graph into a running Neo4j, in batches, verified, and mended by a second run."""

from __future__ import annotations

import os

import click

from immunokg.console import Session
from immunokg.options import shared_options

__all__ = ["command"]


@click.command("push")
@click.argument("server", type=click.Choice(("neo4j",)))
@click.option("--prune", is_flag=True, help="Also remove what is ours on the server and no longer in the graph.")
@click.option("--anew", is_flag=True, help="Write everything again, also what an interrupted push had written.")
@click.option("--batch", type=click.IntRange(1, 100_000), default=5_000, show_default=True, help="Rows per transaction.")
@shared_options()
def command(session: Session, server: str, prune: bool, anew: bool, batch: int) -> int:  # noqa: ARG001  # the only server so far
    """Write the graph into the Neo4j server that NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD and NEO4J_DATABASE name.

    Every node of ours has the label ImmunoKG; nodes and relationships of other people are never touched. A push that was
    interrupted goes on where it stopped, one that is repeated changes nothing. What stands on the server afterwards is read
    back and compared. Neo4j 5 or later.

    \b
    Examples:
      export NEO4J_URI=bolt://localhost:7687 NEO4J_USER=neo4j NEO4J_PASSWORD=…
      immunokg push neo4j
      immunokg push neo4j --graph mine.ikg --prune
    """
    from immunokg.console import Meter
    from queries.cypher_engine.server import ServerSettings
    from queries.server import push_graph

    settings = ServerSettings.from_environment(os.environ)
    graph = session.open_graph()
    with Meter(session) as meter:
        report = push_graph(
            settings, graph.graph, prune=prune, batch=batch, resume=not anew, progress=meter.show, digest=graph.digest
        )
    session.write_lines(report.lines())
    return 0
