"""What a command says besides its result: notes and progress on stderr, results on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from immunokg.knowledge_graph import KnowledgeGraph

__all__ = ["Meter", "Session"]


@dataclass(frozen=True, slots=True)
class Session:
    """The options every command shares, and the two streams: `say` and `detail` go to stderr, `write` to stdout."""

    graph: str | None = None
    format: str = "text"
    quiet: bool = False
    verbose: bool = False

    def say(self, text: str) -> None:
        """Print a note on stderr unless ``--quiet``."""
        if not self.quiet:
            click.echo(text, err=True)

    def detail(self, text: str) -> None:
        """Print a note on stderr only with ``--verbose``."""
        if self.verbose:
            click.echo(text, err=True)

    def write(self, text: str) -> None:
        """Print part of the result on stdout, ending with a newline."""
        click.echo(text if text.endswith("\n") else f"{text}\n", nl=False, color=True)

    def write_lines(self, lines: Iterable[str]) -> None:
        """Print the lines of a result as they come."""
        for line in lines:
            click.echo(line)

    @property
    def color(self) -> bool:
        """True when stdout is a terminal that wants colour (``NO_COLOR`` unset, ``TERM`` not dumb)."""
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """The width of the terminal, or 100 when stdout is none."""
        if not sys.stdout.isatty():
            return 100
        import shutil

        return max(40, shutil.get_terminal_size((100, 24)).columns)

    def open_graph(self) -> KnowledgeGraph:
        """Open the graph the options name (built-in when none), saying so when it must be built first."""
        from immunokg.knowledge_graph import open_graph

        opened = open_graph(self.graph, say=self.say)
        self.detail(f"graph: {opened.path}")
        if (context := click.get_current_context(silent=True)) is not None:
            context.call_on_close(opened.close)
        return opened

    def graph_path(self) -> Path:
        """Return the graph directory the options name without reading it."""
        from immunokg.home import find_graph

        return find_graph(self.graph, say=self.say)

    @contextmanager
    def progress(self, label: str) -> Iterator[None]:
        """Show what a long work is doing while stderr is a terminal; leave nothing behind when it is done."""
        shown = not self.quiet and sys.stderr.isatty()
        if shown:
            click.echo(f"{label} …", err=True, nl=False)
        try:
            yield
        finally:
            if shown:
                click.echo("\r\033[K", err=True, nl=False)


class Meter:
    """How far a long work of several stages has come, on one line of stderr, while that is a terminal.

    >>> with Meter(Session(quiet=True)) as meter:
    ...     meter.show("nodes", 5_000, 20_000)
    """

    _PAUSE = 0.1  # seconds between two looks of the line

    def __init__(self, session: Session) -> None:
        self._shown = not session.quiet and sys.stderr.isatty()
        self._stage, self._last = "", 0.0

    def __enter__(self) -> Meter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r\033[K", err=True, nl=False)

    def show(self, stage: str, done: int, total: int) -> None:
        """Say that `done` of `total` rows of a stage are written."""
        from time import monotonic

        now = monotonic()
        if not self._shown or (stage == self._stage and done < total and now - self._last < self._PAUSE):
            return
        self._stage, self._last = stage, now
        share = f"{100 * done // total:3d} %" if total else "100 %"
        click.echo(f"\r\033[K{stage}: {share} ({done:,} of {total:,})", err=True, nl=False)
