"""From the words of a question to what the search is asked: the drug, the disease, the context, and whom it is about.

What is named must be of the kind that its place asks for. A drug is a drug, chemical or treatment, or whatever the graph says
was given to patients; a condition is a disease, a phenotype, or anything of which the graph says whether more of it is good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ontologies.errors import BadInput

if TYPE_CHECKING:
    from immunokg.knowledge_graph import KnowledgeGraph
    from kg.model import Condition
    from ontologies.grounding import Grounder
    from queries.asked import Asked

__all__ = ["grounder_of", "read_context", "read_ends"]

_EXPECTED = {"taxon": "OrganismTaxon", "cell": "Cell", "tissue": "AnatomicalEntity", "disease": "Disease"}
_PLACES = {  # the categories that each part of a context takes
    "taxon": ("OrganismTaxon",),
    "cell": ("Cell",),
    "tissue": ("AnatomicalEntity",),
    "disease": ("Disease", "PhenotypicFeature"),
    "ligand": ("Gene", "GeneFamily", "MacromolecularComplex", "ChemicalEntity", "Pathway"),
    "stage": ("LifeStage", "BiologicalProcess"),
}
_DRUGS = ("Drug", "ChemicalEntity", "Treatment")
_CONDITIONS = ("Disease", "PhenotypicFeature")


def grounder_of(graph: KnowledgeGraph) -> Grounder:
    """Return what finds entities by name, from the entities alone where the graph has not been read."""
    from ontologies.grounding import Grounder

    if "graph" in graph.__dict__ or graph.path is None:
        return Grounder(graph.graph.entities.values())
    from kg.directory import read_entities

    return Grounder(read_entities(graph._generation).values())


def read_ends(graph: KnowledgeGraph, source: str, target: str, versus: str | None = None) -> tuple[str, str, str | None]:
    """Return the CURIEs of the drug, of what it is asked about and of the drug to contrast with.

    Raises `UnknownName` or `AmbiguousName` for names that fit nothing or several, and `BadInput` for what is no drug or no
    disease, with the question that was probably meant.

    >>> from immunokg import open_graph
    >>> read_ends(open_graph(), "Dupixent", "alopecia areata")
    ('DRUGBANK:DB12159', 'MONDO:0005340', None)
    """
    drug, condition = graph.resolve(source, expect=_DRUGS), graph.resolve(target, expect="Disease")
    other = graph.resolve(versus, expect=_DRUGS) if versus else None
    if drug == condition:
        return drug, condition, other  # refused further on, in words of its own
    if not _is_given(graph, drug):
        swapped = _is_condition(graph, drug) and _is_given(graph, condition)
        hint = _instead(graph, drug, condition, swapped=swapped)
        raise BadInput(f"{_what(graph, drug)}, where a drug, chemical or treatment is expected; {hint}")
    if not _is_condition(graph, condition):
        wanted = "a disease or phenotype (or a process of which it is known whether more of it is good or bad) is expected"
        raise BadInput(f"{_what(graph, condition)}, where {wanted}; {_instead(graph, drug, condition, swapped=False)}")
    if other is not None and other != condition and not _is_given(graph, other):
        raise BadInput(f"{_what(graph, other)}, where versus expects another drug, chemical or treatment")
    return drug, condition, other


def _is_given(graph: KnowledgeGraph, curie: str) -> bool:
    """Tell whether something is a medicine, or was given to patients by a clinical statement (such as a cytokine)."""
    from ontologies.vocabulary import relation

    return _is_any(graph, curie, _DRUGS) or any(
        s.subject == curie and relation(s.relation).tier == "clinical" for s in graph.graph.statements.values()
    )


def _is_condition(graph: KnowledgeGraph, curie: str) -> bool:
    """Tell whether something can be better or worse."""
    return _is_any(graph, curie, _CONDITIONS) or graph.entities[curie].valence in ("good", "bad")


def _is_any(graph: KnowledgeGraph, curie: str, wanted: Sequence[str]) -> bool:
    from ontologies.categories import is_a

    return any(is_a(graph.entities[curie].category, category) for category in wanted)


def _what(graph: KnowledgeGraph, curie: str) -> str:
    """Return what something is: "IL4R (HGNC:6015) is a gene"."""
    from ontologies.categories import category

    label = category(graph.entities[curie].category).label
    return f"{graph.entities[curie].name} ({curie}) is {'an' if label[0] in 'aeiou' else 'a'} {label}"


def _instead(graph: KnowledgeGraph, source: str, target: str, *, swapped: bool) -> str:
    """Return the question that was probably meant: the two the other way round, or how one acts on the other."""
    from shlex import quote

    first, second = (quote(graph.entities[curie].name) for curie in (source, target))
    return f"did you mean: explain {second} {first}" if swapped else f"for how one acts on the other: paths {first} {second}"


def read_context(graph: KnowledgeGraph, asked: Mapping[str, str | Sequence[str]]) -> Asked | None:
    """Return the context of a question with its names resolved; None when nothing is asked.

    Keys are the parts of a context (``species`` and ``cell type`` are other words for two of them), ``population``, and every
    variable that limits a claim of the graph, with a value such as ``true`` or ``>= 12 a``. Raises `BadInput` for any other,
    and for something of another kind than its key names (``cell=psoriasis``).
    """
    from kg.model import CONTEXT_KEYS
    from queries.asked import ALIASES, Asked, population, read_condition

    parts: dict[str, tuple[str, ...]] = {}
    conditions: list[Condition] = []
    for given, values in asked.items():
        texts = [values] if isinstance(values, str) else list(values)
        key = ALIASES.get(" ".join(given.split()).casefold(), given)
        if key in CONTEXT_KEYS:
            parts[key] = (*parts.get(key, ()), *(_place(graph, key, text) for text in texts))
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


def _place(graph: KnowledgeGraph, key: str, text: str) -> str:
    """Return the CURIE of a part of a context; raises `BadInput` when what is named is of another kind."""
    from ontologies.categories import category

    curie = graph.resolve(text, expect=_EXPECTED.get(key))
    if _is_any(graph, curie, _PLACES[key]):
        return curie
    fits = [other for other, wanted in _PLACES.items() if _is_any(graph, curie, wanted)]
    hint = f"; did you mean {fits[0]}={text}?" if fits else ""
    wanted = " or ".join(category(name).label for name in _PLACES[key])
    raise BadInput(f"{_what(graph, curie)}, where the context {key!r} expects: {wanted}{hint}")


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
