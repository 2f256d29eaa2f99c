"""What is wrong with a SPARQL text, and where."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.triplestore import ensure_store
from queries.catalogue import questions
from queries.query_errors import QueryError
from queries.sparql_engine.diagnosis import spread
from queries.sparql_engine.worker import SparqlWorker


@pytest.fixture(scope="module")
def worker(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlWorker]:
    store = ensure_store(tmp_path_factory.mktemp("generation"), lambda: small_graph)
    with SparqlWorker(store, timeout=20) as worker:
        yield worker


@pytest.mark.parametrize(
    ("text", "line", "column", "near", "says"),
    [
        ("SELECT * {\n ?s a ?o } LIMT 3", 2, 12, "LIMT", "did you mean LIMIT?"),
        ("SELECT * {\n ?s nope:p ?o }", 2, 5, "nope:p", "the prefix is not declared"),
        ("SELECT * {\n ?s a ?o", 1, 10, "{", "never closed"),
        ("SELECT * { ?s a ?o ]", 1, 20, "]", "closes another one"),
        ("SELECT * { ?s a drug }", 1, 17, "drug", "no word of SPARQL"),
        ("SELECT ?x (COUNT(*) AS ?c) { ?x a ?o }", 1, 39, "", "neither grouped nor bound"),
        ("SELECT * { ?s ikg:x/ ?o }", 1, 22, "?o", "not SPARQL"),
        ("", 1, 1, "", "something is missing"),
        ("ASK { ?s ?p 'a }", 1, 13, "'", "this string is never closed"),
        ("SELECT * { ?s ?p }", 1, 18, "}", "expected a variable, a name or a value"),
        ("SELECT * {\n ?s a ikg:Claim .\n ?a\n}", 4, 1, "}", "expected a property"),
        ("SELECT ?x { FILTER(?x >) }", 1, 24, ")", "expected a value or an expression"),
        ("SELECT * { ?s ?p ?o FILTER ?o > 3 }", 1, 28, "?o", "expected a value or an expression"),
        ("SELECT ?s { ?s ?p ?o } ORDER ?s", 1, 30, "?s", "expected BY"),
        ("SELECT ?s { ?s ?p ?o } LIMIT # how many", 1, 29, "", "something is missing after 'LIMIT' (expected a number)"),
        ("SELECT { ?s ?p ?o }", 1, 8, "{", "expected ?variables or *"),
        ("SELECT (COUNT(?s) ?n) { ?s ?p ?o }", 1, 19, "?n", "expected AS"),
        ("SELECT ?s { ?s ?p ?o ?x }", 1, 22, "?x", "expected another pattern"),
        ("SELECT ?s { OPTIONAL ?s ?p ?o }", 1, 22, "?s", "expected {"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 3 LIMIT 4", 1, 32, "LIMIT", "not SPARQL here"),
        ("SELECT * { ?s ?p '''a\n(b''' ; ?z }", 2, 12, "}", "expected a variable"),
        ('SELECT * { ?s ?p "x"^^xsd:string . ?a }', 1, 39, "}", "expected a property"),
    ],
)  # fmt: skip
def test_syntax_errors_say_where(worker: SparqlWorker, text: str, line: int, column: int, near: str, says: str) -> None:
    """A text that is no SPARQL is refused in one line with line, column and the offending text of the user's own."""
    with pytest.raises(QueryError) as caught:
        worker.query(text, source="why.rq")
    error = caught.value
    assert (error.line, error.column, error.text) == (line, column, near)
    assert says in str(error)
    assert str(error).startswith(f"why.rq:{line}:{column}: ")
    assert "\n" not in str(error)
    assert error.faults[0].line == line


def test_unknown_function_is_named(worker: SparqlWorker) -> None:
    """A function the engine lacks is a fault of the query, not of the engine."""
    with pytest.raises(QueryError, match="ikg/nothing"):
        worker.query("SELECT (<http://ikg/nothing>(1) AS ?x) {}")


def test_room_between_tokens_changes_no_meaning() -> None:
    """What the engine takes it also takes with room between its tokens: only then does the place mean anything."""
    texts = [question.sparql for question in questions().values()]
    assert texts
    for text in [*texts, *ODD]:
        ox.Store().query(spread(text).text, prefixes=PREFIXES)


PREFIXES = {"x": "http://x/"}
ODD = [
    'SELECT * { ?s x:p "a"^^x:t , "b"@en--ltr , -1.5e3, true ; x:q [], [ x:r () ] . }',
    "SELECT * { <<( ?s x:p ?o )>> x:q (1 2) . << ?s x:p ?o ~ ?r >> x:q ?z }",
    "SELECT * { ?s x:p ?o ~ ?r {| x:a 1 ; x:b (2) |} }",
    "SELECT * { ?s (x:a|!(x:b|^x:c))*/x:d+ ?o FILTER(?o<3&&?o>=1||!BOUND(?s)) }",
    "ASK { ?s x:p '''it's # no comment\n( { ''' } # a comment ) }",
]
"""Texts in which blanks matter most."""
