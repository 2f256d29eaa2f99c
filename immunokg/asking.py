"""From the words of a question to what the search is asked: its context, and whom it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ontologies.errors import BadInput

if TYPE_CHECKING:
    from immunokg.knowledge_graph import KnowledgeGraph
    from kg.model import Condition
    from queries.asked import Asked

__all__ = ["read_context"]

_EXPECTED = {"taxon": "OrganismTaxon", "cell": "Cell", "tissue": "AnatomicalEntity", "disease": "Disease"}


def read_context(graph: KnowledgeGraph, asked: Mapping[str, str | Sequence[str]]) -> Asked | None:
    """Return the context of a question with its names resolved; None when nothing is asked.

    Keys are the parts of a context (``species`` and ``cell type`` are other words for two of them), ``population``, and every
    variable that limits a claim of the graph, with a value such as ``true`` or ``>= 12 a``. Raises `BadInput` for any other.
    """
    from kg.model import CONTEXT_KEYS
    from queries.asked import ALIASES, Asked, population, read_condition

    parts: dict[str, tuple[str, ...]] = {}
    conditions: list[Condition] = []
    for given, values in asked.items():
        texts = [values] if isinstance(values, str) else list(values)
        key = ALIASES.get(" ".join(given.split()).casefold(), given)
        if key in CONTEXT_KEYS:
            parts[key] = (*parts.get(key, ()), *(graph.resolve(text, expect=_EXPECTED.get(key)) for text in texts))
            continue
        known = _variables(graph)
        names = {variable.casefold(): variable for variable in known}
        if key == "population":
            conditions.extend(population(text, known) for text in texts)
        elif key.casefold() in names:
            conditions.extend(read_condition(names[key.casefold()], text) for text in texts)
        else:
            raise BadInput(_unknown(given, known))
    return Asked(**parts, conditions=tuple(conditions)) if parts or conditions else None


def _variables(graph: KnowledgeGraph) -> dict[str, frozenset[str]]:
    """Return every variable that limits a claim of the graph, with the values it is given."""
    found: dict[str, set[str]] = {}
    for statement in graph.graph.statements.values():
        for condition in statement.conditions:
            found.setdefault(condition.variable, set()).add(condition.value)
    return {variable: frozenset(values) for variable, values in found.items()}


def _unknown(key: str, known: Mapping[str, object]) -> str:
    from difflib import get_close_matches

    from kg.model import CONTEXT_KEYS

    near = get_close_matches(key, known, n=3)
    hint = f" (or did you mean {', '.join(near)}?)" if near else ""
    return f"unknown context {key!r}; the contexts are {', '.join(CONTEXT_KEYS)}, species, population{hint}"
