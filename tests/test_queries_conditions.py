"""In whom and when: the groups of what was found, on small graphs and on the shipped corpus."""

from __future__ import annotations

from functools import cache

from kg.graph import Graph
from kg.model import Assertion, Condition, Context, Entity, Evidence, Observation, Publication, Stance, Statement
from loaders.curated import load_corpus
from queries.explanation.answer import ConditionGroup, Explanation
from queries.explanation.clinical import clinical_findings
from queries.explanation.conditions import condition_groups
from queries.explanation.explain import explain
from queries.state_graph import goals_of

DRUG, AREATA, TOTALIS = "DRUGBANK:DB12159", "MONDO:0005340", "MONDO:0019080"
ECZEMA, COLITIS, IGE = "MONDO:0004980", "MONDO:0005101", "ikg:serum-total-ige"
ENTITIES = [
    Entity(DRUG, "dupilumab", "Drug"),
    Entity(AREATA, "alopecia areata", "Disease"),
    Entity(TOTALIS, "alopecia totalis", "Disease"),
    Entity(ECZEMA, "atopic dermatitis", "Disease"),
    Entity(COLITIS, "ulcerative colitis", "Disease"),
    Entity(IGE, "serum total IgE", "ClinicalFinding"),
]
FORM = Assertion(
    Statement(TOTALIS, "severity_form_of", AREATA),
    Evidence("supports", Publication("PMID:99", pmid="99", date="2000", precision="year"), "PMID:99", "review"),
)
HIGH_IGE = Condition("baseline serum total IgE", ">=", "200", "[IU]/mL")


def found(
    paper: int, *, subject: str = DRUG, relation: str = "ameliorates_condition", object_: str = AREATA,
    stance: Stance = "supports", study: str = "", disease: tuple[str, ...] = (),
    limits: tuple[Condition, ...] = (), recounts: bool = False, **seen: str,
) -> Assertion:
    """Return one clinical finding."""
    return Assertion(
        Statement(subject, relation, object_, Context(disease=disease), limits),
        Evidence(
            stance, Publication(f"PMID:{paper}", pmid=str(paper), date="2020", precision="year"), study or f"PMID:{paper}",
            "case_report", f"finding of {paper}", recounts=recounts, observation=Observation(**seen),
        ),
    )  # fmt: skip


def groups(*facts: Assertion) -> tuple[ConditionGroup, ...]:
    """Return the groups of these findings."""
    graph = Graph.from_records([*ENTITIES, FORM, *facts])
    goals = goals_of(graph, AREATA)
    targets = [goal.id for goal in goals]
    return condition_groups(graph, DRUG, targets, clinical_findings(graph, DRUG, goals))


def brief(made: tuple[ConditionGroup, ...]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return variable, condition, kind and studies of groups."""
    return [(group.variable, group.condition, group.kind, group.studies) for group in made]


def test_predictor_and_limit_of_one_variable_stand_together() -> None:
    """The predictor comes first, then the limit, before any other variable."""
    predicts = found(2, subject=IGE, relation="predicts_response_to", object_=DRUG, disease=(AREATA,), limits=(HIGH_IGE,))
    child = found(3, limits=(Condition("age group", "=", "child"),))
    assert brief(groups(child, found(1, limits=(HIGH_IGE,)), predicts)) == [
        ("serum total IgE", f"serum total IgE predicts response ({HIGH_IGE})", "predictor", ("PMID:2",)),
        ("serum total IgE", str(HIGH_IGE), "limit", ("PMID:1",)),
        ("age", "age group = child", "limit", ("PMID:3",)),
    ]


def test_atopy_is_read_from_limits_and_from_the_other_disease() -> None:
    """Not atopic and with eczema are two values of one variable; another disease is named as such."""
    made = groups(found(1, limits=(Condition("atopic", "=", "false"),)), found(2, disease=(ECZEMA, COLITIS)))
    assert brief(made) == [
        ("atopy", "atopic = false", "limit", ("PMID:1",)),
        ("atopy", "with atopic dermatitis", "patients", ("PMID:2",)),
        ("other disease", "with ulcerative colitis", "patients", ("PMID:2",)),
    ]


def test_age_and_sex_of_patients() -> None:
    """Ages below 18 years are children; they join the claims that are limited to children."""
    made = groups(
        found(1, age="9 a", sex="female"), found(2, age="17 a"), found(3, age="18 a"), found(4, age="30 mo"),
        found(5, limits=(Condition("age group", "=", "child"),)),
    )  # fmt: skip
    assert {(group.condition, group.kind): group.studies for group in made} == {
        ("age group = child", "limit"): ("PMID:1", "PMID:2", "PMID:4", "PMID:5"),
        ("age group = adult", "patients"): ("PMID:3",),
        ("sex = female", "patients"): ("PMID:1",),
    }


def test_limits_of_one_variable_are_joined() -> None:
    """Between 12 and 18 years is one group; alternatives are joined by "or"."""
    both = (Condition("age", "<", "18", "a"), Condition("age", ">=", "12", "a"))
    either = (Condition("pattern", "=", "patchy", group="1"), Condition("pattern", "=", "diffuse", group="1"))
    assert [g.condition for g in groups(found(1, limits=both))] == ["age < 18 a and age >= 12 a"]
    assert [g.condition for g in groups(found(1, limits=either))] == ["pattern = diffuse or pattern = patchy"]


def test_against_is_kept_apart() -> None:
    """A group in which a study found nothing names it as against."""
    limit = (Condition("age group", "=", "adult"),)
    (group,) = groups(found(1, limits=limit), found(2, limits=limit, stance="null"))
    assert (group.studies, group.against) == (("PMID:1",), ("PMID:2",))
    assert [item.study for item in group.evidence] == ["PMID:1", "PMID:2"]


def test_retold_findings_count_only_where_nothing_else_does() -> None:
    """A review that retells does not stand beside what it retells."""
    limit = (Condition("age group", "=", "adult"),)
    (group,) = groups(found(1, limits=limit), found(2, limits=limit, recounts=True))
    assert group.studies == ("PMID:1",)
    (group,) = groups(found(2, limits=limit, recounts=True))
    assert group.studies == ("PMID:2",)


def test_course_on_off_on() -> None:
    """The phases of one study are one group, in order; a study that only looked on the drug is none."""
    case = [found(n, study="CASE", object_=TOTALIS, phase=phase) for n, phase in ((1, "on_again"), (2, "on"), (3, "off"))]
    made = [group for group in groups(*case, found(4, phase="on")) if group.kind == "course"]
    assert brief(tuple(made)) == [("course of treatment", "on the drug, off it, on it again", "course", ("CASE",))]
    assert made[0].findings == ("on the drug: finding of 2", "off it: finding of 3", "on it again: finding of 1")


def test_form_of_the_disease_and_time() -> None:
    """Severity forms and the span of times after the start are groups; what was seen off the drug has no time on it."""
    made = groups(found(1, object_=TOTALIS, time="6 wk", phase="on"), found(2, time="3 a"), found(3, time="4 mo", phase="off"))
    assert ("form of the disease", "alopecia totalis", "form", ("PMID:1",)) in brief(made)
    assert ("time on the drug", "seen 6 to 157 wk after the start", "course", ("PMID:1", "PMID:2")) in brief(made)


@cache
def dupilumab_in_areata() -> tuple[Graph, Explanation]:
    """Return the shipped corpus and its answer to the question of the index case."""
    graph = Graph.from_records(load_corpus())
    return graph, explain(graph, DRUG, AREATA)


def test_dupilumab_in_alopecia_areata() -> None:
    """The corpus says in whom: IgE of at least 200 IU/mL, a patient without atopy, on/off/on in the index case."""
    graph, answer = dupilumab_in_areata()
    targets = [node.id for node in answer.question.targets]
    made = condition_groups(
        graph, DRUG, targets, answer.clinical, benefit=answer.benefit.paths, harm=answer.harm.paths
    )
    by_condition = {(group.condition, group.side): group for group in made}
    assert by_condition["baseline serum total IgE >= 200 [IU]/mL", "benefit"].studies == ("NCT03359356",)
    assert any(group.kind == "predictor" and group.variable == "serum total IgE" for group in made)
    assert by_condition["atopic = false", "benefit"].studies == ("DOI:10.1016/j.jdcr.2021.07.025",)
    assert by_condition["on the drug, off it, on it again", "benefit"].studies == ("INDEX-CASE-2018",)
    assert by_condition["alopecia totalis", "benefit"].kind == "form"
    assert {"benefit", "harm"} == {group.side for group in made if group.variable == "age"}
    assert made[0].variable == "serum total IgE"


def test_steps_that_hold_only_under_a_condition_are_named() -> None:
    """A mechanism step whose every statement is limited is a group of its own kind, with its studies."""
    graph, answer = dupilumab_in_areata()
    targets = [node.id for node in answer.question.targets]
    limited = {
        (step.subject.name, step.object.name)
        for path in answer.benefit.paths
        if not path.hypothesis
        for step in path.steps
        if all(s.conditions for s in step.statements if s.support)
    }
    made = condition_groups(graph, DRUG, targets, answer.clinical, benefit=answer.benefit.paths)
    steps = [group for group in made if group.kind == "mechanism"]
    assert limited
    for subject, name in limited:
        assert any(group.condition.startswith(f"{subject} ") and name in group.condition for group in steps)
    assert not any(g.kind == "mechanism" for g in condition_groups(graph, DRUG, targets, answer.clinical))
