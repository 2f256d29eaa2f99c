"""Documentation cannot rot: generated pages are current, every command has help with an example, links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
import pytest

from immunokg.cli import COMMANDS


@pytest.fixture(scope="module")
def generate(repo_root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", repo_root / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_command_line_page_is_current(repo_root: Path, generate: ModuleType) -> None:
    """docs/cli.md says what --help says; `make docs` writes it."""
    assert (repo_root / "docs" / "cli.md").read_text("utf-8") == generate.cli_page()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    """Help says what a command does and shows a line to copy, and the short help is in the table."""
    command = import_module(f"immunokg.commands.{name}").command
    assert isinstance(command, click.Command)
    assert command.name == name
    assert f"immunokg {name}" in (command.help or "")
    assert COMMANDS[name].endswith(".")


def test_every_command_module_is_listed(repo_root: Path) -> None:
    """A command that is not in the table cannot be called, and the other way round."""
    modules = {path.stem for path in (repo_root / "immunokg" / "commands").glob("*.py")} - {"__init__"}
    assert modules == set(COMMANDS)


def _pages(root: Path) -> list[Path]:
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def test_links_between_pages_lead_somewhere(repo_root: Path) -> None:
    """Every relative link in the Markdown pages names a file that exists."""
    broken = [
        f"{page.name}: {target}"
        for page in _pages(repo_root)
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_page_is_reachable_from_the_index(repo_root: Path) -> None:
    """Each page of docs/ is linked from docs/index.md, directly or as one of a listed folder."""
    index = (repo_root / "docs" / "index.md").read_text("utf-8")
    pages = [path.relative_to(repo_root / "docs").as_posix() for path in (repo_root / "docs").rglob("*.md")]
    questions = (repo_root / "docs" / "questions" / "index.md").read_text("utf-8")
    inner = [page for page in pages if page.startswith("questions/") and page != "questions/index.md"]
    assert [page for page in pages if page not in ("index.md", *inner) and page not in index] == []
    assert [page for page in inner if page.removeprefix("questions/") not in questions] == []


def test_pages_of_questions_are_current(repo_root: Path, generate: ModuleType) -> None:
    """docs/questions/ says what the files of the questions say, with the answers as they are now; `make docs` writes it."""
    folder = repo_root / "docs" / "questions"
    assert {path.name: path.read_text("utf-8") for path in folder.glob("*.md")} == generate.question_pages()
