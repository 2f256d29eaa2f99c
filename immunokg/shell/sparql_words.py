"""The words of SPARQL on our RDF form: prefixes, classes and properties from the closed tables, keywords and functions.

>>> [word.text for word in terms("ikg", kind="class")][:2], "ikg" in {word.text for word in prefixes()}
(['Alternatives', 'Biomarker'], True)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal, TypeAlias

from immunokg.shell.words import Word

__all__ = ["FUNCTIONS", "KEYWORDS", "Kind", "all_terms", "prefixes", "short_name", "sparql_name", "terms"]

Kind: TypeAlias = Literal["class", "property"]

_FUNCTIONS = re.findall(
    r"\w+",
    """ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR GROUP_CONCAT HOURS IF IRI
    ISBLANK ISIRI ISLITERAL ISNUMERIC LANG LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW RAND REGEX REPLACE ROUND SAMETERM
    SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM
    TIMEZONE TZ UCASE URI UUID YEAR""",
)
FUNCTIONS = tuple(Word(f"{name}(") for name in _FUNCTIONS)

KEYWORDS = tuple(
    Word(text)
    for text in (
        "SELECT", "SELECT DISTINCT", "WHERE", "OPTIONAL", "FILTER", "FILTER NOT EXISTS", "FILTER EXISTS", "UNION", "MINUS",
        "BIND", "VALUES", "GRAPH", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET", "DISTINCT", "AS", "ASC", "DESC", "IN",
        "NOT IN", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE", "FROM", "FROM NAMED", "REDUCED", "SEPARATOR", "UNDEF", "true",
        "false",
    )
)  # fmt: skip
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.:-]*[A-Za-z0-9_:-])?")


@cache
def prefixes() -> tuple[Word, ...]:
    """Return every prefix that needs no PREFIX line, ours first."""
    from queries.sparql_engine.worker import prefixes as table

    known = table()
    first = ("ikg", "biolink", "rdf", "rdfs", "skos", "dct", "prov", "oa", "xsd")
    return tuple(Word(name, known[name]) for name in (*first, *sorted(known.keys() - set(first))))


def terms(prefix: str, *, kind: Kind | None = None) -> tuple[Word, ...]:
    """Return the local names of a prefix that our RDF form uses; of one kind, or both.

    >>> "treats" in {word.text for word in terms("biolink", kind="property")}
    True
    """
    return tuple(word for word, form in _terms().get(prefix, {}).items() if kind in (None, form))


def all_terms(*, kind: Kind | None = None) -> tuple[Word, ...]:
    """Return every term with its prefix; of one kind, or both."""
    return tuple(
        Word(f"{prefix}:{word.text}", word.about)
        for prefix, words in _terms().items()
        for word, form in words.items()
        if kind in (None, form)
    )


def sparql_name(curie: str) -> str:
    """Return a CURIE as SPARQL can read it: as it is, or as an IRI where its local part is no local name.

    >>> sparql_name("HGNC:6015"), sparql_name("DOI:10.1001/jamadermatol.2018.2976")
    ('HGNC:6015', '<https://doi.org/10.1001/jamadermatol.2018.2976>')
    """
    from ontologies.prefixes import expand

    prefix, _, local = curie.partition(":")
    known = prefix in {word.text for word in prefixes()}
    return curie if known and _LOCAL.fullmatch(local) else f"<{expand(curie)}>"


def short_name(iri: str) -> str:
    """Return an IRI with its prefix, where a query may use one; what is no IRI of theirs is returned as it is.

    >>> short_name("http://www.w3.org/2000/01/rdf-schema#label"), short_name("HGNC:6015")
    ('rdfs:label', 'HGNC:6015')
    """
    fits = [word for word in prefixes() if iri.startswith(word.about) and len(iri) > len(word.about)]
    longest = max(fits, key=lambda word: len(word.about), default=None)
    return f"{longest.text}:{iri.removeprefix(longest.about)}" if longest else iri


@cache
def _terms() -> Mapping[str, Mapping[Word, Kind]]:
    found: dict[str, dict[str, tuple[Word, Kind]]] = {}
    for iri, kind, about in _entries():
        for prefix, namespace in _namespaces().items():
            if iri.startswith(namespace):
                local = iri.removeprefix(namespace)
                found.setdefault(prefix, {}).setdefault(local, (Word(local, about), kind))
    return {prefix: dict(words[name] for name in sorted(words)) for prefix, words in found.items()}


@cache
def _namespaces() -> Mapping[str, str]:
    from kg.rdf_names import PREFIXES

    return PREFIXES


def _entries() -> Iterator[tuple[str, Kind, str]]:
    """Yield (IRI, kind, meaning) of every term of the form; the first entry of an IRI says what it means."""
    from kg.rdf_names import EVIDENCE_NUMBERS, EVIDENCE_TEXTS, PUBLICATION_TEXTS, P, category_iri
    from ontologies.associations import association_classes
    from ontologies.categories import CATEGORIES
    from ontologies.prefixes import NS
    from ontologies.rdf_terms import rdf_terms
    from ontologies.vocabulary import relations

    for relation in relations().values():
        yield relation.iri, "property", relation.definition
        yield relation.direct_iri, "property", relation.definition
        for name, _ in relation.biolink_qualifiers:
            yield NS.BIOLINK + name, "property", "qualifier of a statement"
    for term in rdf_terms().values():
        if term.kind != "annotation":
            yield term.iri, "class" if term.kind == "class" else "property", term.definition
    for category in CATEGORIES.values():
        yield category_iri(category.name).value, "class", category.definition
    for name in association_classes():
        yield NS.BIOLINK + name, "class", "statements of this kind"
    fields = {**EVIDENCE_TEXTS, **EVIDENCE_NUMBERS, **PUBLICATION_TEXTS}
    for field, node in fields.items():
        yield node.value, "property", field.replace(".", " ").replace("_", " ")
    for name, node in vars(P).items():
        if hasattr(node, "value"):
            yield node.value, "class" if name.endswith("_CLASS") else "property", ""
