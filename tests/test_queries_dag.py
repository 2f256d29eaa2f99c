"""The merged DAG of a side: always acyclic, arcs weighed by the mass lost without them, whole paths pruned."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import exp, fsum, isclose
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.explanation.answer import Dag, DagArc
from queries.explanation.dag import arcs_of, build_dag, firm_paths, path_shares, states_of
from queries.explanation.shown import Path, Step
from tests.mechanisms import RELATIONS, path_of, paths


def key_of(step: Step) -> tuple[str, str, str, int, int]:
    """Return what tells two arcs apart: the claim and both states."""
    return step.subject.id, step.relation, step.object.id, step.state * step.sign, step.state


def graph_of(arcs: tuple[DagArc, ...]) -> nx.MultiDiGraph[tuple[str, int]]:
    """Return the arcs as a graph of states."""
    graph: nx.MultiDiGraph[tuple[str, int]] = nx.MultiDiGraph()
    graph.add_edges_from(
        ((a.step.subject.id, a.step.state * a.step.sign), (a.step.object.id, a.step.state)) for a in arcs
    )
    return graph


def merged_of(ranked: list[Path], dag: Dag) -> dict[int, Path]:
    """Return the paths that were merged, by rank."""
    return {rank: path for rank, path in firm_paths(ranked) if rank not in dag.below}


@given(paths())
def test_acyclic_with_and_without_pruned_arcs(ranked: list[Path]) -> None:
    """No order of paths makes a cycle of states, even with the pruned arcs put back."""
    dag = build_dag(ranked)
    assert nx.is_directed_acyclic_graph(graph_of(dag.arcs + dag.pruned))


@given(paths())
def test_below_are_exactly_those_that_close_a_cycle(ranked: list[Path]) -> None:
    """A firm path is below if and only if it closes a cycle with the better ones that were merged."""
    dag = build_dag(ranked)
    graph: nx.DiGraph[tuple[str, int]] = nx.DiGraph()
    for rank, path in firm_paths(ranked):
        states = states_of(path)
        trial = graph.copy()
        trial.add_edges_from(pairwise(states))
        assert (rank in dag.below) == (not nx.is_directed_acyclic_graph(trial))
        if rank not in dag.below:
            graph = trial


@given(paths(), st.sampled_from([0.0, 0.02, 0.2]))
def test_kept_arcs_are_the_union_of_kept_paths(ranked: list[Path], least: float) -> None:
    """Every arc kept lies on a found path all of whose arcs are kept; every such path is named; each arc is in one list."""
    dag = build_dag(ranked, least=least)
    merged = merged_of(ranked, dag)
    kept = {key_of(step) for rank in dag.kept for step in merged[rank].steps}
    assert kept == {key_of(arc.step) for arc in dag.arcs}
    assert set(dag.kept) == {rank for rank, path in merged.items() if {key_of(s) for s in path.steps} <= kept}
    everything = [key_of(arc.step) for arc in dag.arcs + dag.pruned]
    assert sorted(everything) == sorted({key_of(s) for path in merged.values() for s in path.steps})


@given(paths(), st.sampled_from([0.0, 0.02, 0.2]))
def test_necessity_is_the_share_of_mass_lost(ranked: list[Path], least: float) -> None:
    """Taking the arc away and summing anew gives the necessity; the ranks are those of its paths."""
    dag = build_dag(ranked, least=least)
    merged = merged_of(ranked, dag)
    counted = {r: p for r, p in merged.items() if not p.clashes} or merged
    whole = fsum(exp(-path.score) for path in counted.values())
    for arc in dag.arcs + dag.pruned:
        without = [r for r, p in merged.items() if key_of(arc.step) not in {key_of(s) for s in p.steps}]
        left = fsum(exp(-counted[rank].score) for rank in without if rank in counted)
        assert arc.necessity == pytest.approx(1 - left / whole, abs=2e-6)
        assert set(arc.ranks) == set(merged) - set(without)
        assert arc.studies == arc.step.support


@given(paths())
def test_an_arc_on_all_paths_has_necessity_one(ranked: list[Path]) -> None:
    """Exactly 1, and mass is conserved: what leaves the drug and what enters the goals sums to 1."""
    dag = build_dag(ranked)
    merged = merged_of(ranked, dag)
    arcs = dag.arcs + dag.pruned
    for arc in arcs:
        if len(arc.ranks) == len(merged):
            assert arc.necessity == 1
    if merged:
        assert fsum(a.necessity for a in arcs if a.step.subject.id == "drug") == pytest.approx(1, abs=1e-4)
        assert fsum(a.necessity for a in arcs if a.step.object.id == "disease") == pytest.approx(1, abs=1e-4)


@given(paths())
def test_mass_is_conserved_at_every_state(ranked: list[Path]) -> None:
    """As much path mass enters an inner state as leaves it."""
    dag = build_dag(ranked)
    into: dict[tuple[str, int], float] = {}
    for arc in dag.arcs + dag.pruned:
        tail = (arc.step.subject.id, arc.step.state * arc.step.sign)
        head = (arc.step.object.id, arc.step.state)
        into[head] = into.get(head, 0.0) + arc.necessity
        into[tail] = into.get(tail, 0.0) - arc.necessity
    assert all(abs(rest) < 1e-4 for (name, _), rest in into.items() if name not in ("drug", "disease"))


@given(paths())
def test_the_best_path_stays_and_no_kept_arc_is_below_least(ranked: list[Path]) -> None:
    """Whatever the bound, the best path is kept; kept arcs carry at least the bound that the answer names."""
    dag = build_dag(ranked, least=0.9)
    merged = merged_of(ranked, dag)
    if merged:
        assert min(merged) in dag.kept
        assert all(arc.necessity >= dag.least for arc in dag.arcs)
        assert all(arc.necessity <= dag.least or set(arc.ranks).isdisjoint(dag.kept) for arc in dag.pruned)
        assert 0 < dag.share <= 1


@given(paths(), st.randoms(use_true_random=False))
def test_order_does_not_matter_without_cycles(ranked: list[Path], rng: Random) -> None:
    """Where no path closes a cycle, arcs and necessities are the same in any order of the paths."""
    dag = build_dag(ranked)
    if dag.below:
        return
    shuffled = list(ranked)
    rng.shuffle(shuffled)
    other = build_dag(shuffled)
    assert other.below == ()
    first = {key_of(arc.step): arc.necessity for arc in dag.arcs}
    second = {key_of(arc.step): arc.necessity for arc in other.arcs}
    assert first.keys() == second.keys()
    assert all(isclose(first[key], second[key], abs_tol=2e-6) for key in first)


@given(paths(), st.floats(-700, 5000))
def test_only_differences_of_cost_matter(ranked: list[Path], shift: float) -> None:
    """Costs of any size give the same shares: no sum of exp(-cost) is ever formed."""
    moved = [replace(path, score=path.score + shift) for path in ranked]
    pairs = zip(path_shares(ranked), path_shares(moved), strict=True)
    assert all(isclose(a, b, abs_tol=1e-6) for a, b in pairs)
    assert isclose(fsum(path_shares(moved)), 1.0, abs_tol=1e-9)


def test_parallel_relations_are_parallel_arcs() -> None:
    """Two relations between the same states are two arcs, each with the mass of its own path."""
    first = path_of("a", ["produces", "produces"], 1.0)
    second = path_of("a", ["increases_activity_of", "produces"], 1.0)
    dag = build_dag([first, second])
    assert [(arc.step.relation, arc.necessity) for arc in dag.arcs] == [
        ("produces", 0.5), ("produces", 1.0), ("increases_activity_of", 0.5),
    ]  # fmt: skip


def test_up_and_down_are_two_states() -> None:
    """A path through IL4 up does not meet one through IL4 down, so that opposite orders make no cycle."""
    first = path_of("ab", ["produces", "produces", "produces"], 1.0)
    second = path_of("ba", ["decreases_activity_of", "produces", "produces"], 1.0)
    third = path_of("ba", ["produces", "produces", "produces"], 1.0)
    assert build_dag([first, second]).below == ()
    assert build_dag([first, third]).below == (2,)


def test_suppositions_are_not_merged_but_keep_their_rank() -> None:
    """A path that rests on a supposition has no mass; ranks are places in what was given."""
    supposed = path_of("a", ["produces", "produces"], 0.1, hypothesis=True)
    firm = path_of("b", ["produces", "produces"], 2.0)
    dag = build_dag([supposed, firm])
    assert (dag.kept, dag.share, {arc.ranks for arc in dag.arcs}) == ((2,), 1.0, {(2,)})
    assert build_dag([supposed]) == Dag(least=0.02)
    assert build_dag([]) == Dag(least=0.02)


def test_a_contradicting_path_weighs_nothing_beside_a_coherent_one() -> None:
    """It ranks last however cheap it is; alone it is weighed."""
    clash = path_of("a", ["produces", "produces"], 0.1, clashes=("cell",))
    coherent = path_of("b", ["produces", "produces"], 9.0)
    dag = build_dag([coherent, clash])
    assert dag.kept == (1,)
    assert {arc.necessity for arc in dag.pruned} == {0.0}
    assert build_dag([clash]).kept == (1,)


def test_many_equal_paths_all_stay() -> None:
    """A hundred equally good paths carry 1 % each: none is pruned, and the bound says so."""
    equal = [path_of("", [relation], 3.0) for relation in RELATIONS] * 40
    spread = [replace(path, steps=(replace(path.steps[0], relation=f"produces {i}"),)) for i, path in enumerate(equal)]
    dag = build_dag(spread)
    assert len(dag.kept) == 120
    assert dag.least == pytest.approx(1 / 240, abs=1e-6)


def test_arcs_of_a_path_are_its_steps_between_states() -> None:
    """The drug goes up; each step turns the state by its sign."""
    path = path_of("a", ["decreases_activity_of", "produces"], 1.0)
    assert arcs_of(path) == [
        (("drug", 1), "decreases_activity_of", ("a", -1)), (("a", -1), "produces", ("disease", -1)),
    ]  # fmt: skip
