"""Every question on all four engines: Oxigraph, rdflib, ArcadeDB and a real Neo4j give the same rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from math import isclose
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import immunokg as ikg
from immunokg.querying import cypher_of, worker_of
from kg.cypher_store import StoreProcess
from kg.graph import Graph
from kg.rdf import to_quads
from queries.catalogue import Asker, CypherAsker, OxigraphAsker, RdflibAsker, StoreAsker, ask, questions
from queries.cypher_engine.embedded import EmbeddedCypher
from queries.cypher_engine.server import ServerCypher, ServerSettings
from queries.server import push_graph
from tests.neo4j_server import Neo4jServer
from tests.test_queries_catalogue_agreement import drawn_graph, drawn_parameters

pytestmark = pytest.mark.untraced

SEEDS = range(0, 240, 8)  # those of which each is several graphs in one
FEW = range(0, 240, 24)  # each costs ArcadeDB the start of a Java machine

Rows = tuple[tuple[Any, ...], ...]


def _same(left: Rows, right: Rows) -> bool:
    """Compare rows, with tolerance for the last digits of sums."""
    return len(left) == len(right) and all(
        a == b or (isinstance(a, float) and isinstance(b, float) and isclose(a, b, rel_tol=1e-9))
        for one, other in zip(left, right, strict=True)
        for a, b in zip(one, other, strict=True)
    )


@pytest.fixture(scope="module")
def shipped() -> Iterator[ikg.KnowledgeGraph]:
    """Return the built-in graph, with its engines closed at the end."""
    graph = ikg.open()
    yield graph
    graph.close()


@pytest.fixture(scope="module")
def askers(shipped: ikg.KnowledgeGraph, neo4j_server: Neo4jServer) -> Iterator[Mapping[str, Asker]]:
    """Return all four engines, each holding the built-in graph."""
    neo4j_server.wipe()
    settings = ServerSettings.from_environment(neo4j_server.environment)
    push_graph(settings, shipped.graph)
    with ServerCypher(settings) as server:
        yield {
            "oxigraph": OxigraphAsker(worker_of(shipped)),
            "rdflib": RdflibAsker(shipped.rdflib()),
            "arcadedb": CypherAsker(cypher_of(shipped, "arcadedb")),
            "neo4j": CypherAsker(server),
        }


@pytest.mark.parametrize("name", questions())
def test_the_shipped_graph_answers_alike(askers: Mapping[str, Asker], name: str) -> None:
    """With its examples every question has rows, and the same ones on all engines, with and without what is optional."""
    question = questions()[name]
    for given in (question.examples(), question.examples(all_given=True)):
        with warnings.catch_warnings():  # rdflib 7.6 calls properties of its own that it has deprecated
            warnings.simplefilter("ignore", DeprecationWarning)
            found = {engine: ask(question, asker, given, timeout=120).rows for engine, asker in askers.items()}
        assert found["oxigraph"] or given != question.examples()
        different = [engine for engine, rows in found.items() if not _same(rows, found["oxigraph"])]
        assert different == [], given


def _compare(graph: Graph, asker: Asker, seed: int) -> None:
    store = ox.Store()
    store.extend(to_quads(graph))
    here = StoreAsker(store)
    for question in questions().values():
        given = drawn_parameters(question, graph, seed)
        rows = ask(question, here, given).rows
        assert _same(ask(question, asker, given, timeout=120).rows, rows), (seed, question.name, given)


@pytest.mark.parametrize("seed", FEW)
def test_generated_graphs_answer_alike_on_arcadedb(store_process: StoreProcess, tmp_path: Path, seed: int) -> None:
    """Every question has the same rows on ArcadeDB as on Oxigraph."""
    graph = drawn_graph(seed)
    store_process.build(tmp_path / "store", graph)
    with EmbeddedCypher(tmp_path / "store", memory_mb=512) as engine:
        _compare(graph, CypherAsker(engine), seed)


def test_generated_graphs_answer_alike_on_neo4j(neo4j_server: Neo4jServer) -> None:
    """Every question has the same rows on a real Neo4j as on Oxigraph, graph after graph in one database."""
    settings = ServerSettings.from_environment(neo4j_server.environment)
    neo4j_server.wipe()
    with ServerCypher(settings) as server:
        for seed in SEEDS:
            graph = drawn_graph(seed)
            push_graph(settings, graph, prune=True)
            _compare(graph, CypherAsker(server), seed)
    neo4j_server.wipe()
