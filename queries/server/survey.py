"""What stands on a server: tallies of all that is ours, the rows of one kind, and whether nodes of others are in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from kg.graph import Graph
from kg.property_graph import KINDS, nodes_of, types
from ontologies.errors import BackendError
from queries.server.database import Database, Row
from queries.server.rows import Key, Tallies, Tally, link_row, node_row
from queries.server.texts import RETIRED, RETIRED_KIND, foreign_ids, read_links, read_nodes

__all__ = ["check_foreign", "read_keys", "read_rows", "retired_ids", "row_of", "take_stock"]


def take_stock(
    database: Database, seen: Callable[[int], None], leftovers: Mapping[str, Collection[Key]] | None = None
) -> tuple[Tallies, Counter[str]]:
    """Return the tallies of all that is ours, and how many rows were passed over because their keys are among `leftovers`.

    `seen` hears how many rows were read so far.
    """
    tallies: Tallies = {}
    left: Counter[str] = Counter()
    total = 0
    for kind in (*KINDS, *sorted(types())):
        passed = (leftovers or {}).get(kind, ())

        def count(
            rows: Iterator[Row], kind: str = kind, passed: Collection[Key] = passed, before: int = total
        ) -> tuple[Tally, int]:
            tally, skipped = Tally(), 0
            for number, row in enumerate(rows, start=1):
                key, digest = row_of(kind, row)
                if passed and key in passed:
                    skipped += 1
                else:
                    tally.add(digest)
                if number % 1000 == 0:
                    seen(before + number)
            return tally, skipped

        tally, skipped = read_rows(database, kind, count)
        total += tally.count
        seen(total)
        if tally.count:
            tallies[kind] = tally
        if skipped:
            left[kind] = skipped
    return tallies, left


def read_rows(database: Database, kind: str, take: Callable[[Iterator[Row]], Any]) -> Any:
    """Give all our rows of a kind to `take` as they arrive and return what it makes of them."""
    return database.stream(read_nodes(kind) if kind in KINDS else read_links(kind), take)


def read_keys(database: Database, kind: str) -> list[tuple[Key, bytes]]:
    """Return key and digest of all our rows of a kind."""
    found: list[tuple[Key, bytes]] = read_rows(database, kind, lambda rows: [row_of(kind, row) for row in rows])
    return found


def row_of(kind: str, row: Row) -> tuple[Key, bytes]:
    """Return key and digest of a row that was read."""
    return node_row(kind, *row) if kind in KINDS else link_row(kind, *row)


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
    foreign: dict[str, list[str]] = {}
    for kind in KINDS:
        foreign[kind] = [key for [key] in database.read(foreign_ids(kind)) if isinstance(key, str)]
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
