"""What moved when under the drug, in order of the weeks since its start."""

from __future__ import annotations

import pytest

from kg.graph import Graph
from kg.model import Assertion, Condition, Context, Entity, Evidence, Observation, Publication, Stance, Statement
from loaders.curated import load_corpus
from ontologies.units import weeks
from queries.explanation.timeline import timeline

DRUG, AREATA, ECZEMA, CCL13, TH1 = "DRUGBANK:DB12159", "MONDO:0005340", "MONDO:0004980", "HGNC:10611", "GO:0042088"
ENTITIES = [
    Entity(DRUG, "dupilumab", "Drug"),
    Entity(AREATA, "alopecia areata", "Disease"),
    Entity(ECZEMA, "atopic dermatitis", "Disease"),
    Entity(CCL13, "CCL13", "Gene"),
    Entity(TH1, "T-helper 1 type immune response", "BiologicalProcess"),
]


def seen(
    relation: str, object_: str, time: str, *, disease: str = AREATA, stance: Stance = "supports", phase: str = "on",
    paper: int = 1, conditions: tuple[Condition, ...] = (),
) -> Assertion:
    """Return one finding under the drug at one time."""
    context = Context(disease=(disease,)) if object_ != disease else Context()
    return Assertion(
        Statement(DRUG, relation, object_, context, conditions),
        Evidence(
            stance, Publication(f"PMID:{paper}", pmid=str(paper), date="2022", precision="year"), f"PMID:{paper}",
            "randomized_trial_phase_2", f"finding of {paper}", observation=Observation(phase=phase, time=time),
        ),
    )  # fmt: skip


def points(*facts: Assertion) -> list[tuple[float, str, int]]:
    """Return weeks, name and direction of the time line of these findings."""
    graph = Graph.from_records([*ENTITIES, *facts])
    return [(p.weeks, p.node.name, p.direction) for p in timeline(graph, DRUG, (AREATA,))]


def test_order_of_time() -> None:
    """Months, weeks and days stand in one order; each point has its direction."""
    found = points(
        seen("observed_to_decrease", TH1, "48 wk", paper=1),
        seen("observed_to_decrease", CCL13, "24 wk", paper=2),
        seen("ameliorates_condition", AREATA, "7 mo", paper=3),
        seen("has_adverse_event", AREATA, "35 d", paper=4),
    )
    assert found == [
        (5.0, "alopecia areata", 1), (24.0, "CCL13", -1), (30.4375, "alopecia areata", -1),
        (48.0, "T-helper 1 type immune response", -1),
    ]  # fmt: skip


def test_two_times_are_two_points_and_a_span_is_its_beginning() -> None:
    """One finding at weeks 24 and 48 is two points; "8-12 wk" is one at week 8."""
    assert [p[0] for p in points(seen("observed_to_decrease", CCL13, "24 and 48 wk"))] == [24.0, 48.0]
    assert [p[0] for p in points(seen("observed_to_decrease", CCL13, "8-12 wk"))] == [8.0]


def test_what_was_not_seen_has_no_direction() -> None:
    """A null or refuting finding stands in the line, with direction 0."""
    stances: tuple[Stance, Stance] = ("null", "refutes")
    assert [points(seen("observed_to_decrease", CCL13, "24 wk", stance=s))[0][2] for s in stances] == [0, 0]


@pytest.mark.parametrize("phase", ["off", "on_again", "before"])
def test_other_phases_start_elsewhere(phase: str) -> None:
    """What was seen off the drug is not so many weeks after its start."""
    assert points(seen("ameliorates_condition", AREATA, "4 mo", phase=phase)) == []


def test_another_disease_or_no_time_is_left_out() -> None:
    """A marker in the skin of eczema says nothing of the course of alopecia areata; a finding without a time has no place."""
    assert points(seen("observed_to_decrease", CCL13, "24 wk", disease=ECZEMA), seen("observed_to_decrease", CCL13, "")) == []


def test_a_time_in_the_conditions_counts() -> None:
    """A statement that is limited to a time is read by it."""
    limit = Condition("time on treatment", "=", "12", "wk")
    assert points(seen("observed_to_decrease", CCL13, "", conditions=(limit,))) == [(12.0, "CCL13", -1)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("24 wk", ((24, 24),)),
        ("12 and 28 wk", ((12, 12), (28, 28))),
        ("8-12 wk", ((8, 12),)),
        ("<6 wk", ((6, 6),)),
        ("300 mg", ()),
        ("", ()),
        ("every 2 weeks", ()),
    ],
)
def test_durations(text: str, spans: tuple[tuple[float, float], ...]) -> None:
    """Times are read in weeks; what is no time gives none."""
    assert weeks(text) == spans


def test_real_corpus_has_type_2_before_type_1() -> None:
    """In alopecia areata on dupilumab the type-2 chemokines fall by week 24, the Th1 response by week 48."""
    graph = Graph.from_records(load_corpus())
    found = {(p.node.name, p.weeks, p.direction) for p in timeline(graph, DRUG, (AREATA,)) if p.evidence.study == "PMID:36271804"}
    chemokines = {(name, 24.0, -1) for name in ("CCL13", "CCL18", "CCL24", "CCL26")}
    assert found >= chemokines | {("hair keratins", 24.0, 1), ("T-helper 1 type immune response", 48.0, -1)}
