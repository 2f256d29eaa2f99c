"""IRIs, literals and the tables of fields that writing and reading RDF share (see `kg.rdf` for the form).

What is escaped and what is refused: every character of a text survives, control characters U+0000–U+001F too, since N-Quads,
TriG, Turtle and JSON-LD can all escape them. Only what no RDF text can hold is refused, as `BadInput` naming the thing:
lone surrogates, NaN and infinite numbers, and identifiers that are no IRI.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from math import isfinite
from urllib.parse import quote

import pyoxigraph as ox

from kg.identity import conditions_text
from kg.model import Condition, last_day
from ontologies.categories import CATEGORIES
from ontologies.errors import BadInput, UnknownRelation
from ontologies.prefixes import NS, expand

__all__ = [
    "EVIDENCE_NUMBERS",
    "EVIDENCE_TEXTS",
    "PREFIXES",
    "PUBLICATION_TEXTS",
    "STANCES",
    "P",
    "category_iri",
    "category_name",
    "condition_iri",
    "date_literal",
    "double",
    "entity_iri",
    "graph_iri",
    "integer",
    "last_day_literal",
    "node",
    "study_iri",
    "text",
]

PREFIXES = {
    "ikg": NS.IKG,
    "biolink": NS.BIOLINK,
    "rdf": NS.RDF,
    "rdfs": NS.RDFS,
    "xsd": NS.XSD,
    "skos": NS.SKOS,
    "dct": NS.DCTERMS,
    "prov": NS.PROV,
    "oa": NS.OA,
}

node = lru_cache(maxsize=65536)(ox.NamedNode)
"""Return the node of an IRI; raises ValueError for what is none."""


class P:
    """The properties and classes of the form that code names directly."""

    TYPE = node(NS.RDF + "type")
    SUBJECT = node(NS.RDF + "subject")
    PREDICATE = node(NS.RDF + "predicate")
    OBJECT = node(NS.RDF + "object")
    LABEL = node(NS.RDFS + "label")
    IDENTIFIER = node(NS.DCTERMS + "identifier")
    ALT_LABEL = node(NS.SKOS + "altLabel")
    EXACT_MATCH = node(NS.SKOS + "exactMatch")
    CLOSE_MATCH = node(NS.SKOS + "closeMatch")
    DCT_SOURCE = node(NS.DCTERMS + "source")
    ISSUED = node(NS.DCTERMS + "issued")
    LICENSE = node(NS.DCTERMS + "license")
    GENERATED_BY = node(NS.PROV + "wasGeneratedBy")
    CONFIDENCE_SCORE = node(NS.BIOLINK + "has_confidence_score")
    KNOWLEDGE_LEVEL = node(NS.BIOLINK + "knowledge_level")
    AGENT_TYPE = node(NS.BIOLINK + "agent_type")
    EVIDENCE_TYPE = node(NS.BIOLINK + "has_evidence_of_type")

    CLAIM_CLASS = node(NS.IKG + "Claim")
    STATEMENT_CLASS = node(NS.IKG + "Statement")
    EVIDENCE_CLASS = node(NS.IKG + "Evidence")
    PUBLICATION_CLASS = node(NS.IKG + "Publication")
    STUDY_CLASS = node(NS.IKG + "Study")
    CONDITION_CLASS = node(NS.IKG + "Condition")
    ALTERNATIVES_CLASS = node(NS.IKG + "Alternatives")
    LOAD_CLASS = node(NS.IKG + "Load")

    ROLE = node(NS.IKG + "role")
    VALENCE = node(NS.IKG + "valence")
    CLAIM_SUBJECT = node(NS.IKG + "claim_subject")
    CLAIM_RELATION = node(NS.IKG + "claim_relation")
    CLAIM_OBJECT = node(NS.IKG + "claim_object")
    SIGN = node(NS.IKG + "sign")
    SUPPORT_COUNT = node(NS.IKG + "support_count")
    REFUTE_COUNT = node(NS.IKG + "refute_count")
    NULL_COUNT = node(NS.IKG + "null_count")
    VERDICT = node(NS.IKG + "verdict")
    ASSERTED = node(NS.IKG + "asserted")
    HAS_STATEMENT = node(NS.IKG + "has_statement")
    CONFLICTS_WITH = node(NS.IKG + "conflicts_with")
    REFINES = node(NS.IKG + "refines")
    CONTEXT = node(NS.IKG + "context")
    CONDITION = node(NS.IKG + "condition")
    ANY_OF = node(NS.IKG + "any_of")
    VARIABLE = node(NS.IKG + "variable")
    OPERATOR = node(NS.IKG + "operator")
    VALUE = node(NS.IKG + "value")
    UNIT = node(NS.IKG + "unit")
    PUBLICATION = node(NS.IKG + "publication")
    STUDY = node(NS.IKG + "study")
    PARENT_STUDY = node(NS.IKG + "parent_study")
    STUDY_KEY = node(NS.IKG + "study_key")
    RECOUNTS = node(NS.IKG + "recounts")
    DATE_PRECISION = node(NS.IKG + "date_precision")
    LAST_DAY = node(NS.IKG + "last_day")
    SOURCE = node(NS.IKG + "source")
    FILE_SHA256 = node(NS.IKG + "file_sha256")
    RELEASE = node(NS.IKG + "release")


STANCES = {
    "supports": node(NS.IKG + "supports"),
    "refutes": node(NS.IKG + "refutes"),
    "null": node(NS.IKG + "found_no_effect"),
}
"""Which property an evidence of each stance has."""

EVIDENCE_TEXTS = {
    "design": node(NS.IKG + "study_type"),
    "design_detail": node(NS.IKG + "design_detail"),
    "finding": node(NS.IKG + "finding"),
    "knowledge_level": P.KNOWLEDGE_LEVEL,
    "agent_type": P.AGENT_TYPE,
    "confidence": node(NS.IKG + "confidence"),
    "polarity": node(NS.IKG + "polarity"),
    "waiver": node(NS.IKG + "waiver"),
    "quote": node(NS.OA + "exact"),
    "section": node(NS.IKG + "section"),
    "extractor": node(NS.IKG + "extractor"),
    "source": P.SOURCE,
    "record": node(NS.IKG + "record"),
    "licence": P.LICENSE,
    "effect.measure": node(NS.IKG + "effect_measure"),
    "effect.unit": node(NS.IKG + "effect_unit"),
    **{
        f"observation.{name}": node(NS.IKG + name)
        for name in ("phase", "dose", "time", "age", "onset_age", "sex", "start", "duration", "arm")
    },
}
"""The plain texts of an evidence: field (``part.field`` for its parts) and property."""

EVIDENCE_NUMBERS = {
    "n": node(NS.IKG + "sample_size"),
    "quote_start": node(NS.OA + "start"),
    "effect.value": node(NS.IKG + "effect_value"),
    "effect.low": node(NS.IKG + "effect_low"),
    "effect.high": node(NS.IKG + "effect_high"),
}
"""The numbers of an evidence: whole ones for fields of its own, doubles for those of its effect."""

PUBLICATION_TEXTS = {
    "pmid": node(NS.IKG + "pmid"),
    "doi": node(NS.IKG + "doi"),
    "pmcid": node(NS.IKG + "pmcid"),
    "nct": node(NS.IKG + "nct"),
    "title": node(NS.DCTERMS + "title"),
    "journal": node(NS.IKG + "journal"),
    "precision": P.DATE_PRECISION,
    "database": node(NS.IKG + "database"),
    "release": P.RELEASE,
}
"""The plain texts of a publication; its date is `date_literal`, its last day `last_day_literal`."""

_INTEGER = node(NS.XSD + "integer")
_DOUBLE = node(NS.XSD + "double")
_DATES = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), node(NS.XSD + "date")),
    (re.compile(r"\d{4}-\d{2}"), node(NS.XSD + "gYearMonth")),
    (re.compile(r"\d{4}"), node(NS.XSD + "gYear")),
)


@lru_cache(maxsize=65536)
def entity_iri(curie: str) -> ox.NamedNode:
    """Return the node of a CURIE; raises `MalformedCurie`, or `BadInput` where its IRI is none.

    >>> entity_iri("HGNC:6015").value
    'http://identifiers.org/hgnc/6015'
    """
    iri = expand(curie)
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise BadInput(f"{curie!r} cannot be written as RDF: {iri!r} is no IRI ({error})") from None


def graph_iri(source: str) -> ox.NamedNode:
    """Return the named graph that holds the evidence of a source.

    >>> graph_iri("corpus").value
    'https://w3id.org/immunokg/graph/corpus'
    """
    return node(f"{NS.IKG}graph/{quote(source, safe='') or 'unknown'}")


def study_iri(key: str) -> ox.NamedNode:
    """Return the node of a study from its key."""
    return node(f"{NS.IKG}study/{_digest(key)}")


def condition_iri(conditions: tuple[Condition, ...]) -> ox.NamedNode:
    """Return the node of one condition, or of several that are alternatives of one group."""
    members = sorted(
        f"{NS.IKG}condition/{_digest(conditions_text([(c.variable, c.operator, c.value, c.unit, '')]))}" for c in conditions
    )
    return node(members[0] if len(members) == 1 else f"{NS.IKG}alternatives/{_digest(chr(10).join(members))}")


def _digest(key: str) -> str:
    try:
        return sha256(key.encode()).hexdigest()
    except UnicodeEncodeError:
        raise _not_unicode(key) from None


def category_iri(name: str) -> ox.NamedNode:
    """Return the class of a category: Biolink's where that class is its alone, else ours.

    >>> category_iri("Gene").value, category_iri("Biomarker").value
    ('https://w3id.org/biolink/vocab/Gene', 'https://w3id.org/immunokg/Biomarker')
    """
    found = _category_iris().get(name)
    if found is None:
        raise UnknownRelation(name, sorted(CATEGORIES), kind="category")
    return found


def category_name(iri: str) -> str | None:
    """Return the category of a class, or None when it is no category.

    >>> category_name("https://w3id.org/biolink/vocab/Gene"), category_name("https://w3id.org/immunokg/Claim")
    ('Gene', None)
    """
    return _category_names().get(iri)


@lru_cache(maxsize=1)
def _category_iris() -> dict[str, ox.NamedNode]:
    taken: dict[str, ox.NamedNode] = {}
    for row in CATEGORIES.values():
        biolink = node(NS.BIOLINK + row.biolink.removeprefix("biolink:"))
        taken[row.name] = node(NS.IKG + row.name) if biolink in taken.values() else biolink
    return taken


@lru_cache(maxsize=1)
def _category_names() -> dict[str, str]:
    return {iri.value: name for name, iri in _category_iris().items()}


def text(value: str) -> ox.Literal:
    """Return a plain string literal; raises `BadInput` for lone surrogates."""
    try:
        return ox.Literal(value)
    except ValueError:
        raise _not_unicode(value) from None


def _not_unicode(value: str) -> BadInput:
    return BadInput(f"{value[:60]!r} holds half of a character pair and is no Unicode text; mend it in the source")


@lru_cache(maxsize=4096)
def integer(value: int) -> ox.Literal:
    """Return a whole number as ``xsd:integer``."""
    return ox.Literal(str(value), datatype=_INTEGER)


def double(value: float) -> ox.Literal:
    """Return a number as ``xsd:double`` in Python's shortest form; raises `BadInput` for NaN and infinities.

    >>> double(4.59).value
    '4.59'
    """
    if not isfinite(value):
        raise BadInput(f"{value!r} is no number that can be stated; leave the field empty")
    return _double(repr(value))


@lru_cache(maxsize=4096)
def _double(lexical: str) -> ox.Literal:
    """Return the literal of a lexical form: by form and not by value, since 0.0 equals -0.0."""
    return ox.Literal(lexical, datatype=_DOUBLE)


def date_literal(date: str) -> ox.Literal:
    """Return an ISO date of any precision as the XSD type that fits; other text stays plain text.

    >>> date_literal("2018-10").datatype.value
    'http://www.w3.org/2001/XMLSchema#gYearMonth'
    """
    for pattern, datatype in _DATES:
        if pattern.fullmatch(date):
            return ox.Literal(date, datatype=datatype)
    return text(date)


def last_day_literal(date: str) -> ox.Literal | None:
    """Return the last day that an ISO date of any precision allows as ``xsd:date``, or None for what is no date.

    >>> last_day_literal("2018-02").value
    '2018-02-28'
    """
    if not any(pattern.fullmatch(date) for pattern, _ in _DATES):
        return None
    try:
        return ox.Literal(last_day(date) or "", datatype=_DATES[0][1])
    except ValueError:  # month 13
        return None
