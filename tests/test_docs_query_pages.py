"""The pages "From Neo4j Browser" and "From rdflib": everything on them runs, with the same rows on every engine they speak of."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import immunokg as ikg
from queries.cypher_engine.answer import CypherAnswer
from tests.neo4j_server import Neo4jServer

ROOT = Path(__file__).resolve().parent.parent
BROWSER = (ROOT / "docs" / "from-neo4j-browser.md").read_text("utf-8")
RDFLIB = (ROOT / "docs" / "from-rdflib.md").read_text("utf-8")
TEXTS = re.findall(r"```cypher\n(.*?)```", BROWSER, re.DOTALL)


@pytest.fixture(scope="module")
def graph() -> Iterator[ikg.KnowledgeGraph]:
    """Return the built-in graph, with its engines closed at the end."""
    opened = ikg.open()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def pushed(graph: ikg.KnowledgeGraph, neo4j_server: Neo4jServer) -> Iterator[dict[str, str]]:
    """Put the built-in graph on the server as the page says, and name the server as the page says."""
    neo4j_server.wipe()
    environment = {**os.environ, **neo4j_server.environment, "PYTHONPATH": str(ROOT)}
    (block,) = re.findall(r"```sh\n(export .*?immunokg push neo4j\n)```", BROWSER, re.DOTALL)
    for line in block.splitlines():
        if line.startswith("immunokg "):
            command = [sys.executable, "-m", "immunokg", *line.split()[1:]]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            assert "on the server, verified" in done.stdout
    yield environment
    neo4j_server.wipe()


@pytest.mark.parametrize("text", TEXTS, ids=range(1, len(TEXTS) + 1))
def test_every_cypher_text_gives_the_same_rows(
    graph: ikg.KnowledgeGraph, pushed: dict[str, str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each text gives rows without a server, and the same rows on one."""
    for name in ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_DATABASE"):
        monkeypatch.setenv(name, pushed[name])
    here, there = graph.cypher(text), graph.cypher(text, engine="neo4j")
    assert here.rows
    assert here.columns == there.columns
    assert _comparable(here) == _comparable(there)


def _comparable(answer: CypherAnswer) -> list[str]:
    """Return rows without the label that nodes have on a server only."""
    return [re.sub(r"'ImmunoKG'(, )?|, 'ImmunoKG'", "", repr(_sorted(row))) for row in answer.rows]


def _sorted(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return tuple(map(_sorted, value))
    for part in ("nodes", "relationships", "labels", "properties"):
        if hasattr(value, part):
            names = ("nodes", "relationships", "labels", "type", "start", "end", "properties")
            return {name: _sorted(getattr(value, name)) for name in names if hasattr(value, name)}
    return dict(sorted(value.items())) if hasattr(value, "items") else value


def test_the_other_commands_of_the_page_run(pushed: dict[str, str], tmp_path: Path) -> None:
    """Exporting for the import tool, asking the catalogue on the server, and showing a text do what the page says."""
    blocks = re.findall(r"```sh\n(.*?)```", BROWSER, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("immunokg ")]
    ran = [line for line in lines if line != "immunokg push neo4j"]
    assert len(ran) == 3
    for line in ran:
        command = [sys.executable, "-m", "immunokg", *line.split()[1:]]
        done = subprocess.run(command, cwd=tmp_path, env=pushed, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "import" / "import.args").is_file()


def test_the_rdflib_page_runs() -> None:
    """Every Python session of the page gives what it shows, one after the other."""
    blocks = re.findall(r"```python\n(.*?)```", RDFLIB, re.DOTALL)
    assert len(blocks) > 5
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "from-rdflib", "from-rdflib.md", 0)
    with warnings.catch_warnings():  # rdflib 7.6 calls properties of its own that it has deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        assert doctest.DocTestRunner().run(test).failed == 0
