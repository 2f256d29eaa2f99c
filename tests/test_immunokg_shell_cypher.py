"""Cypher in the shell on real engines: ArcadeDB in a process of its own, and a Neo4j server."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from immunokg.console import Session
from immunokg.knowledge_graph import KnowledgeGraph, open_graph
from immunokg.shell.placing import PlacedError
from immunokg.shell.session import Shell
from immunokg.shell.settings import Settings
from kg.directory import Source, build_graph
from kg.graph import Graph
from kg.property_graph import links_of, nodes_of
from queries.cypher_engine.server import ServerSettings
from queries.query_errors import QueryError, QueryStopped
from queries.server import push_graph
from tests.limits import HANG
from tests.neo4j_server import Neo4jServer
from tests.shell_terminal import Terminal

ENGINES = ("arcadedb", "neo4j")
BLOCKED = "MATCH (d:Drug)-[r:DECREASES_ACTIVITY_OF]->(g:Gene {id: $gene}) RETURN d.name AS drug, r.support AS studies"
LONG = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a + b AS c WHERE c < 0 RETURN count(c)"


@pytest.fixture(scope="module")
def small(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graph directory."""
    path = tmp_path_factory.mktemp("cypher") / "g.ikg"
    build_graph(path, [Source("corpus", small_graph.records)])
    return path


@pytest.fixture(scope="module")
def graph(small: Path) -> Iterator[KnowledgeGraph]:
    """Return the graph, with its engines ended at the end."""
    opened = open_graph(small)
    yield opened
    Shell(Session(), opened, Settings()).close()


@pytest.fixture(scope="module")
def server(neo4j_server: Neo4jServer, graph: KnowledgeGraph) -> Mapping[str, str]:
    """Return the environment that names a server which holds the graph."""
    push_graph(ServerSettings.from_environment(neo4j_server.environment), graph.graph, prune=True)
    return neo4j_server.environment


@pytest.fixture(params=ENGINES)
def shell(request: pytest.FixtureRequest, graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return a shell that asks Cypher on one of the engines and prints CSV."""
    if request.param == "neo4j":
        for name, value in request.getfixturevalue("server").items():
            monkeypatch.setenv(name, value)
    return Shell(Session(), graph, Settings(request.param, "csv"))


def test_queries_are_answered(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """Parameters are bound; several queries of one text are answered in turn."""
    shell.run(f".param gene=HGNC:6015\n{BLOCKED};\n\nUNWIND [1, 2] AS n RETURN n")
    assert capsys.readouterr().out == "drug,studies\ndupilumab,1\nn\n1\n2\n"


def test_nodes_are_readable(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """A node is printed in Cypher's notation with what tells it apart; as JSON it has all its properties."""
    shell.run("MATCH (d:Drug) RETURN d;\n.format jsonl\nMATCH (d:Drug) RETURN d")
    _, text, whole = capsys.readouterr().out.splitlines()
    assert text.startswith('"(:Entity:Drug')
    assert "{id: DRUGBANK:DB12159, name: dupilumab}" in text
    assert '"Dupixent"' in whole


def test_slips_are_shown_in_place(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt word is shown under its line, whichever engine found it."""
    with pytest.raises(PlacedError) as caught:
        shell.run("RETURN 1;\nMATCH (d:Drug)\n  RETRUN d")
    assert (caught.value.line, caught.value.column, caught.value.row) == (3, 3, "  RETRUN d")
    shell.say_error(caught.value)
    assert capsys.readouterr().err.splitlines()[-2:] == ["    RETRUN d", "    ^"]


@pytest.mark.parametrize(
    "text",
    ["CREATE (n:Drug {id: 'x'}) RETURN n", "MATCH (n) DETACH DELETE n", "LOAD CSV FROM 'file:///etc/passwd' AS r RETURN r"],
)
def test_nothing_is_written_or_read_elsewhere(shell: Shell, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """Writes and foreign files are refused, and the graph is what it was."""
    with pytest.raises(QueryError):
        shell.run(text)
    shell.run("MATCH (n:Drug) RETURN count(n) AS drugs")
    assert capsys.readouterr().out == "drugs\n1\n"


def test_a_misspelt_label_is_noted(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """A label that nothing bears gives no rows, and a note that says so."""
    shell.run("MATCH (d:Drgu) RETURN d.name AS name")
    out, err = capsys.readouterr()
    assert out == "name\n"
    assert err.startswith("note: ")
    assert "Drgu" in err


def test_schema_is_counted(shell: Shell, small_graph: Graph, capsys: pytest.CaptureFixture[str]) -> None:
    """Every label and type with the number of nodes and relationships that bear it."""
    shell.run(".schema")
    rows = [tuple(line.split(",")[:3]) for line in capsys.readouterr().out.splitlines()[1:]]
    expected = Counter(("label", label) for node in nodes_of(small_graph) for label in node.labels)
    expected.update(("type", link.type) for link in links_of(small_graph))
    assert {(kind, name): int(count) for kind, name, count in rows} == expected


def test_questions_have_the_same_rows_as_in_sparql(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """A question of the catalogue is asked on the engine in force."""
    shell.run(".query targets_of_drug drug=Dupixent\n.sparql\n.query targets_of_drug drug=Dupixent")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[:2] == lines[2:]


def test_a_long_query_is_stopped_at_the_limit(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """The limit of time holds for Cypher, too; the next query is answered."""
    shell.run("RETURN 1 AS n")
    with pytest.raises(QueryStopped, match="1 s"):
        shell.run(f".timeout 1\n{LONG}")
    shell.run(".timeout 60\nRETURN 2 AS n")
    assert capsys.readouterr().out == "n\n1\nn\n2\n"


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX")
@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_stops_a_query(
    engine: str, small: Path, repo_root: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The prompt is back, the process that ran the query is gone, SPARQL and Cypher go on, and nothing is left at the end."""
    environment = {"IMMUNOKG_HOME": str(tmp_path)} | dict(request.getfixturevalue("server") if engine == "neo4j" else {})
    with Terminal(["--graph", str(small), "--engine", engine], repo_root, environment=environment) as terminal:
        terminal.until("cypher.*>")
        terminal.keys("RETURN 40 + 2 AS n\r")
        assert "42" in terminal.until("row in .*cypher.*>")
        terminal.keys(".sparql\rASK {}\r.cypher\r")
        terminal.until("true.*cypher.*>.*cypher.*>")
        started = terminal.children()
        assert len(started) >= (2 if engine == "arcadedb" else 1)
        terminal.keys(f"{LONG}\r")
        terminal.until("count.c.*\n")
        time.sleep(1.0)
        terminal.keys("\x03")
        terminal.until("stopped.*cypher.*>")
        terminal.keys("RETURN 40 + 3 AS n\r")
        assert "43" in terminal.until("row in .*cypher.*>")
        terminal.keys(".sparql\rASK { HGNC:6015 a biolink:Gene }\r")
        terminal.until("true.*sparql.*>")
        started += terminal.children()
        terminal.keys("\x04")
        assert terminal.ends() == 0
    _, alive = psutil.wait_procs(started, HANG)
    assert alive == []
