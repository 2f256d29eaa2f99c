"""A shell without its terminal: it runs statements and commands on a graph, and prints what they answer.

`immunokg.shell.loop` gives it what is typed, piped or read from files.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from immunokg.console import Session
from immunokg.knowledge_graph import KnowledgeGraph
from immunokg.querying import ask_question, close_engines
from immunokg.shell.answers import Table, table_of
from immunokg.shell.placing import PlacedError, caret_lines, place_error
from immunokg.shell.settings import Settings
from immunokg.shell.statements import is_command, next_statement
from ontologies.entity import Entity
from ontologies.errors import ImmunoKGError

__all__ = ["TYPED", "Shell"]

TYPED = "query"
"""What errors call a text that was typed."""

_FOUND = 12
_SHORTEST = 2


class Shell:
    """What one session knows: the graph, the choices, the last answer, and whether the user wants to leave.

    >>> from immunokg import open_graph
    >>> shell = Shell(Session(quiet=True), open_graph(), Settings(format="csv"))
    >>> shell.run("SELECT ?name { HGNC:6015 rdfs:label ?name }; ASK { HGNC:6015 a biolink:Gene }")
    name
    IL4R
    answer
    true
    """

    def __init__(
        self, console: Session, graph: KnowledgeGraph, settings: Settings, *, interactive: bool = False
    ) -> None:
        self.console = console
        self.graph = graph
        self.settings = settings
        self.interactive = interactive
        self.last: Table | None = None
        self.leaving = False
        self.depth = 0  # of files that read one another
        self._answered = 0
        self._started = False

    def run(self, text: str, source: str = TYPED) -> None:
        """Run all statements and commands of a text in turn, until one fails or asks to leave.

        Raises what they raise, with its place in the text.
        """
        at = 0
        while not self.leaving and (found := next_statement(text, at, self.settings.language)) is not None:
            at = found.end
            try:
                if is_command(found.text):
                    from immunokg.shell.dot_commands import run_command

                    run_command(self, found.text)
                else:
                    self.ask(found.text, source)
            except ImmunoKGError as error:
                raise place_error(error, found, text, source, typed=source == TYPED) from None

    def ask(self, text: str, source: str = TYPED) -> None:
        """Ask a query in the language in force and print the answer."""
        chosen, begun = self.settings, time.monotonic()
        if chosen.language == "sparql":
            found = table_of(self.graph.sparql(text, timeout=chosen.timeout, limit=chosen.limit, source=source))
        else:
            with self._starting():
                answer = self.graph.cypher(
                    text, chosen.parameters, engine=chosen.engine, timeout=chosen.timeout, limit=chosen.limit, source=source
                )
            found = table_of(answer)
        self.show(found, time.monotonic() - begun)

    def ask_catalogue(self, name: str, parameters: dict[str, str]) -> None:
        """Ask a question of the catalogue on the engine in force and print the answer."""
        chosen, begun = self.settings, time.monotonic()
        with self._starting():
            answer = ask_question(
                self.graph, name, engine=chosen.engine, timeout=chosen.timeout, limit=chosen.limit, parameters=parameters
            )
        self.show(table_of(answer), time.monotonic() - begun)

    def show(self, table: Table, seconds: float | None = None) -> None:
        """Print an answer and keep it for ``.save``; what is to be said about it goes to stderr."""
        self.last = table
        form = self.settings.format
        if self._answered and not self.interactive and form in ("text", "markdown"):
            self.console.write("\n")
        self._answered += 1
        width = self.console.width if self.interactive and form == "text" else 0
        lines = table.lines(form, width=width)
        self.console.write_lines(map(_harmless, lines) if self.interactive and sys.stdout.isatty() else lines)
        for notice in table.notices:
            self.console.say(f"note: {notice}")
        if table.truncated:
            self.console.say(f"the answer was cut ({table.truncated}); .limit ROWS allows more")
        if self.interactive and seconds is not None and not table.single:
            count = len(table.rows)
            self.console.say(f"{count:,} row{'' if count == 1 else 's'} in {_readable_time(seconds)}")

    def say_error(self, error: ImmunoKGError) -> None:
        """Print an error on stderr: one message, and for a query its line with a caret under the place."""
        import click

        click.echo(str(error), err=True)
        if isinstance(error, PlacedError) and error.row.strip():
            for line in caret_lines(error.row, error.column, self.console.width):
                click.echo(line, err=True)

    def find(self, text: str) -> Sequence[Entity]:
        """Return the entities that a text may be the beginning of, best first, for completion."""
        if len(text.strip()) < _SHORTEST:
            return ()
        return [hit.entity for hit in self.graph._grounder.search(text, limit=_FOUND)]

    def close(self) -> None:
        """End the engines' processes and connections."""
        close_engines(self.graph)

    def _starting(self) -> AbstractContextManager[None]:
        """Say that an engine starts, while its first query runs."""
        if self.settings.engine != "arcadedb" or self._started:
            return nullcontext()
        self._started = True
        return self.console.progress("starting ArcadeDB (some seconds, once)")


def _harmless(line: str) -> str:
    """Return a line without what would move the cursor or colour a terminal; what goes to a file keeps all of it."""
    return line if line.isprintable() else "".join(c if c.isprintable() or c in "\n\t" else " " for c in line)


def _readable_time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
