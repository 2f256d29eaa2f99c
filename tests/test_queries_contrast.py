"""One drug against another: what only one reaches, both, the opposite way, and how the other stands in patients."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import Graph
from queries.explanation.answer import Contrast, Explanation, Question
from queries.explanation.contrast import contrast
from queries.explanation.explain import explain
from queries.explanation.mass import counted_paths, state_shares
from queries.explanation.shown import Node, Path
from tests.clinical_reports import AREATA, DRUG, ECZEMA, IL4, JAK1, OTHER, corpus, graph, named, report
from tests.explanations import DISEASE, explanation_of, path_of

EMPTY = Graph({}, {}, {})


@cache
def index_contrast() -> Contrast:
    """Dupilumab against prednisone in alopecia areata, on the shipped corpus."""
    first, second = (explain(corpus(), named(drug), named("alopecia areata")) for drug in ("dupilumab", "prednisone"))
    return contrast(corpus(), first, second)


def other_drug(explanation: Explanation) -> Explanation:
    """The explanation with prednisone as its drug (its paths are taken as they are)."""
    question = Question(Node(OTHER, "prednisone", "SmallMolecule"), DISEASE, (DISEASE,), 20, 6)
    return replace(explanation, question=question)


def test_states_are_told_by_who_reaches_them() -> None:
    """A state of one drug's mechanisms, of the other's, of both; shares are of path mass."""
    first = explanation_of(["dupilumab -| IL4R -> STAT6 -> alopecia areata"], [])
    second = other_drug(explanation_of(["prednisone -| IFNG -> STAT6 -> alopecia areata"], []))
    rows = {row.node.name: row for row in contrast(EMPTY, first, second).rows}
    assert {name: row.reached_by for name, row in rows.items()} == {
        "IL4R": "first", "IFNG": "second", "STAT6": "both", "alopecia areata": "both",
    }  # fmt: skip
    assert (rows["IL4R"].first_share, rows["IL4R"].second_share) == (1.0, 0.0)
    assert rows["IL4R"].evidence


def test_direction_makes_another_state() -> None:
    """IL4 down and IL4 up are not one state; what the first lowers for benefit and the second raises for harm is said."""
    first = explanation_of(["dupilumab -| IL4 -> alopecia areata"], [])
    second = other_drug(explanation_of([], ["prednisone -> IL4 -> alopecia areata"]))
    found = contrast(EMPTY, first, second)
    assert {(row.side, row.state, row.reached_by) for row in found.rows if row.node.name == "IL4"} == {
        ("benefit", -1, "first"), ("harm", 1, "second"),
    }  # fmt: skip
    assert "dupilumab moves on its way to benefit (IL4 down), prednisone moves the other way" in found.sentence


def test_mechanisms_of_one_alone_share_no_inner_state() -> None:
    """Only paths all of whose inner states the other never passes on that side are its own."""
    first = explanation_of(
        ["dupilumab -| IL4R -> STAT6 -> alopecia areata", "dupilumab -| CCL17 -> TH2 -> alopecia areata"], []
    )
    second = other_drug(explanation_of(["prednisone -| STAT6 -> alopecia areata"], []))
    found = contrast(EMPTY, first, second)
    assert [path.steps[0].object.name for path in found.only_first] == ["CCL17"]
    assert found.only_second == ()


def test_a_drug_without_mechanisms_is_said_to_have_none() -> None:
    """Nothing is invented for a drug that the graph does not connect."""
    found = contrast(EMPTY, explanation_of(), other_drug(explanation_of([], [])))
    assert "Only dupilumab has a mechanism to benefit here; none leads from prednisone." in found.sentence
    assert "No clinical study of prednisone here." in found.sentence
    assert {row.reached_by for row in found.rows} == {"first"}
    nothing = contrast(EMPTY, explanation_of([], []), other_drug(explanation_of([], [])))
    assert nothing.rows == ()
    assert "Neither has a mechanism to benefit here." in nothing.sentence


def test_null_results_of_the_other_are_counted_and_kept() -> None:
    """That the other drug did nothing in patients stands in the sentence and among the findings."""
    known = graph(
        report("1", DRUG, "decreases_activity_of", IL4, design="in_vitro"),
        report("2", IL4, "contributes_to", AREATA, design="in_vivo"),
        report("3", OTHER, "ameliorates_condition", AREATA, stance="null"),
    )
    found = contrast(known, explain(known, DRUG, AREATA), explain(known, OTHER, AREATA))
    assert "Clinical evidence on prednisone here: 1 study that found no benefit or the opposite." in found.sentence
    assert [row.evidence.stance for row in found.clinical] == ["null"]
    assert (found.benefit, found.harm) == ("none", "none")


@pytest.mark.parametrize(("stance", "words"), [("supports", "did better than"), ("null", "was not shown to do better than")])
def test_direct_comparisons_are_told(stance: str, words: str) -> None:
    """A study of both drugs in the disease is told the right way round, and counts for neither side."""
    known = graph(
        report("1", OTHER, "more_effective_than", DRUG, disease=[ECZEMA], stance=stance, design="randomized_trial")  # type: ignore[arg-type]  # keywords of a test
    )
    found = contrast(known, explain(known, DRUG, ECZEMA), explain(known, OTHER, ECZEMA))
    assert f"Compared directly, prednisone {words} dupilumab." in found.sentence
    assert found.clinical == ()


def test_prednisone_against_dupilumab() -> None:
    """The steroid lowers interferon but not IL-4; in the index patient it did nothing for the hair, and that is kept."""
    found = index_contrast()
    assert found.other.name == "prednisone"
    only = {(row.node.name, row.state, row.side): row.reached_by for row in found.rows}
    assert only["IL4", -1, "benefit"] == "first"
    assert only["IFNG", -1, "benefit"] == "both"
    assert ("INDEX-CASE-2018", "null") in {(row.evidence.study, row.evidence.stance) for row in found.clinical}
    assert found.only_first
    assert found.only_second
    assert "MESH:" not in found.sentence
    assert not any(row.node.category in ("Drug", "SmallMolecule", "Treatment") for row in found.rows)


def test_rows_of_the_corpus_carry_evidence_and_are_ordered() -> None:
    """Every state says on what it rests; the greatest differences come first."""
    rows = index_contrast().rows
    assert all(row.evidence for row in rows)
    gaps = [abs(row.first_share - row.second_share) for row in rows]
    assert gaps == sorted(gaps, reverse=True)


steps = st.sampled_from(["-|", "->"])
names = st.sampled_from(["IL4", "IL13", "STAT6", "JAK1", "IFNG"])


@st.composite
def ways(draw: st.DrawFn) -> Path:
    """A path of one to four steps with a cost."""
    middle = draw(st.lists(names, max_size=3, unique=True))
    text = "dupilumab"
    for name in (*middle, "alopecia areata"):
        text += f" {draw(steps)} {name}"
    return replace(path_of(text), score=draw(st.floats(0.1, 2000)))


@given(st.lists(ways(), max_size=6), st.lists(ways(), max_size=6))
def test_shares_are_shares(one: list[Path], other: list[Path]) -> None:
    """Shares lie between 0 and 1, whatever the costs; a row is reached by whoever has a share in it."""
    found = contrast(EMPTY, explanation_of(one, []), other_drug(explanation_of(other, [])))
    for row in found.rows:
        assert 0 <= row.first_share <= 1
        assert 0 <= row.second_share <= 1
        kind = {(True, False): "first", (False, True): "second", (True, True): "both"}
        assert row.reached_by == kind[row.first_share > 0, row.second_share > 0]
    assert {(row.node.id, row.state) for row in found.rows} == {*state_shares(one), *state_shares(other)}


@given(st.lists(ways(), min_size=1, max_size=6))
def test_all_mass_ends_somewhere(paths: list[Path]) -> None:
    """The states at the ends of the paths carry all the mass between them, and no path is counted that carries none."""
    shares = state_shares(paths)
    assert sum(shares[state] for state in {(p.steps[-1].object.id, p.steps[-1].state) for p in paths} & set(shares)) == (
        pytest.approx(1.0)
    )
    assert counted_paths(paths)
    assert JAK1 not in {node for node, _ in state_shares([path for path in paths if path.hypothesis])}
