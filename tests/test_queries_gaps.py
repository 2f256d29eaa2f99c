"""What is missing is said: trials, mechanisms, weak steps, dechallenge, and measurements that would decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Assertion, Context, Effect, Evidence, Publication, Statement
from queries.explanation.answer import ClinicalFinding, EvidenceItem, Measurement, Side
from queries.explanation.clinical import in_patients
from queries.explanation.explain import explain
from queries.explanation.gaps import missing_knowledge
from queries.explanation.shown import Node, Path
from tests.clinical_reports import AREATA, DRUG, HUMAN, IL4, MOUSE, TH2, findings, graph, report
from tests.explanations import path_of

NOTHING = Side("none", "")
IL4_NODE = Node(IL4, "IL4", "Gene")
DECIDES = Measurement(IL4_NODE, -1, 1, 0.5, False)
SEEN = EvidenceItem("PMID:1", "PMID:1", "cohort", "2020", "supports", "seen")


def missing(
    *reports: Assertion, benefit: tuple[str, ...] = (), harm: tuple[str, ...] = (), **more: object
) -> str:
    """The sentences for a graph of clinical reports and paths by hand, joined."""
    good, bad = (Side("predicted", "", tuple(path_of(text) for text in texts)) for texts in (benefit, harm))
    return " ".join(missing_knowledge(findings(graph(*reports)), good, bad, (), **more))  # type: ignore[arg-type]  # keywords of a test


NO_TRIAL = "No randomised trial or meta-analysis here supports benefit"
HELPED = report("1", DRUG, "ameliorates_condition", AREATA, phase="on")


@pytest.mark.parametrize(
    ("reports", "said", "unsaid"),
    [
        ([], "No clinical study here supports benefit.", "dechallenge"),
        ([HELPED], f"{NO_TRIAL}; the best is: case report.", "No clinical study here supports benefit"),
        ([HELPED], "(no dechallenge)", "(no rechallenge)"),
        ([HELPED, report("1", DRUG, "ameliorates_condition", AREATA, phase="off")], "(no rechallenge)", "(no dechallenge)"),
        ([report("1", DRUG, "treats", AREATA, phase="on_again")], "No clinical study here supports harm.", "challenge)"),
        ([report("2", DRUG, "treats", AREATA, design="randomized_trial")], "states the size of the effect", NO_TRIAL),
        (
            [report("2", DRUG, "treats", AREATA, design="randomized_trial", effect=Effect("responders", 40, unit="%"))],
            "No clinical study here supports harm.", "states the size of the effect",
        ),
        ([report("3", DRUG, "treats", AREATA, design="review", recounts=True)], "told by reviews only", "dechallenge"),
    ],
)  # fmt: skip
def test_what_studies_leave_open(reports: list[Assertion], said: str, unsaid: str) -> None:
    """Each gap is said when it is there and not said when it is filled."""
    text = missing(*reports)
    assert said in text
    assert unsaid not in text


def test_a_null_result_is_no_support() -> None:
    """A study that found nothing does not fill the gap of a study that supports."""
    assert "No clinical study here supports benefit." in missing(replace_stance(HELPED))


def replace_stance(assertion: Assertion) -> Assertion:
    """The assertion as a null result."""
    return replace(assertion, evidence=replace(assertion.evidence, stance="null"))


def test_only_what_was_seen_in_patients_supports() -> None:
    """Mice that regrew hair leave the gap of a clinical study open."""
    assert "No clinical study here supports benefit." in missing(report("1", DRUG, "treats", AREATA, design="in_vivo"))


def test_a_review_may_tell_of_the_stop() -> None:
    """What a review retells of patients who stopped fills the gap that first-hand reports leave."""
    harmed = report("1", DRUG, "has_adverse_event", AREATA, phase="on", design="cohort")
    retold = report("2", DRUG, "has_adverse_event", AREATA, phase="off", design="systematic_review", recounts=True)
    assert "(no dechallenge)" in missing(harmed)
    assert "(no dechallenge)" not in missing(harmed, retold)
    assert "supports harm; the best is: cohort study." in missing(harmed, retold)


def test_a_trial_needs_no_dechallenge() -> None:
    """A randomised trial has its own comparison: nobody asks what happened when the drug was stopped."""
    trial = report("1", DRUG, "treats", AREATA, design="randomized_trial", phase="on")
    assert "dechallenge" not in missing(trial)


def test_no_mechanism_and_stopped_searches() -> None:
    """A side without a path says so; of a stopped search nothing is said about mechanisms."""
    assert "No mechanism here leads from the drug to benefit." in missing()
    assert "mechanism" not in missing(stopped=("benefit", "harm"))
    assert "No mechanism here leads from the drug to harm." in missing(benefit=("dupilumab -| IL4R -> alopecia areata",))


def test_single_studies_are_counted_and_named() -> None:
    """Steps with one study are named, the first three, with the number of the others."""
    way = "dupilumab -|2 IL4R ->1 STAT6 ->1 CCL17 ->1 IL13 ->1 IL31 ->3 alopecia areata"
    text = missing(benefit=(way,))
    assert "rest on a single study: IL4R increases activity of STAT6; STAT6 increases activity of CCL17;" in text
    assert "and 1 more." in text
    assert "rest on a single study: dupilumab" not in text


def step_gaps(*facts: Assertion) -> str:
    """The sentences on benefit of an answer from the facts."""
    return " ".join(explain(graph(*facts), DRUG, AREATA).missing)


def fact(subject: str, relation: str, object_: str, *, design: str, paper: str, taxon: str = "", cell: str = "") -> Assertion:
    """A step with its context."""
    context = Context(taxon=(taxon,) if taxon else (), cell=(cell,) if cell else ())
    publication = Publication(f"PMID:{paper}", pmid=paper, date="2017", precision="year")
    return Assertion(Statement(subject, relation, object_, context), Evidence("supports", publication, f"PMID:{paper}", design))


def test_animals_culture_and_silence_about_context() -> None:
    """A step seen in mice, one seen in culture and one without any context are each named under their own words."""
    text = step_gaps(
        fact(DRUG, "decreases_activity_of", IL4, design="in_vitro", paper="1", taxon=HUMAN),
        fact(IL4, "increases_activity_of", TH2, design="in_vivo", paper="2", taxon=MOUSE),
        fact(TH2, "contributes_to", AREATA, design="ex_vivo", paper="3"),
    )
    assert "seen in animals or their cells only: IL4 increases activity of T-helper 2 cell." in text
    assert "seen in cultured cells only: dupilumab decreases activity of IL4." in text
    assert "state no cell, tissue, disease or species in which they hold: T-helper 2 cell contributes to alopecia areata." in text


def test_one_human_study_fills_the_gap_of_mice() -> None:
    """A step seen in people too is not called one of animals, and culture beside tissue is not culture only."""
    text = step_gaps(
        fact(DRUG, "decreases_activity_of", IL4, design="in_vitro", paper="1", taxon=HUMAN),
        fact(DRUG, "decreases_activity_of", IL4, design="ex_vivo", paper="4", taxon=HUMAN),
        fact(IL4, "contributes_to", AREATA, design="in_vivo", paper="2", taxon=MOUSE),
        fact(IL4, "contributes_to", AREATA, design="cohort", paper="3", taxon=HUMAN),
    )
    assert "in animals" not in text
    assert "cultured cells only" not in text
    assert "single study" not in text


def test_an_unstated_species_is_not_called_an_animal() -> None:
    """Silence about the species is no claim about it."""
    text = step_gaps(
        fact(DRUG, "decreases_activity_of", IL4, design="in_vivo", paper="1", cell=TH2),
        fact(IL4, "contributes_to", AREATA, design="in_vivo", paper="2", taxon=MOUSE),
        fact(IL4, "contributes_to", AREATA, design="in_vivo", paper="3", cell=TH2),
    )
    assert "in animals" not in text


def test_what_things_are_is_no_weak_step() -> None:
    """A drug's class rests on one ontology and is not called a step that rests on a single study."""
    facts = (
        report("1", DRUG, "is_a", "ikg:both-drugs", design="ontology"),
        fact("ikg:both-drugs", "decreases_activity_of", IL4, design="in_vitro", paper="2", taxon=HUMAN),
        fact(IL4, "contributes_to", AREATA, design="cohort", paper="3", taxon=HUMAN),
    )
    assert "dupilumab is a both drugs" not in step_gaps(*facts)


@pytest.mark.parametrize(
    ("deciding", "said"),
    [
        ((), "no single measurement would decide"),
        ((DECIDES,), "Nothing that would decide between the sides was measured under the drug here (IL4)."),
        ((replace(DECIDES, measured=(SEEN,)),), "without a clear direction"),
    ],
)
def test_measurements_that_would_decide(deciding: tuple[Measurement, ...], said: str) -> None:
    """No opposite node, none measured, or measured without a direction: three different gaps."""
    ways = {"benefit": ("dupilumab -| IL4R -> alopecia areata",), "harm": ("dupilumab -| IL4R -| alopecia areata",)}
    assert said in missing(**ways, deciding=deciding)
    assert said not in missing(**ways)
    known = replace(DECIDES, measured=(SEEN,), observed=-1)
    assert "decide" not in missing(**ways, deciding=(known,))


def test_trials_without_a_result_are_named() -> None:
    """The gap that somebody may already have filled."""
    trial = replace(SEEN, study="NCT05551793", design="trial_registration")
    assert missing_knowledge((), NOTHING, NOTHING, [trial])[-1] == "Registered trials without a result here: NCT05551793."


one_path = st.sampled_from([
    "dupilumab -|1 IL4R ->2 alopecia areata",
    "dupilumab -|1? IL4R ->1 alopecia areata",
    "dupilumab -|3! IL4R ->1 alopecia areata",
])  # fmt: skip
reports = st.lists(
    st.builds(
        report, st.sampled_from(["1", "2"]), st.just(DRUG), st.sampled_from(["treats", "has_adverse_event"]), st.just(AREATA),
        stance=st.sampled_from(["supports", "null"]),
        design=st.sampled_from(["case_report", "randomized_trial", "review", "in_vivo"]),
        phase=st.sampled_from(["", "on", "off", "on_again"]), recounts=st.booleans(),
    ),
    max_size=5,
)  # fmt: skip


@given(reports, st.lists(one_path, max_size=3), st.lists(one_path, max_size=3))
def test_sentences_are_whole_and_said_once(made: list[Assertion], benefit: list[str], harm: list[str]) -> None:
    """Whatever is missing: whole sentences, none twice, and always something on a side without support."""
    rows: tuple[ClinicalFinding, ...] = findings(graph(*made))
    paths: list[tuple[Path, ...]] = [tuple(path_of(text) for text in texts) for texts in (benefit, harm)]
    good, bad = (Side("predicted", "", p) for p in paths)
    found = missing_knowledge(rows, good, bad, (), deciding=())
    assert len(set(found)) == len(found)
    assert all(sentence.endswith(".") for sentence in found)
    for name, side in zip(("benefit", "harm"), (good, bad), strict=True):
        supported = any(row.side == name and row.evidence.stance == "supports" and in_patients(row) for row in rows)
        assert (f"No clinical study here supports {name}." in found) != supported
        firm = any(not path.hypothesis for path in side.paths)
        assert (f"No mechanism here leads from the drug to {name}." in found) != firm
