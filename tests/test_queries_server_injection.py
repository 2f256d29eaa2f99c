"""Hostile text on Neo4j (T7 of the test matrix): as parameter, as content of a graph, in place of a label; and local files."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from kg.graph import Graph
from kg.model import Assertion, Condition, Context, Entity, Evidence, Publication, Statement
from kg.property_graph import Node, labels, types
from ontologies.errors import BadInput
from queries.cypher_engine.server import ServerCypher, ServerSettings
from queries.query_errors import QueryError
from queries.server import push_graph, read_graph
from queries.server.texts import write_links, write_nodes
from tests.limits import HANG
from tests.neo4j_server import Neo4jServer

SIZE = 10_000
BATCH = 500
_PIECES = (
    "`", "``", "\\u0060", "\\U00000060", "\u0060", "'", '"', "\\", "\\'", '\\"', "\x00", "\x1f", "\n", "\r", "\t", "\u2028",
    "//", "/*", "*/", "--", ";", "$", "${", "{", "}", "[", "]", "(", ")", ":", "|", "&", "!", "%", "=", "+", "<", ">", "-[",
    "]->",
    " DETACH DELETE n ", " MATCH (n) ", " CREATE (:Evil) ", " SET n:Evil ", " RETURN 1 ", " UNION ", " CALL db.labels() ",
    " LOAD CSV FROM 'file:///etc/passwd' AS x ", "Gene", "ImmunoKG", "Entity", "n", "r", "id", "null", "true", "HGNC:6015", "é",
    "𝛼",
)  # fmt: skip


def hostile(seed: int, number: int) -> Iterator[str]:
    """Yield texts put together from pieces that break out of strings, names, comments and maps."""
    rng = random.Random(seed)
    for _ in range(number):
        yield "".join(rng.choices(_PIECES, k=rng.randint(1, 5)))


@pytest.fixture(scope="module")
def settings(neo4j_server: Neo4jServer, small_graph: Graph) -> ServerSettings:
    """Return a database that holds the small graph."""
    found = ServerSettings.from_environment(neo4j_server.environment)
    push_graph(found, small_graph, prune=True)
    return found


def everything(server: Neo4jServer) -> list[tuple[Any, ...]]:
    """Return the numbers of nodes and relationships, and all labels, types and keys that there ever were."""
    counts = server.run("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)")
    names = [server.run(f"CALL db.{what}") for what in ("labels()", "relationshipTypes()", "propertyKeys()")]
    return [*counts, *(tuple(sorted(name for (name,) in found)) for found in names)]


def test_hostile_parameters_are_values(neo4j_server: Neo4jServer, settings: ServerSettings) -> None:
    """Each of 10,000 texts given as a parameter comes back as it went, and changes neither a number nor a name."""
    text = (
        "UNWIND $texts AS text OPTIONAL MATCH (n:Entity {id: text}) WHERE n.name = text OR text IN labels(n) "
        "RETURN text, n.id, {key: text}"
    )
    before = everything(neo4j_server)
    with ServerCypher(settings, timeout=HANG) as server:
        for start in range(0, SIZE, BATCH):
            texts = list(hostile(start, BATCH))
            rows = server.query(text, {"texts": texts}).values()
            assert [(row[0], row[2]["key"]) for row in rows] == [(one, one) for one in texts]
            assert {row[1] for row in rows} <= {None, "HGNC:6015"}
    assert everything(neo4j_server) == before


def test_hostile_texts_are_refused_or_read(neo4j_server: Neo4jServer, settings: ServerSettings) -> None:
    """The same texts in the place of a query: whatever the guard lets pass, the server reads at most."""
    before = everything(neo4j_server)
    with ServerCypher(settings, timeout=HANG) as server:
        refused = 0
        for text in hostile(1, 500):
            try:
                server.query(f"MATCH (n:Gene) WHERE n.name = '{text}' RETURN n.id", max_rows=10)
            except QueryError:
                refused += 1
    assert refused > 100
    assert everything(neo4j_server) == before


@pytest.mark.parametrize("part", range(4))
def test_hostile_content_stays_content(neo4j_server: Neo4jServer, settings: ServerSettings, part: int) -> None:
    """A graph whose every text is hostile makes no label, type or key of its own, and comes back equal."""
    texts = list(hostile(100 + part, 400))
    records: list[Any] = []
    for number, text in enumerate(texts, start=1):
        curie, other = f"HGNC:{number}", texts[-number]
        records.append(Entity(curie, text or "x", "Gene", roles=(text,), synonyms=(other,), source=text))
        claim = Statement(
            curie, "increases_activity_of", "HGNC:1", Context(), (Condition(text, "=", other), Condition(other, text, text, text))
        )
        paper = Publication(f"PMID:{number}", title=text, journal=other)
        evidence = Evidence(
            "supports", paper, text, "in_vitro", finding=text, quote=other, extractor=text, source=text, record=other
        )
        records.append(Assertion(claim, evidence))
    graph = Graph.from_records(records)
    push_graph(settings, graph, prune=True)
    assert read_graph(settings) == graph
    ours = labels() | {"ImmunoKG", "ImmunoKGPush"}
    assert {name for (name,) in neo4j_server.run("MATCH (n) UNWIND labels(n) AS l RETURN DISTINCT l")} <= ours
    assert {name for (name,) in neo4j_server.run("MATCH ()-[r]->() RETURN DISTINCT type(r)")} <= types()
    assert neo4j_server.run("MATCH (n:Statement) RETURN count(n)") == [(len(graph.statements),)]


def test_no_name_of_others_becomes_part_of_a_text() -> None:
    """The texts that write refuse every label and type that the closed tables lack."""
    for text in (*hostile(2, 500), "gene", "Gene ", "GENE", "Évidence", ""):
        if text in labels() | types():
            continue
        with pytest.raises(BadInput, match="is no label of the property graph"):
            write_nodes(("Entity", text), whole=True)
        with pytest.raises(BadInput, match="is no relationship type of the property graph"):
            write_links(text)
    assert write_nodes(Node(("Entity", "Gene"), {}).labels, whole=False).endswith("SET n:Gene")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "file:///../../etc/passwd", "/etc/passwd"])
def test_local_files_cannot_be_read(neo4j_server: Neo4jServer, settings: ServerSettings, url: str) -> None:
    """The guard refuses LOAD CSV before it is sent, and the server when it is sent around the guard."""
    from neo4j.exceptions import Neo4jError

    text = f"LOAD CSV FROM '{url}' AS row RETURN row"
    with ServerCypher(settings) as server:
        for spelling in (text, text.replace("LOAD CSV", "load/**/csv"), text.replace("LOAD CSV", "LOAD //\n CSV")):
            with pytest.raises(QueryError, match="LOAD CSV is not allowed"):
                server.query(spelling)
    with pytest.raises(Neo4jError) as caught:
        neo4j_server.run(text)
    assert "root:" not in str(caught.value)
