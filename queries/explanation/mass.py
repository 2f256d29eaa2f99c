"""Path mass by state: how much of a side runs through a state.

The share of a state is the mass of the paths through it over the mass of all, as `queries.explanation.dag.path_shares`
weighs them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from queries.explanation.dag import State, firm_paths, path_shares, states_of
from queries.explanation.shown import Path

__all__ = ["counted_paths", "state_shares"]


def counted_paths(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the paths that carry mass: supported and coherent ones, or supported ones where none is coherent."""
    return tuple(path for path, _ in _weighed(paths))


def state_shares(paths: Sequence[Path]) -> Mapping[State, float]:
    """Return the share (0 to 1) of path mass through each state after the drug, the goals included.

    >>> dict(state_shares(()))
    {}
    """
    through: dict[State, float] = defaultdict(float)
    for path, share in _weighed(paths):
        for state in set(states_of(path)[1:]):
            through[state] += share
    return {state: min(1.0, share) for state, share in through.items()}


def _weighed(paths: Sequence[Path]) -> list[tuple[Path, float]]:
    firm = [path for _, path in firm_paths(paths)]
    return [(path, share) for path, share in zip(firm, path_shares(firm), strict=True) if share]
