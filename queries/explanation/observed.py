"""Measured markers against the two sides: which side predicts them, and how often would random nodes agree as well?

A marker need not lie on a mechanism. What a side says about it is read from *branches*: follow one of the side's mechanisms
for at least its first step (so that the drug has acted as this side says), leave it at any state, and go on through the state
graph for at most `reach` further steps to the marker, no node twice, `max_steps` in all. A branch never passes a goal, a step
that rests on a supposition, a contradiction of contexts (another ligand, another cell), a node in the direction opposite to
the one that the side asserts for it, or a state that only the other side passes: that would be the other explanation. Only
mechanisms that rest on evidence and have no contradiction count.

A branch weighs the share of the side's path mass (the sum of exp(-cost)) that passes the state where it leaves, times
exp(-cost of its further steps); a marker on the mechanisms themselves weighs its own share. The side predicts the direction
that holds at least `MAJORITY` of that weight, and nothing when neither does.

*Null model.* Random sets of nodes, as many as there are markers, are drawn without replacement from nodes of the same degree
(steps that lead to the node, in classes that double), and given the observed directions. The statistic is the number of
markers that agree less the number that disagree, over all markers: a set of nodes that a side says nothing about scores 0. So
p = (1 + draws that score at least as well) / (1 + draws) asks whether the side predicts *these* nodes in *these* directions
better than nodes about which as much is known; a side that predicts everything "down" gets no credit for it. Labels are not
shuffled: five markers that all fall allow no p-value that way. Nodes come from those that some study measured under a drug;
where a class of degree has fewer than `LEAST_POOL` of them, from all nodes of the kinds that are measured.

Manifestations of the disease are what the sides explain: that hair grows is benefit by definition. They are shown and in no
test. Markers that both sides predict alike from states that both pass cannot tell the sides apart, and are marked.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from kg.graph import Graph
from kg.model import Context
from queries.engine import OutOfTime
from queries.explanation.answer import Marker, ObservedTest, Path, SideName, SideTest
from queries.explanation.branches import MAJORITY, Prediction, Side, predict
from queries.explanation.clinical import node
from queries.explanation.nearby import Nearby
from queries.explanation.observations import Observations, ObservedMarker, read_observations
from queries.state_graph import Goal

__all__ = ["DRAWS", "LEAST_POOL", "MAJORITY", "REACH", "measured_nodes", "observed_test", "read_observations"]

REACH = 2
"""Steps that a branch may go beyond the mechanisms of a side."""
DRAWS = 10_000
"""Random sets that are drawn."""
LEAST_POOL = 10
"""Nodes that a class of degree must hold to be drawn from."""

_MEASURES = ("observed_to_increase", "observed_to_decrease")
_KINDS = frozenset({"Gene", "GeneFamily", "MacromolecularComplex", "Biomarker", "Cell", "BiologicalProcess", "Pathway"})
_SIDES: tuple[SideName, SideName] = ("benefit", "harm")


def measured_nodes(graph: Graph) -> frozenset[str]:
    """Return the nodes that some study of the graph measured under a drug, whatever it found.

    >>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
    >>> drug, gene = Entity("DRUGBANK:DB12159", "dupilumab", "Drug"), Entity("HGNC:10611", "CCL13", "Gene")
    >>> fell = Statement(drug.curie, "observed_to_decrease", gene.curie)
    >>> sorted(measured_nodes(Graph.from_records([Assertion(fell, Evidence("supports", Publication("PMID:1"), "1", "cohort"))])))
    ['HGNC:10611']
    """
    return frozenset(claim.object for claim in graph.claims if claim.relation in _MEASURES)


def observed_test(
    graph: Graph, source: str, goals: Iterable[Goal], observations: Observations, *, benefit: Sequence[Path],
    harm: Sequence[Path], asked: Context | None = None, max_steps: int = 6, reach: int = REACH, draws: int = DRAWS,
    seed: int = 0, deadline: float | None = None,
) -> ObservedTest:
    """Hold measured markers against the mechanisms of both sides.

    Args:
        graph: the graph, without the study that measured the markers if the test is to be fair.
        source: the drug.
        goals: where its paths may end (`queries.state_graph.goals_of`).
        observations: what was measured (`read_observations`).
        benefit: the mechanisms of benefit that were found for this question.
        harm: those of harm.
        asked: the context of the question, as the mechanisms were searched with.
        max_steps: steps from the drug to a marker at most.
        reach: how many of them may go beyond the mechanisms.
        draws: random sets for the p-values.
        seed: makes them reproducible.
        deadline: a time of `time.monotonic`; past it the p-values (or, earlier, all predictions) are left out and the
            sentence says so.
    """
    goals = tuple(goals)
    near = Nearby.of(graph, source, goals, asked or Context())
    sides: dict[SideName, Side] = {"benefit": Side.of(near, benefit), "harm": Side.of(near, harm)}
    common = frozenset(sides["benefit"].states) & frozenset(sides["harm"].states)
    all_states = frozenset(sides["benefit"].states) | frozenset(sides["harm"].states)
    outcomes = {goal.id: goal.benefit for goal in goals}
    tested = [marker for marker in observations.markers if marker.node not in outcomes]
    pool = _Pool.of(near, {source, *outcomes}, [marker.node for marker in tested])
    said: dict[SideName, dict[str, Prediction]]
    try:
        said = {
            name: predict(
                near, side, pool.nodes, common=common, barred=all_states - frozenset(side.states), max_steps=max_steps,
                reach=reach, deadline=deadline,
            )
            for name, side in sides.items()
        }
    except OutOfTime:
        said, draws = {name: {} for name in sides}, 0
    markers = tuple(_marker(near, marker, outcomes, said) for marker in observations.markers)
    directions = {name: {curie: found.direction for curie, found in said[name].items()} for name in _SIDES}
    tests, finished = _test(tested, pool, directions, draws, seed, deadline)
    return ObservedTest(
        markers=markers,
        tests=tests,
        unknown=observations.unknown,
        sentence=_sentence(markers, tests, pool, stopped=not finished),
        ambiguous=observations.ambiguous,
        contested=observations.contested,
        eligible=len(pool.nodes),
        pool=pool.words,
        seed=seed,
    )


@dataclass(frozen=True)
class _Pool:
    """The nodes from which random sets are drawn, by class of degree; what they are, in words."""

    classes: Mapping[int, tuple[str, ...]]
    class_of: Mapping[str, int]
    words: str
    enough: bool

    @property
    def nodes(self) -> frozenset[str]:
        return frozenset(self.class_of)

    @classmethod
    def of(cls, near: Nearby, closed: Collection[str], markers: Collection[str]) -> _Pool:
        """Choose the nodes: measured ones if every class of the markers has enough of them, else all of such kinds."""
        closed = set(closed)
        measured = (measured_nodes(near.graph) | set(markers)) - closed
        alike = measured | {
            curie for curie, entity in near.graph.entities.items() if entity.category in _KINDS and curie not in closed
        }
        needed = Counter(near.degree(curie).bit_length() for curie in markers)
        for nodes, words in (
            (measured, "nodes that a study in this graph measured under a drug"),
            (alike, "all genes, complexes, cells, processes and biomarkers of this graph (too few were measured under a drug)"),
        ):
            by_class: dict[int, list[str]] = defaultdict(list)
            for curie in sorted(nodes):
                by_class[near.degree(curie).bit_length()].append(curie)
            if all(len(by_class[each]) >= max(LEAST_POOL, number) for each, number in needed.items()):
                return cls._made(by_class, words, enough=True)
        merged = _merge(by_class, needed)
        return cls._made(merged, words, enough=all(len(found) >= LEAST_POOL for found in merged.values()))

    @classmethod
    def _made(cls, by_class: Mapping[int, Sequence[str]], words: str, *, enough: bool) -> _Pool:
        classes = {each: tuple(sorted(found)) for each, found in sorted(by_class.items()) if found}
        return cls(classes, {curie: each for each, found in classes.items() for curie in found}, words, enough)


def _merge(by_class: Mapping[int, Sequence[str]], needed: Mapping[int, int]) -> dict[int, list[str]]:
    """Join neighbouring classes of degree, from the highest down, until each holds enough nodes.

    >>> _merge({0: list("abcdefghijkl"), 1: ["m"], 2: ["n"]}, {1: 1})
    {0: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n']}
    """
    merged: dict[int, list[str]] = {}
    held: list[str] = []
    wanted = 0
    for each in sorted(by_class, reverse=True):
        held = [*by_class[each], *held]
        wanted += needed.get(each, 0)
        if len(held) >= max(LEAST_POOL, wanted):
            merged[each], held, wanted = held, [], 0
    if held and merged:
        last = min(merged)
        merged[min(by_class)] = [*held, *merged.pop(last)]
    elif held:
        merged[min(by_class)] = held
    return merged


def _marker(
    near: Nearby, marker: ObservedMarker, outcomes: Mapping[str, int], said: Mapping[SideName, Mapping[str, Prediction]]
) -> Marker:
    """Say of one marker what each side predicts, and by which path."""
    ways: dict[SideName, int] = {}
    paths: dict[SideName, Path | None] = {"benefit": None, "harm": None}
    shared = []
    for name in _SIDES:
        found = said[name].get(marker.node)
        ways[name] = found.direction if found else 0
        if found and ways[name]:
            paths[name] = near.path(found.best[ways[name]][1], "a measured marker")
            shared.append(found.shared)
    outcome = outcomes.get(marker.node, 0)
    if outcome:
        ways = {"benefit": outcome, "harm": -outcome}
    return Marker(
        node=node(near.graph, marker.node), observed=marker.direction, benefit=ways["benefit"], harm=ways["harm"],
        study="; ".join(marker.studies), name=marker.name, outcome=bool(outcome),
        shared=len(shared) == 2 and all(shared) and ways["benefit"] == ways["harm"],
        benefit_path=paths["benefit"], harm_path=paths["harm"],
    )  # fmt: skip


def _test(
    tested: Sequence[ObservedMarker], pool: _Pool, directions: Mapping[SideName, Mapping[str, int]], draws: int, seed: int,
    deadline: float | None,
) -> tuple[tuple[SideTest, ...], bool]:
    """Return the test of each side, and whether there was time for all draws; the sets drawn are the same for both."""
    by_class: dict[int, list[int]] = defaultdict(list)
    for marker in tested:
        by_class[pool.class_of[marker.node]].append(marker.direction)
    scores: dict[SideName, list[tuple[int, int]]] = {name: [] for name in _SIDES}
    values = {
        name: {each: [directions[name].get(curie, 0) for curie in pool.classes[each]] for each in by_class} for name in _SIDES
    }
    spoken = [each for each in sorted(by_class) if any(any(values[name][each]) for name in _SIDES)]
    rng = random.Random(seed)  # noqa: S311 (draws of a test, no secret)
    finished = True
    for number in range(draws if pool.enough and tested else 0):
        if deadline is not None and number % 256 == 0 and monotonic() > deadline:
            finished = False
            break
        drawn = [(each, rng.sample(range(len(pool.classes[each])), len(by_class[each]))) for each in spoken]
        for name in _SIDES:
            met = [
                values[name][each][place] * way
                for each, places in drawn
                for place, way in zip(places, by_class[each], strict=True)
            ]
            scores[name].append((sum(met), met.count(1)))
    return tuple(_side_test(name, tested, by_class, directions[name], values[name], scores[name], finished) for name in _SIDES), (
        finished and draws > 0
    )


def _side_test(
    name: SideName, tested: Sequence[ObservedMarker], by_class: Mapping[int, Sequence[int]], directions: Mapping[str, int],
    values: Mapping[int, Sequence[int]], scores: Sequence[tuple[int, int]], finished: bool,
) -> SideTest:
    met = [directions.get(marker.node, 0) * marker.direction for marker in tested]
    predicted, agree = len(met) - met.count(0), met.count(1)
    if not scores or not finished or not predicted:
        return SideTest(name, predicted, agree, None, 0)
    best = sum(_best_score(by_class[each], values[each]) for each in by_class)
    return SideTest(
        name, predicted, agree,
        p_value=_p_value(sum(met), scores),
        draws=len(scores),
        expected=round(sum(agreeing for _, agreeing in scores) / len(scores), 4),
        least_p=_p_value(best, scores),
    )  # fmt: skip


def _p_value(score: int, scores: Sequence[tuple[int, int]]) -> float:
    return (1 + sum(drawn >= score for drawn, _ in scores)) / (1 + len(scores))


def _best_score(ways: Sequence[int], values: Sequence[int]) -> int:
    """Return the best score that nodes of one class could reach with these observed directions.

    >>> _best_score([1, 1, -1], [1, -1, -1, 0])
    2
    >>> _best_score([1, 1], [1, -1])
    0
    """
    agree = min(ways.count(1), values.count(1)) + min(ways.count(-1), values.count(-1))
    return agree - max(0, len(ways) - agree - values.count(0))


def _sentence(markers: Sequence[Marker], tests: Sequence[SideTest], pool: _Pool, *, stopped: bool) -> str:
    """Say the result in plain words: each side, what the test can and cannot tell, and what nobody predicts."""
    inside = [marker for marker in markers if not marker.outcome]
    if not markers:
        return "No marker of the file is in this graph."
    parts = []
    if stopped:
        parts.append("The time limit ended the test before it was done, so there is no p-value.")
    parts.extend(_of_side(test, len(inside)) for test in tests)
    if not stopped and any(test.predicted for test in tests) and not pool.enough:
        parts.append("This graph has too few nodes of the same degree to draw random sets from.")
    telling = [marker for marker in inside if marker.benefit and marker.harm and marker.benefit != marker.harm]
    if telling:
        who = [f"{marker.name} ({'benefit' if marker.observed == marker.benefit else 'harm'})" for marker in telling]
        parts.append(f"The sides predict opposite directions of {', '.join(who)}; in brackets the side that was right.")
    elif any(marker.benefit and marker.harm for marker in inside):
        reason = ", from states that both pass" if all(m.shared for m in inside if m.benefit and m.harm) else ""
        parts.append(
            f"Where both sides predict, they predict the same{reason}: that shows that the drug acts, not which side is right."
        )
    silent = [marker.name for marker in inside if not marker.benefit and not marker.harm]
    if silent:
        parts.append(f"Predicted by neither side: {', '.join(silent)}.")
    good = [marker.name for marker in markers if marker.outcome and marker.observed == marker.benefit]
    bad = [marker.name for marker in markers if marker.outcome and marker.observed == marker.harm]
    for signs, word in ((good, "benefit"), (bad, "harm")):
        if signs:
            parts.append(f"In no test, since they are the disease that is to be explained: {', '.join(signs)} (as in {word}).")
    return " ".join(parts)


def _of_side(test: SideTest, number: int) -> str:
    side = test.side.capitalize()
    if not test.predicted:
        return f"{side} predicts none of {_count(number)}."
    text = f"{side} predicts {test.predicted} of {_count(number)}, {test.agree} of them in the observed direction"
    if test.p_value is None or test.expected is None or test.least_p is None:
        return f"{text}."
    return (
        f"{text}; of random nodes of the same degree {test.expected:.1f} agree on average "
        f"(p = {test.p_value:.2g}; no result could have given less than {test.least_p:.2g})."
    )



def _count(number: int) -> str:
    return "1 marker" if number == 1 else f"{number} markers"
