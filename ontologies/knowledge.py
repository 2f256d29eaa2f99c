"""How something is known, and by whom, in the words of Biolink.

>>> strongest_first(["prediction", "my own", "observation"])
['observation', 'prediction', 'my own']
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["AGENT_TYPES", "KNOWLEDGE_LEVELS", "strongest_first"]

KNOWLEDGE_LEVELS = (
    "knowledge_assertion",
    "logical_entailment",
    "observation",
    "statistical_association",
    "prediction",
    "text_co_occurrence",
    "not_provided",
)
"""Biolink's knowledge levels, the strongest first."""
AGENT_TYPES = (
    "automated_agent",
    "computational_model",
    "data_analysis_pipeline",
    "image_processing_agent",
    "manual_agent",
    "manual_validation_of_automated_agent",
    "not_provided",
    "text_mining_agent",
)
"""Biolink's agent types."""


def strongest_first(levels: Iterable[str]) -> list[str]:
    """Return knowledge levels in their order, those that Biolink lacks last and by name."""
    places = {level: place for place, level in enumerate(KNOWLEDGE_LEVELS)}
    return sorted(levels, key=lambda level: (places.get(level, len(places)), level))
