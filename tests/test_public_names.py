"""Public means listed: every `__all__` is sorted, complete and true."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

PACKAGES = ("ontologies", "kg", "loaders", "queries", "immunokg")
ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "__pycache__" not in path.parts and path.name != "__main__.py"
)


def _sort_key(name: str) -> tuple[int, str]:
    """Order as ruff does: CONSTANTS, Classes, functions."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name)


@pytest.mark.parametrize("module", MODULES)
def test_all_is_sorted_and_true(module: str) -> None:
    """Every module says what is public, in order, without repeats, and each name exists."""
    loaded = importlib.import_module(module)
    public = getattr(loaded, "__all__", None)
    assert public is not None, f"{module} has no __all__"
    assert public == sorted(set(public), key=_sort_key)
    assert [name for name in public if not hasattr(loaded, name)] == []


@pytest.mark.parametrize("module", MODULES)
def test_public_definitions_are_listed(module: str) -> None:
    """A function or class without an underscore is in `__all__` (or it should have one)."""
    loaded = importlib.import_module(module)
    assert loaded.__file__ is not None
    tree = ast.parse(Path(loaded.__file__).read_text("utf-8"))
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
    }
    assert sorted(defined - set(loaded.__all__)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_open_with_their_docs_page(package: str) -> None:
    """The docstring of a package is its first documentation page, with an example that runs."""
    assert ">>>" in (importlib.import_module(package).__doc__ or "")
