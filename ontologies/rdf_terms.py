"""The classes and properties of our RDF form that are no relations (``rdf_terms.tsv``).

>>> rdf_term("refutes").iri, rdf_term("refutes").range
('https://w3id.org/immunokg/refutes', 'ikg:Statement')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias, cast

from ontologies.errors import UnknownRelation
from ontologies.tables import Table, read_text
from ontologies.vocabulary import NAMESPACE, nearest, relations

__all__ = ["RdfTerm", "TermKind", "rdf_term", "rdf_terms", "read_rdf_terms"]

TermKind: TypeAlias = Literal["class", "object", "data", "annotation"]

_COLUMNS = ("name", "kind", "parent", "domain", "range", "label", "definition")


@dataclass(frozen=True, slots=True)
class RdfTerm:
    """One class or property; `parents`, `domain` and `range` are CURIEs."""

    name: str
    kind: TermKind
    parents: tuple[str, ...]
    domain: str
    range: str
    label: str
    definition: str

    @property
    def iri(self) -> str:
        """The IRI in our namespace."""
        return NAMESPACE + self.name


def read_rdf_terms(text: str, file: str = "rdf_terms.tsv") -> dict[str, RdfTerm]:
    """Parse the table; raises `BadInput` with every fault of it, by file and line."""
    table = Table(file, text, _COLUMNS, key="name")
    found: dict[str, RdfTerm] = {}
    for row in table:
        kind = table.choice(row, "kind", ("class", "object", "data", "annotation"))
        for column in ("label", "definition"):
            if not row[column]:
                table.fault(row.line, column, "is empty", "fill it in")
        if row["name"] in relations():
            table.fault(row.line, "name", f"{row['name']!r} is a relation", "choose another name")
        if (kind == "class") != row["name"][:1].isupper():
            table.fault(row.line, "name", "classes, and only they, begin with a capital", "rename it")
        found[row["name"]] = RdfTerm(
            row["name"],
            cast("TermKind", kind),
            row.list("parent"),
            row["domain"],
            row["range"],
            row["label"],
            row["definition"],
        )
    table.finish()
    return found


@cache
def rdf_terms() -> Mapping[str, RdfTerm]:
    """Return all terms by name, in the order of the table."""
    return MappingProxyType(read_rdf_terms(read_text("rdf_terms.tsv")))


@cache
def rdf_term(name: str) -> RdfTerm:
    """Return the term of this name; raises `UnknownRelation` (kind ``RDF term``) listing near names."""
    try:
        return rdf_terms()[name]
    except KeyError:
        raise UnknownRelation(name, nearest(name, rdf_terms()), kind="RDF term") from None
