"""Parts of a graph that are graphs again, with their evidence."""

from __future__ import annotations

import pytest

from kg.graph import Graph
from kg.identity import claim_id
from ontologies.errors import BadInput, UnknownName
from ontologies.prefixes import expand
from queries.explanation.explain import explain
from queries.subgraph import around, of_explanation, of_rows, of_statements

DRUG, IL4R, AREATA = "DRUGBANK:DB12159", "HGNC:6015", "MONDO:0005340"


def test_one_hop_around_a_gene(small_graph: Graph) -> None:
    """One hop around IL4R is the drug that blocks it and the term of the statement's context."""
    part = around(small_graph, [IL4R], hops=1)
    assert set(part.entities) == {DRUG, IL4R, "NCBITaxon:9606"}
    assert [s.relation for s in part.statements.values()] == ["decreases_activity_of"]


def test_two_hops_reach_the_disease_with_all_evidence(small_graph: Graph) -> None:
    """Two hops hold everything, refuting evidence included."""
    part = around(small_graph, [IL4R], hops=2)
    assert part.statements == small_graph.statements
    assert part.evidence == small_graph.evidence


def test_a_tier_limits_the_walk(small_graph: Graph) -> None:
    """With causal statements alone the disease is not reached."""
    assert AREATA not in around(small_graph, [IL4R], hops=5, tiers=["causal"]).entities


def test_no_hops_is_the_entity_alone(small_graph: Graph) -> None:
    """Zero hops keep the centre, even though no statement has both ends there."""
    part = around(small_graph, [IL4R], hops=0)
    assert (list(part.entities), dict(part.statements)) == ([IL4R], {})


def test_statements_of_rows_by_iri_claim_and_digest(small_graph: Graph) -> None:
    """A row may name a statement by IRI or digest, or a claim, which stands for all its statements."""
    (blocks,) = (sid for sid, s in small_graph.statements.items() if s.relation == "decreases_activity_of")
    by_iri = of_rows(small_graph, [[f"https://w3id.org/immunokg/statement/{blocks}", 3, None]])
    assert list(by_iri.statements) == [blocks] == list(of_rows(small_graph, [(blocks,)]).statements)
    claim = claim_id(DRUG, "ameliorates_condition", AREATA)
    assert len(of_rows(small_graph, [(f"<https://w3id.org/immunokg/claim/{claim}>",)]).statements) == 2


def test_entities_of_rows_bring_what_joins_them(small_graph: Graph) -> None:
    """Rows that name entities alone give the statements between them."""
    part = of_rows(small_graph, [(expand(DRUG), "dupilumab"), (expand(IL4R), "IL4R")])
    assert [s.relation for s in part.statements.values()] == ["decreases_activity_of"]


def test_an_explanation_keeps_clinical_evidence(small_graph: Graph) -> None:
    """The part of an explanation holds its clinical statements, for and against."""
    part = of_explanation(small_graph, explain(small_graph, DRUG, AREATA))
    assert {s.relation for s in part.statements.values()} >= {"ameliorates_condition", "exacerbates_condition"}


def test_an_explanation_of_the_past_keeps_the_past(small_graph: Graph) -> None:
    """The part of an explanation as of a date holds no later evidence."""
    part = of_explanation(small_graph, explain(small_graph, DRUG, AREATA, as_of="2018-10-01"))
    keys = {e.publication.key for found in part.evidence.values() for e in found}
    assert keys == {"PMID:29282722"}


def test_unknown_things_are_refused(small_graph: Graph) -> None:
    """An unknown centre, statement or tier, and rows that name nothing, are errors that say so."""
    with pytest.raises(UnknownName):
        around(small_graph, ["HGNC:1"])
    with pytest.raises(UnknownName):
        of_statements(small_graph, ["0" * 64])
    with pytest.raises(BadInput, match="the tiers are causal"):
        around(small_graph, [IL4R], tiers=["casual"])
    with pytest.raises(BadInput, match="hops"):
        around(small_graph, [IL4R], hops=-1)
    with pytest.raises(BadInput, match="at least one"):
        around(small_graph, [])
    with pytest.raises(BadInput, match="name no entity"):
        of_rows(small_graph, [("a label", 7)])
