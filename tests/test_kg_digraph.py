"""The networkx view: every attribute, the claim's verdict on every edge, and the way back."""

from __future__ import annotations

import json

import networkx as nx
import pytest

from kg.digraph import from_networkx, to_networkx
from kg.graph import Graph
from kg.identity import claim_id
from kg.model import Assertion, Evidence, Publication, Statement
from ontologies.errors import BadInput

DRUG, GENE, DISEASE = "DRUGBANK:DB12159", "HGNC:6015", "MONDO:0005340"


def test_nodes_have_all_fields_of_their_entity(small_graph: Graph) -> None:
    """A node is its CURIE, with name, category, roles, names, matches, valence and source."""
    network = to_networkx(small_graph)
    assert set(network) == set(small_graph.entities)
    assert network.nodes[GENE] == {
        "name": "IL4R", "category": "Gene", "roles": ["Receptor"], "synonyms": ["CD124", "IL-4Rα"], "xrefs": [],
        "close_matches": [], "valence": "", "source": "",
    }  # fmt: skip


def test_edges_are_statements_with_everything_said_of_them(small_graph: Graph) -> None:
    """The edge of the conditioned statement carries its condition, its study, its effect and its claim's counts."""
    network = to_networkx(small_graph)
    assert network.number_of_edges() == len(small_graph.statements)
    [(key, data)] = [(k, d) for _, _, k, d in network.edges(keys=True, data=True) if d["conditions"]]
    assert key in small_graph.statements
    claim = Statement(DRUG, "ameliorates_condition", DISEASE)
    assert data["condition_text"] == ["baseline serum total IgE >= 200 [IU]/mL"]
    assert data["conditions"][0]["unit"] == "[IU]/mL"
    assert (data["relation"], data["label"], data["sign"], data["tier"]) == (
        "ameliorates_condition", "ameliorates condition", -1, "clinical",
    )  # fmt: skip
    assert (data["support"], data["refute"], data["null"], data["verdict"]) == (1, 0, 0, "supported")
    assert (data["claim_support"], data["claim_refute"], data["claim_null"]) == (2, 2, 1)
    assert data["claim"] == claim_id(*claim.claim)
    assert data["refines"] == [claim.id]
    assert data["conflicts"] == [Statement(DRUG, "exacerbates_condition", DISEASE).id]
    assert (data["publications"], data["studies"], data["sources"]) == (["PMID:34418141"], ["D"], ["corpus"])
    assert (data["designs"], data["first_date"]) == (["randomized_trial_phase_2"], "2021")
    assert data["evidence"][0]["effect"]["low"] == 0.1
    assert network.graph["publications"]["PMID:30292824"]["title"] == "A title\nin two lines"


def test_context_is_on_the_edge(small_graph: Graph) -> None:
    """Where a statement holds is a mapping from key to CURIEs."""
    network = to_networkx(small_graph)
    [data] = network.get_edge_data(DRUG, GENE).values()
    assert data["context"] == {"taxon": ["NCBITaxon:9606"]}
    assert data["asserted"] is True


def test_one_for_and_three_against_is_never_asserted_on_any_edge() -> None:
    """Also the edge whose own study supports it says that the claim is not asserted."""
    from kg.model import Condition

    plain = Statement(DRUG, "ameliorates_condition", DISEASE)
    other = Statement(DRUG, "ameliorates_condition", DISEASE, conditions=(Condition("atopic", "=", "true"),))
    graph = Graph.from_records(
        Assertion(s, Evidence(stance, Publication(f"PMID:{n}"), f"PMID:{n}", "cohort"))  # type: ignore[arg-type]  # drawn from the literals
        for n, (s, stance) in enumerate([(other, "supports"), (plain, "refutes"), (plain, "refutes"), (plain, "refutes")], 1)
    )
    edges = to_networkx(graph).get_edge_data(DRUG, DISEASE)
    assert edges[other.id]["verdict"] == "supported"
    assert {(d["asserted"], d["claim_verdict"]) for d in edges.values()} == {(False, "mostly refuted")}
    assert all(d["claim_belief"] < 0.5 for d in edges.values())


def test_ends_without_an_entity_are_nodes_with_a_name() -> None:
    """A statement about something the graph has no entity for keeps both its ends."""
    step = Statement(DRUG, "decreases_activity_of", GENE)
    graph = Graph.from_records([Assertion(step, Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro"))])
    network = to_networkx(graph)
    assert {node: network.nodes[node] for node in network} == {DRUG: {"name": DRUG}, GENE: {"name": GENE}}
    assert from_networkx(network) == graph


def test_it_comes_back_also_through_json(small_graph: Graph) -> None:
    """The network holds the whole graph, and plain JSON holds the whole network."""
    network = to_networkx(small_graph)
    assert from_networkx(network) == small_graph
    text = json.dumps(nx.node_link_data(network, edges="edges"))
    again: nx.MultiDiGraph[str] = nx.MultiDiGraph(nx.node_link_graph(json.loads(text), edges="edges"))
    assert from_networkx(again) == small_graph


def test_a_part_of_a_network_is_a_graph(small_graph: Graph) -> None:
    """What a script cut out of the network is read as a graph of its own."""
    network = to_networkx(small_graph)
    part = from_networkx(network.subgraph([DRUG, GENE]).copy())
    assert set(part.entities) == {DRUG, GENE}
    assert len(part.statements) == 1


def test_altered_and_foreign_edges_are_refused(small_graph: Graph) -> None:
    """An edge that is not what its key says, or has no such attributes, is an error that names it."""
    network = to_networkx(small_graph)
    [key] = network.get_edge_data(DRUG, GENE)
    network.edges[DRUG, GENE, key]["relation"] = "increases_activity_of"
    with pytest.raises(BadInput, match="was altered"):
        from_networkx(network)
    foreign: nx.MultiDiGraph[str] = nx.MultiDiGraph([("a", "b")])
    with pytest.raises(BadInput, match="was not made by to_networkx"):
        from_networkx(foreign)


def test_the_views_are_independent(small_graph: Graph) -> None:
    """Changing a network changes neither the graph nor another network."""
    first, second = to_networkx(small_graph), to_networkx(small_graph)
    first.nodes[GENE]["synonyms"].append("x")
    assert to_networkx(small_graph).nodes[GENE] == second.nodes[GENE]
