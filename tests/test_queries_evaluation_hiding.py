"""Hiding equals rebuilding: the graph without some studies, claim by claim and count by count."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from queries.evaluation.hiding import Hiding
from tests.strategies import graphs


def assert_same(graph: Graph, hidden: set[str]) -> None:
    """Assert that hiding gives the graph that the records without these studies give."""
    left, rebuilt = Hiding(graph).without(hidden), graph.keep_evidence(lambda e: e.study not in hidden)
    assert dict(left.statements) == dict(rebuilt.statements)
    assert dict(left.evidence) == dict(rebuilt.evidence)
    assert list(left.claims.items()) == list(rebuilt.claims.items())
    assert [left.counts(sid) for sid in left.statements] == [rebuilt.counts(sid) for sid in rebuilt.statements]
    assert left.entities == rebuilt.entities


@given(graphs(), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_hiding_equals_keeping_the_rest(graph: Graph, data: st.DataObject) -> None:
    """On any graph and for any studies, those that are not there included."""
    studies = sorted({e.study for found in graph.evidence.values() for e in found})
    assert_same(graph, data.draw(st.sets(st.sampled_from([*studies, "no such study"]))))
