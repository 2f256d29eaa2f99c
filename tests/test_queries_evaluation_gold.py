"""The yardstick: directions of curated nodes, hits, and which records make a question."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.evaluation.gold import GoldPath, questions_of
from queries.evaluation.metrics import MEASURES, SIGN_MEASURES, Resampling, score
from queries.evaluation.ranking import Ranked


def gold(*links: tuple[str, str, int], key: str = "r", source: str = "D", target: str = "X") -> GoldPath:
    return GoldPath(key, f"study {key}", source, target, links)


#: drug D lowers A; A drives B and, without a known sign, C; both lead to X; E is a dead end
BRANCHED = gold(("D", "A", -1), ("A", "B", 1), ("A", "C", 0), ("B", "X", 1), ("C", "X", 1), ("A", "E", 1))

links = st.lists(st.tuples(st.sampled_from("DABCX"), st.sampled_from("DABCX"), st.sampled_from((-1, 0, 1))), max_size=9)


def walks(path: GoldPath) -> dict[tuple[str, ...], set[tuple[int, ...]]]:
    """Every loopless path by brute force: nodes between the ends, with all their directions."""
    found: dict[tuple[str, ...], set[tuple[int, ...]]] = {}

    def go(nodes: tuple[str, ...], directions: tuple[int, ...]) -> None:
        for tail, head, sign in path.links:
            if tail == (nodes or (path.source,))[-1] and head not in (*nodes, path.source):
                direction = (directions or (1,))[-1] * sign
                if head == path.target:
                    found.setdefault(nodes, set()).add(directions)
                else:
                    go((*nodes, head), (*directions, direction))

    go((), ())
    return found


def test_directions_are_products_of_signs() -> None:
    """A node beyond a link without a sign has no known direction; dead ends are not between the ends."""
    assert BRANCHED.directions == {"A": {-1}, "B": {-1}, "C": {0}}


@given(links)
def test_hits_equal_brute_force(drawn: list[tuple[str, str, int]]) -> None:
    """`follows` agrees with the enumeration of all paths, with and without directions."""
    path = gold(*drawn)
    found = walks(path)
    for length in range(4):
        for nodes in product("ABC", repeat=length):
            if len(set(nodes)) < len(nodes):
                continue
            assert path.follows(nodes) == (nodes in found)
            for directions in product((-1, 1), repeat=length):
                fits = any(
                    all(theirs in (0, ours) for theirs, ours in zip(known, directions, strict=True))
                    for known in found.get(nodes, ())
                )
                assert path.follows(nodes, directions) == fits


@pytest.mark.parametrize(
    ("nodes", "directions", "signed", "unsigned"),
    [
        (("A", "B"), (-1, -1), True, True),
        (("A", "B"), (-1, 1), False, True),
        (("A", "C"), (-1, 1), True, True),
        (("A", "C"), (-1, -1), True, True),
        (("A",), (-1,), False, False),
        (("A", "B", "E"), (-1, -1, -1), False, False),
        ((), (), False, False),
    ],
)
def test_hits_by_hand(nodes: tuple[str, ...], directions: tuple[int, ...], signed: bool, unsigned: bool) -> None:
    """All nodes between the ends in their order, and their directions where the record has one."""
    assert BRANCHED.follows(nodes, directions) == signed
    assert BRANCHED.follows(nodes) == unsigned


def test_records_of_a_pair_are_hidden_together() -> None:
    """Two records of one pair are one question; a third, of the other half, is hidden with them; others are not."""
    step = (("D", "A", -1), ("A", "X", 1))
    asked = [gold(*step, key="1"), gold(("D", "B", -1), ("B", "X", 1), key="2"), gold(*step, key="5", target="Y")]
    others = [gold(*step, key="3"), gold(*step, key="4", source="other")]
    questions, left_out = questions_of([*asked, gold(("D", "X", -1), key="6")], others)
    assert [(q.source, q.target, len(q.gold), sorted(q.hidden)) for q in questions if q.target == "X"] == [
        ("D", "X", 2, ["study 1", "study 2", "study 3", "study 6"])
    ]
    assert left_out == {"without a node between drug and disease": 2}  # record 5 never reaches Y, record 6 is one link


def test_a_record_without_ends_makes_no_question() -> None:
    """A drug that cannot be told is counted, not guessed."""
    assert questions_of([gold(("D", "A", 1), source="")]) == ([], {"without a drug or disease": 1})


def test_measures_by_hand() -> None:
    """Two ranked paths against the branched record: the second hits; nodes, signs and their harmonic means."""
    [question], _ = questions_of([BRANCHED])
    found = score(question, [Ranked(("A", "Z"), (-1, 1)), Ranked(("A", "B"), (-1, -1))])
    assert (found["hit@1"], found["hit@k"], found["mrr"]) == (0, 1, 0.5)
    assert (found["best precision"], found["best recall"]) == pytest.approx((0.5, 1 / 3))
    assert found["best f1"] == pytest.approx(0.4)
    assert (found["union precision"], found["union recall"]) == pytest.approx((2 / 3, 2 / 3))
    assert (found["best signs right"], found["best signs"]) == (1, 1)
    assert (found["union signs right"], found["union signs"]) == (2, 2)


def test_wrong_directions_are_no_hit_but_found_nodes() -> None:
    """With the signs turned round the path misses, the unsigned measure hits, and sign accuracy says how many are wrong."""
    [question], _ = questions_of([BRANCHED])
    found = score(question, [Ranked(("A", "B"), (1, -1))])
    assert (found["hit@1"], found["hit@1 unsigned"], found["best f1"]) == pytest.approx((0, 1, 0.8))
    assert (found["best signs right"], found["best signs"]) == (1, 2)


def test_no_answer_scores_nothing() -> None:
    """The empty answer is 0 in every measure."""
    [question], _ = questions_of([BRANCHED])
    assert set(score(question, []).values()) == {0.0}
    assert set(score(question, [])) == {*MEASURES, *SIGN_MEASURES}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1)), min_size=1, max_size=20))
def test_intervals_hold_the_value_of_equal_groups(rows: list[tuple[str, float]]) -> None:
    """Means are exact; equal values have no width; groups stay whole."""
    drawn = Resampling([group for group, _ in rows], samples=30, seed=1)
    ones = [1.0] * len(rows)
    assert drawn.ratio([v for _, v in rows], ones).value == pytest.approx(sum(v for _, v in rows) / len(rows))
    same = drawn.ratio(ones, ones)
    assert (same.low, same.high) == pytest.approx((1, 1))
    assert drawn.difference(ones, ones, ones).high == 0


def test_one_group_has_no_width() -> None:
    """All questions of one drug are one draw: the interval cannot be narrower than that says, nor wider."""
    drawn = Resampling(["a"] * 4, samples=20)
    assert drawn.ratio([1, 0, 0, 1], [1, 1, 1, 1]).low == drawn.ratio([1, 0, 0, 1], [1, 1, 1, 1]).high == 0.5
    assert drawn.ratio([0, 0, 0, 0], [0, 0, 0, 0]).value is None
