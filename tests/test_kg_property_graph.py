"""The property-graph form: nothing lost on the way there and back, labels and types closed, alterations refused."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import Assertion, Condition, Effect, Entity, Evidence, Publication, Statement
from kg.property_graph import (
    KINDS,
    LINKS,
    RELATION_PROPERTIES,
    Link,
    Node,
    graph_from,
    labels,
    link_form,
    links_of,
    nodes_of,
    readable_conditions,
    types,
)
from ontologies.errors import BadInput
from tests.strategies import graphs

PAPER = Publication("PMID:1", pmid="1", date="2018-02", precision="month")
BLOCKS = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")


def _graph(*found: Assertion | Entity) -> Graph:
    return Graph.from_records(found)


def _one(statement: Statement, stance: str = "supports", study: str = "A", **more: object) -> Assertion:
    return Assertion(statement, Evidence(stance, PAPER, study, "in_vitro", **more))  # type: ignore[arg-type]  # given as text


@given(graphs(), st.randoms(use_true_random=False))
def test_back_is_equal(graph: Graph, order: random.Random) -> None:
    """Whatever a graph holds, and in whatever order nodes and relationships come, the graph that comes back is the same."""
    nodes, links = list(nodes_of(graph)), list(links_of(graph))
    order.shuffle(nodes)
    order.shuffle(links)
    assert graph_from(nodes, links) == graph


@given(graphs())
def test_the_form_is_closed(graph: Graph) -> None:
    """Every label, type and property is in the closed tables, of the type they say, and every end of a relationship is there."""
    kinds = {"text": str, "int": int, "float": float, "bool": bool, "list": list}
    there = set()
    for node in nodes_of(graph):
        assert set(node.labels) <= labels()
        assert (node.labels[0], node.properties["id"]) not in there
        there.add((node.labels[0], node.properties["id"]))
        for name, value in node.properties.items():
            assert type(value) is kinds[KINDS[node.labels[0]][name]]
    seen: Counter[tuple[object, ...]] = Counter()
    for link in links_of(graph):
        form = link_form(link.type)
        assert link.type in types()
        assert (link.start[0], link.end[0]) == (form.start, form.end)
        assert {link.start, link.end} <= there
        assert set(link.properties) <= set(form.properties)
        seen[link.type, link.start, link.end, link.properties.get("statement_id"), link.properties.get("group")] += 1
    assert set(seen.values()) <= {1}


def test_labels_and_types_are_disjoint() -> None:
    """Some engines keep labels and relationship types in one namespace."""
    assert labels() & types() == frozenset()


def test_one_relationship_for_each_statement(small_graph: Graph) -> None:
    """Statements of one pair that differ in conditions are two relationships, and a contested claim is asserted by neither."""
    found = [link for link in links_of(small_graph) if link.type == "AMELIORATES_CONDITION"]
    assert {link.properties["statement_id"] for link in found} == {
        sid for sid, s in small_graph.statements.items() if s.relation == "ameliorates_condition"
    }
    assert {(r.properties["asserted"], r.properties["claim_support"], r.properties["claim_refute"]) for r in found} == {
        (False, 2, 2)
    }


def test_stance_is_the_type_of_the_link(small_graph: Graph) -> None:
    """Support, refutation and looked-for-in-vain are three relationship types."""
    stances = ("SUPPORTED_BY", "REFUTED_BY", "NOT_FOUND_BY")
    assert Counter(link.type for link in links_of(small_graph) if link.type in stances) == {
        "SUPPORTED_BY": 4, "REFUTED_BY": 2, "NOT_FOUND_BY": 1,
    }  # fmt: skip


def test_labels_are_category_and_known_roles() -> None:
    """A role that is not in the closed table stays a property and never becomes a label."""
    odd = Entity("HGNC:6015", "IL4R", "Gene", roles=("Receptor", "Drop`Table"))
    (node,) = nodes_of(_graph(odd))
    assert node == Node(("Entity", "Gene", "Receptor"), {
        "id": "HGNC:6015", "name": "IL4R", "category": "Gene", "roles": ["Drop`Table", "Receptor"],
    })  # fmt: skip


def test_what_is_only_mentioned_is_a_stub() -> None:
    """An end of a statement that the graph does not describe is a node with nothing but its id, and comes back as none."""
    graph = _graph(_one(BLOCKS))
    stubs = [node for node in nodes_of(graph) if node.labels == ("Entity",)]
    assert [node.properties for node in stubs] == [{"id": "DRUGBANK:DB12159"}, {"id": "HGNC:6015"}]
    assert graph_from(nodes_of(graph), links_of(graph)).entities == {}


def test_alternatives_keep_their_groups() -> None:
    """A condition that stands alone and in two groups of alternatives is one node with three relationships."""
    atopic = Condition("atopy", "=", "true")
    groups = [replace(atopic, group="a"), Condition("age", "<", "12", "a", "a"), replace(atopic, group="b"),
              Condition("IgE", ">=", "200", "[IU]/mL", "b")]  # fmt: skip
    graph = _graph(_one(replace(BLOCKS, conditions=(atopic, *groups))))
    links = [link for link in links_of(graph) if link.type == "HAS_CONDITION"]
    assert sorted(str(link.properties["group"]) for link in links) == ["", "1", "1", "2", "2"]
    assert sum(node.labels == ("Condition",) for node in nodes_of(graph)) == 3
    assert graph_from(nodes_of(graph), links_of(graph)) == graph


def test_conditions_can_be_read() -> None:
    """Alternatives are joined by "or", in one text."""
    (statement,) = _graph(_one(replace(BLOCKS, conditions=(
        Condition("atopy", "=", "true"), Condition("age", "<", "12", "a", "x"), Condition("IgE", ">=", "200", "[IU]/mL", "x"),
    )))).statements.values()  # fmt: skip
    assert readable_conditions(statement.conditions) == ["atopy = true", "IgE >= 200 [IU]/mL or age < 12 a"]


def test_conflicts_and_refinements_are_links() -> None:
    """Claims of opposite sign conflict in both directions; the statement with more conditions refines the other."""
    helps = Statement("DRUGBANK:DB12159", "ameliorates_condition", "MONDO:0005340")
    narrow = replace(helps, conditions=(Condition("atopy", "=", "true"),))
    harms = replace(helps, relation="exacerbates_condition")
    links = list(links_of(_graph(_one(helps), _one(narrow), _one(harms))))
    pairs = {(link.start[1], link.end[1]) for link in links if link.type == "CONFLICTS_WITH"}
    assert pairs == {(a, b) for one in (helps, narrow) for a, b in ((one.id, harms.id), (harms.id, one.id))}
    assert [(r.start[1], r.end[1]) for r in links if r.type == "REFINES"] == [(narrow.id, helps.id)]


def test_dates_are_bounds() -> None:
    """A publication of February 2018 was surely known on the 28th; its statements carry the date as it was given."""
    graph = _graph(_one(BLOCKS))
    (paper,) = (node.properties for node in nodes_of(graph) if node.labels == ("Publication",))
    assert (paper["date"], paper["last_day"], paper["year"]) == ("2018-02", "2018-02-28", 2018)
    (statement,) = (node.properties for node in nodes_of(graph) if node.labels == ("Statement",))
    assert (statement["first_date"], statement["first_year"]) == ("2018-02", 2018)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (_one(BLOCKS, effect=Effect("ratio", float("inf"))), "no number"),
        (_one(BLOCKS, n=2**63), "64 bits"),
        (_one(BLOCKS, finding="half \ud800"), "half of a character pair"),
        (Entity("HGNC:6015", "IL4R", "Gene", synonyms=("half \ud800",)), "half of a character pair"),
    ],
    ids=["infinite", "too large", "surrogate", "surrogate in a list"],
)
def test_what_no_engine_holds_is_refused(found: Assertion | Entity, said: str) -> None:
    """Infinite numbers, whole numbers beyond 64 bits and broken text are named before anything is written."""
    graph = Graph({}, {BLOCKS.id: BLOCKS}, {BLOCKS.id: (found.evidence,)}) if isinstance(found, Assertion) else _graph(found)
    with pytest.raises(BadInput, match=said):
        list(nodes_of(graph))


def _altered(nodes: list[Node], kind: str, **changes: object) -> list[Node]:
    return [
        Node(node.labels, node.properties | changes) if node.labels[0] == kind else node  # type: ignore[arg-type]  # odd on purpose
        for node in nodes
    ]


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("Statement", {"relation": "increases_activity_of"}, "it says what has the id"),
        ("Statement", {"relation": "inhibit"}, "unknown relation"),
        ("Statement", {"context_cell": ["CL:0000084"]}, "it says what has the id"),
        ("Evidence", {"finding": "somebody's own words"}, "it says what has the id"),
        ("Evidence", {"design": "hearsay"}, "unknown design"),
    ],
)
def test_alterations_are_refused(kind: str, changes: dict[str, object], said: str) -> None:
    """What was changed under its old id is named, and nothing is read."""
    graph = _graph(_one(BLOCKS))
    with pytest.raises(BadInput, match=said):
        graph_from(_altered(list(nodes_of(graph)), kind, **changes), links_of(graph))


def test_counts_are_counted_anew() -> None:
    """A store that claims more support than its evidence gives is not believed."""
    graph = _graph(_one(BLOCKS))
    back = graph_from(_altered(list(nodes_of(graph)), "Statement", support=99, asserted=True), links_of(graph))
    assert back.counts(BLOCKS.id).support == 1


@pytest.mark.parametrize("kind", ["SUBJECT", "OBJECT", "SUPPORTED_BY", "FROM"])
def test_a_missing_link_is_named(kind: str) -> None:
    """Without its ends, its statement or its publication nothing can be read, and the error says which is missing."""
    graph = _graph(_one(BLOCKS))
    with pytest.raises(BadInput, match=r"is missing|belongs to no statement|has no publication"):
        graph_from(nodes_of(graph), [link for link in links_of(graph) if link.type != kind])


def test_all_faults_at_once() -> None:
    """Two altered evidences are two faults of one error."""
    graph = _graph(_one(BLOCKS), _one(BLOCKS, study="B"))
    with pytest.raises(BadInput) as caught:
        graph_from(_altered(list(nodes_of(graph)), "Evidence", finding="altered"), links_of(graph))
    assert len(caught.value.faults) == 2


def test_doubled_nodes_and_ends_are_faults() -> None:
    """Two nodes of one id, or two subjects of one statement, are refused rather than chosen from."""
    graph = _graph(_one(BLOCKS))
    nodes, links = list(nodes_of(graph)), list(links_of(graph))
    with pytest.raises(BadInput, match="two nodes have it"):
        graph_from([*nodes, nodes[0]], links)
    with pytest.raises(BadInput, match="has two"):
        graph_from(nodes, [*links, Link("SUBJECT", ("Statement", BLOCKS.id), ("Entity", "HGNC:6015"), {})])


def test_strangers_are_passed_over(small_graph: Graph) -> None:
    """Nodes and relationships of other people in the same store do not disturb."""
    nodes = [*nodes_of(small_graph), Node(("Person",), {"name": "someone"})]
    links = [*links_of(small_graph), Link("KNOWS", ("Person", "x"), ("Person", "y"), {})]
    assert graph_from(nodes, links) == small_graph


def test_the_page_names_everything(repo_root: Path) -> None:
    """docs/property-graph.md has every label, every structural type and every property of the form."""
    words = set(re.findall(r"\w+", (repo_root / "docs" / "property-graph.md").read_text("utf-8")))
    properties = {name for columns in KINDS.values() for name in columns} | set(RELATION_PROPERTIES)
    assert (labels() | set(LINKS) | properties) - words == set()
