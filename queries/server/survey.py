"""What stands on a server: tallies of all that is ours, the rows of one kind, and whether nodes of others are in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from kg.graph import Graph
from kg.property_graph import KINDS, LINKS, link_form, nodes_of, types
from ontologies.errors import BackendError
from queries.server.database import Database, Row
from queries.server.rows import Key, Tallies, Tally, link_row, node_row
from queries.server.texts import RETIRED, RETIRED_KIND, foreign_ids, read_links, read_nodes

__all__ = ["check_foreign", "properties_of", "read_keys", "read_rows", "retired_ids", "row_of", "take_stock"]

T = TypeVar("T")


def take_stock(
    database: Database, seen: Callable[[int], None], leftovers: Mapping[str, Collection[Key]] | None = None
) -> tuple[Tallies, Counter[str]]:
    """Return the tallies of all that is ours, and how many rows were passed over because their keys are among `leftovers`.

    `seen` hears how many rows were read so far.
    """
    tallies: Tallies = {}
    left: Counter[str] = Counter()
    passed = leftovers or {}

    def count(rows: Iterator[tuple[str, Row]]) -> tuple[Tallies, Counter[str]]:
        counted: Tallies = {}
        skipped: Counter[str] = Counter()
        before = sum(tally.count for tally in tallies.values())
        for number, (kind, row) in enumerate(rows, start=before + 1):
            key, digest = row_of(kind, row)
            if kind in passed and key in passed[kind]:
                skipped[kind] += 1
            else:
                counted.setdefault(kind, Tally()).add(digest)
            if number % 1000 == 0:
                seen(number)
        return counted, skipped

    for counted, skipped in read_rows(database, (*KINDS, *sorted(types())), count):
        tallies |= counted
        left += skipped
    seen(sum(tally.count for tally in tallies.values()))
    return tallies, left


def read_rows(
    database: Database, kinds: Collection[str], take: Callable[[Iterator[tuple[str, Row]]], T]
) -> Iterator[T]:
    """Yield what `take` makes of our rows of these kinds, each with its kind, as they arrive; it is called for a few queries."""
    relations = []
    for kind in kinds:
        if kind in KINDS:
            yield database.stream(read_nodes(kind), partial(_take_kind, take, kind))
        elif kind in LINKS:
            yield database.stream(read_links(kind), partial(_take_types, take))
        else:
            relations.append(kind)
    if relations:
        yield database.stream(read_links(*relations), partial(_take_types, take))


def _take_kind(take: Callable[[Iterator[tuple[str, Row]]], T], kind: str, rows: Iterator[Row]) -> T:
    return take((kind, row) for row in rows)


def _take_types(take: Callable[[Iterator[tuple[str, Row]]], T], rows: Iterator[Row]) -> T:
    return take((row[0], row) for row in rows)


def read_keys(database: Database, kinds: Collection[str]) -> Iterator[tuple[str, Key, bytes]]:
    """Yield kind, key and digest of all our rows of these kinds."""
    for found in read_rows(database, kinds, lambda rows: [(kind, *row_of(kind, row)) for kind, row in rows]):
        yield from found


def row_of(kind: str, row: Row) -> tuple[Key, bytes]:
    """Return key and digest of a row that was read."""
    if kind in KINDS:
        return node_row(kind, row[0], properties_of(kind, row))
    return link_row(kind, row[1], row[2], properties_of(kind, row))


def properties_of(kind: str, row: Row) -> dict[str, Any]:
    """Return the properties of a row that was read."""
    names, values = (KINDS[kind], row[1:]) if kind in KINDS else (link_form(kind).properties, row[3:])
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def retired_ids(database: Database) -> dict[str, set[str]]:
    """Return the ids of retired nodes by what they were."""
    found: dict[str, set[str]] = {}
    for kind, key in database.read(f"MATCH (n:{RETIRED}) RETURN n.{RETIRED_KIND}, n.id"):
        found.setdefault(str(kind), set()).add(key)
    return found


def check_foreign(database: Database, graph: Graph) -> None:
    """Refuse, before anything is written, a database where nodes of other people have our labels and our ids.

    Raises `BackendError`. Nodes with our labels and other ids are left alone and do no harm.
    """
    foreign: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind, key in database.read(foreign_ids()):
        if isinstance(key, str):
            foreign[kind].append(key)
    if not any(foreign.values()):
        return
    known = {kind: set(ids) for kind, ids in foreign.items()}
    for node in nodes_of(graph):
        kind, key = node.labels[0], node.properties["id"]
        if key in known[kind]:
            raise BackendError(
                f"the database holds nodes labelled {kind} that are not ImmunoKG's, and one of them has the id {key}, which a "
                "node of the graph needs; nothing was written. Push into another database (NEO4J_DATABASE), or take the label "
                f"{kind} or the property id from that node"
            )
    for kind, ids in foreign.items():
        if len(known[kind]) < len(ids):
            raise BackendError(
                f"the database holds several nodes labelled {kind} with one id that are not ImmunoKG's, so ids cannot be unique "
                "there; nothing was written. Push into another database (NEO4J_DATABASE)"
            )
