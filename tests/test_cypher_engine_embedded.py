"""Cypher without a server: typed answers, bound parameters, limits, and what is wrong with a text and where."""

from __future__ import annotations

import math
import threading
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from ontologies.errors import BackendError, BadInput
from queries.cypher_engine.embedded import EmbeddedCypher
from queries.cypher_engine.values import Duration, Node, Relationship, Temporal, freeze
from queries.cypher_engine.values import Path as Walk
from queries.query_errors import QueryError, QueryStopped
from tests.test_cypher_engine_values import VALUES

DUPILUMAB = "DRUGBANK:DB12159"


def test_a_query_gives_typed_rows_under_named_columns(embedded: EmbeddedCypher) -> None:
    """Columns come in the order of RETURN, rows as Python values."""
    text = (
        "MATCH (d:Drug)-[r:DECREASES_ACTIVITY_OF]->(t:Gene) RETURN d.name AS drug, t.id, r.sign AS s, d.synonyms AS n, r.belief"
    )
    answer = embedded.query(text)
    assert answer.columns == ("drug", "t.id", "s", "n", "r.belief")
    assert answer.values()[0][:3] == ("dupilumab", "HGNC:6015", -1)
    assert [type(value) for value in answer.rows[0]] == [str, str, int, tuple, float]
    assert (answer.truncated, answer.notices) == ("", ())


def test_nodes_relationships_and_paths_are_ours(embedded: EmbeddedCypher) -> None:
    """Graph values carry labels, types, properties and our ids; equal things are equal, however they were found."""
    text = "MATCH p = (d:Drug {id: $id})-[r:DECREASES_ACTIVITY_OF]->(t) RETURN p, d, r, t, [d, r] AS l, {n: t} AS m"
    path, drug, link, gene, both, map_ = embedded.query(text, {"id": DUPILUMAB}).rows[0]
    assert isinstance(path, Walk)
    assert isinstance(drug, Node)
    assert isinstance(link, Relationship)
    assert path == Walk((drug, gene), (link,))  # type: ignore[arg-type]  # a node
    assert drug.labels >= {"Entity", "Drug"}
    assert (drug.id, drug.properties["name"]) == (DUPILUMAB, "dupilumab")
    assert (link.type, link.start, link.end) == ("DECREASES_ACTIVITY_OF", DUPILUMAB, "HGNC:6015")
    assert len(str(link.id)) == 64
    assert both == (drug, link)
    assert map_ == {"n": gene}


def test_every_kind_of_value_arrives(embedded: EmbeddedCypher) -> None:
    """Null, numbers, infinities, text, lists, maps, dates, times and durations are Python's where they fit."""
    text = r"""RETURN null, true, 3, -1.5, 1.0/0.0, 'a\n"b"', [1, [2]], {k: {l: []}}, date('2018-11-14'), localtime('10:11'),
        time('12:00:00+01:00'), localdatetime('2018-11-14T10:00:00.123456'), datetime('2018-11-14T10:00Z'),
        duration('P1Y2M3DT4.5S'), localtime('12:00:00.000000001')"""
    row = embedded.query(text).rows[0]
    assert row[:8] == (None, True, 3, -1.5, math.inf, 'a\n"b"', (1, (2,)), freeze({"k": {"l": []}}))
    assert row[8:] == (
        date(2018, 11, 14), time(10, 11), time(12, 0, 0, 0, timezone(timedelta(hours=1))),
        datetime(2018, 11, 14, 10, 0, 0, 123456), datetime(2018, 11, 14, 10, 0, tzinfo=UTC),  # noqa: DTZ001  # without a zone
        Duration(14, 3, 4, 500_000_000), Temporal("time", "12:00:00.000000001"),
    )  # fmt: skip
    assert math.isnan(embedded.query("RETURN 0.0/0.0 AS n").rows[0][0])  # type: ignore[arg-type]  # a float


@given(VALUES.filter(lambda value: b"" not in _bytes(value)))
def test_parameters_are_bound_and_come_back_equal(embedded: EmbeddedCypher, value: Any) -> None:
    """Any value that can be given comes back as it was; nothing of it is ever read as Cypher."""
    assert embedded.query("RETURN $v AS v, [$v] AS l", {"v": value}).rows == ((freeze(value), (freeze(value),)),)


def _bytes(value: Any) -> set[Any]:
    """Return a mark when a value holds bytes: this engine gives them back as a list of numbers."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return set().union(*map(_bytes, value)) if value else set()
    return {b""} if isinstance(value, bytes) else set()


def test_parameters_of_the_wrong_kind_are_named(embedded: EmbeddedCypher) -> None:
    """What is no value of Cypher is refused with the parameter's name."""
    with pytest.raises(BadInput, match=r"\$drug: a Decimal is no value of Cypher"):
        embedded.query("RETURN $drug", {"drug": Decimal("1.5")})


def test_return_star_is_sorted_as_on_a_server(embedded: EmbeddedCypher) -> None:
    """RETURN * gives the variables in the order of their names."""
    assert embedded.query("WITH 1 AS z, 2 AS a, 3 AS m RETURN *").columns == ("a", "m", "z")
    assert embedded.query("WITH 1 AS z WITH *, z + 1 AS b RETURN *").rows == ((2, 1),)
    with pytest.raises(QueryError, match=r"nothing beside RETURN \*"):
        embedded.query("WITH 1 AS z RETURN *, z + 1 AS b")


def test_columns_are_known_without_rows(embedded: EmbeddedCypher) -> None:
    """An empty answer still says what it would have held."""
    answer = embedded.query("MATCH (d:Drug {id: 'none'}) RETURN d.name AS drug, count(*) AS n, d.id ORDER BY drug")
    assert (answer.columns, answer.rows) == (("drug", "n", "d.id"), ())
    assert embedded.query(
        "MATCH (d:Drug {id: 'x'}) RETURN d.id AS a UNION MATCH (g:Gene {id: 'x'}) RETURN g.id AS a"
    ).columns == ("a",)


def test_rows_beyond_the_limit_are_cut_and_said(embedded: EmbeddedCypher) -> None:
    """A longer answer comes cut, with the reason; one of just that length does not."""
    cut = embedded.query("UNWIND range(1, 5000) AS x RETURN x", max_rows=1500)
    assert (len(cut), cut.rows[-1], cut.truncated) == (1500, (1500,), "stopped at 1,500 rows")
    whole = embedded.query("UNWIND range(1, 1500) AS x RETURN x", max_rows=1500)
    assert (len(whole), whole.truncated) == (1500, "")
    assert len(embedded.query("UNWIND range(1, 5) AS x RETURN x", max_rows=0)) == 0


def test_many_rows_arrive_in_order(embedded: EmbeddedCypher) -> None:
    """An answer of more rows and text than one message holds is whole."""
    answer = embedded.query("UNWIND range(1, 30000) AS x RETURN x, 'dupilumab dupilumab dupilumab ' + x AS t")
    assert [row[0] for row in answer.rows] == list(range(1, 30001))
    assert answer.rows[-1][1] == "dupilumab dupilumab dupilumab 30000"


def test_commands_that_tell_what_there_is(embedded: EmbeddedCypher) -> None:
    """Allowed procedures, SHOW, EXPLAIN and PROFILE answer."""
    assert ("Drug",) in embedded.query("CALL db.labels()").rows
    assert embedded.query("CALL db.labels() YIELD label WHERE label = 'Drug' RETURN label").values() == [("Drug",)]
    assert ("TREATS",) in embedded.query("CALL db.relationshipTypes()").rows or embedded.query("CALL db.relationshipTypes()").rows
    assert len(embedded.query("SHOW INDEXES")) == 5
    plan = embedded.query("// how\nEXPLAIN MATCH (d:Entity {id: 'x'}) RETURN d")
    assert plan.columns == ("executionPlanAsString",)
    assert "Index" in str(plan.rows[0][0])
    profiled = embedded.query("/* how */ PROFILE MATCH (d:Drug) RETURN count(d) AS n;")
    assert (profiled.columns, profiled.rows) == (("n",), ((1,),))
    assert len(embedded.query("MATCH (d:Drug) FINISH")) == 0


def test_slips_are_remarked(embedded: EmbeddedCypher) -> None:
    """A label that is not in the closed table gives a notice beside the empty answer."""
    answer = embedded.query("MATCH (d:Drugg) RETURN d.nam")
    assert answer.rows == ()
    assert answer.notices[0] == "1:10: there is no label 'Drugg'; did you mean Drug?"


# What is wrong with a text, and where


@pytest.mark.parametrize(
    ("text", "line", "column", "near", "says"),
    [
        ("MATCH (n)\nRETRUN n", 2, 1, "RETRUN", "did you mean RETURN?"),
        ("MATHC (n) RETURN n", 1, 1, "MATHC", "did you mean MATCH?"),
        ("MATCH (n)\n WERE n.id = 'x' RETURN n", 2, 2, "WERE", "did you mean WHERE?"),
        ("MATCH (n) RETURN n ODER BY n.id", 1, 20, "ODER", "did you mean ORDER?"),
        ("MATCH (n RETURN n", 1, 7, "(", "never closed"),
        ("MATCH (n)) RETURN n", 1, 10, ")", "closes nothing"),
        ("MATCH (n]) RETURN n", 1, 9, "]", "closes another one"),
        ("RETURN [1, 2", 1, 8, "[", "never closed"),
        ("RETURN 'a' +", 1, 13, "", "something is missing before the end"),
        ("", 1, 1, "", "the query is empty"),
        ("// nothing", 1, 1, "", "the query is empty"),
        ("MATCH (n)", 1, 10, "", "ends without RETURN"),
        ("MATCH (n) RETURN n; MATCH (m) RETURN m", 1, 19, ";", "no Cypher here"),
        ("MATCH (n)\nRETURN m", 2, 8, "m", "variable 'm' not defined"),
        ("RETURN toUper('a')", 1, 8, "toUper", "did you mean toUpper()?"),
        ("RETURN nonsense(1)", 1, 8, "nonsense", "unknown function 'nonsense'"),
        ("RETURN toInteger(1, 2)", 1, 8, "toInteger", "expects 1 argument but got 2"),
        ("RETURN 1 AS a, 2 AS a", 1, 21, "a", "defined more than once"),
        ("RETURN $drug", 1, 8, "$drug", "no value is given for $drug"),
        ("RETURN 1 / 0", 1, 10, "/", "division by zero"),
        ("RETURN 7 % 0", 1, 10, "%", "division by zero"),
        ("RETURN 9223372036854775807 + 1", 0, 0, "", "beyond 64 bits"),
        ("RETURN date('x')", 1, 8, "date", "cannot parse 'x' as a date"),
        ("RETURN 'a' - 1", 0, 0, "", "numeric operands"),
        ("MATCH (n) RETURN n LIMIT n.x", 1, 20, "LIMIT", "must not reference variables"),
        ("CALL db.schema.nodeTypeProperties()", 1, 1, "CALL", "does not know the procedure"),
    ],
)  # fmt: skip
def test_errors_say_what_and_where(embedded: EmbeddedCypher, text: str, line: int, column: int, near: str, says: str) -> None:
    """A text that cannot run is refused in one line, with the place and the offending text of the user's own."""
    with pytest.raises(QueryError) as caught:
        embedded.query(text, source="why.cypher")
    error = caught.value
    assert (error.line, error.column, error.text) == (line, column, near)
    assert says in str(error)
    assert str(error).startswith(f"why.cypher:{line}:{column}: " if line else "why.cypher: ")
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("CREATE (n:Drug) RETURN n", "CREATE"),
        ("MATCH (n:Drug)\nSET n.name = 'x'", "SET"),
        ("MERGE (n:Drug {id: 'x'})", "MERGE"),
        ("MATCH (n) DETACH DELETE n", "DETACH"),
        ("MATCH (n:Drug) REMOVE n.name", "REMOVE"),
        ("FOREACH (x IN [1] | CREATE (:Drug))", "FOREACH"),
        ("CREATE INDEX FOR (n:Drug) ON (n.name)", "CREATE"),
        ("CALL { CREATE (n:Drug) RETURN n } RETURN n", "CREATE"),
    ],
)
def test_writes_are_refused_by_the_engine(embedded: EmbeddedCypher, text: str, word: str) -> None:
    """A query that writes is refused in one line, and nothing has changed."""
    before = embedded.query("MATCH (n) RETURN count(n), count(n.name)").rows
    with pytest.raises(QueryError, match="this query writes, and here queries only read") as caught:
        embedded.query(text)
    assert caught.value.text == word
    assert embedded.query("MATCH (n) RETURN count(n), count(n.name)").rows == before


def test_limits_of_the_engine_are_not_faults_of_the_text(embedded: EmbeddedCypher) -> None:
    """Ranges without end and chains without end are stopped with advice."""
    with pytest.raises(QueryStopped, match="use a smaller range"):
        embedded.query("UNWIND range(1, 1000000000000) AS x RETURN count(x)")
    with pytest.raises(QueryStopped, match="simpler queries"):
        embedded.query("RETURN 1" + " + 1" * 10_000)


def test_threads_may_share_an_engine(embedded: EmbeddedCypher) -> None:
    """Queries of several threads each get their own answer."""
    found: dict[int, Any] = {}

    def ask(number: int) -> None:
        found[number] = embedded.query("RETURN $n AS n", {"n": number}).values()

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [(n,)] for n in range(8)}


def test_no_store_is_said_before_anything_starts(tmp_path: Path) -> None:
    """Without a store no Java machine starts; the message says what to do."""
    with EmbeddedCypher(tmp_path / "none") as engine:
        with pytest.raises(BackendError, match="build the graph first"):
            engine.query("RETURN 1")
        assert engine.pid is None
