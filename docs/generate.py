"""Writes the pages that are generated from the program: ``python docs/generate.py`` (or ``make docs``)."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from immunokg.cli import COMMANDS, app

PAGE = Path(__file__).with_name("cli.md")
_WIDTH = 100
_HEAD = """# Command line

Generated from the program by `make docs`; a test fails when it is out of date.

Exit codes: 0 done; 1 the answer is "none" or faults were found; 2 bad input or usage; 3 a backend or the file system
failed; 130 interrupted. Results go to standard output, everything else to standard error; `-` is standard input.
`NO_COLOR` switches colours off. `IMMUNOKG_GRAPH` names the graph directory to use, `IMMUNOKG_HOME` the directory where the
built-in graph is kept (else the user's cache directory).
"""


def cli_page() -> str:
    """Return the page that describes every command, as its help does."""
    parts = [_HEAD, _section("immunokg", app)]
    parts += [
        _section(f"immunokg {name}", import_module(f"immunokg.commands.{name}").command) for name in COMMANDS
    ]
    return "\n".join(parts)


def _section(title: str, command: click.Command) -> str:
    context = click.Context(command, info_name=title, terminal_width=_WIDTH, max_content_width=_WIDTH)
    level = "##"
    return f"{level} {title}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(cli_page(), "utf-8")
