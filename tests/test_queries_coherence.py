"""Where steps hold: what neighbours and steps further back say of each other, and paths put in order by it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Context
from queries.coherence import LAST, Coherence, Setting, StepClass
from queries.engine import FoundPath
from queries.scoring import CLASH, WEIGHTS

IL4, IFNG, CD8 = "HGNC:6014", "HGNC:5438", "CL:0000625"


def step(ligand: str = "", *, relay: bool = False, hub: bool = False, inside: bool = True, cell: str = "") -> StepClass:
    """A step with one statement."""
    context = Context(ligand=(ligand,) if ligand else (), cell=(cell,) if cell else ())
    return StepClass((Setting(context),), relay, hub, inside)


def carried(*classes: StepClass) -> list[list[tuple[str, int]]]:
    """What each step contradicts further back."""
    return Coherence(classes, {}).carried(range(len(classes)))


def test_a_ligand_holds_on_through_silent_steps() -> None:
    """IL-4 activates JAK1, JAK1 drives JAK-STAT, that drives the disease under IFN-gamma: the last contradicts the first."""
    assert carried(step(IL4), step(), step(IFNG)) == [[], [], [("ligand", 0)]]
    assert carried(step(IL4), step(), step(), step(IFNG))[3] == [("ligand", 0)]


def test_neighbours_are_left_to_the_search() -> None:
    """Two steps that follow each other are compared there and are not counted twice."""
    assert carried(step(IL4), step(IFNG)) == [[], []]
    assert Coherence([step(IL4), step(IFNG)], {}).contradictions([0, 1]) == [("ligand", 0, 1)]


def test_the_ligand_stated_last_counts() -> None:
    """A step that states its own ligand starts anew."""
    assert carried(step(IL4), step(IFNG), step(), step(IFNG)) == [[], [], [], []]


def test_a_secreted_ligand_a_cell_and_a_process_begin_anew() -> None:
    """What one cell makes acts on another, and what a cell or process does later may be under another ligand."""
    assert carried(step(IL4), step(relay=True), step(IFNG)) == [[], [], []]
    assert carried(step(IL4), step(inside=False), step(IFNG)) == [[], [], []]
    assert carried(step(IL4, inside=False), step(), step(IFNG)) == [[], [], []]


def test_one_silent_statement_is_enough_to_agree() -> None:
    """A step that is also stated without a ligand neither contradicts nor hides what came before."""
    also = StepClass((Setting(Context()), Setting(Context(ligand=(IFNG,)))), inside=True)
    assert carried(step(IL4), step(), also) == [[], [], []]
    assert carried(step(IL4), also, step(IFNG))[2] == [("ligand", 0)]


def test_a_wider_ligand_agrees() -> None:
    """Interferon signalling is no other ligand than IFN-gamma."""
    classes = [step(IFNG), step(), step("GO:0060333")]
    assert Coherence(classes, {IFNG: {"GO:0060333"}}).carried([0, 1, 2]) == [[], [], []]


def test_costs_add_up() -> None:
    """At each step stands what it costs with the one before and with one further back."""
    classes = [step(IL4, hub=True), step(), step(IFNG)]
    assert Coherence(classes, {}).costs([0, 1, 2]) == [
        0, round(WEIGHTS["ligand_unstated"] * 10**6), round(CLASH["ligand"] * 10**6),
    ]  # fmt: skip


pool = st.sampled_from(
    [
        step(), step(IL4), step(IFNG), step(relay=True), step(inside=False), step(IL4, hub=True), step(cell=CD8),
        step(IFNG, cell=CD8),
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.lists(pool, min_size=1, max_size=5)), max_size=12))
def test_settled_paths_are_in_order_of_their_whole_cost(paths: list[tuple[int, list[StepClass]]]) -> None:
    """Whatever a search yields in the order of neighbours' costs comes out in the order of all costs, nothing lost."""
    classes = [one for _, steps in paths for one in steps]
    coherence = Coherence(classes, {})
    found, start = [], 0
    for cost, steps in paths:
        arcs = tuple(range(start, start + len(steps)))
        between = sum(coherence.pair_cost(*pair) for pair in pairwise(arcs))
        found.append(FoundPath(cost + between, arcs, between))
        start += len(steps)
    stream = sorted(found, key=lambda path: (path.cost, len(path.arcs), path.arcs))
    whole = []
    for path in stream:
        further = [key for against in coherence.carried(path.arcs) for key, _ in against]
        extra = len(further) * (LAST + round(CLASH["ligand"] * 10**6))
        whole.append(replace(path, cost=path.cost + extra, coherence=path.coherence + extra))
    whole.sort(key=lambda path: (path.cost, len(path.arcs), path.arcs))
    assert list(coherence.settle(iter(stream), lambda arc: arc)) == whole
    assert all(path.cost < LAST or coherence.contradictions(path.arcs) for path in whole)
