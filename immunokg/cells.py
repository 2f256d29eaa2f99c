"""Values of a Cypher answer as cells: in Cypher's own notation for tables that people read, in parts for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from queries.cypher_engine.values import Node, Path, Relationship

__all__ = ["readable", "structured"]

_SHOWN = ("id", "name", "statement_id", "relation", "support", "refute", "null_count")
"""The properties that tell a thing apart: a table is no dump."""


def readable(value: Any) -> Any:
    """Return a value as a table prints it: nodes, relationships and paths in Cypher's notation, with few properties.

    >>> from queries.cypher_engine.values import FrozenMap
    >>> readable(Node(frozenset(("Entity", "Gene")), FrozenMap({"id": "HGNC:6015", "name": "IL4R"})))
    '(:Entity:Gene {id: HGNC:6015, name: IL4R})'
    >>> readable((1, None, "a"))
    [1, None, 'a']
    """
    if isinstance(value, Node):
        labels = "".join(f":{label}" for label in sorted(value.labels, key=lambda label: (label != "Entity", label)))
        return f"({labels}{_properties(value.properties)})"
    if isinstance(value, Relationship):
        return f"({value.start})-[:{value.type}{_properties(value.properties)}]->({value.end})"
    if isinstance(value, Path):
        return _path(value)
    return _container(value, readable)


def structured(value: Any) -> Any:
    """Return a value as JSON holds it: every property of a node, a relationship or a path.

    >>> from queries.cypher_engine.values import FrozenMap
    >>> structured(Relationship("TREATS", "DRUGBANK:DB12159", "MONDO:0004980", FrozenMap({"sign": -1})))["type"]
    'TREATS'
    """
    if isinstance(value, Node):
        return {"labels": sorted(value.labels), "properties": structured(value.properties)}
    if isinstance(value, Relationship):
        ends = {"start": value.start, "end": value.end}
        return {"type": value.type, **ends, "properties": structured(value.properties)}
    if isinstance(value, Path):
        parts = {"nodes": value.nodes, "relationships": value.relationships}
        return {name: structured(part) for name, part in parts.items()}
    return _container(value, structured)


def _container(value: Any, inner: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {key: inner(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [inner(item) for item in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _path(path: Path) -> str:
    parts = []
    for place, node in enumerate(path.nodes):
        if place:
            link = path.relationships[place - 1]
            parts.append(f"-[:{link.type}]->" if link.start == path.nodes[place - 1].id else f"<-[:{link.type}]-")
        parts.append(f"({node.properties.get('name') or node.id or ''})")
    return "".join(parts)


def _properties(properties: Mapping[str, Any]) -> str:
    shown = [name for name in _SHOWN if name in properties] or sorted(properties)[:4]
    return f" {{{', '.join(f'{name}: {properties[name]}' for name in shown)}}}" if shown else ""
