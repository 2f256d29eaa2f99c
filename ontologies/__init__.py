"""The shared words: identifiers, categories, relations, study designs, and names to CURIEs.

Everything is a table that a person can read and mend, each row with its source; code only looks up:

>>> from ontologies import by_drugmechdb, design, expand, relation
>>> blocks = relation("decreases_activity_of")
>>> blocks.sign, blocks.tier, blocks.biolink_qualifiers[1]
(-1, 'causal', ('object_direction_qualifier', 'decreased'))
>>> by_drugmechdb("decreases activity of")[0] is blocks
True
>>> blocks.chains_to(relation("treats"))
False
>>> design("case_report").level, expand("HGNC:6015")
(4, 'http://identifiers.org/hgnc/6015')

A name that is not in a table fails at once and lists the near ones:

>>> relation("decrease_activity_of")
Traceback (most recent call last):
    ...
ontologies.errors.UnknownRelation: unknown relation 'decrease_activity_of'; did you mean one of: decreases_activity_of...

Where to look: `ontologies.vocabulary` (relations), `ontologies.designs`, `ontologies.polarity` (which polarity fits relation
and stance), `ontologies.associations` (Biolink's classes of statements), `ontologies.categories`, `ontologies.prefixes`,
`ontologies.terms` (the entities of the corpus), `ontologies.grounding` (free text to CURIE), `ontologies.rdf_terms` (the
classes and properties of our RDF), `ontologies.generate` (Turtle, SHACL and JSON-LD from the tables), `ontologies.errors`.
Names below are imported when first used; importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ontologies.associations import association_class
    from ontologies.categories import Category, category
    from ontologies.designs import Design, design
    from ontologies.entity import Entity
    from ontologies.errors import (
        AmbiguousName,
        BackendError,
        BadInput,
        Fault,
        ImmunoKGError,
        MalformedCurie,
        MissingPart,
        NoAnswer,
        UnknownName,
        UnknownRelation,
        UnknownThing,
    )
    from ontologies.grounding import Grounder
    from ontologies.polarity import allowed_polarities, polarity_allowed
    from ontologies.prefixes import compress, expand, normalize
    from ontologies.terms import load_structure, load_terms
    from ontologies.vocabulary import Relation, by_drugmechdb, by_neo4j_type, fitting, relation, relations

__all__ = [
    "AmbiguousName",
    "BackendError",
    "BadInput",
    "Category",
    "Design",
    "Entity",
    "Fault",
    "Grounder",
    "ImmunoKGError",
    "MalformedCurie",
    "MissingPart",
    "NoAnswer",
    "Relation",
    "UnknownName",
    "UnknownRelation",
    "UnknownThing",
    "allowed_polarities",
    "association_class",
    "by_drugmechdb",
    "by_neo4j_type",
    "category",
    "compress",
    "design",
    "expand",
    "fitting",
    "load_structure",
    "load_terms",
    "normalize",
    "polarity_allowed",
    "relation",
    "relations",
]

_HOMES = {
    "associations": ("association_class",),
    "categories": ("Category", "category"),
    "designs": ("Design", "design"),
    "entity": ("Entity",),
    "errors": (
        "AmbiguousName",
        "BackendError",
        "BadInput",
        "Fault",
        "ImmunoKGError",
        "MalformedCurie",
        "MissingPart",
        "NoAnswer",
        "UnknownName",
        "UnknownRelation",
        "UnknownThing",
    ),
    "grounding": ("Grounder",),
    "polarity": ("allowed_polarities", "polarity_allowed"),
    "prefixes": ("compress", "expand", "normalize"),
    "terms": ("load_structure", "load_terms"),
    "vocabulary": ("Relation", "by_drugmechdb", "by_neo4j_type", "fitting", "relation", "relations"),
}
_LAZY = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)


def __dir__() -> list[str]:
    return __all__
