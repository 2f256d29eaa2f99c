r"""The rows that the process of the embedded engine sends, as our values.

What JSON lacks stands in a row as ``{"\u0001": [kind, value]}``: a number the JSON of the process cannot hold, a date, or
the place of something in ``side``, where nodes and relationships in turn name their place among the ``records``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from queries.cypher_engine.values import FrozenMap, Node, Path, Relationship, Value, read_value

__all__ = ["column_names", "read_rows"]

_MARK = "\u0001"


def column_names(columns: Sequence[str] | None, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the names of the columns: as the text gives them, with those of ``RETURN *`` sorted as Neo4j sorts them.

    >>> column_names(["*", "n"], [{"b": 1, "a": 2, "n": 3}])
    ('a', 'b', 'n')
    """
    found = list(rows[0]) if rows else []
    if columns is None:
        return tuple(found)
    rest = sorted(name for name in found if name not in columns)
    return tuple(chain.from_iterable(rest if name == "*" else (name,) for name in columns))


def read_rows(columns: Sequence[str], frame: Mapping[str, Any]) -> list[tuple[Value, ...]]:
    """Return the rows of a frame.

    >>> frame = {"rows": [{"d": {_MARK: ["x", 0]}, "n": 4}], "side": [["n", ["Drug"], 0]]}
    >>> drug, studies = read_rows(("d", "n"), {**frame, "records": [{"side": [], "rows": [{"name": "dupilumab"}]}]})[0]
    >>> drug.properties["name"], studies
    ('dupilumab', 4)
    """
    records: list[FrozenMap] = []
    for chunk in frame["records"]:
        aside = [_read_form(form, records) for form in chunk["side"]]
        records += [FrozenMap({key: _read(value, aside) for key, value in row.items()}) for row in chunk["rows"]]
    side = [_read_form(form, records) for form in frame["side"]]
    return [tuple(_read(row.get(name), side) for name in columns) for row in frame["rows"]]


def _read(value: Any, side: list[Value]) -> Value:
    if isinstance(value, list):
        return tuple(_read(item, side) for item in value)
    if isinstance(value, dict):
        if _MARK in value:
            kind, found = value[_MARK]
            return _MARKED[kind](found, side)
        return FrozenMap({key: _read(item, side) for key, item in value.items()})
    scalar: Value = value
    return scalar


_MARKED: dict[str, Callable[[Any, list[Value]], Value]] = {
    "x": lambda place, side: side[place],
    "n": lambda text, _: float(text),
    "i": lambda text, _: int(text),
    "s": lambda items, side: tuple(_read(item, side) for item in items),
    "D": lambda text, _: read_value(["d", text]),
    "T": lambda text, _: read_value(["T", text]),
    "Z": lambda text, _: read_value(["T", text]),
}


def _read_form(form: Any, records: list[FrozenMap]) -> Value:
    kind = form[0] if isinstance(form, list) else ""
    if kind == "n":
        return _node(form, records)
    if kind == "r":
        return _relationship(form, records)
    if kind == "p":
        return Path(tuple(_node(node, records) for node in form[1]), tuple(_relationship(link, records) for link in form[2]))
    return read_value(form)


def _node(form: list[Any], records: list[FrozenMap]) -> Node:
    return Node(frozenset(form[1]), records[form[2]])


def _relationship(form: list[Any], records: list[FrozenMap]) -> Relationship:
    return Relationship(form[1], read_value(form[2]), read_value(form[3]), records[form[4]])
