"""The exported CSV in the real import tool: a database that holds exactly the graph."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from kg.directory import Source, build_graph, resolve
from kg.directory import read_graph as read_directory
from kg.graph import Graph
from kg.model import Assertion, Condition, Effect, Entity, Evidence, Publication, Statement
from kg.property_graph import KINDS, links_of, nodes_of
from ontologies.errors import BadInput
from queries.cypher_engine.server import ServerSettings
from queries.export.formats import write_graph
from queries.export.neo4j_csv import read_neo4j_csv, write_neo4j_csv
from queries.server import push_graph, read_graph
from tests.neo4j_server import Neo4jServer
from tests.random_graphs import random_graph

ODD = (
    "  spaces  ", " ", "\t", "\ttab\t", "x\ny", "x\r\ny", "x\ry", "\r", "\n", '"', '""', "'", "\\", "a\\", "\\n", ",", ";", "a,b",
    'say "x", no', "\x00", "a\x00b", "\x01\x02", "\x0b\x0c", "=1+1", "#", "\ufeff", "\u2028", "\u0085", "\xa0x\xa0", "𝛼", "null",
    "''", '"quoted"', "\x7f", "1", "true", "-", "|", "{}",
)  # fmt: skip


def awkward() -> Graph:
    """Return a graph whose texts and numbers are whatever a line of CSV may break on."""
    records: list[Entity | Assertion] = []
    for number, text in enumerate(ODD, start=1):
        claim = Statement(f"HGNC:{number}", "increases_activity_of", "HGNC:500", conditions=(Condition("v", ">=", text, text),))
        effect = Effect(text, -0.0 if number == 1 else 10.0**-number, 1e16, 4.59, "")
        records.append(Assertion(claim, Evidence(
            "supports", Publication(f"PMID:{number}", title=text), f"PMID:{number}", "in_vitro", finding=text, quote=text,
            n=number, effect=effect, source=text)))  # fmt: skip
    graph = Graph.from_records(records)
    entities = [Entity(f"HGNC:{number}", text, "Gene", synonyms=(text, "b")) for number, text in enumerate(ODD, start=1)]
    entities.append(Entity("HGNC:501", "many", "Gene", synonyms=("", "a", *ODD)))
    return replace(graph, entities={entity.curie: entity for entity in sorted(entities, key=lambda e: e.curie)})


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Return many random graphs in one, and the awkward one."""
    random_ones = Graph.from_records(chain.from_iterable(random_graph(seed).records() for seed in range(60)))
    odd = awkward()
    both = Graph(
        {**random_ones.entities, **odd.entities},
        {**random_ones.statements, **odd.statements},
        {**random_ones.evidence, **odd.evidence},
    )
    papers = {e.publication.key: e.publication for found in both.evidence.values() for e in found}
    return both.keep_evidence(lambda evidence: papers[evidence.publication.key] == evidence.publication)


@pytest.fixture(scope="module")
def imported(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """Export the graph, import it as README says, create the constraints, and run the server on it."""
    folder = tmp_path_factory.mktemp("export") / "import"
    write_neo4j_csv(graph, folder)
    assert read_neo4j_csv(folder) == graph
    server = Neo4jServer(tmp_path_factory.mktemp("home"), settings={"db.memory.transaction.max": "256m"})
    said = server.admin("database", "import", "full", "neo4j", "@import.args", cwd=folder)
    assert "IMPORT DONE" in said
    with server:
        for line in (folder / "constraints.cypher").read_text("utf-8").splitlines():
            server.run(line.rstrip(";"))
        yield server


def test_the_imported_database_holds_the_graph(graph: Graph, imported: Neo4jServer) -> None:
    """What the server reads from the imported store is the graph, to the last character."""
    assert read_graph(ServerSettings.from_environment(imported.environment)) == graph


def test_it_is_what_a_push_would_make(graph: Graph, imported: Neo4jServer) -> None:
    """A push after the import finds nothing to do: labels, types, properties and numbers are the same."""
    report = push_graph(ServerSettings.from_environment(imported.environment), graph, prune=True)
    assert not report.changed
    assert sum(report.rows[kind] for kind in KINDS if kind in report.rows) == sum(1 for _ in nodes_of(graph))
    assert sum(report.rows.values()) == sum(1 for _ in nodes_of(graph)) + sum(1 for _ in links_of(graph))
    names = {name for (name,) in imported.run("SHOW CONSTRAINTS YIELD name")}
    assert {f"immunokg_{kind.lower()}_id" for kind in KINDS} <= names


def test_a_graph_directory_gives_the_same_files(tmp_path: Path) -> None:
    """Straight from the Parquet files of a generation come the very bytes that the graph in memory gives."""
    build_graph(tmp_path / "g.ikg", [Source("corpus", lambda: chain.from_iterable(random_graph(s).records() for s in range(20)))])
    write_neo4j_csv(resolve(tmp_path / "g.ikg"), tmp_path / "a")
    write_neo4j_csv(read_directory(tmp_path / "g.ikg"), tmp_path / "b")
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert names == {path.name for path in (tmp_path / "b").iterdir()}
    assert {name for name in names if (tmp_path / "a" / name).read_bytes() != (tmp_path / "b" / name).read_bytes()} == set()


def test_lines_in_texts_are_announced_only_where_there_are_any(tmp_path: Path) -> None:
    """The slower reading of the import tool is asked for when a text goes over several lines."""
    plain = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene")])
    write_neo4j_csv(plain, tmp_path / "plain")
    assert "--multiline-fields=false" in (tmp_path / "plain" / "import.args").read_text("utf-8").split()
    lines = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene", synonyms=("two\nlines",))])
    write_neo4j_csv(lines, tmp_path / "lines")
    assert "--multiline-fields=true" in (tmp_path / "lines" / "import.args").read_text("utf-8").split()


@pytest.mark.parametrize(
    ("items", "said"),
    [(("a\x1fb",), r"HGNC:6015: synonyms: 'a\\x1fb' holds U\+001F"), (("",), "synonyms: its only item is empty")],
    ids=["delimiter", "empty"],
)
def test_what_an_array_cannot_hold_is_named(tmp_path: Path, items: tuple[str, ...], said: str) -> None:
    """Nothing is replaced in silence: the entity and the property are named, and nothing is written."""
    graph = Graph({"HGNC:6015": Entity("HGNC:6015", "IL4R", "Gene", synonyms=items)}, {}, {})
    with pytest.raises(BadInput, match=said):
        write_neo4j_csv(graph, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("statement_ends.csv", "SUBJECT", "OBJECT"), "OBJECT"),
        (("evidence.csv", "in_vitro", "in_vivo"), "it says what has the id"),
        (("entities.csv", ",name:string", ",nom:string"), "lacks the columns name"),
        (("statements.csv", ",1,", ",one,"), "bad value"),
    ],
    ids=["link", "evidence", "column", "number"],
)
def test_altered_files_are_noticed(tmp_path: Path, change: tuple[str, str, str], said: str) -> None:
    """A file that somebody changed does not become another graph."""
    write_neo4j_csv(random_graph(random.Random(4).randrange(100)), tmp_path / "out")
    name, before, after = change
    path = tmp_path / "out" / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    with pytest.raises(BadInput, match=said):
        read_neo4j_csv(tmp_path / "out")


@pytest.mark.parametrize("form", ["neo4j-csv", "nquads"])
def test_a_generation_can_be_written_in_any_format(tmp_path: Path, form: str) -> None:
    """`write_graph` takes the directory of a generation in the place of a graph."""
    build_graph(tmp_path / "g.ikg", [Source("corpus", random_graph(3).records)])
    for name, source in (("a", resolve(tmp_path / "g.ikg")), ("b", read_directory(tmp_path / "g.ikg"))):
        write_graph(source, tmp_path / name, form)
    one, other = (
        [path.read_bytes() for path in (sorted(root.iterdir()) if root.is_dir() else [root])]
        for root in (tmp_path / "a", tmp_path / "b")
    )
    assert one == other
