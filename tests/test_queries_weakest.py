"""The weakest link: what is needed most for what supports it, and what is left without it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.explanation.answer import Status, WeakLink
from queries.explanation.dag import build_dag, firm_paths
from queries.explanation.shown import Path, Step
from queries.explanation.weakest import doubt, weakest_link
from tests.explanations import path_of
from tests.mechanisms import paths


def believed(path: Path, *beliefs: float, score: float = 1.0) -> Path:
    """Return a path whose steps are believed so much."""
    return replace(path, score=score, steps=tuple(replace(s, belief=b) for s, b in zip(path.steps, beliefs, strict=True)))


def link_of(found: list[Path], *, observed: bool = False) -> WeakLink:
    """Return the weakest link, which must be there."""
    link = weakest_link(found, build_dag(found), observed=observed)
    assert link is not None
    return link


def claim(step: Step) -> tuple[str, str]:
    """Return the names at the ends of a step."""
    return step.subject.name, step.object.name


def test_needed_and_doubtful_wins() -> None:
    """A step on all paths with little behind it beats a worse one on few paths and a better one on all."""
    trunk = "dupilumab -|5 IL4R ->1 STAT6"
    found = [
        believed(path_of(f"{trunk} ->4 alopecia areata"), 0.9, 0.6, 0.9),
        believed(path_of(f"{trunk} ->1 IFNG ->1 alopecia areata"), 0.9, 0.6, 0.3, 0.9, score=3.0),
    ]
    link = link_of(found)
    assert claim(link.step) == ("IL4R", "STAT6")
    assert (link.necessity, link.paths_left, link.best_before, link.best_after) == (1.0, 0, 1.0, None)
    assert link.status_after == "none"
    assert link.sentence == (
        "“IL4R increases activity of STAT6” carries 100 % of the mechanisms; 1 study stands behind it; without it no "
        "mechanism that rests on evidence is left, and the side falls to none."
    )


def test_what_is_left_is_said() -> None:
    """Another mechanism takes over at its cost, and a predicted side stays predicted."""
    found = [
        believed(path_of("dupilumab -|5 IL4R ->1 STAT6 ->4 alopecia areata"), 0.9, 0.6, 0.9),
        believed(path_of("dupilumab -|5 IL4R ->1 JAK1 ->4 alopecia areata"), 0.9, 0.9, 0.9, score=2.5),
    ]
    link = link_of(found)
    assert (link.paths_left, link.best_before, link.best_after, link.status_after) == (1, 1.0, 2.5, "predicted")
    assert link.sentence.endswith(
        "without it 1 of 2 mechanisms are left, the best costs 2.50 instead of 1.00, and the side stays predicted."
    )


@pytest.mark.parametrize(
    ("observed", "supposed", "status"),
    [(True, False, "observed"), (False, True, "hypothesised"), (False, False, "none")],
)
def test_status_without_the_link(observed: bool, supposed: bool, status: Status) -> None:
    """What was observed stays observed; a predicted side falls to suppositions, or to none."""
    found = [path_of("dupilumab -|5 IL4R ->1 STAT6 ->4 alopecia areata")]
    if supposed:
        found.append(path_of("dupilumab -|5 IL4R ->1/0? JAK1 ->1 alopecia areata"))
    found[0] = believed(found[0], 0.9, 0.5, 0.9)
    assert link_of(found, observed=observed).status_after == status


def test_the_first_step_is_passed_over_unless_disputed() -> None:
    """What the drug itself does is no weak link, unless a study speaks against it or there is nothing else."""
    found = [believed(path_of("dupilumab -|1 IL4R ->4 alopecia areata"), 0.4, 0.9)]
    assert claim(link_of(found).step) == ("IL4R", "alopecia areata")
    disputed = [believed(path_of("dupilumab -|1/1 IL4R ->4 alopecia areata"), 0.4, 0.9)]
    assert claim(link_of(disputed).step) == ("dupilumab", "IL4R")
    assert claim(link_of([path_of("dupilumab -|1 alopecia areata")]).step) == ("dupilumab", "alopecia areata")


def test_opposite_findings_add_doubt() -> None:
    """The conflict term of the cost lowers the belief that counts."""
    step = path_of("dupilumab -|1 IL4R ->4 alopecia areata").steps[1]
    assert doubt(replace(step, belief=0.8)) == pytest.approx(0.2)
    assert doubt(replace(step, belief=0.8, terms={"conflict": 0.6931471805599453})) == pytest.approx(0.6)


def test_the_sentence_says_who_found_the_opposite() -> None:
    """What makes a step weak is told in plain words, without the program's own measures."""
    first, last = path_of("dupilumab -|5 IL4R ->1 alopecia areata").steps
    disputed = replace(path_of("dupilumab -|5 IL4R ->1 alopecia areata"), steps=(first, replace(last, opposed=2)))
    sentence = link_of([disputed]).sentence
    assert "1 study stands behind it and 2 found the opposite; without it" in sentence
    assert "path mass" not in sentence
    assert "belief" not in sentence


def test_no_arc_no_link() -> None:
    """A side without a mechanism that rests on evidence has no weakest link."""
    assert weakest_link([], build_dag([]), observed=True) is None
    supposed = [path_of("dupilumab -|5 IL4R ->1/0? JAK1 ->1 alopecia areata")]
    assert weakest_link(supposed, build_dag(supposed), observed=False) is None


@given(paths(), st.booleans())
def test_what_is_left_by_brute_force(ranked: list[Path], observed: bool) -> None:
    """Paths left are those without the claim; the best of them is the cost after."""
    link = weakest_link(ranked, build_dag(ranked), observed=observed)
    firm = [path for _, path in firm_paths(ranked)]
    assert (link is None) == (not firm)
    if link is None:
        return
    key = (link.step.subject.id, link.step.relation, link.step.object.id)
    left = [p for p in firm if key not in {(s.subject.id, s.relation, s.object.id) for s in p.steps}]
    assert link.paths_left == len(left)
    assert link.best_before == firm[0].score
    assert link.best_after == (left[0].score if left else None)
    if observed:
        assert link.status_after == "observed"
    else:
        assert link.status_after in (("predicted",) if left else ("hypothesised", "none"))
