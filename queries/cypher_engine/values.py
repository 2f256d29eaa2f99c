"""The values of a Cypher answer, the same for every engine: plain, frozen, comparable, and free of an engine's own types.

Null, truth values, numbers and text are Python's own; a list is a tuple; a map is a `FrozenMap`; dates and times are
Python's where they fit exactly, else `Temporal` (nanoseconds, years beyond 9999); durations are `Duration`. Nodes and
relationships are known by our own ``id`` and ``statement_id`` properties, never by an engine's internal ids.

`read_value` and `write_value` are the compact JSON form in which values travel between the processes: scalars as they are,
maps as objects, and everything else as a list whose first item is its kind.

>>> read_value(write_value((1, None, {"when": date(2018, 11, 14)})))
(1, None, FrozenMap({'when': datetime.date(2018, 11, 14)}))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias, Union

from ontologies.errors import BadInput

__all__ = [
    "Duration",
    "FrozenMap",
    "Node",
    "Path",
    "Relationship",
    "Scalar",
    "Temporal",
    "Value",
    "freeze",
    "plain",
    "read_value",
    "write_value",
]

_MOST = 2**63
_DEPTH = 100


class FrozenMap(Mapping[str, Any]):
    """A map that cannot change; equal to a dict of the same items.

    >>> FrozenMap({"n": 1}) == {"n": 1}
    True
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration as Cypher keeps it: months, days, seconds and nanoseconds apart.

    >>> str(Duration(months=14, days=3, seconds=5, nanoseconds=500_000_000))
    'P1Y2M3DT5.5S'
    """

    months: int = 0
    days: int = 0
    seconds: int = 0
    nanoseconds: int = 0

    def __str__(self) -> str:
        years, months = _split(self.months, 12)
        text = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (self.days, "D")) if n)
        nanoseconds = self.seconds * 1_000_000_000 + self.nanoseconds
        hours, nanoseconds = _split(nanoseconds, 3_600_000_000_000)
        minutes, nanoseconds = _split(nanoseconds, 60_000_000_000)
        sign = "-" if nanoseconds < 0 else ""
        whole, part = divmod(abs(nanoseconds), 1_000_000_000)
        seconds = f"{sign}{whole}" + (f".{part:09d}".rstrip("0") if part else "")
        clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
        clock += f"{seconds}S" if nanoseconds else ""
        return f"P{text}" + (f"T{clock}" if clock else "") if text or clock else "PT0S"


@dataclass(frozen=True, slots=True)
class Temporal:
    """A date or time that Python cannot hold exactly; `kind` is ``date``, ``time`` or ``datetime``, `text` its ISO 8601 form.

    >>> str(Temporal("time", "12:00:00.000000001"))
    '12:00:00.000000001'
    """

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Node:
    """A node; `id` is its own ``id`` property (None for what is not ours).

    >>> Node(frozenset({"Entity", "Drug"}), FrozenMap({"id": "DRUGBANK:DB12159"})).id
    'DRUGBANK:DB12159'
    """

    labels: frozenset[str]
    properties: FrozenMap

    @property
    def id(self) -> Any:
        """The ``id`` property."""
        return self.properties.get("id")


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship; `start` and `end` are the ``id`` properties of its nodes (None where an engine does not tell).

    >>> Relationship("TREATS", "DRUGBANK:DB12159", "MONDO:0004980", FrozenMap({"sign": 1})).type
    'TREATS'
    """

    type: str
    start: Any
    end: Any
    properties: FrozenMap

    @property
    def id(self) -> Any:
        """The ``statement_id`` property of a relationship between entities, else None."""
        return self.properties.get("statement_id")


@dataclass(frozen=True, slots=True)
class Path:
    """A path: one node more than relationships, in the order walked."""

    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]

    def __len__(self) -> int:
        return len(self.relationships)


Scalar: TypeAlias = bool | int | float | str | bytes | date | time | datetime | Duration | Temporal
Value: TypeAlias = Union[Scalar, Node, Relationship, Path, FrozenMap, "tuple[Value, ...]", None]


def freeze(value: Any) -> Value:
    """Return a Python value (also one with lists and dicts) in the form that answers have.

    Raises `BadInput` for what no engine could hold.

    >>> freeze({"drugs": ["dupilumab"]})
    FrozenMap({'drugs': ('dupilumab',)})
    """
    return read_value(write_value(value))


def plain(value: Any) -> Any:
    """Return a value with lists and dicts in the places of tuples and maps.

    >>> plain(freeze({"drugs": ["dupilumab"]}))
    {'drugs': ['dupilumab']}
    """
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, FrozenMap):
        return {key: plain(item) for key, item in value.items()}
    return value


def write_value(value: Any, *, name: str = "parameter", depth: int = 0) -> Any:
    """Return the JSON form of a value; `name` is what an error calls it.

    Raises `BadInput` for a type that Cypher lacks, an integer beyond 64 bits, text that is not Unicode, or deep nesting.

    >>> write_value([1.5, timedelta(days=2)])
    ['l', 1.5, ['P', 0, 2, 0, 0]]
    """
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        if not -_MOST <= value < _MOST:
            raise BadInput(f"{name}: {value} does not fit into 64 bits; give it as text")
        return int(value)
    if isinstance(value, str):
        return _text(value, name)
    if depth > _DEPTH:
        raise BadInput(f"{name}: lists and maps are nested deeper than {_DEPTH}")
    if isinstance(value, Mapping):
        return {_key(key, name): write_value(item, name=f"{name}.{key}", depth=depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=repr) if isinstance(value, set | frozenset) else value
        return ["l", *(write_value(item, name=name, depth=depth + 1) for item in items)]
    return _write_other(value, name)


def read_value(form: Any) -> Value:
    """Return the value for its JSON form.

    >>> read_value(["n", ["Entity", "Drug"], {"id": "DRUGBANK:DB12159"}]).id
    'DRUGBANK:DB12159'
    """
    if isinstance(form, dict):
        return FrozenMap({key: read_value(item) for key, item in form.items()})
    if not isinstance(form, list):
        scalar: Value = form
        return scalar
    kind, *rest = form
    if kind == "l":
        return tuple(read_value(item) for item in rest)
    value: Value = _READERS[kind](*rest)
    return value


def _write_other(value: Any, name: str) -> Any:
    if isinstance(value, datetime):
        return ["T", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, time):
        return ["t", value.isoformat()]
    if isinstance(value, Temporal):
        return [{"date": "d", "time": "t", "datetime": "T"}[value.kind], value.text]
    if isinstance(value, timedelta):
        return ["P", 0, value.days, value.seconds, value.microseconds * 1000]
    if isinstance(value, Duration):
        return ["P", value.months, value.days, value.seconds, value.nanoseconds]
    if isinstance(value, bytes | bytearray):
        return ["b", bytes(value).hex()]
    item = getattr(value, "item", None)  # a number of numpy
    if item is not None and getattr(value, "shape", None) == ():
        return write_value(item(), name=name)
    kinds = "null, true and false, numbers, text, lists, maps, dates, times and durations"
    raise BadInput(f"{name}: a {type(value).__name__} is no value of Cypher; give {kinds}")


def _text(value: str, name: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadInput(f"{name}: the text is not valid Unicode (a lone surrogate)") from None
    return str(value)


def _key(key: Any, name: str) -> str:
    if not isinstance(key, str):
        raise BadInput(f"{name}: the keys of a map are text, not {type(key).__name__}")
    return _text(key, name)


def _temporal(kind: str, text: str, parse: Any) -> Value:
    fraction = text.partition(".")[2]
    digits = len(fraction) - len(fraction.lstrip("0123456789"))
    if digits <= 6 or not fraction[6:digits].strip("0"):
        try:
            value: Value = parse(text.partition("[")[0])
        except ValueError:  # a year beyond 9999, an offset with seconds before Python could read them
            return Temporal(kind, text)
        return value
    return Temporal(kind, text)


def _node(labels: list[str], properties: dict[str, Any]) -> Node:
    return Node(frozenset(labels), _map(properties))


def _relationship(kind: str, start: Any, end: Any, properties: dict[str, Any]) -> Relationship:
    return Relationship(kind, read_value(start), read_value(end), _map(properties))


def _path(nodes: list[list[Any]], relationships: list[list[Any]]) -> Path:
    return Path(tuple(_node(*node[1:]) for node in nodes), tuple(_relationship(*link[1:]) for link in relationships))


def _map(properties: dict[str, Any]) -> FrozenMap:
    return FrozenMap({key: read_value(item) for key, item in properties.items()})


def _split(value: int, unit: int) -> tuple[int, int]:
    """Return quotient and remainder, both with the sign of the value."""
    whole, rest = divmod(abs(value), unit)
    return (whole, rest) if value >= 0 else (-whole, -rest)


_READERS: dict[str, Any] = {
    "d": lambda text: _temporal("date", text, date.fromisoformat),
    "t": lambda text: _temporal("time", text, time.fromisoformat),
    "T": lambda text: _temporal("datetime", text, datetime.fromisoformat),
    "P": Duration,
    "b": bytes.fromhex,
    "n": _node,
    "r": _relationship,
    "p": _path,
}
