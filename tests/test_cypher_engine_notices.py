"""Names that the graph's closed form lacks are remarked on; everything of ours, and of the user's own, is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.cypher_engine.notices import find_notices


@pytest.mark.parametrize(
    ("text", "notices"),
    [
        ("MATCH (d:Drugg) RETURN d", ["1:10: there is no label 'Drugg'; did you mean Drug?"]),
        ("MATCH (d:Drug)\nWHERE d:gene RETURN d", ["2:9: there is no label or type 'gene'; did you mean Gene?"]),
        ("MATCH (:Entity:Drug|Nope) RETURN 1", ["1:21: there is no label 'Nope'"]),
        ("MATCH ()-[r:TREATS|TREAT]->() RETURN r", ["1:20: there is no relationship type 'TREAT'; did you mean TREATS?"]),
        ("MATCH ()<-[:`Treats`*1..3]-() RETURN 1", ["1:13: there is no relationship type 'Treats'; did you mean TREATS?"]),
        ("MATCH (d:Drug {nam: $n}) RETURN d.id", ["1:16: there is no property 'nam'; did you mean name?"]),
        ("MATCH (d:Drug) RETURN d.synonym", ["1:25: there is no property 'synonym'; did you mean synonyms?"]),
        ("MATCH ()-[r]->() RETURN r.suport", ["1:27: there is no property 'suport'; did you mean support?"]),
        ("MATCH (n:(Gen|Drug)&!Cell) RETURN n", ["1:11: there is no label 'Gen'; did you mean Gene?"]),
        ("MATCH (n:Drugg), (m:Drugg) RETURN n", ["1:10: there is no label 'Drugg'; did you mean Drug?"]),
        ("MATCH (n) CALL { WITH n MATCH (n)-->(m:Gen) RETURN m } RETURN m",
         ["1:40: there is no label 'Gen'; did you mean Gene?"]),
    ],
)  # fmt: skip
def test_slips_are_named_with_place_and_guess(text: str, notices: list[str]) -> None:
    """A name outside the closed tables is remarked once, with what is spelt alike."""
    assert list(find_notices(text)) == notices


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (d:Drug:Entity)-[r:TREATS*1..3]->(x:Disease&!Case) WHERE d.name = 'x' AND r.support > 1 RETURN d {.id, .name}",
        "MATCH (:ImmunoKG:Statement)-[:HAS_CONDITION {group: ''}]->(c:Condition) RETURN c.value, c.operator",
        "WITH {nam: 1, Drugg: {a: 2}} AS m RETURN m.nam, m.Drugg.a",
        "RETURN [x IN [1, 2] WHERE x > 1 | x] AS drugs, CASE WHEN true THEN {suport: 1} END AS r",
        "MATCH (d:Drug) WITH d.name AS name, collect({drug: d.id, label: 'Drugg'}) AS all RETURN all[0].drug, name",
        "MATCH (n) WHERE n:Drug OR n:TREATS RETURN n.whatever_of_my_own",
        "RETURN date('2018-01-01').year, duration.between(date(), date()).days, $map.nam",
        "MATCH (n) WHERE any(label IN labels(n) WHERE label = 'Drugg') RETURN n",
        "CALL { MATCH (n:Drug) RETURN n } RETURN n.id // (x:Drugg)",
    ],
)
def test_what_is_right_is_not_remarked(text: str) -> None:
    """Names of the form, maps of the user's own, strings and comments give no notice."""
    assert find_notices(text) == ()


def test_the_shipped_queries_give_no_notice(repo_root: Path) -> None:
    """Every Cypher file of the catalogue names only what exists."""
    files = sorted((repo_root / "queries" / "cypher").glob("*.cypher"))
    assert len(files) >= 25
    assert {path.stem: found for path in files if (found := find_notices(path.read_text(encoding="utf-8")))} == {}
