"""Which package may import which: the arrows of the house point one way."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

MAY_IMPORT = {
    "ontologies": set(),
    "kg": {"ontologies"},
    "loaders": {"ontologies", "kg"},
    "queries": {"ontologies", "kg"},
    "immunokg": {"ontologies", "kg", "loaders", "queries"},
}
LIBRARIES = {
    "click", "duckdb", "matplotlib", "neo4j", "networkx", "pandas", "pyarrow", "pygraphviz", "pyoxigraph", "pyshacl",
    "rapidfuzz", "rdflib", "rich", "yaml",
}  # fmt: skip


def _modules(root: Path, package: str) -> list[Path]:
    return sorted(path for path in (root / package).rglob("*.py") if "__pycache__" not in path.parts)


def _imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the top-level name of every import with the level of relative ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.partition(".")[0], 0
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0], node.level


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_point_one_way(repo_root: Path, package: str) -> None:
    """A package imports only itself and the packages below it, always by absolute name."""
    wrong = []
    for path in _modules(repo_root, package):
        for name, level in _imports(ast.parse(path.read_text("utf-8"))):
            if level or (name in MAY_IMPORT and name != package and name not in MAY_IMPORT[package]):
                wrong.append(f"{path.relative_to(repo_root)} imports {'.' * level}{name}")
    assert wrong == []


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_packages_have_modules(repo_root: Path, package: str) -> None:
    """The test above looked at something."""
    assert len(_modules(repo_root, package)) > 3


def test_no_module_is_named_after_a_library(repo_root: Path) -> None:
    """Running a file in a folder puts the folder first on the path, where such a module would shadow the library."""
    libraries = {*LIBRARIES, *sys.stdlib_module_names}
    named = [
        str(path.relative_to(repo_root))
        for package in MAY_IMPORT
        for path in _modules(repo_root, package)
        if path.stem in libraries
    ]
    assert named == []


def test_no_grab_bag_modules(repo_root: Path) -> None:
    """Modules are named by what they hold."""
    bags = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert [p for package in MAY_IMPORT for p in _modules(repo_root, package) if p.stem in bags] == []


def test_modules_are_small(repo_root: Path) -> None:
    """One idea per file: no module is longer than 400 lines."""
    folders = [*MAY_IMPORT, "tests", "examples", "benchmarks", "docs"]
    long = {
        str(path.relative_to(repo_root)): lines
        for folder in folders
        for path in _modules(repo_root, folder)
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}
