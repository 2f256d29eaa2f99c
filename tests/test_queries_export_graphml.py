"""GraphML that other programs read whole: judged by networkx."""

from __future__ import annotations

import io
import json
from pathlib import Path

import networkx as nx
import pytest

from kg.digraph import to_networkx
from kg.graph import Graph
from kg.model import Assertion, Entity, Evidence, Publication, Statement
from ontologies.errors import BackendError, BadInput
from queries.export.formats import write_graph
from queries.export.graphml import graphml_lines


def _read(graph: Graph, **options: object) -> nx.MultiDiGraph[str]:
    data = "\n".join(graphml_lines(graph)).encode()
    network = nx.read_graphml(io.BytesIO(data), edge_key_type=str, force_multigraph=True)
    assert isinstance(network, nx.MultiDiGraph)
    return network


def test_read_back_has_every_node_edge_and_attribute(small_graph: Graph) -> None:
    """Networkx reads the same nodes and edges, keyed by statement id, with the same attributes once lists are decoded."""
    before, after = to_networkx(small_graph), _read(small_graph)
    assert set(after.nodes) == set(before.nodes)
    assert set(after.edges(keys=True)) == set(before.edges(keys=True))
    for tail, head, key, data in before.edges(keys=True, data=True):
        found = dict(after.edges[tail, head, key])
        assert found.pop("statement") == key
        for name, value in data.items():
            if isinstance(value, bool | int | float | str):
                assert found[name] == value, name
            elif value is not None:
                assert json.loads(found[name]) == json.loads(json.dumps(value)), name


def test_edges_without_parallels_keep_their_ids() -> None:
    """A multigraph in which no two edges are parallel stays one: every edge keeps its statement id."""
    graph = Graph.from_records(
        [
            Entity("HGNC:6014", "IL4", "Gene"),
            Entity("HGNC:6190", "JAK1", "Gene"),
            Assertion(
                Statement("HGNC:6014", "increases_activity_of", "HGNC:6190"),
                Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro"),
            ),
        ]
    )
    assert [key for *_, key in _read(graph).edges(keys=True)] == list(graph.statements)


def test_types_are_declared(small_graph: Graph) -> None:
    """Counts come back as integers, belief as a float, truth as a boolean."""
    for *_, data in _read(small_graph).edges(data=True):
        assert (type(data["support"]), type(data["belief"]), type(data["asserted"])) == (int, float, bool)


def test_a_contested_claim_is_not_asserted(small_graph: Graph) -> None:
    """A reader sees on each edge that the claim, over all contexts, is no yes."""
    edges = [d for *_, d in _read(small_graph).edges(data=True) if d["relation"] == "ameliorates_condition"]
    assert [edge["asserted"] for edge in edges] == [False, False]


@pytest.mark.parametrize("name", ["a\x00b", "tab\tand\x1besc", "line\r\nbreak", "]]> & <b>", "lone \ud800", "𝛼 emoji 🧬"])
def test_odd_characters_never_break_the_file(name: str) -> None:
    """Control characters and lone surrogates become U+FFFD; everything else survives as it is."""
    network = _read(Graph.from_records([Entity("HGNC:6015", name, "Gene")]))
    expected = "".join("\ufffd" if c in "\x00\x1b\ud800" else c for c in name)
    assert network.nodes["HGNC:6015"]["name"] == expected


def test_a_failing_write_leaves_the_old_file(small_graph: Graph, tmp_path: Path) -> None:
    """An error while writing leaves what was there, and no temporary file."""
    target = tmp_path / "il4r.graphml"
    write_graph(small_graph, target, "graphml")
    before = target.read_bytes()
    with pytest.raises(BadInput, match="unknown format"):
        write_graph(small_graph, target, "gexf")
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_named(small_graph: Graph, tmp_path: Path) -> None:
    """A path into a folder that does not exist is one line naming it."""
    with pytest.raises(BackendError, match=r"cannot write .*il4r\.graphml"):
        write_graph(small_graph, tmp_path / "none" / "il4r.graphml", "graphml")
