"""What is wrong with a SPARQL text, and where."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.graph import Graph
from kg.triplestore import ensure_store
from queries.query_errors import QueryError
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
