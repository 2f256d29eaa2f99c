"""Is the compiled path search there? Where there is a compiler it must be: then a test fails instead of being skipped."""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from pathlib import Path
from types import ModuleType

from queries.engine.kernel import load

__all__ = ["build_hook", "kernel_or_reason"]


@cache
def build_hook() -> ModuleType:
    """Return hatch_build.py as a module."""
    spec = importlib.util.spec_from_file_location("hatch_build", Path(__file__).parent.parent / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kernel_or_reason() -> str:
    """Return "" if there is a kernel, else why there cannot be one; fails if there could be one."""
    if load() is not None:
        return ""
    assert os.environ.get("IMMUNOKG_NO_KERNEL") or build_hook().find_compiler() is None, (
        "the compiled path search is missing or older than queries/engine/kernel.c: run pip install --editable ."
    )
    return "no C compiler, so no compiled path search"
