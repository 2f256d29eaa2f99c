"""Values on their way in and out: parameters are checked and spelled once, cells come out equal on all engines.

A parameter that is not given is the empty text on every engine, so that one test in the query text (``?in_disease = ""``,
``$in_disease = ""``) means "any". What comes out: CURIEs for entities and publications, names for relations and categories,
64 hexadecimal digits for statements, claims and evidence, Python's numbers and truth values, None for what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from kg.model import last_day
from ontologies.errors import BackendError, BadInput
from ontologies.prefixes import NS, compress, expand, normalize
from ontologies.vocabulary import relation, relations
from queries.catalogue.header import Parameter

__all__ = ["Value", "iri_of", "read_iri", "read_literal", "read_plain", "read_value"]

Value: TypeAlias = str | int | float | bool
"""A checked parameter: entities, publications, relations and statements are text, a date is the last day it allows."""

_HEX = re.compile(r"[0-9a-f]{64}")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NODES = {"statement": NS.STATEMENT, "claim": NS.CLAIM, "evidence": NS.EVIDENCE}
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def read_value(parameter: Parameter, given: Any) -> Value:
    """Return a parameter's value as all engines are given it; text is read by the parameter's type.

    Raises `BadInput` naming the parameter, what is wrong, and an example.

    >>> drug = Parameter("drug", "entity", None, "DRUGBANK:DB12159", "the drug")
    >>> read_value(drug, "drugbank:DB12159"), read_value(Parameter("day", "date", "", "2018", "up to"), "2018-02")
    ('DRUGBANK:DB12159', '2018-02-28')
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        if parameter.required:
            raise _refused(parameter, "must be given")
        return ""
    try:
        return _READERS[parameter.type](given.strip() if isinstance(given, str) else given)
    except BadInput as error:
        raise _refused(parameter, error.message) from None
    except (TypeError, ValueError, OverflowError):
        raise _refused(parameter, f"{str(given)[:60]!r} is no {parameter.type}") from None


def _refused(parameter: Parameter, problem: str) -> BadInput:
    return BadInput(f"parameter {parameter.name!r}: {problem}; e.g. {parameter.name}={parameter.example}")


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError
    return given


def _curie(given: Any) -> str:
    return normalize(_text(given))


def _relation(given: Any) -> str:
    return relation(_text(given)).name


def _statement(given: Any) -> str:
    key = _text(given).removeprefix(NS.STATEMENT).lower()
    if not _HEX.fullmatch(key):
        raise BadInput("the id of a statement is 64 hexadecimal digits")
    return key


def _integer(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise TypeError
    number = int(given)
    if not -(2**63) <= number < 2**63:
        raise BadInput("whole numbers have at most 63 bits")
    return number


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise TypeError
    number = float(given)
    if number != number or number in (float("inf"), float("-inf")):
        raise BadInput("give a finite number")
    return number


def _boolean(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    found = _TRUTH.get(_text(given).lower())
    if found is None:
        raise BadInput("say true or false")
    return found


def _day(given: Any) -> str:
    text = given.isoformat()[:10] if isinstance(given, date) else _text(given)
    if not _DATE.fullmatch(text):
        raise BadInput("a date is written YYYY, YYYY-MM or YYYY-MM-DD")
    try:
        day = last_day(text) or ""
        date.fromisoformat(day)
    except ValueError:
        raise BadInput(f"there is no day {text!r}") from None
    return day


_READERS: dict[str, Callable[[Any], Value]] = {
    "boolean": _boolean,
    "date": _day,
    "entity": _curie,
    "integer": _integer,
    "number": _number,
    "publication": _curie,
    "relation": _relation,
    "statement": _statement,
    "text": _text,
}


def iri_of(kind: str, value: Value) -> str | None:
    """Return the IRI that stands for a parameter's value in RDF, or None where it is a literal (also when not given).

    >>> iri_of("entity", "HGNC:6015"), iri_of("entity", ""), iri_of("integer", 3)
    ('http://identifiers.org/hgnc/6015', None, None)
    """
    if not isinstance(value, str) or not value:
        return None
    if kind in ("entity", "publication"):
        return expand(value)
    if kind == "relation":
        return relation(value).iri
    return NS.STATEMENT + value if kind == "statement" else None


@cache
def _relation_names() -> Mapping[str, str]:
    return {entry.iri: entry.name for entry in relations().values()}


def read_iri(kind: str, iri: str) -> str:
    """Return what an IRI of a column of this type says; raises `BackendError` for one that does not belong there.

    >>> read_iri("relation", "https://w3id.org/immunokg/produces"), read_iri("category", "https://w3id.org/biolink/vocab/Gene")
    ('produces', 'Gene')
    """
    from kg.rdf_names import category_name

    if kind in ("entity", "publication"):
        return compress(iri)
    found: str | None = None
    if kind == "relation":
        found = _relation_names().get(iri)
    elif kind == "category":
        found = category_name(iri)
    elif kind in _NODES and iri.startswith(_NODES[kind]):
        found = iri.removeprefix(_NODES[kind])
    if found is None:
        raise BackendError(f"{iri} stands where a column holds a {kind}; the query text is wrong")
    return found


def read_literal(kind: str, lexical: str) -> Value:
    """Return the value of a literal in a column of this type.

    >>> read_literal("integer", "3"), read_literal("boolean", "true"), read_literal("date", "2018-10")
    (3, True, '2018-10')
    """
    try:
        if kind == "integer":
            return int(lexical)
        if kind == "number":
            return float(lexical)
        if kind == "boolean":
            return _boolean(lexical)
    except (ValueError, BadInput):
        raise BackendError(f"{lexical[:60]!r} stands where a column holds a {kind}; the query text is wrong") from None
    return lexical


def read_plain(kind: str, value: Any) -> Value | None:
    """Return the value of a cell of a Cypher answer in a column of this type.

    >>> read_plain("number", 1), read_plain("entity", "HGNC:6015"), read_plain("text", None)
    (1.0, 'HGNC:6015', None)
    """
    if value is None:
        return None
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind == "integer" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind == "boolean" and isinstance(value, bool):
        return value
    if kind not in ("number", "integer", "boolean") and isinstance(value, str):
        return value
    raise BackendError(f"{str(value)[:60]!r} stands where a column holds a {kind}; the query text is wrong")
