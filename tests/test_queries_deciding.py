"""Measurements that would decide: opposite predictions, weighted, measured ones first with what was seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import Assertion, Entity
from queries.explanation.answer import Measurement
from queries.explanation.deciding import deciding
from queries.explanation.explain import explain
from queries.explanation.shown import Path
from tests.clinical_reports import AREATA, DRUG, ECZEMA, ENTITIES, corpus, named, report
from tests.explanations import path_of

STAT6, IFNG, CCL17 = "ikg:stat6", "ikg:ifng", "ikg:ccl17"
NODES = (Entity(STAT6, "STAT6", "Gene"), Entity(IFNG, "IFNG", "Gene"), Entity(CCL17, "CCL17", "Gene"))
EMPTY = Graph({}, {}, {})

#: STAT6, IFNG and CCL17 go down for benefit and up for harm; IL4R goes down for both
BENEFIT = (path_of("dupilumab -| IL4R -> STAT6 -> IFNG -> CCL17 -> alopecia areata"),)
HARM = (path_of("dupilumab -| IL4R -| STAT6 -> IFNG -> CCL17 -> alopecia areata"),)


def decide(*reports: Assertion, benefit: tuple[Path, ...] = BENEFIT, harm: tuple[Path, ...] = HARM) -> tuple[Measurement, ...]:
    """The measurements on a graph of the reports."""
    known = Graph.from_records([*ENTITIES, *NODES, *reports])
    return deciding(known, DRUG, [AREATA], benefit, harm)


def seen(relation: str, node: str, **how: object) -> Assertion:
    """A measurement of a node under the drug."""
    return report(str(how.pop("paper", "1")), DRUG, relation, node, design="biomarker_substudy", **how)  # type: ignore[arg-type]  # keywords of a test


def test_only_opposite_predictions_decide() -> None:
    """What goes down on both sides decides nothing; the disease itself is the question, not a measurement."""
    found = decide()
    assert {m.node.name for m in found} == {"STAT6", "IFNG", "CCL17"}
    assert {(m.benefit, m.harm) for m in found} == {(-1, 1)}
    assert all(m.weight == 1.0 and not m.measured and not m.observed for m in found)


def test_what_was_measured_comes_first_then_markers() -> None:
    """Measured under the drug, then known to go with the disease, then the rest."""
    found = decide(
        seen("observed_to_decrease", CCL17), report("2", IFNG, "increased_in", AREATA, design="case_control"),
    )
    assert [m.node.name for m in found] == ["CCL17", "IFNG", "STAT6"]
    assert [[item.study for item in m.known] for m in found] == [[], ["PMID:2"], []]
    assert [(m.observed, len(m.measured), m.biomarker) for m in found] == [(-1, 1, False), (0, 0, True), (0, 0, False)]


def test_the_direction_seen_in_the_disease_counts() -> None:
    """A fall seen in the disease asked about goes before a rise seen elsewhere; both are cited, the near one first."""
    found = decide(
        seen("observed_to_increase", IFNG, disease=[ECZEMA], paper=5, date="2010"),
        seen("observed_to_decrease", IFNG, disease=[AREATA], paper=6),
    )
    assert (found[0].node.name, found[0].observed) == ("IFNG", -1)
    assert [item.study for item in found[0].measured] == ["PMID:6", "PMID:5"]
    assert found[0].where == ("alopecia areata",)
    assert decide(seen("observed_to_increase", IFNG, disease=[ECZEMA]))[0].where == ("atopic dermatitis",)
    assert decide(seen("observed_to_increase", IFNG))[0].where == ()


def test_studies_that_disagree_or_saw_no_change_give_no_direction() -> None:
    """Opposite findings, or a null one alone, are listed without a direction, after those with one."""
    found = decide(
        seen("observed_to_increase", IFNG, paper=5), seen("observed_to_decrease", IFNG, paper=6),
        seen("observed_to_decrease", STAT6, stance="null", paper=7), seen("observed_to_decrease", CCL17, paper=8),
    )
    assert [(m.node.name, m.observed, len(m.measured)) for m in found] == [("CCL17", -1, 1), ("IFNG", 0, 2), ("STAT6", 0, 1)]


def test_a_refuted_fall_is_a_rise() -> None:
    """Evidence that refutes a fall measured the opposite."""
    assert decide(seen("observed_to_decrease", IFNG, stance="refutes"))[0].observed == 1


def test_a_supposition_is_no_measurement() -> None:
    """What authors suppose about a marker was not measured."""
    guess = report("9", DRUG, "observed_to_decrease", IFNG, design="hypothesis")
    assert all(not m.measured for m in decide(guess))


def test_a_kind_of_the_node_stands_for_it() -> None:
    """A measured subset of a cell says something about the cell; a supposition about it nothing."""
    kind = report("3", CCL17, "is_a", IFNG, design="ontology")
    found = {m.node.name: m for m in decide(kind, seen("observed_to_decrease", CCL17))}
    assert (found["IFNG"].observed, found["CCL17"].observed) == (-1, -1)


def test_weight_is_what_both_sides_depend_on() -> None:
    """A node of one of two equal mechanisms to benefit weighs a half, though every mechanism to harm passes it."""
    benefit = (BENEFIT[0], path_of("dupilumab -| IL13 -> alopecia areata"))
    assert {m.node.name: m.weight for m in decide(benefit=benefit)}["STAT6"] == pytest.approx(0.5)


def test_what_carries_next_to_nothing_of_a_side_decides_nothing() -> None:
    """A by-way with less than a hundredth of the mechanisms is no way to tell the sides apart."""
    other = path_of("dupilumab -| IL13 -> alopecia areata")
    assert "STAT6" in {m.node.name for m in decide(harm=(other, replace(HARM[0], score=other.score + 4)))}
    assert decide(harm=(other, replace(HARM[0], score=other.score + 5))) == ()


def test_a_node_passed_both_ways_goes_the_way_of_the_greater_share() -> None:
    """Equal shares both ways predict nothing."""
    up = path_of("dupilumab -> STAT6 -> alopecia areata")
    assert "STAT6" not in {m.node.name for m in decide(benefit=(BENEFIT[0], up))}
    weaker = replace(up, score=3.0)
    assert {m.node.name: m.benefit for m in decide(benefit=(BENEFIT[0], weaker))}["STAT6"] == -1


def test_a_side_without_mechanisms_decides_nothing() -> None:
    """Opposite needs two sides."""
    assert decide(benefit=()) == decide(harm=()) == ()


def test_corpus_answers_are_opposite_and_never_the_disease() -> None:
    """For the index question interferon gamma is what to measure: down if benefit, up if harm."""
    answer = explain(corpus(), named("dupilumab"), named("alopecia areata"))
    targets = [node.id for node in answer.question.targets]
    found = deciding(corpus(), named("dupilumab"), targets, answer.benefit.paths, answer.harm.paths)
    assert ("IFNG", -1, 1, True) in {(m.node.name, m.benefit, m.harm, m.biomarker) for m in found}
    assert not {m.node.id for m in found} & {*targets, named("dupilumab")}


steps = st.sampled_from(["-|", "->"])


@st.composite
def ways(draw: st.DrawFn) -> Path:
    """A path of one to four steps with a cost."""
    middle = draw(st.lists(st.sampled_from(["IL4", "STAT6", "IFNG", "CCL17"]), max_size=3, unique=True))
    text = "dupilumab"
    for name in (*middle, "alopecia areata"):
        text += f" {draw(steps)} {name}"
    return replace(path_of(text), score=draw(st.floats(0.1, 100)))


@given(st.lists(ways(), max_size=5), st.lists(ways(), max_size=5))
def test_predictions_are_opposite_and_symmetric(benefit: list[Path], harm: list[Path]) -> None:
    """Whatever the paths: opposite directions, weights between 0 and 1, and sides that may be exchanged."""
    found = deciding(EMPTY, DRUG, [AREATA], benefit, harm)
    assert all(m.benefit == -m.harm and abs(m.benefit) == 1 and 0 < m.weight <= 1 for m in found)
    swapped = deciding(EMPTY, DRUG, [AREATA], harm, benefit)
    assert {(m.node.id, m.benefit, m.weight) for m in found} == {(m.node.id, m.harm, m.weight) for m in swapped}
