"""GraphML written by hand, because the usual writer fails on lists and control characters and leaves an empty file.

What a reader can rely on:

* the graph is directed and every edge has its own id, the statement id, so parallel edges stay apart (networkx keeps
  them with ``read_graphml(file, edge_key_type=str, force_multigraph=True)``);
* each attribute has one declared type over the whole file: boolean, long, double, or string;
* lists and mappings are JSON text in string attributes, and so are missing values left out, never written as "None";
* no attribute is called ``id`` (a reader would take it for the key): an entity's is ``curie``, a statement's ``statement``;
* characters that XML 1.0 cannot hold are replaced by U+FFFD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kg.graph import Graph

__all__ = ["graphml_lines"]

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_CARRIAGE_RETURN = {"\r": "&#13;"}  # a parser would turn a bare one into a newline
_NODE_ID, _EDGE_ID = "curie", "statement"


def graphml_lines(graph: Graph) -> Iterator[str]:
    """Yield the lines of the GraphML document.

    >>> from kg.model import Entity
    >>> lines = list(graphml_lines(Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene")])))
    >>> any('<node id="HGNC:6015">' in line for line in lines)
    True
    """
    from kg.digraph import to_networkx

    network = to_networkx(graph)
    nodes = [(str(node), _plain(data, _NODE_ID, str(node))) for node, data in network.nodes(data=True)]
    edges = [
        (str(tail), str(head), str(key), _plain(data, _EDGE_ID, str(key)))
        for tail, head, key, data in network.edges(keys=True, data=True)
    ]
    node_types = _column_types(data for _, data in nodes)
    edge_types = _column_types(data for *_, data in edges)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<graphml xmlns="{_NAMESPACE}">'
    yield from _keys("node", "n", node_types)
    yield from _keys("edge", "e", edge_types)
    yield '  <graph id="immunokg" edgedefault="directed">'
    for node, data in nodes:
        yield f"    <node id={_attribute(node)}>"
        yield from _data("n", node_types, data)
        yield "    </node>"
    for tail, head, key, data in edges:
        yield f"    <edge id={_attribute(key)} source={_attribute(tail)} target={_attribute(head)}>"
        yield from _data("e", edge_types, data)
        yield "    </edge>"
    yield "  </graph>"
    yield "</graphml>"


def _plain(data: Mapping[str, Any], id_name: str, id_value: str) -> dict[str, bool | int | float | str]:
    """Make every value one of four types; drop missing ones; call an attribute ``id`` by its meaning."""
    plain: dict[str, bool | int | float | str] = {id_name: id_value}
    for name, value in data.items():
        if value is None or name == "id":
            continue
        if isinstance(value, bool | int | float | str):
            plain[name] = value
        else:
            plain[name] = json.dumps(value, ensure_ascii=False, sort_keys=True, default=_jsonable)
    return plain


def _jsonable(value: Any) -> Any:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)


def _column_types(rows: Iterable[Mapping[str, bool | int | float | str]]) -> dict[str, str]:
    """Give each attribute the narrowest type that holds all its values (integers widen to doubles, the rest to strings)."""
    seen: dict[str, set[type]] = {}
    for row in rows:
        for name, value in row.items():
            seen.setdefault(name, set()).add(type(value))
    names = {frozenset({bool}): "boolean", frozenset({int}): "long", frozenset({float}): "double"}
    return {
        name: names.get(frozenset(types), "double" if types == {int, float} else "string")
        for name, types in sorted(seen.items())
    }


def _keys(domain: str, letter: str, types: Mapping[str, str]) -> Iterator[str]:
    for number, (name, kind) in enumerate(types.items()):
        yield f'  <key id="{letter}{number}" for="{domain}" attr.name={_attribute(name)} attr.type="{kind}"/>'


def _data(letter: str, types: Mapping[str, str], data: Mapping[str, bool | int | float | str]) -> Iterator[str]:
    for number, (name, kind) in enumerate(types.items()):
        if name in data:
            yield f'      <data key="{letter}{number}">{escape(_xml(_text(data[name], kind)), _CARRIAGE_RETURN)}</data>'


def _text(value: bool | int | float | str, kind: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) or kind == "double":
        return repr(float(value))
    return str(value)


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _attribute(text: str) -> str:
    return quoteattr(_xml(text))
