"""What a user writes for a variable of a SPARQL query, as a term."""

from __future__ import annotations

import re

from queries.sparql_engine.terms import Iri, Literal, Term

__all__ = ["read_term_text"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = ((re.compile(r"[+-]?[0-9]+"), "integer"), (re.compile(r"[+-]?[0-9]*\.[0-9]+"), "decimal"),
            (re.compile(r"[+-]?[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+"), "double"), (re.compile("true|false"), "boolean"))  # fmt: skip


def read_term_text(text: str) -> Term:
    """Return the term: ``<IRI>`` and CURIEs of our prefixes are IRIs, numbers and truth values are typed, the rest is text.

    Quotes make anything text. Raises `MalformedCurie` for a CURIE that is off the pattern of its prefix.

    >>> read_term_text("HGNC:6015"), read_term_text("2"), read_term_text('"2"')
    (Iri(value='http://identifiers.org/hgnc/6015'), Literal(value='2', ...integer', ...), Literal(value='2', ...string', ...))
    """
    from ontologies.prefixes import expand
    from queries.sparql_engine.worker import prefixes

    if len(text) >= 2 and text[0] == text[-1] == '"':
        return Literal(text[1:-1])
    if text.startswith("<") and text.endswith(">"):
        return Iri(text[1:-1])
    for pattern, kind in _NUMBERS:
        if pattern.fullmatch(text):
            return Literal(text, _XSD + kind)
    prefix, colon, local = text.partition(":")
    known = prefixes()
    if colon and prefix in known and " " not in text:
        from ontologies.prefixes import prefixes as table

        return Iri(expand(text) if prefix in table() else known[prefix] + local)
    return Literal(text)
