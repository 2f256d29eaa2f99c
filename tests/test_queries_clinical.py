"""The clinical table: sides and stances apart, effects in words, comparisons and registered trials told apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Assertion, Condition, Effect, Evidence, Publication, Statement
from queries.explanation.clinical import (
    canonical_number,
    clinical_findings,
    comparisons,
    counted_studies,
    duration_text,
    effect_text,
    evidence_item,
    in_patients,
    trials_without_result,
)
from queries.state_graph import goals_of
from tests.clinical_reports import AREATA, COMBINED, DRUG, ECZEMA, OTHER, TOTALIS, corpus, findings, graph, named, report
from tests.strategies import effects, evidences


@pytest.mark.parametrize(
    ("effect", "text"),
    [
        (Effect("relative risk", 4.59, 2.46, 8.57, "1"), "relative risk 4.59 (2.46 to 8.57)"),
        (Effect("mean CDAI difference", 49, 2, 96, "{score}"), "mean CDAI difference 49 points (2 to 96)"),
        (Effect("responders", 28.6, unit="%"), "responders 28.6%"),
        (Effect("regrowth (15 of 26)", 57.7, unit="%"), "regrowth 57.7% (15 of 26)"),
        (Effect("complete regrowth", None, 20, 31.2, "%"), "complete regrowth 20 to 31.2%"),
        (Effect("hazard ratio", 2, 1.5, None, "1"), "hazard ratio 2 (at least 1.5)"),
        (Effect("hazard ratio", 2, None, 3, "1"), "hazard ratio 2 (at most 3)"),
        (Effect("time to relapse", 8.5, unit="wk"), "time to relapse 8.5 weeks"),
        (Effect("crude rate", 1.04, unit="10*-3/a"), "crude rate 1.04 per 1,000 person-years"),
        (Effect("no difference"), "no difference"),
        (Effect(), ""),
    ],
)
def test_effects_read_as_text(effect: Effect, text: str) -> None:
    """Value, interval and unit stand in the order a reader expects; nothing stated is nothing said."""
    assert effect_text(effect) == text


@given(effects())
def test_effect_text_names_every_number(effect: Effect) -> None:
    """No stated number is lost, whatever else is stated."""
    text = effect_text(effect)
    for number in (effect.value, effect.low, effect.high):
        assert number is None or canonical_number(number) in text


@given(evidences())
def test_evidence_is_shown_with_effect_and_arm(evidence: Evidence) -> None:
    """The shown evidence carries stance, study, effect and arm of the stored one."""
    item = evidence_item(evidence)
    assert (item.stance, item.study, item.n) == (evidence.stance, evidence.study, evidence.n)
    assert (item.effect, item.arm) == (effect_text(evidence.effect), evidence.observation.arm)


@given(st.integers(2, 500), st.sampled_from(["h", "d", "wk", "mo", "a"]))
def test_durations_are_words(number: int, unit: str) -> None:
    """A time is written out; doses and words stay."""
    assert duration_text(f"{number} {unit}").startswith(f"{number} ")
    assert duration_text(f"{number} {unit}").endswith("s")
    assert duration_text(f"{number} mg") == f"{number} mg"


def test_stances_and_sides_stand_apart() -> None:
    """Support, null result and refutation are rows of their own; harm does not mix with benefit; best designs first."""
    known = graph(
        report("1", DRUG, "ameliorates_condition", AREATA),
        report("2", DRUG, "ameliorates_condition", AREATA, stance="null", design="randomized_trial", n=40),
        report("3", DRUG, "has_adverse_event", AREATA),
        report("4", DRUG, "has_adverse_event", AREATA, stance="refutes", design="cohort"),
    )
    rows = findings(known)
    assert [(row.side, row.evidence.stance, row.evidence.n) for row in rows] == [
        ("benefit", "null", 40), ("benefit", "supports", 1), ("harm", "refutes", 1), ("harm", "supports", 1),
    ]  # fmt: skip
    assert counted_studies(rows, "supports") == {"PMID:1", "PMID:3"}


def test_a_part_of_a_trial_is_counted_with_it() -> None:
    """The biomarkers that a trial published on their own are no second study."""
    trial = report("1", DRUG, "ameliorates_condition", AREATA, design="randomized_trial")
    part = report("2", DRUG, "ameliorates_condition", AREATA, design="biomarker_substudy")
    within = replace(part, evidence=replace(part.evidence, parent_study="PMID:1"))
    rows = findings(graph(trial, within))
    assert {row.evidence.study for row in rows} == {"PMID:1", "PMID:2"}
    assert counted_studies(rows, "supports") == {"PMID:1"}
    answer = findings(corpus(), named("dupilumab"), named("alopecia areata"))
    trials = {row.evidence.counted_as for row in answer if row.evidence.study in ("NCT03359356", "PMID:36271804")}
    assert trials == {"NCT03359356"}


def test_animals_and_tissue_are_no_patients() -> None:
    """Mice and cultured follicles are listed, named as such and not counted; a biopsy on the drug is the patient's."""
    known = graph(
        report("1", DRUG, "ameliorates_condition", AREATA, design="in_vivo", phase="on"),
        report("2", DRUG, "ameliorates_condition", AREATA, design="ex_vivo"),
        report("3", DRUG, "ameliorates_condition", AREATA, design="ex_vivo", phase="on"),
        report("4", DRUG, "ameliorates_condition", AREATA),
    )
    rows = findings(known)
    assert {row.evidence.study for row in rows if not in_patients(row)} == {"PMID:1", "PMID:2"}
    assert all(("not in patients" in row.note) != in_patients(row) for row in rows)
    assert counted_studies(rows, "supports") == {"PMID:3", "PMID:4"}


def test_a_comparison_counts_for_neither_side() -> None:
    """Which of two drugs helps more is told apart, from either side, in the disease where it was tested only."""
    known = graph(
        report("1", OTHER, "more_effective_than", DRUG, design="randomized_trial", disease=[ECZEMA]),
        report("2", DRUG, "more_effective_than", OTHER, design="cohort", disease=[AREATA], stance="null"),
        report("3", DRUG, "more_effective_than", OTHER),
    )
    assert findings(known) == findings(known, target=ECZEMA) == ()
    assert [row.evidence.study for row in comparisons(known, DRUG, [ECZEMA])] == ["PMID:1"]
    assert [row.evidence.study for row in comparisons(known, OTHER, [AREATA, ECZEMA])] == ["PMID:1", "PMID:2"]
    assert comparisons(known, "HGNC:6014", [ECZEMA]) == ()


def test_registered_trials_wait_for_a_result() -> None:
    """A registered trial is no finding; it is listed until a clinical result of the same study is there."""
    planned = report("7", DRUG, "in_clinical_trials_for", AREATA, design="trial_registration")
    assert findings(graph(planned)) == ()
    assert [item.study for item in trials_without_result(graph(planned), DRUG, [AREATA])] == ["PMID:7"]
    result = report("7", DRUG, "ameliorates_condition", AREATA, stance="null", design="randomized_trial")
    assert trials_without_result(graph(planned, result), DRUG, [AREATA]) == ()


def test_a_trial_number_ties_a_paper_to_its_registration() -> None:
    """The result may be filed under a paper that names the trial by its number."""
    number = "NCT03359356"
    register = Publication(f"clinicaltrials:{number}", nct=number)
    paper = Publication("PMID:34460948", pmid="34460948", nct=number)
    planned = Assertion(
        Statement(DRUG, "in_clinical_trials_for", AREATA), Evidence("supports", register, number, "trial_registration")
    )
    result = Assertion(Statement(DRUG, "treats", AREATA), Evidence("null", paper, "PMID:34460948", "randomized_trial"))
    assert trials_without_result(graph(planned), DRUG, [AREATA])
    assert trials_without_result(graph(planned, result), DRUG, [AREATA]) == ()


def test_combinations_and_severity_forms_are_named() -> None:
    """A combination and a severity form are taken in with a note, or the form's own name."""
    known = graph(
        report("1", DRUG, "part_of", COMBINED, design="ontology"),
        report("2", TOTALIS, "severity_form_of", AREATA, design="ontology"),
        report("3", COMBINED, "treats", TOTALIS, conditions=(Condition("age", ">=", "12", "a"),)),
    )
    row, = findings(known)
    assert (row.note, row.object.name, row.conditions) == ("in combination: both drugs", "alopecia totalis", ("age >= 12 a",))


def test_corpus_states_effects_with_intervals() -> None:
    """The shipped table gives the lymphoma risk on dupilumab with its interval and the patients it rests on."""
    lymphoma = named("cutaneous T-cell lymphoma")
    rows = clinical_findings(corpus(), named("dupilumab"), goals_of(corpus(), lymphoma))
    cohort = next(row for row in rows if row.evidence.design == "cohort")
    assert (cohort.side, cohort.evidence.effect, cohort.evidence.n) == ("harm", "relative risk 4.59 (2.46 to 8.57)", 39224)


def test_corpus_heads_to_heads_are_comparisons() -> None:
    """Upadacitinib against dupilumab in eczema is a comparison, read the right way round."""
    rows = comparisons(corpus(), named("dupilumab"), [named("atopic dermatitis")])
    assert ("upadacitinib", "dupilumab", "supports") in {(r.subject.name, r.object.name, r.evidence.stance) for r in rows}
    assert all(row.relation == "more_effective_than" for row in rows)


@pytest.mark.parametrize(
    ("drug", "disease", "side", "trials"),
    [
        ("upadacitinib", "alopecia areata", "benefit", {"UP-AA study 1", "UP-AA study 2"}),
        ("dupilumab", "chronic spontaneous urticaria", "benefit", {"CUPID A", "CUPID C"}),
    ],
)
def test_trials_under_one_registration_are_several(drug: str, disease: str, side: str, trials: set[str]) -> None:
    """Trials with patients of their own are counted one by one, whatever number they share."""
    rows = [row for row in findings(corpus(), named(drug), named(disease)) if row.side == side]
    assert trials <= counted_studies(rows, "supports")
    assert "CUPID B" not in counted_studies(rows, "supports")
