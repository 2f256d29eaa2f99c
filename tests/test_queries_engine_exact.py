"""The path search gives exactly what the definition gives, in order: in Python and in C, on thousands of random graphs."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.engine import ROOM, ArcTable, Automaton, FoundPath, PathQuery, find_paths
from tests.path_cases import brute_force, question, random_query, random_table
from tests.path_kernel import kernel_or_reason

BLOCK = 500  # random questions in one test
Engine = Literal["python", "kernel"]
ENGINES: tuple[Engine, ...] = ("python", "kernel")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; the kernel must be there wherever a compiler is."""
    if request.param == "kernel" and (reason := kernel_or_reason()):
        pytest.skip(reason)
    chosen: Engine = request.param
    return chosen


@pytest.mark.parametrize("block", range(8))
def test_every_answer_is_that_of_the_definition(engine: Engine, block: int) -> None:
    """Same paths, same costs, same order, for 4,000 random questions."""
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        table, query = question(seed)
        assert list(find_paths(table, query, engine=engine)) == brute_force(table, query), seed


def test_the_random_questions_ask_something() -> None:
    """Enough of them have answers, several answers, ties, and each feature of a query."""
    features: Counter[str] = Counter()
    answered = several = tied = 0
    for seed in range(4000):
        table, query = question(seed)
        paths = brute_force(table, query)
        answered += bool(paths)
        several += len(paths) > 3
        tied += len({(path.cost, len(path.arcs)) for path in paths}) < len(paths)
        if paths:
            features.update(name for name, value in vars(query).items() if value not in (None, frozenset()))
            features.update(["several sources"] if len(query.sources) > 1 else [])
            features.update(["coherence paid"] if any(path.coherence for path in paths) else [])
    assert (answered > 1200, several > 500, tied > 400) == (True, True, True)
    assert min(features.values()) > 50
    assert set(features) == {*PathQuery.__dataclass_fields__, "several sources", "coherence paid"}


def test_long_searches_within_a_horizon_are_exact() -> None:
    """Beyond four steps the kernel looks within a horizon and goes further out when asked for more: still the same list."""
    if reason := kernel_or_reason():
        pytest.skip(reason)
    from queries.engine.kernel import search

    for seed in range(10_000, 12_000):
        table, query = question(seed)
        for first in (1, 3) if query.max_steps > 4 else ():
            assert list(search(table, query, deadline=None, room=ROOM, first=first)) == brute_force(table, query), seed


@settings(max_examples=200)
@given(st.integers(0, 2**32), st.integers(1, 5))
def test_the_first_paths_are_the_first_of_all(seed: int, wanted: int) -> None:
    """Taking some paths and no more gives the first of all."""
    table, query = question(seed)
    for engine in ENGINES[: 1 if kernel_or_reason() else 2]:
        assert list(islice(find_paths(table, query, engine=engine), wanted)) == brute_force(table, query)[:wanted]


@pytest.mark.parametrize("seed", range(40))
def test_both_engines_agree_on_larger_graphs(seed: int) -> None:
    """Where brute force cannot follow, two programs that share no line give the same first 60 paths."""
    if reason := kernel_or_reason():
        pytest.skip(reason)
    chance = random.Random(seed)
    table = random_table(chance, 150, 1200)
    for _ in range(4):
        query = random_query(chance, table, most=6)
        one, two = (list(islice(find_paths(table, query, engine=engine), 60)) for engine in ENGINES)
        assert one == two


def test_tables_of_many_nodes_are_searched_alike() -> None:
    """In a large table the kernel asks a set of nodes before it reads their entries: the answers stay those of Python."""
    if reason := kernel_or_reason():
        pytest.skip(reason)
    chance = random.Random(11)
    for _ in range(6):
        small = random_table(chance, 40, 300)
        step = 7000  # 280,000 nodes
        tails = [node * step for node in range(40) for _ in range(small.offsets[node + 1] - small.offsets[node])]
        kinds = np.zeros(40 * step, dtype=np.uint8)
        kinds[::step] = small.node_kinds
        table = ArcTable.build(
            40 * step, np.array(tails, dtype=np.int64), np.array(small.heads, dtype=np.int64) * step, small.signs, small.costs,
            kinds=small.kinds, relations=small.relations, classes=small.classes, node_kinds=kinds,
        )  # fmt: skip
        for _ in range(25):
            query = random_query(chance, small, most=6)
            spread = replace(
                query, sources={node * step: d for node, d in query.sources.items()},
                goals={node * step: d for node, d in query.goals.items()},
                avoid=frozenset(node * step for node in query.avoid), node_costs=None, automaton=None,
            )  # fmt: skip
            one, two = (list(islice(find_paths(table, spread, engine=engine), 60)) for engine in ENGINES)
            assert one == two


def test_a_work_area_serves_any_question_in_any_order() -> None:
    """The kernel clears nothing between searches: what one leaves behind never shows in the next."""
    if reason := kernel_or_reason():
        pytest.skip(reason)
    chance = random.Random(7)
    table = random_table(chance, 30, 120)
    queries = [random_query(chance, table, most=5) for _ in range(40)]
    expected = [list(find_paths(table, query, engine="python")) for query in queries]
    for number in (chance.randrange(40) for _ in range(300)):
        assert list(find_paths(table, queries[number], engine="kernel")) == expected[number]


def test_order_of_ties(engine: Engine) -> None:
    """Equal costs: fewer steps first, then the smaller arc numbers from the first step on."""
    table = ArcTable.build(4, [0, 0, 0, 1, 1, 2], [1, 2, 3, 3, 3, 3], [1] * 6, [1, 1, 2, 1, 1, 1])
    found = list(find_paths(table, PathQuery({0: 1}, {3: 1}, 3), engine=engine))
    assert found == [FoundPath(2, arcs, 0) for arcs in ((2,), (0, 3), (0, 4), (1, 5))]


def test_leaving_a_node_costs_but_not_the_first(engine: Engine) -> None:
    """A path pays for leaving each node but the one where it starts."""
    table = ArcTable.build(3, [0, 1], [1, 2], [1, -1], [10, 20], node_costs=[500, 7, 900])
    assert list(find_paths(table, PathQuery({0: 1}, {2: -1}, 2), engine=engine)) == [FoundPath(37, (0, 1), 0)]


def test_goals_absorb_and_some_do_not_count(engine: Engine) -> None:
    """A path ends at the first goal it meets, also at one that counts in no direction."""
    table = ArcTable.build(4, [0, 0, 1, 2], [1, 2, 3, 3], [1, 1, 1, 1], [1, 5, 1, 1])
    assert [p.arcs for p in find_paths(table, PathQuery({0: 1}, {3: 1, 1: 0}, 3), engine=engine)] == [(1, 3)]


def test_a_source_that_is_a_goal_is_left_at_once(engine: Engine) -> None:
    """Starting on a goal is no answer, and the way back to it is none either."""
    table = ArcTable.build(3, [0, 1, 1], [1, 0, 2], [1, 1, 1], [1, 1, 1])
    assert [p.arcs for p in find_paths(table, PathQuery({0: 1}, {0: 1, 2: 1}, 4), engine=engine)] == [(0, 2)]


def test_a_pattern_of_relations(engine: Engine) -> None:
    """An automaton keeps the paths whose relations fit: first 5, then any number of 6."""
    table = ArcTable.build(4, [0, 0, 1, 2], [1, 2, 2, 3], [1] * 4, [1] * 4, relations=[5, 6, 6, 6])
    pattern = Automaton(((-1, 1, -1), (-1, -1, 1)), frozenset({1}), relation_groups={5: 1, 6: 2})
    query = PathQuery({0: 1}, {3: 1}, 3, automaton=pattern)
    assert [p.arcs for p in find_paths(table, query, engine=engine)] == [(0, 2, 3)]


def test_each_pair_of_classes_is_asked_for_once(engine: Engine) -> None:
    """The table remembers pair costs between searches, one memory for each function."""
    table = ArcTable.build(4, [0, 0, 1, 2], [1, 2, 3, 3], [1] * 4, [1] * 4, classes=[0, 1, 2, 2])
    asked: list[tuple[int, int]] = []

    def pair_cost(first: int, second: int) -> int:
        asked.append((first, second))
        return 10 * first

    for _ in range(3):
        found = list(find_paths(table, PathQuery({0: 1}, {3: 1}, 3, pair_cost=pair_cost), engine=engine))
        assert found == [FoundPath(2, (0, 2), 0), FoundPath(12, (1, 3), 10)]
    assert sorted(asked) == [(0, 2), (1, 2)]


@pytest.mark.parametrize("wrong", [-1, 2**32, 0.5, "1"])
def test_a_pair_cost_that_is_none_is_refused(engine: Engine, wrong: object) -> None:
    """Negative, too large and fractional costs would make the order wrong."""
    table = ArcTable.build(3, [0, 1], [1, 2], [1, 1], [1, 1])
    query = PathQuery({0: 1}, {2: 1}, 3, pair_cost=lambda _a, _b: wrong)  # type: ignore[arg-type,return-value]  # wrong on purpose
    with pytest.raises(ValueError, match="whole number"):
        list(find_paths(table, query, engine=engine))


def test_an_error_in_a_pair_cost_reaches_the_caller(engine: Engine) -> None:
    """The search stops, and the table can be searched again."""
    table = ArcTable.build(3, [0, 1], [1, 2], [1, 1], [1, 1])
    with pytest.raises(ZeroDivisionError):
        list(find_paths(table, PathQuery({0: 1}, {2: 1}, 3, pair_cost=lambda a, b: a // b), engine=engine))
    assert len(list(find_paths(table, PathQuery({0: 1}, {2: 1}, 3), engine=engine))) == 1
