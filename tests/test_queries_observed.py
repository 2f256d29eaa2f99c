"""Measured markers against both sides: what a side predicts, and how likely random nodes agree as well."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise, permutations, product
from math import exp
from pathlib import Path as File
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import Assertion, Context, Entity, Evidence, Publication, Statement
from queries.explanation.answer import Explanation, ObservedTest
from queries.explanation.branches import MAJORITY, Side, State, predict
from queries.explanation.explain import explain
from queries.explanation.nearby import Nearby
from queries.explanation.observations import Observations, ObservedMarker, read_observations
from queries.explanation.observed import LEAST_POOL, measured_nodes, observed_test
from queries.state_graph import goals_of

DRUG, AREATA, TH1, TH2 = "DRUGBANK:DB12159", "MONDO:0005340", "CL:0000545", "CL:0000546"
CASES = File(__file__).parent / "cases" / "observed"


def gene(number: int) -> str:
    """A made-up gene."""
    return f"HGNC:{number}"


ENTITIES = [
    Entity(DRUG, "dupilumab", "Drug"), Entity(AREATA, "alopecia areata", "Disease"), Entity(TH1, "Th1 cell", "Cell"),
    Entity(TH2, "Th2 cell", "Cell"), Entity("GO:0042640", "anagen", "BiologicalProcess", valence="good"),
    *(Entity(gene(n), f"G{n}", "Gene") for n in range(1, 80)),
]  # fmt: skip
UP, DOWN = "increases_activity_of", "decreases_activity_of"


def fact(
    subject: str, relation: str, object_: str, *, cell: str = "", design: str = "in_vitro", number: list[int] = [0],  # noqa: B006  # counts the reports of this file
) -> Assertion:
    """One supporting assertion from a paper of its own."""
    number[0] += 1
    context = Context(cell=(cell,)) if cell else Context()
    paper = Publication(f"PMID:{number[0]}", date="2010", precision="year")
    return Assertion(Statement(subject, relation, object_, context), Evidence("supports", paper, paper.key, design))


T1, A, B = gene(1), gene(2), gene(3)
CORE = [  # benefit: drug -| 1 -> 2 -> disease; harm: drug -| 1 -| 3 -> disease
    fact(DRUG, DOWN, T1), fact(T1, UP, A), fact(A, "contributes_to", AREATA),
    fact(T1, DOWN, B), fact(B, "contributes_to", AREATA),
]  # fmt: skip


def ask(graph: Graph, markers: dict[str, int], **more: int) -> tuple[ObservedTest, Explanation]:
    """Explain, then test the markers."""
    answer = explain(graph, DRUG, AREATA)
    seen = Observations(tuple(ObservedMarker(node, graph.name(node), way) for node, way in markers.items()))
    test = observed_test(
        graph, DRUG, goals_of(graph, AREATA), seen, benefit=answer.benefit.paths, harm=answer.harm.paths,
        asked=Context(disease=(AREATA,)), draws=more.pop("draws", 200), **more,
    )  # fmt: skip
    return test, answer


def said(facts: Sequence[Assertion], marker: str) -> tuple[int, int]:
    """What benefit and harm predict of one marker."""
    test, _ = ask(Graph.from_records([*ENTITIES, *facts]), {marker: 1}, draws=0)
    (held,) = test.markers
    return held.benefit, held.harm


M, FAR = gene(9), gene(4)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([fact(T1, UP, M)], (-1, -1)),  # from the state that both pass
        ([fact(A, UP, M)], (-1, 0)),  # from a state of benefit; harm could reach it through benefit's state only
        ([fact(B, UP, M)], (0, 1)),
        ([fact(A, DOWN, M), fact(B, DOWN, M)], (1, -1)),
        ([fact(A, UP, FAR), fact(FAR, DOWN, M)], (1, 0)),  # two steps beyond
        ([fact(A, UP, FAR), fact(FAR, UP, gene(5)), fact(gene(5), UP, M)], (0, 0)),  # three: too far
        ([fact(A, UP, M, design="hypothesis")], (0, 0)),
        ([fact(A, UP, M), fact(M, "contributes_to", AREATA)], (-1, 0)),  # then it is a mechanism itself
        ([fact(AREATA, UP, M)], (0, 0)),
        ([], (0, 0)),
    ],
)  # fmt: skip
def test_what_a_side_predicts(facts: list[Assertion], expected: tuple[int, int]) -> None:
    """Branches leave a side's own states, and never take the way of the other side."""
    assert said([*CORE, *facts], M) == expected


def test_states_of_the_other_side_are_no_prediction() -> None:
    """What only harm passes is no prediction of benefit, though one step from the common state leads there."""
    assert said(CORE, B) == (0, 1)
    assert said(CORE, A) == (-1, 0)
    assert said(CORE, T1) == (-1, -1)


def test_a_branch_never_leaves_from_the_drug() -> None:
    """What the drug does beside its mechanism is no prediction of the mechanism."""
    assert said([*CORE, fact(DRUG, UP, M)], M) == (0, 0)
    assert said([*CORE, fact(DRUG, "observed_to_increase", M)], M) == (0, 0)


def test_a_branch_keeps_to_the_directions_of_its_side() -> None:
    """Benefit asserts that A falls, so a branch by which A rises is none of benefit's."""
    facts = [fact(DRUG, DOWN, T1), fact(T1, UP, A), fact(A, "contributes_to", AREATA), fact(T1, UP, FAR), fact(A, UP, M)]
    assert said([*facts, fact(FAR, DOWN, A)], M)[0] == -1
    assert said([*facts, fact(FAR, DOWN, gene(5)), fact(gene(5), UP, gene(6))], gene(6))[0] == 0
    assert said([*facts, fact(FAR, DOWN, gene(5))], gene(5))[0] == 1


def test_contradicting_contexts_are_no_branch() -> None:
    """A step that holds in Th1 cells does not go on from one in Th2 cells."""
    core = [fact(DRUG, DOWN, T1), fact(T1, UP, A, cell=TH2), fact(A, "contributes_to", AREATA)]
    assert said([*core, fact(A, UP, M, cell=TH1)], M) == (0, 0)
    assert said([*core, fact(A, UP, M, cell=TH2)], M) == (-1, 0)


def test_no_majority_is_no_prediction() -> None:
    """Two branches of like weight in opposite directions cancel."""
    assert said([*CORE, fact(A, UP, M), fact(A, DOWN, M)], M)[0] == 0
    assert MAJORITY > 0.5


def test_manifestations_are_shown_and_not_tested() -> None:
    """That anagen returns is benefit by definition: it is in no test."""
    goal = fact("GO:0042640", "manifestation_of", AREATA)
    graph = Graph.from_records([*ENTITIES, *CORE, goal, fact(A, "negatively_regulates", "GO:0042640")])
    test, _ = ask(graph, {"GO:0042640": 1})
    (marker,) = test.markers
    assert (marker.outcome, marker.benefit, marker.harm) == (True, 1, -1)
    assert [t.predicted for t in test.tests] == [0, 0]
    assert "anagen (as in benefit)" in test.sentence


def test_the_path_that_predicts_is_shown() -> None:
    """A prediction carries its cheapest branch, from the drug, with evidence and states."""
    graph = Graph.from_records([*ENTITIES, *CORE, fact(A, UP, gene(4)), fact(gene(4), DOWN, M)])
    test, _ = ask(graph, {M: 1})
    (marker,) = test.markers
    assert marker.benefit_path is not None
    assert [step.object.id for step in marker.benefit_path.steps] == [T1, A, gene(4), M]
    assert marker.benefit_path.steps[-1].state == marker.benefit == 1
    assert all(step.statements[0].evidence for step in marker.benefit_path.steps)
    assert sum(marker.benefit_path.terms.values()) == pytest.approx(marker.benefit_path.score, abs=1e-5)


def test_shared_and_telling_markers_are_told_apart() -> None:
    """A marker behind the common state cannot tell the sides apart, and the sentence says so; another one can."""
    graph = Graph.from_records([*ENTITIES, *CORE, fact(T1, UP, M), fact(A, DOWN, gene(8)), fact(B, DOWN, gene(8))])
    test, _ = ask(graph, {M: -1})
    assert test.markers[0].shared
    assert "from states that both pass" in test.sentence
    test, _ = ask(graph, {gene(8): -1, gene(60): 1})
    assert not test.markers[0].shared
    assert "opposite directions of G8 (harm)" in test.sentence
    assert "Predicted by neither side: G60" in test.sentence


def brute(near: Nearby, side: Side, barred: set[State], reach: int, max_steps: int) -> dict[tuple[str, int], float]:
    """Weights by looking at every sequence of arcs: what `predict` must find."""
    asserted = side.asserts()
    weights: dict[tuple[str, int], float] = {}
    arcs = range(len(near.heads))
    for prefix, share in side.prefixes.items():
        if share <= 0:
            continue
        for length in range(min(reach, max_steps - len(prefix)) + 1):
            for tail in permutations(arcs, length):
                trail = (*prefix, *tail)
                nodes = [near.tails[trail[0]], *(near.heads[a] for a in trail)]
                if any(near.heads[a] != near.tails[b] for a, b in pairwise(trail)) or len(set(nodes)) < len(nodes):
                    continue
                ways = [1]
                for arc in trail:
                    ways.append(ways[-1] * near.signs[arc])
                beyond = list(range(len(prefix), len(trail)))
                if any(trail[: i + 1] in side.prefixes for i in beyond):
                    continue
                if any(trail[i] not in near.leaving(near.tails[trail[i]]) for i in beyond):
                    continue
                if any(asserted.get(nodes[i + 1], ways[i + 1]) != ways[i + 1] for i in beyond):
                    continue
                if any((nodes[i + 1], ways[i + 1]) in barred for i in beyond):
                    continue
                costs = [near.cost(trail[i - 1], trail[i]) for i in beyond]
                if any(cost is None for cost in costs):
                    continue
                key = (near.nodes[nodes[-1]], ways[-1])
                weights[key] = weights.get(key, 0.0) + share * exp(-sum(c for c in costs if c is not None) / 1e6)
    return weights


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=40)
def test_weights_are_those_of_all_branches(seed: int) -> None:
    """On random graphs, the weight of every node and direction is the sum over all branches, one by one."""
    rng = random.Random(seed)
    genes = [gene(n) for n in range(1, 7)]
    pairs = rng.sample([(a, b) for a, b in product(genes, genes) if a != b], 9)
    facts = [fact(DRUG, rng.choice([UP, DOWN]), g) for g in rng.sample(genes, 2)]
    facts += [fact(a, rng.choice([UP, DOWN]), b, cell=rng.choice(["", "", TH1, TH2])) for a, b in pairs]
    facts += [fact(g, "contributes_to", AREATA) for g in rng.sample(genes, 2)]
    graph = Graph.from_records([*ENTITIES[:10], *facts])
    answer = explain(graph, DRUG, AREATA, max_steps=4)
    near = Nearby.of(graph, DRUG, goals_of(graph, AREATA), Context(disease=(AREATA,)))
    both = [Side.of(near, paths) for paths in (answer.benefit.paths, answer.harm.paths)]
    for side, other in (both, both[::-1]):
        barred = set(other.states) - set(side.states)
        found = predict(near, side, genes, barred=barred, max_steps=4)
        expected = brute(near, side, barred, 2, 4)
        for node in genes:
            prediction = found.get(node)
            assert (prediction.up if prediction else 0.0) == pytest.approx(expected.get((node, 1), 0.0), abs=1e-4)
            assert (prediction.down if prediction else 0.0) == pytest.approx(expected.get((node, -1), 0.0), abs=1e-4)


def wide(seed: int) -> Graph:
    """A graph in which benefit predicts many of 70 genes, up or down at random, and studies measured all of them."""
    rng = random.Random(seed)
    facts = [*CORE, *(fact(A, rng.choice([UP, DOWN]), gene(n)) for n in range(10, 80) if rng.random() < 0.7)]
    facts += [fact(T1, UP, gene(n)) for n in rng.sample(range(10, 80), 20)]
    facts += [fact(DRUG, "observed_to_increase", gene(n), design="cohort") for n in range(10, 80)]
    return Graph.from_records([*ENTITIES, *facts])


def test_p_values_are_uniform_under_the_null() -> None:
    """Random markers in random directions: small p-values are as rare as they claim, and the mean is about a half.

    With 300 tests, the share of p <= 0.05 and <= 0.2 may exceed its bound by four standard errors before this fails.
    """
    graph, rng, found = wide(7), random.Random(11), []
    answer = explain(graph, DRUG, AREATA)
    goals = goals_of(graph, AREATA)
    for number in range(300):
        chosen = rng.sample(range(10, 80), 6)
        seen = Observations(tuple(ObservedMarker(gene(n), f"G{n}", rng.choice([1, -1])) for n in chosen))
        test = observed_test(
            graph, DRUG, goals, seen, benefit=answer.benefit.paths, harm=(), asked=Context(disease=(AREATA,)),
            draws=99, seed=number,
        )  # fmt: skip
        p_value = test.tests[0].p_value
        assert test.tests[0].predicted == 0 or p_value is not None
        found.append(1.0 if p_value is None else p_value)
    for level in (0.05, 0.2, 0.5):
        share = sum(p <= level for p in found) / len(found)
        assert share <= level + 4 * (level * (1 - level) / len(found)) ** 0.5
    assert 0.4 < sum(found) / len(found) < 0.75  # ties make a discrete test shy, never bold
    assert min(found) < 0.1


def test_true_markers_get_small_p_values_and_the_least_is_told() -> None:
    """Ten markers that all move as benefit says: no random set does as well; the other way round all do."""
    graph = wide(7)
    test, answer = ask(graph, dict.fromkeys([gene(n) for n in range(10, 80)], 1), draws=0)
    ways = {m.node.id: m.benefit for m in test.markers if m.benefit}
    chosen = random.Random(3).sample(sorted(ways), 10)
    right, _ = ask(graph, {node: ways[node] for node in chosen}, draws=999)
    wrong, _ = ask(graph, {node: -ways[node] for node in chosen}, draws=999)
    benefit = right.tests[0]
    assert (benefit.predicted, benefit.agree, benefit.draws) == (10, 10, 999)
    assert benefit.p_value == benefit.least_p
    assert benefit.p_value is not None
    assert 1 / 1000 <= benefit.p_value < 0.02
    assert benefit.expected is not None
    assert benefit.expected < 6
    assert wrong.tests[0].agree == 0
    assert wrong.tests[0].p_value is not None
    assert wrong.tests[0].p_value > 0.98
    assert right.pool.startswith("nodes that a study in this graph measured")
    assert right.eligible == 70
    assert answer.benefit.paths


def test_a_side_that_says_down_of_everything_gets_no_credit_for_it() -> None:
    """If all nodes are predicted to fall, that five of them fell is no surprise."""
    facts = [*CORE, *(fact(T1, UP, gene(n)) for n in range(10, 60))]
    facts += [fact(DRUG, "observed_to_decrease", gene(n), design="cohort") for n in range(10, 60)]
    test, _ = ask(Graph.from_records([*ENTITIES, *facts]), dict.fromkeys([gene(n) for n in range(10, 15)], -1))
    assert [t.agree for t in test.tests] == [5, 5]
    assert all(t.p_value == t.least_p == 1.0 for t in test.tests)


def test_the_same_seed_gives_the_same_answer_and_another_nearly_so() -> None:
    """Draws are reproducible; order of markers does not matter to what is predicted."""
    graph = wide(5)
    markers = {gene(n): (1 if n % 2 else -1) for n in range(20, 28)}
    first, second, other = (ask(graph, markers, draws=500, seed=seed)[0] for seed in (1, 1, 2))
    assert first == second
    assert first.tests[0].p_value == pytest.approx(other.tests[0].p_value, abs=0.12)
    assert first.seed == 1


def test_too_few_nodes_give_no_p_value() -> None:
    """A tiny graph has nothing to draw from, and says so."""
    entities = [*ENTITIES[:3], *(Entity(gene(n), f"G{n}", "Gene") for n in range(1, LEAST_POOL - 2))]
    graph = Graph.from_records([*entities, *CORE, fact(A, UP, gene(5))])
    test, _ = ask(graph, {gene(5): -1})
    assert [(t.predicted, t.p_value) for t in test.tests] == [(1, None), (0, None)]
    assert "too few nodes" in test.sentence


def test_nothing_to_test() -> None:
    """No marker, no mechanism, no time: each is said."""
    graph = Graph.from_records([*ENTITIES, *CORE])
    assert ask(graph, {})[0].sentence == "No marker of the file is in this graph."
    empty, _ = ask(Graph.from_records([*ENTITIES, fact(T1, UP, A)]), {A: 1})
    assert empty.sentence.startswith("Benefit predicts none of 1 marker. Harm predicts none of 1 marker.")
    late = observed_test(
        graph, DRUG, goals_of(graph, AREATA), Observations((ObservedMarker(A, "A", 1),)),
        benefit=explain(graph, DRUG, AREATA).benefit.paths, harm=(), deadline=monotonic() - 1,
    )  # fmt: skip
    assert late.sentence.startswith("The time limit ended the test")
    assert all(t.p_value is None for t in late.tests)


def test_measured_nodes_are_those_measured_under_a_drug() -> None:
    """Observations count whatever they found, steps do not."""
    seen = fact(DRUG, "observed_to_increase", M, design="cohort")
    null = Assertion(Statement(DRUG, "observed_to_decrease", A), Evidence("null", Publication("PMID:999999"), "X", "cohort"))
    assert measured_nodes(Graph.from_records([*ENTITIES, *CORE, seen, null])) == {M, A}


def test_the_worked_example_of_the_docs() -> None:
    """The markers of the dupilumab trial, with the trial and all that may cite it left out: what is really predicted."""
    from loaders.citations import load_citations
    from loaders.curated import load_corpus
    from ontologies.grounding import Grounder

    graph = Graph.from_records(load_corpus()).without_studies(["PMID:36271804"], load_citations())
    seen = read_observations(
        CASES / "dupilumab_scalp_markers.tsv", lambda name: Grounder(graph.entities.values()).ground(name).curie
    )
    answer = explain(graph, DRUG, AREATA)
    test = observed_test(
        graph, DRUG, goals_of(graph, AREATA), seen, benefit=answer.benefit.paths, harm=answer.harm.paths,
        asked=Context(disease=tuple(node.id for node in answer.question.targets)), draws=1000,
    )  # fmt: skip
    by_name = {marker.name: marker for marker in test.markers}
    assert list(by_name) == ["CCL13", "CCL18", "CCL24", "CCL26", "hair keratins"]
    for name in ("CCL18", "CCL24", "CCL26"):
        assert (by_name[name].benefit, by_name[name].shared) == (-1, True)
        path = by_name[name].benefit_path
        assert path is not None
        cited = {e.publication for step in path.steps for s in step.statements for e in s.evidence}
        assert not cited & {"PMID:36271804", "PMID:34460948"}
    assert by_name["hair keratins"].benefit_path is None
    assert test.tests[0].agree == test.tests[0].predicted
    assert test.tests[0].p_value is not None
    assert test.tests[0].p_value > 0.05  # honest: three markers of one kind prove little


def test_the_page_of_the_docs_shows_what_the_example_prints(repo_root: File) -> None:
    """docs/observed.md holds the output of the example, word for word; `make docs` writes it."""
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, str(repo_root / "examples" / "markers_of_a_trial.py")], capture_output=True, text=True, timeout=120,
        check=True, env={**os.environ, "PYTHONPATH": str(repo_root)}, encoding="utf-8",
    )  # fmt: skip
    shown = (repo_root / "docs" / "observed.md").read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    assert shown == done.stdout


def test_what_the_left_out_study_declared_is_no_manifestation() -> None:
    """Hair keratins are a sign of alopecia areata on the word of the trial alone: without it, they are only a marker."""
    from loaders.citations import load_citations
    from loaders.curated import load_corpus

    graph = Graph.from_records(load_corpus())
    seen = Observations((ObservedMarker("ikg:hair-keratins", "hair keratins", 1),))
    held = [
        explain(graph, DRUG, AREATA, k=1, without_studies=keys, citations=load_citations(), observations=seen).observed
        for keys in ([], ["PMID:36271804"])
    ]
    assert [test.markers[0].outcome for test in held if test is not None] == [True, False]
