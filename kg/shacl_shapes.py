"""SHACL shapes, read from Turtle and compiled to plain functions over an index of the data.

This is the part of SHACL Core (https://www.w3.org/TR/shacl/) that ``ontologies/shapes.ttl`` uses, and some more; what is not
covered is refused when the shapes are read, never passed over. The tests prove that it finds exactly what pyshacl finds;
it exists because pyshacl needs some 20 times as long for the same report.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TypeAlias

import pyoxigraph as ox

from ontologies.errors import BadInput
from ontologies.prefixes import NS

__all__ = ["Data", "Result", "Shape", "read_shapes"]

SH = "http://www.w3.org/ns/shacl#"

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple"
Check: TypeAlias = "Callable[[Data, Term, list[Term]], Iterator[Result]]"
Path: TypeAlias = "Callable[[Data, Term], list[Term]]"

_IGNORED = {f"{SH}{name}" for name in ("message", "severity", "name", "description", "order", "group", "path", "flags")} | {
    f"{SH}{name}" for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "deactivated")
}
_LEXICAL = {
    f"{NS.XSD}integer": re.compile(r"[+-]?\d+"),
    f"{NS.XSD}double": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN"),
    f"{NS.XSD}decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    f"{NS.XSD}boolean": re.compile(r"true|false|0|1"),
    f"{NS.XSD}date": re.compile(r"-?\d{4,9}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One violation: the node looked at, the property path (empty for the node itself), the value, and what is violated."""

    focus: str
    path: str
    value: str
    component: str
    message: str


class Data:
    """The triples of a data graph (all its named graphs merged), indexed by subject, and by object where asked."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.forward: dict[Term, dict[str, list[Term]]] = defaultdict(dict)
        for quad in quads:
            self.forward[quad.subject].setdefault(quad.predicate.value, []).append(quad.object)
        self._backward: dict[str, dict[Term, list[Term]]] = {}

    def objects(self, node: Term, predicate: str) -> list[Term]:
        """Return what a node has for a property."""
        found = self.forward.get(node)
        return found.get(predicate, []) if found else []

    def subjects(self, predicate: str) -> Mapping[Term, list[Term]]:
        """Return the subjects of a property by object."""
        known = self._backward.get(predicate)
        if known is None:
            known = self._backward[predicate] = defaultdict(list)
            for subject, found in self.forward.items():
                for object_ in found.get(predicate, ()):
                    known[object_].append(subject)
        return known


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape: its name, the nodes it is about, and its check of one node."""

    name: str
    targets: Callable[[Data], Iterable[Term]]
    check: Callable[[Data, Term], Iterator[Result]]


def read_shapes(turtle: str, *, source: str = "shapes.ttl") -> tuple[Shape, ...]:
    """Return the shapes of a Turtle text that have targets; raises `BadInput` for what is not covered, by name."""
    try:
        data = Data(ox.parse(input=turtle, format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise BadInput(f"{source} is not Turtle: {error}") from None
    return _Compiler(data, source).shapes()


class _Compiler:
    def __init__(self, shapes: Data, source: str) -> None:
        self._shapes = shapes
        self._source = source

    def shapes(self) -> tuple[Shape, ...]:
        found = []
        for node in self._shapes.forward:
            targets = self._targets(node)
            if targets and not self._true(node, "deactivated"):
                check = self._node(node)
                found.append(Shape(_short(node), partial(_targets, targets), check))
        return tuple(sorted(found, key=lambda shape: shape.name))

    def _targets(self, node: Term) -> list[tuple[str, Term]]:
        return [(kind, target) for kind in _TARGETS for target in self._get(node, kind)]

    def _node(self, node: Term) -> Callable[[Data, Term], Iterator[Result]]:
        """Compile a node shape or a property shape."""
        path_node = next(iter(self._get(node, "path")), None)
        path = self._path(path_node) if path_node is not None else None
        shown = _path_text(self._shapes, path_node) if path_node is not None else ""
        checks = self._checks(node, shown)

        def check(data: Data, focus: Term) -> Iterator[Result]:
            values = path(data, focus) if path else [focus]
            for one in checks:
                yield from one(data, focus, values)

        return check

    def _checks(self, node: Term, shown: str) -> list[Check]:
        message = next((_lexical(m) for m in self._get(node, "message")), "")
        checks: list[Check] = []
        for predicate, parameters in self._shapes.forward[node].items():
            if not predicate.startswith(SH) or predicate in _IGNORED:
                continue
            name = predicate[len(SH) :]
            for parameter in parameters:
                if name == "property":
                    checks.append(_each(self._node(parameter)))
                elif name in _COUNTS:
                    checks.append(_count(name, int(_lexical(parameter)), shown, message))
                elif name == "hasValue":
                    checks.append(_has_value(parameter, shown, message))
                else:
                    checks.append(_per_value(name, self._test(node, name, parameter), shown, message))
        return checks

    def _test(self, node: Term, name: str, parameter: Term) -> Callable[[Data, Term], bool]:
        """Compile a constraint that each value meets or not."""
        if name in ("or", "and", "xone"):
            inner = [self._node(member) for member in self._list(parameter)]
            enough = {"or": range(1, len(inner) + 1), "and": (len(inner),), "xone": (1,)}[name]
            return lambda data, value: sum(_conforms(i, data, value) for i in inner) in enough
        if name in ("not", "node"):
            one = self._node(parameter)
            return lambda data, value: _conforms(one, data, value) == (name == "node")
        if name == "in":
            allowed = frozenset(self._list(parameter))
            return lambda _, value: value in allowed
        if name == "class":
            return lambda data, value: parameter in data.objects(value, NS.RDF + "type")
        if name == "pattern":
            flags = next((_lexical(f) for f in self._get(node, "flags")), "")
            regex = re.compile(_lexical(parameter), re.IGNORECASE if "i" in flags else 0)
            return lambda _, value: not isinstance(value, ox.BlankNode) and bool(regex.search(_lexical(value)))
        if name in ("minLength", "maxLength"):
            limit, least = int(_lexical(parameter)), name == "minLength"
            return lambda _, value: (len(_lexical(value)) >= limit) if least else (len(_lexical(value)) <= limit)
        if name == "datatype":
            return _datatype(_iri(parameter))
        if name == "nodeKind":
            kinds = _NODE_KINDS[_iri(parameter)]
            return lambda _, value: isinstance(value, kinds)
        if name in _ORDERS:
            bound, order = _number(parameter), _ORDERS[name]
            return lambda _, value: bound is not None and (n := _number(value)) is not None and order(n, bound)
        raise BadInput(f"{self._source}: sh:{name} is not covered here; write the shape with other constraints")

    def _path(self, node: Term) -> Path:
        if isinstance(node, ox.NamedNode):
            iri = node.value
            return lambda data, focus: data.objects(focus, iri)
        inverse = self._get(node, "inversePath")
        if inverse:
            back = _iri(inverse[0])
            return lambda data, focus: data.subjects(back).get(focus, [])
        alternatives = self._get(node, "alternativePath")
        if alternatives:
            paths = [self._path(member) for member in self._list(alternatives[0])]
            return lambda data, focus: list(dict.fromkeys(v for path in paths for v in path(data, focus)))
        if self._shapes.objects(node, NS.RDF + "first"):
            return _sequence([self._path(member) for member in self._list(node)])
        raise BadInput(f"{self._source}: this kind of property path is not covered here; use inverse, alternative, sequence")

    def _get(self, node: Term, name: str) -> list[Term]:
        return self._shapes.objects(node, SH + name)

    def _true(self, node: Term, name: str) -> bool:
        return any(_lexical(value) in ("true", "1") for value in self._get(node, name))

    def _list(self, node: Term) -> list[Term]:
        members: list[Term] = []
        while node != ox.NamedNode(NS.RDF + "nil"):
            first, rest = self._shapes.objects(node, NS.RDF + "first"), self._shapes.objects(node, NS.RDF + "rest")
            if not (first and rest) or len(members) > 10_000:
                raise BadInput(f"{self._source}: a list has no end")
            members.append(first[0])
            node = rest[0]
        return members


_NUMERIC = frozenset(f"{NS.XSD}{name}" for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"))
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_COUNTS = ("minCount", "maxCount")
_ORDERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "minInclusive": lambda a, b: a >= b,
    "maxInclusive": lambda a, b: a <= b,
    "minExclusive": lambda a, b: a > b,
    "maxExclusive": lambda a, b: a < b,
}
_NODE_KINDS: dict[str, tuple[type, ...]] = {
    f"{SH}IRI": (ox.NamedNode,),
    f"{SH}BlankNode": (ox.BlankNode,),
    f"{SH}Literal": (ox.Literal,),
    f"{SH}BlankNodeOrIRI": (ox.BlankNode, ox.NamedNode),
    f"{SH}BlankNodeOrLiteral": (ox.BlankNode, ox.Literal),
    f"{SH}IRIOrLiteral": (ox.NamedNode, ox.Literal),
}


def _targets(targets: list[tuple[str, Term]], data: Data) -> Iterable[Term]:
    """Return the nodes that a shape is about, each once."""
    found: dict[Term, None] = {}
    for kind, target in targets:
        if kind == "targetNode":
            found[target] = None
        elif kind == "targetClass":
            found.update(dict.fromkeys(data.subjects(NS.RDF + "type").get(target, ())))
        elif kind == "targetObjectsOf":
            found.update(dict.fromkeys(data.subjects(_iri(target))))
        else:
            found.update(dict.fromkeys(node for node, said in data.forward.items() if _iri(target) in said))
    return found


def _sequence(paths: list[Path]) -> Path:
    def follow(data: Data, focus: Term) -> list[Term]:
        found = [focus]
        for path in paths:
            found = list(dict.fromkeys(v for node in found for v in path(data, node)))
        return found

    return follow


def _each(inner: Callable[[Data, Term], Iterator[Result]]) -> Check:
    def check(data: Data, _: Term, values: list[Term]) -> Iterator[Result]:
        for value in values:
            yield from inner(data, value)

    return check


def _count(name: str, limit: int, shown: str, message: str) -> Check:
    least = name == "minCount"

    def check(_: Data, focus: Term, values: list[Term]) -> Iterator[Result]:
        if len(values) < limit if least else len(values) > limit:
            yield Result(_lexical(focus), shown, "", name, message or f"{len(values)} values, {name} is {limit}")

    return check


def _has_value(wanted: Term, shown: str, message: str) -> Check:
    def check(_: Data, focus: Term, values: list[Term]) -> Iterator[Result]:
        if wanted not in values:
            yield Result(_lexical(focus), shown, "", "hasValue", message or f"lacks the value {_lexical(wanted)}")

    return check


def _per_value(name: str, test: Callable[[Data, Term], bool], shown: str, message: str) -> Check:
    def check(data: Data, focus: Term, values: list[Term]) -> Iterator[Result]:
        for value in values:
            if not test(data, value):
                yield Result(_lexical(focus), shown, _lexical(value), name, message or f"violates sh:{name}")

    return check


def _conforms(check: Callable[[Data, Term], Iterator[Result]], data: Data, node: Term) -> bool:
    return next(check(data, node), None) is None


def _datatype(iri: str) -> Callable[[Data, Term], bool]:
    lexical = _LEXICAL.get(iri)

    def test(_: Data, value: Term) -> bool:
        if not isinstance(value, ox.Literal) or value.datatype.value != iri:
            return False
        return lexical is None or bool(lexical.fullmatch(value.value))

    return test


def _number(term: Term) -> Decimal | None:
    if not isinstance(term, ox.Literal) or term.datatype.value not in _NUMERIC:
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None


def _lexical(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def _iri(term: Term) -> str:
    if not isinstance(term, ox.NamedNode):
        raise BadInput(f"shapes: an IRI was expected, not {term}")
    return term.value


def _short(term: Term) -> str:
    iri = _lexical(term)
    for prefix, namespace in (("ikg", NS.IKG), ("biolink", NS.BIOLINK), ("rdf", NS.RDF), ("rdfs", NS.RDFS)):
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def _path_text(shapes: Data, node: Term) -> str:
    if isinstance(node, ox.NamedNode):
        return _short(node)
    marked = (("inversePath", "^"), ("alternativePath", ""))
    parts = [mark + _path_text(shapes, inner) for name, mark in marked for inner in shapes.objects(node, SH + name)]
    for first in shapes.objects(node, NS.RDF + "first"):
        rest = [r for r in shapes.objects(node, NS.RDF + "rest") if _lexical(r) != NS.RDF + "nil"]
        parts.append("|".join([_path_text(shapes, first), *(_path_text(shapes, r) for r in rest)]))
    return "|".join(parts)
