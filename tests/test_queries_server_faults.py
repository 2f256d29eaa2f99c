"""A push that cannot come to its end: a server that dies, is not there, or allows little memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import psutil
import pytest

from kg.graph import Graph
from ontologies.errors import BackendError
from queries.cypher_engine.server import ServerSettings
from queries.server import push_graph, read_graph
from tests.neo4j_server import Neo4jServer, free_port
from tests.random_graphs import random_graph

PATIENCE = 1.0


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Return a graph of more than a hundred statements."""
    return Graph.from_records(chain.from_iterable(random_graph(seed).records() for seed in range(12)))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """Run a server that may be killed, and that allows a transaction little memory."""
    with Neo4jServer(tmp_path_factory.mktemp("own"), settings={"db.memory.transaction.max": "2m"}) as server:
        yield server


@pytest.fixture
def own(running: Neo4jServer) -> Neo4jServer:
    """Return that server with an empty database."""
    running.wipe(rows=50)
    return running


def test_a_server_killed_during_a_push(own: Neo4jServer, graph: Graph) -> None:
    """Each time the server is killed the push says so; the next goes on where it stopped, until all stands there, once."""
    settings = ServerSettings.from_environment(own.environment)
    left = sum(push_rows(graph).values())
    for part in (0.3, 0.7):

        def kill(stage: str, done: int, total: int, limit: float = part * left) -> None:
            if stage == "writing" and done >= limit and psutil.pid_exists(own.pid):
                own.kill()

        with pytest.raises(BackendError) as caught:
            push_graph(settings, graph, batch=100, progress=kill, patience=PATIENCE)
        assert str(caught.value) == (
            f"the connection to {settings.uri} was lost; what was written stays, and the next push goes on from there"
        )
        with pytest.raises(BackendError, match="no Neo4j server answers"):
            push_graph(settings, graph, patience=PATIENCE)
        own.start()
        assert own.run("MATCH (p:ImmunoKGPush) RETURN p.complete") == [(False,)]
        ((nodes, links),) = own.run("MATCH (n:ImmunoKG) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)")
        assert nodes + links > 0
        left = sum(push_rows(graph).values()) - nodes - links
        if left <= 0:
            break
    mended = push_graph(settings, graph, batch=100)
    assert mended.resumed
    assert "an interrupted push of this graph was taken up" in mended.lines()
    assert sum(mended.written.values()) == left < sum(mended.rows.values())
    assert mended.rows == push_rows(graph)
    assert read_graph(settings) == graph
    assert not push_graph(settings, graph, prune=True).changed


def push_rows(graph: Graph) -> dict[str, int]:
    """Return how many rows of each kind a graph states."""
    from kg.property_graph import links_of, nodes_of
    from queries.server.rows import tally

    return {kind: found.count for kind, found in tally(nodes_of(graph), links_of(graph)).items()}


def test_little_memory_for_a_transaction(own: Neo4jServer, graph: Graph) -> None:
    """Batches too large for the server are sent in smaller parts, and all arrives."""
    settings = ServerSettings.from_environment(own.environment)
    report = push_graph(settings, graph, batch=100_000, patience=PATIENCE)
    assert report.rows == push_rows(graph)
    assert read_graph(settings) == graph
    pruned = push_graph(settings, random_graph(1), batch=100_000, prune=True, patience=PATIENCE)
    assert pruned.rows == push_rows(random_graph(1))


def test_a_row_too_large_for_the_server_is_one_message(own: Neo4jServer) -> None:
    """What does not fit into a transaction even alone is told with the setting to raise."""
    graph = random_graph(1)
    curie, entity = next(iter(graph.entities.items()))
    large = Graph({**graph.entities, curie: replace(entity, name="a" * 8_000_000)}, graph.statements, graph.evidence)
    with pytest.raises(BackendError, match=r"more memory than the server allows .* raise db\.memory\.transaction\.max"):
        push_graph(ServerSettings.from_environment(own.environment), large, patience=PATIENCE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "wrong"}, "refused the user 'neo4j' or the password; check NEO4J_USER and NEO4J_PASSWORD"),
        ({"database": "nosuch"}, "the database 'nosuch' is unknown there; check NEO4J_DATABASE"),
        ({"uri": "bolt://127.0.0.1:PORT"}, "no Neo4j server answers at"),
    ],
    ids=["password", "database", "down"],
)
def test_no_way_in_is_one_message(
    neo4j_server: Neo4jServer, small_graph: Graph, change: dict[str, str], said: str
) -> None:
    """Wrong credentials, an unknown database and a server that is down are said at once, for pushing and reading."""
    named = {name: value.replace("PORT", str(free_port())) for name, value in change.items()}
    settings = replace(ServerSettings.from_environment(neo4j_server.environment), **named)
    for work in (lambda: push_graph(settings, small_graph, patience=PATIENCE), lambda: read_graph(settings, patience=PATIENCE)):
        with pytest.raises(BackendError) as caught:
            work()
        assert said in str(caught.value)
        assert "\n" not in str(caught.value)


def test_nothing_is_left_running(neo4j_server: Neo4jServer, small_graph: Graph) -> None:
    """A push that fails in the middle leaves no thread and no connection behind."""
    settings = ServerSettings.from_environment(neo4j_server.environment)

    def stop(_stage: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    neo4j_server.wipe()
    me = psutil.Process(os.getpid())
    before = me.num_threads(), len(me.net_connections())
    with pytest.raises(KeyboardInterrupt):
        push_graph(settings, small_graph, progress=stop)
    assert me.num_threads() <= before[0]
    assert len(me.net_connections()) <= before[1]
    push_graph(settings, small_graph)
    assert read_graph(settings) == small_graph
