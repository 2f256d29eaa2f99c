"""Graph to Neo4j and back without a difference: any graph, and many, one after the other, into one database."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings

from kg.graph import Graph
from kg.model import Assertion, Entity, Evidence, Publication, Statement
from kg.property_graph import links_of, nodes_of
from queries.cypher_engine.server import ServerSettings
from queries.server import push_graph, read_graph
from tests.neo4j_server import Neo4jServer
from tests.random_graphs import random_graph
from tests.strategies import graphs

pytestmark = pytest.mark.untraced

SEEDS = 500
PARTS = 10

_ODD = "\x00 \x01\x1f\x7f\u0085\u2028\ufeff ` ' \" \\ \\u0060 $x {y} // /* */ \r\n"
ODD = Graph.from_records(
    [
        Entity("HGNC:6014", _ODD, "Gene", synonyms=(_ODD, "b"), roles=("`", "Cytokine")),
        Assertion(
            Statement("HGNC:6014", "increases_activity_of", "HGNC:6015"),
            Evidence("null", Publication("PMID:1", title=_ODD), _ODD, "in_vitro", finding=_ODD, record=_ODD),
        ),
    ]
)
"""A graph whose texts hold what might break a query, a line, or a string."""


@given(graph=graphs())
@example(graph=ODD)
@example(graph=Graph({}, {}, {}))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_graph_comes_back(neo4j_server: Neo4jServer, graph: Graph) -> None:
    """Whatever a graph holds, pushed over what was there before and read back it is equal."""
    server = ServerSettings.from_environment(neo4j_server.environment)
    push_graph(server, graph, prune=True)
    assert read_graph(server) == graph


@pytest.mark.parametrize("part", range(PARTS))
def test_many_graphs_one_after_the_other(neo4j_server: Neo4jServer, part: int) -> None:
    """Each of 500 graphs, pushed with prune over the one before, comes back equal, and nothing else of ours is there."""
    server = ServerSettings.from_environment(neo4j_server.environment)
    for seed in range(part * SEEDS // PARTS, (part + 1) * SEEDS // PARTS):
        graph = random_graph(seed)
        report = push_graph(server, graph, prune=True)
        nodes, links = Counter(n.labels[0] for n in nodes_of(graph)), Counter(link.type for link in links_of(graph))
        assert report.rows == nodes + links
        assert read_graph(server) == graph
    ((here, there),) = neo4j_server.run("MATCH (n:ImmunoKG) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)")
    assert (here, there) == (nodes.total(), links.total())
    assert not push_graph(server, graph, prune=True).changed
