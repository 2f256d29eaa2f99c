"""What the columns of an index say when only some evidence counts: studies recounted, kinds, costs and classes of the steps.

The rules are those of `queries.steps` (and `kg.belief`), over numpy columns: the same numbers come out as from a graph that was
filtered and made into steps anew, arc by arc. Weights are whole numbers of billionths, so sums do not depend on their order,
and logarithms are taken once for each distinct combination of weights, by the same function as elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from queries.index.filters import WEIGHT
from queries.index.gather import CYTOKINE, HUB, IN_CELL, NEVER, RECEPTOR
from queries.step_rules import (
    ASSOCIATION,
    ASSUMED,
    HYPOTHESIS,
    INERT,
    conflict_units,
    evidence_units,
    fixed_units,
    leaving_units,
)

if TYPE_CHECKING:
    import numpy as np

    Vector: TypeAlias = np.ndarray[Any, Any]

__all__ = ["Derived", "StepColumns", "derive"]


@dataclass(frozen=True)
class StepColumns:
    """The columns that never change with a filter: ends, relations, signs and static kinds of arcs, and their evidence."""

    tails: Vector
    heads: Vector
    signs: Vector
    kinds: Vector
    roles: Vector
    statement_arcs: Vector
    statement_settings: Vector
    states_ligand: Vector
    """Per setting: does its context name a ligand?"""
    row_arcs: Vector
    row_statements: Vector
    row_studies: Vector
    row_stances: Vector
    row_weights: Vector
    row_recounts: Vector


@dataclass(frozen=True)
class Derived:
    """Per arc what the evidence that counts makes of it; per node what passing costs; the classes of steps."""

    support: Vector
    refute: Vector
    null: Vector
    support_weight: Vector
    against_weight: Vector
    kinds: Vector
    evidence: Vector
    conflict: Vector
    costs: Vector
    classes: Vector
    node_costs: Vector
    class_ends: Vector
    class_settings: Vector
    class_ligands: Vector
    class_flags: Vector
    ligand_ends: Vector
    ligand_nodes: Vector


def derive(columns: StepColumns, keep: Vector | None = None) -> Derived:
    """Recount the evidence rows of `keep` (all without it) and derive kinds, costs and classes from them."""
    import numpy as np

    arcs = len(columns.tails)
    rows = np.arange(len(columns.row_arcs)) if keep is None else np.flatnonzero(keep)
    support, refute, null, weight, against = _count(columns, rows, arcs)
    active = (support > 0) & (columns.kinds & NEVER == 0)
    _, pairs = np.unique(columns.tails.astype("u8") << np.uint64(32) | columns.heads, return_inverse=True)
    assumed = columns.kinds & ASSUMED != 0
    directed = np.zeros(arcs, dtype=bool)
    directed[pairs[active & ~assumed]] = True
    active &= ~(assumed & directed[pairs])
    kinds = columns.kinds.copy()
    kinds[(support > 0) & (weight == 0) & (refute + null == 0)] |= HYPOTHESIS
    kinds[~active] |= INERT
    evidence, conflict = np.zeros(arcs, dtype="u4"), np.zeros(arcs, dtype="u4")
    evidence[active] = _by_value(lambda s, a: evidence_units(s / WEIGHT, a / WEIGHT), weight[active], against[active])
    opposed = _opposed(columns, active, weight, pairs)
    both = active & (opposed > 0)
    conflict[both] = _by_value(
        lambda s, a, o: conflict_units(s / WEIGHT, a / WEIGHT, o / WEIGHT), weight[both], against[both], opposed[both]
    )
    fixed = np.array([sum(fixed_units(kind)) for kind in range(256)], dtype="u4")
    costs = np.where(active, evidence + conflict + fixed[kinds], 0).astype("u4")
    leaving = np.bincount(columns.tails[active], minlength=len(columns.roles))
    ligands, ligand_ends, ligand_nodes = _ligands(columns, active)
    classes = _classes(columns, active, _supporting(columns, rows), ligands)
    return Derived(
        support.astype("u4"), refute.astype("u4"), null.astype("u4"), weight, against, kinds, evidence, conflict, costs,
        *classes[:1], _by_value(leaving_units, leaving).astype("u4"), *classes[1:], ligand_ends, ligand_nodes,
    )  # fmt: skip


def _counting(columns: StepColumns, rows: Vector, groups: Vector) -> Vector:
    """Return the rows that count in their group: no supposition beside support, no retelling beside a report of its own."""
    import numpy as np

    size = int(groups.max()) + 1 if len(groups) else 0
    supports, weighs = columns.row_stances[rows] == 0, columns.row_weights[rows] > 0
    there = np.zeros(size, dtype=bool)
    there[groups[rows[supports & weighs]]] = True
    rows = rows[~(supports & ~weighs & there[groups[rows]])]
    own = np.zeros(size, dtype=bool)
    retold = columns.row_recounts[rows] != 0
    own[groups[rows[~retold]]] = True
    counted: Vector = rows[~(retold & own[groups[rows]])]
    return counted


def _count(columns: StepColumns, rows: Vector, arcs: int) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """Count studies per arc as `kg.belief.summarise` does: support, refute, null, weight for, weight against."""
    import numpy as np

    rows = _counting(columns, rows, columns.row_arcs)
    if not len(rows):
        return tuple(np.zeros(arcs, dtype="i8") for _ in range(5))  # type: ignore[return-value]  # five, as the range says
    owner, study = columns.row_arcs[rows], columns.row_studies[rows]
    starts = np.flatnonzero(np.r_[True, (owner[1:] != owner[:-1]) | (study[1:] != study[:-1])])  # rows stand by arc and study
    weights = np.maximum.reduceat(columns.row_weights[rows], starts)
    stances = np.bitwise_or.reduceat(np.left_shift(1, columns.row_stances[rows]).astype("u1"), starts)
    owner = owner[starts]

    def total(some: Vector, values: Vector | None = None) -> Vector:
        found = np.bincount(owner[some], None if values is None else values[some], minlength=arcs)
        return found.astype("i8")  # sums of whole numbers below 2**53 are exact in between

    return (
        total(stances & 1 != 0), total(stances & 2 != 0), total(stances & 4 != 0),
        total(stances & 1 != 0, weights), total(stances & 6 != 0, weights),
    )  # fmt: skip


def _supporting(columns: StepColumns, rows: Vector) -> Vector:
    """Tell for each statement whether a study supports it, counted within the statement."""
    import numpy as np

    rows = _counting(columns, rows, columns.row_statements)
    found = np.zeros(len(columns.statement_arcs), dtype=bool)
    found[columns.row_statements[rows[columns.row_stances[rows] == 0]]] = True
    return found


def _opposed(columns: StepColumns, active: Vector, weight: Vector, pairs: Vector) -> Vector:
    """Return the summed weight of the steps of opposite sign on the same pair, associations left out."""
    import numpy as np

    found = np.zeros(len(active), dtype="i8")
    counts = active & (columns.kinds & ASSOCIATION == 0)
    for sign in (1, -1):
        there = counts & (columns.signs == -sign)
        sums = np.bincount(pairs[there], weight[there], minlength=len(active)).astype("i8")
        here = columns.signs == sign
        found[here] = sums[pairs[here]]
    return found


def _by_value(cost: Callable[..., int], *values: Vector) -> Vector:
    """Apply a function of whole numbers to columns, once for each distinct combination."""
    import numpy as np

    if not len(values[0]):
        return np.zeros(0, dtype="u4")
    combined = np.zeros(len(values[0]), dtype="i8")
    for column in values:
        distinct, place = np.unique(column, return_inverse=True)
        _, combined = np.unique(combined * len(distinct) + place, return_inverse=True)
    _, first, place = np.unique(combined, return_index=True, return_inverse=True)
    costs = [cost(*(int(column[number]) for column in values)) for number in first]
    return np.array(costs, dtype="u4")[place]


def _ligands(columns: StepColumns, active: Vector) -> tuple[Vector, Vector, Vector]:
    """Number the sets of ligands that nodes stand for: a cytokine itself, a receptor the cytokines acting on it; 0 is none."""
    import numpy as np

    cytokine, receptor = columns.roles & CYTOKINE != 0, columns.roles & RECEPTOR != 0
    sets: dict[int, set[int]] = defaultdict(set)
    for number in np.flatnonzero(active & cytokine[columns.tails]).tolist():
        tail, head = int(columns.tails[number]), int(columns.heads[number])
        sets[tail].add(tail)
        if receptor[head] and not columns.kinds[number] & ASSOCIATION:
            sets[head].add(tail)
    numbered: dict[tuple[int, ...], int] = {(): 0}
    found = np.zeros(len(columns.roles), dtype="u4")
    for node in sorted(sets):
        found[node] = numbered.setdefault(tuple(sorted(sets[node])), len(numbered))
    ends = np.cumsum([len(nodes) for nodes in numbered], dtype="i8")
    return found, ends, np.array([node for nodes in numbered for node in nodes], dtype="u4")


def _classes(
    columns: StepColumns, active: Vector, supported: Vector, ligands: Vector
) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """Number the classes of steps: (per arc its class; ends, settings, ligands, flags of the classes)."""
    import numpy as np

    chosen = np.flatnonzero(supported & active[columns.statement_arcs])
    known = len(columns.states_ligand)
    both = np.unique(columns.statement_arcs[chosen].astype("u8") * known + columns.statement_settings[chosen])
    arcs, settings = (both // max(known, 1)).astype("i8"), (both % max(known, 1)).astype("u4")
    starts = np.flatnonzero(np.r_[True, arcs[1:] != arcs[:-1]]) if len(arcs) else np.zeros(0, dtype="i8")
    owners, lengths = arcs[starts], np.diff(np.r_[starts, len(arcs)])
    silent = np.zeros(len(active), dtype=bool)
    silent[arcs[~columns.states_ligand[settings]]] = True
    filled = np.where(silent, ligands[columns.tails], 0)
    roles = columns.roles[columns.heads]
    flags = (roles & CYTOKINE != 0) * 1 + (roles & HUB != 0) * 2 + (roles & IN_CELL != 0) * 4
    alone = owners[lengths == 1]
    most = int(ligands.max()) + 1 if len(ligands) else 1
    keys = (settings[starts[lengths == 1]].astype("i8") * most + filled[alone]) * 8 + flags[alone]
    distinct, place = np.unique(keys, return_inverse=True)
    numbers = np.zeros(len(active), dtype="u4")
    numbers[alone] = place
    rows = [((int(key) // 8 // most,), int(key) // 8 % most, int(key) % 8) for key in distinct]
    known_rows = {row: number for number, row in enumerate(rows)}
    for start, length in zip(starts[lengths > 1].tolist(), lengths[lengths > 1].tolist(), strict=True):
        arc = int(arcs[start])
        row = (tuple(settings[start : start + length].tolist()), int(filled[arc]), int(flags[arc]))
        numbers[arc] = known_rows.setdefault(row, len(known_rows))
    return (
        numbers,
        np.cumsum([len(row[0]) for row in known_rows], dtype="i8"),
        np.array([setting for row in known_rows for setting in row[0]], dtype="u4"),
        np.array([row[1] for row in known_rows], dtype="u4"),
        np.array([row[2] for row in known_rows], dtype="u1"),
    )
