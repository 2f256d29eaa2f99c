"""IRIs and the tables of fields that writing and reading RDF share (see `kg.rdf` for the form)."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox

from ontologies.categories import CATEGORIES
from ontologies.errors import UnknownRelation
from ontologies.prefixes import NS

__all__ = [
    "EVIDENCE_NUMBERS",
    "EVIDENCE_TEXTS",
    "PREFIXES",
    "PUBLICATION_TEXTS",
    "STANCES",
    "P",
    "category_iri",
    "category_name",
    "node",
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
"""The plain texts of a publication; its date is a literal of the type that fits, from which its last day follows."""


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
