"""Values of the ``neo4j`` driver as ours, and ours as the driver's."""

from __future__ import annotations

from typing import Any

from ontologies.errors import BadInput
from queries.cypher_engine.values import (
    Duration,
    FrozenMap,
    Node,
    Path,
    Relationship,
    Temporal,
    Value,
    freeze,
    read_value,
)
from queries.query_errors import QueryStopped

__all__ = ["ServerValues", "to_server"]

_SCALARS = (str, int, float, bool)


class ServerValues:
    """Turns the driver's values into ours and counts how large they are.

    >>> values = ServerValues(1024)
    >>> values.read([1, {"drug": "dupilumab"}]), values.size
    ((1, FrozenMap({'drug': 'dupilumab'})), 33)

    Raises `QueryStopped` when all of them together are larger than `most` bytes (roughly).
    """

    def __init__(self, most: int) -> None:
        self.size = 0
        self._most = most

    def read(self, value: Any) -> Value:
        """Return one value."""
        self.size += len(value) if isinstance(value, str | bytes | bytearray) else 8
        if self.size > self._most:
            raise QueryStopped(f"the answer is larger than {self._most // 2**20} MB; add LIMIT or select fewer columns")
        if value is None or type(value) in _SCALARS:
            found: Value = value
            return found
        if type(value) is list:
            return tuple(self.read(item) for item in value)
        if type(value) is dict:
            return self._map(value)
        if isinstance(value, bytes | bytearray):
            return bytes(value)
        return self._other(value)

    def _map(self, items: Any) -> FrozenMap:
        return FrozenMap({key: self.read(item) for key, item in items.items()})

    def _other(self, value: Any) -> Value:
        from neo4j import graph, spatial, time

        if isinstance(value, graph.Node):
            return self._node(value)
        if isinstance(value, graph.Relationship):
            return self._relationship(value)
        if isinstance(value, graph.Path):
            return Path(tuple(map(self._node, value.nodes)), tuple(map(self._relationship, value.relationships)))
        if isinstance(value, time.Duration):
            return Duration(value.months, value.days, value.seconds, value.nanoseconds)
        if isinstance(value, time.DateTime):
            return read_value(["T", value.iso_format()])
        if isinstance(value, time.Date):
            return read_value(["d", value.iso_format()])
        if isinstance(value, time.Time):
            return read_value(["t", value.iso_format()])
        if isinstance(value, spatial.Point):
            return FrozenMap({"srid": value.srid} | dict(zip("xyz", map(float, value), strict=False)))
        native = getattr(value, "to_native", None)
        if native is not None:  # a vector
            return tuple(native())
        return str(value)

    def _node(self, node: Any) -> Node:
        return Node(frozenset(node.labels), self._map(node))

    def _relationship(self, link: Any) -> Relationship:
        start, end = (node.get("id") if node is not None else None for node in (link.start_node, link.end_node))
        return Relationship(link.type, self.read(start), self.read(end), self._map(link))


def to_server(value: Any) -> Any:
    """Return a parameter as the driver takes it; raises `BadInput` for what Cypher cannot hold.

    >>> to_server({"names": ("IL4", "IL13")})
    {'names': ['IL4', 'IL13']}
    """
    return _to_driver(freeze(value))


def _to_driver(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_to_driver(item) for item in value]
    if isinstance(value, FrozenMap):
        return {key: _to_driver(item) for key, item in value.items()}
    if isinstance(value, Duration):
        from neo4j.time import Duration as Theirs

        return Theirs(months=value.months, days=value.days, seconds=value.seconds, nanoseconds=value.nanoseconds)
    if isinstance(value, Temporal):
        from neo4j import time

        kinds = {"date": time.Date, "time": time.Time, "datetime": time.DateTime}
        try:
            return kinds[value.kind].from_iso_format(value.text)  # type: ignore[attr-defined]  # all three have it
        except ValueError as error:
            raise BadInput(f"parameter: {value.text} cannot be sent ({error}); give it as text, and {value.kind}($…)") from error
    return value
