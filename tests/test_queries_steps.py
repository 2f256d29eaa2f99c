"""Steps of a graph: associations are steps whichever way they are stored; abnormal signs end a path as the disease does."""

from __future__ import annotations

from itertools import islice

import pytest

from kg.graph import Graph
from kg.model import Assertion, Claim, Context, Entity, Evidence, Publication, Statement
from queries.engine import find_paths
from queries.path_index import PathIndex
from queries.state_graph import build_state_graph, goals_of
from queries.step_rules import relation_names
from queries.steps import steps_of

DRUG, GENE, DISEASE = "DRUGBANK:DB1", "UniProtKB:P24394", "MONDO:0000006"
ENTITIES = [
    Entity(DRUG, "drug", "Drug"), Entity(GENE, "gene", "Gene"), Entity(DISEASE, "disease", "Disease"),
    Entity("HP:0000005", "sign", "PhenotypicFeature"), Entity("HP:0000006", "good sign", "PhenotypicFeature", valence="good"),
    Entity("GO:0000004", "process", "BiologicalProcess"),
]  # fmt: skip


def graph_of(*claims: tuple[str, str, str]) -> Graph:
    evidence = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")
    return Graph.from_records([*ENTITIES, *(Assertion(Statement(s, relation, o), evidence) for s, relation, o in claims)])


def mechanisms(graph: Graph) -> list[list[str]]:
    """Return the paths to benefit as the nodes after the drug."""
    states = build_state_graph(graph, DRUG, goals_of(graph, DISEASE), Context())
    found = find_paths(states.steps.table, states.query("benefit", max_steps=4))
    return [[states.arcs[arc].record.claim.object for arc in path.arcs] for path in islice(found, 9)]


@pytest.mark.parametrize("ends", [(GENE, DISEASE), (DISEASE, GENE)])
def test_a_symmetric_association_ends_a_path_whichever_way_it_is_told(ends: tuple[str, str]) -> None:
    """It is stored with the lesser identifier first, here the disease; the path still ends in the disease."""
    graph = graph_of((DRUG, "decreases_activity_of", GENE), (ends[0], "positively_correlated_with", ends[1]))
    assert Claim(DISEASE, "positively_correlated_with", GENE) in graph.claims
    assert mechanisms(graph) == [[GENE, DISEASE]]


def test_nothing_leaves_a_disease_and_a_symmetric_step_is_no_inner_step() -> None:
    """The other way round it would leave the disease; between two genes it may only end a path."""
    graph = graph_of(
        (DRUG, "decreases_activity_of", GENE), (GENE, "positively_correlated_with", "GO:0000004"),
        ("GO:0000004", "positively_regulates", DISEASE),
    )  # fmt: skip
    assert mechanisms(graph) == []
    assert not [arc for arc in steps_of(graph).arcs if arc.record.claim.subject == DISEASE]


def test_what_contradicts_a_turned_step_is_on_its_own_pair() -> None:
    """Conflicts of the turned claim are the claims the same way round, not those of the stored one."""
    graph = graph_of((GENE, "positively_correlated_with", "GO:0000004"), (GENE, "negatively_regulates", "GO:0000004"))
    turned = {arc.record.claim: arc.record.conflicts for arc in steps_of(graph).arcs}
    against = (Claim(GENE, "negatively_regulates", "GO:0000004"),)
    assert turned[Claim(GENE, "positively_correlated_with", "GO:0000004")] == against
    assert turned[Claim("GO:0000004", "positively_correlated_with", GENE)] == ()


def test_the_index_has_the_same_steps() -> None:
    """The path index numbers both directions as the steps in memory do."""
    graph = graph_of((DRUG, "decreases_activity_of", GENE), (GENE, "positively_correlated_with", DISEASE),
                     (GENE, "negatively_correlated_with", "GO:0000004"))  # fmt: skip
    index, names = PathIndex.of_graph(graph), relation_names()
    arcs = [index.arc(number) for number in range(index.table.arcs)]
    assert [(index.curies[a.subject], a.relation, index.curies[a.object]) for a in arcs if a.usable] == [
        tuple(arc.record.claim) for arc in steps_of(graph).arcs
    ]
    assert {names[number] for number in index.table.relations} == {a.relation for a in arcs}


def test_signs_without_a_declared_valence() -> None:
    """A phenotype that shows the disease is taken as bad, a process is not a goal, and what is declared stands."""
    goals = goals_of(
        graph_of(*((sign, "manifestation_of", DISEASE) for sign in ("HP:0000005", "HP:0000006", "GO:0000004"))), DISEASE
    )
    assert [(goal.id, goal.benefit) for goal in goals] == [(DISEASE, -1), ("HP:0000005", -1), ("HP:0000006", 1)]
    assert "taken as bad" in goals[1].why
    assert "good when up" in goals[2].why
