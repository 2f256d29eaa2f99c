"""Removing from a server what is ours and no longer in the graph, and nothing else.

Relationships go first, then nodes that have none left. A node that still has some is held by other people's: it stays with
its properties and those relationships, loses our labels, so that no question of ours counts it, and is labelled
``ImmunoKGRetired``. When the graph states it again, a push takes the same node back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from kg.graph import Graph
from kg.property_graph import KINDS, nodes_of
from queries.server.database import Database
from queries.server.differences import Batch, in_transactions, link_key_row
from queries.server.rows import Key
from queries.server.survey import retired_ids
from queries.server.texts import delete_links, delete_nodes, retire_nodes, revive_nodes

__all__ = ["prune", "revive"]


def prune(
    database: Database, leftovers: Mapping[str, Collection[Key]], *, batch: int
) -> tuple[Counter[str], tuple[str, ...]]:
    """Remove the rows with these keys; return how many went, by kind, and the names of the nodes that others hold."""
    removed: Counter[str] = Counter()
    links = (
        Batch(kind, delete_links(kind), part, delete=True)
        for kind, keys in leftovers.items()
        if kind not in KINDS
        for part in _parts([link_key_row(key) for key in keys], batch)
    )
    nodes = [(kind, part) for kind, keys in leftovers.items() if kind in KINDS for part in _parts(list(keys), batch)]
    deletions = (Batch(kind, delete_nodes(kind), part, delete=True) for kind, part in nodes)
    for batches in in_transactions(chain(links, deletions), batch):
        answers = database.write(*((one.text, one.rows) for one in batches))
        for one, rows in zip(batches, answers, strict=True):
            removed[one.kind] += sum(number for [number] in rows)
    kept: list[str] = []
    if sum(removed.values()) < sum(map(len, leftovers.values())):
        for kind, part in nodes:
            [rows] = database.write((retire_nodes(kind), part))
            kept += [f"{kind} {key}" for [key] in rows]
    return +removed, tuple(sorted(kept))


def revive(database: Database, graph: Graph, *, batch: int) -> set[str]:
    """Take back the retired nodes that the graph states again, and return their kinds; what they say is to be compared then."""
    retired = retired_ids(database)
    if not retired:
        return set()
    wanted: dict[str, list[Key]] = {}
    for node in nodes_of(graph):
        kind, key = node.labels[0], node.properties["id"]
        if key in retired.get(kind, ()):
            wanted.setdefault(kind, []).append(key)
    for kind, keys in wanted.items():
        for part in _parts(keys, batch):
            database.write((revive_nodes(kind), part))
    return set(wanted)


def _parts(keys: list[Key], batch: int) -> Iterator[list[Key]]:
    for start in range(0, len(keys), batch):
        yield keys[start : start + batch]
