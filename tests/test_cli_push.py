"""``immunokg push neo4j`` on a real server: what it says, that a second run changes nothing, and what can go wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from immunokg.cli import main
from tests.neo4j_server import Neo4jServer, free_port

COUNT = "MATCH (n:Entity) RETURN count(n) AS entities"


@pytest.fixture
def server(neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> Neo4jServer:
    """Return an empty database that the environment names."""
    neo4j_server.wipe()
    for name, value in neo4j_server.environment.items():
        monkeypatch.setenv(name, value)
    return neo4j_server


def _run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    assert main(arguments) == code, capsys.readouterr().err
    seen = capsys.readouterr()
    return seen.out, seen.err


def test_a_push_is_verified_and_repeatable(server: Neo4jServer, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first push says what it wrote, the second that nothing had to be changed, and queries find the graph."""
    first, _ = _run(capsys, "push", "neo4j", "--graph", str(built))
    assert "on the server, verified" in first
    assert "written:" in first
    again, _ = _run(capsys, "push", "neo4j", "--graph", str(built))
    assert "nothing had to be changed" in again
    rows = json.loads(_run(capsys, "cypher", COUNT, "--engine", "neo4j", "--graph", str(built), "--format", "json")[0])
    assert rows[0]["entities"] > 0


def test_another_graph_on_the_server_is_said(server: Neo4jServer, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who asks a server that holds another graph, an unfinished push or none gets the answer and a note; else no note."""
    asked = ("cypher", COUNT, "--engine", "neo4j")
    assert "does not say what it holds" in _run(capsys, *asked)[1]
    _run(capsys, "push", "neo4j", "--graph", str(built))
    assert "holds another graph" in _run(capsys, *asked)[1]
    assert _run(capsys, *asked, "--graph", str(built))[1] == ""
    server.run("MATCH (p:ImmunoKGPush) SET p.complete = false")
    assert "holds an unfinished push" in _run(capsys, *asked, "--graph", str(built))[1]


def test_prune_removes_what_is_gone(server: Neo4jServer, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another graph leaves the rows of the first one there and says so; with --prune they go."""
    _run(capsys, "push", "neo4j")
    left, _ = _run(capsys, "push", "neo4j", "--graph", str(built))
    assert "--prune removes them" in left
    pruned, _ = _run(capsys, "push", "neo4j", "--graph", str(built), "--prune")
    assert "removed:" in pruned


def test_nothing_of_others_is_touched(server: Neo4jServer, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nodes of other people live through push, prune and push."""
    server.run("CREATE (:Person {name: 'somebody'})-[:KNOWS]->(:Gene {symbol: 'IL4R'})")
    _run(capsys, "push", "neo4j")
    _run(capsys, "push", "neo4j", "--graph", str(built), "--prune")
    assert server.run("MATCH (p:Person)-[:KNOWS]->(g:Gene) RETURN p.name, g.symbol, labels(g)") == [
        ("somebody", "IL4R", ["Gene"])
    ]


def test_wrong_passwords_are_one_message(
    server: Neo4jServer, built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the server and the variables to check, and never the password."""
    monkeypatch.setenv("NEO4J_PASSWORD", "not-this-one")
    _, said = _run(capsys, "push", "neo4j", "--graph", str(built), code=3)
    assert "NEO4J_PASSWORD" in said
    assert "not-this-one" not in said
    assert len(said.strip().splitlines()) == 1


def test_a_server_that_is_down_is_one_message(
    built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody listens the message says so and what to do."""
    monkeypatch.setenv("NEO4J_URI", f"bolt://127.0.0.1:{free_port()}")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    _, said = _run(capsys, "push", "neo4j", "--graph", str(built), code=3)
    assert "no Neo4j server answers" in said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("NEO4J_URI", "", "NEO4J_URI"), ("NEO4J_URI", "http://127.0.0.1:7474", "write it like bolt://"),
     ("NEO4J_PASSWORD", "", "NEO4J_PASSWORD is not set")],
    ids=["no address", "a web address", "no password"],
)  # fmt: skip
def test_what_is_not_set_is_named(
    built: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """A missing or wrong variable is named before anything is tried."""
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:7687")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    monkeypatch.setenv(name, value)
    assert main(["push", "neo4j", "--graph", str(built)]) in (2, 3)
    assert said in capsys.readouterr().err


def test_other_servers_are_unknown(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only Neo4j can be pushed to."""
    _, said = _run(capsys, "push", "oracle", "--graph", str(built), code=2)
    assert "'neo4j'" in said
