"""The closed table of roles: every role of our terms is in it, and none can break out of a label."""

from __future__ import annotations

import pytest

from ontologies.errors import BadInput
from ontologies.roles import read_roles, roles
from ontologies.terms import load_terms


def test_every_role_of_a_term_is_in_the_table() -> None:
    """No term has a role that would silently not become a label."""
    used = {role for entity in load_terms().values() for role in entity.roles}
    assert used - roles().keys() == set()
    assert roles().keys() - used == set()


@pytest.mark.parametrize("name", ["kinase", "Kin ase", "Kin`ase", "Kinäse", "9Kinase"])
def test_names_that_can_be_no_label_are_faults(name: str) -> None:
    """A role is written in UpperCamel ASCII letters, else the table is refused with its line."""
    with pytest.raises(BadInput, match=r"roles\.tsv:2"):
        read_roles(f"name\tdefinition\n{name}\tan enzyme\n")


def test_a_role_needs_a_definition() -> None:
    """A role without a meaning is a fault."""
    with pytest.raises(BadInput, match="say what it means"):
        read_roles("name\tdefinition\nKinase\t\n")
