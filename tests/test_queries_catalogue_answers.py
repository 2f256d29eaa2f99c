"""The answers are right: for each question some rows, chosen by hand from the corpus, that must be there or must not be.

A row is told by some of its columns. What was refuted, looked for in vain or merely supposed is there with its counts and is
never asserted.
"""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest

import immunokg as ikg
from kg.graph import Graph
from kg.rdf import to_quads
from queries.catalogue import QuestionAnswer, StoreAsker, ask, question, questions

Row = dict[str, Any]

DUPILUMAB, AREATA, TOTALIS, DERMATITIS = "DRUGBANK:DB12159", "MONDO:0005340", "MONDO:0019080", "MONDO:0004980"
INDEX_CASE = "DOI:10.1001/jamadermatol.2018.2976"

FACTS: list[tuple[str, Row, list[Row], list[Row]]] = [
    (
        "targets_of_drug", {"drug": DUPILUMAB},
        [{"target_name": "IL4R", "relation": "decreases_activity_of", "sign": -1, "asserted": True},
         {"target_name": "IL13", "relation": "inhibits_signaling_of"}],
        [{"target_name": "CCL17"}, {"target_name": "IL5"}],
    ),
    (
        "targets_of_drug", {"drug": "CHEBI:71200"},
        [{"target_name": "JAK1", "asserted": True},
         {"target_name": "TYK2", "support": 0, "null_count": 1, "verdict": "not found", "asserted": False}],
        [{"target_name": "TYK2", "asserted": True}],
    ),
    ("targets_of_drug", {"drug": DUPILUMAB, "min_support": 5}, [{"target_name": "IL4R"}], [{"target_name": "IL13"}]),
    (
        "drugs_of_target", {"target": "HGNC:5970"},
        [{"drug_name": "ustekinumab", "through_name": "IL12B"}, {"drug_name": "guselkumab", "through_name": "IL23"}],
        [{"drug_name": "dupilumab"}],
    ),
    (
        "drugs_of_target", {"target": "HGNC:5973"},
        [{"drug_name": "lebrikizumab", "sign": -1}, {"drug_name": "tralokinumab"}, {"drug_name": "dupilumab"}],
        [{"drug_name": "IL13RA2"}],
    ),
    (
        "drugs_sharing_target", {"drug": "DRUGBANK:DB11914"},
        [{"other_name": "tralokinumab", "target_name": "IL13", "same_direction": True}],
        [{"other_name": "lebrikizumab"}],
    ),
    (
        "druggable_genes_of_disease", {"disease": AREATA},
        [{"gene_name": "IL13", "gene_relation": "genetically_associated_with", "drug_name": "tralokinumab"},
         {"gene_name": "JAK3", "gene_relation": "required_for", "drug_name": "ritlecitinib", "drug_sign": -1}],
        [{"gene_name": "JAK2"}, {"drug_name": "tofacitinib", "gene_name": "TYK2"}],
    ),
    (
        "untried_drugs_of_disease", {"disease": AREATA},
        [{"drug_name": "abrocitinib", "mediator_name": "JAK1"}, {"drug_name": "tocilizumab", "mediator_name": "IL6"}],
        [{"drug_name": "baricitinib"}, {"drug_name": "ruxolitinib"}, {"drug_name": "etanercept"}],
    ),
    (
        "cytokines_of_cell", {"cell": "CL:0000546"},
        [{"direction": "from_cell", "cytokine_name": "IL4", "relation": "produces"},
         {"direction": "to_cell", "cytokine_name": "IL33", "relation": "increases_activity_of"},
         {"direction": "to_cell", "cytokine_name": "IFNG", "sign": -1}],
        [{"direction": "from_cell", "cytokine_name": "IFNG"}],
    ),
    (
        "producers_of_cytokine", {"cytokine": "HGNC:5981"},
        [{"cell_name": "T-helper 17 cell", "support": 3}, {"cell_name": "gamma-delta T cell"}],
        [{"cell_name": "T-helper 2 cell"}],
    ),
    (
        "receptors_of_cytokine", {"cytokine": "HGNC:6014"},
        [{"receptor_name": "type I IL-4 receptor", "chain_name": "IL2RG"},
         {"receptor_name": "type II IL-4/IL-13 receptor", "chain_name": "IL13RA1"},
         {"receptor_name": "IL4R", "chain_name": None}],
        [{"receptor_name": "type I IL-4 receptor", "chain_name": "IL13RA1"}],
    ),
    (
        "receptors_of_cytokine", {"cytokine": "HGNC:5973"},
        [{"receptor_name": "IL13RA2", "relation": "binds", "sign": 0}, {"receptor_name": "type II IL-4/IL-13 receptor"}],
        [{"receptor_name": "type I IL-4 receptor"}],
    ),
    (
        "recruitment_of_cells", {"of_cell": "CL:0000771"},
        [{"ligand_name": "CCL26"}, {"ligand_name": "CCL11"}],
        [{"ligand_name": "CXCL10"}, {"cell_name": "mast cell"}],
    ),
    (
        "signalling_of_cytokine", {"cytokine": "HGNC:6014"},
        [{"molecule_name": "STAT6", "steps": 1, "sign": 1}, {"molecule_name": "JAK3", "through_name": "type I IL-4 receptor"}],
        [{"molecule_name": "TYK2", "steps": 1}, {"molecule_name": "STAT4"}],
    ),
    (
        "th2_against_th1", {},
        [{"arm": "type 2", "subject_name": "IL4", "object_name": "IL12RB2", "sign": -1},
         {"arm": "type 1", "subject_name": "TBX21", "object_name": "IL5", "sign": -1},
         {"subject_name": "IFNG", "object_name": "T-helper 2 cell differentiation", "verdict": "hypothesis", "asserted": False}],
        [{"subject_name": "IL13", "object_name": "STAT6"}],
    ),
    ("th2_against_th1", {"asserted_only": True}, [{"subject_name": "IL4", "object_name": "IL12"}], [{"asserted": False}]),
    (
        "pathway_members", {"pathway": "REACT:R-HSA-6785807"},
        [{"part": "member", "member_name": "IL4R"},
         {"part": "regulator", "member_name": "glucocorticoid", "null_count": 1, "asserted": False}],
        [{"part": "member", "member_name": "dupilumab"}],
    ),
    (
        "shortest_mechanisms", {"source": DUPILUMAB, "target": AREATA},
        [{"steps": 3, "sign": 1, "via1_name": "IL4", "via2_name": "CD8-positive T cell", "relation3": "required_for"},
         {"steps": 3, "sign": -1, "via1_name": "IL4", "via2_name": "JAK1"}],
        [{"steps": 1}, {"relation1": "ameliorates_condition"}, {"relation1": "observed_to_decrease"}, {"via1_name": "psoriasis"},
         {"relation2": "contributes_to", "via1_name": "IL13"}],
    ),
    (
        "shortest_mechanisms", {"source": "CHEBI:95341", "target": AREATA},
        [{"steps": 2, "sign": -1, "via1_name": "JAK1", "relation2": "required_for", "weakest_support": 1}],
        [{"via1_name": "JAK2", "steps": 2}, {"via1_name": "TYK2"}],
    ),
    (
        "regulators_of_process", {"process": "ikg:hair-follicle-immune-privilege"},
        [{"regulator_name": "IFNG", "sign": -1, "valence": "good"}, {"regulator_name": "TGFB1", "sign": 1},
         {"regulator_name": "mast cell", "sign": 1, "asserted": False}],
        [{"regulator_name": "anagen", "asserted": True}],
    ),
    (
        "harms_of_drug", {"drug": DUPILUMAB},
        [{"condition_name": "conjunctivitis", "support": 2, "contradicted": False},
         {"condition_name": "alopecia areata", "support": 3, "refute": 1, "contradicted": True}],
        [{"condition_name": "asthma"}],
    ),
    ("harms_of_drug", {"drug": "DRUGBANK:DB12023"}, [{"condition_name": "hair loss", "null_count": 1, "asserted": False}], []),
    (
        "drugs_in_disease", {"disease": AREATA},
        [{"drug_name": "dupilumab", "condition_name": "alopecia totalis", "relation": "ameliorates_condition", "asserted": True},
         {"drug_name": "methotrexate", "condition_name": "alopecia totalis", "asserted": False},
         {"drug_name": "baricitinib", "condition_name": "alopecia areata", "relation": "treats", "support": 4}],
        [{"drug_name": "apremilast", "asserted": True}],
    ),
    (
        "paradoxical_drugs", {},
        [{"drug_name": "dupilumab", "disease_name": "alopecia areata", "benefit": "ameliorates_condition",
          "harm": "has_adverse_event", "harm_refute": 1},
         {"drug_name": "adalimumab", "disease_name": "psoriasis", "benefit": "treats"}],
        [{"drug_name": "tocilizumab", "disease_name": "psoriasis"}, {"drug_name": "baricitinib"}],
    ),
    (
        "clinical_evidence", {"drug": DUPILUMAB, "disease": AREATA},
        [{"relation": "ameliorates_condition", "design": "randomized_trial_phase_2", "stance": "supports", "studies": 1,
          "findings": 2},
         {"relation": "has_adverse_event", "design": "case_series", "stance": "refutes", "studies": 1}],
        [{"relation": "treats"}],
    ),
    (
        "effect_sizes", {"about": DUPILUMAB},
        [{"subject_name": "dupilumab", "object_name": "asthma", "relation": "treats"}],
        [{"subject_name": "CTLA4"}],
    ),
    (
        "null_and_failed_trials", {"in_disease": DERMATITIS},
        [{"drug_name": "tezepelumab", "stance": "null", "asserted": False}, {"drug_name": "mepolizumab"}],
        [{"drug_name": "dupilumab"}, {"stance": "supports"}],
    ),
    (
        "rechallenges", {"of_drug": DUPILUMAB},
        [{"condition_name": "alopecia totalis", "study": "INDEX-CASE-2018", "phase": phase, "stance": "supports"}
         for phase in ("on", "off", "on_again")],
        [{"drug_name": "TNF inhibitor"}],
    ),
    (
        "biomarkers_of_drug", {"drug": DUPILUMAB},
        [{"marker_name": "CCL17", "sign": -1}, {"marker_name": "hair keratins", "sign": 1},
         {"marker_name": "CXCR3+ T cell", "null_count": 1, "asserted": False}],
        [{"marker_name": "IL4R"}],
    ),
    (
        "response_predictors", {"to_treatment": DUPILUMAB},
        [{"predictor_name": "serum total IgE", "disease_name": "alopecia areata", "relation": "predicts_response_to"}],
        [{"treatment_name": "interferon-beta"}],
    ),
    (
        "case_reports_of_drug", {"drug": DUPILUMAB},
        [{"study": "INDEX-CASE-2018", "age": "13 a", "condition_name": "alopecia totalis", "design": "case_report"},
         {"condition_name": "alopecia areata", "relation": "has_adverse_event", "design": "case_series"}],
        [{"design": "randomized_trial_phase_3"}],
    ),
    (
        "comparisons_of_drugs", {"of_drug": DUPILUMAB},
        [{"drug_name": "upadacitinib", "asserted": True}, {"drug_name": "abrocitinib", "null_count": 1, "asserted": False}],
        [{"drug_name": "ciclosporin"}],
    ),
    (
        "registered_trials", {"about": DUPILUMAB},
        [{"trial": "NCT03359356", "object_name": "alopecia areata", "stance": "supports"}],
        [{"subject_name": "infliximab"}],
    ),
    (
        "diseases_sharing_mechanism", {"disease": AREATA},
        [{"other_name": "vitiligo", "mediator_name": "CXCR3", "sign": 1}, {"other_name": "psoriasis", "mediator_name": "IFNG"}],
        [{"mediator_name": "IL17A"}, {"other_name": "alopecia areata"}, {"mediator_name": "TNF"}],
    ),
    (
        "risk_factors_of_disease", {"disease": AREATA},
        [{"factor_name": "CTLA4", "relation": "genetically_associated_with", "support": 2},
         {"factor_name": "FLG loss-of-function", "null_count": 1, "asserted": False}],
        [{"factor_name": "EMSY"}],
    ),
    (
        "changes_in_disease", {"disease": AREATA},
        [{"thing_name": "CD8-positive T cell", "sign": 1, "support": 3}, {"thing_name": "regulatory T cell", "sign": -1},
         {"thing_name": "GZMB", "null_count": 1, "asserted": False}],
        [{"thing_name": "FLG"}],
    ),
    (
        "comorbidities", {"disease": AREATA},
        [{"other_name": "vitiligo", "direction": "both"}, {"other_name": "asthma", "direction": "from_other"},
         {"other_name": "Hashimoto's thyroiditis", "direction": "to_other", "asserted": True},
         {"other_name": "Hashimoto's thyroiditis", "direction": "from_other", "asserted": False}],
        [{"other_name": "alopecia areata"}],
    ),
    (
        "severity_forms", {"disease": AREATA},
        [{"form_name": "alopecia totalis", "relation": "severity_form_of"}, {"form_name": "hair loss"}],
        [{"form_name": "atopic dermatitis"}],
    ),
    (
        "conditions_of_effect", {"of_subject": DUPILUMAB, "on_object": AREATA},
        [{"variable": "serum total IgE", "operator": ">=", "value": "200", "unit": "[IU]/mL", "alternative": True}],
        [{"subject_name": "JAK inhibitor"}],
    ),
    (
        "statements_in_context", {"context": "CL:0000625"},
        [{"part": "cell", "subject_name": "IL4", "relation": "decreases_expression_of", "object_name": "IFNG"}],
        [{"part": "taxon"}],
    ),
    (
        "disagreeing_contexts", {"about": AREATA},
        [{"subject_name": "IL2", "relation": "required_for", "verdict": "contested", "asserted": False}],
        [{"subject_name": "dupilumab", "relation": "ameliorates_condition"}],
    ),
    (
        "claims_in_one_taxon", {"taxon": "NCBITaxon:10090", "about": AREATA},
        [{"subject_name": "IFNG", "relation": "required_for"}],
        [{"subject_name": "JAK inhibitor"}, {"subject_name": "dupilumab"}],
    ),
    (
        "evidence_between", {"source": "HGNC:5981", "target": AREATA},
        [{"relation": "contributes_to", "stance": "refutes", "asserted": False}],
        [{"relation": "contributes_to", "asserted": True}],
    ),
    (
        "statements_of_paper", {"publication": INDEX_CASE},
        [{"subject_name": "dupilumab", "object_name": "alopecia totalis", "stance": "supports", "asserted": True},
         {"subject_name": "anthralin", "object_name": "alopecia totalis", "stance": "null", "asserted": False}],
        [{"subject_name": "IL4"}],
    ),
    (
        "sub_studies", {},
        [{"parent": "NCT03359356", "study": "PMID:36271804", "findings": 9}, {"parent": "BOREAS", "study": "BOREAS biomarkers"}],
        [{"parent": None}],
    ),
    (
        "conflicting_statements", {"about": AREATA},
        [{"subject_name": "dupilumab", "raises": "has_adverse_event", "lowers": "ameliorates_condition", "raises_against": 1}],
        [{"subject_name": "baricitinib"}],
    ),
    (
        "contested_claims", {"about": AREATA},
        [{"subject_name": "IL17A", "relation": "contributes_to", "refute": 1, "verdict": "refuted", "asserted": False}],
        [{"subject_name": "CD8-positive T cell"}],
    ),
    (
        "unanswered_hypotheses", {"about": AREATA},
        [{"subject_name": "type 2 immune response", "relation": "contributes_to"}],
        [{"subject_name": "CD8-positive T cell"}],
    ),
    (
        "unconnected_entities", {},
        [{"entity_name": "mouse", "in_context": True}, {"entity_name": "telogen", "in_context": True}],
        [{"entity_name": "IL4"}],
    ),
    (
        "known_at_date", {"about": DUPILUMAB, "day": "2018-02"},
        [{"object_name": "alopecia areata", "relation": "has_adverse_event", "publication": "PMID:29387767"}],
        [{"publication": INDEX_CASE}],
    ),
    ("known_at_date", {"about": DUPILUMAB, "day": "2018-10-10"}, [{"publication": INDEX_CASE}], []),
    ("hubs", {"least": 100}, [{"entity_name": "alopecia areata", "category": "Disease"}], [{"entity_name": "IL4"}]),
    ("undated_publications", {}, [{"publication": "PMC:PMC3660852", "findings": 5}], [{"publication": INDEX_CASE}]),
    ("provenance_by_source", {}, [{"source": "corpus", "licence": "Apache-2.0"}], [{"source": None}]),
    ("readers_of_findings", {}, [{"agent_type": "manual_agent"}], [{"agent_type": "text_mining_agent"}]),
]  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Graph:
    """Return the built-in graph."""
    return ikg.open().graph


@pytest.fixture(scope="module")
def asker(shipped: Graph) -> StoreAsker:
    """Return an engine over the built-in graph."""
    store = ox.Store()
    store.extend(to_quads(shipped))
    return StoreAsker(store)


def _fitting(answer: QuestionAnswer, wanted: Row) -> list[Row]:
    return [dict(row) for row in answer.to_dicts() if all(row[name] == value for name, value in wanted.items())]


@pytest.mark.parametrize(("name", "given", "there", "never"), FACTS, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(FACTS)])
def test_chosen_facts(asker: StoreAsker, name: str, given: Row, there: list[Row], never: list[Row]) -> None:
    """Every row that must be there is, and none that must not."""
    answer = ask(question(name), asker, given)
    assert [wanted for wanted in there if not _fitting(answer, wanted)] == []
    assert [row for unwanted in never for row in _fitting(answer, unwanted)] == []


def test_almost_every_question_has_a_chosen_fact() -> None:
    """What is left to the comparison of engines alone is little."""
    assert len(set(questions()) - {name for name, *_ in FACTS}) <= 7


@pytest.mark.parametrize("name", [n for n, q in questions().items() if "asserted" in {c.name for c in q.columns}])
def test_nothing_is_a_yes_that_more_speak_against(asker: StoreAsker, name: str) -> None:
    """A row that may be read as a yes has support, and more of it than there is against the claim."""
    rows: list[Row] = [dict(row) for row in ask(question(name), asker, question(name).examples()).to_dicts()]
    for row in rows:
        if row["asserted"] and {"support", "refute", "null_count", "verdict"} <= row.keys():
            assert row["support"] > row["refute"] + row["null_count"], row
            assert row["verdict"] in ("supported", "mostly supported"), row


def test_counts_are_those_of_the_graph(asker: StoreAsker, shipped: Graph) -> None:
    """Counts, verdict and the right to a yes are what the graph counts by study, for every claim about a disease."""
    seen = 0
    for row in ask(question("neighbours_of_entity"), asker, {"entity": AREATA}).to_dicts():
        ends = (row["neighbour"], AREATA) if row["direction"] == "in" else (AREATA, row["neighbour"])
        found = next(r for c, r in shipped.claims.items() if (c.subject, c.object) == ends and c.relation == row["relation"])
        counts = found.counts
        assert (row["support"], row["refute"], row["null_count"]) == (counts.support, counts.refute, counts.null)
        assert (row["verdict"], row["asserted"]) == (counts.verdict, counts.asserted)
        seen += 1
    assert seen == sum(AREATA in (c.subject, c.object) for c in shipped.claims)


def test_what_was_known_is_what_the_graph_of_that_day_holds(asker: StoreAsker, shipped: Graph) -> None:
    """The findings of a day are those that the graph as of that day keeps."""
    then = shipped.as_of("2018-10-10")
    kept = {a.evidence_id for a in then.assertions() if DUPILUMAB in (a.statement.subject, a.statement.object)}
    answer = ask(question("known_at_date"), asker, {"about": DUPILUMAB, "day": "2018-10-10"})
    assert {row["evidence"] for row in answer.to_dicts()} == kept
    assert len(kept) > 10
