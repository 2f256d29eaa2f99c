"""The one knowledge level and the one agent type that a statement shows for all its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ontologies.knowledge import strongest_first

__all__ = ["leading_agent", "leading_level"]


def leading_level(findings: Iterable[tuple[str, str]]) -> str:
    """Return the strongest level among (stance, level) pairs in support, else among all; empty for none.

    >>> leading_level([("supports", "prediction"), ("refutes", "knowledge_assertion"), ("supports", "observation")])
    'observation'
    """
    found = list(findings)
    levels = {level for stance, level in found if stance == "supports"} or {level for _, level in found}
    return next(iter(strongest_first(levels)), "")


def leading_agent(agents: Iterable[str]) -> str:
    """Return the commonest agent type (of equally common ones the first by name); empty for none.

    >>> leading_agent(["text_mining_agent", "manual_agent"])
    'manual_agent'
    """
    counts = Counter(agents)
    return min(counts, key=lambda name: (-counts[name], name), default="")
