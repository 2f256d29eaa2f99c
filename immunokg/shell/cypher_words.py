"""The words of Cypher on our property graph: labels, types, properties and their values from the closed tables, and keywords.

>>> [word.text for word in labels() if word.text.startswith("Pub")], values_of("stance")[1].text
(['Publication'], 'refutes')
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import get_args

from immunokg.shell.words import Word

__all__ = ["ANY_RELATION", "FUNCTIONS", "KEYWORDS", "labels", "meaning", "procedures", "properties", "types", "values_of"]

ANY_RELATION = "*"
"""Stands for the types of a relationship that names none."""

KEYWORDS = tuple(
    Word(text)
    for text in (
        "MATCH", "OPTIONAL MATCH", "WHERE", "RETURN", "RETURN DISTINCT", "WITH", "UNWIND", "ORDER BY", "LIMIT", "SKIP", "AS",
        "AND", "OR", "XOR", "NOT", "IN", "IS NULL", "IS NOT NULL", "STARTS WITH", "ENDS WITH", "CONTAINS", "DISTINCT", "DESC",
        "ASC", "CASE", "WHEN", "THEN", "ELSE", "END", "EXISTS", "COUNT", "UNION", "UNION ALL", "CALL", "YIELD", "EXPLAIN",
        "PROFILE", "true", "false", "null",
    )
)  # fmt: skip

FUNCTIONS = tuple(
    Word(f"{name}(", about)
    for name, about in (
        ("abs", "of a number"), ("all", "true for every item"), ("any", "true for some item"), ("avg", "mean"),
        ("coalesce", "the first that is not null"), ("collect", "rows to a list"), ("count", "of rows"),
        ("endNode", "of a relationship"), ("exists", "is there such a pattern"), ("head", "the first of a list"),
        ("keys", "names of properties"), ("labels", "of a node"), ("last", "of a list"), ("length", "of a path"),
        ("max", "the greatest"), ("min", "the least"), ("nodes", "of a path"), ("none", "true for no item"),
        ("properties", "as a map"), ("range", "numbers from to"), ("reduce", "a list to one value"),
        ("relationships", "of a path"), ("replace", "in a text"), ("reverse", "a list or text"), ("round", "a number"),
        ("shortestPath", "give types and a bound"), ("single", "true for one item"), ("size", "of a list or text"),
        ("split", "a text"), ("startNode", "of a relationship"), ("substring", "of a text"), ("sum", "of numbers"),
        ("tail", "all but the first"), ("toFloat", ""), ("toInteger", ""), ("toLower", "letters"), ("toString", ""),
        ("toUpper", "letters"), ("trim", "a text"), ("type", "of a relationship"),
    )
)  # fmt: skip


@cache
def labels() -> tuple[Word, ...]:
    """Return every label of a node."""
    from kg.property_graph import labels as table

    return tuple(Word(name, meaning(name)) for name in sorted(table()))


@cache
def types() -> tuple[Word, ...]:
    """Return every type of a relationship."""
    from kg.property_graph import types as table

    return tuple(Word(name, meaning(name)) for name in sorted(table()))


def properties(names: Iterable[str] = ()) -> tuple[Word, ...]:
    """Return the properties of nodes or relationships that bear one of these labels or types; of all when none is known.

    >>> [word.text for word in properties(["Condition"])]
    ['id', 'variable', 'operator', 'value', 'unit']
    """
    return _properties(tuple(sorted(set(names))))


@cache
def _properties(names: tuple[str, ...]) -> tuple[Word, ...]:
    from kg.property_graph import KINDS, RELATION_PROPERTIES, link_form
    from kg.property_graph import labels as label_table
    from kg.property_graph import types as type_table

    found: dict[str, str] = {}
    for name in names:
        if name in KINDS:
            found |= KINDS[name]
        elif name in label_table():
            found |= KINDS["Entity"]
        elif name in type_table():
            found |= link_form(name).properties
        elif name == ANY_RELATION:
            found |= RELATION_PROPERTIES
    if not found:
        for known in (*KINDS.values(), RELATION_PROPERTIES, {"group": "text"}):
            found |= known
    return tuple(Word(name, kind) for name, kind in found.items())


@cache
def values_of(name: str) -> tuple[Word, ...]:
    """Return the values that a property can have, where they are a closed list; else nothing.

    >>> [word.text for word in values_of("tier")]
    ['causal', 'structural', 'association', 'clinical']
    """
    from kg.belief import Verdict
    from kg.model import Precision
    from ontologies.categories import CATEGORIES
    from ontologies.designs import designs
    from ontologies.polarity import POLARITIES, STANCES
    from ontologies.roles import roles
    from ontologies.vocabulary import Tier, relations

    texts: dict[str, tuple[str, ...]] = {
        "stance": STANCES, "polarity": POLARITIES, "tier": get_args(Tier), "precision": get_args(Precision),
        "verdict": get_args(Verdict), "claim_verdict": get_args(Verdict), "design": tuple(designs()),
    }  # fmt: skip
    if name == "relation":
        return tuple(Word(entry.name, entry.definition) for entry in relations().values())
    if name == "category":
        return tuple(Word(entry.name, entry.definition) for entry in CATEGORIES.values())
    if name == "roles":
        return tuple(Word(*role) for role in roles().items())
    return tuple(Word(text) for text in texts.get(name, ()))


def procedures() -> tuple[Word, ...]:
    """Return the procedures that a query may call."""
    from queries.cypher_engine.guard import PROCEDURES

    return tuple(Word(f"{name}()") for name in sorted(PROCEDURES))


@cache
def meaning(name: str) -> str:
    """Return a few words about a label or type; empty for one that is not ours.

    >>> meaning("Cytokine"), meaning("FROM")
    ('a secreted protein by which cells of the immune system signal to each other', 'Evidence → Publication')
    """
    from kg.property_graph import LINKS
    from ontologies.categories import CATEGORIES
    from ontologies.rdf_terms import rdf_terms
    from ontologies.roles import roles
    from ontologies.vocabulary import relations

    if name in LINKS:
        return f"{LINKS[name].start} → {LINKS[name].end}"
    said = {entry.neo4j_type: entry.definition for entry in relations().values()}
    said |= {entry.name: entry.definition for entry in rdf_terms().values() if entry.kind == "class"}
    said |= {entry.neo4j_label: entry.definition for entry in CATEGORIES.values()}
    return (said | dict(roles())).get(name, "")
