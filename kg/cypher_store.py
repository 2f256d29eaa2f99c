"""The property-graph view of a graph directory: an ArcadeDB store on disk for Cypher, rebuilt whenever it is missing.

The engine needs a Java machine, which lives in a process of its own (``kg/cypher_process.py``), also while it builds. A store is
filled beside its place, closed, counted, synced and renamed (`kg.generations.build_view`), so that a reader sees a whole store
or none; that is why it can be filled in bulk, without the engine's log (``benchmarks/bench_cypher_store.py``). Several
processes may read one store at once, also from a medium that cannot be written.

>>> import tempfile
>>> from kg.model import Entity
>>> graph = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene")])
>>> with tempfile.TemporaryDirectory() as folder:
...     path = ensure_cypher_store(Path(folder), lambda: graph)
...     read_cypher_store(path) == graph, path.parent.name
(True, 'cypher')
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any

from kg.generations import build_view_somewhere, view_dir
from kg.graph import Graph
from kg.property_graph import KINDS, LINKS, Link, Node, entity_labels, graph_from, link_form, links_of, nodes_of
from kg.property_graph import labels as known_labels
from kg.property_graph import types as known_types
from kg.worker_process import WorkerProcess, library_folder
from ontologies.errors import BackendError, BadInput
from ontologies.vocabulary import relation

__all__ = [
    "FORM",
    "StoreProcess",
    "build_cypher_store",
    "building_memory",
    "check_started",
    "engine_process",
    "ensure_cypher_store",
    "has_cypher_store",
    "read_cypher_store",
    "stored_nodes",
]

FORM = 1
"""The version of the property-graph form; a store of another version is rebuilt."""

VIEW = "cypher"
"""The name of this view of a generation."""

_BATCH = 5000
_SMALL = 20_000  # statements, below which the compiler that makes long runs fast costs more than it gives: half of all work
_MEMORY_MB = 1024
_KB_EACH = 16  # of heap for each further statement: 100,000 did not fit into 1024 MB, and did into 2048
_READ_ROWS, _READ_BYTES, _READ_MS = 2000, 2**62, 2**31 - 1
_NODES = "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties"
_LINKS = (
    "MATCH (a)-[r]->(b) RETURN type(r) AS type, labels(a) AS start_labels, a.id AS start, labels(b) AS end_labels, b.id AS end, "
    "properties(r) AS properties"
)


def ensure_cypher_store(generation: Path, graph: Callable[[], Graph], *, memory_mb: int | None = None) -> Path:
    """Return the path of the store of a generation, building it first when it is missing or of another form.

    `graph` is called only when there is something to build. Where the generation cannot be written, the store is built
    in a temporary folder that goes with this process. `memory_mb` is the heap of the Java machine that builds; as much as the
    size of the graph wants unless it is said.

    Raises:
        MissingPart: there is no engine here; Neo4j is the other way.
        BackendError: the store cannot be written (disk full, memory).
    """
    view = view_dir(generation, VIEW)
    if has_cypher_store(view):
        return view / "store"

    def fill(folder: Path) -> None:
        build_cypher_store(folder, graph(), memory_mb=memory_mb)

    return build_view_somewhere(generation, VIEW, fill, anew=view.is_dir()) / "store"


def has_cypher_store(view: Path) -> bool:
    """Tell whether a view holds a whole store of the present form."""
    return stored_nodes(view) is not None and (view / "store").is_dir()


def stored_nodes(view: Path) -> int | None:
    """Return how many nodes were put into the store of a view, or None where it has no note of the present form."""
    try:
        form = json.loads((view / "form.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    nodes = form.get("nodes") if isinstance(form, dict) and form.get("form") == FORM else None
    return nodes if isinstance(nodes, int) else None


def build_cypher_store(folder: Path, graph: Graph, *, memory_mb: int | None = None) -> tuple[int, int]:
    """Fill an empty folder with the store of a graph and return how many nodes and relationships it holds.

    Use `ensure_cypher_store` for the view of a graph directory: it makes the new store appear at once and whole.
    """
    size = len(graph.statements)
    with StoreProcess(memory_mb=memory_mb or building_memory(size), small=size < _SMALL) as process:
        counts = process.build(folder / "store", graph)
    form = json.dumps({"form": FORM, "nodes": counts[0], "relationships": counts[1]})
    (folder / "form.json").write_text(f"{form}\n", encoding="utf-8")
    return counts


def building_memory(statements: int) -> int:
    """Return the megabytes of heap to build the store of so many statements with, at most three quarters of the machine's.

    >>> building_memory(1000)
    1024
    """
    wanted = _MEMORY_MB + max(0, statements - _SMALL) * _KB_EACH // 1024
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    except (AttributeError, OSError, ValueError):  # Windows does not say
        there = 8192
    return max(_MEMORY_MB, min(wanted, there * 3 // 4))


def read_cypher_store(path: Path) -> Graph:
    """Return the graph that a store holds; raises `BackendError` when there is none or it is damaged."""
    with StoreProcess() as process:
        return process.read(path)


def engine_process(*, memory_mb: int, read_only: bool, options: Sequence[str] = ()) -> WorkerProcess:
    """Start a process with the engine and do not wait; with `read_only` it gives up writing to files altogether.

    `options` are of the Java machine. Raises `MissingPart` where the engine is not installed.
    """
    install = (
        "pip install arcadedb-embedded (there are wheels for Linux with glibc 2.34, macOS on arm64 and 64-bit Windows); "
        "elsewhere use a Neo4j server: set NEO4J_URI and give --engine neo4j"
    )
    libraries = [
        library_folder(module, "arcadedb-embedded, which answers Cypher without a server,", install)
        for module in ("arcadedb_embedded", "jpype")
    ]
    settings = {"library": sorted(set(libraries)), "memory_mb": memory_mb, "read_only": read_only, "options": list(options)}
    script = Path(__file__).with_name("cypher_process.py")
    return WorkerProcess(script, settings, folder=Path(tempfile.gettempdir()), own_session=True)


def check_started(process: WorkerProcess) -> None:
    """Wait until the engine of a process runs; raises `BackendError` where it cannot."""
    reason = process.wait_until_ready()
    if reason:
        raise BackendError(f"the Cypher engine cannot start: {reason}; a Neo4j server is the other way (--engine neo4j)")


class StoreProcess:
    """A process that builds and reads stores, one after the other, with one start of the Java machine.

    Args:
        memory_mb: what the Java machine may use for its heap.
        small: start sooner and run slower, for graphs of less than some 20,000 statements.
    """

    def __init__(self, *, memory_mb: int = _MEMORY_MB, small: bool = False) -> None:
        self._memory_mb = memory_mb
        options = ("-XX:TieredStopAtLevel=1",) if small else ()
        self._process = engine_process(memory_mb=memory_mb, read_only=False, options=options)
        check_started(self._process)

    def __enter__(self) -> StoreProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def close(self) -> None:
        """End the process."""
        self._process.end()

    def build(self, database: Path, graph: Graph) -> tuple[int, int]:
        """Make a store at a path where nothing is, and return how many nodes and relationships were counted in it."""
        return self.fill(database, *_forms(graph), nodes_of(graph), links_of(graph))

    def fill(
        self,
        database: Path,
        labels: Collection[tuple[str, ...]],
        types: Collection[str],
        nodes: Iterable[Node],
        links: Iterable[Link],
    ) -> tuple[int, int]:
        """Make a store of nodes and relationships, whose combinations of labels and types must all be named first.

        The ids of the nodes of a kind differ. Raises `BadInput` for a label or type that is not in the closed table, and
        `BackendError` when not everything can be counted in the store afterwards.
        """
        strange = sorted({*chain.from_iterable(labels)} - known_labels() | {*types} - known_types())
        if strange:
            raise BadInput(f"{', '.join(map(repr, strange[:5]))} is no label or type of the graph's form; nothing was written")
        forms = {"labels": sorted(labels), "types": sorted(types)}
        self._process.send({"do": "create", "database": str(database), **forms})
        expected = [0, 0]
        try:
            for frame in chain(_node_frames(nodes), _link_frames(links)):
                expected[frame["do"] == "links"] += frame.pop("size")
                self._process.send(frame)
        except BaseException:  # also Ctrl-C: half a store is no use to anybody
            self.close()
            raise
        self._process.send({"do": "finish"})
        found = list(self._receive(f"the Cypher store at {database} cannot be written")["done"])
        if found != expected:
            raise BackendError(f"the Cypher store at {database} holds {found} nodes and relationships of {expected}; try again")
        return expected[0], expected[1]

    def rows(self, database: Path, query: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a query about a store, each a dict of plain values (no nodes, no dates)."""
        problem = f"the Cypher store at {database} cannot be read"
        self._process.send({"do": "open", "database": str(database)})
        self._receive(problem)
        limits = {"rows": _READ_ROWS, "size": _READ_BYTES, "milliseconds": _READ_MS, "returning": ""}
        self._process.send({"do": "query", "text": query, "parameters": {}, **limits})
        ended = False
        while not ended:
            frame = self._receive(problem)
            yield from map(_plain, frame["rows"])
            ended = frame["ended"]
            if not ended:
                self._process.send({"do": "more", "rows": _READ_ROWS})

    def read(self, database: Path) -> Graph:
        """Return the graph of a store."""
        nodes = (Node(tuple(row["labels"]), row["properties"]) for row in self.rows(database, _NODES))
        links = (
            Link(row["type"], (row["start_labels"][0], row["start"]), (row["end_labels"][0], row["end"]), row["properties"])
            for row in self.rows(database, _LINKS)
        )
        return graph_from(nodes, links, source=str(database))

    def _receive(self, problem: str) -> dict[str, Any]:
        frame = self._process.receive(None)
        if frame is None or frame.get("error") == "memory":
            code = self._process.end()
            why = f"more than {self._memory_mb} MB of memory are needed" if code == 3 else f"the engine ended (exit {code})"
            raise BackendError(f"{problem}: {why}; rebuild it, with more memory if it is large")
        if "error" in frame:
            self._process.end()
            said = dict.fromkeys(filter(None, (frame["message"] or frame["name"], frame.get("cause", ""))))
            raise BackendError(f"{problem}: {' '.join(': '.join(said).split())}; is the disk full? Rebuild it")
        return frame


def _forms(graph: Graph) -> tuple[set[tuple[str, ...]], set[str]]:
    """Return every combination of labels and every type that the store of a graph may hold."""
    combinations = {entity_labels(entity.category, entity.roles) for entity in graph.entities.values()}
    words = {relation(statement.relation).neo4j_type for statement in graph.statements.values()}
    return combinations | {(kind,) for kind in KINDS}, words.union(LINKS) if words else words


def _node_frames(nodes: Iterable[Node]) -> Iterator[dict[str, Any]]:
    """Yield nodes in batches of equal labels."""
    waiting: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for node in nodes:
        batch = waiting[node.labels]
        batch.append(node.properties)
        if len(batch) == _BATCH:
            yield _node_frame(node.labels, waiting.pop(node.labels))
    yield from (_node_frame(*item) for item in waiting.items())


def _node_frame(labels: tuple[str, ...], batch: list[dict[str, Any]]) -> dict[str, Any]:
    ids = [properties["id"] for properties in batch]
    return {"do": "nodes", "size": len(batch), "labels": labels, "ids": ids, "text": _json(batch)}


def _link_frames(links: Iterable[Link]) -> Iterator[dict[str, Any]]:
    """Yield relationships in batches of equal type."""
    waiting: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for link in links:
        batch = waiting[link.type]
        batch.append((link.start[1], link.end[1], _json(link.properties)))
        if len(batch) == _BATCH:
            yield _link_frame(link.type, waiting.pop(link.type))
    yield from (_link_frame(*item) for item in waiting.items())


def _link_frame(kind: str, batch: list[tuple[str, str, str]]) -> dict[str, Any]:
    form = link_form(kind)
    return {"do": "links", "size": len(batch), "kind": kind, "start": form.start, "end": form.end, "rows": batch}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Return a value without the marks that the process sets on numbers beyond those of JSON."""
    if isinstance(value, dict):
        return float(value["\u0001"][1]) if "\u0001" in value else {key: _plain(item) for key, item in value.items()}
    return value
