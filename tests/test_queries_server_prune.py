"""What a push leaves alone on a Neo4j that holds other people's work too, and what pruning removes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kg.graph import Graph
from kg.model import Assertion, Entity, Evidence, Publication, Statement
from ontologies.errors import BackendError
from queries.cypher_engine.server import ServerSettings
from queries.server import push_graph, read_graph
from tests.neo4j_server import Neo4jServer

IL4, IL4R, JAK1 = "HGNC:6014", "HGNC:6015", "HGNC:6190"
EVERYTHING = "MATCH (n) OPTIONAL MATCH (n)-[r]->(m) RETURN labels(n), properties(n), type(r), properties(r), properties(m)"


def graph_of(*objects: str) -> Graph:
    """Return a graph in which IL4 acts on each of these, each by a paper of its own."""
    records: list[Any] = [Entity(curie, f"gene {curie}", "Gene") for curie in (IL4, *objects)]
    for number, curie in enumerate(objects, start=1):
        claim = Statement(IL4, "increases_activity_of", curie)
        records.append(Assertion(claim, Evidence("supports", Publication(f"PMID:{number}"), f"PMID:{number}", "in_vitro")))
    return Graph.from_records(records)


@pytest.fixture
def server(neo4j_server: Neo4jServer) -> Iterator[Neo4jServer]:
    """Yield a database without anything in it, not even constraints, and leave it so."""
    neo4j_server.wipe(schema=True)
    yield neo4j_server
    neo4j_server.wipe(schema=True)


@pytest.fixture
def settings(server: Neo4jServer) -> ServerSettings:
    """Return how to reach it."""
    return ServerSettings.from_environment(server.environment)


def test_leftovers_are_counted_and_pruned_on_request(server: Neo4jServer, settings: ServerSettings) -> None:
    """What is gone from the graph stays and is told by kind, until it is pruned."""
    push_graph(settings, graph_of(IL4R, JAK1))
    left = push_graph(settings, graph_of(IL4R))
    gone = {
        "Entity": 1, "Statement": 1, "Evidence": 1, "Publication": 1, "SUBJECT": 1, "OBJECT": 1, "SUPPORTED_BY": 1, "FROM": 1,
        "INCREASES_ACTIVITY_OF": 1,
    }  # fmt: skip
    assert (left.leftovers, left.removed, left.written) == (gone, {}, {})
    assert left.lines()[-1] == "no longer in the graph, and left there: 4 nodes and 5 relationships; --prune removes them"
    assert read_graph(settings) == graph_of(IL4R, JAK1)
    pruned = push_graph(settings, graph_of(IL4R), prune=True)
    assert (pruned.removed, pruned.leftovers, pruned.kept) == (gone, {}, ())
    assert pruned.counters == {"nodes_deleted": 4, "relationships_deleted": 5}
    assert "removed: 4 nodes and 5 relationships" in pruned.lines()
    assert read_graph(settings) == graph_of(IL4R)


def test_leftovers_do_not_hide_what_differs(server: Neo4jServer, settings: ServerSettings) -> None:
    """With leftovers about, what is in the graph is still compared, and mended."""
    push_graph(settings, graph_of(IL4R, JAK1))
    server.run("MATCH (n:Entity {id: $id}) SET n.name = 'other'", id=IL4R)
    report = push_graph(settings, graph_of(IL4R))
    assert report.written == {"Entity": 1}
    assert server.run("MATCH (n:Entity {id: $id}) RETURN n.name", id=IL4R) == [(f"gene {IL4R}",)]


def test_nodes_of_others_are_never_touched(server: Neo4jServer, settings: ServerSettings) -> None:
    """Neither push nor prune reads as ours, changes or removes what lacks our label, even under labels and types of ours."""
    server.run(
        "CREATE (p:Person {name: 'Ann'})-[:WROTE]->(:Note {text: 'x'}) "
        "CREATE (p)-[:SUBJECT]->(e:Entity:Gene {id: 'MINE:1', belief: 1.0})-[:TREATS {statement_id: 'x'}]->(e) "
        "CREATE (:Statement {id: 'mine'})-[:SUPPORTED_BY]->(:Evidence {id: 'mine'})-[:FROM]->(:Publication {name: 'no id'}) "
        "CREATE (:Publication {name: 'no id'}) CREATE (:ImmunoKG {id: 'no kind'}) CREATE (:Condition {id: 1})"
    )
    before = sorted(map(repr, server.run(EVERYTHING)))
    graph = graph_of(IL4R, JAK1)
    push_graph(settings, graph)
    assert read_graph(settings) == graph
    push_graph(settings, Graph({}, {}, {}), prune=True)
    server.run("MATCH (p:ImmunoKGPush) DELETE p")
    assert sorted(map(repr, server.run(EVERYTHING))) == before


def test_what_others_added_to_ours_stays(server: Neo4jServer, settings: ServerSettings) -> None:
    """Labels, properties and relationships that people put on our nodes live on when the node changes, and are no difference."""
    push_graph(settings, graph_of(IL4R))
    server.run(
        "MATCH (n:Entity {id: $id}), (m:Entity {id: $other}) SET n:Favourite, n.pagerank = 0.5 "
        "CREATE (:Note {text: 'mine'})-[:ABOUT]->(n) CREATE (n)-[:TREATS {my: 1}]->(m) CREATE (m)-[:LIKES]->(n)",
        id=IL4R, other=IL4,
    )  # fmt: skip
    server.run("MATCH (:Statement)-[r:OBJECT]->() SET r.weight = 2")
    assert not push_graph(settings, graph_of(IL4R), prune=True).changed
    graph = graph_of(IL4R)
    renamed = Graph({**graph.entities, IL4R: Entity(IL4R, "IL4R", "GeneFamily")}, graph.statements, graph.evidence)
    assert push_graph(settings, renamed, prune=True).written == {"Entity": 1}
    ((found, name, rank),) = server.run("MATCH (n:Entity {id: $id}) RETURN labels(n), n.name, n.pagerank", id=IL4R)
    assert (set(found), name, rank) == ({"ImmunoKG", "Entity", "GeneFamily", "Favourite"}, "IL4R", 0.5)
    assert server.run("MATCH (:Note)-[:ABOUT]->(n)-[:TREATS {my: 1}]->(m)-[:LIKES]->(n) RETURN count(*)") == [(1,)]
    assert server.run("MATCH (:Statement)-[r:OBJECT]->() RETURN r.weight") == [(2,)]


def test_a_node_that_others_hold_is_kept_and_taken_back(server: Neo4jServer, settings: ServerSettings) -> None:
    """Pruning keeps a node with somebody's relationship, named and out of our questions' sight; the graph can take it back."""
    both, one = graph_of(IL4R, JAK1), graph_of(IL4R)
    push_graph(settings, both)
    server.run("MATCH (n:Entity {id: $id}) CREATE (:Note {text: 'mine'})-[:ABOUT]->(n)", id=JAK1)
    server.run("MATCH (n:Statement)-[:OBJECT]->(:Entity {id: $id}) CREATE (:Note {text: 'too'})-[:ABOUT]->(n)", id=JAK1)
    (statement,) = both.statements.keys() - one.statements.keys()
    report = push_graph(settings, one, prune=True)
    assert report.kept == (f"Entity {JAK1}", f"Statement {statement}")
    assert report.removed["SUBJECT"] == 1
    assert report.removed.get("Statement", 0) == 0
    assert f"held by relationships that are not ours: Entity {JAK1}" in report.lines()[-1]
    assert read_graph(settings) == one
    assert server.run("MATCH (:Note {text: 'mine'})-[:ABOUT]->(n) RETURN labels(n), n.id, n.name, n.retired_kind") == [
        (["ImmunoKGRetired"], JAK1, f"gene {JAK1}", "Entity")
    ]
    assert server.run("MATCH (n:ImmunoKGRetired)-[r]-(m) RETURN DISTINCT type(r), labels(m)") == [("ABOUT", ["Note"])]
    assert not push_graph(settings, one, prune=True).changed

    back = push_graph(settings, both)
    assert back.counters["nodes_created"] == 2  # the evidence and the publication: the other two were taken back
    assert read_graph(settings) == both
    assert server.run("MATCH (:Note {text: 'mine'})-[:ABOUT]->(n:Gene {id: $id}) RETURN n.retired_kind", id=JAK1) == [(None,)]
    assert server.run("MATCH (n:ImmunoKGRetired) RETURN count(n)") == [(0,)]
    assert push_graph(settings, both, prune=True).counters == {}


@pytest.mark.parametrize("kind", ["Entity", "Statement", "Publication"])
def test_an_id_of_ours_on_a_node_of_others_is_refused(server: Neo4jServer, settings: ServerSettings, kind: str) -> None:
    """A node with our label and our id that is not ours: one message before anything is written, not even a constraint."""
    graph = graph_of(IL4R)
    key = {"Entity": IL4R, "Statement": next(iter(graph.statements)), "Publication": "PMID:1"}[kind]
    server.run(f"CREATE (:{kind} {{id: $id, mine: true}})", id=key)
    with pytest.raises(BackendError) as caught:
        push_graph(settings, graph)
    said = str(caught.value)
    assert said.startswith(f"the database holds nodes labelled {kind} that are not ImmunoKG's, and one of them has the id {key}")
    assert "nothing was written. Push into another database (NEO4J_DATABASE)" in said
    assert "\n" not in said
    assert server.run("MATCH (n) RETURN labels(n), properties(n)") == [([kind], {"id": key, "mine": True})]
    assert server.run("SHOW CONSTRAINTS YIELD name") == []


def test_one_id_on_several_nodes_of_others_is_refused(server: Neo4jServer, settings: ServerSettings) -> None:
    """Where ids of a label cannot be unique, nothing is written."""
    server.run("CREATE (:Entity {id: 'MINE:1'}) CREATE (:Entity {id: 'MINE:1'})")
    with pytest.raises(BackendError, match="several nodes labelled Entity with one id that are not ImmunoKG's"):
        push_graph(settings, graph_of(IL4R))
    assert server.run("MATCH (n) RETURN count(n)") == [(2,)]
    assert server.run("SHOW CONSTRAINTS YIELD name") == []


def test_an_index_in_the_way_is_one_message(server: Neo4jServer, settings: ServerSettings) -> None:
    """An index of others where our constraint must stand is told in the server's words."""
    server.run("CREATE INDEX mine FOR (n:Entity) ON (n.id)")
    with pytest.raises(BackendError, match="answered: There already exists an index") as caught:
        push_graph(settings, graph_of(IL4R))
    assert "\n" not in str(caught.value)
    assert server.run("MATCH (n) RETURN count(n)") == [(0,)]
