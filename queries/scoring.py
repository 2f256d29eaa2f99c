"""What a step of a mechanism costs: one table of weights, one function per term. Lower is better; every cost is >= 0.

=============  =======================================================================================================
term           meaning
=============  =======================================================================================================
evidence       -ln(belief) of the claim over all its contexts (`kg.belief`): few, weak or contradicted studies cost
specificity    ln(number of arcs that leave the node passed through): the surprise of taking this one at random, so hubs cost
               (Himmelstein & Baranzini 2015, doi:10.1371/journal.pcbi.1004259, damp paths by node degree for this reason)
parsimony      a constant per step: the shorter of two explanations is preferred
tier           an association or genetic last step; more when the association has no direction and one is assumed
question       the step is stated only for another disease, cell, tissue or species than the one asked about
coherence      two consecutive steps are stated only for different ligands, cells, diseases, tissues, stages or species, or
               a shared signalling node is entered under one ligand and left under none that is stated
conflict       what the evidence term grows by when studies of the opposite claim on the same pair count against it
=============  =======================================================================================================

The weights are our choice, fixed before any accuracy was measured; they only have to order paths sensibly: a contradiction
of ligand (an IL-4 step continued by an IFN-gamma step through a shared kinase) must cost more than one extra step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log
from typing import TypeAlias

from kg.model import CONTEXT_KEYS, Context

__all__ = ["CLASH", "CONTRADICTION", "MISMATCH", "WEIGHTS", "clash", "evidence_cost", "mismatch", "specificity_cost"]

WEIGHTS: Mapping[str, float] = {
    "evidence": 1.0,
    "specificity": 0.25,
    "parsimony": 0.5,
    "association": 1.5,
    "direction_assumed": 1.0,
    "ligand_unstated": 0.5,
    "question": 1.0,
    "coherence": 1.0,
}

Broader: TypeAlias = Mapping[str, Collection[str]]
_NONE: Broader = {}

CLASH: Mapping[str, float] = {
    "ligand": 2.0, "cell": 1.0, "disease": 0.5, "tissue": 0.25, "stage": 0.25, "taxon": 0.25,
}

CONTRADICTION = frozenset({"ligand", "cell"})
"""Dimensions in which a disagreement is a contradiction: such paths rank below all coherent ones and are marked."""

MISMATCH: Mapping[str, float] = {
    "ligand": 1.0, "cell": 0.75, "disease": 0.3, "tissue": 0.25, "stage": 0.25, "taxon": 0.25,
}


def evidence_cost(belief: float) -> float:
    """Return -ln(belief), weighted.

    >>> round(evidence_cost(0.5), 3)
    0.693
    """
    return WEIGHTS["evidence"] * -log(belief)


def specificity_cost(leaving: int) -> float:
    """Return the surprise of taking one of `leaving` arcs at random, weighted; 0 for a single one.

    >>> specificity_cost(1)
    0.0
    """
    return WEIGHTS["specificity"] * log(leaving)


def clash(
    first: Sequence[Context], second: Sequence[Context], *, relay: bool = False, broader: Broader = _NONE
) -> tuple[float, tuple[str, ...]]:
    """Return the least disagreement between any context of one step and any of the next, and its dimensions.

    Two contexts disagree in a dimension when both state it and no value of one equals or lies within a value of the other
    (`broader` gives the wider terms of each). A step without any statement context agrees with everything. `relay` says that
    the node between the two is a secreted ligand: what made it and what it acts on may be different cells, and it need not
    be the ligand of the step before.

    >>> clash([Context(ligand=("HGNC:6014",))], [Context(ligand=("HGNC:5438",))])
    (2.0, ('ligand',))
    >>> clash([Context(ligand=("HGNC:6014",))], [Context(ligand=("HGNC:5438",)), Context()])
    (0.0, ())
    >>> clash([Context(cell=("CL:0000909",))], [Context(cell=("CL:0000625",))], broader={"CL:0000909": {"CL:0000625"}})
    (0.0, ())
    """
    keys = [key for key in CONTEXT_KEYS if not (relay and key in CONTRADICTION)]
    best: tuple[float, tuple[str, ...]] | None = None
    for one in first:
        for other in second:
            parts = tuple(key for key in keys if _disagree(one, other, key, broader))
            cost = WEIGHTS["coherence"] * sum(CLASH[key] for key in parts)
            if best is None or (cost, parts) < best:
                best = (cost, parts)
            if not cost:
                return 0.0, ()
    return best or (0.0, ())


def mismatch(contexts: Sequence[Context], wanted: Context, broader: Broader = _NONE) -> float:
    """Return the least cost by which any of a step's contexts misses the one asked for.

    >>> mismatch([Context(disease=("MONDO:0004979",))], Context(disease=("MONDO:0005340",)))
    0.3
    """
    costs = [
        sum(MISMATCH[key] for key in CONTEXT_KEYS if _disagree(context, wanted, key, broader)) for context in contexts
    ]
    return WEIGHTS["question"] * min(costs, default=0.0)


def _disagree(one: Context, other: Context, key: str, broader: Broader) -> bool:
    first, second = getattr(one, key), getattr(other, key)
    if not first or not second:
        return False
    return not any(a == b or b in broader.get(a, ()) or a in broader.get(b, ()) for a in first for b in second)
