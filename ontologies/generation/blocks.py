r"""Writing Turtle by hand, always in the same order: prefixes, literals and subject blocks.

>>> print(block("ikg:treats", [("a", ["owl:ObjectProperty"]), ("rdfs:label", [literal("treats")])]))
ikg:treats a owl:ObjectProperty ;
    rdfs:label "treats" .
>>> literal('a "b"\n')
'"a \\"b\\"\\n"'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["NAMESPACES", "block", "header", "literal"]

NAMESPACES = {
    "biolink": "https://w3id.org/biolink/vocab/",
    "dct": "http://purl.org/dc/terms/",
    "ikg": "https://w3id.org/immunokg/",
    "oa": "http://www.w3.org/ns/oa#",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes of the Turtle files, the JSON-LD context and the RDF form."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def header(note: str, prefixes: Iterable[str]) -> str:
    """Return a comment line and the prefix declarations, sorted."""
    lines = [f"# {note}", ""]
    lines += [f"@prefix {prefix}: <{NAMESPACES[prefix]}> ." for prefix in sorted(prefixes)]
    return "\n".join(lines) + "\n\n"


def literal(text: str) -> str:
    """Return a Turtle string literal."""
    return '"' + "".join(_ESCAPES.get(char, char) for char in text) + '"'


def block(subject: str, pairs: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return one subject with its predicates and objects; predicates without objects are left out."""
    parts = [f"{predicate} {', '.join(objects)}" for predicate, objects in pairs if objects]
    return f"{subject} " + " ;\n    ".join(parts) + " ."
