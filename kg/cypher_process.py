r"""The process that holds the Java machine of ArcadeDB: it builds property-graph stores and answers Cypher over two pipes.

Run as a script, in isolated mode, by `kg.worker_process.WorkerProcess`; it imports the standard library and
``arcadedb_embedded`` only. Frames are a length of four bytes and a JSON object; ``do`` says what is wanted: ``open`` a store
for reading, answer a ``query``, or ``create`` a store, fill it with ``nodes`` and ``links`` and ``finish`` it.

Before the first query the engine may read no file and no address (``LOAD CSV``), and what it prints goes nowhere. The process
ends at once, whatever it is doing, when its input ends: a thread of its own waits for that. When memory runs out it ends too,
because a Java machine cannot be trusted after that; its exit code is then 3. A store that users ask is opened for reading and
never closed, since closing would write.

Rows travel as the JSON that the engine itself makes of them, with ``{"\u0001": [kind, value]}`` for what JSON lacks. Whatever
the engine leaves aside (nodes, relationships, paths, dates) follows in ``side``, and the properties of nodes and relationships
in ``records``, each once.
"""

from __future__ import annotations

import json
import os
import queue
import struct
import sys
import threading
from importlib import import_module
from typing import Any, BinaryIO

__all__ = ["main"]

_BATCH = 500
_EDGES = 100_000
_STACK = 64 * 1024 * 1024
_OUT_OF_MEMORY = 3
_INDEXED = ("Entity", "Statement", "Evidence", "Publication", "Condition")
_TEMPORALS = {"d": "CypherDate", "t": "CypherLocalTime", "tz": "CypherTime", "T": "CypherLocalDateTime", "Tz": "CypherDateTime"}
_NUMBERS: dict[str, Any] = {
    "Boolean": lambda value: bool(value.booleanValue()),
    **dict.fromkeys(("Byte", "Short", "Integer", "Long"), lambda value: int(value.longValue())),
    **dict.fromkeys(("Float", "Double"), lambda value: float(value.doubleValue())),
}


def main() -> None:
    """Start the engine as the first argument says and answer until the input ends."""
    settings = json.loads(sys.argv[1])
    taken, given = _private_pipes()
    waiting: queue.Queue[dict[str, Any]] = queue.Queue(4)
    threading.stack_size(_STACK)
    threading.Thread(target=_work, args=(settings, waiting, given), daemon=True).start()
    while True:
        head = taken.read(4)
        data = taken.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""
        if not data:
            os._exit(0)
        waiting.put(json.loads(data.decode("utf-8", "surrogatepass")))


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the two pipes under new numbers, and let everything printed go nowhere."""
    taken, given = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return taken, given


def _work(settings: dict[str, Any], waiting: queue.Queue[dict[str, Any]], given: BinaryIO) -> None:
    """Answer one frame after the other; whatever goes wrong is said in a frame."""
    try:
        engine = _Engine(settings, given)
        engine.send({"ready": True})
        while True:
            engine.answer(waiting.get())
    except BaseException as error:  # noqa: BLE001  # nobody sees a traceback here: the last frame says what happened
        message = f"{type(error).__name__}: {error}"
        _send(given, {"error": "broken", "name": type(error).__name__, "message": message})
        os._exit(_OUT_OF_MEMORY if "OutOfMemoryError" in message else 1)


def _send(given: BinaryIO, frame: dict[str, Any], more: str = "") -> None:
    """Write a frame; `more` is JSON that stands before its closing bracket."""
    text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    data = (f"{text[:-1]},{more}}}" if more else text).encode("utf-8", "surrogatepass")
    given.write(struct.pack(">I", len(data)) + data)
    given.flush()


class _Engine:
    """The Java machine with at most one store open."""

    def __init__(self, settings: dict[str, Any], given: BinaryIO) -> None:
        sys.path += settings["library"]
        jpype: Any = import_module("jpype")
        self.given = given
        options = (
            "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", f"-XX:ErrorFile={os.devnull}",
            f"-Djava.util.logging.config.file={os.devnull}", *settings.get("options", ()),
        )  # fmt: skip
        machine: Any = import_module("arcadedb_embedded.jvm")
        machine.start_jvm(heap_size=f"{settings['memory_mb']}m", jvm_args=options, interrupt=False)
        self.jpype = jpype
        self.java = jpype.JClass
        self.config = self.java("com.arcadedb.GlobalConfiguration")
        self.set("opencypher.loadCsv.allowFileUrls", False)
        self.set("opencypher.loadCsv.allowRemoteUrls", False)
        self.set("polyglotEngineEnabled", False)
        self.set("queryLiteralParameterization", False)
        self.set("queryMaxHeapElementsAllowedPerOp", settings["memory_mb"] * 2000)
        self.factory = self.java("com.arcadedb.database.DatabaseFactory")
        self.rows = self.java("com.arcadedb.python.TypedRows")
        self.database: Any = None
        self.found: Any = None
        self.room = 0
        self.filling: _Filling | None = None
        if settings["read_only"]:
            _wall_in()

    def set(self, name: str, value: Any) -> None:
        self.config.findByKey(f"arcadedb.{name}").setValue(value)

    def send(self, frame: dict[str, Any], more: str = "") -> None:
        _send(self.given, frame, more)

    def answer(self, request: dict[str, Any]) -> None:
        try:
            getattr(self, f"do_{request.pop('do')}")(**request)
        except self.jpype.JException as error:
            name = str(error.getClass().getSimpleName())
            if name == "OutOfMemoryError":
                self.send({"error": "memory", "name": name, "message": ""})
                os._exit(_OUT_OF_MEMORY)
            message = str(error.getMessage() or "")
            cause = error.getCause()
            if cause is not None and (not message or message.startswith("Error executing")):
                message = str(cause.getMessage() or message)
            while cause is not None and cause.getCause() is not None:
                cause = cause.getCause()
            why = str(cause.getMessage() or "") if cause is not None else ""
            self.send({"error": "engine", "name": name, "message": message, "cause": why})

    def do_open(self, database: str) -> None:
        """Open a store for reading, and let the engine load what every query needs before the first one is timed."""
        self.do_close()
        self.database = self.opened(database)
        self.rows.nextRows(self.database.query("opencypher", "MATCH (n:Entity) RETURN n.id AS id ORDER BY id LIMIT 1"), 1)
        self.send({"ready": True, "nodes": self.count("MATCH (n) RETURN count(n) AS n")})

    def opened(self, database: str) -> Any:
        return self.factory(database).open(self.java("com.arcadedb.engine.ComponentFile$MODE").READ_ONLY)

    def do_close(self) -> None:
        if self.database is not None:
            self.database.close()
        self.database = self.found = self.filling = None

    # Reading

    def do_query(
        self, text: str, parameters: dict[str, Any], rows: int, size: int, milliseconds: int, returning: str | None = None
    ) -> None:
        """Start a query and send its columns with its first rows; `more` brings the next ones.

        `returning` is the text without EXPLAIN or PROFILE; the empty text stands for a plan.
        """
        self.room = size
        self.set("command.timeout", milliseconds)
        self.set("command.regexTimeout", milliseconds)
        values = self.java("java.util.HashMap")()
        for name, form in parameters.items():
            values.put(name, self.to_java(form))
        if self.found is not None:
            self.found.close()
        self.found = self.database.query("opencypher", text, self.jpype.JObject(values, self.java("java.util.Map")))
        self.do_more(rows, {"columns": self.columns(text if returning is None else returning)})

    def do_more(self, rows: int, head: dict[str, Any] | None = None) -> None:
        chunk, side, ended = self.rows.nextRows(self.found, rows)
        text = str(chunk)
        forms, records = _Side(self).forms(side)
        self.room -= len(text) + len(records)
        if self.room < 0:
            self.send({"error": "size", "name": "", "message": ""})
        else:
            self.send({**(head or {}), "side": forms, "ended": bool(ended)}, f'"rows":{text},"records":{records}')

    def columns(self, text: str) -> list[str] | None:
        """Return the names of the columns, ``*`` for those of RETURN *, or None where only the rows tell."""
        if not text:
            return ["executionPlanAsString"]
        statement = self.database.getCypherStatementCache().get(text)
        clause = statement.getReturnClause()
        if clause is not None:
            return ["*" if item.isStar() else str(item.getOutputName()) for item in clause.getReturnItems()]
        return None

    def to_java(self, form: Any) -> Any:
        """Return the Java value for the JSON form of a parameter (`queries.cypher_engine.values.write_value`)."""
        if isinstance(form, dict):
            items = self.java("java.util.LinkedHashMap")()
            for key, item in form.items():
                items.put(key, self.to_java(item))
            return items
        if isinstance(form, int) and not isinstance(form, bool):
            return self.jpype.JLong(form)
        if not isinstance(form, list):
            return form
        kind, *rest = form
        if kind == "l":
            values = self.java("java.util.ArrayList")()
            for item in rest:
                values.add(self.to_java(item))
            return values
        if kind == "b":
            return self.jpype.JArray(self.jpype.JByte)(bytes.fromhex(rest[0]))
        package = "com.arcadedb.query.opencypher.temporal"
        if kind == "P":
            return self.java(f"{package}.CypherDuration")(*map(self.jpype.JLong, rest))
        clock = rest[0].partition("T")[2] if kind == "T" else rest[0]
        zoned = kind != "d" and any(mark in clock for mark in "+-Z[")
        return self.java(f"{package}.{_TEMPORALS[f'{kind}z' if zoned else kind]}").parse(rest[0])

    # Writing

    def do_create(self, database: str, labels: list[list[str]], types: list[str]) -> None:
        """Begin a store; every combination of labels and every type is named first, for later is too late for the engine."""
        self.do_close()
        self.database = self.factory(database).create()
        self.filling = _Filling(self, labels, types)

    def do_nodes(self, labels: list[str], ids: list[str], text: str) -> None:
        assert self.filling is not None
        self.filling.nodes(labels, ids, text)

    def do_links(self, kind: str, start: str, end: str, rows: list[tuple[str, str, str]]) -> None:
        assert self.filling is not None
        self.filling.links(kind, start, end, rows)

    def do_finish(self) -> None:
        """Close the store, so that everything is in its files, and count what is in them."""
        assert self.filling is not None
        self.filling.finish()
        path = str(self.database.getDatabasePath())
        self.do_close()
        self.database = self.opened(path)
        counts = [self.count("MATCH (n) RETURN count(n) AS n"), self.count("MATCH ()-[r]->() RETURN count(r) AS n")]
        self.do_close()
        self.send({"done": counts})

    def count(self, text: str) -> int:
        return int(self.database.query("opencypher", text).next().getProperty("n"))


class _Side:
    """What JSON cannot carry, as forms: one batch of an answer."""

    def __init__(self, engine: _Engine) -> None:
        self.engine = engine
        java = engine.java
        self.vertex, self.edge = java("com.arcadedb.graph.Vertex"), java("com.arcadedb.graph.Edge")
        self.path = java("com.arcadedb.query.opencypher.traversal.TraversalPath")
        self.map, self.list = java("java.util.Map"), java("java.util.Collection")
        self.result = java("com.arcadedb.query.sql.executor.ResultInternal")
        self.labels = java("com.arcadedb.query.opencypher.Labels")
        self.waiting: list[Any] = []
        self.places: dict[str, int] = {}
        self.ids: dict[str, Any] = {}

    def forms(self, side: Any) -> tuple[list[Any], str]:
        """Return the forms of some objects, and the properties of all nodes and relationships among them as JSON."""
        forms = [self.form(value) for value in side]
        chunks = []
        while self.waiting:
            documents, self.waiting = self.waiting, []
            rows = self.engine.java("com.arcadedb.query.sql.executor.InternalResultSet")()
            for document in documents:
                rows.add(self.result(document))
            ended = False
            while not ended:
                chunk, aside, ended = self.engine.rows.nextRows(rows, len(documents))
                inner = json.dumps([self.form(value) for value in aside], ensure_ascii=False)
                chunks.append(f'{{"side":{inner},"rows":{chunk}}}')
        return forms, f"[{','.join(chunks)}]"

    def form(self, value: Any) -> Any:
        """Return the form of one object of the engine; text for what is none of Cypher's own."""
        if value is None:
            return None
        if isinstance(value, self.vertex):
            return ["n", [str(label) for label in self.labels.getLabels(value)], self.record(value)]
        if isinstance(value, self.edge):
            ends = [self.end(value.getOut(), value.getOutVertex), self.end(value.getIn(), value.getInVertex)]
            return ["r", str(value.getTypeName()), *ends, self.record(value)]
        if isinstance(value, self.path):
            return ["p", [self.form(node) for node in value.getVertices()], [self.form(link) for link in value.getEdges()]]
        name = str(value.getClass().getSimpleName())
        if name in _NUMBERS:
            return _NUMBERS[name](value)
        if name == "CypherDuration":
            parts = (value.getMonths(), value.getDays(), value.getSeconds(), value.getNanosAdjustment())
            return ["P", *map(int, parts)]
        kind = next((kind[0] for kind, known in _TEMPORALS.items() if known == name), None)
        if kind is not None:
            return [kind, str(value.toString())]
        if isinstance(value, self.map):
            return {str(entry.getKey()): self.form(entry.getValue()) for entry in value.entrySet()}
        if isinstance(value, self.list):
            return ["l", *map(self.form, value)]
        return str(value.toString())

    def record(self, document: Any) -> int:
        """Return the number of a node or relationship among all whose properties are sent."""
        name = str(document.getIdentity().toString())
        if name not in self.places:
            self.places[name] = len(self.places)
            self.waiting.append(document)
        return self.places[name]

    def end(self, rid: Any, vertex: Any) -> Any:
        """Return the ``id`` of the node at an end of a relationship."""
        name = str(rid.toString())
        if name not in self.ids:
            self.ids[name] = self.form(vertex().get("id"))
        return self.ids[name]


class _Filling:
    """A new store being filled: without its log, for it counts as a store only when it was closed."""

    def __init__(self, engine: _Engine, labels: list[list[str]], types: list[str]) -> None:
        java, self.engine = engine.java, engine
        self.schema = engine.database.getSchema()
        naming = java("com.arcadedb.query.opencypher.Labels")
        self.names: dict[tuple[str, ...], str] = {}
        for kind, *more in labels:  # a category is a type below its kind: so the planner knows its size and finds its index
            self.schema.getOrCreateVertexType(kind)
            if more and not self.schema.getOrCreateVertexType(more[0]).isSubTypeOf(kind):
                self.schema.getType(more[0]).addSuperType(kind)
        for names in labels:
            own = java("java.util.ArrayList")(names[1:] or names)
            self.names[tuple(names)] = str(naming.ensureCompositeType(self.schema, own))
        for name in types:
            self.schema.getOrCreateEdgeType(name)
        self.vertices, self.edges = java("com.arcadedb.python.VertexBatcher"), java("com.arcadedb.python.EdgeBatcher")
        self.batch = engine.database.batch().withBatchSize(_EDGES).withWAL(False).build()  # no type may be made from here on
        self.places: dict[str, dict[str, str]] = {}

    def nodes(self, labels: list[str], ids: list[str], text: str) -> None:
        made = str(self.vertices.createVerticesJson(self.batch, self.names[tuple(labels)], text)).split(";")
        self.places.setdefault(labels[0], {}).update(zip(ids, made, strict=True))

    def links(self, kind: str, start: str, end: str, rows: list[tuple[str, str, str]]) -> None:
        heads, tails = self.places[start], self.places[end]
        parts = (
            f'{{"_src":"{heads[a]}","_dst":"{tails[b]}"{"," if len(properties) > 2 else ""}{properties[1:]}'
            for a, b, properties in rows
        )
        self.edges.newEdgesJson(self.batch, kind, f"[{','.join(parts)}]")

    def finish(self) -> None:
        self.batch.close()
        tree = self.engine.java("com.arcadedb.schema.Schema$INDEX_TYPE").LSM_TREE
        text = self.engine.java("com.arcadedb.schema.Type").STRING
        for kind in self.places:
            form = self.schema.getType(kind)
            form.createProperty("id", text)
            form.createTypeIndex(tree, True, "id")


def _wall_in() -> None:
    """Give up writing to files and core dumps for good (POSIX; elsewhere the engine's own read mode remains)."""
    try:
        import resource
    except ImportError:
        return
    for name in ("RLIMIT_CORE", "RLIMIT_FSIZE"):
        try:
            resource.setrlimit(getattr(resource, name), (0, 0))
        except (AttributeError, OSError, ValueError):  # a system may refuse one limit: the other still holds
            continue


if __name__ == "__main__":
    main()
