"""The last day that a date allows: written with each dated publication, derived and so never read."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.model import Evidence, Publication, Statement
from kg.rdf import read_rdf, to_quads, write_rdf
from ontologies.errors import BadInput
from ontologies.prefixes import NS

STEP = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
LAST_DAY = ox.NamedNode(NS.IKG + "last_day")


def dated(date: str) -> Graph:
    paper = Publication("PMID:1", date=date)
    return Graph({}, {STEP.id: STEP}, {STEP.id: (Evidence("supports", paper, "PMID:1", "in_vitro", source="corpus"),)})


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2018-10-10", "2018-10-10"),
        ("2018-10", "2018-10-31"),
        ("2018-02", "2018-02-28"),
        ("2016-02", "2016-02-29"),
        ("2018", "2018-12-31"),
        ("", None),
        ("soon", None),
        ("in press", None),
    ],
)
def test_a_dated_publication_has_its_last_day(date: str, day: str | None) -> None:
    """A day is itself, a month and a year end, and what is no date has no last day."""
    found = [quad.object for quad in to_quads(dated(date)) if quad.predicate == LAST_DAY]
    assert found == ([ox.Literal(day, datatype=ox.NamedNode(NS.XSD + "date"))] if day else [])


def test_what_was_known_at_a_date_is_one_comparison() -> None:
    """A query compares the last day with a date, whatever the precision of the publication's own."""
    store = ox.Store()
    store.extend(to_quads(dated("2018-10")))
    query = 'ASK {{ ?p <https://w3id.org/immunokg/last_day> ?d FILTER(?d <= "{}"^^<{}date>) }}'
    for day, known in (("2018-10-30", False), ("2018-10-31", True), ("2019-01-01", True)):
        assert bool(store.query(query.format(day, NS.XSD))) is known


def test_a_forged_last_day_changes_nothing() -> None:
    """It is derived from the date, which alone is read."""
    graph = dated("2018-10")
    forged = write_rdf(graph, "nquads").replace(b"2018-10-31", b"2001-01-01")
    assert forged.count(b"2001-01-01") == 1
    assert read_rdf(forged, "nquads") == graph


@pytest.mark.parametrize("date", ["2018-13", "unknown"])
def test_a_date_that_no_calendar_has_is_refused(date: str) -> None:
    """A month 13, and a word as long as a month, are errors that name it."""
    with pytest.raises(BadInput, match=f"'{date}' is no date; write YYYY-MM-DD"):
        list(to_quads(dated(date)))
