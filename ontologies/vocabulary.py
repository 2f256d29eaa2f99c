"""The closed vocabulary of relations: what each means, its sign, and what other systems call it.

``relations.tsv`` is the only place where a relation is defined. A misspelt relation fails at once and lists the near
ones; nothing else in ImmunoKG holds a list of relations of its own.

>>> r = relation("decreases_activity_of")
>>> r.sign, r.tier, r.neo4j_type, r.biolink
(-1, 'causal', 'DECREASES_ACTIVITY_OF', 'biolink:affects')
>>> relation("decreases_activty_of")
Traceback (most recent call last):
    ...
ontologies.errors.UnknownRelation: unknown relation 'decreases_activty_of'; did you mean one of: decreases_...

Columns of the table
    name, label, definition, source: what it is called, what it means, where the meaning comes from. sign: what more of
    the subject does to the object (+1, -1, 0 for unsaid). tier: causal, structural, association or clinical. domain,
    range: categories of subject and object. inverse: the name of the relation read backwards (never asserted).
    symmetric: both readings are one statement. composes_with: what may follow it in a chain (`Relation.chains_to`).
    projected: whether an asserted claim is also drawn as ``ikg:positively_affects`` or ``ikg:negatively_affects``.
    otherwise: the relation that says the same when subject or object is outside domain or range (`fitting`).
    biolink, biolink_qualifiers, ro, indra, bel, signor: counterparts; ``~`` before one means that it is near or broader
    and not the same; empty means none. drugmechdb: predicates of that database, ``^`` marks one that reads backwards.
    facts: words of the literature rows this relation may stand for (a hint for curators). neo4j_type: the relationship
    type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias, cast

from ontologies.errors import UnknownRelation
from ontologies.relation_table import COLUMNS, check_references, check_row
from ontologies.tables import Table, read_text

__all__ = [
    "BIOLINK",
    "NAMESPACE",
    "Relation",
    "Sign",
    "Tier",
    "by_drugmechdb",
    "by_neo4j_type",
    "fitting",
    "nearest",
    "read_relations",
    "relation",
    "relations",
]

Sign: TypeAlias = Literal[-1, 0, 1]
Tier: TypeAlias = Literal["causal", "structural", "association", "clinical"]

NAMESPACE = "https://w3id.org/immunokg/"
"""The IRI namespace of everything that is ours."""
BIOLINK = "https://w3id.org/biolink/vocab/"
"""The IRI namespace of the Biolink model."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One row of the relation table."""

    name: str
    label: str
    sign: Sign
    tier: Tier
    domain: frozenset[str]
    range: frozenset[str]
    inverse: str
    symmetric: bool
    composes_with: tuple[str, ...]
    projected: bool
    otherwise: str
    biolink: str
    biolink_is_broader: bool
    biolink_qualifiers: tuple[tuple[str, str], ...]
    ro: tuple[str, ...]
    indra: tuple[str, ...]
    bel: tuple[str, ...]
    signor: tuple[str, ...]
    drugmechdb: tuple[str, ...]
    facts: tuple[str, ...]
    neo4j_type: str
    definition: str
    source: str

    @property
    def iri(self) -> str:
        """The IRI of the relation in our namespace, the ``rdf:predicate`` of statements.

        >>> relation("treats").iri
        'https://w3id.org/immunokg/treats'
        """
        return NAMESPACE + self.name

    @property
    def direct_iri(self) -> str:
        """The property of the direct triple: Biolink's where it says exactly this without qualifiers, else ours.

        >>> relation("treats").direct_iri
        'https://w3id.org/biolink/vocab/treats'
        >>> relation("decreases_activity_of").direct_iri
        'https://w3id.org/immunokg/decreases_activity_of'
        """
        if self.biolink and not self.biolink_is_broader and not self.biolink_qualifiers:
            return BIOLINK + self.biolink.removeprefix("biolink:")
        return self.iri

    @property
    def projection_iri(self) -> str | None:
        """``ikg:positively_affects`` or ``ikg:negatively_affects``; None when the claim is not to be read as an effect.

        >>> relation("decreases_activity_of").projection_iri
        'https://w3id.org/immunokg/negatively_affects'
        >>> relation("observed_to_decrease").projection_iri is None
        True
        """
        if not self.projected:
            return None
        return NAMESPACE + ("positively_affects" if self.sign > 0 else "negatively_affects")

    def admits(self, subject_category: str, object_category: str) -> bool:
        """Tell whether domain and range allow these categories.

        >>> relation("treats").admits("Drug", "Disease"), relation("treats").admits("Cell", "Disease")
        (True, False)
        """
        return subject_category in self.domain and object_category in self.range

    def chains_to(self, following: Relation) -> bool:
        """Tell whether `following` may be the next step after this one; the sign of the chain is the product of signs.

        ``composes_with`` lists tiers or names, ``*`` allows everything (what holds of a kind holds of its members), and
        an empty cell ends the chain: associations may only stand last, clinical relations and unsigned ones not at all.

        >>> relation("is_a").chains_to(relation("treats"))
        True
        >>> relation("increases_activity_of").chains_to(relation("associated_with"))
        True
        >>> relation("associated_with").chains_to(relation("increases_activity_of"))
        False
        """
        allowed = self.composes_with
        return "*" in allowed or following.tier in allowed or following.name in allowed


def read_relations(text: str, file: str = "relations.tsv") -> dict[str, Relation]:
    """Parse the relation table; raises `BadInput` with every fault of it, by file and line."""
    table = Table(file, text, COLUMNS, key="name")
    found: dict[str, Relation] = {}
    for row in table:
        before = len(table.faults)
        check_row(table, row)
        if len(table.faults) == before:
            biolink = row["biolink"]
            found[row["name"]] = Relation(
                name=row["name"],
                label=row["label"],
                sign=cast("Sign", int(row["sign"])),
                tier=cast("Tier", row["tier"]),
                domain=frozenset(row.list("domain")),
                range=frozenset(row.list("range")),
                inverse=row["inverse"],
                symmetric=row["symmetric"] == "true",
                composes_with=row.list("composes_with"),
                projected=row["projected"] == "true",
                otherwise=row["otherwise"],
                biolink=biolink.removeprefix("~"),
                biolink_is_broader=biolink.startswith("~"),
                biolink_qualifiers=tuple(
                    (key, value) for key, _, value in (q.partition("=") for q in row["biolink_qualifiers"].split(";") if q)
                ),
                ro=row.list("ro"),
                indra=row.list("indra"),
                bel=row.list("bel"),
                signor=row.list("signor"),
                drugmechdb=row.list("drugmechdb"),
                facts=row.list("facts"),
                neo4j_type=row["neo4j_type"],
                definition=row["definition"],
                source=row["source"],
            )
    check_references(table)
    table.finish()
    return found


@cache
def relations() -> Mapping[str, Relation]:
    """Return all relations by name, in the order of the table.

    >>> len(relations()), next(iter(relations()))
    (67, 'increases_activity_of')
    """
    return MappingProxyType(read_relations(read_text("relations.tsv")))


@cache
def relation(name: str) -> Relation:
    """Return the relation of this name; raises `UnknownRelation` listing near names when there is none."""
    try:
        return relations()[name]
    except KeyError:
        raise UnknownRelation(name, nearest(name, relations())) from None


def nearest(name: str, valid: Mapping[str, object]) -> list[str]:
    """Return up to five valid names spelled like `name`, or all of them when none is near.

    >>> nearest("treat", relations())[:1]
    ['treats']
    """
    from difflib import get_close_matches

    close = get_close_matches(name.strip().lower().replace(" ", "_"), list(valid), n=5, cutoff=0.5)
    return close or list(valid)


@cache
def _drugmechdb() -> Mapping[str, tuple[Relation, bool]]:
    return {word.removeprefix("^"): (entry, word.startswith("^")) for entry in relations().values() for word in entry.drugmechdb}


def by_drugmechdb(predicate: str) -> tuple[Relation, bool]:
    """Return the relation for a DrugMechDB predicate, and whether subject and object change places.

    A predicate that the table lacks raises `UnknownRelation`.

    >>> found, inverted = by_drugmechdb("caused by")
    >>> found.name, inverted
    ('causes', True)
    """
    try:
        return _drugmechdb()[predicate]
    except KeyError:
        near = nearest(predicate, _drugmechdb())
        raise UnknownRelation(predicate, near, kind="DrugMechDB predicate") from None


@cache
def by_neo4j_type(neo4j_type: str) -> Relation:
    """Return the relation of a Neo4j relationship type; raises `UnknownRelation` for one that the table lacks.

    >>> by_neo4j_type("TREATS").name
    'treats'
    """
    types = {entry.neo4j_type: entry for entry in relations().values()}
    try:
        return types[neo4j_type]
    except KeyError:
        near = [relations()[n].neo4j_type for n in nearest(neo4j_type, relations())]
        raise UnknownRelation(neo4j_type, near, kind="relationship type") from None


def fitting(name: str, subject_category: str, object_category: str) -> Relation:
    """Return the relation itself, or the one that says the same of things outside its domain and range.

    Sources say "treats" of processes and cells too; for these the causal relation stands in. The relation comes back
    unchanged when neither fits: then domain and range are violated, which is for the caller to report.

    >>> fitting("treats", "BiologicalProcess", "Disease").name, fitting("treats", "Drug", "Disease").name
    ('protects_against', 'treats')
    """
    first = relation(name)
    if first.admits(subject_category, object_category) or not first.otherwise:
        return first
    second = relation(first.otherwise)
    return second if second.admits(subject_category, object_category) else first
