"""Writes what is generated from the program (``make docs``).

That is ``docs/cli.md``, ``docs/questions/``, and the outputs in README.md and docs/observed.md.

A block of README.md fenced as ``console`` holds commands (``$ …``) and what they print. The commands are run in an empty
folder, with the examples beside them, and the outputs put in place; a test fails when they differ.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import click

from immunokg.cli import COMMANDS, app

__all__ = ["cli_page", "observed_page", "question_pages", "readme_page"]

ROOT = Path(__file__).resolve().parent.parent
CLI_PAGE = ROOT / "docs" / "cli.md"
README = ROOT / "README.md"
OBSERVED = ROOT / "docs" / "observed.md"
QUESTIONS = ROOT / "docs" / "questions"
_WIDTH = 100
_CONSOLE = re.compile(r"(?<=```console\n).*?(?=```\n)", re.DOTALL)
_HEAD = """# Command line

Generated from the program by `make docs`; a test fails when it is out of date.

Exit codes: 0 done; 1 the answer is "none" or faults were found; 2 bad input or usage; 3 a backend or the file system
failed; 130 interrupted. Results go to standard output, everything else to standard error; `-` is standard input.
`NO_COLOR` switches colours off. `IMMUNOKG_GRAPH` names the graph directory to use, `IMMUNOKG_HOME` the directory where the
built-in graph is kept (else the user's cache directory).

Shell completion: `eval "$(_IMMUNOKG_COMPLETE=bash_source immunokg)"` (also `zsh_source`, `fish_source`).
"""


def cli_page() -> str:
    """Return the page that describes every command, as its help does."""
    settings = {**app.context_settings, "terminal_width": _WIDTH, "max_content_width": _WIDTH}
    top = click.Context(app, info_name="immunokg", **settings)
    below = [
        click.Context(import_module(f"immunokg.commands.{name}").command, parent=top, info_name=name) for name in COMMANDS
    ]
    return "\n".join([_HEAD, *map(_section, [top, *(inner for context in below for inner in _with_inner(context))])])


def _with_inner(context: click.Context) -> list[click.Context]:
    """Return a command's context, and those of the commands below it if it is a group."""
    command = context.command
    inner = command.commands.items() if isinstance(command, click.Group) else ()
    return [context, *(click.Context(below, parent=context, info_name=name) for name, below in inner)]


def _section(context: click.Context) -> str:
    return f"## {context.command_path}\n\n```text\n{context.get_help()}\n```\n"


def readme_page(text: str) -> str:
    """Return the text of README.md with the output of every command in its console blocks as it is now."""
    with tempfile.TemporaryDirectory(prefix="immunokg-readme-") as folder:
        work = Path(folder)
        (work / "examples").symlink_to(ROOT / "examples")
        environment = _environment(work / ".bin")
        subprocess.run(["immunokg", "build", "--quiet"], env=environment, cwd=work, check=True, stdout=subprocess.DEVNULL)
        return _CONSOLE.sub(lambda block: _run_block(block[0], work, environment), text)


def observed_page(text: str) -> str:
    """Return the text of docs/observed.md with the output of its worked example as it is now."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "markers_of_a_trial.py")], capture_output=True, encoding="utf-8", check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    head, _, rest = text.partition("```text\n")
    return f"{head}```text\n{done.stdout}```{rest.partition('```')[2]}"


def question_pages() -> dict[str, str]:
    """Return the pages of the catalogue by file name, each question answered on the shipped graph."""
    import immunokg as ikg
    from immunokg.querying import ask_question
    from queries.catalogue import questions
    from queries.catalogue.pages import index_page, question_page

    graph = ikg.open()
    names = {curie: entity.name for curie, entity in graph.entities.items()}
    pages = {"index.md": index_page(questions().values())}
    for name, question in questions().items():
        pages[f"{name}.md"] = question_page(question, ask_question(graph, name, parameters=question.examples()), names)
    graph.close()
    return pages


def _environment(shims: Path) -> dict[str, str]:
    """Return an environment whose ``immunokg`` and ``python`` are this interpreter's, on this checkout."""
    shims.mkdir()
    for name, module in (("immunokg", "-m immunokg"), ("python", "")):
        shim = shims / name
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n', "utf-8")
        shim.chmod(shim.stat().st_mode | stat.S_IXUSR)
    kept = {name: value for name, value in os.environ.items() if name != "IMMUNOKG_GRAPH"}
    path = os.pathsep.join([str(shims), os.environ.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}


def _run_block(block: str, work: Path, environment: dict[str, str]) -> str:
    parts = []
    for line in block.splitlines():
        if line.startswith("$ "):
            done = subprocess.run(
                ["bash", "-c", line[2:]], env=environment, cwd=work, timeout=120, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            shown = "\n".join(row.rstrip() for row in done.stdout.decode().splitlines())
            parts.append(f"{line}\n{shown}\n" if shown else f"{line}\n")
    return "".join(parts)


if __name__ == "__main__":
    CLI_PAGE.write_text(cli_page(), "utf-8")
    README.write_text(readme_page(README.read_text("utf-8")), "utf-8")
    OBSERVED.write_text(observed_page(OBSERVED.read_text("utf-8")), "utf-8")
    QUESTIONS.mkdir(exist_ok=True)
    pages = question_pages()
    for stale in {path.name for path in QUESTIONS.glob("*.md")} - pages.keys():
        (QUESTIONS / stale).unlink()
    for name, page in pages.items():
        (QUESTIONS / name).write_text(page, "utf-8")
