"""``context.jsonld``: short names for our properties, relations and prefixes in JSON-LD 1.1."""

from __future__ import annotations

import json

from ontologies.categories import CATEGORIES
from ontologies.generation.blocks import NAMESPACES
from ontologies.generation.vocabulary_ttl import category_class
from ontologies.prefixes import prefixes
from ontologies.rdf_terms import rdf_terms
from ontologies.vocabulary import relations

__all__ = ["context_text"]

_BORROWED: dict[str, tuple[str, str]] = {
    "agent_type": ("biolink:agent_type", "xsd:string"),
    "belief": ("biolink:has_confidence_score", "xsd:double"),
    "close_match": ("skos:closeMatch", "@id"),
    "eco": ("biolink:has_evidence_of_type", "@id"),
    "exact_match": ("skos:exactMatch", "@id"),
    "generated_by": ("prov:wasGeneratedBy", "@id"),
    "id": ("@id", ""),
    "identifier": ("dct:identifier", "xsd:string"),
    "issued": ("dct:issued", ""),
    "knowledge_level": ("biolink:knowledge_level", "xsd:string"),
    "label": ("rdfs:label", "xsd:string"),
    "licence": ("dct:license", "xsd:string"),
    "object": ("rdf:object", "@id"),
    "predicate": ("rdf:predicate", "@id"),
    "quote": ("oa:exact", "xsd:string"),
    "quote_start": ("oa:start", "xsd:integer"),
    "subject": ("rdf:subject", "@id"),
    "synonym": ("skos:altLabel", "xsd:string"),
    "title": ("dct:title", "xsd:string"),
    "type": ("@type", ""),
}


def context_text() -> str:
    """Return the JSON-LD context, sorted within each part; it refers to no other document.

    A prefix whose IRI ends in a letter or underscore is declared with ``@prefix``, else JSON-LD 1.1 would not use it.
    """
    context: dict[str, object] = {"@version": 1.1}
    spaces = {**NAMESPACES, **{name: entry.iri for name, entry in prefixes().items()}}
    for prefix, iri in sorted(spaces.items()):
        context[prefix] = {"@id": iri, "@prefix": True}
    for name in sorted(CATEGORIES):
        if name != "Entity":
            context[name] = category_class(name)
    for name, (iri, kind) in sorted(_BORROWED.items()):
        context[name] = _entry(iri, kind)
    for term in rdf_terms().values():
        if term.kind in ("object", "data"):
            context[term.name] = _entry(f"ikg:{term.name}", "@id" if term.kind == "object" else term.range)
        elif term.kind == "class":
            context[term.name] = f"ikg:{term.name}"
    for name in relations():
        context[name] = _entry(f"ikg:{name}", "@id")
    return json.dumps({"@context": context}, indent=1, ensure_ascii=False) + "\n"


def _entry(iri: str, kind: str) -> object:
    return {"@id": iri, "@type": kind} if kind and kind != "xsd:string" else iri
