"""Which mechanisms a figure draws, in which order, and how much of its side each carries: read from the DAGs of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import Final, TypeAlias

from queries.explanation.answer import Dag, Explanation, Path, Side, SideName
from queries.explanation.dag import build_dag, firm_paths, path_shares

__all__ = ["SIDES", "Claim", "Mass", "dag_of", "in_turn", "mass_of"]

SIDES: Final[tuple[SideName, SideName]] = ("benefit", "harm")

#: A step as it is drawn: subject, relation, object, sign.
Claim: TypeAlias = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Mass:
    """For one side: the share of its path mass that runs through each claim, and that each mechanism carries (by rank)."""

    claims: Mapping[Claim, float]
    paths: Mapping[int, float]


def dag_of(side: Side) -> Dag:
    """Return the merged and pruned mechanisms of a side; they are merged here if the answer was put together by hand."""
    return side.dag if side.dag.arcs or not side.paths else build_dag(side.paths)


def in_turn(explanation: Explanation) -> list[tuple[SideName, int, Path]]:
    """Return the mechanisms to draw, with side and rank, in the order of drawing.

    The best of each side comes first, then in turn those that stand whole in its DAG, then in turn the suppositions.
    """
    rows: list[tuple[tuple[int, int, int], SideName, int, Path]] = []
    for number, (name, side) in enumerate(zip(SIDES, (explanation.benefit, explanation.harm), strict=True)):
        kept = set(dag_of(side).kept)
        ranked = [(rank, path) for rank, path in enumerate(side.paths, 1) if rank in kept or path.hypothesis]
        for place, (rank, path) in enumerate(sorted(ranked, key=lambda row: (row[1].hypothesis, row[0]))):
            rows.append(((int(path.hypothesis) if place else 0, place, number), name, rank, path))
    return [(name, rank, path) for _, name, rank, path in sorted(rows, key=lambda row: row[0])]


def mass_of(side: Side) -> Mass:
    """Return how the path mass of a side is spread; its suppositions have none."""
    dag = dag_of(side)
    merged = [(rank, path) for rank, path in firm_paths(side.paths) if rank not in dag.below]
    shares = dict(zip([rank for rank, _ in merged], path_shares([path for _, path in merged]), strict=True))
    claims: dict[Claim, list[float]] = {}
    for rank, path in merged:
        for claim in _claims(path):
            claims.setdefault(claim, []).append(shares[rank])
    return Mass({claim: fsum(found) for claim, found in claims.items()}, shares)


def _claims(path: Path) -> Iterable[Claim]:
    return {(step.subject.id, step.relation, step.object.id, step.sign) for step in path.steps}
