r"""Cypher without a server: ArcadeDB on the property-graph store of a graph directory, in a process that can be stopped.

`EmbeddedCypher` starts a Java machine in a process of its own at the first query (a second or two) and keeps it. A text is
looked at by `queries.cypher_engine.guard` first. The engine ends a query at its time limit by itself; what it cannot end ends
with its process. A long query that takes more than half its time has another process get ready, so that the next one need not
wait. Queries only read: the engine refuses writes, and the process has given up writing to files. Any number of processes may
read one store.

>>> import tempfile
>>> from pathlib import Path
>>> from kg.cypher_store import ensure_cypher_store
>>> from kg.graph import Graph
>>> from kg.model import Entity
>>> graph = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene", synonyms=("CD124",))])
>>> with tempfile.TemporaryDirectory() as folder:
...     with EmbeddedCypher(ensure_cypher_store(Path(folder), lambda: graph)) as engine:
...         engine.query("MATCH (g:Gene {id: $id}) RETURN g.name, g.synonyms", {"id": "HGNC:6015"}).values()
[('IL4R', ['CD124'])]
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from kg.worker_process import WorkerProcess
from queries.cypher_engine.answer import CypherAnswer
from queries.cypher_engine.diagnosis import explain_engine_error
from queries.cypher_engine.guard import Token, check_cypher, cypher_tokens
from queries.cypher_engine.notices import find_notices
from queries.cypher_engine.opened_store import OpenedStore
from queries.cypher_engine.rows import column_names, read_rows
from queries.cypher_engine.values import Value, write_value
from queries.query_errors import QueryError, QueryStopped, error_at

__all__ = ["EmbeddedCypher"]

_ANSWER_BYTES = 128 * 1024 * 1024
_BATCH = 1000
_GRACE = 0.07  # of its time, or seconds if that is more, in which the engine may end a query before its process is killed
_SPARE = 3.0  # seconds that another process needs to be of use
_OUT_OF_MEMORY = 3


class EmbeddedCypher:
    """A Cypher engine over one store, started at the first query; safe to share between threads, one query at a time.

    Args:
        database: a store (`kg.cypher_store.ensure_cypher_store`), or the view that holds one.
        timeout: seconds a query may take, unless `query` says otherwise.
        max_rows: rows kept of an answer; a longer one comes cut, with `truncated` saying so.
        memory_mb: heap of the Java machine.
    """

    def __init__(self, database: Path, *, timeout: float = 30.0, max_rows: int = 100_000, memory_mb: int = 1024) -> None:
        self._database = database / "store" if (database / "store").is_dir() else database
        self._timeout = timeout
        self._max_rows = max_rows
        self._memory_mb = memory_mb
        self._store: OpenedStore | None = None
        self._spare: OpenedStore | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the engine."""
        return "arcadedb"

    def __enter__(self) -> EmbeddedCypher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process; a later query starts a new one."""
        store, self._store = self._store, None
        spare, self._spare = self._spare, None
        for opened in (store, spare):
            if opened is not None:
                opened.process.end()

    @property
    def pid(self) -> int | None:
        """The id of the running process, or None."""
        return self._store.process.pid if self._store else None

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        max_rows: int | None = None,
        source: str = "query",
    ) -> CypherAnswer:
        """Return the answer of a query that reads.

        Raises:
            QueryError: what is not allowed, is no Cypher, writes, or lacks a parameter; with line and column where known.
            QueryStopped: the limit of time or memory.
            BackendError: the store cannot be opened, or there is no engine here (`MissingPart`).
            BadInput: a parameter is no value of Cypher.
        """
        began = time.monotonic()
        check_cypher(text, source=source)
        _check_star(text, source)
        values = {name: write_value(value, name=f"${name}") for name, value in (parameters or {}).items()}
        seconds = self._timeout if timeout is None else timeout
        rows = self._max_rows if max_rows is None else max_rows
        spent = time.monotonic() - began  # reading a long text is a part of its time, waiting for the process is none
        with self._lock:
            try:
                process = self._running()
                return self._ask(process, text, values, seconds, spent, rows, source)
            except QueryError:
                raise
            except QueryStopped:
                self._running_or_starting()  # whoever asks next need not wait for all of it
                raise
            except BaseException:  # also Ctrl-C: whatever is left of the query ends with its process
                self.close()
                raise
            finally:
                spare, self._spare = self._spare, None
                if spare is not None:
                    spare.process.end()

    def _running(self) -> WorkerProcess:
        return self._running_or_starting().wait()

    def _running_or_starting(self) -> OpenedStore:
        """Return the store, with another process where the one that had it has ended."""
        if self._store is None or not self._store.process.alive:
            if self._store is not None:
                self._store.process.end()
            self._store, self._spare = self._spare or OpenedStore(self._database, self._memory_mb), None
        return self._store

    def _ask(
        self, process: WorkerProcess, text: str, values: Mapping[str, Any], seconds: float, spent: float, most: int, source: str
    ) -> CypherAnswer:
        """Send a query and take its rows, batch by batch."""
        end = time.monotonic() + seconds - spent + max(_GRACE, seconds * _GRACE)
        milliseconds = max(1, round((seconds - spent) * 1000))
        limits = {"size": _ANSWER_BYTES, "milliseconds": milliseconds, "returning": _returning(text)}
        process.send({"do": "query", "text": text, "parameters": values, "rows": min(_BATCH, most + 1), **limits})
        frame = self._frame(process, end, seconds, text, source)
        if frame["columns"] is None and _reads_and_returns_nothing(text):
            raise error_at(text, len(text.rstrip()), "", source, "the query ends without RETURN", "say what to return")
        columns = column_names(frame["columns"], frame["rows"])
        rows: list[tuple[Value, ...]] = []
        while True:
            rows += read_rows(columns, frame)
            if frame["ended"] or len(rows) > most:
                break
            process.send({"do": "more", "rows": min(_BATCH, most + 1 - len(rows))})
            frame = self._frame(process, end, seconds, text, source)
        truncated = f"stopped at {most:,} rows" if len(rows) > most else ""
        return CypherAnswer(columns, tuple(rows[:most]), truncated, find_notices(text))

    def _receive(self, process: WorkerProcess, end: float, seconds: float) -> dict[str, Any] | None:
        """Wait for a frame; after half of a long time, get another process ready in case that this one must be killed."""
        patience = end - seconds / 2 - time.monotonic()
        if self._spare is None and patience > 0 and seconds > 2 * _SPARE:
            try:
                return process.receive(patience)
            except queue.Empty:
                self._spare = OpenedStore(self._database, self._memory_mb)
        return process.receive(end - time.monotonic())

    def _frame(self, process: WorkerProcess, end: float, seconds: float, text: str, source: str) -> dict[str, Any]:
        try:
            frame = self._receive(process, end, seconds)
        except queue.Empty:
            process.end()
            raise QueryStopped(
                f"the query was stopped after {seconds:g} s; make it narrower, add LIMIT, or allow more time"
            ) from None
        if frame is not None and "error" not in frame:
            return frame
        kind = frame["error"] if frame else ""
        if kind == "size":
            raise QueryStopped(f"the answer is larger than {_ANSWER_BYTES // 2**20} MB; add LIMIT or select fewer columns")
        if kind == "engine":
            assert frame is not None
            raise explain_engine_error(frame["name"], frame["message"], text, source=source, seconds=seconds)
        code = process.end()
        if kind == "memory" or code == _OUT_OF_MEMORY:
            raise QueryStopped(
                f"the query took more than the {self._memory_mb} MB of memory allowed; make it narrower or add LIMIT"
            )
        said = f": {frame['message'][:200]}" if frame else ""
        raise QueryStopped(f"the query took the engine down (exit {code}{said}); make it narrower or simpler")


def _reads_and_returns_nothing(text: str) -> bool:
    """Tell whether a query without RETURN is none of those that need no RETURN."""
    words = [token.upper for token in cypher_tokens(text)]
    return words[0] not in ("CALL", "EXPLAIN", "OPTIONAL", "PROFILE", "SHOW") and "FINISH" not in words


def _returning(text: str) -> str:
    """Return the text whose RETURN names the columns: without PROFILE, and nothing for a plan."""
    first = next(cypher_tokens(text), Token("", "", 0))
    return "" if first.upper == "EXPLAIN" else text[len("PROFILE") + first.start :] if first.upper == "PROFILE" else text


def _check_star(text: str, source: str) -> None:
    """Refuse ``RETURN *, x AS y``: this engine would leave out y without a word."""
    tokens = [Token("", "", 0), *cypher_tokens(text), Token("", "", 0)]
    for before, star, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if star.text == "*" and after.text == "," and before.upper in ("RETURN", "DISTINCT"):
            problem, fix = "this engine returns nothing beside RETURN *", "name the columns, or write WITH *, … RETURN *"
            raise error_at(text, star.start, "*", source, problem, fix)
