"""What a step of a mechanism costs: one table of weights (`TABLE`), one function per term. Lower is better; all costs are >= 0.

The terms of a path are ``evidence`` (-ln(belief) of each claim over all its contexts), ``conflict`` (what that grows by when
studies of the opposite claim count against it), ``specificity`` (the surprise of taking this step at random out of all that
leave the node), ``parsimony``, ``tier``, ``coherence`` (with the step before) and ``question`` (with what is asked).

The weights are our choice, fixed before any accuracy was measured; they only have to order paths sensibly: a contradiction
of ligand (an IL-4 step continued by an IFN-gamma step through a shared kinase) must cost more than one extra step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

__all__ = [
    "CLASH",
    "CONTRADICTION",
    "MISMATCH",
    "TABLE",
    "WEIGHTS",
    "Weight",
    "evidence_cost",
    "specificity_cost",
]

@dataclass(frozen=True, slots=True)
class Weight:
    """One number of the score: the term it belongs to, what it weighs, and why it is what it is."""

    name: str
    term: str
    value: float
    meaning: str
    reason: str


TABLE: tuple[Weight, ...] = (
    Weight(
        "evidence", "evidence", 1.0, "times -ln(belief) of the claim, over all its contexts",
        "the unit of all others: the sum over a path is -ln of the product of beliefs, the chance that all steps hold if they "
        "are independent",
    ),
    Weight(
        "specificity", "specificity", 0.25, "times ln(number of steps that leave the node passed), not paid at the drug",
        "hubs connect everything: paths are damped by a power of node degree as in Himmelstein & Baranzini 2015 "
        "(doi:10.1371/journal.pcbi.1004259); the power is small, since a curated graph has few hubs",
    ),
    Weight(
        "parsimony", "parsimony", 0.5, "for each step",
        "of two explanations with equal evidence the shorter is preferred; one step weighs less than a step that rests on one "
        "weak study",
    ),
    Weight(
        "association", "tier", 1.5, "for an association as last step",
        "an association is no cause: it costs as much as three more steps",
    ),
    Weight(
        "direction_assumed", "tier", 1.0, "more, when the association has no direction and 'more of it, more disease' is assumed",
        "the assumed sign is wrong for every protective gene (filaggrin in eczema)",
    ),
    Weight(
        "coherence", "coherence", 1.0, "times the sum of the clashes below, for each pair of consecutive steps",
        "scales all clashes at once; 0 switches coherence off",
    ),
    Weight(
        "clash.ligand", "coherence", 2.0, "the steps hold under different ligands only",
        "a contradiction (IL-4, then IFN-gamma, through a shared kinase): must cost more than any one extra step",
    ),
    Weight(
        "clash.cell", "coherence", 1.0, "in different cells only",
        "a contradiction too, but cells are stated more narrowly than they matter",
    ),
    Weight(
        "clash.disease", "coherence", 0.5, "in different diseases only",
        "mechanisms are shared between diseases more often than not",
    ),
    Weight("clash.tissue", "coherence", 0.25, "in different tissues only", "tissue is mostly where it was looked at"),
    Weight("clash.stage", "coherence", 0.25, "in different stages only", "stage is mostly where it was looked at"),
    Weight("clash.taxon", "coherence", 0.25, "in different species only", "most mechanisms of mice were carried over to people"),
    Weight(
        "ligand_unstated", "coherence", 0.5, "a shared kinase or JAK-STAT is entered under a ligand and left under none stated",
        "many ligands share these nodes, so that silence is weaker than agreement but no contradiction",
    ),
    Weight(
        "question", "question", 1.0, "times the least sum of the misses below, over the statements of the step",
        "scales all misses at once; a step stated also for what is asked costs nothing",
    ),
    Weight("miss.ligand", "question", 1.0, "stated for another ligand than asked", "half a clash: the question is one step away"),
    Weight("miss.cell", "question", 0.75, "stated for another cell", "between ligand and disease, as for clashes"),
    Weight(
        "miss.condition", "question", 0.5, "stated for other people than asked (children against adults, atopic against not)",
        "what limits a claim is part of it: more than a disease, less than a cell",
    ),
    Weight("miss.disease", "question", 0.3, "stated for another disease", "mechanisms are shared between diseases"),
    Weight("miss.tissue", "question", 0.25, "stated for another tissue", "tissue is mostly where it was looked at"),
    Weight("miss.stage", "question", 0.25, "stated for another stage", "stage is mostly where it was looked at"),
    Weight("miss.taxon", "question", 0.25, "stated for another species", "most mechanisms of mice were carried over"),
)
"""Every number of the score, with its reason; `docs/explanations.md` prints this table and a test compares them."""

WEIGHTS: Mapping[str, float] = {row.name: row.value for row in TABLE}
"""The weights by name."""
CLASH: Mapping[str, float] = {n.removeprefix("clash."): v for n, v in WEIGHTS.items() if n.startswith("clash.")}
"""What two consecutive steps pay for each dimension of context in which they exclude each other."""
MISMATCH: Mapping[str, float] = {n.removeprefix("miss."): v for n, v in WEIGHTS.items() if n.startswith("miss.")}
"""What a step pays for each dimension in which it is stated only for something else than asked."""
CONTRADICTION = frozenset({"ligand", "cell"})
"""Dimensions in which a clash is a contradiction: such paths rank below all coherent ones and are marked."""


def evidence_cost(belief: float) -> float:
    """Return -ln(belief), weighted.

    >>> round(evidence_cost(0.5), 3)
    0.693
    """
    return WEIGHTS["evidence"] * -log(belief)


def specificity_cost(leaving: int) -> float:
    """Return the surprise of taking one of `leaving` steps at random, weighted; 0 for a single one.

    >>> specificity_cost(1)
    0.0
    """
    return WEIGHTS["specificity"] * log(leaving)
