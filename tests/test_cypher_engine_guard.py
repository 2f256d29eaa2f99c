"""What the guard refuses before a Cypher text is sent, with its place; and that nothing of ours is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.cypher_engine.guard import MAX_BYTES, PROCEDURES, check_cypher, cypher_tokens
from queries.query_errors import QueryError


def refused(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        check_cypher(text, source="why.cypher")
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "column", "near", "says"),
    [
        ("LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", 1, 1, "LOAD", "LOAD CSV is not allowed"),
        ("MATCH (n)\n load/* */csv WITH HEADERS FROM $f AS row RETURN row", 2, 2, "load", "LOAD CSV is not allowed"),
        ("WITH 'it\\'s' AS x LOAD//\nCSV FROM x AS r RETURN r", 1, 19, "LOAD", "LOAD CSV is not allowed"),
        ("LOAD§CSV FROM 'x' AS r RETURN r", 1, 1, "LOAD", "LOAD CSV is not allowed"),
        ("LOAD C\u017fV FROM 'x' AS r RETURN r", 1, 1, "LOAD", "LOAD CSV is not allowed"),
        ("CALL dbms.listConfig()", 1, 6, "dbms.listConfig", "CALL of this procedure is not allowed"),
        ("MATCH (n) CALL apoc . load . `json`($u) YIELD value RETURN value", 1, 16, "apoc.load.json", "is not allowed"),
        ("CALL `db`.`labels`.x()", 1, 6, "db.labels.x", "is not allowed"),
        ("WITH 1.CALL x.y()", 1, 13, "x.y", "is not allowed"),
        ("CALL { MATCH (n) RETURN n } IN 3 CONCURRENT TRANSACTIONS OF 5 ROWS RETURN n", 1, 45, "TRANSACTIONS", "transactions"),
        ("USE other MATCH (n) RETURN n", 1, 1, "USE", "USE of another database"),
        ("CALL { USE `other` MATCH (n) RETURN n } RETURN n", 1, 8, "USE", "USE of another database"),
        ("TERMINATE TRANSACTIONS 'x'", 1, 1, "TERMINATE", "TERMINATE is not allowed"),
        ("EXPLAIN GRANT ROLE reader TO me", 1, 9, "GRANT", "GRANT is not allowed"),
        ("RETURN 1; ALTER USER me SET PASSWORD 'x'", 1, 11, "ALTER", "ALTER is not allowed"),
        ("SHOW USERS", 1, 1, "SHOW", "this SHOW is not allowed"),
        ("SHOW ALL SETTINGS YIELD *", 1, 1, "SHOW", "this SHOW is not allowed"),
        ("RETURN 'a", 1, 8, "'", "this string is never closed"),
        ("RETURN `a", 1, 8, "`", "this name is never closed"),
        ("RETURN 1 /* and so on", 1, 10, "/*", "this comment is never closed"),
        ("RETURN 'a\x00b'", 1, 10, "", "control character U+0000"),
        ("RETURN \x1b[31m", 1, 8, "", "control character U+001B"),
        ("RETURN '\ud800'", 1, 9, "", "not valid Unicode"),
        (r"MATCH (n:\u0044rug) RETURN n", 1, 10, r"\u0044", "inside strings only"),
        (r"MATCH (n) // \u000a LOAD CSV", 1, 14, r"\u000a", "inside strings only"),
        (r"RETURN `\u0060`", 1, 9, r"\u0060", "inside strings only"),
        (r"RETURN '\u0027 + x'", 1, 9, r"\u0027", "may not stand for a quote"),
        (r"RETURN '\\u0027 + x'", 1, 10, r"\u0027", "may not stand for a quote"),
        (r'RETURN "\u005c"', 1, 9, r"\u005c", "may not stand for a quote, backslash"),
        (r"RETURN '\uu0041'", 1, 9, r"\uu004", "no unicode escape"),
        (r"RETURN 'C:\users'", 1, 11, r"\users", "no unicode escape"),
        (r"RETURN '\U0001'", 1, 9, r"\U0001'", "no unicode escape"),
    ],
)  # fmt: skip
def test_what_is_refused_and_where(text: str, line: int, column: int, near: str, says: str) -> None:
    """Every refusal names line, column and the offending text, and says what to do."""
    error = refused(text)
    assert (error.line, error.column, error.text) == (line, column, near)
    assert says in str(error)
    assert str(error).startswith(f"why.cypher:{line}:{column}: ")
    assert "(" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (d:Drug {id: $id})-[r:DECREASES_ACTIVITY_OF]->(t) WHERE r.support > 1 RETURN d.name, collect(t.name) AS targets",
        "MATCH (load:Load) WHERE load.csv = 'LOAD CSV' RETURN load.call AS call, load // LOAD CSV FROM 'x'",
        "RETURN \"LOAD CSV\", 'CALL dbms.x()', `USE`, `CALL` /* CALL dbms.x() */",
        "CALL { MATCH (n) RETURN n LIMIT 1 } CALL (n) { RETURN n.id AS id } RETURN id",
        "CALL db.labels() YIELD label RETURN label",
        "CALL `db`.relationshipTypes()",
        "MATCH (n) WHERE n.id IN $transactions RETURN n.transactions",
        "MATCH (c:Call)-[:USE]->(u {use: 1}) RETURN u.use AS use",
        "SHOW INDEXES", "SHOW ALL FUNCTIONS YIELD name", "EXPLAIN MATCH (n) RETURN n",
        r"RETURN '\u00e9\t\\x', 'a\\nb', 'C:\\users', '\U0001F600'",
        "RETURN 'two\nlines', \"it's\", 'say \"no\"', `a``b`, {`k`: 1}",
        "RETURN CASE WHEN true THEN CASE x WHEN 1 THEN 2 END END AS end, n.case",
        "MATCH (n) WHERE n.größe > 1 RETURN n.größe AS größe",
        "MATCH (n) SET n.x = 1", "CREATE (n:Grant) RETURN n.start",
    ],
)  # fmt: skip
def test_what_passes(text: str) -> None:
    """Words that only look dangerous pass; so do writes, which the engine's own read mode refuses."""
    check_cypher(text)


def test_size_and_nesting_are_limited() -> None:
    """Texts over 64 kB and nesting deeper than 64, of brackets and of CASE, are refused."""
    assert "65,536" in str(refused("/" * (MAX_BYTES + 1)))
    assert "65,536" in str(refused("RETURN '" + "é" * 33_000 + "'"))
    for opening, closing in (("(", ")"), ("[", "]"), ("{a:", "}"), ("CASE WHEN true THEN ", " END"), ("abs(", ")")):
        check_cypher("RETURN " + opening * 64 + "1" + closing * 64)
        assert "deeper than 64" in str(refused("RETURN " + opening * 65 + "1" + closing * 65))
    check_cypher("RETURN " + ", ".join(["[1]"] * 500))


def test_the_shipped_queries_pass(repo_root: Path) -> None:
    """No query of the catalogue is refused, and each may call nothing but the allowed procedures."""
    files = sorted((repo_root / "queries" / "cypher").glob("*.cypher"))
    assert len(files) >= 25
    for path in files:
        check_cypher(path.read_text(encoding="utf-8"), source=path.name)
    for name in PROCEDURES:
        check_cypher(f"CALL {name}()")


def test_tokens_cover_the_text() -> None:
    """The lexer loses nothing but blanks and comments."""
    text = "MATCH p=(a:`B c`)-[*1..3]->() WHERE a.x =~ 'y' AND a.z <> $q /* c */ RETURN 1.5 // d"
    tokens = list(cypher_tokens(text))
    assert all(text[token.start :].startswith(token.text) for token in tokens)
    assert [token.kind for token in tokens if token.kind == "lost"] == []
    assert ".." in [token.text for token in tokens]


@given(st.text(st.characters(codec="utf-8"), max_size=60) | st.text("'\"`\\/*u0027{}[]() CALOD\nsv", max_size=60))
def test_any_text_is_refused_or_passes(text: str) -> None:
    """Whatever the text, the guard gives a located error or nothing."""
    found: list[tuple[int, int]] = []
    try:
        check_cypher(text)
    except QueryError as error:
        found.append((error.line, error.column))
    assert all(line >= 1 and column >= 1 for line, column in found)
