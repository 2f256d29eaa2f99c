"""Path mass: how much of a side runs through a state.

The mass of a path is exp(-cost); the share of a state is the mass of the paths through it over the mass of all. Counted are
the paths that rest on evidence and whose contexts agree; where every path joins contradicting contexts, those are counted
rather than none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import exp

from queries.shown import Path

__all__ = ["State", "counted_paths", "state_shares"]

State = tuple[str, int]
"""An entity's CURIE and its direction when the drug is given (+1 up, -1 down)."""


def counted_paths(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the paths that carry mass: supported and coherent ones, else supported ones."""
    firm = tuple(path for path in paths if not path.hypothesis)
    return tuple(path for path in firm if not path.clashes) or firm


def state_shares(paths: Sequence[Path]) -> Mapping[State, float]:
    """Return the share (0 to 1) of path mass through each state after the drug, the goals included.

    >>> dict(state_shares(()))
    {}
    """
    counted = counted_paths(paths)
    if not counted:
        return {}
    least = min(path.score for path in counted)  # shares do not change when all costs fall alike, and exp cannot underflow
    mass = [exp(least - path.score) for path in counted]
    through: dict[State, float] = defaultdict(float)
    for path, weight in zip(counted, mass, strict=True):
        for state in {(step.object.id, step.state) for step in path.steps}:
            through[state] += weight
    return {state: min(1.0, weight / sum(mass)) for state, weight in through.items()}
