"""One database of a server while a graph is pushed into it or read from it: transactions that are tried again, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from ontologies.errors import BackendError
from queries.cypher_engine.server_connection import connect
from queries.cypher_engine.server_errors import explain_server_error
from queries.cypher_engine.server_settings import ServerSettings
from queries.server.texts import PUSH

if TYPE_CHECKING:
    import neo4j

__all__ = ["Database", "Row", "Step", "open_database"]

Row = list[Any]
"""The values of a record."""

Step = tuple[str, Sequence[Any]]
"""A text and the rows that it writes."""

_FETCH = 5_000
_MARK = f"MATCH (p:{PUSH} {{id: 'immunokg'}}) WHERE p.run = $run SET p.done = p.done + $rows RETURN p.done"
_LOST = "what was written stays, and the next push goes on from there"


class Database:
    """A database to push into; every transaction is tried again when the server says that this may help.

    `counters` are what the server says that all writing together changed (but for the note that a push makes of itself).
    """

    def __init__(self, driver: neo4j.Driver, settings: ServerSettings) -> None:
        self.settings = settings
        self.counters: Counter[str] = Counter()
        self._driver = driver
        self._run = ""

    def read(self, text: str, **parameters: Any) -> list[Row]:
        """Return all rows of a small answer."""
        rows: list[Row] = self.stream(text, list, **parameters)
        return rows

    def stream(self, text: str, take: Callable[[Iterator[Row]], Any], **parameters: Any) -> Any:
        """Give the rows of an answer, as they arrive, to `take`, and return what it makes of them.

        `take` is called again from the start when the transaction has to be tried again.
        """
        import neo4j

        def unit(transaction: neo4j.ManagedTransaction) -> Any:
            return take(record.values() for record in transaction.run(text, parameters))

        with self._errors("read"), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(unit)

    def schema(self, text: str) -> None:
        """Run a command that changes the schema."""
        import neo4j

        with self._errors("write"), self._session(neo4j.WRITE_ACCESS) as session:
            self._count(session.run(text).consume())

    def begin(self, digest: str) -> None:
        """Say on the server that a push of a graph begins; another one that still runs will find out and stop."""
        self._run = token_hex(8)
        text = (
            f"MERGE (p:{PUSH} {{id: 'immunokg'}}) "
            "SET p.run = $run, p.digest = $digest, p.complete = false, p.done = 0, p.started = datetime() REMOVE p.ended"
        )
        self._write([(text, {"run": self._run, "digest": digest})])

    def end(self, rows: int) -> None:
        """Say on the server that the push is complete and verified."""
        text = (
            f"MATCH (p:{PUSH} {{id: 'immunokg'}}) WHERE p.run = $run "
            "SET p.complete = true, p.rows = $total, p.ended = datetime() REMOVE p.run"
        )
        self._write([(text, {"run": self._run, "total": rows})])

    def write(self, *steps: Step) -> list[list[Row]]:
        """Write rows in one transaction, or in several smaller ones where the server allows too little memory for one.

        A step is a text and its ``$rows``. Returns what each text returned. Raises `BackendError`.
        """
        mark: tuple[str, dict[str, Any]] = (_MARK, {"run": self._run, "rows": sum(len(rows) for _, rows in steps)})
        try:
            *found, _ = self._write([*((text, {"rows": rows}) for text, rows in steps), mark])
        except _TooLargeError as error:
            parts = [(step,) for step in steps] if len(steps) > 1 else _halves(*steps[0])
            if not parts:
                raise explain_server_error(error.__cause__ or error, self.settings) from error
            answers = [self.write(*part)[0] for part in parts]
            return answers if len(steps) > 1 else [[row for answer in answers for row in answer]]
        return found

    def _write(self, steps: Sequence[tuple[str, dict[str, Any]]]) -> list[list[Row]]:
        import neo4j
        from neo4j.exceptions import Neo4jError

        def unit(transaction: neo4j.ManagedTransaction) -> tuple[list[list[Row]], list[neo4j.ResultSummary]]:
            answers, summaries = [], []
            try:
                for text, parameters in steps:
                    result = transaction.run(text, parameters)
                    answers.append([record.values() for record in result])
                    summaries.append(result.consume())
            except Neo4jError as error:
                _raise_if_too_large(error)  # trying the same again would not help
                raise
            if steps[-1][0] == _MARK and not answers[-1]:
                raise BackendError(
                    f"another push into {self.settings.uri} began meanwhile, so this one stopped; run one at a time"
                )
            return answers, summaries

        with self._errors("write"), self._session(neo4j.WRITE_ACCESS) as session:
            try:
                answers, summaries = session.execute_write(unit)
            except Neo4jError as error:
                _raise_if_too_large(error)  # at the end of the transaction
                raise
        if steps[-1][0] == _MARK:
            for summary in summaries[:-1]:
                self._count(summary)
        return answers

    def _count(self, summary: neo4j.ResultSummary) -> None:
        counters = summary.counters
        for name in ("nodes_created", "nodes_deleted", "relationships_created", "relationships_deleted", "properties_set",
                     "labels_added", "labels_removed", "constraints_added"):  # fmt: skip
            if number := getattr(counters, name):
                self.counters[name] += number

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(database=self.settings.database or None, default_access_mode=access, fetch_size=_FETCH)

    @contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        from neo4j.exceptions import DriverError, Neo4jError, ServiceUnavailable, SessionExpired

        try:
            yield
        except (ServiceUnavailable, SessionExpired) as error:
            told = _LOST if doing == "write" else "ask again when it is up"
            raise BackendError(f"the connection to {self.settings.uri} was lost; {told}") from error
        except (DriverError, Neo4jError, OSError) as error:
            raise explain_server_error(error, self.settings) from error


@contextmanager
def open_database(
    settings: ServerSettings, *, patience: float, open_driver: Callable[..., Any] | None = None
) -> Iterator[Database]:
    """Connect to a database; `patience` is for how many seconds a transaction is tried again. Raises `BackendError`."""
    driver = connect(
        settings, open_driver=open_driver, max_transaction_retry_time=patience, notifications_min_severity="OFF"
    )
    try:
        yield Database(driver, settings)
    finally:
        driver.close()


def _halves(text: str, rows: Sequence[Any]) -> list[tuple[Step]]:
    half = len(rows) // 2
    return [((text, rows[:half]),), ((text, rows[half:]),)] if half else []


class _TooLargeError(Exception):
    """A transaction took more memory than the server allows it."""


def _raise_if_too_large(error: neo4j.exceptions.Neo4jError) -> None:
    if "OutOfMemory" in str(error.code):
        raise _TooLargeError from error
