"""The property graph by SQL is the property graph in Python, row for row."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from kg.directory import Source, build_graph, resolve
from kg.graph import Graph
from kg.model import Assertion, Effect, Entity, Evidence, Publication, Statement
from kg.property_graph import KINDS, LINKS, links_of, nodes_of
from kg.property_tables import LINK_VIEWS, NODE_VIEWS, property_tables
from ontologies.errors import BackendError, BadInput
from tests.random_graphs import random_graph
from tests.strategies import graphs


def by_sql(source: Graph | Path) -> Counter[str]:
    """Return every row of the views as text."""
    rows: list[Any] = []
    with property_tables(source, threads=1) as con:
        for kind, view in NODE_VIEWS.items():
            names = ", ".join(f'"{name}"' for name in KINDS[kind])
            for labels, *values in con.execute(f"SELECT labels, {names} FROM {view}").fetchall():
                rows.append([labels, filled(KINDS[kind], values)])
        for view, form in LINK_VIEWS.items():
            names = "".join(f', "{name}"' for name in form.properties)
            for start, end, kind, *values in con.execute(f'SELECT "start", "end", type{names} FROM {view}').fetchall():
                properties = dict(zip(form.properties, values, strict=True)) if kind in LINKS else filled(form.properties, values)
                rows.append([kind, [form.start, start], [form.end, end], properties])
    return Counter(json.dumps(row, sort_keys=True) for row in rows)


def filled(names: Any, values: Any) -> dict[str, Any]:
    """Return the properties that are stated."""
    return {name: value for name, value in zip(names, values, strict=True) if value is not None and value not in ("", [])}


def in_python(graph: Graph) -> Counter[str]:
    """Return every row that `nodes_of` and `links_of` yield as text."""
    rows = [[node.labels, node.properties] for node in nodes_of(graph)]
    return Counter(json.dumps(row, sort_keys=True) for row in (*rows, *links_of(graph)))


@given(graphs())
@settings(max_examples=100)
def test_any_graph_gives_the_same_rows(graph: Graph) -> None:
    """Labels, properties, counts, leading levels, conflicts, refinements: everything is equal."""
    assert by_sql(graph) == in_python(graph)


@pytest.mark.parametrize("part", range(4))
def test_many_graphs_give_the_same_rows(part: int) -> None:
    """The same for graphs full of what is awkward."""
    for seed in range(part * 25, part * 25 + 25):
        graph = random_graph(seed)
        assert by_sql(graph) == in_python(graph)


def test_a_generation_gives_the_same_rows(tmp_path: Path) -> None:
    """Parquet files give what the graph in memory gives."""
    graph = random_graph(7)
    build_graph(tmp_path / "g.ikg", [Source("corpus", graph.records)])
    assert by_sql(resolve(tmp_path / "g.ikg")) == in_python(Graph.from_records(graph.records()))


def test_damage_is_named(tmp_path: Path) -> None:
    """A file that changed since the build is refused with the fix."""
    build_graph(tmp_path / "g.ikg", [Source("corpus", random_graph(7).records)])
    generation = resolve(tmp_path / "g.ikg")
    (generation / "evidence.parquet").write_bytes(b"PAR1")
    with pytest.raises(BackendError, match=r"evidence\.parquet is missing or damaged"):
        by_sql(generation)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"finding": "half \ud800"}, "half"),
        ({"n": 2**63}, "no engine can hold this|64 bits"),
        ({"effect": Effect("x", float("inf"))}, "inf is no number that can be stated"),
        ({"publication": Publication("PMID:1", date="2018-02-31", precision="day")}, ""),
    ],
    ids=["text", "integer", "infinite", "date"],
)
def test_what_no_engine_can_hold_is_refused(change: dict[str, Any], said: str) -> None:
    """The same things are refused as in Python, in one line (a date is text, and no day of the month is checked)."""
    evidence = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")
    claim = Statement("HGNC:6014", "increases_activity_of", "HGNC:6015")
    graph = Graph({"HGNC:6014": Entity("HGNC:6014", "IL4", "Gene")}, {claim.id: claim}, {})
    bad = replace(graph, evidence={claim.id: (Assertion(claim, replace(evidence, **change)).evidence,)})
    if not said:
        assert by_sql(bad) == in_python(bad)
        return
    with pytest.raises(BadInput, match=said):
        by_sql(bad)
