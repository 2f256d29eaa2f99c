"""A graph as RDF, and back without loss.

The core form (RDF 1.1, no blank nodes, no triple in two graphs):

* an **entity** has one Biolink category, ``rdfs:label``, ``dct:identifier``, names, and exact and close matches;
* a **direct triple** with the Biolink predicate (ours where Biolink needs qualifiers), and its projection
  ``ikg:positively_affects`` or ``ikg:negatively_affects``, stands once for each claim whose supporting studies outweigh the
  others (`kg.belief.Counts.asserted`), and for no other: never for a refuted claim or a mere hypothesis;
* **claims** and **statements** are nodes in the default graph with sign, counts, context, conditions and conflicts;
* **evidence** stands in one named graph per source, so that dropping a source is dropping its graph; publications and
  studies, which several sources share, stand in the default graph.

`from_quads` reads all of it back; what is derived (direct triples, counts) is computed anew, and a statement or evidence
that was altered under its old IRI is refused.

>>> from kg.graph import Graph
>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> drug, gene = Entity("DRUGBANK:DB12159", "dupilumab", "Drug"), Entity("HGNC:6015", "IL4R", "Gene")
>>> claim = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
>>> graph = Graph.from_records([drug, gene, Assertion(claim, Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro"))])
>>> data = write_rdf(graph, "nquads")
>>> read_rdf(data, "nquads") == graph
True
>>> b"DB12159> <https://w3id.org/immunokg/decreases_activity_of> <http://identifiers.org/hgnc/6015> ." in data
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.graph import Graph
from kg.rdf_names import PREFIXES
from kg.rdf_read import graph_of
from kg.rdf_rows import graph_source
from kg.rdf_write import Load, nquads
from ontologies.errors import BadInput, Fault

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib

    from kg.manifest import Manifest

__all__ = [
    "FORMATS",
    "Load",
    "check_depth",
    "from_quads",
    "loads_of",
    "parse_rdf",
    "read_rdf",
    "serialize",
    "to_quads",
    "to_rdflib",
    "write_rdf",
]

FORMATS = {"nquads": "nq", "trig": "trig", "jsonld": "jsonld", "turtle": "ttl", "ntriples": "nt"}
"""The formats by name with their file name endings; Turtle and N-Triples hold the default graph only."""

MAX_DEPTH = 128
"""Deeper nesting than this is refused in any file: no file of ours has more than a few levels."""

_TRIPLES_ONLY = ("turtle", "ntriples")
_DOUBLE, _SINGLE = rb'"(?:[^"\\]|\\.)*+"', rb"'(?:[^'\\]|\\.)*+'"
_OTHER = rb"""#[^\r\n]*+|<[^<>\s]*+>|(<<|[\[{(])|(>>|[\]})])"""
_PLACE = re.compile(r"line (\d+)(?: between columns| column) (\d+)")


def to_quads(graph: Graph, loads: Iterable[Load] = ()) -> Iterator[ox.Quad]:
    """Yield the quads of a graph, each once; `loads` says from which file each source was read.

    Raises `BadInput` for text, numbers or identifiers that RDF cannot hold.
    """
    import pyoxigraph as ox

    for piece in nquads(graph_source(graph), loads):
        yield from ox.parse(piece, format=ox.RdfFormat.N_QUADS)


def loads_of(manifest: Manifest) -> tuple[Load, ...]:
    """Return the loads of a graph directory's sources, for `to_quads`.

    A source of one file has that file's SHA-256; one of several has the SHA-256 of their sorted names and digests.
    """
    from hashlib import sha256

    found: list[Load] = []
    for source in manifest.sources:
        digests = [file.sha256 for file in source.files]
        if len(digests) > 1:
            lines = sorted(f"{file.name}\t{file.sha256}" for file in source.files)
            digests = [sha256("\n".join(lines).encode()).hexdigest()]
        found += [Load(source.name, digest, source.version, source.licence) for digest in digests]
    return tuple(found)


def from_quads(quads: Iterable[ox.Quad], *, source: str = "RDF") -> Graph:
    """Return the graph that quads of the core form state, whatever their order; the inverse of `to_quads`.

    Triples that are not of the form are passed over. Entities come with their lists sorted.

    Raises:
        BadInput: what is missing, stands twice or was altered, all faults at once (up to 100), named by IRI.
    """
    return graph_of(quads, source)


def serialize(quads: Iterable[ox.Quad], format: str) -> bytes:  # noqa: A002  # named as the command line's option is
    """Return quads as text in one of `FORMATS`; N-Quads and N-Triples are sorted, so equal graphs give equal bytes."""
    import pyoxigraph as ox

    kind = _format(format)
    if format in _TRIPLES_ONLY:
        default = ox.DefaultGraph()
        triples = (quad.triple for quad in quads if quad.graph_name == default)
        data = ox.serialize(triples, format=kind, prefixes=PREFIXES if format == "turtle" else None)
    else:
        data = ox.serialize(quads, format=kind, prefixes=PREFIXES if format == "trig" else None)
    assert data is not None, "no output was given, so the text comes back"
    if format in ("nquads", "ntriples"):
        return b"".join(sorted(data.splitlines(keepends=True)))
    return data


def write_rdf(graph: Graph, format: str, loads: Iterable[Load] = ()) -> bytes:  # noqa: A002 (the public name)
    """Return a graph as RDF text; see `to_quads` and `serialize`."""
    if format == "nquads":
        return b"".join(sorted(b"".join(nquads(graph_source(graph), loads)).splitlines(keepends=True)))
    return serialize(to_quads(graph, loads), format)


def parse_rdf(data: bytes, format: str, *, source: str = "RDF") -> Iterator[ox.Quad]:  # noqa: A002 (the public name)
    """Yield the quads of RDF text from anywhere: nothing is fetched, and deep nesting is refused before the parser sees it.

    Raises:
        BadInput: not of the format (with line and column), or nested deeper than 128; a JSON-LD context that would have to
            be fetched counts as wrong.
    """
    import pyoxigraph as ox

    check_depth(data, source=source)
    try:
        for quad in ox.parse(input=data, format=_format(format)):
            yield quad if isinstance(quad, ox.Quad) else ox.Quad(*quad)
    except (SyntaxError, ValueError) as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        fault = Fault(source, line, column, "", " ".join(str(error).split()), f"write it as {format}")
        raise BadInput(f"{source} cannot be read as {format}", [fault]) from None


def read_rdf(data: bytes, format: str, *, source: str = "RDF") -> Graph:  # noqa: A002 (the public name)
    """Return the graph that RDF text of the core form states; see `parse_rdf` and `from_quads`."""
    return from_quads(parse_rdf(data, format, source=source), source=source)


def check_depth(data: bytes, *, source: str = "RDF") -> None:
    """Raise `BadInput` where brackets nest deeper than 128: parsers recurse, and a few kilobytes can end the process.

    >>> check_depth(b'{"@id": "http://identifiers.org/hgnc/6015"}')
    """
    depth = 0
    for match in _brackets(data):
        if match[1]:
            depth += 1
            if depth > MAX_DEPTH:
                line = data.count(b"\n", 0, match.start()) + 1
                column = match.start() - data.rfind(b"\n", 0, match.start())
                fault = Fault(source, line, column, "", f"nested deeper than {MAX_DEPTH}", "flatten it")
                raise BadInput(f"{source} is refused", [fault])
        elif match[2]:
            depth = max(depth - 1, 0)


def _brackets(data: bytes) -> Iterator[re.Match[bytes]]:
    """Yield comments, strings, IRIs and brackets in one pass; a quote that is never closed is passed over.

    Behind a quote that no other closes, no quote of its kind closes anything (all are escaped), so strings of that kind are
    looked for no more: otherwise every such quote would be followed to the end of the file.
    """
    strings = {b'"': _DOUBLE, b"'": _SINGLE}
    at = 0
    while True:
        unclosed = b"([" + b"".join(strings) + b"])" if strings else b"(?!)()"
        pattern = re.compile(b"|".join((_OTHER, *strings.values(), unclosed)), re.DOTALL)
        for match in pattern.finditer(data, at):
            if match[3]:
                del strings[match[3]]
                at = match.end()
                break
            yield match
        else:
            return


def to_rdflib(graph: Graph, loads: Iterable[Load] = ()) -> rdflib.Dataset:
    """Return the graph as an rdflib `Dataset` for scripts, with lexical forms as written (``0.30`` stays ``0.30``).

    Its queries see all graphs as one, as `queries.sparql_engine` does; ``dataset.quads()`` tells the graphs apart. Costs some
    20 µs a quad; use `queries.sparql_engine` for questions.
    """
    import pyoxigraph as ox
    import rdflib

    from ontologies.prefixes import prefixes

    made: dict[object, rdflib.term.Node] = {}

    def term(value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> rdflib.term.Node:
        known = made.get(value)
        if known is None:
            known = made[value] = _rdflib_term(value)
        return known

    dataset = rdflib.Dataset(default_union=True)
    for prefix, namespace in {**PREFIXES, **{name: row.iri for name, row in prefixes().items()}}.items():
        dataset.bind(prefix, namespace, replace=True)
    graphs: dict[object, rdflib.Graph] = {ox.DefaultGraph(): dataset.default_graph}
    for quad in to_quads(graph, loads):
        if quad.graph_name not in graphs and isinstance(quad.graph_name, ox.NamedNode):
            graphs[quad.graph_name] = dataset.graph(rdflib.URIRef(quad.graph_name.value))
        graphs[quad.graph_name].add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return dataset


def _rdflib_term(value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> rdflib.term.Node:
    import pyoxigraph as ox
    import rdflib

    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    if isinstance(value, ox.Literal):
        datatype = value.datatype.value
        plain = datatype == "http://www.w3.org/2001/XMLSchema#string"
        return rdflib.Literal(value.value, datatype=None if plain else rdflib.URIRef(datatype), normalize=False)
    raise TypeError(f"our form has no {type(value).__name__}")


def _format(name: str) -> ox.RdfFormat:
    import pyoxigraph as ox

    formats = {
        "nquads": ox.RdfFormat.N_QUADS,
        "trig": ox.RdfFormat.TRIG,
        "jsonld": ox.RdfFormat.JSON_LD,
        "turtle": ox.RdfFormat.TURTLE,
        "ntriples": ox.RdfFormat.N_TRIPLES,
    }
    if name not in formats:
        raise BadInput(f"unknown RDF format {name!r}; use one of: {', '.join(FORMATS)}")
    return formats[name]
