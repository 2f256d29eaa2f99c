"""Explanations on tiny graphs built by hand: what may explain, how sure each side is, what is said to be missing."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from kg.graph import Graph
from kg.model import Assertion, Condition, Context, Entity, Evidence, Publication, Stance, Statement
from ontologies.errors import BadInput
from queries.explanation.answer import Explanation
from queries.explanation.explain import explain
from queries.page import to_markdown, to_text

DRUG, IL4R, STAT6, TH2, JAK1 = "DRUGBANK:DB12159", "HGNC:6015", "HGNC:11368", "CL:0000546", "HGNC:6190"
IL4, IFNG, ASTHMA = "HGNC:6014", "HGNC:5438", "MONDO:0004979"
AREATA, TOTALIS, ECZEMA, ANAGEN = "MONDO:0005340", "MONDO:0019080", "MONDO:0004980", "GO:0042640"
CLASS = "ikg:il4r-antibody"

ENTITIES = [
    Entity(DRUG, "dupilumab", "Drug"),
    Entity(CLASS, "IL-4R antibody", "Treatment"),
    Entity(IL4R, "IL4R", "Gene", roles=("Receptor",)),
    Entity(STAT6, "STAT6", "Gene"),
    Entity(JAK1, "JAK1", "Gene", roles=("Kinase",)),
    Entity(IL4, "IL4", "Gene", roles=("Cytokine",)),
    Entity(IFNG, "IFNG", "Gene", roles=("Cytokine",)),
    Entity(TH2, "T-helper 2 cell", "Cell"),
    Entity(AREATA, "alopecia areata", "Disease"),
    Entity(TOTALIS, "alopecia totalis", "Disease"),
    Entity(ECZEMA, "atopic dermatitis", "Disease"),
    Entity(ASTHMA, "asthma", "Disease"),
    Entity(ANAGEN, "anagen", "BiologicalProcess", valence="good"),
]


def fact(
    subject: str, relation: str, object_: str, paper: str = "1", *, stance: Stance = "supports", design: str = "in_vitro",
    date: str = "2017", context: Context | None = None, conditions: tuple[Condition, ...] = (), study: str = "",
) -> Assertion:
    """One assertion with a paper of its own unless the number is repeated."""
    publication = Publication(f"PMID:{paper}", pmid=paper, date=date, precision="year" if date else "unknown")
    statement = Statement(subject, relation, object_, context or Context(), conditions)
    return Assertion(statement, Evidence(stance, publication, study or f"PMID:{paper}", design, f"finding of {paper}"))


def graph(*facts: Assertion) -> Graph:
    """The graph of the given facts and all entities above."""
    return Graph.from_records([*ENTITIES, *facts])


def chains(answer: Explanation, side: str) -> list[list[str]]:
    """The names of the nodes of each path after the drug."""
    paths = answer.benefit.paths if side == "benefit" else answer.harm.paths
    return [[step.object.name for step in path.steps] for path in paths]


BASE = (
    fact(DRUG, "decreases_activity_of", IL4R, "1"),
    fact(IL4R, "increases_activity_of", STAT6, "2"),
    fact(STAT6, "contributes_to", AREATA, "3"),
)


def test_predicted_benefit_says_so_first() -> None:
    """Mechanisms without a clinical study are a prediction, worded as one, and the other side is none."""
    answer = explain(graph(*BASE), DRUG, AREATA)
    assert chains(answer, "benefit") == [["IL4R", "STAT6", "alopecia areata"]]
    assert (answer.benefit.status, answer.harm.status) == ("predicted", "none")
    assert answer.benefit.sentence.startswith("Predicted only: no clinical study")


def test_score_is_the_sum_of_its_terms() -> None:
    """Every path prints terms that add up to its score."""
    path = explain(graph(*BASE), DRUG, AREATA).benefit.paths[0]
    assert sum(path.terms.values()) == pytest.approx(path.score, abs=1e-5)


def test_observation_is_never_a_step() -> None:
    """What was measured under the drug tests a mechanism and carries none."""
    facts = (fact(DRUG, "observed_to_decrease", STAT6, "1"), fact(STAT6, "contributes_to", AREATA, "3"))
    assert explain(graph(*facts), DRUG, AREATA).benefit.status == "none"


def test_direct_drug_disease_arc_is_evidence_not_mechanism() -> None:
    """A clinical report makes the side observed but gives no mechanism."""
    answer = explain(graph(fact(DRUG, "ameliorates_condition", AREATA, design="case_report")), DRUG, AREATA)
    assert (answer.benefit.status, answer.benefit.paths) == ("observed", ())
    assert "No mechanism here leads from the drug to benefit." in answer.missing


def test_no_path_through_another_disease() -> None:
    """A disease between the drug and the goal is no step."""
    facts = (
        fact(DRUG, "decreases_activity_of", IL4R), fact(IL4R, "contributes_to", ASTHMA, "2"),
        fact(ASTHMA, "contributes_to", AREATA, "3"),
    )
    assert explain(graph(*facts), DRUG, AREATA).benefit.status == "none"


def test_severity_forms_and_manifestations_are_goals_by_valence() -> None:
    """Totalis is taken in and named; anagen is good when up, so raising it is benefit."""
    facts = (
        fact(TOTALIS, "severity_form_of", AREATA, "10"), fact(ANAGEN, "manifestation_of", AREATA, "11"),
        fact(DRUG, "decreases_activity_of", IL4R), fact(IL4R, "negatively_regulates", ANAGEN, "2"),
        fact(IL4R, "increases_activity_of", STAT6, "4"), fact(STAT6, "protects_against", TOTALIS, "5"),
    )
    answer = explain(graph(*facts), DRUG, AREATA)
    assert [node.name for node in answer.question.targets] == ["alopecia areata", "alopecia totalis"]
    assert chains(answer, "benefit") == [["IL4R", "anagen"]]
    assert chains(answer, "harm") == [["IL4R", "STAT6", "alopecia totalis"]]


def test_association_only_last_and_dearer() -> None:
    """An undirected association may end a path, costs more, and is named as assumed."""
    facts = (*BASE, fact(IL4R, "genetically_associated_with", AREATA, "4", design="gwas"))
    answer = explain(graph(*facts), DRUG, AREATA)
    by_chain = {tuple(s.object.name for s in p.steps): p for p in answer.benefit.paths}
    direct = by_chain["IL4R", "alopecia areata"]
    assert direct.terms["tier"] == 2.5
    assert "direction is assumed" in direct.goal


def test_hypotheses_come_last_and_are_labelled() -> None:
    """A cheaper path that rests on a supposition stands after a dearer supported one, its score unchanged."""
    facts = (*BASE, fact(IL4R, "contributes_to", AREATA, "9", design="hypothesis"))
    answer = explain(graph(*facts), DRUG, AREATA)
    assert [path.hypothesis for path in answer.benefit.paths] == [False, True]
    assert all(path.score < 100 for path in answer.benefit.paths)


def test_only_a_hypothesis_is_status_hypothesised() -> None:
    """Suppositions alone are neither observed nor predicted."""
    facts = (BASE[0], fact(IL4R, "contributes_to", AREATA, "9", design="hypothesis"))
    assert explain(graph(*facts), DRUG, AREATA).benefit.status == "hypothesised"


def test_context_clash_costs_and_is_named() -> None:
    """IL-4 acts on JAK1, but JAK1 drives the disease under IFN-gamma: the path pays and says so."""
    facts = (
        fact(DRUG, "inhibits_signaling_of", IL4), fact(IL4, "increases_activity_of", JAK1, "2"),
        fact(JAK1, "contributes_to", AREATA, "3", context=Context(ligand=(IFNG,))),
    )
    path = explain(graph(*facts), DRUG, AREATA).benefit.paths[0]
    assert path.terms["coherence"] == 2.0
    assert path.clashes == ("at JAK1: ligand is IL4 before and IFNG after",)


def test_contradictions_rank_below_every_coherent_path() -> None:
    """A dearer coherent path stands before a cheaper one that joins contradicting contexts; printed scores stay true."""
    facts = (
        fact(DRUG, "inhibits_signaling_of", IL4), fact(IL4, "increases_activity_of", JAK1, "2"),
        fact(JAK1, "contributes_to", AREATA, "3", context=Context(ligand=(IFNG,))),
        fact(JAK1, "increases_activity_of", STAT6, "4", design="commentary"),
        fact(STAT6, "increases_activity_of", TH2, "5", design="commentary"),
        fact(TH2, "contributes_to", AREATA, "6", design="commentary"),
    )
    paths = explain(graph(*facts), DRUG, AREATA).benefit.paths
    assert [bool(path.clashes) for path in paths] == [False, True]
    assert paths[0].score > paths[1].score


def test_no_direction_is_assumed_where_one_is_known() -> None:
    """A gene linked to the disease genetically and lowered in it is not read as 'more of it, more disease'."""
    facts = (
        fact(DRUG, "decreases_activity_of", IL4R), fact(IL4R, "decreases_expression_of", STAT6, "2"),
        fact(STAT6, "genetically_associated_with", AREATA, "3", design="gwas"),
        fact(STAT6, "decreased_in", AREATA, "4", design="case_control"),
    )
    answer = explain(graph(*facts), DRUG, AREATA)
    assert (answer.benefit.status, answer.harm.status) == ("predicted", "none")


def test_opposite_findings_cost_and_are_cited() -> None:
    """IL-4 raising IFN-gamma in one study and lowering it in another: each path shows the other side and pays for it."""
    facts = (
        fact(DRUG, "inhibits_signaling_of", IL4), fact(IL4, "increases_expression_of", IFNG, "2"),
        fact(IL4, "decreases_expression_of", IFNG, "3"), fact(IFNG, "contributes_to", AREATA, "4"),
    )
    answer = explain(graph(*facts), DRUG, AREATA)
    for side, paper in ((answer.benefit, "PMID:3"), (answer.harm, "PMID:2")):
        step = side.paths[0].steps[1]
        assert (step.opposed, step.opposed_evidence[0].publication) == (1, paper)
        assert side.paths[0].terms["conflict"] > 0


def test_a_shared_kinase_left_without_a_ligand_costs() -> None:
    """JAK1 entered under IL-4 and left under no stated ligand pays half; with the same ligand stated it does not."""
    before = (fact(DRUG, "inhibits_signaling_of", IL4), fact(IL4, "increases_activity_of", JAK1, "2"))
    unstated = explain(graph(*before, fact(JAK1, "contributes_to", AREATA, "3")), DRUG, AREATA).benefit.paths[0]
    same = fact(JAK1, "contributes_to", AREATA, "3", context=Context(ligand=(IL4,)))
    stated = explain(graph(*before, same), DRUG, AREATA).benefit.paths[0]
    assert (unstated.terms["coherence"], unstated.clashes, stated.terms["coherence"]) == (0.5, (), 0.0)


def test_a_secreted_cytokine_relays_between_cells() -> None:
    """What one cell secretes may act on another: different cells at a cytokine are no contradiction."""
    facts = (
        fact(DRUG, "inhibits_signaling_of", IL4), fact(IL4, "increases_expression_of", IFNG, "2", context=Context(cell=(TH2,))),
        fact(IFNG, "contributes_to", AREATA, "3", context=Context(cell=("CL:0000312",))),
    )
    assert explain(graph(*facts), DRUG, AREATA).benefit.paths[0].clashes == ()


def test_a_wider_cell_type_is_no_contradiction() -> None:
    """A step in Th2 cells continues one in CD4 cells, of which they are a kind."""
    facts = (
        fact(DRUG, "decreases_activity_of", STAT6, "1", context=Context(cell=(TH2,))),
        fact(STAT6, "contributes_to", AREATA, "2", context=Context(cell=("CL:0000624",))),
    )
    assert explain(graph(*facts), DRUG, AREATA).benefit.paths[0].clashes == ()


def test_a_cytokine_may_hand_on_to_another() -> None:
    """IL-4 lowering IFN-gamma, which then acts itself, is a chain of ligands and no contradiction."""
    facts = (
        fact(DRUG, "inhibits_signaling_of", IL4), fact(IL4, "decreases_expression_of", IFNG, "2"),
        fact(IFNG, "contributes_to", AREATA, "3"),
    )
    answer = explain(graph(*facts), DRUG, AREATA)
    assert answer.harm.paths[0].clashes == ()


def test_as_of_keeps_what_was_certainly_known() -> None:
    """A bare year counts as its last day, an undated paper is out, and both are counted."""
    facts = (
        fact(DRUG, "decreases_activity_of", IL4R, "1", date="2017"),
        fact(IL4R, "contributes_to", AREATA, "2", date="2018"),
        fact(IL4R, "contributes_to", AREATA, "3", date=""),
    )
    answer = explain(graph(*facts), DRUG, AREATA, as_of="2018-10-01")
    assert answer.benefit.status == "none"
    assert (answer.question.left_out_later, answer.question.left_out_undated) == (1, 1)


def test_one_supporting_three_refuting_is_never_a_confident_yes() -> None:
    """The counts of both sides stand in the sentence, the tables and the JSON, though the refuters name other contexts."""
    facts = [fact(DRUG, "ameliorates_condition", AREATA, "1", design="cohort")]
    facts += [
        fact(DRUG, "ameliorates_condition", AREATA, str(n), design="cohort", stance="refutes", context=Context(tissue=(t,)))
        for n, t in enumerate(("UBERON:0002097", "UBERON:0000403", "UBERON:0002073"), 2)
    ]
    g = graph(*facts)
    answer = explain(g, DRUG, AREATA)
    assert "against 3 studies" in answer.benefit.sentence
    assert not next(iter(g.claims.values())).counts.asserted
    page = to_text(answer)
    for words in ("against 3 studies", "studies 1 for, 3 against, 0 no effect", "Studies that speak against benefit"):
        assert words in page


def test_refuted_step_names_the_contexts_that_disagree() -> None:
    """A step whose claim is refuted elsewhere shows where."""
    facts = (*BASE, fact(STAT6, "contributes_to", AREATA, "7", stance="refutes", context=Context(cell=(TH2,))))
    step = explain(graph(*facts), DRUG, AREATA).benefit.paths[0].steps[-1]
    assert (step.support, step.refute, step.disagreeing_contexts) == (1, 1, ("cell T-helper 2 cell",))


def test_fork_is_the_deepest_shared_state() -> None:
    """Both sides pass IL4R down and part after it."""
    facts = (*BASE, fact(IL4R, "increases_activity_of", TH2, "5"), fact(TH2, "protects_against", AREATA, "6"))
    fork = explain(graph(*facts), DRUG, AREATA).fork
    assert fork is not None
    assert (fork.node.name, fork.state, fork.depth) == ("IL4R", -1, 1)


def test_conditions_answer_in_whom() -> None:
    """The limit of a clinical finding is listed with the finding and its study."""
    limit = Condition("baseline serum total IgE", ">=", "200", "[IU]/mL")
    facts = (fact(DRUG, "ameliorates_condition", AREATA, "4", design="randomized_trial_phase_2", conditions=(limit,)),)
    group = explain(graph(*facts), DRUG, AREATA).conditions[0]
    assert (group.condition, group.side, group.studies) == (str(limit), "benefit", ("PMID:4",))


def test_class_evidence_is_taken_in_and_named() -> None:
    """A finding on the class reaches its member with a note."""
    facts = (
        fact(DRUG, "is_a", CLASS, "8", design="ontology"),
        fact(CLASS, "has_adverse_event", AREATA, "9", design="cohort"),
    )
    answer = explain(graph(*facts), DRUG, AREATA)
    assert answer.harm.status == "observed"
    assert answer.clinical[0].note == "class: IL-4R antibody"


def test_a_stopped_search_is_not_an_answer_of_none() -> None:
    """When time runs out before anything is found, the page says that it is not known, not that there is nothing."""
    answer = explain(graph(*BASE), DRUG, AREATA, timeout=1e-9)
    assert answer.benefit.sentence.startswith("Not known")
    assert "The search for benefit stopped at the time limit; only the best 0 mechanisms are shown." in answer.missing
    assert not any("leads from the drug" in sentence for sentence in answer.missing)


def test_finding_nothing_is_an_answer() -> None:
    """No path and no study: both sides none, no exception."""
    answer = explain(graph(), DRUG, AREATA)
    assert (answer.benefit.status, answer.harm.status, answer.fork) == ("none", "none", None)


@pytest.mark.parametrize("arguments", [{"target": DRUG}, {"k": 0}, {"max_steps": 0}])
def test_senseless_questions_are_refused(arguments: dict[str, object]) -> None:
    """Source equal to target and bounds below one are bad input."""
    with pytest.raises(BadInput):
        explain(graph(*BASE), DRUG, **{"target": AREATA, **arguments})  # type: ignore[arg-type]  # keywords of a test


def test_json_follows_the_published_schema() -> None:
    """The dictionary is valid against the schema in the package and survives JSON."""
    schema = json.loads(files("queries").joinpath("explanation.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    answer = json.loads(json.dumps(explain(graph(*BASE), DRUG, AREATA, as_of="2020").to_dict()))
    Draft202012Validator(schema).validate(answer)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_page_keeps_its_width(width: int) -> None:
    """No line of the terminal page is longer than asked."""
    page = to_text(explain(graph(*BASE), DRUG, AREATA), width=width)
    assert max(len(line) for line in page.splitlines()) <= width


def test_page_has_no_identifiers_in_prose() -> None:
    """Names, not CURIEs, stand on the page; the citation carries the PMID."""
    page = to_markdown(explain(graph(*BASE), DRUG, AREATA))
    assert "HGNC" not in page
    assert "PMID 2" in page
