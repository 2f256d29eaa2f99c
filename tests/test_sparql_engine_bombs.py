"""Resource bombs of every kind, four sizes each: each ends at its limit, and the next query is answered (matrix row T6)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.graph import Graph
from kg.triplestore import ensure_store
from queries.query_errors import QueryError, QueryStopped
from queries.sparql_engine.guard import MAX_BYTES
from queries.sparql_engine.worker import SparqlWorker
from tests.limits import HANG

DEEP = (8, 32, 64, 2235)
LONG = (50, 500, 2_000, 5_000)
VARIABLES = (2, 3, 4, 6)


def product(count: int) -> str:
    return " . ".join(f"?s{i} ?p{i} ?o{i}" for i in range(count))


BOMBS: dict[str, list[str]] = {
    "groups": ["SELECT * " + "{" * n + "}" * n for n in DEEP],
    "lists": ["SELECT * { ?s ?p " + "(" * n + ")" * n + "}" for n in DEEP],
    "properties": ["SELECT * { ?s ?p " + "[ ?p " * n + "1" + "]" * n + "}" for n in DEEP],
    "triple terms": ["SELECT * { ?s ?p " + "<<( ?s ?p " * n + "1" + " )>>" * n + "}" for n in DEEP],
    "brackets": ["SELECT (" + "(" * n + "1" + ")" * n + " AS ?x) {}" for n in DEEP],
    "functions": ["SELECT (" + "STR(" * n + "1" + ")" * n + " AS ?x) {}" for n in DEEP],
    "exists": ["SELECT * { ?a ?b ?c " + "FILTER EXISTS { ?a ?b ?c " * n + "}" * n + "}" for n in DEEP],
    "subselects": ["SELECT * " + "{ SELECT * " * n + "{ ?s ?p ?o }" + " }" * n for n in DEEP],
    "paths in brackets": ["SELECT * { ?s " + "(" * n + "ikg:a" + ")*" * n + " ?o }" for n in DEEP],
    "negations": ["SELECT * { FILTER(" + "!" * n + "true) }" for n in (50, 500, 5_000, 60_000)],
    "signs": ["SELECT (" + "- " * n + "1 AS ?x) {}" for n in (50, 500, 5_000, 30_000)],
    "sum": ["SELECT (1" + "+1" * n + " AS ?x) {}" for n in (50, 500, 5_000, 30_000)],
    "and": ["SELECT * { FILTER(" + "true&&" * n + "true) }" for n in (50, 500, 2_000, 10_000)],
    "or": ["SELECT * { ?s ?p ?o FILTER(" + "?o=1||" * n + "false) }" for n in (50, 500, 2_000, 10_000)],
    "comparisons": ["SELECT * { ?s ?p ?o " + "FILTER(?s<?o)" * n + "}" for n in (50, 500, 2_000, 5_000)],
    "sequences": ["SELECT * { ?s ikg:a" + "/ikg:a" * n + " ?o }" for n in (50, 500, 2_000, 9_000)],
    "alternatives": ["SELECT * { ?s ikg:a" + "|ikg:a" * n + " ?o }" for n in (50, 500, 2_000, 9_000)],
    "long ways": ["SELECT (COUNT(*) AS ?n) { ?s ?p0 ?v0 " + "".join(f". ?v{i} ?p{i} ?v{i + 1} " for i in range(n)) + "}"
                  for n in (2, 4, 8, 1_000)],
    "unions": ["SELECT * {" + "{ ?s ?p ?o } UNION " * n + "{}}" for n in (50, 500, 1_500, 3_000)],
    "optionals": ["SELECT * {" + "OPTIONAL { ?s ?p ?o } " * n + "}" for n in (50, 500, 1_500, 2_500)],
    "minus": ["SELECT * { ?s ?p ?o " + "MINUS { ?s ?q ?r } " * n + "}" for n in (50, 500, 1_500, 3_000)],
    "binds": ["SELECT * {" + "".join(f"BIND({i} AS ?v{i})" for i in range(n)) + "}" for n in (50, 500, 1_500, 2_500)],
    "columns": ["SELECT " + " ".join(f"?v{i}" for i in range(n)) + " { ?s ?p ?o }" for n in LONG],
    "values": ["SELECT * { " + " ".join(f"VALUES ?v{i} {{ {'1 ' * 100}}}" for i in range(n)) + "}" for n in (1, 3, 8, 200)],
    "product": [f"SELECT (COUNT(*) AS ?n) {{ {product(n)} }}" for n in VARIABLES],
    "sorted product": [f"SELECT ?s0 {{ {product(n)} }} ORDER BY ?o0 ?s1" for n in VARIABLES],
    "distinct product": [f"SELECT DISTINCT * {{ {product(n)} }}" for n in VARIABLES],
    "grouped product": [f"SELECT ?s0 ?s1 (COUNT(*) AS ?n) {{ {product(n)} }} GROUP BY ?s0 ?s1 ?o0 ?o1" for n in VARIABLES],
    "joined text": [f"SELECT (GROUP_CONCAT(?o0) AS ?t) {{ {product(n)} }}" for n in VARIABLES],
    "rows": [f"SELECT * {{ {product(n)} }}" for n in VARIABLES],
    "constructed": [f"CONSTRUCT {{ ?s0 ?p1 ?o1 }} WHERE {{ {product(n)} }}" for n in VARIABLES],
    "described": [f"DESCRIBE * WHERE {{ {product(n)} }}" for n in VARIABLES],
    "doubling": ["SELECT ?z { BIND('aaaaaaaa' AS ?a0) " + " ".join(f"BIND(CONCAT(?a{i},?a{i}) AS ?a{i + 1})" for i in range(n))
                 + f" BIND(?a{n} AS ?z) }}" for n in (8, 16, 24, 40)],
    "regular expression": [f"ASK {{ FILTER(REGEX('{'a' * n}', '(a*)*(a*)*(a*)*b')) }}" for n in (5, 20, 1_000, 30_000)],
    "large expression": [f"ASK {{ FILTER(REGEX('a', '((a{{{n}}}){{{n}}}){{{n}}}')) }}" for n in (2, 10, 50, 1_000)],
    "replace": [f"SELECT (STRLEN(REPLACE('{'a' * n}', 'a', '{'b' * n}')) AS ?n) {{}}" for n in (10, 1_000, 10_000, 20_000)],
    "hub paths": ["SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{i} (!ikg:x|^!ikg:x)* ?b{i}" for i in range(n)) + "}"
                  for n in (1, 2, 3, 5)],
    "nested hub paths": ["SELECT (COUNT(*) AS ?n) { ?a " + "(" * n + "!ikg:x|^!ikg:x" + ")+" * n + " ?b }"
                         for n in (1, 2, 4, 16)],
    "cross paths": ["SELECT (COUNT(*) AS ?n) { ?a " + "/".join(["(!ikg:x|^!ikg:x)"] * n) + " ?b }" for n in (1, 2, 4, 12)],
    "lateral": ["SELECT (COUNT(*) AS ?n) { ?a ?b ?c " + "LATERAL { ?d ?e ?f " * n + "}" * n + " }" for n in (1, 2, 4, 16)],
}  # fmt: skip


@pytest.fixture(scope="module")
def store(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure_store(tmp_path_factory.mktemp("generation"), lambda: small_graph)


@pytest.fixture(scope="module")
def worker(store: Path) -> Iterator[SparqlWorker]:
    with SparqlWorker(store, timeout=0.5, memory_mb=1024) as worker:
        yield worker


def test_there_are_four_sizes_of_every_bomb() -> None:
    """The sizes grow, and all texts are legal in size."""
    for texts in BOMBS.values():
        assert len(texts) == 4
        assert texts == sorted(texts, key=len)
    assert max(len(text) for texts in BOMBS.values() for text in texts) <= MAX_BYTES


@pytest.mark.parametrize(("name", "size"), [(name, size) for name in BOMBS for size in range(4)])
def test_a_bomb_ends_and_the_next_query_answers(worker: SparqlWorker, name: str, size: int) -> None:
    """Whatever a query does, it ends at its limit with an answer or a clear error, and the next one is answered."""
    started = time.monotonic()
    with contextlib.suppress(QueryError, QueryStopped):
        worker.query(BOMBS[name][size])
    assert time.monotonic() - started < HANG
    assert worker.query("ASK { ?s a biolink:Gene }", timeout=HANG)


@pytest.mark.parametrize("name", ["product", "hub paths", "cross paths"])
def test_the_largest_are_stopped_at_the_time_limit(worker: SparqlWorker, name: str) -> None:
    """A query that would run for hours ends after the time allowed, not before, and says what to do."""
    started = time.monotonic()
    with pytest.raises(QueryStopped, match=r"stopped after 0.8 s; make it narrower"):
        worker.query(BOMBS[name][3], timeout=0.8)
    assert 0.8 <= time.monotonic() - started < HANG


@pytest.mark.parametrize("name", ["doubling", "sorted product"])
def test_memory_is_limited(store: Path, name: str) -> None:
    """A query that would take all memory ends with a clear error long before its time is over."""
    with SparqlWorker(store, timeout=10 * HANG, memory_mb=300) as worker:
        with pytest.raises(QueryStopped, match="memory"):
            worker.query(BOMBS[name][3])
        assert worker.query("ASK { ?s a biolink:Gene }")


def test_an_answer_too_large_is_refused(worker: SparqlWorker) -> None:
    """An answer beyond the cap in bytes is stopped with advice, not collected."""
    nine = ", ".join(["?big"] * 9)
    text = f"SELECT (CONCAT({nine}) AS ?x) {{ BIND('{'x' * 30_000}' AS ?big) ?a ?b ?c . ?d ?e ?f }}"
    with pytest.raises(QueryStopped, match="larger than 128 MB; add LIMIT"):
        worker.query(text, timeout=HANG)
    assert worker.query("ASK { ?s ?p ?o }")
