"""A graph out of a Neo4j database: what a push wrote, read back without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kg.graph import Graph
from kg.property_graph import KINDS, LINKS, Link, Node, graph_from, link_form
from queries.cypher_engine.server_settings import ServerSettings
from queries.server.database import Database, Row, open_database
from queries.server.survey import read_rows

__all__ = ["read_graph"]

_DERIVED = ("CONFLICTS_WITH", "REFINES")


def read_graph(
    settings: ServerSettings, *, patience: float = 30.0, open_driver: Callable[..., Any] | None = None
) -> Graph:
    """Return the graph that stands in a database: everything labelled ``ImmunoKG``, and nothing of other people's.

    Counts, conflicts and refinements are counted anew. Raises `BackendError` when the server is not there, and `BadInput`
    naming what was altered or is missing.
    """
    with open_database(settings, patience=patience, open_driver=open_driver) as database:
        nodes = [node for kind in KINDS for node in _nodes(database, kind)]
        links = [link for kind in LINKS if kind not in _DERIVED for link in _links(database, kind)]
    return graph_from(nodes, links, source=f"database at {settings.uri}")


def _nodes(database: Database, kind: str) -> list[Node]:
    def take(rows: Iterator[Row]) -> list[Node]:
        names = KINDS[kind]
        return [Node((kind,), {name: value for name, value in found.items() if name in names}) for _, found in rows]

    nodes: list[Node] = read_rows(database, kind, take)
    return nodes


def _links(database: Database, kind: str) -> list[Link]:
    form = link_form(kind)

    def take(rows: Iterator[Row]) -> list[Link]:
        return [Link(kind, (form.start, start), (form.end, end), dict(found)) for start, end, found in rows]

    links: list[Link] = read_rows(database, kind, take)
    return links
