"""Resource bombs of every kind, four sizes each: each ends at its limit, and the next query is answered (matrix row T6)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from queries.cypher_engine.embedded import EmbeddedCypher
from queries.query_errors import QueryError, QueryStopped
from tests.limits import HANG


def nested(opening: str, closing: str, sizes: tuple[int, ...] = (16, 60, 600, 3000)) -> list[str]:
    return [f"RETURN {opening * size}1{closing * size} AS n" for size in sizes]


def chained(first: str, more: str, sizes: tuple[int, ...] = (50, 500, 2000, 5000)) -> list[str]:
    return [f"RETURN {first}{more * size} AS n" for size in sizes]


HOPS = (3, 8, 15, 30)
BOMBS: dict[str, list[str]] = {
    "brackets": nested("(", ")"),
    "lists": nested("[", "]"),
    "maps": nested("{a: ", "}"),
    "functions": nested("toString(", ")"),
    "case": nested("CASE WHEN true THEN ", " END", (4, 8, 40, 600)),
    "subqueries": ["CALL { " * n + "RETURN 1 AS x" + " } RETURN x" * n for n in (4, 16, 60, 600)],
    "exists": ["MATCH (a) WHERE " + "EXISTS { MATCH (a)-->(b) WHERE " * n + "true" + " }" * n + " RETURN count(a)"
               for n in (2, 4, 16, 60)],
    "not": [f"RETURN {'NOT ' * n}true AS n" for n in (50, 500, 5000, 15_000)],
    "sum": chained("1", "+1"),
    "and": chained("true", " AND true"),
    "comparisons": chained("1", " < 2"),
    "minus": [f"RETURN {'- ' * n}1 AS n" for n in (50, 500, 5000, 30_000)],
    "clauses": ["WITH 1 AS x " * n + "RETURN x" for n in (50, 500, 2000, 5000)],
    "unions": [" UNION ALL ".join(["MATCH (a), (b) RETURN count(*) AS n"] * n) for n in (10, 50, 200, 900)],
    "paths": [f"MATCH p = (a)-[*1..{n}]->(b) RETURN count(p) AS n" for n in HOPS],
    "paths returned": [f"MATCH p = (a)-[*1..{n}]->(b) RETURN p" for n in HOPS],
    "quantified paths": [f"MATCH p = ((a)-->(b)){{1,{n}}} RETURN count(p) AS n" for n in HOPS],
    "all shortest": [f"MATCH p = allShortestPaths((a)-[*..{n}]-(b)) WHERE a <> b RETURN count(p) AS n" for n in HOPS],
    "hops": ["MATCH " + "-->".join(["()"] * (n + 1)) + " RETURN count(*) AS n" for n in (2, 4, 8, 12)],
    "pattern lists": [f"MATCH (a) RETURN sum(size([(a)-[*1..{n}]->(b) | b.id])) AS n" for n in (2, 3, 5, 9)],
    "product": ["MATCH " + ", ".join(f"(v{i})" for i in range(n)) + " WITH DISTINCT "
                + "+".join(f"v{i}.id" for i in range(n)) + " AS x RETURN count(x) AS n" for n in (2, 3, 4, 6)],
    "sorted product": ["MATCH " + ", ".join(f"(v{i})" for i in range(n)) + " RETURN v0.id AS a ORDER BY "
                       + ", ".join(f"v{i}.id" for i in range(n)) + " LIMIT 1" for n in (2, 3, 4, 6)],
    "doubling text": [f"RETURN size(reduce(s = 'ab', i IN range(1, {n}) | s + s)) AS n" for n in (8, 16, 24, 40)],
    "doubling list": [f"RETURN size(reduce(s = [1], i IN range(1, {n}) | s + s)) AS n" for n in (8, 14, 22, 40)],
    "replace": [f"RETURN size(replace('{'a' * n}', 'a', '{'b' * n}')) AS n" for n in (10, 1000, 10_000, 30_000)],
    "ranges": [f"UNWIND range(1, {10**n}) AS x RETURN count(x) AS n" for n in (3, 6, 9, 12)],
    "nested ranges": [f"UNWIND range(1, {10**n}) AS x UNWIND range(1, {10**n}) AS y RETURN count(*) AS n" for n in (2, 3, 4, 6)],
    "collect": [f"UNWIND range(1, 1000) AS x UNWIND range(1, {n}) AS y RETURN size(collect(x * 1.5 + y)) AS n"
                for n in (10, 100, 1000, 100_000)],
    "nested reduce": [f"RETURN reduce(s = 0, x IN range(1, {n}) | reduce(t = s, y IN range(1, {n}) | t + 1)) AS n"
                      for n in (10, 100, 1000, 1_000_000)],
    "comprehension": [f"RETURN size([x IN range(1, {n}) | [y IN range(1, {n}) | x * y]]) AS n" for n in (10, 100, 500, 5000)],
    "predicates": [f"RETURN any(x IN range(1, {n}) WHERE all(y IN range(1, {n}) WHERE y <> x)) AS n"
                   for n in (10, 100, 1000, 1_000_000)],
    "regular expression": [f"RETURN '{'a' * n}' =~ '(a*)*(a*)*(a*)*b' AS n" for n in (5, 20, 1000, 30_000)],
    "rows": [f"UNWIND range(1, 1000000) AS x RETURN '{'x' * n}' + x AS t" for n in (1, 100, 1000, 30_000)],
    "sleep": [f"RETURN util.sleep({n}) AS n" for n in (1, 10, 100, 1_000_000)],
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(dense_store: Path) -> Iterator[EmbeddedCypher]:
    with EmbeddedCypher(dense_store, timeout=0.3, memory_mb=256) as engine:
        yield engine


def test_there_are_four_sizes_of_every_bomb() -> None:
    """The sizes grow, and all texts are legal in size."""
    assert {name: len(texts) for name, texts in BOMBS.items() if len(texts) != 4} == {}
    assert max(len(text) for texts in BOMBS.values() for text in texts) < 64 * 1024


@pytest.mark.parametrize("size", range(4))
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_and_the_next_query_answers(engine: EmbeddedCypher, name: str, size: int) -> None:
    """Whatever a query does, it answers, is refused, or is stopped, and the next one is answered by the same engine."""
    started = time.monotonic()
    with contextlib.suppress(QueryError, QueryStopped):
        engine.query(BOMBS[name][size], max_rows=1000)
    assert time.monotonic() - started < HANG
    assert engine.query("MATCH (n) RETURN count(n) AS n", timeout=HANG).values() == [(40,)]
