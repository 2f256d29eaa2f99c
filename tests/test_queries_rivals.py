"""Rivals that are no mechanism: named only when something speaks to them, with what speaks against beside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Assertion, Condition, Effect
from queries.explanation.answer import Rival
from queries.explanation.rivals import rivals
from tests.clinical_reports import (
    AREATA,
    COMBINED,
    DRUG,
    ECZEMA,
    OTHER,
    PSORIASIS,
    REMISSION,
    TOTALIS,
    corpus,
    findings,
    graph,
    named,
    report,
)

HELPED = report("1", DRUG, "ameliorates_condition", AREATA, phase="on")
HARMED = report("2", DRUG, "has_adverse_event", AREATA, phase="on")
GIVEN_FOR = report("20", DRUG, "treats", ECZEMA, design="randomized_trial")
TOGETHER = report(
    "21", AREATA, "associated_with", ECZEMA, design="cohort", effect=Effect("odds ratio", 2.57, 2.25, 2.94, "1")
)
REMITS = report("22", AREATA, "has_phenotype", REMISSION, design="cohort")
TRIAL = report("3", DRUG, "ameliorates_condition", AREATA, design="randomized_trial", arm="against placebo", n=60)


def found(*reports: Assertion) -> dict[str, Rival]:
    """The rivals of a graph of the reports, by kind."""
    known = graph(*reports)
    return {rival.kind: rival for rival in rivals(known, DRUG, [AREATA, TOTALIS], findings(known))}


def studies(rival: Rival) -> tuple[set[str], set[str]]:
    """The studies for and against a rival."""
    return {item.study for item in rival.speaks_for}, {item.study for item in rival.speaks_against}


def test_nothing_seen_needs_no_other_explanation() -> None:
    """A side without a supporting study has nothing to be explained away, whatever else is known."""
    assert found(GIVEN_FOR, TOGETHER, REMITS) == {}
    assert rivals(graph(HELPED), DRUG, [], ()) == ()


def test_comorbidity_needs_an_indication_that_goes_with_the_target() -> None:
    """Eczema is what the drug is given for and goes with the target: the effect size stands in the sentence."""
    rival = found(HELPED, GIVEN_FOR, TOGETHER)["comorbidity"]
    assert rival.sentence.startswith("Atopic dermatitis, for which dupilumab is given, goes with alopecia areata (odds ratio")
    assert studies(rival) == ({"PMID:21"}, set())
    assert "comorbidity" not in found(HELPED, GIVEN_FOR)
    assert "comorbidity" not in found(HELPED, TOGETHER)


def test_response_without_the_comorbidity_speaks_against_it() -> None:
    """A patient without atopic dermatitis who responded is evidence against; a study that found no link too."""
    free = report("5", DRUG, "ameliorates_condition", AREATA, conditions=(Condition("atopic", "=", "false"),))
    unlinked = report("23", AREATA, "associated_with", ECZEMA, stance="null", design="case_control")
    rival = found(HELPED, free, GIVEN_FOR, TOGETHER, unlinked)["comorbidity"]
    assert studies(rival) == ({"PMID:21"}, {"PMID:23", "PMID:5"})
    assert "patients without atopic dermatitis responded too" in rival.sentence


def test_confounding_by_indication_is_about_harm() -> None:
    """The users have the disease that goes with the target; a matched cohort stands against it."""
    rival = found(HARMED, GIVEN_FOR, TOGETHER)["confounding by indication"]
    assert studies(rival) == ({"PMID:21"}, set())
    assert "No comparison with like patients" in rival.sentence
    matched = report("6", DRUG, "has_adverse_event", AREATA, design="cohort", effect=Effect("relative risk", 4.6, 2.5, 8.6, "1"))
    rival = found(HARMED, matched, GIVEN_FOR, TOGETHER)["confounding by indication"]
    assert studies(rival) == ({"PMID:21"}, {"PMID:6"})
    assert "confounding by indication" not in found(HELPED, GIVEN_FOR, TOGETHER)


def test_the_other_direction_of_risk_is_no_confounding() -> None:
    """That the target raises the risk of the indication does not put the target into the drug's users."""
    backwards = report("24", AREATA, "increases_risk_of", ECZEMA, design="cohort")
    assert "confounding by indication" not in found(HARMED, GIVEN_FOR, backwards)
    forwards = report("25", ECZEMA, "increases_risk_of", AREATA, design="cohort")
    assert "confounding by indication" in found(HARMED, GIVEN_FOR, forwards)


def test_the_disease_asked_about_is_not_its_own_comorbidity() -> None:
    """When the drug is given for the target itself, no comorbidity is blamed."""
    own = report("26", DRUG, "treats", AREATA, design="randomized_trial")
    assert "comorbidity" not in found(HELPED, own, GIVEN_FOR, TOGETHER)


def test_course_of_the_disease_and_what_speaks_against_it() -> None:
    """Remission speaks for chance; a trial, a relapse off the drug and years without recovery against."""
    off = report("1", DRUG, "ameliorates_condition", AREATA, phase="off", finding="It was lost again.")
    long = report("1", OTHER, "has_adverse_event", AREATA, age="13 a", onset_age="2 a", finding="Ill since the age of two.")
    rival = found(HELPED, off, long, TRIAL, REMITS)["course of the disease"]
    assert studies(rival) == ({"PMID:22"}, {"PMID:1", "PMID:3"})
    said = "a controlled comparison", "was lost when the drug was stopped", "since the age of 2 years when treated at 13 years"
    for words in said:
        assert words in rival.sentence
    assert found(HELPED, REMITS)["course of the disease"].speaks_against == ()
    assert "course of the disease" not in found(HELPED)


def test_a_flare_that_went_although_the_drug_went_on() -> None:
    """Regrowth on continued treatment speaks for a natural flare; return on re-exposure against."""
    went = report("2", DRUG, "has_adverse_event", AREATA, stance="refutes", phase="on", finding="It went on treatment.")
    again = report("7", DRUG, "has_adverse_event", AREATA, phase="on_again")
    rival = found(HARMED, went, again)["natural flare"]
    assert studies(rival) == ({"PMID:2"}, {"PMID:7"})
    assert "natural flare" not in found(HARMED)


def test_a_cohort_without_a_comparison_compares_nothing() -> None:
    """A rate among the treated is no comparison; a ratio against the untreated is; only what was seen is said."""
    rate = report("6", DRUG, "has_adverse_event", AREATA, design="cohort", effect=Effect("patients affected", 5.8, 4, 8, "%"))
    assert "Against it" not in found(HARMED, rate, REMITS)["natural flare"].sentence
    for stated in (rate, report("8", DRUG, "has_adverse_event", AREATA, design="cohort")):
        assert "No comparison with like patients" in found(stated, GIVEN_FOR, TOGETHER)["confounding by indication"].sentence
    ratio = report("7", DRUG, "has_adverse_event", AREATA, design="cohort", effect=Effect("hazard ratio", 2.4, 2.1, 2.7, "1"))
    rival = found(HARMED, ratio, REMITS)["natural flare"]
    assert rival.sentence.endswith("Against it: a comparison found more on the drug.")
    assert studies(rival)[1] == {"PMID:7"}
    off = report("2", DRUG, "has_adverse_event", AREATA, phase="off")
    assert found(HARMED, off, REMITS)["natural flare"].sentence.endswith("Against it: it went when the drug was stopped.")


def test_animals_need_no_other_explanation() -> None:
    """What was seen in mice only is no improvement of a patient that something else could explain."""
    assert found(report("1", DRUG, "ameliorates_condition", AREATA, design="in_vivo"), GIVEN_FOR, TOGETHER, REMITS) == {}


def test_an_effect_is_named_with_its_disease_where_there_are_several() -> None:
    """Two diseases go with the target, and the odds ratio is of one of them."""
    psoriasis = (report("27", DRUG, "treats", PSORIASIS), report("28", PSORIASIS, "associated_with", AREATA))
    sentence = found(HELPED, GIVEN_FOR, TOGETHER, *psoriasis)["comorbidity"].sentence
    assert "go with alopecia areata (atopic dermatitis: odds ratio 2.57 (2.25 to 2.94)):" in sentence


def test_other_treatment_for_and_against() -> None:
    """A combination speaks for the other part; failed earlier treatment of the same patients against a late effect."""
    failed = report("1", OTHER, "ameliorates_condition", AREATA, stance="null", phase="before")
    rival = found(HELPED, failed)["other treatment"]
    assert studies(rival) == (set(), {"PMID:1"})
    assert "what the same patients had got before (prednisone) had done nothing" in rival.sentence
    member = report("9", DRUG, "part_of", COMBINED, design="ontology")
    both = report("8", COMBINED, "ameliorates_condition", AREATA)
    assert studies(found(HELPED, member, both)["other treatment"]) == ({"PMID:8"}, set())
    elsewhere = report("10", OTHER, "ameliorates_condition", AREATA, stance="null", phase="before")
    assert "other treatment" not in found(HELPED, elsewhere)


def test_regression_to_the_mean_needs_uncontrolled_reports() -> None:
    """Reports without a comparison of a disease that remits; a trial alone is not open to it."""
    rival = found(HELPED, TRIAL, REMITS)["regression to the mean"]
    assert studies(rival) == ({"PMID:1"}, {"PMID:3"})
    assert "regression to the mean" not in found(TRIAL, REMITS)


def test_selective_reporting_is_told_for_each_side_with_its_count() -> None:
    """A side that rests on reports alone says how many; one trial or cohort takes that away."""
    known = graph(HELPED, HARMED, report("4", DRUG, "has_adverse_event", AREATA, design="case_series", n=5))
    told = [rival for rival in rivals(known, DRUG, [AREATA], findings(known)) if rival.kind == "selective reporting"]
    assert [rival.sentence.split(":")[0] for rival in told] == [
        "All evidence for benefit is reports of patients (1 study that supports it, no trial or cohort)",
        "All evidence for harm is reports of patients (2 studies that support it, no trial or cohort)",
    ]
    negative = report("6", DRUG, "ameliorates_condition", AREATA, design="randomized_trial", stance="null")
    assert studies(found(HELPED, negative)["selective reporting"])[1] == {"PMID:6"}
    assert "selective reporting" not in found(HELPED, TRIAL)


def test_corpus_rivals_of_the_index_question() -> None:
    """Atopic disease and alopecia areata coexist, hair can come back by itself, and harm rests on reports alone."""
    rows = findings(corpus(), named("dupilumab"), named("alopecia areata"))
    targets = [named("alopecia areata"), named("alopecia totalis"), named("alopecia universalis")]
    by_kind = {rival.kind: rival for rival in rivals(corpus(), named("dupilumab"), targets, rows)}
    assert set(by_kind) == {
        "comorbidity", "confounding by indication", "course of the disease", "natural flare", "other treatment",
        "regression to the mean", "selective reporting",
    }  # fmt: skip
    assert {item.publication for item in by_kind["course of the disease"].speaks_for} >= {"PMID:16908349", "PMID:28300084"}
    assert "INDEX-CASE-2018" in {item.study for item in by_kind["course of the disease"].speaks_against}
    assert "for harm" in by_kind["selective reporting"].sentence
    assert all(rival.speaks_for or rival.speaks_against for rival in by_kind.values())


@pytest.mark.parametrize("target", ["psoriasis", "cutaneous T-cell lymphoma", "atopic dermatitis"])
def test_rivals_cite_and_name_no_identifier(target: str) -> None:
    """Sentences are prose: no CURIE in them; every rival has evidence."""
    rows = findings(corpus(), named("dupilumab"), named(target))
    for rival in rivals(corpus(), named("dupilumab"), [named(target)], rows):
        assert "MONDO:" not in rival.sentence
        assert "DRUGBANK:" not in rival.sentence
        assert rival.speaks_for or rival.speaks_against


pool = st.sampled_from([
    HELPED, HARMED, GIVEN_FOR, TOGETHER, REMITS, TRIAL,
    report("1", DRUG, "ameliorates_condition", AREATA, phase="off"),
    report("2", DRUG, "has_adverse_event", AREATA, stance="refutes", phase="on"),
    report("1", OTHER, "ameliorates_condition", AREATA, stance="null", phase="before"),
])  # fmt: skip


@given(st.lists(pool, max_size=9))
def test_every_rival_has_evidence_and_ends_its_sentence(made: list[Assertion]) -> None:
    """No rival without evidence, no finding twice, no order of records that matters."""
    known = graph(*made)
    told = rivals(known, DRUG, [AREATA], findings(known))
    for rival in told:
        assert rival.speaks_for or rival.speaks_against
        assert rival.sentence.endswith(".")
        for items in (rival.speaks_for, rival.speaks_against):
            assert len({(item.publication, item.finding) for item in items}) == len(items)
    backwards = graph(*reversed(made))
    assert told == rivals(backwards, DRUG, [AREATA], findings(backwards))
