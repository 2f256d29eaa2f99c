r"""Free SPARQL questions, answered by a process that can be stopped.

`SparqlWorker` keeps one read-only process at work on an Oxigraph store (`kg.triplestore`). A text is looked at by
`queries.sparql_engine.guard` first; a query that runs too long or takes too much memory ends with its process, and the next
one gets a new process (some 60 ms). Our prefixes are known without ``PREFIX`` lines, and places in errors are those of the
user's own text. Without a ``FROM`` a query sees all graphs as one, so evidence is found without ``GRAPH`` (no triple stands in
two graphs, so nothing is counted twice); ``GRAPH ?g { … }`` still tells which source said it.

>>> import tempfile
>>> from pathlib import Path
>>> folder = tempfile.TemporaryDirectory()
>>> path = Path(folder.name) / "graph.nq"
>>> _ = path.write_text(
...     "<http://identifiers.org/drugbank/DB12159> <https://w3id.org/immunokg/decreases_activity_of> "
...     "<http://identifiers.org/hgnc/6015> .\n")
>>> with SparqlWorker(path) as worker:
...     answer = worker.query("SELECT ?drug { ?drug ikg:decreases_activity_of HGNC:6015 }")
...     answer.values()
[('DRUGBANK:DB12159',)]
>>> folder.cleanup()
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from kg.worker_process import WorkerProcess, library_folder
from ontologies.errors import BackendError
from queries.query_errors import QueryError, QueryStopped
from queries.sparql_engine.binding import place_values
from queries.sparql_engine.diagnosis import Spread, explain_syntax_error, spread
from queries.sparql_engine.guard import check_query, query_tokens
from queries.sparql_engine.terms import Answer, Solutions, Term, Triples, Truth, read_term, term_form

__all__ = ["PREFIXES", "SparqlWorker", "prefixes"]

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
}
_ANSWER_BYTES = 128 * 1024 * 1024


def prefixes() -> dict[str, str]:
    """Return every prefix that a query may use without declaring it.

    >>> prefixes()["ikg"]
    'https://w3id.org/immunokg/'
    """
    from ontologies.prefixes import prefixes as table

    return {**PREFIXES, **{name: row.iri for name, row in table().items()}}


class SparqlWorker:
    """A persistent read-only SPARQL process over one store; safe to share between threads, one query at a time.

    Args:
        store: an Oxigraph directory (or the view that holds one), or a file of N-Quads (``.nq``) that is loaded into the
            worker's memory.
        timeout: seconds a query may take, unless `query` says otherwise.
        max_rows: rows kept of an answer; a longer one comes cut, with `truncated` saying so.
        memory_mb: address space of the worker (where the system can limit it).
    """

    def __init__(self, store: Path, *, timeout: float = 30.0, max_rows: int = 100_000, memory_mb: int = 2048) -> None:
        self._store = store / "store" if (store / "store").is_dir() else store
        self._timeout = timeout
        self._max_rows = max_rows
        self._memory_mb = memory_mb
        self._process: WorkerProcess | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> SparqlWorker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process; a later query starts a new one."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    @property
    def pid(self) -> int | None:
        """The id of the running process, or None."""
        return self._process.pid if self._process else None

    def query(
        self,
        text: str,
        *,
        values: Mapping[str, Term] | None = None,
        timeout: float | None = None,
        max_rows: int | None = None,
        source: str = "query",
    ) -> Answer:
        """Return the typed answer of a SELECT, ASK, CONSTRUCT or DESCRIBE.

        `values` are given to variables, by name without ``?``: such a variable has its value wherever the text names it, and
        shows it where the text selects it. Values are terms, checked and spelled by the engine; nothing
        that a caller gave as a value is copied into the text (`queries.sparql_engine.binding`).

        Raises `QueryError` (with line, column and the offending text) for what is not allowed or not SPARQL,
        `QueryStopped` at the limit of time or memory, and `BackendError` when the store cannot be opened.
        """
        began = time.monotonic()
        check_query(text, source=source)
        seconds = self._timeout if timeout is None else timeout
        rows = self._max_rows if max_rows is None else max_rows
        placed = place_values(text, values or {}, source=source)
        request = {
            "text": text,
            "placed": placed.text,
            "hidden": placed.hidden,
            "values": {name: term_form(term) for name, term in (values or {}).items()},
            "rows": rows,
            "bytes": _ANSWER_BYTES,
            "seconds": seconds * 1.5 + 5,
            "union": not any(kind == "word" and token.upper() == "FROM" for kind, token, _ in query_tokens(text)),
        }
        spent = time.monotonic() - began  # reading a long text is a part of its time, waiting for the process is none
        with self._lock:
            if self._process is None or not self._process.alive:
                self.close()
                self._process = _start(self._store, self._memory_mb)
            try:
                return self._ask(self._process, request, seconds, spent, source)
            except QueryError:
                raise
            except BaseException:  # also Ctrl-C: whatever is left of the query ends with its process
                self.close()
                raise

    def _ask(self, process: WorkerProcess, request: dict[str, Any], seconds: float, spent: float, source: str) -> Answer:
        end = time.monotonic() + seconds - spent
        process.send(request)
        head = self._frame(process, end, seconds)
        if "error" in head:
            raise _failure(head, str(request["text"]), source, self._looser(process, request, head, end))
        if head["form"] == "ask":
            return Truth(head["value"])
        rows: list[tuple[Any, ...]] = []
        while True:
            frame = self._frame(process, end, seconds)
            if "error" in frame:
                raise _failure(frame, str(request["text"]), source)
            if "end" in frame:
                break
            rows.extend(tuple(map(read_term, row)) for row in frame["rows"])
        if frame["end"] == "size":
            raise QueryStopped(f"the answer is larger than {_ANSWER_BYTES // 2**20} MB; add LIMIT or select fewer columns")
        if head["form"] == "triples":
            return Triples(tuple(rows), frame["end"])
        return Solutions(tuple(head["columns"]), tuple(rows), frame["end"])

    def _looser(
        self, process: WorkerProcess, request: Mapping[str, Any], head: Mapping[str, Any], end: float
    ) -> tuple[Spread, str] | None:
        """Give a text that is no SPARQL to the engine once more, with room between its tokens, and return what it says."""
        if head["error"] != "syntax":
            return None
        room = spread(str(request["text"]))
        process.send({**request, "text": room.text, "placed": room.text, "hidden": 0, "values": {}})
        try:
            again = process.receive(end - time.monotonic())
        except queue.Empty:
            again = None
        if again is None or again.get("error") != "syntax":
            self.close()  # whatever it does with it
            return None
        return room, str(again["message"])

    def _frame(self, process: WorkerProcess, end: float, seconds: float) -> dict[str, Any]:
        try:
            frame = process.receive(end - time.monotonic())
        except queue.Empty:
            raise QueryStopped(
                f"the query was stopped after {seconds:g} s; make it narrower, add LIMIT, or allow more time"
            ) from None
        if frame is None:
            code = process.end()
            raise QueryStopped(
                f"the query took the engine down (exit {code}), most likely beyond {self._memory_mb} MB of memory or by "
                "its nesting; make it narrower or simpler"
            )
        return frame


def _start(store: Path, memory_mb: int) -> WorkerProcess:
    """Return a process that has opened the store."""
    if not store.exists():
        raise BackendError(f"there is no RDF store at {store}; build the graph first")
    settings = {
        "store": str(store.resolve()),
        "library": library_folder("pyoxigraph", "pyoxigraph", "pip install 'pyoxigraph>=0.5'"),
        "prefixes": prefixes(),
        "memory_mb": memory_mb,
    }
    process = WorkerProcess(Path(__file__).with_name("process.py"), settings, folder=store.resolve().parent)
    reason = process.wait_until_ready()
    if reason:
        raise BackendError(f"the RDF store cannot be opened: {reason}; rebuild it with 'immunokg build'")
    return process


def _failure(
    frame: Mapping[str, Any], text: str, source: str, looser: tuple[Spread, str] | None = None
) -> Exception:
    message = str(frame["message"])
    if frame["error"] == "memory":
        return QueryStopped("the query took too much memory; make it narrower or add LIMIT")
    return explain_syntax_error(text, message, source, looser)
