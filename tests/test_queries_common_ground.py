"""What both sides share: the strict fork, shared states by path mass, and the action of a drug that is named in several ways."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given

from kg.graph import Graph
from kg.model import Assertion, Entity, Evidence, Publication, Statement
from queries.explanation.answer import Fork, SharedState
from queries.explanation.common_ground import fork, parting, shared_states
from queries.explanation.dag import firm_paths, path_shares, states_of
from queries.explanation.shown import Path
from tests.explanations import DISEASE, DRUG, path_of
from tests.mechanisms import paths

IL4, IL13, IL4R, TYPE_2, JAK1 = "HGNC:6014", "HGNC:5973", "HGNC:6015", "ikg:type-ii-il4-receptor", "HGNC:6190"


def costing(text: str, score: float) -> Path:
    """Return a path of this cost."""
    return replace(path_of(text), score=score)


BENEFIT = (
    costing("dupilumab -|4 IL4 ->1 JAK1 ->1 alopecia areata", 1.0),
    costing("dupilumab -|4 IL13 ->1 JAK1 ->1 alopecia areata", 2.0),
)
HARM = (costing("dupilumab -|4 IL4 -|2 CD8 ->1 alopecia areata", 1.0),)


def names(shared: tuple[SharedState, ...]) -> list[tuple[str, int, int]]:
    """Return name, state and depth of shared states."""
    return [(state.node.name, state.state, state.depth) for state in shared]


def test_states_carry_the_mass_of_each_side() -> None:
    """The share of a state is the mass of the paths through it over all: here e^-1 of e^-1 + e^-2."""
    shared = shared_states(BENEFIT, HARM)
    assert names(shared) == [("dupilumab", 1, 0), ("IL4", -1, 1)]
    assert (shared[0].benefit_share, shared[0].harm_share) == (1.0, 1.0)
    assert shared[1].benefit_share == pytest.approx(exp(-1) / (exp(-1) + exp(-2)), abs=1e-6)
    assert shared[1].harm_share == 1.0


def test_opposite_directions_are_not_shared() -> None:
    """The disease goes down on one side and up on the other: no common state."""
    assert DISEASE.name not in {state.node.name for state in shared_states(BENEFIT, HARM)}


@given(paths(), paths())
def test_shared_states_by_brute_force(benefit: list[Path], harm: list[Path]) -> None:
    """A state is listed if and only if a firm path of each side passes it; shares and order are those of the definition."""
    shared = shared_states(benefit, harm)
    sides = [[path for _, path in firm_paths(side)] for side in (benefit, harm)]
    wanted = set.intersection(*({s for path in side for s in states_of(path)} for side in sides)) if all(sides) else set()
    assert {(state.node.id, state.state) for state in shared} == wanted
    for state in shared:
        for side, share in zip(sides, (state.benefit_share, state.harm_share), strict=True):
            mass = [s for path, s in zip(side, path_shares(side), strict=True) if (state.node.id, state.state) in states_of(path)]
            assert share == pytest.approx(sum(mass), abs=1e-6)
        assert state.depth == min(
            states_of(path).index((state.node.id, state.state))
            for side in sides
            for path in side
            if (state.node.id, state.state) in states_of(path)
        )
    assert list(shared) == sorted(shared, key=lambda s: (s.depth, -s.benefit_share * s.harm_share, s.node.id, s.state))


@given(paths(), paths())
def test_the_fork_ends_the_shared_prefix(benefit: list[Path], harm: list[Path]) -> None:
    """The fork is on every firm path; no state behind it on the best path is; it is among the shared states."""
    found = fork(benefit, harm)
    sides = [[path for _, path in firm_paths(side)] for side in (benefit, harm)]
    if found is None:
        assert not all(sides)
        return
    everywhere = [state for state in states_of(sides[0][0]) if all(state in states_of(p) for side in sides for p in side)]
    assert (found.node.id, found.state) == everywhere[-1]
    assert found.depth == states_of(sides[0][0]).index(everywhere[-1])
    assert (found.node.id, found.state) in {(s.node.id, s.state) for s in shared_states(benefit, harm)}


def test_a_supposition_moves_no_fork() -> None:
    """A path that rests on a supposition does not take part."""
    supposed = path_of("dupilumab -|1/0? IL13 -|1 alopecia areata")
    found = fork(BENEFIT[:1], (*HARM, supposed))
    assert found is not None
    assert (found.node.name, found.depth) == ("IL4", 1)
    assert fork(BENEFIT, (supposed,)) is None
    assert shared_states(BENEFIT, (supposed,)) == ()


def graph_of(*facts: tuple[str, str, str], receptors: tuple[str, ...] = (IL4R, TYPE_2)) -> Graph:
    """Return a graph of these claims, one study each."""
    entities = [
        DRUG_ENTITY,
        *(Entity(curie, name, "Gene", roles=("Cytokine",)) for curie, name in ((IL4, "IL4"), (IL13, "IL13"))),
        *(Entity(curie, name, "Gene", roles=("Receptor",) if curie in receptors else ())
          for curie, name in ((IL4R, "IL4R"), (TYPE_2, "type II receptor"), (JAK1, "JAK1"))),
    ]  # fmt: skip
    rows = [
        Assertion(
            Statement(*fact),
            Evidence("supports", Publication(f"PMID:{n}", pmid=str(n), date="2017", precision="year"), f"PMID:{n}", "in_vitro"),
        )
        for n, fact in enumerate(facts, 1)
    ]
    return Graph.from_records([*entities, *rows])


DRUG_ENTITY = Entity(DRUG.id, DRUG.name, DRUG.category)
STRUCTURE = (
    (DRUG.id, "decreases_activity_of", IL4R),
    (DRUG.id, "inhibits_signaling_of", IL4),
    (DRUG.id, "inhibits_signaling_of", IL13),
    (IL4R, "part_of", TYPE_2),
    (IL4, "increases_activity_of", IL4R),
    (IL13, "increases_activity_of", TYPE_2),
)


def with_ids(paths_: tuple[Path, ...], ids: dict[str, str]) -> tuple[Path, ...]:
    """Return paths whose nodes have these identifiers."""

    def moved(path: Path) -> Path:
        steps = tuple(
            replace(
                s,
                subject=replace(s.subject, id=ids.get(s.subject.name, s.subject.id)),
                object=replace(s.object, id=ids.get(s.object.name, s.object.id)),
            )
            for s in path.steps
        )
        return replace(path, steps=steps)

    return tuple(moved(path) for path in paths_)


IDS = {"IL4": IL4, "IL13": IL13, "IL4R": IL4R, "JAK1": JAK1}


def test_receptor_and_ligands_are_one_action() -> None:
    """Where the graph has the receptor, its complex and its ligands, paths that name any of them are read as one."""
    shared = shared_states(with_ids(BENEFIT, IDS), with_ids(HARM, IDS), graph=graph_of(*STRUCTURE))
    one = shared[1]
    assert (one.node.name, one.state, one.depth, one.benefit_share, one.harm_share) == ("IL4R", -1, 1, 1.0, 1.0)
    assert [node.name for node in one.members] == ["IL4", "IL13"]
    assert names(shared)[2] == ("IL4", -1, 1)


def test_a_path_counts_once_in_one_action() -> None:
    """A path through the receptor and then its ligand has its mass counted once."""
    both = with_ids((costing("dupilumab -|7 IL4R ->1 IL4 ->1 alopecia areata", 1.0),), IDS)
    shared = shared_states((*with_ids(BENEFIT, IDS), *both), with_ids(HARM, IDS), graph=graph_of(*STRUCTURE))
    assert next(state for state in shared if state.members).benefit_share == 1.0


@pytest.mark.parametrize("missing", [0, 3])
def test_no_structure_no_single_action(missing: int) -> None:
    """Without the drug's action on the receptor, or the chain's place in the complex, IL13 is not read with IL4R."""
    graph = graph_of(*(fact for number, fact in enumerate(STRUCTURE) if number != missing))
    shared = shared_states(with_ids(BENEFIT, IDS), with_ids(HARM, IDS), graph=graph)
    assert all(state.benefit_share < 1 for state in shared if state.depth)


def test_parts_of_a_complex_that_are_no_receptor_stay_apart() -> None:
    """A drug that hits two kinases of one receptor complex does two things."""
    facts = ((DRUG.id, "decreases_activity_of", JAK1), (DRUG.id, "decreases_activity_of", IL4), (JAK1, "part_of", TYPE_2))
    shared = shared_states(with_ids(BENEFIT, IDS), with_ids(HARM, IDS), graph=graph_of(*facts))
    assert not any(state.members for state in shared)


def test_where_the_sides_part_in_words() -> None:
    """Fork behind the drug, one action, unequal shares, nothing shared, no mechanism: each has its sentence."""
    graph = graph_of(*STRUCTURE)
    benefit, harm = with_ids(BENEFIT, IDS), with_ids(HARM, IDS)
    assert parting(fork(benefit, harm), shared_states(benefit, harm, graph=graph)) == (
        "All mechanisms of both sides run through IL4R ↓ (read as one with IL4 and IL13, which act through it) and part "
        "behind it. Taken by itself, IL4 ↓ carries all mechanisms of harm and 73 % of benefit's path mass."
    )
    assert parting(fork(benefit, harm), shared_states(benefit, harm)) == (
        "All mechanisms of harm and 73 % of benefit's path mass run through IL4 ↓ and part behind it."
    )
    strict = fork(benefit[:1], harm)
    assert parting(strict, shared_states(benefit[:1], harm)) == (
        "All mechanisms of both sides run through IL4 ↓ and part behind it."
    )
    assert parting(Fork(DRUG, 1, 0), ()) == "The sides part at dupilumab itself: no later state is on mechanisms of both."
    assert parting(None, ()) == ""
