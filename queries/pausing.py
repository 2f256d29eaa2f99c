"""Python's search for cyclic garbage, paused while paths are searched."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_collection"]


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the collector of cyclic garbage for a block that makes many small values and no cycles.

    A search holds hundreds of thousands of partial paths; looking through all of them for cycles stops it for a tenth of a
    second again and again, past its time limit. They are freed as always when nothing refers to them.

    >>> with without_collection():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
