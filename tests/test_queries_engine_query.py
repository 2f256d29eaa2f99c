"""What no table could answer is refused when it is asked."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from queries.engine import ArcTable, Automaton, PathQuery, find_paths
from queries.engine.query import MOST_STATES, MOST_STEPS

TABLE = ArcTable.build(3, [0, 1], [1, 2], [1, 1], [1, 1], classes=[0, 4])


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": {0: 0}},
        {"sources": {0: 2}},
        {"goals": {2: 3}},
        {"max_steps": -1},
        {"max_steps": MOST_STEPS + 1},
        {"inner_kinds": b"\1"},
        {"last_kinds": bytes(255)},
        {"inner_nodes": bytes(257)},
    ],
)
def test_questions_that_mean_nothing(wrong: dict[str, Any]) -> None:
    """Directions, step numbers and flags are checked at once."""
    with pytest.raises(ValueError, match=r"directions|max_steps|flags"):
        PathQuery(**{"sources": {0: 1}, "goals": {2: 1}, "max_steps": 3, **wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": {3: 1}},
        {"sources": {-1: 1}},
        {"goals": {3: 1}},
        {"avoid": frozenset({5})},
        {"arc_mask": memoryview(b"\1")},
        {"arc_mask": memoryview(bytes(3))},
        {"arc_mask": memoryview(array("I", [1, 1]))},
        {"costs": memoryview(b"\1\1")},
        {"costs": memoryview(array("I", [1, 1, 1, 1]))[::2]},
        {"node_costs": memoryview(array("I", [1, 1]))},
        {"class_costs": memoryview(array("I", [1] * 4))},
        {"automaton": Automaton(((0,),), frozenset({0}), node_groups={9: 0})},
    ],
)
def test_questions_that_do_not_fit_the_table(wrong: dict[str, Any]) -> None:
    """Nodes the table lacks and columns of another length or type are refused before anything is searched."""
    query = PathQuery(**{"sources": {0: 1}, "goals": {2: 1}, "max_steps": 3, **wrong})
    with pytest.raises(ValueError, match=r"no node|format|numbers"):
        find_paths(TABLE, query)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"transitions": ()}, "1–64 states"),
        ({"transitions": ((0,),) * (MOST_STATES + 1)}, "1–64 states"),
        ({"transitions": ((0, 0), (0,))}, "same symbols"),
        ({"transitions": ((1, 0),)}, "leads to"),
        ({"transitions": ((-2, 0),)}, "leads to"),
        ({"accepting": frozenset({1})}, "must be states"),
        ({"start": 1}, "must be states"),
        ({"head_groups": 0}, "multiple"),
        ({"head_groups": 3}, "multiple"),
        ({"relation_groups": {0: 2}}, "relation groups"),
        ({"relation_groups": {70_000: 0}}, "relation groups"),
        ({"kind_groups": {0: 1}}, "kind groups"),
        ({"node_groups": {0: -1}}, "node groups"),
    ],
)
def test_automata_that_do_not_fit_together(wrong: dict[str, Any], message: str) -> None:
    """Each table of an automaton is checked against the others."""
    with pytest.raises(ValueError, match=message):
        Automaton(**{"transitions": ((0, 0),), "accepting": frozenset({0}), **wrong})


def test_a_node_group_comes_before_that_of_its_kind() -> None:
    """The symbol of a step: relation group, then the head's own group or that of its kind."""
    automaton = Automaton(
        ((0,) * 6,), frozenset({0}), head_groups=3, relation_groups={8: 1}, kind_groups={2: 1}, node_groups={5: 2}
    )
    cases = [(8, 5, 2), (8, 4, 2), (7, 5, 2), (7, 4, 0)]
    assert [automaton.symbol(*case) for case in cases] == [5, 4, 2, 0]
