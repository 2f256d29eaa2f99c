"""Shapes: every kind of fault is found, placed, and found by pyshacl too."""

from __future__ import annotations

import time
from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.model import Assertion, Entity, Evidence, Publication, Statement
from kg.rdf import serialize, to_quads
from kg.shacl import Violation, check_quads, check_shapes
from kg.shacl_shapes import read_shapes
from ontologies.errors import BadInput
from ontologies.prefixes import NS
from tests.limits import HANG

DRUG, GENE, DISEASE, HUMAN = "DRUGBANK:DB12159", "HGNC:6015", "MONDO:0005340", "NCBITaxon:9606"
PAPER = Publication("PMID:30292824", pmid="30292824", date="2018-10-10", precision="day")
STEP = Statement(DRUG, "decreases_activity_of", GENE)


@pytest.fixture
def good() -> list[ox.Quad]:
    """Return the quads of a graph without faults."""
    graph = Graph.from_records(
        [
            Entity(DRUG, "dupilumab", "Drug"),
            Entity(GENE, "IL4R", "Gene"),
            Entity(DISEASE, "alopecia areata", "Disease", valence="bad"),
            Assertion(STEP, Evidence("supports", PAPER, "A", "in_vitro", source="corpus", record="M1", n=3)),
            Assertion(
                Statement(DRUG, "ameliorates_condition", DISEASE),
                Evidence("supports", PAPER, "A", "case_report", source="corpus", record="P007"),
            ),
        ]
    )
    return list(to_quads(graph))


def test_a_good_graph_conforms(good: list[ox.Quad]) -> None:
    """No violation in a graph without faults."""
    assert list(check_quads(good)) == []


def test_a_violation_names_statement_record_shape_and_value() -> None:
    """A case report under ``treats`` is placed at its statement and its record."""
    treats = Statement(DRUG, "treats", DISEASE)
    graph = Graph.from_records(
        [
            Entity(DRUG, "dupilumab", "Drug"),
            Entity(DISEASE, "alopecia areata", "Disease"),
            Assertion(treats, Evidence("supports", PAPER, "A", "case_report", source="corpus", record="P007")),
        ]
    )
    [found] = check_shapes(graph)
    assert (found.shape, found.statement, found.record) == ("ikg:EvidenceShape", treats.id, "P007")
    assert "no case report supports that a drug treats" in found.message
    assert str(found).startswith("P007: ")


Edit = Callable[[ox.Quad], "list[ox.Quad]"]
IKG, RDF, BIOLINK = NS.IKG, NS.RDF, NS.BIOLINK


def drop(predicate: str) -> Edit:
    return lambda quad: [] if quad.predicate.value == predicate else [quad]


def put(predicate: str, value: ox.NamedNode | ox.Literal) -> Edit:
    """Replace the value of a property."""
    return lambda q: [ox.Quad(q.subject, q.predicate, value, q.graph_name)] if q.predicate.value == predicate else [q]


def add(predicate: str, value: ox.NamedNode | ox.Literal) -> Edit:
    """Add a second value beside the first."""
    return lambda q: [q, ox.Quad(q.subject, q.predicate, value, q.graph_name)] if q.predicate.value == predicate else [q]


def typed(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(NS.XSD + datatype))


X = ox.NamedNode("http://example.org/x")
FAULTS: dict[str, tuple[Edit, str, str]] = {
    "no label": (drop(NS.RDFS + "label"), "ikg:EntityShape", "minCount"),
    "two labels": (add(NS.RDFS + "label", ox.Literal("other")), "ikg:EntityShape", "maxCount"),
    "empty label": (put(NS.RDFS + "label", ox.Literal("")), "ikg:EntityShape", "minLength"),
    "label with a language": (put(NS.RDFS + "label", ox.Literal("x", language="en")), "ikg:EntityShape", "datatype"),
    "bad valence": (put(IKG + "valence", ox.Literal("neutral")), "ikg:EntityShape", "in"),
    "no subject": (drop(RDF + "subject"), "ikg:StatementShape", "minCount"),
    "subject is text": (put(RDF + "subject", ox.Literal("IL4R")), "ikg:StatementShape", "nodeKind"),
    "unknown relation": (put(RDF + "predicate", X), "ikg:StatementShape", ""),
    "sign of another relation": (put(IKG + "sign", typed("1", "integer")), "ikg:StatementShape", ""),
    "no evidence": (drop(IKG + "supports"), "ikg:StatementShape", "minCount"),
    "count below zero": (put(IKG + "support_count", typed("-1", "integer")), "ikg:StatementShape", "minInclusive"),
    "count is text": (put(IKG + "support_count", ox.Literal("1")), "ikg:StatementShape", "datatype"),
    "count is no number": (put(IKG + "support_count", typed("one", "integer")), "ikg:ClaimShape", "datatype"),
    "belief above one": (put(BIOLINK + "has_confidence_score", typed("1.5", "double")), "ikg:StatementShape", "maxInclusive"),
    "bad knowledge level": (put(BIOLINK + "knowledge_level", ox.Literal("sure")), "ikg:StatementShape", ""),
    "two stances": (add(IKG + "supports", X), "ikg:EvidenceShape", "maxCount"),
    "no publication": (drop(IKG + "publication"), "ikg:EvidenceShape", "minCount"),
    "publication without an id": (drop(IKG + "pmid"), "ikg:PublicationShape", ""),
    "PMID off its pattern": (put(IKG + "pmid", ox.Literal("0123")), "ikg:PublicationShape", "pattern"),
    "unknown design": (put(IKG + "study_type", ox.Literal("anecdote")), "ikg:EvidenceShape", ""),
    "study without a key": (drop(IKG + "study_key"), "ikg:StudyShape", "minCount"),
    "sample size is a fraction": (put(IKG + "sample_size", typed("2.5", "double")), "ikg:EvidenceShape", "datatype"),
    "claim without statements": (drop(IKG + "has_statement"), "ikg:ClaimShape", "minCount"),
    "asserted is text": (put(IKG + "asserted", ox.Literal("yes")), "ikg:ClaimShape", "datatype"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found(good: list[ox.Quad], name: str) -> None:
    """A seeded fault is found by the shape that forbids it."""
    edit, shape, component = FAULTS[name]
    found = list(check_quads(q for quad in good for q in edit(quad)))
    assert any(v.shape == shape and component in ("", v.component) for v in found), found


def by_pyshacl(quads: list[ox.Quad]) -> set[tuple[str, str, str]]:
    """Return (focus, component, value) of every violation that pyshacl reports."""
    from importlib.resources import files

    import pyshacl
    import rdflib

    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    merged = (ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    data = rdflib.Graph().parse(data=serialize(merged, "ntriples").decode(), format="nt")
    shapes = rdflib.Graph().parse(data=(files("ontologies") / "shapes.ttl").read_text("utf-8"), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    found = set()
    for result in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        component = (
            str(report.value(result, sh.sourceConstraintComponent)).removeprefix(f"{sh}").removesuffix("ConstraintComponent")
        )
        value = "" if component in ("MinCount", "MaxCount", "HasValue") else str(report.value(result, sh.value))
        found.add((str(report.value(result, sh.focusNode)), component[0].lower() + component[1:], value))
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pyshacl_finds_exactly_the_same(good: list[ox.Quad], small_graph: Graph) -> None:
    """Over all seeded faults, one by one and together, both engines report the same nodes, constraints and values."""
    cases = [[q for quad in good for q in edit(quad)] for edit, _, _ in FAULTS.values()]
    everything = good
    for edit, _, _ in FAULTS.values():
        if edit is not FAULTS["no evidence"][0]:
            everything = [q for quad in everything for q in edit(quad)]
    for quads in (good, list(to_quads(small_graph)), everything, *cases):
        ours = {(v.focus, v.component, v.value) for v in check_quads(quads)}
        assert ours == by_pyshacl(quads)


def test_the_place_is_found_from_any_node(good: list[ox.Quad]) -> None:
    """Faults of a publication, a study, a claim and an entity lead to a statement and its records."""
    for name in ("PMID off its pattern", "study without a key", "asserted is text", "empty label"):
        edit = FAULTS[name][0]
        found = list(check_quads(q for quad in good for q in edit(quad)))
        assert all(v.statement and set(v.record.split(", ")) <= {"M1", "P007"} for v in found), name
        assert found


def test_shapes_that_are_not_covered_are_refused() -> None:
    """A constraint nobody wrote code for is an error, never passed over."""
    prefix = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <http://x/> . x:S sh:targetClass x:T ; "
    for rest, says in (
        ("sh:sparql [ sh:select '' ] .", "sh:sparql is not covered"),
        ("sh:property [ sh:path [ sh:zeroOrMorePath x:p ] ; sh:minCount 1 ] .", "property path is not covered"),
        ("nonsense", "is not Turtle"),
    ):
        with pytest.raises(BadInput, match=says):
            read_shapes(prefix + rest)


def test_constraints_of_one_value_each() -> None:
    """Class, node, and, xone, not, hasValue, sequences and target nodes as SHACL Core defines them."""
    shapes = """
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <http://x/> .
    x:S sh:targetNode x:a ; sh:targetSubjectsOf x:q ;
      sh:property [ sh:path x:p ; sh:class x:C ; sh:node [ sh:property [ sh:path x:n ; sh:minCount 1 ] ] ] ;
      sh:property [ sh:path ( x:p x:n ) ; sh:hasValue 1 ] ;
      sh:and ( [ sh:property [ sh:path x:p ; sh:minCount 1 ] ] [ sh:nodeKind sh:IRI ] ) ;
      sh:xone ( [ sh:property [ sh:path x:p ; sh:minCount 1 ] ] [ sh:property [ sh:path x:q ; sh:minCount 1 ] ] ) ;
      sh:not [ sh:property [ sh:path x:bad ; sh:minCount 1 ] ] .
    """

    def check(turtle: str) -> list[tuple[str, str]]:
        data = "@prefix x: <http://x/> . " + turtle
        found: list[Violation] = list(check_quads(ox.parse(input=data, format=ox.RdfFormat.TURTLE), shapes=shapes))
        return sorted((v.focus.removeprefix("http://x/"), v.component) for v in found)

    assert check("x:a x:p x:b . x:b a x:C ; x:n 1 .") == []
    assert check("x:a x:p x:b . x:b x:n 2 .") == [("a", "class"), ("a", "hasValue")]
    assert check("x:a x:p x:b . x:b a x:C .") == [("a", "hasValue"), ("a", "node")]
    assert check("x:c x:q 1 . x:a x:p x:b ; x:bad 1 . x:b a x:C ; x:n 1 .") == [("a", "not"), ("c", "and"), ("c", "hasValue")]
    assert check("x:a x:p x:b ; x:q 1 . x:b a x:C ; x:n 1 .") == [("a", "xone")]


def test_the_corpus_conforms() -> None:
    """The whole corpus conforms, and seeing that takes no minutes."""
    from loaders.curated import load_corpus

    graph = Graph.from_records(load_corpus())
    started = time.process_time()
    assert list(check_shapes(graph)) == []
    assert time.process_time() - started < HANG
