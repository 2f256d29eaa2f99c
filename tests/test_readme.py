"""README.md: its commands print what it shows, its Python runs, and its other lines are real."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shlex
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
import pytest

from immunokg.cli import COMMANDS, app


@pytest.fixture(scope="module")
def readme(repo_root: Path) -> str:
    return (repo_root / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def generate(repo_root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", repo_root / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_outputs_are_what_the_commands_print(readme: str, generate: ModuleType) -> None:
    """Every command of a console block prints what stands below it; `make docs` puts the present output there."""
    assert readme.count("```console\n") >= 5
    assert generate.readme_page(readme).splitlines() == readme.splitlines()


def test_python_blocks_run(readme: str) -> None:
    """The Python session of the README gives what it shows."""
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert blocks
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, {}, "README", "README.md", 0)
        assert doctest.DocTestRunner().run(test).failed == 0


def test_other_shell_lines_are_real(readme: str, repo_root: Path) -> None:
    """Lines that install or need a download are not run, but their targets, options and files exist."""
    makefile = (repo_root / "Makefile").read_text("utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) for line in block.splitlines()]
    top = click.Context(app, info_name="immunokg", **app.context_settings)
    seen = set()
    for line in lines:
        words = shlex.split(line, comments=True)
        seen.add(words[0])
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), line
        elif words[0] == "immunokg":
            assert words[1] in COMMANDS
            command = import_module(f"immunokg.commands.{words[1]}").command
            command.make_context(words[1], words[2:], parent=top)  # raises for an option or argument that does not exist
    assert {"make", "immunokg"} <= seen


def test_every_example_is_shown(readme: str, repo_root: Path) -> None:
    """Each script of examples/ is linked and run in the README."""
    for script in (repo_root / "examples").glob("*.py"):
        assert f"](examples/{script.name})" in readme
        assert f"$ python examples/{script.name}" in readme


def test_every_command_is_mentioned(readme: str) -> None:
    """Each command appears at least once."""
    assert [name for name in COMMANDS if not re.search(rf"\bimmunokg {name}\b", readme)] == []
