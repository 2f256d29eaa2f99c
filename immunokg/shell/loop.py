"""The shell from its first line to its last: at a terminal, or on what is piped into it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from immunokg.shell.session import TYPED, Shell
from ontologies.errors import ImmunoKGError

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["PIPED", "converse", "is_interactive", "run_piped", "run_terminal"]

PIPED = "standard input"
"""What errors call a text that was piped in."""


def is_interactive() -> bool:
    """Tell whether a person types: stdin is a terminal, and so is what could show a prompt."""
    return sys.stdin.isatty() and (sys.stdout.isatty() or sys.stderr.isatty())


def run_piped(shell: Shell) -> None:
    """Run what stands on standard input, to its end or to the first error, which is raised."""
    from immunokg.options import read_text_argument

    with _leaving_cleanly(shell):
        shell.run(read_text_argument("-"), PIPED)


def run_terminal(shell: Shell) -> None:
    """Ask and answer until the user leaves; errors are printed and the next text is asked for."""
    from prompt_toolkit.output import create_output

    from immunokg.shell.history import KeptHistory, history_path
    from immunokg.shell.prompting import Prompter

    shown = None if sys.stdout.isatty() else create_output(stdout=sys.stderr)
    prompter = Prompter(shell, KeptHistory(history_path()), output=shown)
    with _leaving_cleanly(shell):
        _greet(shell)
        converse(shell, prompter.ask)


def converse(shell: Shell, ask: Callable[[], str]) -> None:
    """Run what `ask` returns, time after time, until it raises EOFError or the shell is to be left.

    Ctrl-C while something runs stops it, and the next text is asked for; while something is typed, it clears the line.
    """
    stopped = False
    while not shell.leaving:
        running = False
        try:
            if stopped:
                stopped = False
                click.echo("\nstopped", err=True)  # below the ^C that the terminal shows
            text = ask()
            running = True
            _run(shell, text)
        except EOFError:
            return
        except KeyboardInterrupt:
            stopped = running


def _run(shell: Shell, text: str) -> None:
    try:
        shell.run(text, TYPED)
    except ImmunoKGError as error:
        shell.say_error(error)
    except (BrokenPipeError, OSError):
        raise
    except Exception as error:  # noqa: BLE001  # a defect of ours must not end the session
        if shell.console.verbose:
            import traceback

            traceback.print_exc()
        shell.console.say(
            f"internal error ({type(error).__name__}: {error}); this is a defect of ImmunoKG: "
            "start the shell with --verbose, do it again, and report what it prints"
        )


def _greet(shell: Shell) -> None:
    from immunokg import __version__

    counts = shell.graph.manifest.get("counts", {})
    held = f": {counts['entities']:,} entities, {counts['statements']:,} statements" if counts else ""
    shell.console.say(f"ImmunoKG {__version__}{held}. .help helps, .quit or Ctrl-D leaves.")


@contextmanager
def _leaving_cleanly(shell: Shell) -> Iterator[None]:
    """End what the shell started however it is left, also when its terminal is closed or it is told to end."""

    def leave(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001  # what a handler of signals takes
        raise SystemExit(128 + number)

    kept = {}
    for name in ("SIGTERM", "SIGHUP"):
        kind = getattr(signal, name, None)
        if kind is not None:
            kept[kind] = signal.signal(kind, leave)
    try:
        yield
    finally:
        shell.close()
        for kind, handler in kept.items():
            signal.signal(kind, handler)
