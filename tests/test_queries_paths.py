"""The exact search, proved against brute force."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.paths import FoundPath, OutOfTime, SignedArc, SignedGraph, find_paths
from tests.limits import HANG

COSTS = st.sampled_from([0.0, 0.5, 0.5, 1.0, 1.25, 3.0])


@st.composite
def signed_multigraphs(draw: st.DrawFn) -> tuple[SignedGraph, int, dict[int, int]]:
    """Random signed multigraphs with parallel arcs, cycles, self loops, zero and equal costs, and loose parts."""
    size = draw(st.integers(2, 6))
    arcs = draw(
        st.lists(
            st.builds(
                SignedArc, st.integers(0, size - 1), st.integers(0, size - 1), st.sampled_from([1, -1]), COSTS
            ),
            max_size=14,
        )
    )
    goals = draw(st.dictionaries(st.integers(1, size - 1), st.sampled_from([1, -1, 0]), max_size=3))
    return SignedGraph(arcs), 0, goals


def brute_force(
    graph: SignedGraph,
    source: int,
    goals: dict[int, int],
    max_steps: int,
    min_steps: int,
    pair_cost: Callable[[int, int], float],
) -> list[FoundPath]:
    """Walk every loopless path by the definition, with no bound and no queue."""
    found = []

    def walk(node: int, direction: int, arcs: tuple[int, ...], seen: frozenset[int]) -> None:
        if arcs and node in goals:
            if direction == goals[node] and len(arcs) >= min_steps:
                pairs = sum(pair_cost(a, b) for a, b in pairwise(arcs))
                found.append(FoundPath(sum(graph.arcs[a].cost for a in arcs) + pairs, arcs, pairs))
            return
        if len(arcs) == max_steps:
            return
        for number, arc in enumerate(graph.arcs):
            if arc.tail == node and arc.head not in seen:
                walk(arc.head, direction * arc.sign, (*arcs, number), seen | {arc.head})

    walk(source, 1, (), frozenset({source}))
    return sorted(found, key=lambda path: (round(path.cost, 9), len(path.arcs), path.arcs))


@settings(max_examples=1500, deadline=None)
@given(signed_multigraphs(), st.integers(1, 6), st.integers(1, 2), st.integers(0, 3))
def test_equals_brute_force(
    case: tuple[SignedGraph, int, dict[int, int]], max_steps: int, min_steps: int, seed: int
) -> None:
    """Every path, its cost, its coherence part and the order are those of the definition."""
    graph, source, goals = case

    def pair_cost(first: int, second: int) -> float:
        return ((first * 7 + second * 3 + seed) % 4) * 0.5

    wanted = brute_force(graph, source, goals, max_steps, min_steps, pair_cost)
    found = list(
        find_paths(graph, source, goals, max_steps=max_steps, min_steps=min_steps, pair_cost=pair_cost)
    )
    assert [path.arcs for path in found] == [path.arcs for path in wanted]
    assert [path.cost for path in found] == pytest.approx([path.cost for path in wanted])
    assert [path.coherence for path in found] == pytest.approx([path.coherence for path in wanted])


def test_no_entity_twice_whichever_its_direction() -> None:
    """A path that would meet a node again in the other direction is no path."""
    graph = SignedGraph([SignedArc(0, 1, 1, 1), SignedArc(1, 2, -1, 1), SignedArc(2, 1, 1, 1), SignedArc(1, 3, 1, 1)])
    assert list(find_paths(graph, 0, {3: -1}, max_steps=6)) == []


def test_ends_at_the_first_goal() -> None:
    """A goal absorbs: the path does not go on through it to another one."""
    graph = SignedGraph([SignedArc(0, 1, 1, 1), SignedArc(1, 2, 1, 1), SignedArc(2, 3, 1, 1)])
    assert [p.arcs for p in find_paths(graph, 0, {2: 1, 3: 1}, max_steps=6)] == [(0, 1)]


def test_parallel_arcs_are_different_paths() -> None:
    """Two arcs between the same nodes give two paths, cheaper first, ties by number."""
    graph = SignedGraph([SignedArc(0, 1, 1, 2), SignedArc(0, 1, 1, 1), SignedArc(0, 1, 1, 2)])
    assert [p.arcs for p in find_paths(graph, 0, {1: 1}, max_steps=1)] == [(1,), (0,), (2,)]


def test_pair_cost_can_reorder() -> None:
    """A path cheap by its arcs but incoherent comes after a dearer coherent one."""
    graph = SignedGraph([SignedArc(0, 1, 1, 1), SignedArc(1, 3, 1, 1), SignedArc(0, 2, 1, 2), SignedArc(2, 3, 1, 1)])
    found = find_paths(graph, 0, {3: 1}, max_steps=2, pair_cost=lambda a, b: 5.0 if (a, b) == (0, 1) else 0.0)
    assert [(p.arcs, p.cost, p.coherence) for p in found] == [((2, 3), 3.0, 0.0), ((0, 1), 7.0, 5.0)]


@pytest.mark.parametrize(("cost", "sign"), [(-0.1, 1), (1.0, 0), (1.0, 2)])
def test_refuses_what_the_bound_cannot_bear(cost: float, sign: int) -> None:
    """A negative cost or a sign that is none is refused when the graph is made."""
    with pytest.raises(ValueError, match="arc 0"):
        SignedGraph([SignedArc(0, 1, sign, cost)])


def test_deadline_ends_an_explosion() -> None:
    """On a complete graph without an answer in reach the search ends soon after its deadline."""
    size = 40
    arcs = [SignedArc(a, b, 1, 1.0) for a in range(size) for b in range(size) if a != b]
    graph = SignedGraph(arcs)
    start = monotonic()
    with pytest.raises(OutOfTime):
        list(find_paths(graph, 0, {size - 1: 1}, max_steps=12, deadline=start + 0.2))
    assert monotonic() - start < HANG
