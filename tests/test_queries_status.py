"""How sure a side is: what counts as seen, a study that speaks both ways, reviews, and mechanisms in plain grammar."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Assertion
from queries.explanation.answer import Side
from queries.explanation.status import side_of
from tests.clinical_reports import AREATA, DRUG, findings, graph, report
from tests.explanations import path_of

HARM = "has_adverse_event"
ONE, TWO = path_of("dupilumab -| IL4R -> alopecia areata"), path_of("dupilumab -| IL13 -> alopecia areata")
CLASH = replace(TWO, clashes=("cell",))


def harm(*reports: Assertion, paths: tuple[object, ...] = (), stopped: bool = False) -> Side:
    """The side of harm of a graph of the reports, with these paths."""
    return side_of("harm", findings(graph(*reports)), paths, 20, stopped=stopped)  # type: ignore[arg-type]  # keywords of a test


def test_a_study_that_speaks_both_ways_is_counted_once() -> None:
    """A series in which some stayed well on the drug is one study for harm, and no study against it."""
    series = [report("1", DRUG, HARM, AREATA), report("1", DRUG, HARM, AREATA, stance="refutes", finding="went on")]
    assert harm(*series).sentence.startswith("Observed in 1 study (which also found something that speaks against it);")
    more = harm(*series, report("2", DRUG, HARM, AREATA), report("3", DRUG, HARM, AREATA, stance="null"))
    assert more.sentence.startswith(
        "Observed in 2 studies (1 of them also found something that speaks against it), against 1 study that found none or"
    )


def test_a_retelling_review_is_no_study_against_what_it_retells() -> None:
    """A review that tells of both outcomes does not stand against the studies that saw it."""
    side = harm(
        report("1", DRUG, HARM, AREATA, design="cohort"),
        report("2", DRUG, HARM, AREATA, design="systematic_review", recounts=True),
        report("2", DRUG, HARM, AREATA, design="systematic_review", recounts=True, stance="refutes", finding="went on"),
    )
    assert side.sentence.startswith("Observed in 1 study;")


def test_what_only_a_review_tells_is_said_to_be_retold() -> None:
    """Nothing first hand: the sentence names reviews, not studies."""
    assert harm(report("2", DRUG, HARM, AREATA, design="review", recounts=True)).sentence.startswith(
        "Observed in studies that 1 review retells;"
    )


def test_animals_predict_and_never_observe() -> None:
    """What was seen in mice is no observation, whether or not a mechanism leads there."""
    mice = report("1", DRUG, HARM, AREATA, design="in_vivo")
    for paths in ((), (ONE,)):
        side = harm(mice, paths=paths)
        assert side.status == "predicted"
        assert "no clinical study in this graph reports harm, though it was seen in animals or in tissue;" in side.sentence


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ((ONE,), "1 mechanism, without contradicting contexts."),
        ((ONE, TWO), "2 mechanisms, all without contradicting contexts."),
        ((CLASH,), "1 mechanism, with contradicting contexts."),
        ((ONE, CLASH), "2 mechanisms, 1 of them without contradicting contexts."),
    ],
)  # fmt: skip
def test_mechanisms_are_counted_in_plain_grammar(paths: tuple[object, ...], said: str) -> None:
    """One, all, none and some each have their own words."""
    assert harm(paths=paths).sentence.endswith(said)


@given(
    st.lists(
        st.builds(
            report, st.sampled_from(["1", "2", "3"]), st.just(DRUG), st.just(HARM), st.just(AREATA),
            stance=st.sampled_from(["supports", "null", "refutes"]), phase=st.sampled_from(["", "on"]),
            design=st.sampled_from(["case_report", "cohort", "review", "in_vivo", "hypothesis"]), recounts=st.booleans(),
        ),
        max_size=6,
    ),
    st.booleans(),
)  # fmt: skip
def test_observed_needs_a_supporting_study_in_patients(made: list[Assertion], stopped: bool) -> None:
    """Whatever else is there: observed exactly where a study in patients supports the side."""
    side = harm(*made, stopped=stopped)
    seen = any(a.evidence.stance == "supports" and a.evidence.design not in ("in_vivo", "hypothesis") for a in made)
    assert (side.status == "observed") == seen == side.sentence.startswith("Observed in ")
