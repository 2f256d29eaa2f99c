"""What weighs the answer says in which disease, by which studies, and before which drug."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from queries.explanation.answer import ClinicalFinding, EvidenceItem, Explanation, Side, SideTest, WeakLink
from queries.page import to_text
from tests.full_explanations import everything


def page(explanation: Explanation) -> str:
    """The page on one long line a paragraph, with plain spaces."""
    return re.sub(r"[ \u00a0]+", " ", to_text(explanation, width=2000))


def row(finding: ClinicalFinding, number: int, stance: str, *, recounts: bool = False) -> ClinicalFinding:
    """The finding told by another study."""
    key = f"PMID:{number}"
    item = replace(finding.evidence, publication=key, study=key, stance=stance, recounts=recounts)
    return replace(finding, evidence=item, note="")


def test_measurements_say_where_and_biomarkers_by_whom() -> None:
    """A fall is a fall in a disease; what is known is cited."""
    told = page(everything())
    assert re.search(r"down \(in alopecia areata\) \[\d+\] +IFNG \(a known biomarker\) \[\d+\]", told)


def test_a_review_that_stands_for_a_side_is_not_counted_against_it() -> None:
    """One that retells for and against is for; a study of its own that speaks against stays counted."""
    answer = everything()
    base = answer.clinical[0]
    rows = (row(base, 90, "supports"), row(base, 91, "supports", recounts=True), row(base, 91, "refutes", recounts=True))
    assert "Benefit: studies 1 for, 0 against, 0 no effect" in page(replace(answer, clinical=rows))
    assert "Benefit: studies 1 for, 1 against, 0 no effect" in page(replace(answer, clinical=(*rows, row(base, 92, "refutes"))))


@pytest.mark.parametrize(("number", "words"), [(20, "before dupilumab"), (99, "before another drug")])
def test_what_patients_had_before_is_told_by_the_drug_that_followed(number: int, words: str) -> None:
    """In the rows of the other drug, "before the drug" would be read as before that other one."""
    answer = everything()
    assert answer.contrast is not None
    base = row(answer.clinical[0], number, "null")
    before = replace(base, subject=answer.contrast.other, evidence=replace(base.evidence, phase="before"))
    told = page(replace(answer, contrast=replace(answer.contrast, clinical=(before,))))
    told = told.split("MEASUREMENTS THAT")[0].split("Clinical studies of prednisone")[-1]
    assert words in told
    assert "before the drug" not in told


def test_two_p_values_are_not_to_be_compared() -> None:
    """With one test there is nothing to compare."""
    answer = everything()
    assert answer.observed is not None
    two = (SideTest("benefit", 3, 3, 0.25, 100, 1.8, 0.2), SideTest("harm", 3, 3, 0.02, 100, 0.9, 0.02))
    assert "cannot be compared with each other" in page(replace(answer, observed=replace(answer.observed, tests=two)))
    assert "cannot be compared with each other" not in page(answer)


def test_the_weakest_step_tells_who_found_the_opposite() -> None:
    """What makes it weak is said beside the studies that carry it."""
    answer = everything()
    link = answer.benefit.weakest
    assert isinstance(link, WeakLink)
    item = EvidenceItem("PMID:97", "PMID:97", "in_vitro", "2011", "supports", "it went the other way")

    def told(**changed: object) -> str:
        weak = replace(link, step=replace(link.step, **changed))  # type: ignore[arg-type]  # keywords of a test
        side: Side = replace(answer.benefit, weakest=weak)
        return page(replace(answer, benefit=side))

    assert re.search(r"behind it stand 2 studies \[\d+\], while 2 studies found the opposite \[\d+\]\. Without it",
                     told(refute=0, null=0, opposed=2, opposed_evidence=(item,)))  # fmt: skip
    assert "while 1 study spoke against it or saw no effect [" in told(refute=1, null=0, opposed=0)
    assert re.search(r"stand 2 studies \[\d+\]\. Without it", told(refute=0, null=0, opposed=0))
