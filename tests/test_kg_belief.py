"""Counting studies: once each, both ways, never a confident yes against the weight."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.belief import Counts, count, summarise
from kg.model import Evidence, Publication
from ontologies.designs import designs
from ontologies.extractors import readers
from tests.strategies import evidences

findings = st.lists(
    st.tuples(
        st.sampled_from("ABCDE"),
        st.sampled_from(("supports", "refutes", "null")),
        st.sampled_from((0.0, 0.1, 0.3, 1.0)),
        st.booleans(),
    ),
    max_size=10,
)


def study(stance: str, number: int, design: str = "cohort", **more: object) -> Evidence:
    return Evidence(stance, Publication(f"PMID:{number}"), f"PMID:{number}", design, **more)  # type: ignore[arg-type]  # keywords of a test


def test_two_findings_of_one_study_count_once() -> None:
    """Ten sentences of one paper are one study, whose weight is that of its best design."""
    counts = count([study("supports", 1, "in_vitro"), study("supports", 1, "cohort"), study("supports", 1, "cohort")])
    assert counts.support == 1
    assert counts.support_weight == designs()["cohort"].weight


def test_a_sub_study_counts_as_its_trial() -> None:
    """Two sub-studies of one trial are one study."""
    assert count([study("supports", 1, parent_study="BRAVE"), study("supports", 2, parent_study="BRAVE")]).support == 1


def test_a_recount_never_counts_beside_a_report() -> None:
    """A review that retells patients counts only while no report of its own is there."""
    retold = study("supports", 1, "review", recounts=True)
    assert count([retold]).support == 1
    assert count([retold, study("refutes", 2)]) == count([study("refutes", 2)])


def test_mixed_findings_stand_on_both_sides() -> None:
    """A study with findings for and against stands in both counts."""
    counts = count([study("supports", 1), study("refutes", 1)])
    assert (counts.support, counts.refute) == (1, 1)
    assert counts.verdict == "contested"


@pytest.mark.parametrize("design", sorted(designs()))
@pytest.mark.parametrize("against", ["refutes", "null"])
def test_one_for_three_against_is_never_a_yes(design: str, against: str) -> None:
    """One supporting study of the best kind and three of any kind against are not asserted."""
    best = max(designs().values(), key=lambda d: d.weight).name
    counts = count([study("supports", 1, best), *(study(against, n, design) for n in (2, 3, 4))])
    assert not counts.asserted
    assert counts.verdict in ("contested", "mostly refuted")


@given(findings)
def test_never_asserted_against_more_or_heavier_studies(drawn: list[tuple[str, str, float, bool]]) -> None:
    """Asserted means: more studies for than against, heavier, and more than a hypothesis."""
    counts = summarise(drawn)
    if counts.asserted:
        assert counts.support > counts.refute + counts.null
        assert counts.support_weight > counts.against_weight
        assert counts.support_weight > 0
        assert counts.belief > 0.5


@given(findings, st.randoms(use_true_random=False))
def test_order_does_not_matter(drawn: list[tuple[str, str, float, bool]], random: object) -> None:
    """Shuffled findings give equal counts, to the last digit."""
    shuffled = drawn[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' Random is untyped
    assert summarise(shuffled) == summarise(drawn)


@given(findings)
def test_belief_is_a_probability(drawn: list[tuple[str, str, float, bool]]) -> None:
    """Belief lies between 0 and 1, is 1/2 without weight, and its numbers are floats."""
    counts = summarise(drawn)
    assert 0 < counts.belief < 1
    assert type(counts.support_weight) is float
    assert type(counts.against_weight) is float


@given(st.lists(evidences(), max_size=6))
def test_support_is_at_most_the_number_of_studies(drawn: list[Evidence]) -> None:
    """No count exceeds the number of root studies."""
    counts = count(drawn)
    assert max(counts.support, counts.refute, counts.null) <= len({e.root_study for e in drawn})


@pytest.mark.parametrize(
    ("agent", "extractor", "rate"),
    [
        ("manual_agent", "", 1.0),
        ("manual_agent", "REACH", 1.0),
        ("manual_validation_of_automated_agent", "REACH", 1.0),
        ("not_provided", "REACH", 1.0),
        ("text_mining_agent", "REACH 1.6.1", readers()["reach"].precision),
        ("automated_agent", "rlims-p", readers()["rlimsp"].precision),
        ("automated_agent", "my importer", 1.0),
        ("text_mining_agent", "my reader", readers()["pooled"].precision),
        ("text_mining_agent", "", readers()["pooled"].precision),
    ],
)
def test_what_a_machine_read_weighs_less(agent: str, extractor: str, rate: float) -> None:
    """A machine-read finding weighs its design times its reader's rate; what people wrote or checked weighs its design."""
    counts = count([study("supports", 1, "in_vitro", agent_type=agent, extractor=extractor)])
    assert counts.support_weight == pytest.approx(designs()["in_vitro"].weight * rate, abs=1e-9)
    assert counts.support == 1


def test_a_study_that_a_person_read_too_weighs_its_design() -> None:
    """The best finding of a study decides: what a curator confirmed is not weighed down by what a machine read."""
    read = study("supports", 1, "in_vitro", agent_type="text_mining_agent", extractor="sparser")
    assert count([read, study("supports", 1, "in_vitro")]) == count([study("supports", 1, "in_vitro")])


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        (Counts(), "no evidence"),
        (Counts(2, 0, 0, 1.0), "supported"),
        (Counts(1), "hypothesis"),
        (Counts(3, 1, 0, 2.0, 0.5), "mostly supported"),
        (Counts(3, 1, 0, 0.2, 0.5), "contested"),
        (Counts(1, 2, 0, 0.1, 0.5), "mostly refuted"),
        (Counts(0, 1, 3, 0.0, 0.5), "refuted"),
        (Counts(0, 0, 3, 0.0, 0.5), "not found"),
    ],
)
def test_verdicts(counts: Counts, verdict: str) -> None:
    """Every word of the verdict, from hand-made counts."""
    assert counts.verdict == verdict


def test_hypotheses_are_never_asserted() -> None:
    """Any number of suppositions is no yes."""
    for number in range(1, 4):
        for order in permutations([study("supports", n, "hypothesis", knowledge_level="prediction") for n in range(number)]):
            assert not count(order).asserted


def test_suppositions_do_not_swell_support() -> None:
    """Beside one finding in support, what authors suppose counts nothing; alone it counts and is called a hypothesis."""
    supposed = [study("supports", n, "hypothesis") for n in (2, 3, 4)]
    assert count([study("supports", 1, "cohort"), *supposed]).support == 1
    assert (count(supposed).support, count(supposed).verdict) == (3, "hypothesis")


def test_a_study_against_weighs_once() -> None:
    """A study that refutes in one measure and finds nothing in another stands in both counts and weighs once."""
    counts = count([study("refutes", 1, "cohort"), study("null", 1, "cohort")])
    assert (counts.refute, counts.null, counts.against_weight) == (1, 1, count([study("refutes", 1, "cohort")]).against_weight)
