"""The RDF exports, and the table of formats."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

from kg.graph import Graph
from kg.rdf import read_rdf
from ontologies.errors import BadInput
from queries.export.formats import FORMATS, format_of, graph_pieces, write_graph


@pytest.mark.parametrize("form", ["nquads", "trig", "jsonld"])
def test_rdf_reads_back_equal(small_graph: Graph, form: str) -> None:
    """N-Quads, TriG and JSON-LD hold the whole graph."""
    assert read_rdf(b"".join(graph_pieces(small_graph, form)), form) == small_graph


def test_turtle_holds_the_evidence_too(small_graph: Graph) -> None:
    """Turtle has no named graphs, so evidence stands beside the statements; rdflib counts every one."""
    graph = rdflib.Graph().parse(data=b"".join(graph_pieces(small_graph, "turtle")), format="turtle")
    evidence = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/immunokg/Evidence")))
    assert len(evidence) == sum(len(found) for found in small_graph.evidence.values())


def test_every_file_format_is_known_by_its_ending() -> None:
    """A file name chooses the format; an unknown ending lists the known ones."""
    for form, (ending, _) in FORMATS.items():
        if ending:
            assert format_of(Path(f"graph{ending.upper()}")) == form
    with pytest.raises(BadInput, match=r"\.graphml"):
        format_of(Path("graph.gml"))


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "neo4j-csv"])
def test_the_same_graph_gives_the_same_bytes(small_graph: Graph, tmp_path: Path, form: str) -> None:
    """Every single-file export is reproducible."""
    first, second = tmp_path / "first", tmp_path / "second"
    write_graph(small_graph, first, form)
    write_graph(Graph.from_records(reversed(list(small_graph.records()))), second, form)
    if form in ("turtle", "trig", "jsonld"):  # their writers keep the order of arrival, which is that of the graph
        assert first.stat().st_size == second.stat().st_size
    else:
        assert first.read_bytes() == second.read_bytes()
