"""Answers in the W3C forms, checked by a second reader."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import pytest

from queries.sparql_engine.result_forms import csv_lines, sparql_json, term_text, tsv_lines
from queries.sparql_engine.terms import BlankNode, Iri, Literal, Solutions, TripleTerm, Truth

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_LANG = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
IL4R = Iri("http://identifiers.org/hgnc/6015")
ROWS = (
    (IL4R, Literal("-1", f"{XSD}integer")),
    (BlankNode("b"), Literal('x\t"y"\n\\z', f"{XSD}string")),
    (None, Literal("Gen", RDF_LANG, "de")),
    (TripleTerm(IL4R, IL4R, Literal("1.5", f"{XSD}decimal")), None),
)
ANSWER = Solutions(("a", "b"), ROWS)


def read_back(data: bytes, form: ox.QueryResultsFormat) -> list[list[object]]:
    found = ox.parse_query_results(data, format=form)
    assert isinstance(found, ox.QuerySolutions)
    return [list(solution) for solution in found]


@pytest.mark.parametrize("form", ["json", "tsv"])
def test_a_second_reader_finds_the_same_terms(form: str) -> None:
    """Oxigraph reads our results JSON and TSV and finds every term."""
    plain = Solutions(ANSWER.columns, ROWS[:3])
    if form == "json":
        found = read_back(json.dumps(sparql_json(ANSWER)).encode(), ox.QueryResultsFormat.JSON)
        wanted: Solutions = ANSWER
    else:
        found = read_back(("\n".join(tsv_lines(plain)) + "\n").encode(), ox.QueryResultsFormat.TSV)
        wanted = plain
    assert [[None if t is None else str(t) for t in row] for row in found] == [
        [None if t is None else str(ox_term(t)) for t in row] for row in wanted.rows
    ]


def ox_term(term: object) -> object:
    if isinstance(term, Iri):
        return ox.NamedNode(term.value)
    if isinstance(term, BlankNode):
        return ox.BlankNode(term.value)
    if isinstance(term, TripleTerm):
        return ox.Triple(ox_term(term.subject), ox_term(term.predicate), ox_term(term.object))  # type: ignore[arg-type]  # terms of a triple
    assert isinstance(term, Literal)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def test_an_ask_is_a_boolean() -> None:
    """The form of an ASK has a boolean and an empty head."""
    assert sparql_json(Truth(False)) == {"head": {}, "boolean": False}


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
    assert term_text(Literal("Gen", RDF_LANG, "ar", "rtl")) == '"Gen"@ar--rtl'
    assert term_text(ROWS[3][0] or IL4R).startswith("<<( <http://identifiers.org/hgnc/6015> ")
