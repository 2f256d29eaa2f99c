"""Answers in the W3C forms, each read back by other programs' readers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologies.errors import BadInput
from queries.sparql_engine.result_forms import (
    RDF_FORMS,
    csv_lines,
    ntriples_lines,
    rdf_pieces,
    sparql_json,
    sparql_json_lines,
    sparql_xml_lines,
    term_text,
    tsv_lines,
)
from queries.sparql_engine.terms import BlankNode, Iri, Literal, Solutions, Term, Triples, TripleTerm, Truth

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
IL4R = Iri("http://identifiers.org/hgnc/6015")
ROWS = (
    (IL4R, Literal("-1", f"{XSD}integer")),
    (BlankNode("b"), Literal('x\t"y"\n\\z\r', f"{XSD}string")),
    (None, Literal("Gen", f"{RDF}langString", "de")),
    (TripleTerm(IL4R, IL4R, Literal("1.5", f"{XSD}decimal")), None),
    (Iri("http://example.org/?a=1&b='2'"), Literal("x", f"{RDF}dirLangString", "ar", "rtl")),
    (None, Literal("<&>]]>", "http://example.org/?a=1&b='2'")),
)
ANSWER = Solutions(("a", "b"), ROWS)
PLAIN = Solutions(ANSWER.columns, tuple(row for row in ROWS if not isinstance(row[0], TripleTerm) and row[1].direction == ""))


def joined(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


WRITERS: dict[str, tuple[Callable[[Solutions], Iterable[str]], ox.QueryResultsFormat]] = {
    "json": (sparql_json_lines, ox.QueryResultsFormat.JSON),
    "xml": (sparql_xml_lines, ox.QueryResultsFormat.XML),
    "tsv": (tsv_lines, ox.QueryResultsFormat.TSV),
}


def oxigraph_rows(answer: Solutions, form: str) -> list[list[object]]:
    write, kind = WRITERS[form]
    found = ox.parse_query_results(joined(write(answer)), format=kind)
    assert isinstance(found, ox.QuerySolutions)
    assert [variable.value for variable in found.variables] == list(answer.columns)
    return [list(solution) for solution in found]


def ox_term(term: Term | None) -> object:
    if term is None:
        return None
    if isinstance(term, Iri):
        return ox.NamedNode(term.value)
    if isinstance(term, BlankNode):
        return ox.BlankNode(term.value)
    if isinstance(term, TripleTerm):
        return ox.Triple(ox_term(term.subject), ox_term(term.predicate), ox_term(term.object))  # type: ignore[arg-type]  # terms of a triple
    if term.language:
        direction = ox.BaseDirection(term.direction) if term.direction else None
        return ox.Literal(term.value, language=term.language, direction=direction)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


@pytest.mark.parametrize("form", WRITERS)
def test_oxigraph_reads_the_same_terms(form: str) -> None:
    """Oxigraph reads our results JSON, XML and TSV and finds every term, triple terms and directions among them."""
    assert oxigraph_rows(ANSWER, form) == [[ox_term(term) for term in row] for row in ANSWER.rows]


def rdflib_rows(data: bytes, form: str) -> list[list[tuple[str, str, str, str] | None]]:
    import rdflib
    from rdflib.query import Result

    def plain(node: object) -> tuple[str, str, str, str] | None:
        if node is None:
            return None
        if isinstance(node, rdflib.Literal):
            return "Literal", str(node), str(node.datatype or f"{XSD}string"), node.language or ""
        return type(node).__name__, str(node), "", ""

    found = Result.parse(io.BytesIO(data), format=form)
    assert found.vars is not None
    return [[plain(row.get(name)) for name in found.vars] for row in found.bindings]


def plain_term(term: Term | None) -> tuple[str, str, str, str] | None:
    if isinstance(term, Literal):
        return "Literal", term.value, f"{XSD}string" if term.language else term.datatype, term.language
    assert term is None or isinstance(term, Iri)
    return None if term is None else ("URIRef", term.value, "", "")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_rdflib_reads_the_same_terms(form: str) -> None:
    """So does rdflib, which knows nothing of RDF 1.2."""
    answer = Solutions(PLAIN.columns, tuple((None, row[1]) if isinstance(row[0], BlankNode) else row for row in PLAIN.rows))
    assert rdflib_rows(joined(WRITERS[form][0](answer)), form) == [[plain_term(term) for term in row] for row in answer.rows]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\t\n\r"), max_size=20)
LITERALS = st.builds(Literal, TEXTS) | st.builds(Literal, TEXTS, st.just(f"{RDF}langString"), st.sampled_from(["de", "en-GB"]))


@settings(deadline=None)
@given(st.lists(st.tuples(LITERALS | st.none(), LITERALS), max_size=4))
def test_any_text_survives_json_and_xml(rows: list[tuple[Literal | None, Literal]]) -> None:
    """Whatever characters a text has (but those that XML cannot hold), rdflib reads the same text in both forms."""
    answer = Solutions(("a", "b"), tuple(rows))
    wanted = [[plain_term(term) for term in row] for row in rows]
    for form in ("json", "xml"):
        assert rdflib_rows(joined(WRITERS[form][0](answer)), form) == wanted


@pytest.mark.parametrize("value", ["\0", "\x08", "a\x1fb", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_refused_before_the_first_line(value: str) -> None:
    """A control character, in a triple term too, is an error that names it and says what to ask for."""
    for term in (Literal(value), TripleTerm(IL4R, IL4R, Literal(value))):
        lines = sparql_xml_lines(Solutions(("a",), ((IL4R,), (term,))))
        with pytest.raises(BadInput, match=rf"U\+{ord(value.strip('ab')):04X}, which XML cannot hold; ask for JSON"):
            next(lines)


def test_an_ask_is_a_boolean() -> None:
    """The form of an ASK has a boolean and an empty head, in JSON as in XML."""
    assert sparql_json(Truth(False)) == {"head": {}, "boolean": False}
    for value in (True, False):
        for write, kind in ((sparql_json_lines, ox.QueryResultsFormat.JSON), (sparql_xml_lines, ox.QueryResultsFormat.XML)):
            found = ox.parse_query_results(joined(write(Truth(value))), format=kind)
            assert isinstance(found, ox.QueryBoolean)
            assert bool(found) is value


def test_the_lines_of_json_are_the_object() -> None:
    """Written line by line or as one object, JSON says the same; so it does without rows."""
    for answer in (ANSWER, Solutions(("a",), ())):
        assert json.loads("\n".join(sparql_json_lines(answer))) == sparql_json(answer)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@x", "\tx", "\rx", "\nx", "\0x"])
def test_no_csv_cell_starts_a_formula(text: str) -> None:
    """What a spreadsheet would run is prefixed; numbers are not; programs may ask for the bare value."""
    answer = Solutions(("x", "n"), ((Literal(text, f"{XSD}string"), Literal("-1", f"{XSD}integer")),))
    rows = list(csv.reader(io.StringIO("\r\n".join(csv_lines(answer)), newline="")))
    assert rows == [["x", "n"], [f"'{text}", "-1"]]
    bare = list(csv.reader(io.StringIO("\r\n".join(csv_lines(answer, safe=False)), newline="")))
    assert bare[1] == [text, "-1"]


def test_terms_as_n_triples() -> None:
    """A term is written so that another program reads it."""
    assert term_text(Literal("Gen", f"{RDF}dirLangString", "ar", "rtl")) == '"Gen"@ar--rtl'
    assert term_text(ROWS[3][0] or IL4R).startswith("<<( <http://identifiers.org/hgnc/6015> ")


# Triples

ROLE = Iri("https://w3id.org/immunokg/role")
TRIPLES = Triples(
    (
        (IL4R, Iri(f"{RDF}type"), Iri("https://w3id.org/biolink/vocab/Gene")),
        (IL4R, ROLE, Literal("Receptor")),
        (IL4R, ROLE, Literal("Receptor")),
        (BlankNode("b"), ROLE, Literal('"x"\\\t\r\n\x01', f"{RDF}langString", "de")),
        (Iri("http://example.org/?a=1&b='2'"), ROLE, Literal("1.50", f"{XSD}decimal")),
    )
)
OX_FORMATS = {"ntriples": ox.RdfFormat.N_TRIPLES, "turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}


def oxigraph_triples(data: bytes, form: str) -> list[ox.Triple]:
    return [ox.Triple(quad.subject, quad.predicate, quad.object) for quad in ox.parse(data, format=OX_FORMATS[form])]


def same_triples(found: Iterable[ox.Triple], answer: Triples) -> bool:
    """Compare as sets with blank nodes under one name each."""
    graphs = []
    for triples in (found, [ox.Triple(*map(ox_term, triple)) for triple in answer]):  # type: ignore[arg-type]  # terms of a triple
        dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        graphs.append(dataset)
    return graphs[0] == graphs[1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib 7.6 warns of its own calls
@pytest.mark.parametrize("form", RDF_FORMS)
def test_triples_are_read_back_by_oxigraph_and_rdflib(form: str) -> None:
    """N-Triples, Turtle and JSON-LD hold every triple once, for two readers."""
    import rdflib

    data = b"".join(rdf_pieces(TRIPLES, form))
    parsed = oxigraph_triples(data, form)
    assert len(parsed) == 4
    assert same_triples(parsed, TRIPLES)
    graph = rdflib.Graph().parse(data=data.decode(), format={"ntriples": "nt", "jsonld": "json-ld"}.get(form, form))
    texts = {(str(o), str(o.datatype)) if isinstance(o, rdflib.Literal) else str(o) for o in graph.objects()}
    assert texts == {
        "https://w3id.org/biolink/vocab/Gene",
        ("Receptor", "None"),
        ('"x"\\\t\r\n\x01', "None"),
        ("1.50", f"{XSD}decimal"),
    }


def test_turtle_has_the_prefixes_that_occur() -> None:
    """Our prefixes shorten what they fit, and no other is declared."""
    text = b"".join(rdf_pieces(TRIPLES, "turtle")).decode()
    assert "HGNC:6015 a biolink:Gene" in text
    declared = {line.split()[1] for line in text.splitlines() if line.startswith("@prefix")}
    assert declared == {"HGNC:", "biolink:", "ikg:", "rdf:", "xsd:"}
    assert b"".join(rdf_pieces(Triples(()), "turtle")) == b""


@pytest.mark.parametrize("form", ["ntriples", "turtle"])
def test_triple_terms_are_written_where_the_form_has_them(form: str) -> None:
    """RDF 1.2 passes through N-Triples and Turtle, directions included."""
    inner = TripleTerm(IL4R, ROLE, Literal("x", f"{RDF}dirLangString", "ar", "rtl"))
    answer = Triples(((IL4R, ROLE, inner),))
    parsed = oxigraph_triples(b"".join(rdf_pieces(answer, form)), form)
    assert parsed == [ox.Triple(*map(ox_term, answer.triples[0]))]  # type: ignore[arg-type]  # terms of a triple
    with pytest.raises(BadInput, match=r"cannot be written as jsonld: .*; ask for Turtle"):
        list(rdf_pieces(answer, "jsonld"))


def test_an_unknown_form_lists_the_known_ones() -> None:
    """RDF/XML is not written."""
    with pytest.raises(BadInput, match="unknown RDF form 'xml'; use one of: ntriples, turtle, jsonld"):
        list(rdf_pieces(TRIPLES, "xml"))


@settings(deadline=None)
@given(st.lists(st.tuples(st.just(IL4R) | st.just(BlankNode("x")), st.just(ROLE), LITERALS | st.just(IL4R)), max_size=5))
def test_any_triples_survive_every_form(triples: list[tuple[Term, Term, Term]]) -> None:
    """Generated triples come back from each form as the set that they are."""
    answer = Triples(tuple(triples))
    for form in RDF_FORMS:
        assert same_triples(oxigraph_triples(b"".join(rdf_pieces(answer, form)), form), answer)
    assert len(list(ntriples_lines(answer))) == len(set(triples))
