"""Ten thousand awkward texts as parameters and as content of a graph: they stay what they are, and change nothing (row T7)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kg.cypher_store import StoreProcess
from kg.graph import Graph
from kg.model import Assertion, Condition, Entity, Evidence, Publication, Statement
from kg.property_graph import Link, Node, labels, links_of, nodes_of, types
from ontologies.errors import BadInput
from queries.cypher_engine.embedded import EmbeddedCypher

NUMBER = 10_000
FRAGMENTS = (
    "`", "``", r"\u0060", r"\\u0060", "'", "''", r"\'", '"', r"\"", "\\", "\\\\", "\x00", "\x01", "\x1b[31m", "\n", "\r\n",
    "\t", "\u2028", "//", "/*", "*/", ";", "$", "$x", "{", "}", "{{", "(", ")", "[", "]", ":", "|", "&", "~", "%7E", "#1:0", ",",
    "<script>", "=1+1", "' OR 1=1 //", "'}) DETACH DELETE n //", "` WITH 1 AS x MATCH (n) DETACH DELETE n //",
    '"}) MATCH (n) SET n.name = "x', "Drug`:`Gene", "]->() CREATE (:Drug {id: 'x'})//", "LOAD CSV FROM 'file:///etc/passwd' AS r",
    "CALL dbms.shutdown()", '{"\x01":["x",0]}', '"_src":"#1:0"', "_dst", "id", "null", "true", "NaN", "IL-4R\u03b1",
    "\u202edupilumab", "\ufeff", "\u0301", "\U0001f600", "\u00ad", " ",
)  # fmt: skip


@cache
def awkward(number: int = NUMBER) -> tuple[str, ...]:
    """Return that many different texts made of everything that could end a name, a string or a comment."""
    chosen = random.Random(20181010)
    texts: dict[str, None] = dict.fromkeys(FRAGMENTS)
    while len(texts) < number:
        texts["".join(chosen.choices(FRAGMENTS, k=chosen.randint(2, 5)))] = None
    return tuple(texts)


def test_parameters_come_back_equal_and_change_nothing(embedded: EmbeddedCypher) -> None:
    """10,000 texts as a value, in a list, as the key and the value of a map, and as an id that is looked for."""
    counts = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) AS nodes, count(r) AS links"
    before = embedded.query(counts).rows
    texts = awkward()
    for start in range(0, NUMBER, 1000):
        some = list(texts[start : start + 1000])
        query = "UNWIND $texts AS t OPTIONAL MATCH (n:Entity {id: t}) RETURN t, [t, [t]] AS l, n"
        rows = embedded.query(query, {"texts": some}).rows
        assert rows == tuple((text, (text, (text,)), None) for text in some)
        map_ = {text: text for text in some}
        assert embedded.query("RETURN $map AS map, keys($map) AS keys", {"map": map_}).values() == [(map_, some)]
    for text in texts[:: NUMBER // 500]:
        assert embedded.query("WITH $text AS t RETURN t, size(t) >= 0 AS sized", {"text": text}).rows == ((text, True),)
    assert embedded.query(counts).rows == before


@pytest.fixture(scope="module")
def content() -> tuple[list[Node], list[Link]]:
    """Nodes and relationships whose ids and properties are awkward texts."""
    entities = [
        Node(("Entity", "Drug"), {"id": f"DRUGBANK:{text}", "name": text, "synonyms": [text, f"{text} "]}) for text in awkward()
    ]
    ends = [("Entity", str(node.properties["id"])) for node in entities]
    links = [
        Link("TREATS", ends[place], ends[place - 1], {"statement_id": text, "verdict": text, "sources": [text], "sign": place})
        for place, text in enumerate(awkward())
    ]
    return entities, links


def test_content_comes_back_equal(content: tuple[list[Node], list[Link]], store_process: StoreProcess, tmp_path: Path) -> None:
    """10,000 awkward ids, names and properties are stored and read as they are; labels and types stay in the closed table."""
    nodes, links = content
    path = tmp_path / "store"
    assert store_process.fill(path, {("Entity", "Drug")}, {"TREATS"}, nodes, links) == (NUMBER, NUMBER)
    with EmbeddedCypher(path, memory_mb=512) as engine:
        found = engine.query("MATCH (n) RETURN n", max_rows=2 * NUMBER).rows
        assert {node.id: (node.labels, node.properties) for (node,) in found} == {  # type: ignore[union-attr]  # all are nodes
            node.properties["id"]: (frozenset(node.labels), _frozen(node.properties)) for node in nodes
        }
        found = engine.query("MATCH ()-[r]->() RETURN r", max_rows=2 * NUMBER).rows
        assert {link.id: (link.type, link.start, link.end, link.properties) for (link,) in found} == {  # type: ignore[union-attr]  # all are relationships
            link.properties["statement_id"]: (link.type, link.start[1], link.end[1], _frozen(link.properties)) for link in links
        }
        some = [node.properties["id"] for node in nodes[::20]]
        text = "UNWIND $ids AS id MATCH (n:Drug {id: id})-[r:TREATS]->(:Entity) RETURN n.id, r.verdict = n.name AS same"
        assert engine.query(text, {"ids": some}).rows == tuple((curie, True) for curie in some)
        assert {row[0] for row in engine.query("CALL db.labels()").rows} <= labels()
        assert {row[0] for row in engine.query("CALL db.relationshipTypes()").rows} <= types()
        assert engine.query("MATCH (n) UNWIND labels(n) AS l RETURN DISTINCT l ORDER BY l").values() == [("Drug",), ("Entity",)]


def _frozen(properties: Mapping[str, object]) -> dict[str, object]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in properties.items()}


def test_a_graph_full_of_awkward_texts_comes_back(store_process: StoreProcess, tmp_path: Path) -> None:
    """Names, roles, conditions, findings and quotes may be anything: the graph that is read is the graph that was written."""
    texts = [text for text in awkward(3000)[::7] if text.strip()]
    records: list[Entity | Assertion] = []
    for place, text in enumerate(texts):
        drug = Entity(f"DRUGBANK:DB{place:05d}", text, "Drug", roles=(text, "Biologic"), synonyms=(text,), source="corpus")
        condition = Condition("dose", "=", text.strip() or "x", "mg")
        claim = replace(Statement(drug.curie, "decreases_activity_of", "HGNC:6015"), conditions=(condition,))
        paper = Publication(f"PMID:{place + 1}", title=text)
        found = Evidence("supports", paper, paper.key, "in_vitro", finding=text, quote=text, source="corpus", record=text)
        records += [drug, Assertion(claim, found)]
    graph = Graph.from_records(records)
    store_process.build(tmp_path / "store", graph)
    assert store_process.read(tmp_path / "store") == graph
    found_types = Counter(link.type for link in links_of(graph))
    assert set(found_types) <= types()
    assert {label for node in nodes_of(graph) for label in node.labels} == {
        "Entity", "Drug", "Biologic", "Statement", "Evidence", "Publication", "Condition",
    }  # fmt: skip


@pytest.mark.parametrize("text", [*FRAGMENTS[:12], "Drug`", "Drug\x00", "treats"])
def test_labels_and_types_outside_the_closed_table_are_refused(store_process: StoreProcess, tmp_path: Path, text: str) -> None:
    """Nothing is written under a name that the form of the graph lacks."""
    with pytest.raises(BadInput, match="is no label or type of the graph's form; nothing was written"):
        store_process.fill(tmp_path / "store", {("Entity", text)}, set(), [], [])
    with pytest.raises(BadInput, match="is no label or type"):
        store_process.fill(tmp_path / "store", {("Entity",)}, {text}, [], [])
    assert list(tmp_path.iterdir()) == []
