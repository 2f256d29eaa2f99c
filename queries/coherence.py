"""Do two steps hold in the same circumstances, and in those that are asked about.

What a step is stated for is a `Setting` (a context and the conditions of a statement); all settings of the supporting statements
of a claim, with what matters about the node it leads to, are its `StepClass`. There are far fewer classes than steps, so costs
between steps and with the question are computed per class.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import TypeAlias

from kg.model import CONTEXT_KEYS, Condition, Context
from queries.asked import Asked, contradicted
from queries.engine import UNIT, FoundPath
from queries.scoring import CLASH, CONTRADICTION, MISMATCH, WEIGHTS

__all__ = [
    "LAST", "UNSTATED", "Broader", "Coherence", "Setting", "StepClass", "clash", "disagree", "excluded", "loses_ligand",
    "mismatch",
]  # fmt: skip

LAST = 1000 * UNIT
"""More than any path can cost: added to contradictions, it only orders them last and is never printed."""
UNSTATED = 50 * UNIT
"""Likewise added where a shared signalling node is left under no stated ligand: after all paths whose contexts agree."""

_CARRIED = ("ligand",)  # not the cell: see docs/decisions/0010

Broader: TypeAlias = Mapping[str, Collection[str]]
_NONE: Broader = {}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and for whom one statement of a claim holds."""

    context: Context
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class StepClass:
    """The settings of a step, and what it leads to: a secreted ligand (`relay`), a shared signalling node (`hub`), a molecule
    or pathway inside a cell (`inside`).
    """  # noqa: D205  # the first sentence needs two lines

    settings: tuple[Setting, ...] = ()
    relay: bool = False
    hub: bool = False
    inside: bool = False

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

    def carried(self, path: Sequence[int]) -> list[list[tuple[str, int]]]:
        """Return for each step of a path, by class, what it contradicts of a step further back: (dimension, place of that step).

        A ligand that a step states holds on through steps that state none, for as long as the path stays inside a cell: at a
        secreted ligand, a cell or a process it begins anew. What neighbours say of each other is `clash`.
        """
        found: list[list[tuple[str, int]]] = []
        stated: dict[str, int] = {}
        for place, number in enumerate(path):
            step = self._classes[number]
            against = []
            for key in _CARRIED:
                if not step.settings or not all(getattr(setting.context, key) for setting in step.settings):
                    continue
                before = stated.get(key, place)
                if before < place - 1 and self._apart(path[before], number, key):
                    against.append((key, before))
                stated[key] = place
            if step.relay or not step.inside:
                stated.clear()
            found.append(against)
        return found

    def costs(self, path: Sequence[int]) -> list[int]:
        """Return what coherence costs at each step of a path, by class, without what only orders contradictions last."""
        carried = self.carried(path)
        return [
            (round(self.clash(path[place - 1], path[place])[0] * UNIT) if place else 0)
            + sum(_carried_units(key) for key, _ in carried[place])
            for place in range(len(path))
        ]

    def contradictions(self, path: Sequence[int]) -> list[tuple[str, int, int]]:
        """Return where a path contradicts itself: (dimension, place of one step, place of the later one)."""
        found = []
        carried = self.carried(path)
        for place in range(1, len(path)):
            beside = CONTRADICTION.intersection(self.clash(path[place - 1], path[place])[1])
            found += [(key, place - 1, place) for key in sorted(beside)]
            found += [(key, before, place) for key, before in carried[place]]
        return found

    def _apart(self, first: int, second: int, key: str) -> bool:
        """Tell whether no setting of one class agrees with any of the other in a dimension."""
        return all(
            disagree(one.context, other.context, key, self._broader)
            for one in self._classes[first].settings
            for other in self._classes[second].settings
        )

    def settle(self, stream: Iterable[FoundPath], class_of: Callable[[int], int]) -> Iterator[FoundPath]:
        """Yield paths in the order of their cost with what `carried` adds, from a search that does not know of it.

        Exact: what is added is never negative, so a path waits until the search has passed its whole cost. A path to which
        nothing is added goes through at once.
        """
        waiting: list[tuple[int, int, tuple[int, ...], FoundPath]] = []
        for found in stream:
            while waiting and waiting[0][:3] < (found.cost, len(found.arcs), found.arcs):
                yield heappop(waiting)[3]
            dimensions = [key for against in self.carried([class_of(arc) for arc in found.arcs]) for key, _ in against]
            if not dimensions:
                yield found
                continue
            extra = sum(_carried_units(key) + LAST for key in dimensions)
            whole = replace(found, cost=found.cost + extra, coherence=found.coherence + extra)
            heappush(waiting, (whole.cost, len(found.arcs), found.arcs, whole))
        while waiting:
            yield heappop(waiting)[3]

    def _pair_cost(self, first: int, second: int) -> int:
        """Return that cost in units of the engine, with what orders contradictions and lost ligands after coherent paths."""
        cost, dimensions = self.clash(first, second)
        if CONTRADICTION.intersection(dimensions):
            return round(cost * UNIT) + LAST
        return round(cost * UNIT) + (UNSTATED if self.loses_ligand(first, second) else 0)

    def loses_ligand(self, first: int, second: int) -> bool:
        """Tell whether a path leaves a shared signalling node under no stated ligand (`loses_ligand`)."""
        return loses_ligand(self._classes[first], self._classes[second])


def _carried_units(key: str) -> int:
    """Return what contradicting a step further back costs in units of the engine, without what orders contradictions last."""
    return round(WEIGHTS["coherence"] * CLASH[key] * UNIT)


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
