"""Importing ImmunoKG, asking for help, or asking for an explanation loads no more than it needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "pyarrow", "duckdb", "pyoxigraph", "rdflib", "networkx", "neo4j", "pandas", "numpy", "matplotlib", "pygraphviz",
    "pyshacl", "rich", "rapidfuzz", "yaml",
}  # fmt: skip


def _loaded(code: str, root: Path) -> set[str]:
    """Return the top-level modules that a new interpreter holds after running the code."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", ["immunokg", "ontologies", "kg", "loaders", "queries", "immunokg.cli"])
def test_importing_loads_nothing_heavy(repo_root: Path, module: str) -> None:
    """Importing a package, or the command line, loads no engine and no drawing library."""
    assert _loaded(f"import {module}", repo_root) & HEAVY == set()


@pytest.mark.parametrize("arguments", [["--help"], ["explain", "--help"], ["sparql", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(repo_root: Path, arguments: list[str]) -> None:
    """Help costs click and the command asked about, nothing else."""
    assert _loaded(f"from immunokg.cli import main\nmain({arguments!r})", repo_root) & HEAVY == set()


def _commands(arguments: list[str], root: Path) -> set[str]:
    """Return the command modules that a new interpreter holds after running the command line."""
    script = (
        f"from immunokg.cli import main\nmain({arguments!r})\nimport sys, json\n"
        "print(json.dumps([m for m in sys.modules if m.startswith('immunokg.commands.')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_imports_no_command(repo_root: Path) -> None:
    """`immunokg --help` lists the commands from a table."""
    assert _commands(["--help"], repo_root) == set()


def test_one_command_imports_one_command(repo_root: Path) -> None:
    """Calling a command imports its module and no other command's."""
    assert _commands(["stats", "--help"], repo_root) == {"immunokg.commands.stats"}
