"""Reports read as challenge tests: points of the scale, what the graph cannot answer, and the cases everybody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Assertion, Effect, Stance
from queries.explanation.answer import Challenge
from queries.explanation.challenge import LEAST_POINTS, MOST_POINTS, NARANJO, category_of, challenges, indications
from tests.clinical_reports import (
    AREATA,
    COMBINED,
    DRUG,
    ECZEMA,
    PSORIASIS,
    REMISSION,
    corpus,
    findings,
    graph,
    named,
    report,
)

#: question numbers of the scale
EARLIER, CAME, STOPPED, AGAIN, OTHER_CAUSE, PLACEBO, LEVEL, DOSE, LIKE, MEASURED = range(10)


def read(*reports: Assertion, target: str = AREATA) -> tuple[Challenge, ...]:
    """The challenges of a graph of the reports."""
    known = graph(*reports)
    return challenges(known, DRUG, findings(known, target=target))


def case(phase: str, *, stance: Stance = "supports", relation: str = "ameliorates_condition", paper: str = "1",
         time: str = "", duration: str = "", disease: str = AREATA, date: str = "2020",
         n: int | None = 1) -> Assertion:  # fmt: skip
    """One phase of a report."""
    return report(
        paper, DRUG, relation, disease, stance=stance, phase=phase, time=time, duration=duration, date=date, n=n
    )


@pytest.fixture(scope="module")
def shipped() -> dict[str, Challenge]:
    """The challenges of dupilumab in alopecia areata in the corpus, by study."""
    rows = findings(corpus(), named("dupilumab"), named("alopecia areata"))
    return {challenge.study: challenge for challenge in challenges(corpus(), named("dupilumab"), rows)}


def test_the_scale_is_the_published_one() -> None:
    """Ten questions whose points add up to at most 13 and at least -4, and the four words for the sums."""
    assert len(NARANJO) == 10
    assert (LEAST_POINTS, MOST_POINTS) == (-4, 13)
    words = {points: category_of(points) for points in range(LEAST_POINTS, MOST_POINTS + 1)}
    assert [word for word, before in zip(words.values(), [None, *words.values()], strict=False) if word != before] == [
        "doubtful", "possible", "probable", "definite",
    ]  # fmt: skip
    assert (words[0], words[1], words[4], words[5], words[8], words[9]) == (
        "doubtful", "possible", "possible", "probable", "probable", "definite",
    )  # fmt: skip


def test_the_index_case_is_on_off_on(shipped: dict[str, Challenge]) -> None:
    """Regrowth on the drug, shedding in two months off it, regrowth on it again: probable, named as an adaptation."""
    challenge = shipped["INDEX-CASE-2018"]
    assert challenge.side == "benefit"
    assert challenge.sequence == (
        "on 6 weeks: regrowth", "on 7 months: regrowth", "off 2 months: shed", "on again: regrowth",
    )  # fmt: skip
    assert [challenge.items[i][2] for i in (EARLIER, CAME, STOPPED, AGAIN, OTHER_CAUSE, MEASURED)] == [0, 2, 1, 2, -1, 1]
    assert (challenge.points, challenge.category) == (5, "probable")
    assert challenge.reading.startswith("Read in the manner of Naranjo, for benefit (an n-of-1 reading;")
    assert "Positive dechallenge and positive rechallenge." in challenge.reading


def test_the_nine_year_old_was_not_given_it_again(shipped: dict[str, Challenge]) -> None:
    """Hair lost four months after stopping is a positive dechallenge; the rechallenge is not stated and earns nothing."""
    challenge = shipped["DOI:10.1177/20406223231191049"]
    assert challenge.sequence == ("on 12 and 28 weeks: regrowth", "off 4 months: shed")
    assert challenge.items[AGAIN][1:] == ("not stated", 0)
    assert challenge.items[STOPPED][1:] == ("yes", 1)
    assert challenge.category == "possible"


def test_regrowth_while_continuing_speaks_against_the_drug(shipped: dict[str, Challenge]) -> None:
    """Four of five regrew their hair while they went on: a negative dechallenge of harm."""
    challenge = shipped["DOI:10.1093/bjd/ljae090.127"]
    assert challenge.side == "harm"
    assert challenge.sequence == ("on 15.5 weeks: hair loss", "continued: regrowth")
    assert challenge.items[STOPPED][1:] == ("no: it went away although the drug was continued", 0)
    assert "Negative dechallenge" in challenge.reading
    assert "speaks against the drug" in challenge.reading
    assert challenge.items[OTHER_CAUSE][1].startswith("yes: atopic dermatitis, for which the drug is given")


def test_reports_without_phases_are_no_challenge(shipped: dict[str, Challenge]) -> None:
    """Of the many reports of the pair only those that tell what happened off the drug, or on regardless, are read."""
    assert len(shipped) == 3
    assert read(case("on", time="6 wk"), case("", paper="2"), case("before", paper="3", stance="null")) == ()


def test_full_harm_report_by_hand() -> None:
    """Came, went, came back, after an earlier report, and nothing else recorded: 1 + 2 + 1 + 2 points."""
    found = read(
        case("on", relation="has_adverse_event", disease=PSORIASIS, time="3 wk"),
        case("off", relation="has_adverse_event", disease=PSORIASIS, time="2 wk"),
        case("on_again", relation="has_adverse_event", disease=PSORIASIS, time="1 wk"),
        case("on", relation="has_adverse_event", disease=PSORIASIS, paper="2", date="2019"),
        target=PSORIASIS,
    )
    challenge, = found
    assert challenge.points == 6
    assert challenge.sequence == ("on 3 weeks: reaction", "off 2 weeks: went away", "on again 1 week: came back")
    assert challenge.reading.startswith("Read by the questions of Naranjo et al. 1981: 6 points, probable")
    assert "In the words of WHO-UMC: probable." in challenge.reading
    assert challenge.items[EARLIER][1:] == ("yes: 1 in this graph", 1)


@pytest.mark.parametrize(("phase", "question", "points"), [("off", STOPPED, 0), ("on_again", AGAIN, -1)])
def test_negative_phases_take_the_points_of_no(phase: str, question: int, points: int) -> None:
    """What stayed off the drug, or did not come back on it, is answered no, with the scale's points."""
    challenge, = read(case("on"), case(phase, stance="null"))
    assert challenge.items[question][1:] == ("no", points)
    assert "Negative" in challenge.reading


def test_a_later_report_is_no_earlier_one() -> None:
    """Reports of the same year or later do not count as earlier, nor does the study itself."""
    challenge, = read(case("on"), case("off"), case("on", paper="2", date="2021"), case("on", paper="3", date="2020"))
    assert challenge.items[EARLIER][1:] == ("none in this graph", 0)


def test_without_a_date_the_first_question_is_open() -> None:
    """An undated report cannot be told to be first."""
    challenge, = read(case("on", date=""), case("off", date=""), case("on", paper="2", date="2001"))
    assert challenge.items[EARLIER][1:] == ("not stated", 0)


def test_retold_patients_are_no_phase() -> None:
    """A review that retells the stop adds no dechallenge."""
    assert read(case("on"), report("1", DRUG, "ameliorates_condition", AREATA, phase="off", recounts=True)) == ()


def test_a_review_is_read_where_it_is_all_there_is() -> None:
    """Patients that only a review tells of are read, and said to be retold."""
    retold = [
        report("1", DRUG, "has_adverse_event", PSORIASIS, phase=phase, recounts=True, design="systematic_review", n=216)
        for phase in ("on", "off")
    ]
    challenge, = read(*retold, target=PSORIASIS)
    assert challenge.sequence == ("on: reaction", "off: went away")
    assert "Retold by a review." in challenge.reading
    assert "This is a group" in challenge.reading


def test_some_went_off_it_and_some_on_it() -> None:
    """A positive dechallenge beside patients in whom it went on the drug: both are said, and the word stays possible."""
    challenge, = read(
        case("on", relation="has_adverse_event", disease=PSORIASIS),
        case("off", relation="has_adverse_event", disease=PSORIASIS),
        case("on", relation="has_adverse_event", disease=PSORIASIS, stance="refutes"),
        target=PSORIASIS,
    )
    assert challenge.sequence == ("on: reaction", "continued: went away", "off: went away")
    assert challenge.items[STOPPED][2] == 1
    assert "Positive dechallenge" in challenge.reading
    assert "In some it went away although the drug was continued" in challenge.reading
    assert "In the words of WHO-UMC: possible." in challenge.reading


def test_back_on_the_drug_without_a_stated_stop() -> None:
    """A return on re-exposure alone is a positive rechallenge."""
    challenge, = read(case("on"), case("on_again"))
    assert "Positive rechallenge; no positive dechallenge stated." in challenge.reading


def test_another_drug_is_another_cause() -> None:
    """What was given together with something else costs a point."""
    challenge, = read(
        report("9", DRUG, "part_of", COMBINED, design="ontology"),
        report("1", COMBINED, "ameliorates_condition", AREATA, phase="on"),
        report("1", COMBINED, "ameliorates_condition", AREATA, phase="off"),
    )
    assert challenge.items[OTHER_CAUSE][1:] == ("yes: given as both drugs", -1)


def test_a_known_remission_is_another_cause_of_benefit_only() -> None:
    """Remission in its own course could explain a response, not a reaction."""
    remits = report("8", AREATA, "has_phenotype", REMISSION, design="cohort")
    helped, = read(case("on"), case("off"), remits)
    assert helped.items[OTHER_CAUSE][1:] == ("yes: alopecia areata can remit in its own course", -1)
    harmed, = read(
        case("on", relation="has_adverse_event"), case("off", relation="has_adverse_event"), remits
    )
    assert harmed.items[OTHER_CAUSE][1:] == ("not stated", 0)


def test_a_score_or_a_biopsy_confirms() -> None:
    """A measured score is objective evidence; a share of patients is none."""
    def measure(measure: str) -> int:
        seen = report(
            "1", DRUG, "ameliorates_condition", AREATA, phase="off", effect=Effect(measure, 5, unit="{score}")
        )
        challenge, = read(case("on"), seen)
        return challenge.items[MEASURED][2]

    assert (measure("SALT after stopping"), measure("patients affected")) == (1, 0)
    biopsy = report("1", DRUG, "ameliorates_condition", AREATA, phase="off", finding="Shed; histology of the scalp was taken.")
    challenge, = read(case("on"), biopsy)
    assert challenge.items[MEASURED][2] == 1


def test_indications_are_what_a_drug_treats() -> None:
    """An off-label help is no indication; the most studied comes first."""
    known = graph(
        report("1", DRUG, "treats", ECZEMA), report("2", DRUG, "treats", ECZEMA, design="cohort"),
        report("3", DRUG, "treats", PSORIASIS), report("4", DRUG, "ameliorates_condition", AREATA),
    )
    assert indications(known, DRUG) == [ECZEMA, PSORIASIS]


phases = st.sampled_from(["", "before", "on", "off", "on_again"])
reports = st.lists(
    st.builds(
        case,
        phases,
        stance=st.sampled_from(["supports", "refutes", "null"]),
        relation=st.sampled_from(["ameliorates_condition", "has_adverse_event"]),
        paper=st.sampled_from(["1", "2", "3"]),
        time=st.sampled_from(["", "6 wk", "12 and 28 wk", "7 mo", "1 a"]),
        duration=st.sampled_from(["", "2 mo"]),
        date=st.sampled_from(["", "2018", "2020"]),
        n=st.sampled_from([None, 1, 40]),
    ),
    max_size=12,
)


@given(reports)
def test_points_keep_to_the_scale(made: list[Assertion]) -> None:
    """Whatever is recorded: points within the scale, equal to their sum, each item a question of the scale with its points."""
    known = graph(report("8", AREATA, "has_phenotype", REMISSION, design="cohort"), *made)
    found = challenges(known, DRUG, findings(known))
    assert len({(c.study, c.side) for c in found}) == len(found)
    for challenge in found:
        assert LEAST_POINTS <= challenge.points <= MOST_POINTS
        assert challenge.points == sum(points for *_, points in challenge.items)
        assert challenge.category == category_of(challenge.points)
        for (question, answer, points), (harm, benefit, yes, no) in zip(challenge.items, NARANJO, strict=True):
            assert question == (harm if challenge.side == "harm" else benefit)
            assert points in ((0,) if answer == "not stated" else (yes, no))
        stated = {evidence.phase for evidence in challenge.evidence}
        refuted = {e.phase for e in challenge.evidence if e.stance == "refutes"}
        assert stated & {"off", "on_again"} or "on" in refuted
        assert challenge.sequence


@given(reports)
def test_order_of_records_does_not_matter(made: list[Assertion]) -> None:
    """The same reports in another order read the same."""
    assert read(*made) == read(*reversed(made))
