"""Cypher on a Neo4j server, through the official driver, for reading only.

The session is opened in read mode, so the server itself refuses every write; a text passes `queries.cypher_engine.guard` before
it is sent, for read mode does not stop ``LOAD CSV`` or procedures. Give the program a database user that may only read: then
nothing depends on the guard. A query ends at its time limit, on the server and here, where nobody waits for a server that is
stuck (a chain of thousands of operators can do that); a longer answer than asked for comes cut.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ontologies.errors import ImmunoKGError
from queries.cypher_engine.answer import CypherAnswer
from queries.cypher_engine.guard import check_cypher
from queries.cypher_engine.server_connection import connect
from queries.cypher_engine.server_errors import explain_server_error
from queries.cypher_engine.server_notices import server_notices
from queries.cypher_engine.server_settings import ServerSettings
from queries.cypher_engine.server_values import ServerValues, to_server
from queries.cypher_engine.values import Value
from queries.query_errors import QueryStopped

if TYPE_CHECKING:
    import neo4j

__all__ = ["ServerCypher", "ServerSettings"]

_ANSWER_BYTES = 128 * 1024 * 1024
_FETCH = 1000
_GRACE = 0.05  # the server looks at its clock every other second only: who asked is told in time, and the connection closed


class ServerCypher:
    """A Neo4j server that answers Cypher; it is looked for at the first query. Safe to share between threads.

    Args:
        settings: where it is and who we are there.
        timeout: seconds a query may take, unless `query` says otherwise.
        max_rows: rows kept of an answer; a longer one comes cut, with `truncated` saying so.
        open_driver: takes the place of ``neo4j.GraphDatabase.driver``.
    """

    def __init__(
        self,
        settings: ServerSettings,
        *,
        timeout: float = 30.0,
        max_rows: int = 100_000,
        open_driver: Callable[..., Any] | None = None,
    ) -> None:
        self._settings = settings
        self._timeout = timeout
        self._max_rows = max_rows
        self._open_driver = open_driver
        self._driver: neo4j.Driver | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the engine."""
        return "neo4j"

    def __enter__(self) -> ServerCypher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; a later query opens new ones."""
        with self._lock:
            driver, self._driver = self._driver, None
        if driver is not None:
            driver.close()

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
            BackendError: the server is not there, does not let us in, or was lost while it worked.
            BadInput: a parameter is no value of Cypher.
        """
        began = time.monotonic()
        check_cypher(text, source=source)
        values = {name: to_server(value) for name, value in (parameters or {}).items()}
        seconds = self._timeout if timeout is None else timeout
        rows = self._max_rows if max_rows is None else max_rows
        spent = time.monotonic() - began  # reading a long text is a part of its time, connecting is none
        driver = self._connected()
        done: queue.SimpleQueue[CypherAnswer | BaseException] = queue.SimpleQueue()
        given_up = threading.Event()

        def work() -> None:
            try:
                done.put(self._ask(driver, text, values, max(seconds - spent, 0.001), rows, given_up))
            except BaseException as error:  # noqa: BLE001  # raised again below, in the thread that asked
                done.put(error)

        threading.Thread(target=work, name="immunokg-cypher", daemon=True).start()
        try:
            found = done.get(timeout=max(seconds - spent, 0) + _GRACE)
        except queue.Empty:
            given_up.set()
            self._abandon(driver)
            raise QueryStopped(
                f"the query was stopped after {seconds:g} s; make it narrower, add LIMIT, or allow more time"
            ) from None
        except BaseException:  # Ctrl-C
            given_up.set()
            self._abandon(driver)
            raise
        if isinstance(found, BaseException):
            raise self._explained(found, text, source, seconds) from found
        return found

    def _connected(self) -> neo4j.Driver:
        with self._lock:
            if self._driver is None:
                self._driver = connect(self._settings, open_driver=self._open_driver)
            return self._driver

    def _abandon(self, driver: neo4j.Driver) -> None:
        """Drop the connections of a query that does not end; closing them may itself have to wait, so nobody waits for it."""
        with self._lock:
            if self._driver is driver:
                self._driver = None
        threading.Thread(target=driver.close, name="immunokg-cypher-close", daemon=True).start()

    def _ask(
        self, driver: neo4j.Driver, text: str, values: dict[str, Any], seconds: float, most: int, given_up: threading.Event
    ) -> CypherAnswer:
        import neo4j

        reader = ServerValues(_ANSWER_BYTES)
        rows: list[tuple[Value, ...]] = []
        truncated = ""
        with driver.session(
            database=self._settings.database or None, default_access_mode=neo4j.READ_ACCESS, fetch_size=_FETCH
        ) as session:
            result = session.run(neo4j.Query(text, timeout=seconds), values)
            columns = tuple(result.keys())
            for record in result:
                if given_up.is_set():
                    break  # nobody waits for the rest
                if len(rows) == most:
                    truncated = f"stopped at {most:,} rows"
                    break
                rows.append(tuple(reader.read(value) for value in record.values()))
            notices = server_notices(text, result.consume())
        return CypherAnswer(columns, tuple(rows), truncated, notices)

    def _explained(self, error: BaseException, text: str, source: str, seconds: float) -> BaseException:
        from neo4j.exceptions import DriverError, Neo4jError

        if isinstance(error, ImmunoKGError) or not isinstance(error, DriverError | Neo4jError | OSError):
            return error
        return explain_server_error(error, self._settings, text=text, source=source, seconds=seconds)
