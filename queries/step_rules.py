"""Which claims may be steps of a mechanism, of what kind, and what a step costs before any question is asked.

The rules are static: they need a claim, the categories of its two ends and its counted studies, and no question. `queries.steps`
applies them to a graph in memory, `queries.index` to the columns of a graph directory. What depends on the question (goals,
source, context) is in `queries.state_graph`.

A *kind* is a byte of flags. `ASSOCIATION`: may only end a path; `ASSUMED`: and its direction is assumed; `HYPOTHESIS`: rests on
suppositions alone; `OF_DRUG`: starts at a drug, so that straight into a disease it would be clinical evidence; `INERT`: not a
step as things stand (no study supports it, or a claim with a direction says more), but might be one when evidence is left out.
"""

from __future__ import annotations

from functools import cache, lru_cache

from kg.belief import Counts
from ontologies.categories import CATEGORIES
from ontologies.vocabulary import relations
from queries.engine.arcs import UNIT
from queries.scoring import WEIGHTS, evidence_cost, specificity_cost

__all__ = [
    "ASSOCIATION",
    "ASSUMED",
    "CLOSED",
    "DRUG_CATEGORIES",
    "DRUG_TO_DRUG",
    "HYPOTHESIS",
    "INERT",
    "INSIDE",
    "OF_DRUG",
    "SHARED_PATHWAYS",
    "WITHIN",
    "category_number",
    "conflict_units",
    "evidence_units",
    "fixed_units",
    "kinds_without",
    "leaving_units",
    "relation_names",
    "relation_numbers",
    "step_kind",
    "units",
]

ASSOCIATION, ASSUMED, HYPOTHESIS, OF_DRUG, INERT = 1, 2, 4, 8, 128

DRUG_CATEGORIES = frozenset({"Drug", "SmallMolecule", "Treatment"})
CLOSED = frozenset({"Disease", "Case"})
"""Categories that no path passes: nothing leaves them."""
DRUG_TO_DRUG = frozenset({"is_a", "part_of", "has_active_ingredient"})
"""The only relations that lead from a drug to another: to its class, combination or active ingredient."""
INSIDE = frozenset({"Gene", "GeneFamily", "MacromolecularComplex", "ChemicalEntity", "Pathway", "MolecularActivity"})
"""Categories inside a cell: through these a path stays under the ligand, and in the cell, that it is in."""
WITHIN = frozenset({"is_a", "part_of", "severity_form_of"})
"""The relations that say what lies within what."""
SHARED_PATHWAYS = frozenset({"GO:0007259"})
"""JAK-STAT signalling: many ligands, many outcomes; as a kinase, it is a node where unstated ligands cost."""
_VOCABULARY = frozenset({"severity_form_of", "manifestation_of"})


@cache
def step_kind(name: str, subject_category: str, object_category: str) -> tuple[int, int]:
    """Return the sign (0: never a step) and the kind with which a claim may be a step.

    >>> step_kind("decreases_activity_of", "Drug", "Gene") == (-1, OF_DRUG)
    True
    >>> step_kind("genetically_associated_with", "Gene", "Disease") == (1, ASSOCIATION | ASSUMED)
    True
    >>> step_kind("contributes_to", "Disease", "Disease"), step_kind("treats", "Drug", "Disease")
    ((0, 0), (0, 0))
    """
    word = relations()[name]
    if subject_category in CLOSED:
        return 0, 0
    drug = subject_category in DRUG_CATEGORIES
    if object_category in DRUG_CATEGORIES and not (drug and name in DRUG_TO_DRUG):
        return 0, 0
    if word.tier in ("causal", "structural"):
        return (0, 0) if name in _VOCABULARY else (word.sign, OF_DRUG if drug and word.sign else 0)
    if word.tier == "association" and not drug and not name.startswith("predicts_"):
        return (word.sign, ASSOCIATION) if word.sign else (1, ASSOCIATION | ASSUMED)
    return 0, 0


def kinds_without(*flags: int) -> bytes:
    """Return 256 flags: 1 for each kind that has none of `flags` (and is not inert), as `PathQuery` takes them.

    >>> kinds_without(ASSOCIATION)[0], kinds_without(ASSOCIATION)[ASSOCIATION | ASSUMED], kinds_without()[INERT]
    (1, 0, 0)
    """
    unwanted = INERT
    for flag in flags:
        unwanted |= flag
    return bytes(not kind & unwanted for kind in range(256))


@cache
def relation_names() -> tuple[str, ...]:
    """Return all relations by number; the numbers are in the order of the names, so that arcs sort as claims do."""
    return tuple(sorted(relations()))


@cache
def relation_numbers() -> dict[str, int]:
    """Return the number of each relation."""
    return {name: number for number, name in enumerate(relation_names())}


@cache
def _categories() -> dict[str, int]:
    return {name: number for number, name in enumerate(CATEGORIES, 1)}


def category_number(name: str) -> int:
    """Return the number of a category, from 1 in the order of the table; 0 for none.

    >>> category_number(""), category_number("Entity")
    (0, 1)
    """
    return _categories().get(name, 0)


def units(cost: float) -> int:
    """Return a cost in whole units of the engine: sums of them are exact and ties reproducible.

    >>> units(0.5)
    500000
    """
    return round(cost * UNIT)


@lru_cache(maxsize=65536)
def evidence_units(support_weight: float, against_weight: float) -> int:
    """Return what the evidence of a claim costs: -ln of its belief, from the summed weights of its studies.

    >>> evidence_units(1.0, 0.0) < evidence_units(1.0, 0.5)
    True
    """
    return units(evidence_cost(Counts(1, 0, 0, support_weight, against_weight).belief))


@lru_cache(maxsize=65536)
def conflict_units(support_weight: float, against_weight: float, opposed_weight: float) -> int:
    """Return what the evidence term grows by when the weight of studies of the opposite claims counts against it.

    >>> conflict_units(1.0, 0.0, 0.0)
    0
    """
    if not opposed_weight:
        return 0
    return evidence_units(support_weight, against_weight + opposed_weight) - evidence_units(support_weight, against_weight)


@cache
def fixed_units(kind: int) -> tuple[int, int]:
    """Return what a step of a kind costs whatever its evidence: (parsimony, tier).

    >>> fixed_units(0)[1], fixed_units(ASSOCIATION)[1] < fixed_units(ASSOCIATION | ASSUMED)[1]
    (0, True)
    """
    tier = WEIGHTS["association"] if kind & ASSOCIATION else 0.0
    if kind & ASSUMED:
        tier += WEIGHTS["direction_assumed"]
    return units(WEIGHTS["parsimony"]), units(tier)


@lru_cache(maxsize=65536)
def leaving_units(leaving: int) -> int:
    """Return the cost of passing a node that `leaving` steps leave (specificity); 0 for one or none.

    >>> leaving_units(0), leaving_units(1) < leaving_units(50)
    (0, True)
    """
    return units(specificity_cost(leaving)) if leaving > 1 else 0
