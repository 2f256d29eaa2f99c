"""A graph pushed into a real Neo4j: what stands there, what a second push changes, and how it reports."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from kg.graph import Graph
from kg.model import Assertion, Entity, Evidence, Publication, Statement
from kg.property_graph import KINDS, labels, links_of, nodes_of, types
from ontologies.errors import BackendError, BadInput
from queries.cypher_engine.server import ServerSettings
from queries.server import push_graph, read_graph
from tests.neo4j_server import Neo4jServer
from tests.random_graphs import random_graph


@pytest.fixture
def server(neo4j_server: Neo4jServer) -> Neo4jServer:
    """Return an empty database."""
    neo4j_server.wipe()
    return neo4j_server


@pytest.fixture
def settings(server: Neo4jServer) -> ServerSettings:
    """Return how to reach it."""
    return ServerSettings.from_environment(server.environment)


def rows_of(graph: Graph) -> Counter[str]:
    """Return how many rows of each kind a graph states."""
    return Counter([node.labels[0] for node in nodes_of(graph)] + [link.type for link in links_of(graph)])


def test_what_was_pushed_stands_there(server: Neo4jServer, settings: ServerSettings, small_graph: Graph) -> None:
    """All nodes with their labels and ours, all relationships, a constraint for each kind, and the graph read back is equal."""
    report = push_graph(settings, small_graph)
    assert report.rows == rows_of(small_graph)
    assert report.written == report.rows
    assert server.run("MATCH (n:ImmunoKG) RETURN count(n)") == [(sum(report.rows[kind] for kind in KINDS),)]
    ((found, *properties),) = server.run("MATCH (n:Gene) RETURN labels(n), n.id, n.synonyms, n.valence")
    assert set(found) == {"ImmunoKG", "Entity", "Gene", "Receptor"}
    assert properties == ["HGNC:6015", ["CD124", "IL-4Rα"], None]
    found = server.run(
        "MATCH (:Drug)-[r:AMELIORATES_CONDITION]->(:Disease) "
        "RETURN r.support, r.refute, r.conditions, r.asserted ORDER BY r.support, r.refute"
    )
    assert found == [(1, 0, ["baseline serum total IgE >= 200 [IU]/mL"], False), (1, 2, None, False)]
    names = {name for (name,) in server.run("SHOW CONSTRAINTS YIELD name")}
    assert names == {f"immunokg_{kind.lower()}_id" for kind in KINDS} | {"immunokg_immunokgpush_id"}
    assert server.run("MATCH (p:ImmunoKGPush) RETURN p.complete, p.rows, p.run") == [(True, sum(report.rows.values()), None)]
    assert read_graph(settings) == small_graph


def test_a_second_push_changes_nothing(server: Neo4jServer, settings: ServerSettings, small_graph: Graph) -> None:
    """The server's own counters are all zero the second time, with and without prune, and the report says so."""
    first = push_graph(settings, small_graph)
    started = server.run("MATCH (p:ImmunoKGPush) RETURN p.started")
    for prune in (False, True):
        again = push_graph(settings, small_graph, prune=prune)
        assert not again.changed
        assert (again.counters, again.written, again.digest, again.rows) == ({}, {}, first.digest, first.rows)
        assert again.lines()[1:] == ["nothing had to be changed"]
    assert server.run("MATCH (p:ImmunoKGPush) RETURN p.started") == started


def test_everything_again_on_request(server: Neo4jServer, settings: ServerSettings, small_graph: Graph) -> None:
    """Without `resume` all rows are sent, and no node or relationship comes twice."""
    first = push_graph(settings, small_graph)
    again = push_graph(settings, small_graph, resume=False)
    assert (again.written, again.digest) == (first.rows, first.digest)
    assert not {"nodes_created", "relationships_created"} & again.counters.keys()


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_the_size_of_batches_does_not_matter(
    server: Neo4jServer, settings: ServerSettings, small_graph: Graph, batch: int
) -> None:
    """One row at a time gives what one large transaction gives, and progress rises to its end in every stage."""
    seen: list[tuple[str, int, int]] = []
    report = push_graph(settings, small_graph, batch=batch, progress=lambda *state: seen.append(state))
    assert report.rows == rows_of(small_graph)
    assert read_graph(settings) == small_graph
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == ["writing", "verifying"]
    for stage in ("writing", "verifying"):
        done = [now for name, now, _ in seen if name == stage]
        assert done == sorted(done)
        assert done[-1] == sum(report.rows.values())
    assert all(done <= total for _, done, total in seen)


def changed(graph: Graph) -> Graph:
    """Return the graph with an entity of another category, role, name, no synonyms and no valence, and without an evidence."""
    areata = Entity("MONDO:0005340", "AA", "PhenotypicFeature", roles=("Kinase", "my own role"))
    drug = replace(graph.entities["DRUGBANK:DB12159"], synonyms=())
    evidence = {sid: found[:-1] if len(found) > 1 else found for sid, found in graph.evidence.items()}
    return Graph({**graph.entities, areata.curie: areata, drug.curie: drug}, graph.statements, evidence)


def test_what_changed_becomes_exactly_the_new_form(
    server: Neo4jServer, settings: ServerSettings, small_graph: Graph
) -> None:
    """Labels and properties that are gone go, counts of other studies follow, and what is equal is not sent again."""
    push_graph(settings, small_graph)
    other = changed(small_graph)
    report = push_graph(settings, other, prune=True)
    assert report.written["Entity"] == 2
    assert report.removed["Evidence"] == 1
    assert "Publication" not in report.written
    assert report.counters.get("nodes_created", 0) == 0
    assert read_graph(settings) == other
    ((found, properties),) = server.run("MATCH (n:Entity {id: 'MONDO:0005340'}) RETURN labels(n), properties(n)")
    assert set(found) == {"ImmunoKG", "Entity", "PhenotypicFeature", "Kinase"}
    assert properties == {
        "id": "MONDO:0005340", "name": "AA", "category": "PhenotypicFeature", "roles": ["Kinase", "my own role"],
    }  # fmt: skip
    assert push_graph(settings, small_graph, prune=True).rows == rows_of(small_graph)
    assert read_graph(settings) == small_graph


@pytest.mark.parametrize(
    "damage",
    [
        "MATCH (n:Gene) DETACH DELETE n",
        "MATCH (n:Statement) SET n.belief = 0.99, n.tier = null",
        "MATCH (n:Drug) SET n:Cell REMOVE n:Drug",
        "MATCH (n:Gene) SET n:Statement",
        "MATCH (s:Statement)-[r:SUBJECT]->(e) CREATE (s)-[:SUBJECT]->(e)",
        "MATCH (a)-[r:AMELIORATES_CONDITION]->(b) CREATE (a)-[s:AMELIORATES_CONDITION]->(b) SET s = properties(r)",
        "MATCH (:Evidence)-[r:FROM]->() DELETE r",
        "MATCH ()-[r:HAS_CONDITION]->() SET r.group = null",
        "MATCH ()-[r:DECREASES_ACTIVITY_OF]->() SET r.support = 99",
        "MATCH (n:Publication) SET n.year = '2018'",
    ],
)
def test_what_somebody_changed_is_mended(
    server: Neo4jServer, settings: ServerSettings, small_graph: Graph, damage: str
) -> None:
    """What was altered, doubled or deleted on the server is made as the graph has it."""
    first = push_graph(settings, small_graph)
    server.run(damage)
    mended = push_graph(settings, small_graph, prune=True)
    assert mended.changed
    assert (mended.digest, mended.rows) == (first.digest, first.rows)
    assert sum(mended.written.values()) < sum(first.written.values())
    assert read_graph(settings) == small_graph


def test_a_change_during_the_push_is_noticed(server: Neo4jServer, settings: ServerSettings, small_graph: Graph) -> None:
    """What is read back is compared with the graph: a property that somebody altered meanwhile is named, and what to do."""

    def meddle(stage: str, _done: int, _total: int) -> None:
        if stage == "writing":
            server.run("MATCH (n:Gene) SET n.name = 'JAK1'")

    with pytest.raises(BackendError) as caught:
        push_graph(settings, small_graph, progress=meddle)
    assert "does not hold the graph: Entity: 4 in the graph, 4 on the server" in str(caught.value)
    assert "different: HGNC:6015, name is 'JAK1', not 'IL4R'. Somebody may have changed it" in str(caught.value)
    assert server.run("MATCH (p:ImmunoKGPush) RETURN p.complete") == [(False,)]
    assert push_graph(settings, small_graph).resumed


@pytest.mark.parametrize(
    ("meddling", "said"),
    [
        ("MATCH (n:Evidence) WITH n LIMIT 1 DETACH DELETE n", "Evidence: 7 in the graph, 6 on the server; missing there: "),
        ("MATCH (n:ImmunoKG) CREATE (:ImmunoKG:Condition {id: 'x'}) SET n.x = 1", "too many there: x"),
        ("MATCH (a)-[:FROM]->(b) CREATE (a)-[:FROM]->(b)", "FROM: 7 in the graph, 14 on the server; twice there: "),
    ],
    ids=["gone", "more", "doubled"],
)
def test_other_changes_during_the_push_are_noticed(
    server: Neo4jServer, settings: ServerSettings, small_graph: Graph, meddling: str, said: str
) -> None:
    """Rows that went, came, or were doubled meanwhile are named by kind, with an example."""
    before = server.run("RETURN 1")

    def meddle(stage: str, done: int, total: int) -> None:
        if stage == "writing" and done >= sum(rows_of(small_graph).values()) and before:
            before.clear()
            server.run(meddling.replace("CREATE (:ImmunoKG", "WITH n LIMIT 1 CREATE (:ImmunoKG"))

    with pytest.raises(BackendError) as caught:
        push_graph(settings, small_graph, progress=meddle)
    assert said in str(caught.value)
    assert push_graph(settings, small_graph, prune=True).rows == rows_of(small_graph)


def test_of_two_pushes_the_earlier_stops(server: Neo4jServer, settings: ServerSettings, small_graph: Graph) -> None:
    """A push that begins while another runs takes over; the other says so and stops."""
    graph = random_graph(1)
    begun: list[str] = []

    def second(_stage: str, _done: int, _total: int) -> None:
        if not begun:
            begun.append("now")
            push_graph(settings, small_graph)

    with pytest.raises(BackendError, match=r"another push .* began meanwhile, so this one stopped"):
        push_graph(settings, graph, batch=5, progress=second)
    assert push_graph(settings, small_graph, prune=True).rows == rows_of(small_graph)
    assert read_graph(settings) == small_graph


def test_an_empty_graph(server: Neo4jServer, settings: ServerSettings, small_graph: Graph) -> None:
    """Nothing can be pushed, and pruned down to."""
    empty = Graph({}, {}, {})
    assert push_graph(settings, empty).lines()[0] == "nothing on the server, verified"
    push_graph(settings, small_graph)
    assert push_graph(settings, empty, prune=True).rows == {}
    assert read_graph(settings) == empty
    assert server.run("MATCH (n:ImmunoKG) RETURN count(n)") == [(0,)]


def test_labels_and_types_are_of_the_closed_table(server: Neo4jServer, settings: ServerSettings) -> None:
    """Whatever roles an entity has, no label and no type is made that the tables lack."""
    roles = ("Receptor", "Evil` DETACH DELETE n //", "lower", "Gene")
    claim = Statement("HGNC:6014", "increases_activity_of", "HGNC:6015")
    found = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")
    graph = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene", roles=roles), Assertion(claim, found)])
    push_graph(settings, graph)
    assert {name for (name,) in server.run("MATCH (n) UNWIND labels(n) AS l RETURN DISTINCT l")} <= labels() | {
        "ImmunoKG", "ImmunoKGPush",
    }  # fmt: skip
    assert {name for (name,) in server.run("MATCH ()-[r]->() RETURN DISTINCT type(r)")} <= types()
    assert read_graph(settings) == graph


def test_what_no_store_can_hold_is_refused(server: Neo4jServer, settings: ServerSettings) -> None:
    """Half of a character pair cannot be sent; nothing of such a graph is left that a second push would not mend."""
    graph = Graph.from_records([Entity("HGNC:6014", "IL4", "Gene"), Entity("HGNC:6015", "IL4R \ud800", "Gene")])
    with pytest.raises(BadInput, match="half of a character pair"):
        push_graph(settings, graph, digest="0" * 64)
    mended = Graph.from_records([Entity("HGNC:6014", "IL4", "Gene"), Entity("HGNC:6015", "IL4R", "Gene")])
    push_graph(settings, mended)
    assert read_graph(settings) == mended
