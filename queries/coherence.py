"""Do two steps hold in the same circumstances, and in those that are asked about.

What a step is stated for is a `Setting` (a context and the conditions of a statement); all settings of the supporting statements
of a claim, with what matters about the node it leads to, are its `StepClass`. There are far fewer classes than steps, so costs
between steps and with the question are computed per class.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kg.model import CONTEXT_KEYS, Condition, Context
from queries.asked import Asked, contradicted
from queries.engine import UNIT
from queries.scoring import CLASH, CONTRADICTION, MISMATCH, WEIGHTS

__all__ = [
    "LAST", "UNSTATED", "Broader", "Coherence", "Setting", "StepClass", "clash", "disagree", "excluded", "loses_ligand",
    "mismatch",
]  # fmt: skip

LAST = 1000 * UNIT
"""More than any path can cost: added to contradictions, it only orders them last and is never printed."""
UNSTATED = 100 * UNIT
"""Likewise added where a shared signalling node is left under no stated ligand: after all paths whose contexts agree."""

Broader: TypeAlias = Mapping[str, Collection[str]]
_NONE: Broader = {}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and for whom one statement of a claim holds."""

    context: Context
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class StepClass:
    """The settings of a step; whether it leads to a secreted ligand (`relay`) or to a shared signalling node (`hub`)."""

    settings: tuple[Setting, ...] = ()
    relay: bool = False
    hub: bool = False

    @property
    def states_ligand(self) -> bool:
        """True when every statement of the step names the ligand under which it holds."""
        return bool(self.settings) and all(setting.context.ligand for setting in self.settings)

    def values(self, key: str) -> tuple[str, ...]:
        """Return all values that the settings state for one part of the context, sorted."""
        return tuple(sorted({curie for setting in self.settings for curie in getattr(setting.context, key)}))


def clash(first: StepClass, second: StepClass, *, broader: Broader = _NONE) -> tuple[float, tuple[str, ...]]:
    """Return the least disagreement between any setting of one step and any of the next, and its dimensions.

    Two contexts disagree in a dimension when both state it and no value of one equals or lies within a value of the other
    (`broader` gives the wider terms of each). A step that states nothing agrees with everything. At a secreted ligand (`relay`
    of the first) cells and ligands may change: what one cell makes acts on another. A shared signalling node (`hub`) that is
    entered under a ligand and left under none that is stated costs `ligand_unstated`.

    >>> il4, ifng = Setting(Context(ligand=("HGNC:6014",))), Setting(Context(ligand=("HGNC:5438",)))
    >>> clash(StepClass((il4,)), StepClass((ifng,)))
    (2.0, ('ligand',))
    >>> clash(StepClass((il4,)), StepClass((ifng, Setting(Context()))))
    (0.0, ())
    >>> clash(StepClass((il4,), relay=True), StepClass((ifng,)))
    (0.0, ())
    >>> memory, cd8 = Setting(Context(cell=("CL:0000909",))), Setting(Context(cell=("CL:0000625",)))
    >>> clash(StepClass((memory,)), StepClass((cd8,)), broader={"CL:0000909": {"CL:0000625"}})
    (0.0, ())
    """
    keys = [key for key in CONTEXT_KEYS if not (first.relay and key in CONTRADICTION)]
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    looked = False
    for one in first.settings:
        for other in second.settings:
            parts = tuple(key for key in keys if disagree(one.context, other.context, key, broader))
            found = (WEIGHTS["coherence"] * sum(CLASH[key] for key in parts), parts)
            best = min(best, found) if looked else found
            looked = True
    cost, parts = best
    if loses_ligand(first, second):
        cost += WEIGHTS["ligand_unstated"]
    return cost, parts


def loses_ligand(first: StepClass, second: StepClass) -> bool:
    """Tell whether a shared signalling node is entered under a stated ligand and left under none that is stated.

    What JAK1 does downstream of one cytokine is no ground to believe that it does the same downstream of another.

    >>> il4 = Setting(Context(ligand=("HGNC:6014",)))
    >>> loses_ligand(StepClass((il4,), hub=True), StepClass()), loses_ligand(StepClass((il4,)), StepClass())
    (True, False)
    """
    return first.hub and first.states_ligand and not second.states_ligand


class Coherence:
    """The cost of each pair of classes, remembered; `pair_cost` is what the engine is given."""

    def __init__(self, classes: Sequence[StepClass], broader: Broader) -> None:
        self._classes, self._broader = classes, broader
        self._known: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = {}
        self.pair_cost = self._pair_cost  # one object: the engine remembers costs by function

    def clash(self, first: int, second: int) -> tuple[float, tuple[str, ...]]:
        """Return the cost of a step of class `second` following one of class `first`, and where their contexts clash."""
        key = (first, second)
        if key not in self._known:
            self._known[key] = clash(self._classes[first], self._classes[second], broader=self._broader)
        return self._known[key]

    def _pair_cost(self, first: int, second: int) -> int:
        """Return that cost in units of the engine, with what orders contradictions and lost ligands after coherent paths."""
        cost, dimensions = self.clash(first, second)
        if CONTRADICTION.intersection(dimensions):
            return round(cost * UNIT) + LAST
        return round(cost * UNIT) + (UNSTATED if self.loses_ligand(first, second) else 0)

    def loses_ligand(self, first: int, second: int) -> bool:
        """Tell whether a path leaves a shared signalling node under no stated ligand (`loses_ligand`)."""
        return loses_ligand(self._classes[first], self._classes[second])


def mismatch(settings: Sequence[Setting], wanted: Context, broader: Broader = _NONE) -> float:
    """Return the least cost by which any of a step's settings misses the one asked for.

    >>> mismatch([Setting(Context(disease=("MONDO:0004979",)))], Context(disease=("MONDO:0005340",)))
    0.3
    """
    asked = wanted.conditions if isinstance(wanted, Asked) else ()
    costs = [
        sum(MISMATCH[key] for key in CONTEXT_KEYS if disagree(setting.context, wanted, key, broader))
        + (MISMATCH["condition"] * contradicted(asked, setting.conditions) if asked else 0.0)
        for setting in settings
    ]
    return WEIGHTS["question"] * min(costs, default=0.0)


def disagree(one: Context, other: Context, key: str, broader: Broader = _NONE) -> bool:
    """Tell whether two contexts state a dimension and exclude each other in it."""
    first, second = getattr(one, key), getattr(other, key)
    if not first or not second:
        return False
    return not any(a == b or b in broader.get(a, ()) or a in broader.get(b, ()) for a in first for b in second)


def excluded(setting: Setting, wanted: Context, broader: Broader = _NONE) -> bool:
    """Tell whether a statement holds only for something else than what is wanted.

    >>> excluded(Setting(Context(cell=("CL:0000625",))), Context(cell=("CL:0000546",)))
    True
    >>> excluded(Setting(Context()), Context(cell=("CL:0000546",)))
    False
    """
    if isinstance(wanted, Asked) and contradicted(wanted.conditions, setting.conditions):
        return True
    return any(disagree(setting.context, wanted, key, broader) for key in CONTEXT_KEYS)
