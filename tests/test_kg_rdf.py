"""The RDF form: what is said, what is never said, and that everything comes back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.identity import claim_id
from kg.model import (
    Assertion,
    Condition,
    Context,
    Effect,
    Entity,
    Evidence,
    Observation,
    Publication,
    Statement,
)
from kg.rdf import Load, from_quads, parse_rdf, read_rdf, serialize, to_quads, to_rdflib, write_rdf
from ontologies.errors import BadInput
from ontologies.prefixes import NS, expand

DRUG, GENE, DISEASE = "DRUGBANK:DB12159", "HGNC:6015", "MONDO:0005340"
HELPS = Statement(DRUG, "ameliorates_condition", DISEASE)
HARMS = Statement(DRUG, "exacerbates_condition", DISEASE)
ENTITIES = (
    Entity(DRUG, "dupilumab", "Drug", roles=("Antibody",), synonyms=("Dupixent",), xrefs=("MESH:C582203",), source="here"),
    Entity(GENE, "IL4R", "Gene", roles=("Receptor",), close_matches=("GO:0016516",)),
    Entity(DISEASE, "alopecia areata", "Disease", valence="bad"),
    Entity("ikg:serum-total-ige", "serum total IgE", "Biomarker"),
)


def found(stance: Any, number: int, design: str = "cohort", **more: Any) -> Evidence:
    paper = Publication(f"PMID:{number}", pmid=str(number), date="2018-10", precision="month")
    return Evidence(stance, paper, f"PMID:{number}", design, source="corpus", **more)


def graph_of(*assertions: tuple[Statement, Evidence]) -> Graph:
    return Graph.from_records([*ENTITIES, *(Assertion(s, e) for s, e in assertions)])


def triples(graph: Graph) -> set[tuple[str, str, str]]:
    """Return the default graph as text."""
    default = ox.DefaultGraph()
    return {(q.subject.value, q.predicate.value, q.object.value) for q in to_quads(graph) if q.graph_name == default}  # type: ignore[union-attr]  # the test fails if it is of another kind


def direct(graph: Graph) -> set[str]:
    """Return the properties that stand directly between the drug and the disease."""
    return {p.rsplit("/", 1)[-1] for s, p, o in triples(graph) if (s, o) == (expand(DRUG), expand(DISEASE))}


# What is said plainly


def test_a_supported_claim_has_a_direct_triple_and_its_projection() -> None:
    """One supporting study: the Biolink predicate, and less disease as a signed effect."""
    assert direct(graph_of((HELPS, found("supports", 1)))) == {"ameliorates_condition", "negatively_affects"}


def test_one_supporting_and_three_refuting_studies_say_nothing_directly() -> None:
    """One study for and three against: no direct triple, and the claim node says which way it went."""
    graph = graph_of((HELPS, found("supports", 1)), *((HELPS, found("refutes", n)) for n in (2, 3, 4)))
    claim = NS.CLAIM + claim_id(*HELPS.claim)
    said = triples(graph)
    assert direct(graph) == set()
    assert (claim, NS.IKG + "asserted", "false") in said
    assert (claim, NS.IKG + "verdict", "mostly refuted") in said
    assert {(p, o) for s, p, o in said if s == claim and p.endswith("_count")} == {
        (NS.IKG + "support_count", "1"),
        (NS.IKG + "refute_count", "3"),
        (NS.IKG + "null_count", "0"),
    }


def test_refuters_under_another_context_dose_or_week_count_too() -> None:
    """The refutations stand under a context, a condition, another dose: the claim is still not said plainly."""
    human = replace(HELPS, context=Context(taxon=("NCBITaxon:9606",)))
    atopic = replace(HELPS, conditions=(Condition("atopic", "=", "true"),))
    graph = graph_of(
        (HELPS, found("supports", 1)),
        (human, found("refutes", 2)),
        (atopic, found("refutes", 3)),
        (HELPS, found("refutes", 4, observation=Observation(dose="600 mg", time="48 wk"))),
    )
    assert direct(graph) == set()


@pytest.mark.parametrize(
    "evidence",
    [found("refutes", 1), found("null", 1), found("supports", 1, "hypothesis", knowledge_level="prediction")],
    ids=["refuted", "not found", "hypothesis"],
)
def test_refutations_null_results_and_hypotheses_say_nothing_directly(evidence: Evidence) -> None:
    """Neither a refuted claim nor a vain search nor a supposition becomes a plain triple."""
    assert direct(graph_of((HELPS, evidence))) == set()


def test_opposite_claims_may_both_stand_and_are_linked() -> None:
    """Ameliorates and exacerbates, each supported: both triples, and conflicts between claims and statements."""
    graph = graph_of((HELPS, found("supports", 1)), (HARMS, found("supports", 2)))
    assert direct(graph) == {
        "ameliorates_condition", "exacerbates_condition", "negatively_affects", "positively_affects",
    }  # fmt: skip
    said = triples(graph)
    assert (NS.CLAIM + claim_id(*HELPS.claim), NS.IKG + "conflicts_with", NS.CLAIM + claim_id(*HARMS.claim)) in said
    assert (NS.STATEMENT + HARMS.id, NS.IKG + "conflicts_with", NS.STATEMENT + HELPS.id) in said


def test_relations_that_need_qualifiers_are_said_in_our_words() -> None:
    """A decrease of activity is ``ikg:decreases_activity_of``: ``biolink:affects`` alone would lose the sign."""
    step = Statement(DRUG, "decreases_activity_of", GENE)
    said = triples(graph_of((step, found("supports", 1, "in_vitro"))))
    assert (expand(DRUG), NS.IKG + "decreases_activity_of", expand(GENE)) in said
    assert not any(p == NS.BIOLINK + "affects" for _, p, _ in said)
    node = NS.STATEMENT + step.id
    assert (node, NS.BIOLINK + "qualified_predicate", NS.BIOLINK + "causes") in said
    assert (node, NS.BIOLINK + "object_direction_qualifier", "decreased") in said
    assert (node, NS.RDF + "type", NS.BIOLINK + "ChemicalAffectsGeneAssociation") in said


def test_what_a_trial_measured_is_no_effect_to_walk_along() -> None:
    """``observed_to_decrease`` has a direct triple and no signed projection."""
    seen = Statement(DRUG, "observed_to_decrease", "ikg:serum-total-ige")
    said = triples(graph_of((seen, found("supports", 1, "randomized_trial_phase_3"))))
    assert (expand(DRUG), NS.IKG + "observed_to_decrease", expand("ikg:serum-total-ige")) in said
    assert not any(p == NS.IKG + "negatively_affects" for _, p, _ in said)


def test_an_entity_has_one_category_and_all_its_names() -> None:
    """Category, label, identifier, names and matches of an entity; a biomarker has a class of ours."""
    said = triples(graph_of())
    drug, marker = expand(DRUG), expand("ikg:serum-total-ige")
    assert {(p, o) for s, p, o in said if s == drug} == {
        (NS.RDF + "type", NS.BIOLINK + "Drug"),
        (NS.RDFS + "label", "dupilumab"),
        (NS.DCTERMS + "identifier", DRUG),
        (NS.SKOS + "altLabel", "Dupixent"),
        (NS.SKOS + "exactMatch", "http://id.nlm.nih.gov/mesh/C582203"),
        (NS.IKG + "role", "Antibody"),
        (NS.DCTERMS + "source", "here"),
    }
    assert (marker, NS.RDF + "type", NS.IKG + "Biomarker") in said


# Where it stands


def test_evidence_stands_in_the_graph_of_its_source_and_nothing_else_does(small_graph: Graph) -> None:
    """Named graphs hold evidence only; dropping one drops that source's evidence and nothing shared."""
    by_graph: dict[str, set[str]] = {}
    kinds = {q.subject: q.object.value for q in to_quads(small_graph) if q.predicate.value == NS.RDF + "type"}  # type: ignore[union-attr]  # the test fails if it is of another kind
    for quad in to_quads(small_graph):
        if quad.graph_name != ox.DefaultGraph():
            by_graph.setdefault(quad.graph_name.value, set()).add(kinds[quad.subject])  # type: ignore[union-attr]  # the test fails if it is of another kind
        else:
            assert kinds[quad.subject] != NS.IKG + "Evidence"
    assert by_graph == {
        NS.IKG + "graph/corpus": {NS.IKG + "Evidence"},
        NS.IKG + "graph/drugmechdb": {NS.IKG + "Evidence"},
    }


def assert_core_form(graph: Graph) -> None:
    """No triple twice or in two graphs, no blank node."""
    quads = list(to_quads(graph))
    assert max(Counter(q.triple for q in quads).values(), default=1) == 1
    assert not any(isinstance(term, ox.BlankNode) for q in quads for term in (q.subject, q.object))


def test_no_triple_stands_twice_and_no_node_is_blank(small_graph: Graph) -> None:
    """Each triple stands once over all graphs together."""
    assert_core_form(small_graph)


def test_loads_say_from_which_file_a_source_was_read(small_graph: Graph) -> None:
    """With a load given, each evidence of that source points to it, in the source's own graph."""
    load = Load("corpus", "ab" * 32, "2026.11", "CC0-1.0")
    quads = list(to_quads(small_graph, [load]))
    generated = [q for q in quads if q.predicate.value == NS.PROV + "wasGeneratedBy"]
    assert {q.graph_name.value for q in generated} == {NS.IKG + "graph/corpus"}  # type: ignore[union-attr]  # the test fails if it is of another kind
    assert {q.object.value for q in generated} == {NS.IKG + "load/corpus/" + "ab" * 32}  # type: ignore[union-attr]  # the test fails if it is of another kind
    assert from_quads(quads) == from_quads(to_quads(small_graph))


# The way back

FULL = Evidence(
    "null",
    Publication(
        "DOI:10.1001/jamadermatol.2018.2976", "30292824", "10.1001/jamadermatol.2018.2976", "PMC6233738", "NCT00000001",
        "A title", "JAMA Dermatology", "2018-10-10", "day", "a database", "a release",
    ),
    "A KEY with spaces",
    "randomized_trial_phase_3",
    finding='Text with "quotes", \\ and\ttab\r\nand \x00 \x1f \x7f \x85 \ufeff \ufffe 😀.',
    parent_study="BRAVE-AA1",
    recounts=True,
    design_detail="as read",
    n=0,
    effect=Effect("relative risk", 4.59, -2.5e-7, 1e300, "1"),
    observation=Observation("on_again", "300 mg", "6 wk", "13 a", "2 a", "female", "2018-04", "7 mo", "arm A"),
    knowledge_level="statistical_association",
    agent_type="text_mining_agent",
    confidence="low",
    polarity="null",
    waiver="because",
    quote="as printed",
    quote_start=0,
    section="Results",
    extractor="somebody",
    source="a source/with ünicode",
    record="P001",
    licence="CC-BY-4.0",
)  # fmt: skip
CONDITIONED = Statement(
    DRUG,
    "ameliorates_condition",
    DISEASE,
    Context(("NCBITaxon:9606",), ("CL:0000546", "CL:0000625"), ("UBERON:0002073",), (DISEASE,), (GENE,), ("ikg:anagen",)),
    (
        Condition("baseline serum total IgE", ">=", "200", "[IU]/mL", "x"),
        Condition("atopic", "=", "true", "", "x"),
        Condition("age", "<", "18", "a", "y"),
        Condition("sex", "=", "female", "", "y"),
        Condition("weeks", ">=", "0.5"),
        Condition("", "", ""),
    ),
)
RDFLIB_WARNS = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib 7.6 warns of its own calls
PREDICATE = "#predicate> <https://w3id.org/immunokg/"
FORMATS = ("nquads", "trig", "jsonld")


@pytest.mark.parametrize("form", FORMATS)
def test_every_field_comes_back(form: str) -> None:
    """A statement with every kind of context, alternatives of conditions, and an evidence with every field filled."""
    graph = graph_of((CONDITIONED, FULL), (HELPS, found("supports", 1)), (CONDITIONED, found("refutes", 1)))
    assert all(value not in ("", None) for value in vars_of(FULL))
    assert read_rdf(write_rdf(graph, form), form) == graph


def vars_of(evidence: Evidence) -> list[object]:
    parts = [getattr(evidence, name) for name in Evidence.__slots__]
    inner = (evidence.publication, evidence.effect, evidence.observation)
    return parts + [getattr(part, name) for part in inner for name in part.__slots__]


@pytest.mark.parametrize("form", FORMATS)
def test_the_small_graph_comes_back(small_graph: Graph, form: str) -> None:
    """The hand-made graph is the same after a trip through each format."""
    assert read_rdf(write_rdf(small_graph, form), form) == small_graph


def test_it_comes_back_through_a_store(small_graph: Graph) -> None:
    """Oxigraph keeps the values, though it writes ``0.10`` as ``0.1``."""
    store = ox.Store()
    store.extend(to_quads(small_graph))
    assert from_quads(store) == small_graph


@RDFLIB_WARNS
@pytest.mark.parametrize("form", FORMATS)
def test_rdflib_reads_the_same(small_graph: Graph, form: str) -> None:
    """A second parser finds the same quads in our text, in every format."""
    import rdflib

    graph = Graph.from_records([*small_graph.records(), Assertion(CONDITIONED, FULL)])
    dataset = rdflib.Dataset()
    dataset.parse(data=write_rdf(graph, form).decode(), format={"jsonld": "json-ld"}.get(form, form))
    assert rdflib_lines(dataset) == set(write_rdf(graph, "nquads").splitlines())


def rdflib_lines(dataset: Any) -> set[bytes]:
    """Return an rdflib dataset as lines of N-Quads."""
    import rdflib

    def iri(value: Any) -> ox.NamedNode:
        return ox.NamedNode(str(value))

    quads = []
    for subject, predicate, value, graph in dataset.quads():
        is_text = isinstance(value, rdflib.Literal)
        literal = ox.Literal(str(value), datatype=iri(value.datatype) if is_text and value.datatype else None)
        place = iri(graph) if graph and "default" not in str(graph) else ox.DefaultGraph()
        quads.append(ox.Quad(iri(subject), iri(predicate), literal if is_text else iri(value), place))
    return set(serialize(quads, "nquads").splitlines())


@RDFLIB_WARNS
def test_rdflib_datasets_keep_lexical_forms() -> None:
    """``g.rdflib()`` holds all quads, and a belief stays spelled as it was written."""
    graph = graph_of((HELPS, found("supports", 1, effect=Effect("x", 1e300))))
    dataset = to_rdflib(graph)
    assert rdflib_lines(dataset) == set(write_rdf(graph, "nquads").splitlines())
    assert "1e+300" in {str(o) for _, _, o, _ in dataset.quads()}
    rows = dataset.query("SELECT ?e { ?e <https://w3id.org/immunokg/supports> ?s }")
    assert len(list(rows)) == 1


def test_zero_keeps_its_sign() -> None:
    """0.0 equals -0.0, and still each comes back as it was."""
    below, above = (found("supports", n, effect=Effect("x", zero, zero)) for n, zero in ((1, -0.0), (2, 0.0)))
    graph = graph_of((HELPS, below), (HELPS, above))
    again = read_rdf(write_rdf(graph, "nquads"), "nquads")
    assert [repr(e.effect.value) for e in again.evidence[HELPS.id]] == [repr(e.effect.value) for e in graph.evidence[HELPS.id]]
    assert {repr(e.effect.low) for e in again.evidence[HELPS.id]} == {"0.0", "-0.0"}


def test_equal_graphs_give_equal_bytes(small_graph: Graph) -> None:
    """Sorted N-Quads do not depend on the order in which records came."""
    other = Graph.from_records(reversed(list(small_graph.records())))
    assert write_rdf(small_graph, "nquads") == write_rdf(other, "nquads")


def test_turtle_holds_the_default_graph(small_graph: Graph) -> None:
    """Turtle has no graphs: it says what the default graph says."""
    quads = parse_rdf(write_rdf(small_graph, "turtle"), "turtle")
    assert {q.triple for q in quads} == {q.triple for q in to_quads(small_graph) if q.graph_name == ox.DefaultGraph()}


# What is refused


def test_text_that_no_rdf_holds_is_refused() -> None:
    """Half a character pair, NaN and an identifier that is no IRI are errors that name what is wrong."""
    for entity, says in (
        (Entity(GENE, "IL4R\ud800", "Gene"), "half of a character pair"),
        (Entity(GENE, "IL4R", "Genes"), "unknown category 'Genes'"),
    ):
        with pytest.raises(BadInput, match=says):
            list(to_quads(Graph.from_records([entity])))
    with pytest.raises(BadInput, match="no number that can be stated"):
        list(to_quads(graph_of((HELPS, found("supports", 1, effect=Effect("x", float("nan")))))))


def test_two_publications_under_one_key_are_refused() -> None:
    """A graph whose publications were never joined would lose one of them."""
    one, two = found("supports", 1), found("refutes", 1)
    two = replace(two, publication=replace(two.publication, title="another"))
    graph = Graph({}, {HELPS.id: HELPS}, {HELPS.id: (one, two)})
    with pytest.raises(BadInput, match="two different publications are called PMID:1"):
        list(to_quads(graph))


def edited(graph: Graph, old: str, new: str) -> bytes:
    data = write_rdf(graph, "nquads").decode()
    assert old in data
    return data.replace(old, new).encode()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"cohort"', '"case_report"', "it says what has the id"),
        ("immunokg/supports>", "immunokg/refutes>", "it says what has the id"),
        (PREDICATE + "ameliorates_condition>", PREDICATE + "exacerbates_condition>", "it states what has the id"),
        (PREDICATE + "ameliorates_condition>", PREDICATE + "helps>", "unknown relation 'helps'"),
        ("immunokg/publication>", "immunokg/paper>", "publication: is missing"),
        ('"cohort"', '"cohorts"', "unknown design 'cohorts'"),
        ("immunokg/supports>", "immunokg/likes>", "it has 0 stances"),
    ],
)  # fmt: skip
def test_altered_files_are_refused(old: str, new: str, says: str) -> None:
    """A statement or evidence that no longer is what its IRI says is a located fault, not a silent change."""
    graph = graph_of((HELPS, found("supports", 1)))
    with pytest.raises(BadInput, match=says) as caught:
        read_rdf(edited(graph, old, new), "nquads", source="mine.nq")
    assert caught.value.faults[0].file.startswith("mine.nq <https://w3id.org/immunokg/")


def test_all_faults_are_reported_up_to_a_hundred() -> None:
    """Every broken evidence is listed, and the list ends at 100."""
    graph = graph_of(*((HELPS, found("supports", n)) for n in range(1, 121)))
    with pytest.raises(BadInput) as caught:
        read_rdf(edited(graph, '"cohort"', '"case_report"'), "nquads")
    assert len(caught.value.faults) == 100
    assert caught.value.truncated


def test_derived_triples_are_not_believed() -> None:
    """A direct triple or a count written into a file by hand changes nothing."""
    graph = graph_of((HELPS, found("refutes", 1)))
    forged = edited(graph, '"false"', '"true"')
    forged += f"<{expand(DRUG)}> <{NS.BIOLINK}treats> <{expand(DISEASE)}> .\n".encode()
    assert read_rdf(forged, "nquads") == graph
