"""Values of Cypher: what they are in Python, how they travel, and what no engine could hold."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontologies.errors import BadInput
from queries.cypher_engine.values import (
    Duration,
    FrozenMap,
    Node,
    Path,
    Relationship,
    Temporal,
    freeze,
    plain,
    read_value,
    write_value,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | TEXTS
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=-3, minutes=-30))))
    | st.binary(max_size=8)
    | st.builds(Duration, st.integers(-99, 99), st.integers(-99, 99), st.integers(-99, 99), st.integers(0, 999_999_999))
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(VALUES)
def test_every_value_survives_its_json_form(value: Any) -> None:
    """A value that travels as JSON comes back equal, with tuples and frozen maps for lists and dicts."""
    form = json.loads(json.dumps(write_value(value)))
    assert plain(read_value(form)) == value
    assert read_value(form) == freeze(value)
    hash(read_value(form))


def test_numbers_keep_their_kind() -> None:
    """Truth values, whole numbers and decimal numbers are not taken for each other."""
    found = freeze([True, 1, 1.0, -0.0, math.inf])
    assert [type(value) for value in found] == [bool, int, float, float, float]  # type: ignore[union-attr]  # a list comes as a tuple
    assert math.isnan(read_value(write_value(math.nan)))  # type: ignore[arg-type]  # a float


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (2**63, "does not fit into 64 bits"),
        ("\ud800", "not valid Unicode"),
        ({"a": {"b": object()}}, r"\$x.a.b: a object is no value of Cypher"),
        ({1: 2}, "keys of a map are text"),
        ({"\udc00": 2}, "not valid Unicode"),
        (Node(frozenset(), FrozenMap()), "a Node is no value"),
    ],
    ids=["large", "surrogate", "object", "number as key", "surrogate as key", "node"],
)
def test_what_no_engine_holds_is_refused_by_name(value: Any, says: str) -> None:
    """The error names the parameter, and where in it the fault is."""
    with pytest.raises(BadInput, match=says):
        write_value(value, name="$x")


def test_nesting_is_bounded() -> None:
    """A list that holds itself a thousand times over is refused, not followed."""
    value: list[Any] = []
    for _ in range(1000):
        value = [value]
    with pytest.raises(BadInput, match="nested deeper than 100"):
        write_value(value)


def test_numbers_of_numpy_are_numbers() -> None:
    """A data frame's numbers can be given as they are."""
    import numpy as np

    assert write_value([np.int64(3), np.float64(0.5), np.bool_(True)]) == ["l", 3, 0.5, True]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (["d", "2018-11-14"], date(2018, 11, 14)),
        (["d", "+12018-11-14"], Temporal("date", "+12018-11-14")),
        (["t", "10:11"], time(10, 11)),
        (["t", "10:11:12.123456789"], Temporal("time", "10:11:12.123456789")),
        (["t", "10:11:12.123456000Z"], time(10, 11, 12, 123456, UTC)),
        (["T", "2018-11-14T10:00+01:00[Europe/Berlin]"], datetime(2018, 11, 14, 10, tzinfo=timezone(timedelta(hours=1)))),
        (["T", "2018-11-14T10:00:00.000000001Z"], Temporal("datetime", "2018-11-14T10:00:00.000000001Z")),
        (["P", 14, 3, 5, 0], Duration(14, 3, 5)),
    ],
)
def test_dates_are_pythons_where_they_fit(form: list[Any], value: Any) -> None:
    """What Python cannot hold exactly stays as its text."""
    assert read_value(form) == value
    assert str(value)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (Duration(), "PT0S"),
        (Duration(14, 3, 3661, 500_000_000), "P1Y2M3DT1H1M1.5S"),
        (Duration(0, 0, -1, 500_000_000), "PT-0.5S"),
        (Duration(-13, 0, 0), "P-1Y-1M"),
        (Duration(0, 0, -3600), "PT-1H"),
    ],
)
def test_durations_print_as_iso_8601(duration: Duration, text: str) -> None:
    """A duration reads as Cypher writes it."""
    assert str(duration) == text


def test_graph_values_are_known_by_our_own_ids() -> None:
    """Nodes and relationships compare by what they say, and their ids are ours."""
    drug = read_value(["n", ["Drug", "Entity"], {"id": "DRUGBANK:DB12159", "synonyms": ["l", "Dupixent"]}])
    gene = Node(frozenset({"Entity"}), FrozenMap({"id": "HGNC:6015"}))
    link = read_value(["r", "DECREASES_ACTIVITY_OF", "DRUGBANK:DB12159", "HGNC:6015", {"statement_id": "ab"}])
    assert isinstance(drug, Node)
    assert isinstance(link, Relationship)
    assert drug == Node(frozenset({"Entity", "Drug"}), FrozenMap({"id": "DRUGBANK:DB12159", "synonyms": ("Dupixent",)}))
    assert (drug.id, link.id, link.start, link.end) == ("DRUGBANK:DB12159", "ab", drug.id, gene.id)
    path = Path((drug, gene), (link,))
    assert len(path) == 1
    assert len({path, Path((drug, gene), (link,))}) == 1


def test_maps_cannot_change() -> None:
    """A map is equal to a dict of the same items and has no way to change."""
    found = FrozenMap({"a": 1})
    assert found == {"a": 1}
    assert not hasattr(found, "update")
    with pytest.raises(TypeError):
        found["a"] = 2  # type: ignore[index]  # what must fail
