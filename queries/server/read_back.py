"""A graph out of a Neo4j database: what a push wrote, read back without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kg.graph import Graph
from kg.property_graph import KINDS, LINKS, Link, Node, graph_from, link_form
from queries.cypher_engine.server_settings import ServerSettings
from queries.server.database import Row, open_database
from queries.server.survey import properties_of, read_rows

__all__ = ["read_graph"]

_DERIVED = {"CONFLICTS_WITH", "REFINES"}


def read_graph(
    settings: ServerSettings, *, patience: float = 30.0, open_driver: Callable[..., Any] | None = None
) -> Graph:
    """Return the graph that stands in a database: everything labelled ``ImmunoKG``, and nothing of other people's.

    Counts, conflicts and refinements are counted anew. Raises `BackendError` when the server is not there, and `BadInput`
    naming what was altered or is missing.
    """
    with open_database(settings, patience=patience, open_driver=open_driver) as database:
        nodes = [node for found in read_rows(database, KINDS, _nodes) for node in found]
        links = [link for found in read_rows(database, LINKS.keys() - _DERIVED, _links) for link in found]
    return graph_from(nodes, links, source=f"database at {settings.uri}")


def _nodes(rows: Iterator[tuple[str, Row]]) -> list[Node]:
    return [Node((kind,), properties_of(kind, row)) for kind, row in rows]


def _links(rows: Iterator[tuple[str, Row]]) -> list[Link]:
    return [
        Link(kind, (link_form(kind).start, row[1]), (link_form(kind).end, row[2]), properties_of(kind, row))
        for kind, row in rows
    ]
