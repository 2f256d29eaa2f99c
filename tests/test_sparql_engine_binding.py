"""Values for variables: they are constants wherever the text names them, and never text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.triplestore import ensure_store
from queries.query_errors import QueryError
from queries.sparql_engine.binding import place_values
from queries.sparql_engine.terms import BlankNode, Iri, Literal, Solutions, Term, TripleTerm, Truth
from queries.sparql_engine.worker import SparqlWorker

XSD = "http://www.w3.org/2001/XMLSchema#"
DRUG = Iri("http://identifiers.org/drugbank/DB12159")
GENE = Iri("http://identifiers.org/hgnc/6015")
ONE, TRUE, FALSE = Literal("1", f"{XSD}integer"), Literal("true", f"{XSD}boolean"), Literal("false", f"{XSD}boolean")


@pytest.fixture(scope="module")
def worker(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlWorker]:
    store = ensure_store(tmp_path_factory.mktemp("generation"), lambda: small_graph)
    with SparqlWorker(store, timeout=20) as worker:
        yield worker


def rows(worker: SparqlWorker, text: str, **values: Term) -> list[tuple[object, ...]]:
    answer = worker.query(text, values=values)
    assert isinstance(answer, Solutions)
    return answer.values()


def test_a_bound_variable_that_is_selected_shows_its_value(worker: SparqlWorker) -> None:
    """The answer has the columns of the text, and the value stands in its own."""
    answer = worker.query("SELECT DISTINCT ?drug ?gene { ?drug ikg:decreases_activity_of ?gene }", values={"drug": DRUG})
    assert answer == Solutions(("drug", "gene"), ((DRUG, GENE),))
    pattern = "{ ?drug ikg:decreases_activity_of ?gene }"
    nested = f"SELECT * {{ SELECT ?gene {pattern} }}"
    for text in (f"SELECT * {pattern}", nested, f"{nested} ORDER BY ?drug"):
        everything = worker.query(text, values={"drug": DRUG})
        assert isinstance(everything, Solutions)
        assert dict(zip(everything.columns, everything.rows[0], strict=True)) == {"drug": DRUG, "gene": GENE}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?gene { ?drug ikg:decreases_activity_of ?gene }",
        "SELECT ?gene WHERE { ?x ikg:decreases_activity_of ?gene FILTER(?x = ?drug) }",
        "SELECT REDUCED ?gene { { ?drug ikg:decreases_activity_of ?gene } UNION { ?gene ikg:no ?drug } }",
        "SELECT ?gene { ?gene a biolink:Gene OPTIONAL { ?gene ikg:no ?x FILTER(?x = ?drug) } }",
        "SELECT ?gene { ?gene a biolink:Gene FILTER EXISTS { ?drug ikg:decreases_activity_of ?gene } }",
        "SELECT ?gene { ?gene a biolink:Gene MINUS { ?drug ikg:no ?gene } }",
        "SELECT ?gene { { SELECT ?gene { ?drug ikg:decreases_activity_of ?gene } } }",
        "SELECT ?gene { { SELECT (SAMPLE(?x) AS ?gene) { ?drug ikg:decreases_activity_of ?x } } }",
        "SELECT ?gene { { SELECT * { ?drug ikg:decreases_activity_of ?gene } } }",
        "SELECT ?gene { { SELECT ?gene { { SELECT ?gene ?d { ?d ikg:decreases_activity_of ?gene } } FILTER(?d = ?drug) } } }",
        "SELECT ?gene { { SELECT ?gene { ?d ikg:decreases_activity_of ?gene } GROUP BY ?gene HAVING(MAX(?d) = ?drug) } }",
        "SELECT ?gene { { SELECT ?gene (?drug = ?d AS ?is) { ?d ikg:decreases_activity_of ?gene } } FILTER(?is) }",
        "SELECT ?gene { SELECT ?gene { ?drug ikg:decreases_activity_of ?gene } }",
        "SELECT ?gene { VALUES (?drug ?x) { (UNDEF 1) } ?drug ikg:decreases_activity_of ?gene }",
        "SELECT ?gene {?drug ikg:decreases_activity_of ?gene} ORDER BY ?drug LIMIT 1 VALUES ?drug { UNDEF }",
        "SELECT ?gene { ?drug ikg:decreases_activity_of ?gene } GROUP BY ?gene HAVING(COUNT(?drug) = 1)",
        "SELECT (SAMPLE(?g) AS ?gene) { ?drug ikg:decreases_activity_of ?g }",
        "SELECT ?gene { GRAPH ?where { ?e ikg:supports ?s } ?s rdf:subject ?drug ; rdf:object ?gene }",
    ],
)  # fmt: skip
def test_a_bound_variable_need_not_be_selected(worker: SparqlWorker, text: str) -> None:
    """The value holds in every part of the text, and no column is added to the answer."""
    answer = worker.query(text, values={"drug": DRUG})
    assert isinstance(answer, Solutions)
    assert answer.columns == ("gene",)
    assert ("HGNC:6015",) in answer.values()
    other = worker.query(text, values={"drug": Iri("http://example.org/none")})
    assert isinstance(other, Solutions)
    assert other.columns == ("gene",)
    if "OPTIONAL" not in text and "MINUS" not in text:
        assert ("HGNC:6015",) not in other.values()


@pytest.mark.parametrize(
    ("condition", "value", "holds"),
    [
        ("?v", TRUE, True),
        ("?v", FALSE, False),
        ("!?v", FALSE, True),
        ("BOUND(?v)", ONE, True),
        ("!BOUND(?v) || ?v = 2", ONE, False),
        ("?v = 1.0", ONE, True),
        ("1 = ?v", Literal("01", f"{XSD}integer"), True),
        ("COALESCE(?v, 5) = 1", ONE, True),
        ("IF(BOUND(?v), ?v, 7) = 1", ONE, True),
        ("?v IN (1, 2)", ONE, True),
        ("REGEX('abc', ?v)", Literal("^a"), True),
        ("isTRIPLE(?v)", TripleTerm(GENE, Iri(f"{XSD}x"), ONE), True),
        ("LANG(?v) = 'de'", Literal("Gen", language="de"), True),
        ("LANGDIR(?v) = 'rtl'", Literal("x", language="ar", direction="rtl"), True),
        ("isBLANK(?v)", BlankNode("b"), True),
        ("STR(?v) = 'x\"} ; DROP ALL #'", Literal("x\"} ; DROP ALL #"), True),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "around", ["%s", "{ ?s ikg:no ?o } UNION { %s }", "{ SELECT ?s { %s } }", "?s a biolink:Drug FILTER EXISTS { %s }"]
)
def test_values_are_values_in_every_expression(
    worker: SparqlWorker, around: str, condition: str, value: Term, holds: bool
) -> None:
    """What the engine alone reads as unbound (a bare truth value, BOUND, =) has its value, however deep it stands."""
    inner = f"?s ikg:decreases_activity_of HGNC:6015 FILTER({condition})"
    found = rows(worker, f"SELECT ?s {{ {around % inner} }}", v=value)
    assert found == ([("DRUGBANK:DB12159",)] if holds else [])


def test_a_value_can_be_given_another_name(worker: SparqlWorker) -> None:
    """``BIND(?v AS ?w)`` and ``(?v AS ?w)`` carry it, which the engine alone forgets."""
    assert rows(worker, "SELECT ?w { BIND(?v AS ?w) }", v=ONE) == [(1,)]
    assert rows(worker, "SELECT (?v AS ?w) {}", v=ONE) == [(1,)]


def test_several_values_and_every_form_of_query(worker: SparqlWorker) -> None:
    """ASK, CONSTRUCT (long and short) and DESCRIBE take values as well."""
    both: dict[str, Term] = {"d": DRUG, "g": GENE}
    assert worker.query("ASK { ?d ikg:decreases_activity_of ?g }", values=both) == Truth(True)
    assert worker.query("ASK { ?d ikg:decreases_activity_of ?g }", values={"d": GENE, "g": DRUG}) == Truth(False)
    made = [(DRUG, Iri("https://w3id.org/immunokg/decreases_activity_of"), GENE)]
    for text in (
        "CONSTRUCT { ?d ikg:decreases_activity_of ?g } WHERE { ?d ikg:decreases_activity_of ?g }",
        "CONSTRUCT WHERE { ?d ikg:decreases_activity_of ?g }",
        "CONSTRUCT { ?d ikg:decreases_activity_of ?g } WHERE { SELECT ?g { ?g a biolink:Gene } }",
    ):
        assert list(worker.query(text, values=both)) == made  # type: ignore[arg-type]  # an answer of triples
    for text in ("DESCRIBE ?d", "DESCRIBE ?d WHERE { ?d a biolink:Drug }"):
        described = list(worker.query(text, values={"d": DRUG}))  # type: ignore[arg-type]  # an answer of triples
        assert described
        assert {triple[0] for triple in described} == {DRUG}


def test_counting_without_groups_counts_none_as_none(worker: SparqlWorker) -> None:
    """A count over nothing is one row that says 0, with a value given as without."""
    text = "SELECT (COUNT(DISTINCT ?g) AS ?n) (COUNT(*) + 1 AS ?k) { ?d ikg:decreases_activity_of ?g }"
    assert rows(worker, text, d=DRUG) == [(1, 2)]
    assert rows(worker, text, d=GENE) == [(0, 1)]


def test_what_cannot_be_bound_is_said(worker: SparqlWorker) -> None:
    """A variable that is not there, one that the query makes, and a value that is no term are errors with a place."""
    with pytest.raises(QueryError, match=r"1:1: a value is given for \?drugs, .* \(it has \?drug\)"):
        worker.query("ASK { ?drug ?drug ?drug }", values={"drugs": DRUG})
    with pytest.raises(QueryError, match=r"1:14: this variable is given a value, and the query makes it itself, at '\?d'"):
        worker.query("SELECT (1 AS ?d) {}", values={"d": DRUG})
    ends = [Iri(f"http://x/{end}") for end in (">", "> } #", " ", "\\u003e", '"', "{", "\n", "\x00")]
    tags = [Literal("x", language=tag) for tag in ("not a tag", 'de" }', "de}")]
    wrong: list[Term] = [Iri("no scheme"), *ends, *tags, Literal("\ud800"), TripleTerm(ONE, DRUG, DRUG)]
    for value in wrong:
        with pytest.raises(QueryError, match=r"the value of \?d is no RDF term"):
            worker.query("ASK { ?d ?p ?o }", values={"d": value})
    assert worker.query("ASK { ?d ?p ?o }", values={"d": DRUG})


def test_errors_are_located_in_the_users_own_text(worker: SparqlWorker) -> None:
    """Places for values do not shift line and column of what is wrong."""
    with pytest.raises(QueryError) as caught:
        worker.query("SELECT ?x {\n ?d ikg:sign ?x } LIMT 3", values={"d": DRUG})
    assert (caught.value.line, caught.value.column, caught.value.text) == (2, 19, "LIMT")


def test_a_text_that_is_no_query_is_left_as_it_is() -> None:
    """Without a form of query, and without values, nothing is placed."""
    assert place_values("PREFIX a: <b> ?x", ["x"]).text == "PREFIX a: <b> ?x"
    assert place_values("SELECT ?x { ?x ?y ?z }", []).text == "SELECT ?x { ?x ?y ?z }"


LITERALS = st.builds(Literal, st.text(st.characters(codec="utf-8"), max_size=30))
IRIS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8).map(lambda name: Iri(f"http://example.org/{name}"))


LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
HOSTILE = Literal('\\u0041 \\\\u0041 \\U0010FFFF \\" \' """ } # \r\n\t\x00\x07\ufffe <x:y>')


@example(HOSTILE, Literal(HOSTILE.value, f"{XSD}no-such-type"))
@example(Literal(HOSTILE.value, LANG_STRING, language="de-at"), Iri("urn:x?y=(z)'%7B#\u00e9"))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LITERALS | IRIS, LITERALS | IRIS)
def test_any_value_arrives_as_it_is(worker: SparqlWorker, one: Term, two: Term) -> None:
    """Whatever stands in a value (quotes, braces, whole updates), it comes back as the same term."""
    answer = worker.query("SELECT ?a ?c { BIND(?b AS ?c) FILTER(sameTerm(?a, ?a)) }", values={"a": one, "b": two})
    assert answer == Solutions(("a", "c"), ((one, two),))
