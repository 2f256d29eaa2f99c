"""The graph in memory: merged by identity, rolled up to claims, cut by date."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import Graph, LeftOut
from kg.model import Assertion, Claim, Context, Entity, Evidence, Publication, Statement
from tests.strategies import graphs

DUPILUMAB, AA = "DRUGBANK:DB12159", "MONDO:0005340"
HELPS = Statement(DUPILUMAB, "ameliorates_condition", AA)
HARMS = Statement(DUPILUMAB, "causes", AA)


def found(stance: Any, number: int, date: str = "", precision: Any = "unknown", **more: Any) -> Evidence:
    return Evidence(stance, Publication(f"PMID:{number}", date=date, precision=precision), f"PMID:{number}", "cohort", **more)


def test_opposite_claims_conflict() -> None:
    """Ameliorates and causes stay apart and name each other."""
    graph = Graph.from_records([Assertion(HELPS, found("supports", 1)), Assertion(HARMS, found("supports", 2))])
    assert graph.claims[HELPS.claim].conflicts == (HARMS.claim,)
    assert graph.claims[HARMS.claim].conflicts == (HELPS.claim,)


def test_refuters_under_another_context_count_for_the_claim() -> None:
    """The statement stays supported, the claim does not."""
    mice = Statement(*HELPS.claim, Context(taxon=("NCBITaxon:10090",)))
    graph = Graph.from_records(
        [Assertion(HELPS, found("supports", 1)), *(Assertion(mice, found("refutes", n)) for n in (2, 3, 4))]
    )
    assert graph.counts(HELPS.id).asserted
    assert not graph.claims[HELPS.claim].counts.asserted
    assert graph.claims[HELPS.claim].statements == tuple(sorted((HELPS.id, mice.id)))


def test_as_of_keeps_what_was_surely_known() -> None:
    """A year counts as its last day, a month as its last; later and undated evidence is counted as left out."""
    graph = Graph.from_records(
        [
            Assertion(HELPS, found("supports", 1, "2018-10-10", "day")),
            Assertion(HELPS, found("supports", 2, "2018", "year")),
            Assertion(HELPS, found("supports", 3, "2018-09", "month")),
            Assertion(HELPS, found("supports", 4)),
            Assertion(HARMS, found("supports", 5, "2018-10-02", "day")),
        ]
    )
    then = graph.as_of("2018-10-01")
    assert {e.publication.key for e in then.evidence[HELPS.id]} == {"PMID:3"}
    assert HARMS.id not in then.statements
    assert then.left_out == LeftOut(later=3, undated=1)
    assert graph.as_of("2018").left_out == LeftOut(later=0, undated=1)


@given(graphs(max_size=6), st.dates())
@settings(deadline=None, max_examples=50)
def test_as_of_loses_nothing_silently(graph: Graph, day: Any) -> None:
    """What is kept and what is left out are all there was, and later dates keep more."""
    kept = graph.as_of(day.isoformat())
    number = sum(map(len, kept.evidence.values()))
    assert number + kept.left_out.later + kept.left_out.undated == sum(map(len, graph.evidence.values()))
    assert all(kept.evidence[sid] for sid in kept.statements)


@given(graphs(max_size=6))
@settings(deadline=None, max_examples=50)
def test_every_statement_has_its_evidence(graph: Graph) -> None:
    """Statements stand under their own id with evidence sorted by id, and claims cover all of them."""
    assert all(statement.id == sid and graph.evidence[sid] for sid, statement in graph.statements.items())
    for sid, evidence in graph.evidence.items():
        ids = [Assertion(graph.statements[sid], e).evidence_id for e in evidence]
        assert ids == sorted(set(ids))
    assert sorted(sid for record in graph.claims.values() for sid in record.statements) == sorted(graph.statements)


def test_names_fall_back_to_curies() -> None:
    """An unknown CURIE is shown as it is."""
    graph = Graph.from_records([Entity(AA, "alopecia areata", "Disease")])
    assert (graph.name(AA), graph.name(DUPILUMAB)) == ("alopecia areata", DUPILUMAB)


def test_unknown_ids_raise() -> None:
    """Counts of a statement that is not there are a KeyError, not a zero."""
    with pytest.raises(KeyError):
        Graph({}, {}, {}).counts("0" * 64)


def test_claims_are_named_tuples() -> None:
    """A claim reads as subject, relation, object."""
    assert HELPS.claim == Claim(DUPILUMAB, "ameliorates_condition", AA)
    assert HELPS.claim.object == AA
