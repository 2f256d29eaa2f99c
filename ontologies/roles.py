"""What an entity is by function (``roles.tsv``): the closed list of roles that may be labels of a property graph.

A source may give an entity any role; one that is not in the table is kept as a property and never becomes a label.

>>> "Cytokine" in roles(), "Drop`Table" in roles()
(True, False)
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ontologies.tables import Table, read_text

__all__ = ["read_roles", "roles"]


def read_roles(text: str, file: str = "roles.tsv") -> dict[str, str]:
    r"""Parse the table of roles into definitions by name; raises `BadInput` with every fault of it.

    >>> read_roles("name\tdefinition\nKinase\tan enzyme that phosphorylates\n")
    {'Kinase': 'an enzyme that phosphorylates'}
    """
    table = Table(file, text, ("name", "definition"), key="name")
    found: dict[str, str] = {}
    for row in table:
        if not (row["name"].isascii() and row["name"].isidentifier() and row["name"][0].isupper()):
            table.fault(row.line, "name", f"{row['name']!r} can be no label", "write it in UpperCamel letters")
        if not row["definition"]:
            table.fault(row.line, "definition", "is empty", "say what it means")
        found[row["name"]] = row["definition"]
    table.finish()
    return found


@cache
def roles() -> Mapping[str, str]:
    """Return the definitions of all roles by name."""
    return MappingProxyType(read_roles(read_text("roles.tsv")))
