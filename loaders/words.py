"""Which known word somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["near_names", "suggest"]


def near_names(text: str, names: Iterable[str], *, limit: int = 3) -> list[str]:
    """Return the names spelled most like `text`, best first; none when nothing is near.

    >>> near_names("dupilumap", ["dupilumab", "tralokinumab", "IL4R"])
    ['dupilumab']
    """
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        text[:200], list(names), scorer=fuzz.ratio, processor=utils.default_process, limit=limit, score_cutoff=60
    )
    return [name for name, _, _ in found]


def suggest(text: str, names: Iterable[str]) -> str:
    """Return the fix for an unknown word: the nearest names, or all of a short list."""
    known = list(names)
    near = near_names(text, known)
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    return f"use one of: {', '.join(known)}" if len(known) <= 30 else "see the table for the names"

