"""The table of wider contexts."""

from __future__ import annotations

import pytest

from ontologies.errors import BadInput
from ontologies.hierarchy import closure, load_hierarchy, read_hierarchy
from ontologies.terms import load_terms


def test_every_term_is_one_of_ours() -> None:
    """Both ends of every row are terms, and they are of kinds that contexts use."""
    terms = load_terms()
    for term, wider in load_hierarchy().items():
        assert term in terms
        assert wider <= set(terms)


def test_wider_terms_near_and_far() -> None:
    """A Th2 cell lies within helper T cells, CD4 T cells, T cells and lymphocytes."""
    assert {"CL:0000912", "CL:0000624", "CL:0000084", "CL:0000542"} <= load_hierarchy()["CL:0000546"]


def test_a_cycle_ends() -> None:
    """Two terms that name each other as wider do not loop."""
    assert closure([("a", "b"), ("b", "a")]) == {"a": {"b"}, "b": {"a"}}


@pytest.mark.parametrize("row", ["CL:1\tCL:0000084\tCL", "CL:0000084\tCL:0000084\tCL", "CL:0000625\tCL:0000084\t"])
def test_faults_are_located(row: str) -> None:
    """A malformed id, a term wider than itself and a missing source are refused with their line."""
    with pytest.raises(BadInput) as caught:
        read_hierarchy(f"term\tbroader\tsource\n{row}\n")
    assert caught.value.faults[0].line == 2
