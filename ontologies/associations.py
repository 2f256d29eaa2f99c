"""The fitting Biolink association class for a statement (``associations.tsv``, first row that fits).

The table is kept to combinations whose predicate and categories Biolink 4.4.4 allows; what fits nowhere is a plain
``Association``.

>>> association_class("decreases_activity_of", "Drug", "Gene")
'ChemicalAffectsGeneAssociation'
>>> association_class("recruits", "Cell", "Cell")
'Association'
"""

from __future__ import annotations

from functools import cache

from ontologies.relation_table import TIERS, category_names
from ontologies.tables import Table, read_text
from ontologies.vocabulary import relation, relations

__all__ = ["Pattern", "association_class", "association_classes", "read_associations"]

Pattern = tuple[frozenset[str], frozenset[str], frozenset[str], str]
"""Relations (or ``@tier``), subject categories, object categories, and the class; an empty set fits everything."""

_COLUMNS = ("relations", "subject", "object", "biolink")


def read_associations(text: str, file: str = "associations.tsv") -> tuple[Pattern, ...]:
    """Parse the table; raises `BadInput` with every fault of it, by file and line."""
    table = Table(file, text, _COLUMNS)
    categories = category_names()
    words = frozenset((*relations(), *(f"@{tier}" for tier in TIERS)))
    found: list[Pattern] = []
    for row in table:
        sets = [
            frozenset() if row[column] == "*" else frozenset(table.subset(row, column, allowed))
            for column, allowed in (("relations", words), ("subject", categories), ("object", categories))
        ]
        if not row["biolink"].endswith(("Association", "Interaction")):
            table.fault(row.line, "biolink", f"{row['biolink']!r} is no association class", "use …Association")
        found.append((sets[0], sets[1], sets[2], row["biolink"]))
    if not table.faults and found[-1][:3] != (frozenset(), frozenset(), frozenset()):
        table.fault(len(found) + 1, "", "the last row does not fit everything", "end with * * * Association")
    table.finish()
    return tuple(found)


@cache
def _patterns() -> tuple[Pattern, ...]:
    return read_associations(read_text("associations.tsv"))


def association_classes() -> tuple[str, ...]:
    """Return the local names of all Biolink classes in use, sorted."""
    return tuple(sorted({name for *_, name in _patterns()}))


@cache
def association_class(relation_name: str, subject_category: str, object_category: str) -> str:
    """Return the local name of the Biolink association class; raises `UnknownRelation` for a misspelt relation."""
    tier = relation(relation_name).tier
    for names, subjects, objects, found in _patterns():
        if (
            (not names or relation_name in names or f"@{tier}" in names)
            and (not subjects or subject_category in subjects)
            and (not objects or object_category in objects)
        ):
            return found
    raise AssertionError("the last row of associations.tsv fits everything")
