"""Nodes and relationships as they are compared: by kind, key and digest, whichever side they come from.

A node's key is its ``id``; a relationship's are its ends and what tells it from others between them (``statement_id``,
``group``). The digest covers our labels and our properties, and nothing that others added to a node of ours. The digests of
all rows of a kind, added up, do not depend on their order: equal sums and equal numbers mean equal content.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import Any, TypeAlias

from kg.property_graph import KINDS, LINKS, Link, Node, labels, link_form, types

__all__ = ["Key", "Tallies", "Tally", "distinct", "link_row", "node_row", "tally", "total_digest"]

Key: TypeAlias = Any
"""What a row is found by within its kind: an id, or (start, end) or (start, end, property)."""

_DISTINCT: Mapping[str, str] = {"HAS_CONDITION": "group"}
_BITS = 1 << 128


@dataclass(slots=True)
class Tally:
    """How many rows of a kind there are, and the sum of their digests."""

    count: int = 0
    sum: int = 0

    def add(self, digest: bytes) -> None:
        """Count one row."""
        self.count += 1
        self.sum = (self.sum + int.from_bytes(digest)) % _BITS


Tallies: TypeAlias = dict[str, Tally]
"""Tallies by kind of node and type of relationship; what is not there is not in it."""


def distinct(kind: str) -> str:
    """Return the property that belongs to the key of a relationship of this type, empty if none does.

    >>> distinct("TREATS"), distinct("HAS_CONDITION"), distinct("FROM")
    ('statement_id', 'group', '')
    """
    return _DISTINCT.get(kind, "") if kind in LINKS else "statement_id"


def node_row(kind: str, found: Iterable[str], properties: Mapping[str, Any]) -> tuple[Key, bytes]:
    """Return key and digest of a node of a kind.

    >>> one = node_row("Entity", ["Gene", "Entity", "ImmunoKG"], {"id": "HGNC:6015", "pagerank": 0.5})
    >>> one == node_row("Entity", ["Entity", "Gene"], {"id": "HGNC:6015"})
    True
    """
    values = [properties.get(name) for name in KINDS[kind]]
    return _key(properties.get("id")), _digest([kind, sorted(labels().intersection(found)), values])


def link_row(kind: str, start: Any, end: Any, properties: Mapping[str, Any]) -> tuple[Key, bytes]:
    """Return key and digest of a relationship of a type."""
    apart = distinct(kind)
    ends = (_key(start), _key(end))
    values = [properties.get(name) for name in link_form(kind).properties]
    return (*ends, _key(properties.get(apart))) if apart else ends, _digest([kind, *ends, values])


def _key(value: Any) -> Any:
    """Return a value that can be a key; what is no text is nothing that we wrote."""
    return value if isinstance(value, str) or value is None else repr(value)


def tally(nodes: Iterable[Node], links: Iterable[Link]) -> Tallies:
    """Count all that a graph states.

    >>> tally([Node(("Entity",), {"id": "HGNC:6015"})], [])["Entity"].count
    1
    """
    tallies: Tallies = {}
    for node in nodes:
        kind = node.labels[0]
        tallies.setdefault(kind, Tally()).add(node_row(kind, node.labels, node.properties)[1])
    for link in links:
        tallies.setdefault(link.type, Tally()).add(link_row(link.type, link.start[1], link.end[1], link.properties)[1])
    return tallies


def total_digest(tallies: Tallies) -> str:
    """Return one digest for all rows, whatever their order: SHA-256 over kind, number and sum, by kind."""
    assert tallies.keys() <= KINDS.keys() | types()
    lines = [f"{kind}\t{tally.count}\t{tally.sum:032x}" for kind, tally in sorted(tallies.items()) if tally.count]
    return sha256("\n".join(lines).encode()).hexdigest()


def _digest(row: list[Any]) -> bytes:
    return blake2b(json.dumps(row, separators=(",", ":"), default=repr).encode(), digest_size=16).digest()
