"""The one knowledge level and the one agent type that a statement shows for all its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kg.model import Evidence

__all__ = ["leading_agent", "leading_level", "strongest_first"]

_LEVELS = (
    "knowledge_assertion",
    "logical_entailment",
    "observation",
    "statistical_association",
    "prediction",
    "text_co_occurrence",
    "not_provided",
)


def leading_level(found: Sequence[Evidence]) -> str:
    """Return the strongest Biolink knowledge level among the evidence in support, else among all; empty for none.

    >>> from kg.model import Publication
    >>> paper = Publication("PMID:1")
    >>> seen = Evidence("supports", paper, "PMID:1", "in_vitro", knowledge_level="observation")
    >>> guessed = Evidence("supports", paper, "PMID:1", "in_vitro", knowledge_level="prediction")
    >>> leading_level([guessed, seen]), leading_level([])
    ('observation', '')
    """
    levels = {e.knowledge_level for e in found if e.stance == "supports"} or {e.knowledge_level for e in found}
    return next(iter(strongest_first(levels)), "")


def strongest_first(levels: Iterable[str]) -> list[str]:
    """Return knowledge levels in their order, those that Biolink lacks last and by name.

    >>> strongest_first(["prediction", "my own", "observation"])
    ['observation', 'prediction', 'my own']
    """
    return sorted(levels, key=lambda level: (_LEVELS.index(level) if level in _LEVELS else len(_LEVELS), level))


def leading_agent(found: Sequence[Evidence]) -> str:
    """Return the commonest agent type of the evidence (of equally common ones the first by name); empty for none.

    >>> from kg.model import Publication
    >>> leading_agent([Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")])
    'manual_agent'
    """
    agents = Counter(e.agent_type for e in found)
    return min(agents, key=lambda name: (-agents[name], name), default="")
