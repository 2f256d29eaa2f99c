"""The answer of a Cypher query as rows, dicts, a data frame and an Arrow table."""

from __future__ import annotations

import json
from datetime import date

from queries.cypher_engine.answer import CypherAnswer
from queries.cypher_engine.values import FrozenMap, Node, Path, Relationship

DRUG = Node(frozenset({"Entity", "Drug"}), FrozenMap({"id": "DRUGBANK:DB12159"}))
LINK = Relationship("TREATS", "DRUGBANK:DB12159", "MONDO:0004980", FrozenMap({"statement_id": "ab"}))
ANSWER = CypherAnswer(
    ("name", "studies", "synonyms", "first", "drug", "link", "path", "mixed"),
    (
        ("dupilumab", 4, ("Dupixent",), date(2018, 11, 14), DRUG, LINK, Path((DRUG,), ()), 1),
        ("CBP-201", None, None, None, None, None, None, "one"),
    ),
)


def test_rows_and_dicts() -> None:
    """Rows keep frozen values; the Python views have lists and dicts."""
    assert len(ANSWER) == 2
    assert [row[0] for row in ANSWER] == ["dupilumab", "CBP-201"]
    assert ANSWER.values()[0][2] == ["Dupixent"]
    assert ANSWER.to_dicts()[1]["studies"] is None


def test_a_data_frame_has_the_columns() -> None:
    """Pandas gets one row per row, also of no rows at all."""
    frame = ANSWER.to_pandas()
    assert list(frame.columns) == list(ANSWER.columns)
    assert frame["drug"][0].id == "DRUGBANK:DB12159"
    assert CypherAnswer(("a", "b"), ()).to_pandas().shape == (0, 2)


def test_an_arrow_table_has_types_where_there_are_any() -> None:
    """Columns of one type keep it; nodes, paths and mixtures are JSON text."""
    table = ANSWER.to_arrow()
    kinds = dict(zip(table.column_names, map(str, table.schema.types), strict=True))
    assert kinds["studies"] == "int64"
    assert kinds["synonyms"].startswith("list")
    assert kinds["first"] == "date32[day]"
    drug = json.loads(table["drug"][0].as_py())
    assert drug == {"labels": ["Drug", "Entity"], "properties": {"id": "DRUGBANK:DB12159"}}
    assert json.loads(table["link"][0].as_py())["start"] == "DRUGBANK:DB12159"
    assert json.loads(table["path"][0].as_py())["nodes"] == [drug]
    assert table["mixed"].to_pylist() == ["1", "one"]
    assert table["drug"][1].as_py() is None
