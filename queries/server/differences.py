"""Which rows of a graph a server lacks or has otherwise, in batches to be sent, and which of its rows the graph lacks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kg.graph import Graph
from kg.property_graph import KINDS, Link, Node, link_form, links_of, nodes_of, types
from queries.server.rows import Key, Tallies, Tally, link_row, node_row
from queries.server.texts import delete_links, write_links, write_nodes

__all__ = ["Batch", "Differences", "graph_rows", "in_transactions", "link_key_row"]

ReadKinds = Callable[[Collection[str]], Iterable[tuple[str, Key, bytes]]]
"""Gives kind, key and digest of every row that the server has of some kinds."""


class _Item(NamedTuple):
    kind: str
    labels: tuple[str, ...]
    key: Key
    digest: bytes
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that one text writes or, with `delete`, deletes."""

    kind: str
    text: str
    rows: list[Any]
    delete: bool = False


@dataclass(slots=True)
class Differences:
    """A pass over a graph that yields what has to be written, nodes first, and remembers the rest.

    Args:
        graph: what the server shall hold.
        read: tells what the server has of some kinds.
        there: the kinds that it has; of all others everything is sent without looking.
        equal: kinds that are known to be equal, which are passed over.
        anew: send every row, whatever the server has.
        most: the most rows of a batch.

    After the pass `tallies` are those of the graph, `written` counts what was sent, and `leftovers` holds the keys of what the
    server has and the graph has not.
    """

    graph: Graph
    read: ReadKinds
    there: Collection[str]
    equal: Collection[str] = ()
    anew: bool = False
    most: int = 5_000
    tallies: Tallies = field(default_factory=dict)
    written: Counter[str] = field(default_factory=Counter)
    leftovers: dict[str, Collection[Key]] = field(default_factory=dict)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches; to be walked once."""
        yield from self._batches(map(_node_item, nodes_of(self.graph)), KINDS)
        yield from self._batches(map(_link_item, links_of(self.graph)), sorted(types()))

    def _batches(self, items: Iterable[_Item], kinds: Iterable[str]) -> Iterator[Batch]:
        found, twice = self._found([kind for kind in kinds if kind in self.there and kind not in self.equal])
        for kind, rows in twice.items():
            for start in range(0, len(rows), self.most):
                yield Batch(kind, delete_links(kind), rows[start : start + self.most], delete=True)
        waiting: dict[tuple[str, tuple[str, ...], bool], list[Any]] = defaultdict(list)
        for item in items:
            self.tallies.setdefault(item.kind, Tally()).add(item.digest)
            if item.kind in self.equal:
                continue
            known = found[item.kind].pop(item.key, None) if item.kind in found else None
            if known == item.digest and not self.anew:
                continue
            group = (item.kind, item.labels, known is not None)
            rows = waiting[group]
            rows.append(_whole(item) if known is not None else item.row)
            if len(rows) == self.most:
                yield self._batch(*group, waiting.pop(group))
        for group, rows in waiting.items():
            yield self._batch(*group, rows)
        self.leftovers.update({kind: left.keys() for kind, left in found.items() if left})

    def _found(self, kinds: Collection[str]) -> tuple[dict[str, dict[Key, bytes]], dict[str, list[dict[str, Any]]]]:
        """Return the digests by kind and key, and what must be deleted because the server has it twice (and is written again)."""
        found: dict[str, dict[Key, bytes]] = {kind: {} for kind in kinds}
        twice: dict[str, set[Key]] = defaultdict(set)
        for kind, key, digest in self.read(kinds):
            if key in found[kind] and kind not in KINDS:
                twice[kind].add(key)
            found[kind][key] = digest
        for kind, keys in twice.items():
            for key in keys:
                del found[kind][key]
        return found, {kind: [link_key_row(key) for key in keys] for kind, keys in twice.items()}

    def _batch(self, kind: str, labels: tuple[str, ...], whole: bool, rows: list[Any]) -> Batch:
        self.written[kind] += len(rows)
        return Batch(kind, write_nodes(labels, whole=whole) if labels else write_links(kind), rows)


def in_transactions(batches: Iterable[Batch], most: int) -> Iterator[list[Batch]]:
    """Put small batches together, in their order, as long as they have no more rows than one transaction may.

    >>> [len(one) for one in in_transactions([Batch("FROM", "…", [1, 2]), Batch("FROM", "…", [3]), Batch("FROM", "…", [4])], 3)]
    [2, 1]
    """
    together: list[Batch] = []
    for batch in batches:
        if together and sum(len(one.rows) for one in together) + len(batch.rows) > most:
            yield together
            together = []
        together.append(batch)
    if together:
        yield together


def link_key_row(key: Key) -> dict[str, Any]:
    """Return the key of a relationship as `queries.server.texts.delete_links` takes it."""
    start, end, *apart = key
    return {"s": start, "e": end, "k": apart[0] if apart else None}


def graph_rows(graph: Graph, kind: str) -> Iterator[tuple[Key, bytes, dict[str, Any]]]:
    """Yield key, digest and properties of every row of a kind that a graph states."""
    items = map(_node_item, nodes_of(graph)) if kind in KINDS else map(_link_item, links_of(graph))
    for item in items:
        if item.kind == kind:
            yield item.key, item.digest, item.row if item.labels else item.row["p"]


def _node_item(node: Node) -> _Item:
    kind = node.labels[0]
    return _Item(kind, node.labels, *node_row(kind, node.labels, node.properties), node.properties)


def _link_item(link: Link) -> _Item:
    start, end = link.start[1], link.end[1]
    row = {"s": start, "e": end, "p": link.properties}
    return _Item(link.type, (), *link_row(link.type, start, end, link.properties), row)


def _whole(item: _Item) -> dict[str, Any]:
    """Return the row with null for every property of ours that it lacks, so that writing it removes those."""
    if item.labels:
        return {**dict.fromkeys(KINDS[item.kind]), **item.row}
    return {**item.row, "p": {**dict.fromkeys(link_form(item.kind).properties), **item.row["p"]}}
