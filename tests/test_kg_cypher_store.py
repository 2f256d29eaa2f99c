"""The Cypher store as a view of a generation: built once, whole or not at all; what is read is what was written."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given, settings

from kg.cypher_store import (
    StoreProcess,
    build_cypher_store,
    ensure_cypher_store,
    has_cypher_store,
    read_cypher_store,
    stored_nodes,
)
from kg.graph import Graph
from kg.model import Entity
from kg.property_graph import Link, Node, entity_labels, graph_from, links_of, nodes_of, types
from ontologies.errors import BackendError, BadInput, MissingPart
from tests.limits import HANG
from tests.random_graphs import random_graph
from tests.strategies import graphs

NODES = "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties"
LINKS = (
    "MATCH (a)-[r]->(b) RETURN type(r) AS type, labels(a) AS la, a.id AS a, labels(b) AS lb, b.id AS b, "
    "properties(r) AS properties"
)


def never() -> Graph:
    raise AssertionError("the graph is read only when there is something to build")


def comparable(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def test_a_store_is_built_once_and_holds_the_graph(small_graph: Graph, tmp_path: Path) -> None:
    """The first call builds, the second only looks; what is inside is the graph, read back."""
    path = ensure_cypher_store(tmp_path, lambda: small_graph)
    assert path == tmp_path / "cypher" / "store"
    assert ensure_cypher_store(tmp_path, never) == path
    assert read_cypher_store(path) == small_graph
    assert stored_nodes(path.parent) == len(list(nodes_of(small_graph)))
    assert [p.name for p in tmp_path.iterdir()] == ["cypher"]


def test_every_node_and_relationship_is_stored_as_the_form_says(
    small_graph: Graph, cypher_store: Path, store_process: StoreProcess
) -> None:
    """Labels, types, ends and properties, derived ones too, are those of the property-graph form, each once."""
    found = [(sorted(row["labels"]), row["properties"]) for row in store_process.rows(cypher_store, NODES)]
    assert sorted(map(comparable, found)) == sorted(comparable((sorted(n.labels), n.properties)) for n in nodes_of(small_graph))
    links = [(row["type"], row["a"], row["b"], row["properties"]) for row in store_process.rows(cypher_store, LINKS)]
    wanted = [(link.type, link.start[1], link.end[1], link.properties) for link in links_of(small_graph)]
    assert sorted(map(comparable, links)) == sorted(map(comparable, wanted))


def test_nodes_are_found_by_an_index(cypher_store: Path, store_process: StoreProcess) -> None:
    """Every kind of node has an index on its id, which is unique."""
    rows = list(store_process.rows(cypher_store, "SHOW INDEXES YIELD labelsOrTypes, properties, owningConstraint RETURN *"))
    indexed = {row["labelsOrTypes"][0] for row in rows if row["properties"] == ["id"] and row["owningConstraint"]}
    assert indexed == {"Entity", "Statement", "Evidence", "Publication", "Condition"}
    plan = next(store_process.rows(cypher_store, "EXPLAIN MATCH (s:Statement {id: 'x'}) RETURN s"))
    assert "NodeIndexSeek(s:Statement)" in plan["executionPlanAsString"]


def test_a_category_is_found_by_the_index_of_its_kind(store_process: StoreProcess, tmp_path: Path) -> None:
    """Who asks for a gene by its id gets it from the index, also among many genes, and the labels are those of the form."""
    genes = [Entity(f"HGNC:{number}", f"gene {number}", "Gene", roles=("Cytokine",) * (number % 2)) for number in range(1, 3000)]
    store_process.build(tmp_path / "store", Graph.from_records(genes))
    plan = next(store_process.rows(tmp_path / "store", "EXPLAIN MATCH (g:Gene {id: 'HGNC:6'}) RETURN g"))
    assert "NodeIndexSeek(g:Gene)" in plan["executionPlanAsString"]
    rows = store_process.rows(tmp_path / "store", "MATCH (g:Gene) RETURN labels(g) AS l, count(*) AS n ORDER BY n")
    assert list(rows) == [{"l": ["Entity", "Gene"], "n": 1499}, {"l": ["Cytokine", "Entity", "Gene"], "n": 1500}]


# Round trips


@settings(max_examples=12)
@given(graphs())
def test_any_graph_comes_back_equal(store_process: StoreProcess, tmp_path_factory: pytest.TempPathFactory, graph: Graph) -> None:
    """A generated graph that is written into a store of its own and read back is equal."""
    path = tmp_path_factory.mktemp("round") / "store"
    store_process.build(path, graph)
    assert store_process.read(path) == graph


def test_five_hundred_graphs_come_back_equal(store_process: StoreProcess, tmp_path: Path) -> None:
    """500 seeded graphs through the engine, side by side in one store under ids of their own: each comes back equal."""
    written = {f"{seed}/": random_graph(seed) for seed in range(500)}
    combinations = {entity_labels(e.category, e.roles) for graph in written.values() for e in graph.entities.values()}
    combinations |= {(kind,) for kind in ("Entity", "Statement", "Evidence", "Publication", "Condition")}
    nodes = [
        Node(node.labels, {**node.properties, "id": f"{mark}{node.properties['id']}"})
        for mark, graph in written.items()
        for node in nodes_of(graph)
    ]
    links = [
        Link(link.type, (link.start[0], f"{mark}{link.start[1]}"), (link.end[0], f"{mark}{link.end[1]}"), link.properties)
        for mark, graph in written.items()
        for link in links_of(graph)
    ]
    path = tmp_path / "store"
    assert store_process.fill(path, combinations, types(), nodes, links) == (len(nodes), len(links))
    read: dict[str, tuple[list[Node], list[Link]]] = defaultdict(lambda: ([], []))
    for row in store_process.rows(path, NODES):
        mark, slash, own = row["properties"]["id"].partition("/")
        read[mark + slash][0].append(Node(tuple(row["labels"]), {**row["properties"], "id": own}))
    for row in store_process.rows(path, LINKS):
        (mark, slash, start), end = row["a"].partition("/"), row["b"].partition("/")[2]
        read[mark + slash][1].append(Link(row["type"], (row["la"][0], start), (row["lb"][0], end), row["properties"]))
    assert {mark: graph_from(*found) == written[mark] for mark, found in read.items()} == dict.fromkeys(written, True)


@pytest.mark.parametrize("records", [[], [Entity("HGNC:6015", "IL4R", "Gene")]], ids=["empty", "one entity"])
def test_the_smallest_graphs_come_back(store_process: StoreProcess, tmp_path: Path, records: list[Entity]) -> None:
    """A graph of nothing, and one without any statement, are stores like all others."""
    graph = Graph.from_records(records)
    assert store_process.build(tmp_path / "store", graph) == (len(records), 0)
    assert store_process.read(tmp_path / "store") == graph


def test_hubs_are_whole_from_both_ends(store_process: StoreProcess, tmp_path: Path) -> None:
    """A node of many thousand relationships, where the engine lays them out anew, has them all, whichever way one walks."""
    number, path = 6000, tmp_path / "store"
    hub, ends = ("Entity", "HGNC:0"), [("Entity", f"HGNC:{place}") for place in range(1, number + 1)]
    links = [Link("AFFECTS", hub, end, {"sign": place}) for place, end in enumerate(ends)]
    links += [Link("REGULATES", end, hub, {}) for end in ends] + [Link("AFFECTS", hub, hub, {"sign": -1})]
    nodes = [Node(("Entity",), {"id": curie}) for _, curie in (hub, *ends)]
    assert store_process.fill(path, {("Entity",)}, {"AFFECTS", "REGULATES"}, nodes, links) == (number + 1, len(links))
    degrees = "MATCH (n) RETURN n.id AS id, COUNT { (n)-->() } AS out, COUNT { (n)<--() } AS into"
    found = {row["id"]: (row["out"], row["into"]) for row in store_process.rows(path, degrees)}
    assert found == {"HGNC:0": (number + 1, number + 1)} | {curie: (1, 1) for _, curie in ends}
    walked = store_process.rows(path, "MATCH (b)<-[r:AFFECTS]-(a {id: 'HGNC:0'}) RETURN b.id AS id, r.sign AS sign")
    assert {(row["id"], row["sign"]) for row in walked} == {(link.end[1], link.properties.get("sign")) for link in links
                                                           if link.type == "AFFECTS"}  # fmt: skip


# Faults


FORMS = {"older form": '{"form": 0, "nodes": 3}', "no form": "", "not JSON": "{", "no number": '{"form": 1}', "a list": "[1]"}


@pytest.mark.parametrize("form", FORMS)
def test_a_view_that_is_not_whole_does_not_count(tmp_path: Path, form: str) -> None:
    """A store of another form, or what a careless hand left of one, is no store; one without its files neither."""
    (tmp_path / "store").mkdir()
    (tmp_path / "form.json").write_text(FORMS[form])
    assert not has_cypher_store(tmp_path)
    (tmp_path / "form.json").write_text('{"form": 1, "nodes": 3}')
    assert has_cypher_store(tmp_path)
    (tmp_path / "store").rmdir()
    assert not has_cypher_store(tmp_path)


def test_a_view_that_is_not_whole_is_built_anew(cypher_store: Path, small_graph: Graph, tmp_path: Path) -> None:
    """What stands in the place of the view is replaced by a whole one, and nothing else is left."""
    (tmp_path / "cypher" / "store").mkdir(parents=True)
    (tmp_path / "cypher" / "form.json").write_text(FORMS["older form"])
    path = ensure_cypher_store(tmp_path, lambda: small_graph)
    assert has_cypher_store(path.parent)
    assert {file.name for file in path.glob("*.bucket")} == {file.name for file in cypher_store.glob("*.bucket")}
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    """When the graph cannot be read, there is no half view, and the error is the reader's."""

    def broken() -> Graph:
        raise BackendError("the Parquet is damaged")

    with pytest.raises(BackendError, match="the Parquet is damaged"):
        ensure_cypher_store(tmp_path, broken)
    assert list(tmp_path.iterdir()) == []


def test_a_graph_that_no_engine_can_hold_leaves_nothing(tmp_path: Path) -> None:
    """What is refused in the middle of the rows ends the build and its process, and leaves no view."""
    graph = Graph.from_records([Entity("HGNC:1", "fine", "Gene"), Entity("HGNC:2", "half of a pair \ud800", "Gene")])
    with pytest.raises(BadInput, match="half of a character pair"):
        ensure_cypher_store(tmp_path, lambda: graph)
    assert list(tmp_path.iterdir()) == []


def test_two_nodes_of_one_id_are_refused(tmp_path: Path) -> None:
    """An id is unique within its kind: the engine says so, and the store does not count."""
    nodes = [Node(("Entity",), {"id": "HGNC:1"}), Node(("Entity",), {"id": "HGNC:1"})]
    with (
        StoreProcess(memory_mb=256, small=True) as process,
        pytest.raises(BackendError, match=r"cannot be written: .*Duplicated key"),
    ):
        process.fill(tmp_path / "store", {("Entity",)}, set(), nodes, [])


def test_a_relationship_to_nothing_is_refused(tmp_path: Path) -> None:
    """A relationship whose ends were not written ends the build."""
    link = Link("TREATS", ("Entity", "HGNC:1"), ("Entity", "HGNC:2"), {})
    with StoreProcess(memory_mb=256, small=True) as process, pytest.raises(BackendError, match=r"cannot be written: .*HGNC:2"):
        process.fill(tmp_path / "store", {("Entity",)}, {"TREATS"}, [Node(("Entity",), {"id": "HGNC:1"})], [link])


LIMITED = """
import resource, sys
sys.path.insert(0, {root!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
from pathlib import Path
from kg.cypher_store import ensure_cypher_store
from ontologies.errors import BackendError
from tests.random_graphs import random_graph
from kg.graph import Graph
graph = Graph.from_records([r for seed in range(40) for r in random_graph(seed).records()])
try:
    ensure_cypher_store(Path({path!r}), lambda: graph)
except BackendError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits on the size of files there")
def test_a_full_disk_is_a_clear_error(repo_root: Path, tmp_path: Path) -> None:
    """When the files cannot grow, the build ends with one line that says so, and leaves nothing behind."""
    script = LIMITED.format(root=str(repo_root), path=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=10 * HANG)
    assert "cannot be written" in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_is_a_clear_error(tmp_path: Path) -> None:
    """A heap that does not hold the work is named, and nothing is left."""
    text = "dupilumab " * 200_000
    graph = Graph.from_records([Entity(f"HGNC:{number}", f"{number} {text}", "Gene") for number in range(1, 40)])
    with pytest.raises(BackendError, match="more than 64 MB of memory are needed"):
        ensure_cypher_store(tmp_path, lambda: graph, memory_mb=64)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_may_not_be_written_gets_a_passing_store(
    small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph on a read-only medium is still answered, from a store that goes with the process."""
    import errno
    import tempfile

    made = tempfile.mkdtemp

    def guarded(suffix: str | None = None, prefix: str | None = None, dir: object = None) -> str:  # noqa: A002  # as tempfile names it
        if dir is not None and Path(str(dir)) == tmp_path:
            raise OSError(errno.EROFS, "Read-only file system")
        return made(suffix, prefix, str(dir) if dir else None)

    monkeypatch.setattr(tempfile, "mkdtemp", guarded)
    path = ensure_cypher_store(tmp_path, lambda: small_graph)
    assert tmp_path not in path.parents
    assert has_cypher_store(path.parent)
    assert list(tmp_path.iterdir()) == []


def test_no_store_is_an_error_of_the_backend(tmp_path: Path) -> None:
    """What cannot be opened is said in one line with the fix."""
    with pytest.raises(BackendError, match=r"cannot be read: .*[Rr]ebuild it"):
        read_cypher_store(tmp_path / "none")


def test_without_the_engine_there_is_one_clear_message(
    tmp_path: Path, small_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no wheel exists, building says what works instead and leaves nothing."""
    monkeypatch.setattr("kg.worker_process.find_spec", lambda _: None)
    with pytest.raises(MissingPart, match="elsewhere use a Neo4j server: set NEO4J_URI") as caught:
        ensure_cypher_store(tmp_path, lambda: small_graph)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from kg import cypher_store
from kg.graph import Graph
from kg.model import Entity
build, send = cypher_store.build_cypher_store, cypher_store.WorkerProcess.send
def killed(folder, graph, *, memory_mb):
    build(folder, graph, memory_mb=memory_mb)
    os.kill(os.getpid(), signal.SIGKILL)
def dies(process, request):
    send(process, request)
    if request["do"] == "nodes":
        print(process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
if {moment!r} == "filled":
    cypher_store.build_cypher_store = killed
else:
    cypher_store.WorkerProcess.send = dies
graph = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene")])
cypher_store.ensure_cypher_store(Path({path!r}), lambda: graph)
"""


@pytest.mark.parametrize("moment", ["filling", "filled"])
def test_a_killed_build_leaves_no_view(repo_root: Path, tmp_path: Path, moment: str) -> None:
    """Kill -9 while a store is filled, or before it is put in place, leaves no view that a reader would take for whole."""
    script = KILLED.format(root=str(repo_root), moment=moment, path=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert done.returncode == -9
    assert not (tmp_path / "cypher").exists()
    end = time.monotonic() + HANG
    while moment == "filling" and psutil.pid_exists(int(done.stdout)) and time.monotonic() < end:
        time.sleep(0.05)
    assert moment == "filled" or not psutil.pid_exists(int(done.stdout))


def test_a_store_whose_engine_was_killed_does_not_count(small_graph: Graph, tmp_path: Path) -> None:
    """When the engine's own process dies while it builds, that is said, and building again gives a whole store."""
    with StoreProcess(memory_mb=256, small=True) as process:

        def dying() -> Iterator[Node]:
            for node in nodes_of(small_graph):
                yield node
                psutil.Process(process.pid).kill()

        with pytest.raises(BackendError, match="cannot be written: the engine ended"):
            process.fill(tmp_path / "store", {("Entity",)}, set(), dying(), [])
    (tmp_path / "again").mkdir()
    counts = build_cypher_store(tmp_path / "again", small_graph, memory_mb=256)
    assert counts == (len(list(nodes_of(small_graph))), len(list(links_of(small_graph))))
