"""The façade: names are accepted everywhere, parts are graphs again, and objects print well."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest
import rdflib

import immunokg as ikg
from immunokg.querying import worker_of
from kg.graph import Graph
from kg.model import Entity
from ontologies.errors import AmbiguousName, BadInput, UnknownName
from queries.sparql_engine.terms import Solutions


@pytest.fixture(scope="module")
def g() -> ikg.KnowledgeGraph:
    return ikg.open()


def test_names_synonyms_and_curies_resolve(g: ikg.KnowledgeGraph) -> None:
    """Three spellings, one entity; an expected category settles a shared name; the unknown and the ambiguous are refused."""
    assert {g.resolve(name) for name in ("Dupixent", "dupilumab", "DRUGBANK:DB12159")} == {"DRUGBANK:DB12159"}
    assert g.resolve("eczema", expect="Disease") == "MONDO:0004980"
    with pytest.raises(UnknownName) as unknown:
        g.resolve("dupilumap")
    assert unknown.value.candidates[0] == ("dupilumab", "DRUGBANK:DB12159")
    with pytest.raises(AmbiguousName):
        ikg.KnowledgeGraph(
            Graph({**g.entities, "HP:0000964": _eczematoid(), "MONDO:0004980": g.entities["MONDO:0004980"]}, {}, {})
        ).resolve("eczema")


def _eczematoid() -> Entity:
    return Entity("HP:0000964", "eczematoid dermatitis", "PhenotypicFeature", synonyms=("eczema",))


def test_statements_are_filtered_by_names(g: ikg.KnowledgeGraph) -> None:
    """Subject, relation and object narrow the list."""
    found = g.statements(subject="dupilumab", relation="decreases_activity_of", object="IL4R")
    assert found
    assert {s.claim for s in found} == {("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")}
    assert all(g.evidence(s) for s in found)
    assert len(g.statements()) == len(g)


def test_context_is_given_by_name(g: ikg.KnowledgeGraph) -> None:
    """A question's context takes names or lists of names, and only known keys."""
    answer = g.explain("dupilumab", "alopecia areata", k=1, context={"taxon": "human"})
    assert answer.question.context == {"taxon": "human"}
    with pytest.raises(BadInput, match="the contexts are taxon"):
        g.explain("dupilumab", "alopecia areata", context={"organ": "skin"})


def test_the_three_views_hold_every_statement(g: ikg.KnowledgeGraph) -> None:
    """Each statement is an edge in networkx, a node in rdflib, and counted by SPARQL."""
    network = g.networkx()
    assert isinstance(network, nx.MultiDiGraph)
    assert {key for *_, key in network.edges(keys=True)} == set(g.graph.statements)
    dataset = g.rdflib()
    kind = rdflib.URIRef("https://w3id.org/immunokg/Statement")
    assert len(set(dataset.default_graph.subjects(rdflib.RDF.type, kind))) == len(g)
    answer = g.sparql("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ikg:Statement }")
    assert isinstance(answer, Solutions)
    assert answer.values() == [(len(g),)]


def test_parts_are_graphs_again(g: ikg.KnowledgeGraph, tmp_path: Path) -> None:
    """A part can be asked, explained, counted and exported like the whole, without a directory."""
    answer = g.explain("dupilumab", "alopecia areata", k=3)
    part = g.subgraph(paths=answer)
    again = part.explain("dupilumab", "alopecia areata", k=3)
    assert (again.benefit.status, again.harm.status) == (answer.benefit.status, answer.harm.status)
    assert all(path.steps for path in (*again.benefit.paths[:3], *again.harm.paths[:3]))
    counted = part.sparql("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ikg:Statement }")
    assert isinstance(counted, Solutions)
    assert counted.values() == [(len(part),)]
    assert part.export(tmp_path / "why.graphml").stat().st_size > 0
    assert (part.path, part.manifest) == (None, {})
    assert len(part.digest) == 64
    named = g.subgraph(query="SELECT ?s { ?s a ikg:Statement ; rdf:object MONDO:0019080 }")
    assert {s.object for s in named.statements()} == {"MONDO:0019080"}


def test_exactly_one_part_is_chosen(g: ikg.KnowledgeGraph) -> None:
    """No choice, two choices, or an ASK are refused."""
    with pytest.raises(BadInput, match="exactly one"):
        g.subgraph()
    with pytest.raises(BadInput, match="exactly one"):
        g.subgraph(around="IL4R", query="ASK {}")
    with pytest.raises(BadInput, match="ASK"):
        g.subgraph(query="ASK { ?s ?p ?o }")


def test_the_past_is_a_smaller_graph(g: ikg.KnowledgeGraph) -> None:
    """As of a date, later and undated evidence is gone, and how much is said."""
    then = g.as_of("2018-10-01")
    assert 0 < len(then) < len(g)
    assert then.graph.left_out.later > 0
    assert then.graph.left_out.undated > 0


def test_objects_print_well(g: ikg.KnowledgeGraph) -> None:
    """A graph says where it is and what it holds, also as HTML for notebooks."""
    assert f"{len(g)} statements" in repr(g)
    assert "<td>statements</td>" in g._repr_html_()
    assert "IL13" in {hit.name for hit in g.search("IL-13")}


def test_with_ends_its_processes() -> None:
    """At the end of a with block the process that answered has ended; a later query has one again."""
    with ikg.open() as graph:
        assert graph.sparql("ASK { ?s a biolink:Gene }")
        worker = worker_of(graph)
        running = worker.pid
    assert running is not None
    assert worker.pid is None
    assert graph.sparql("ASK { ?s a biolink:Gene }")
    graph.close()


def test_an_explanation_prints_as_its_page(g: ikg.KnowledgeGraph) -> None:
    """One line in a session, the page when printed, Markdown in a notebook."""
    answer = g.explain("dupilumab", "alopecia areata", k=1)
    assert repr(answer).startswith("<Explanation of dupilumab in alopecia areata: benefit observed")
    assert "MECHANISMS TO HARM" in str(answer)
    assert answer._repr_markdown_().startswith("# ")


def test_digest_is_that_of_the_content(g: ikg.KnowledgeGraph) -> None:
    """The digest in the manifest is the digest of the graph in memory."""
    assert ikg.KnowledgeGraph(g.graph).digest == g.digest


def test_a_picture_is_no_graph_export(g: ikg.KnowledgeGraph, tmp_path: Path) -> None:
    """Pictures show explanations; the error says where to get them."""
    with pytest.raises(BadInput, match="shows an explanation"):
        g.export(tmp_path / "why.svg")
    with pytest.raises(TypeError):
        ikg.KnowledgeGraph()
