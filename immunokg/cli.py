"""The ``immunokg`` command: a table of commands, the import of the one called, and the edge where errors become one line.

Exit codes: 0 done; 1 the answer is "none" or faults were found; 2 bad input or usage; 3 a backend or the file system
failed; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from immunokg import __version__
from ontologies.errors import BackendError, BadInput, ImmunoKGError, NoAnswer, UnknownThing

__all__ = ["COMMANDS", "app", "main"]

DONE, NONE, BAD, FAILED, INTERRUPTED = 0, 1, 2, 3, 130

#: command -> its line in ``immunokg --help``; the module is ``immunokg.commands.<command>``
COMMANDS = {
    "build": "Build a graph directory from the corpus and given sources.",
    "cypher": "Ask a Cypher query.",
    "evaluate": "Measure how right rankings and readers are.",
    "explain": "Why a drug helps or harms in a disease, for and against.",
    "export": "Write the graph, or a part of it, for another program.",
    "load": "Load a source into a graph directory, with a loss report.",
    "paths": "Find the best signed paths between two things.",
    "push": "Write the graph into a running Neo4j, verified.",
    "queries": "List, search and show the questions of the catalogue.",
    "query": "Ask a question of the catalogue.",
    "search": "Find entities by name, synonym or CURIE, typos allowed.",
    "shell": "Ask SPARQL, Cypher and the catalogue at a prompt.",
    "sources": "List what can be loaded.",
    "sparql": "Ask a SPARQL query.",
    "stats": "Count what the graph holds.",
    "subgraph": "List or save a part of the graph.",
    "validate": "Check the graph against its shapes and rules.",
}


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports only the one called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command = import_module(f"immunokg.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"commands: {', '.join(COMMANDS)}"
            raise click.UsageError(f"there is no command '{name}'; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Start with: immunokg explain dupilumab "alopecia areata"',
)
@click.version_option(__version__, prog_name="immunokg")
def app() -> None:
    """Ask immunology literature why, and get the mechanisms for and against with their evidence.

    Every command takes --graph DIR (else IMMUNOKG_GRAPH, else the built-in graph of the curated corpus). Results go to
    standard output, all else to standard error.
    """


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; every expected error is printed as one line (or a list of faults)."""
    if "_IMMUNOKG_COMPLETE" in os.environ:
        app(prog_name="immunokg")  # prints shell completion and leaves
    _make_streams_safe()
    arguments = list(sys.argv[1:] if args is None else args)
    if not arguments:
        arguments = ["--help"]
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _end("interrupted; nothing was left half written", INTERRUPTED)
    except BrokenPipeError:
        _silence_stdout()
        return DONE
    except OSError as error:
        _silence_stdout()
        return _end(f"{_where(error)}{error.strerror or error}; check space and permissions", FAILED)
    return code


def _run(arguments: list[str]) -> int:
    """Run one command; turn what it raises on purpose into a line on stderr and an exit code."""
    try:
        with app.make_context("immunokg", arguments) as context:
            result = app.invoke(context)
        return result if isinstance(result, int) else DONE
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.UsageError as error:
        usage = error.ctx.command_path if error.ctx else "immunokg"
        return _end(f"{error.format_message()} (see: {usage} --help)", BAD)
    except click.ClickException as error:
        return _end(error.format_message(), BAD)
    except (BadInput, UnknownThing) as error:
        return _end(str(error), BAD)
    except NoAnswer as error:
        return _end(str(error), NONE)
    except BackendError as error:
        return _end(str(error), FAILED)
    except ImmunoKGError as error:
        return _end(str(error), FAILED)
    except MemoryError:
        return _end("out of memory; ask for fewer paths or a smaller part of the graph", FAILED)
    except (BrokenPipeError, KeyboardInterrupt, OSError):
        raise
    except Exception as error:  # noqa: BLE001  # a defect of ours: one line for the user, the trace on request
        if "-v" in arguments or "--verbose" in arguments:
            import traceback

            traceback.print_exc()
        return _end(
            f"internal error ({type(error).__name__}: {error}); this is a defect of ImmunoKG: "
            "run again with --verbose and report what it prints",
            FAILED,
        )


def _where(error: OSError) -> str:
    return f"{error.filename}: " if error.filename else ""


def _end(message: str, code: int) -> int:
    """Print an error line on stderr, whatever state stderr is in, and return the exit code."""
    try:
        click.echo(f"immunokg: {message}", err=True)
    except OSError:
        return code
    return code


def _make_streams_safe() -> None:
    """Never fail on a character that the terminal's encoding lacks: print a replacement instead."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and not str(stream.encoding).lower().startswith("utf"):
            reconfigure(errors="replace")


def _silence_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not complain about a closed pipe."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    except (OSError, ValueError):
        return


if __name__ == "__main__":
    sys.exit(main())
