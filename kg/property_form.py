"""The closed tables of the property-graph form (`kg.property_graph`): which labels, relationship types and properties there are.

Labels and types come from the vocabulary alone, and no name is both: some engines keep them in one namespace.

>>> "Gene" in labels(), "DECREASES_ACTIVITY_OF" in types(), labels() & types()
(True, True, frozenset())
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from kg.model import CONTEXT_KEYS
from kg.tables import COLUMNS, EVIDENCE_COLUMNS
from ontologies.categories import CATEGORIES
from ontologies.roles import roles
from ontologies.vocabulary import relations

__all__ = [
    "KINDS",
    "LINKS",
    "OURS",
    "RELATION_PROPERTIES",
    "STANCE_TYPES",
    "LinkForm",
    "labels",
    "link_form",
    "types",
]

OURS = "ImmunoKG"
"""The label that every node of ours also has on a server, where nodes of other people may live beside it."""

STANCE_TYPES: Mapping[str, str] = MappingProxyType(
    {"supports": "SUPPORTED_BY", "refutes": "REFUTED_BY", "null": "NOT_FOUND_BY"}
)
"""The relationship from a statement to an evidence of each stance."""

_ABOUT = {
    "claim_id": "text", "relation": "text", "sign": "int", "tier": "text",
    **{f"context_{key}": "list" for key in CONTEXT_KEYS}, "conditions": "list",
    "support": "int", "refute": "int", "null_count": "int", "belief": "float", "verdict": "text",
    "claim_support": "int", "claim_refute": "int", "claim_null": "int", "claim_belief": "float", "claim_verdict": "text",
    "asserted": "bool", "first_date": "text", "first_year": "int", "sources": "list", "knowledge_level": "text",
    "agent_type": "text",
}  # fmt: skip

KINDS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "Entity": COLUMNS["entities"],
    "Statement": {"id": "text"} | _ABOUT,
    "Evidence": {"id": "text"} | EVIDENCE_COLUMNS,
    "Publication": {"id": "text"} | {k: v for k, v in COLUMNS["publications"].items() if k != "key"}
    | {"last_day": "text", "year": "int"},
    "Condition": {"id": "text", "variable": "text", "operator": "text", "value": "text", "unit": "text"},
})  # fmt: skip
"""The kinds of node, by their first label, and the properties of each with their types (text, int, float, bool, list)."""

RELATION_PROPERTIES: Mapping[str, str] = MappingProxyType({"statement_id": "text"} | _ABOUT)
"""The properties of a relationship between two entities: those of its statement."""


class LinkForm(NamedTuple):
    """From which kind of node to which a relationship goes, and its properties with their types."""

    start: str
    end: str
    properties: Mapping[str, str]


LINKS: Mapping[str, LinkForm] = MappingProxyType(
    {
        "SUBJECT": LinkForm("Statement", "Entity", {}),
        "OBJECT": LinkForm("Statement", "Entity", {}),
        **{kind: LinkForm("Statement", "Evidence", {}) for kind in STANCE_TYPES.values()},
        "FROM": LinkForm("Evidence", "Publication", {}),
        "HAS_CONDITION": LinkForm("Statement", "Condition", {"group": "text"}),
        "CONFLICTS_WITH": LinkForm("Statement", "Statement", {}),
        "REFINES": LinkForm("Statement", "Statement", {}),
    }
)
"""The relationships that are no relation between two entities: provenance, conditions, and links among statements."""


@cache
def labels() -> frozenset[str]:
    """Return every label a node may have: kinds, categories and roles."""
    return frozenset((*KINDS, *(entry.neo4j_label for entry in CATEGORIES.values()), *roles()))


@cache
def types() -> frozenset[str]:
    """Return every type a relationship may have: those of `LINKS` and of the relations of the vocabulary."""
    return frozenset((*LINKS, *(entry.neo4j_type for entry in relations().values())))


def link_form(kind: str) -> LinkForm:
    """Return the form of a relationship of this type; raises KeyError for a type that is not in the closed table.

    >>> link_form("FROM").end, link_form("TREATS").start
    ('Publication', 'Entity')
    """
    return LINKS[kind] if kind in LINKS else _relation_forms()[kind]


@cache
def _relation_forms() -> Mapping[str, LinkForm]:
    return {entry.neo4j_type: LinkForm("Entity", "Entity", RELATION_PROPERTIES) for entry in relations().values()}
