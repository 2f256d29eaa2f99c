r"""The terms of the RDF form as N-Quads writes them, in canonical form.

What is escaped and what is refused: every character of a text survives, control characters U+0000–U+001F too, since N-Quads,
TriG, Turtle and JSON-LD can all escape them. Only what no RDF text can hold is refused, as `BadInput` naming the thing:
lone surrogates, NaN and infinite numbers, and identifiers that are no IRI.

>>> print(literal('say "no"'), integer(3), double(4.59))
"say \"no\"" "3"^^<http://www.w3.org/2001/XMLSchema#integer> "4.59"^^<http://www.w3.org/2001/XMLSchema#double>
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from math import isfinite
from urllib.parse import quote

from kg.identity import conditions_text
from kg.model import Condition, last_day
from ontologies.errors import BadInput
from ontologies.prefixes import NS, expand

__all__ = [
    "FALSE",
    "TRUE",
    "condition_node",
    "date_literal",
    "double",
    "entity_node",
    "graph_node",
    "integer",
    "iri_node",
    "last_day_literal",
    "literal",
    "no_date",
    "not_unicode",
    "study_node",
]

_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f\ufffe\uffff]')
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | {
    ord(char): f"\\{letter}" for char, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)
}
_INTEGER, _DOUBLE, _BOOLEAN, _DATE = (f'"^^<{NS.XSD}{name}>' for name in ("integer", "double", "boolean", "date"))
_DATES = (
    (re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII), _DATE),
    (re.compile(r"\d{4}-\d{2}", re.ASCII), f'"^^<{NS.XSD}gYearMonth>'),
    (re.compile(r"\d{4}", re.ASCII), f'"^^<{NS.XSD}gYear>'),
)
_KEPT = 65_536

TRUE, FALSE = (f'"{word}{_BOOLEAN}' for word in ("true", "false"))
"""The truth values as ``xsd:boolean``."""


def literal(text: str) -> str:
    """Return a plain string literal."""
    return f'"{text.translate(_ESCAPES)}"' if _ESCAPED.search(text) else f'"{text}"'


def integer(value: int) -> str:
    """Return a whole number as ``xsd:integer``."""
    return f'"{value}{_INTEGER}'


def double(value: float) -> str:
    """Return a number as ``xsd:double`` in Python's shortest form; raises `BadInput` for NaN and infinities."""
    if not isfinite(value):
        raise BadInput(f"{value!r} is no number that can be stated; leave the field empty")
    return f'"{value!r}{_DOUBLE}'


def date_literal(date: str) -> str:
    """Return an ISO date of any precision as the XSD type that fits; other text stays plain text.

    >>> date_literal("2018-10")
    '"2018-10"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    """
    for pattern, datatype in _DATES:
        if pattern.fullmatch(date):
            return f'"{date}{datatype}'
    return literal(date)


def last_day_literal(date: str) -> str:
    """Return the last day that an ISO date of any precision allows as ``xsd:date``, and nothing for what is no date.

    Raises `BadInput` for a month that no year has.

    >>> last_day_literal("2018-02"), last_day_literal("in press")
    ('"2018-02-28"^^<http://www.w3.org/2001/XMLSchema#date>', '')
    """
    if not any(pattern.fullmatch(date) for pattern, _ in _DATES):
        return ""
    try:
        return f'"{last_day(date)}{_DATE}'
    except ValueError:
        raise no_date(date) from None


def iri_node(iri: str) -> str:
    """Return the node of an IRI; raises ValueError for what is none."""
    import pyoxigraph as ox

    return str(ox.NamedNode(iri))


@lru_cache(maxsize=_KEPT)
def entity_node(curie: str) -> str:
    """Return the node of a CURIE; raises `MalformedCurie`, or `BadInput` where its IRI is none.

    >>> entity_node("HGNC:6015")
    '<http://identifiers.org/hgnc/6015>'
    """
    try:
        iri = expand(curie)
    except UnicodeEncodeError:
        raise not_unicode(curie) from None
    try:
        return iri_node(iri)
    except ValueError as error:
        raise BadInput(f"{curie!r} cannot be written as RDF: {iri!r} is no IRI ({error})") from None


@lru_cache(maxsize=4096)
def graph_node(source: str) -> str:
    """Return the named graph that holds the evidence of a source.

    >>> graph_node("corpus")
    '<https://w3id.org/immunokg/graph/corpus>'
    """
    try:
        return f"<{NS.IKG}graph/{quote(source, safe='') or 'unknown'}>"
    except UnicodeEncodeError:
        raise not_unicode(source) from None


@lru_cache(maxsize=_KEPT)
def study_node(key: str) -> str:
    """Return the node of a study from its key."""
    return f"<{NS.IKG}study/{_digest(key)}>"


def condition_node(conditions: tuple[Condition, ...]) -> str:
    """Return the node of one condition, or of several that are alternatives of one group."""
    members = sorted(
        f"{NS.IKG}condition/{_digest(conditions_text([(c.variable, c.operator, c.value, c.unit, '')]))}" for c in conditions
    )
    return f"<{members[0]}>" if len(members) == 1 else f"<{NS.IKG}alternatives/{_digest(chr(10).join(members))}>"


def no_date(text: str) -> BadInput:
    """Return the error about a date that no calendar has."""
    return BadInput(f"{text!r} is no date; write YYYY-MM-DD, YYYY-MM or YYYY")


def not_unicode(text: str) -> BadInput:
    """Return the error about text with half of a character pair."""
    return BadInput(f"{text[:60]!r} holds half of a character pair and is no Unicode text; mend it in the source")


def _digest(key: str) -> str:
    try:
        return sha256(key.encode()).hexdigest()
    except UnicodeEncodeError:
        raise not_unicode(key) from None
