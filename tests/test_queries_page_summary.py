"""The answer in a sentence says what happened to the disease, on what, and in whom: never that patients of it were harmed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queries.explanation.answer import ClinicalFinding, EvidenceItem, Node, SideName, Status
from queries.page import to_text
from tests.explanations import DISEASE, DRUG, explanation_of

HAIR = Node("ikg:hair-density", "hair density", "PhenotypicFeature")
CLASS = Node("ikg:il4r-antibody", "IL4R antibody", "Treatment")


def finding(side: SideName, relation: str, *, object_: Node = DISEASE, subject: Node = DRUG, note: str = "",
            whom: tuple[str, ...] = (), design: str = "cohort", phase: str = "on") -> ClinicalFinding:  # fmt: skip
    """One supporting finding."""
    item = EvidenceItem("PMID:1", "PMID:1", design, "2020", "supports", "it moved", phase=phase)
    context = {"disease": whom} if whom else {}
    return ClinicalFinding(side, subject, relation, object_, "s", (), context, item, design, 0.6, "3", note)


def answer(*clinical: ClinicalFinding, status: tuple[Status, Status] = ("observed", "observed")) -> str:
    """The top of the page."""
    return to_text(replace(explanation_of(status=status), clinical=clinical), width=2000).split("IN WHOM")[0]


HELPED = finding("benefit", "ameliorates_condition")
AROSE = finding("harm", "has_adverse_event", whom=("atopic dermatitis",))


def test_a_disease_that_arose_in_those_treated_for_another_is_said_so() -> None:
    """Both sides: improved in some, arose in others, and which disease these had."""
    page = answer(HELPED, AROSE)
    assert "In clinical studies alopecia areata improved on dupilumab in some patients, and arose or grew worse on it" in page
    assert "on it in others (among them people with atopic dermatitis)." in page


def test_one_side_alone() -> None:
    """Harm alone: some patients, not all; the other side says what it is."""
    page = answer(AROSE, status=("predicted", "observed"))
    assert "alopecia areata arose or grew worse on dupilumab in some patients (among them people with atopic dermatitis)." in page
    assert "Benefit was not seen there; mechanisms predict it." in page
    assert "Nothing here speaks for harm." in answer(HELPED, status=("observed", "none"))


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (finding("harm", "exacerbates_condition"), "alopecia areata grew worse on dupilumab"),
        (finding("harm", "observed_to_decrease", object_=HAIR), "signs of alopecia areata (hair density) grew worse on"),
        (finding("harm", "has_adverse_event", subject=CLASS, note="class: x"), "on drugs of its class (IL4R antibody)"),
    ],
)
def test_signs_classes_and_worsening_are_named(seen: ClinicalFinding, words: str) -> None:
    """What moved and on what is what the studies saw."""
    assert words in answer(seen, status=("none", "observed"))


def test_prevention_is_not_improvement() -> None:
    """Who does not fall ill has not improved."""
    assert "was prevented on dupilumab" in answer(finding("benefit", "preventative_for_condition"), status=("observed", "none"))


def test_combinations_are_not_the_strongest_study_of_the_drug() -> None:
    """What helped together with another drug is said to have."""
    page = answer(finding("benefit", "treats", note="in combination: dupilumab plus X"), status=("predicted", "none"))
    assert "Only together with another drug: cohort [" in page
    assert "Strongest" not in page
    assert "dupilumab by itself helps or harms" in page


def test_blocked_receptors_are_not_less() -> None:
    """Dupilumab takes away what IL4R does; the legend says so too."""
    page = to_text(explanation_of(), width=2000)
    assert "dupilumab → less IL4R activity" in page
    assert "less of it, or of what it does" in page
