"""Whether a server holds exactly a graph, and if not, what is the first thing that differs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from kg.graph import Graph
from kg.property_graph import KINDS, link_form
from ontologies.errors import BackendError
from queries.server.database import Database, Row
from queries.server.differences import graph_rows
from queries.server.rows import Key, Tallies, Tally
from queries.server.survey import properties_of, read_keys, read_rows, row_of

__all__ = ["check_equal"]


def check_equal(
    database: Database, graph: Graph, expected: Tallies, found: Tallies, leftovers: Mapping[str, Collection[Key]]
) -> None:
    """Compare numbers and digests of all kinds; raises `BackendError` naming a kind that differs and an example."""
    for kind in sorted(expected.keys() | found.keys()):
        here, there = expected.get(kind, Tally()), found.get(kind, Tally())
        if here != there:
            example = _example(database, graph, kind, leftovers.get(kind, ()))
            raise BackendError(
                f"after the push {database.settings.uri} does not hold the graph: {kind}: {here.count:,} in the graph, "
                f"{there.count:,} on the server; {example}. Somebody may have changed it meanwhile: push again"
            )


def _example(database: Database, graph: Graph, kind: str, leftovers: Collection[Key]) -> str:
    there: dict[Key, bytes] = {}
    for _, key, digest in read_keys(database, (kind,)):
        if key in there and kind not in KINDS:
            return f"twice there: {_named(key)}"
        there[key] = digest
    for key, digest, properties in graph_rows(graph, kind):
        known = there.pop(key, None)
        if known is None:
            return f"missing there: {_named(key)}"
        if known != digest:
            return f"different: {_named(key)}{_property(database, kind, key, properties)}"
    left = next((key for key in there if key not in leftovers), None)
    return "no difference any more" if left is None else f"too many there: {_named(left)}"


def _property(database: Database, kind: str, key: Key, expected: dict[str, Any]) -> str:
    """Name the property by which the row with this key differs; nothing when it is the labels."""

    def pick(rows: Iterator[tuple[str, Row]]) -> dict[str, Any]:
        return next((properties_of(kind, row) for _, row in rows if row_of(kind, row)[0] == key), {})

    [found] = read_rows(database, (kind,), pick)
    for name in KINDS[kind] if kind in KINDS else link_form(kind).properties:
        if expected.get(name) != found.get(name):
            return f", {name} is {found.get(name)!r}, not {expected.get(name)!r}"[:200]
    return ""


def _named(key: Key) -> str:
    return key if isinstance(key, str) else " to ".join(map(str, key[:2])) + "".join(f" ({part})" for part in key[2:] if part)
