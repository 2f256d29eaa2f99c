"""Cypher on a real Neo4j server: what comes back, what is refused, what is stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from kg.graph import Graph
from ontologies.errors import BackendError, BadInput
from queries.cypher_engine.server import ServerCypher, ServerSettings
from queries.cypher_engine.values import Duration, FrozenMap, Node, Path, Relationship, Temporal
from queries.query_errors import QueryError, QueryStopped
from queries.server import push_graph
from tests.limits import HANG
from tests.neo4j_server import Neo4jServer


@pytest.fixture(scope="module")
def settings(neo4j_server: Neo4jServer, small_graph: Graph) -> ServerSettings:
    """Return a database that holds the small graph."""
    found = ServerSettings.from_environment(neo4j_server.environment)
    push_graph(found, small_graph, prune=True)
    return found


@pytest.fixture(scope="module")
def server(settings: ServerSettings) -> Iterator[ServerCypher]:
    """Return the engine over it."""
    with ServerCypher(settings, timeout=HANG) as engine:
        yield engine


def one(server: ServerCypher, text: str, **parameters: Any) -> Any:
    """Return the one value of a query."""
    ((value,),) = server.query(text, parameters).rows
    return value


def test_scalars_lists_and_maps(server: ServerCypher) -> None:
    """Values are Python's own, lists are tuples, maps are frozen; columns keep their order."""
    answer = server.query("RETURN 1 AS a, 2.5 AS b, true AS c, null AS d, 'é' AS e, [1, [2]] AS f, {k: [1]} AS g")
    assert answer.columns == ("a", "b", "c", "d", "e", "f", "g")
    assert answer.rows == ((1, 2.5, True, None, "é", (1, (2,)), FrozenMap({"k": (1,)})),)
    assert answer.values() == [(1, 2.5, True, None, "é", [1, [2]], {"k": [1]})]
    assert (answer.truncated, answer.notices, server.name) == ("", (), "neo4j")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("date('2018-10-10')", date(2018, 10, 10)),
        ("localtime('10:00:01')", time(10, 0, 1)),
        ("datetime('2018-10-10T10:00:00.5Z')", datetime(2018, 10, 10, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("localdatetime('2018-10-10T10:00')", datetime(2018, 10, 10, 10, 0)),  # noqa: DTZ001  # Cypher's has no zone either
        ("localtime('10:00:01.000000001')", Temporal("time", "10:00:01.000000001")),
        ("duration('P1Y2M3DT5.5S')", Duration(14, 3, 5, 500_000_000)),
        ("point({x: 1, y: 2.5})", FrozenMap({"srid": 7203, "x": 1.0, "y": 2.5})),
    ],
    ids=["date", "time", "moment", "local moment", "nanoseconds", "duration", "point"],
)
def test_dates_times_and_points(server: ServerCypher, text: str, value: object) -> None:
    """Temporal values are Python's where they fit exactly, and nothing of the driver's comes out."""
    assert one(server, f"RETURN {text}") == value


def test_nodes_relationships_and_paths(server: ServerCypher) -> None:
    """They are known by our own ids, and ends are told where the nodes come along."""
    path = one(server, "MATCH p = (:Drug)-[:DECREASES_ACTIVITY_OF]->(:Gene) RETURN p")
    assert isinstance(path, Path)
    assert [node.id for node in path.nodes] == ["DRUGBANK:DB12159", "HGNC:6015"]
    assert path.nodes[1].labels == {"ImmunoKG", "Entity", "Gene", "Receptor"}
    (link,) = path.relationships
    assert (link.type, link.start, link.end, link.properties["sign"]) == (
        "DECREASES_ACTIVITY_OF", "DRUGBANK:DB12159", "HGNC:6015", -1,
    )  # fmt: skip
    node = one(server, "MATCH (n:Gene) RETURN n")
    assert isinstance(node, Node)
    assert node == path.nodes[1]
    lone = one(server, "MATCH ()-[r:DECREASES_ACTIVITY_OF]->() RETURN r")
    assert isinstance(lone, Relationship)
    assert (lone.id, lone.start) == (link.id, None)


@pytest.mark.parametrize(
    "value",
    [None, True, -1, 2.5, "x` DETACH DELETE n //", ["a", None], {"k": {"l": [1]}}, date(2018, 1, 1), b"\x00\xff",
     Duration(1, 2, 3, 4), Temporal("datetime", "2018-10-10T10:00:00.123456789+00:00"), {1, 2}, ()],
    ids=repr,
)  # fmt: skip
def test_parameters_come_back_as_they_went(server: ServerCypher, value: object) -> None:
    """Every value of Cypher can be a parameter; sets and tuples are lists."""
    from queries.cypher_engine.values import freeze

    assert one(server, "RETURN $value", value=value) == freeze(value)


def test_what_is_no_value_is_refused(server: ServerCypher) -> None:
    """An object is named as what it is, before anything is sent."""
    with pytest.raises(BadInput, match="object is no value of Cypher"):
        server.query("RETURN $value", {"value": object()})


def test_moments_that_nobody_can_send_or_read(server: ServerCypher) -> None:
    """A year beyond 9999 is refused on its way there, and said on its way back."""
    with pytest.raises(BadInput, match="12345-10-10T10:00:00 cannot be sent"):
        server.query("RETURN $value", {"value": Temporal("datetime", "12345-10-10T10:00:00")})
    with pytest.raises(BackendError, match="such as a year beyond 9999"):
        server.query("RETURN date({year: 12345})")


def test_rows_beyond_the_limit_are_cut_and_said(server: ServerCypher) -> None:
    """A longer answer comes cut with the reason, without reading it to its end; one of exactly that many rows is whole."""
    cut = server.query("UNWIND range(1, 100000000) AS x RETURN x", max_rows=3)
    assert (cut.values(), cut.truncated) == ([(1,), (2,), (3,)], "stopped at 3 rows")
    whole = server.query("UNWIND range(1, 3) AS x RETURN x", max_rows=3)
    assert (len(whole), whole.truncated) == (3, "")
    assert len(server.query("UNWIND range(1, 5000) AS x RETURN x")) == 5000


def test_an_answer_too_large_is_stopped(server: ServerCypher) -> None:
    """So many bytes that they would fill our memory are refused with advice, and the next query runs."""
    text = "UNWIND range(1, 100000) AS x RETURN reduce(s = 'aaaaaaaaaa', y IN range(1, 12) | s + s) AS s"
    with pytest.raises(QueryStopped, match="larger than 128 MB; add LIMIT"):
        server.query(text)
    assert one(server, "RETURN 1") == 1


def test_slips_are_remarked_and_our_own_names_are_not(server: ServerCypher) -> None:
    """A label that nobody has is a notice with its place and a guess; one of ours that this graph lacks is none."""
    answer = server.query("MATCH (n:Drugg) RETURN n.name")
    assert answer.notices == ("1:10: there is no label 'Drugg'; did you mean Drug?",)
    assert server.query("MATCH (n:Pathway)-[r:PREDICTS_RESPONSE_TO]->() RETURN n.name, r.context_stage").notices == ()
    assert "id is deprecated" in server.query("MATCH (n) RETURN id(n) AS x LIMIT 1").notices[0]


def test_a_time_limit_ends_a_query(server: ServerCypher) -> None:
    """The limit is kept here, and the next query is answered."""
    with pytest.raises(QueryStopped, match=r"stopped after 0\.5 s; make it narrower"):
        server.query("UNWIND range(1, 100000000000) AS x RETURN count(x * x / 3)", timeout=0.5)
    assert one(server, "RETURN 1") == 1


def test_nobody_waits_for_a_server_that_is_stuck(server: ServerCypher) -> None:
    """A chain of operators so long that the server's parser breaks ends at the time limit too."""
    with pytest.raises((QueryStopped, QueryError)):
        server.query("RETURN " + "NOT " * 3000 + "true", timeout=0.5)
    assert one(server, "RETURN 1") == 1


def test_a_memory_limit_ends_a_query(server: ServerCypher) -> None:
    """The server's own limit of a transaction is one clear message."""
    with pytest.raises(QueryStopped, match="took more memory than the server allows"):
        server.query("UNWIND range(1, 10000000) AS x WITH collect(toString(x) + 'aaaaaaaaaaaaaaaaaaaaaaaa') AS c RETURN size(c)")
    assert one(server, "RETURN 1") == 1


@pytest.mark.parametrize(
    ("text", "line", "column", "offending"),
    [
        ("MATCH (n) RETRN n", 1, 11, "RETRN"),
        ("MATCH (n)\nRETURN m", 2, 8, "m"),
        ("MATCH (n)\nWHERE n.id = \nRETURN n", 3, 8, "n"),
        ("RETURN nosuch(1)", 1, 8, "nosuch"),
        ("RETURN 'a' + {a: 1}", 1, 14, "{"),
    ],
    ids=["keyword", "variable", "expression", "function", "type"],
)
def test_syntax_errors_have_their_place(server: ServerCypher, text: str, line: int, column: int, offending: str) -> None:
    """Line, column and the offending text are told, on one line."""
    with pytest.raises(QueryError) as caught:
        server.query(text, source="mine.cypher")
    error = caught.value
    assert (error.line, error.column, error.text) == (line, column, offending)
    assert str(error).startswith(f"mine.cypher:{line}:{column}: ")
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "end of input"),
        ("RETURN 1; RETURN 2", "one statement"),
        ("RETURN 1 / 0", "by zero"),
        ("RETURN $a, $b", "no value is given for $a, $b"),
        ("RETURN datetime('x')", "DateTime"),
    ],
    ids=["empty", "two", "zero", "parameters", "value"],
)
def test_other_faults_are_one_line(server: ServerCypher, text: str, said: str) -> None:
    """What the server says at run time is one line of ours."""
    with pytest.raises(QueryError) as caught:
        server.query(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (n:Drug {id: 'x'}) RETURN n", "MATCH (n) DETACH DELETE n", "MATCH (n) SET n.name = 'x'",
        "MERGE (n:Gene {id: 'new'})", "CREATE CONSTRAINT x FOR (n:Drug) REQUIRE n.name IS UNIQUE",
        "DROP CONSTRAINT immunokg_entity_id",
        "MATCH (n:Drug) REMOVE n:Drug", "MATCH (n) FOREACH (x IN [1] | SET n.x = x)", "CREATE INDEX FOR (n:Drug) ON (n.name)",
    ],
)  # fmt: skip
def test_writes_are_refused_by_the_server(server: ServerCypher, neo4j_server: Neo4jServer, text: str) -> None:
    """Read mode of the server refuses every write, and nothing changes."""
    before = neo4j_server.run("MATCH (n) RETURN count(n), count(n.name)")
    with pytest.raises(QueryError, match="this query writes, and here queries only read"):
        server.query(text)
    assert neo4j_server.run("MATCH (n) RETURN count(n), count(n.name)") == before


def test_the_guard_is_asked_first(server: ServerCypher) -> None:
    """What read mode does not stop is not sent at all."""
    load = "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row"
    for text in (load, "CALL dbms.listConfig()", "USE system MATCH (n) RETURN n"):
        with pytest.raises(QueryError, match="not allowed"):
            server.query(text)


def test_threads_share_an_engine(server: ServerCypher) -> None:
    """Queries of several threads do not mix."""
    found: dict[int, list[Any]] = {}

    def ask(number: int) -> None:
        found[number] = [one(server, "RETURN $n + 0", n=number) for _ in range(5)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG)
    assert found == {number: [number] * 5 for number in range(6)}


def test_a_closed_engine_opens_again(settings: ServerSettings) -> None:
    """Closing gives connections back; asking again takes new ones."""
    engine = ServerCypher(settings)
    assert one(engine, "RETURN 1") == 1
    engine.close()
    engine.close()
    assert one(engine, "RETURN 2") == 2
    engine.close()


def test_an_unknown_database_is_named(settings: ServerSettings) -> None:
    """The message says which variable to mend."""
    wrong = ServerSettings(settings.uri, settings.user, settings.password, "nosuch")
    with ServerCypher(wrong) as engine, pytest.raises(BackendError, match="'nosuch' is unknown there; check NEO4J_DATABASE"):
        engine.query("RETURN 1")
