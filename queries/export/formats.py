"""The table of export formats, and the one function that writes a graph in any of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.graph import Graph
from ontologies.errors import BadInput
from queries.export.atomic import atomic_file
from queries.export.graphml import graphml_lines
from queries.export.neo4j_csv import write_neo4j_csv

__all__ = ["FORMATS", "PICTURES", "format_of", "graph_pieces", "write_graph"]

#: format -> (ending of its files, what it is); neo4j-csv is a directory
FORMATS = {
    "graphml": (".graphml", "GraphML, for Cytoscape, Gephi, igraph and networkx"),
    "turtle": (".ttl", "RDF in Turtle: statements and evidence in one graph"),
    "nquads": (".nq", "RDF in N-Quads: the lossless form, sorted, the evidence of each source in a graph of its own"),
    "trig": (".trig", "RDF in TriG: the same graphs, easier to read"),
    "jsonld": (".jsonld", "RDF in JSON-LD: the same graphs"),
    "neo4j-csv": ("", "a directory of CSV files for neo4j-admin database import"),
}
#: formats of an explanation's picture, drawn by `queries.figures`
PICTURES = {"svg": ".svg", "pdf": ".pdf", "png": ".png"}


def format_of(path: Path) -> str:
    """Return the format that a file name means; raises `BadInput` listing the endings.

    >>> format_of(Path("il4r.ttl"))
    'turtle'
    """
    endings = {ending: name for name, (ending, _) in FORMATS.items() if ending}
    endings |= {ending: name for name, ending in PICTURES.items()}
    found = endings.get(path.suffix.lower())
    if found is None:
        raise BadInput(f"{path.name}: no format has this ending; use one of {', '.join(endings)}")
    return found


def graph_pieces(graph: Graph, form: str) -> Iterator[bytes]:
    """Yield a graph in one of the formats that are a single text, piece by piece; raises `BadInput` for any other."""
    if form == "graphml":
        for line in graphml_lines(graph):
            yield line.encode() + b"\n"
    elif form == "turtle":
        import pyoxigraph as ox

        from kg.rdf import serialize, to_quads

        yield serialize((ox.Quad(q.subject, q.predicate, q.object) for q in to_quads(graph)), form)
    elif form in ("nquads", "trig", "jsonld"):
        from kg.rdf import write_rdf

        yield write_rdf(graph, form)
    else:
        raise BadInput(f"unknown format {form!r}; the formats are {', '.join(FORMATS)}")


def write_graph(graph: Graph | Path, path: Path, form: str) -> None:
    """Write a graph in memory, or that of a generation's directory, to `path` in a format of `FORMATS`, whole or not at all.

    A generation is never read into memory for ``neo4j-csv``. Raises `BadInput` for an unknown format or one of a picture,
    `BackendError` when the file system refuses.
    """
    if form in PICTURES:
        raise BadInput(f"a {form} shows an explanation: use queries.figures, or immunokg explain … --figure")
    if form == "neo4j-csv":
        write_neo4j_csv(graph, path)
        return
    if isinstance(graph, Path):
        from kg.directory import read_generation

        graph = read_generation(graph)
    with atomic_file(path) as file:
        for piece in graph_pieces(graph, form):
            file.write(piece)
