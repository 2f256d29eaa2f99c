r"""Identity by content: the SHA-256 digests of claims, statements and evidence.

A digest covers expanded IRIs, so two spellings of one identifier give one digest, and never a label, the order of
arrival, a process, or Python's own ``hash``. The text that is hashed is plain and documented, so that another program
(DuckDB in `kg.assembly`, a SPARQL user) computes the same:

* claim: the lines ``claim``, subject IRI, relation IRI, object IRI;
* statement: the lines ``statement``, subject IRI, relation IRI, object IRI, then the *context text* (one line
  ``@key IRI`` each, sorted) and the *conditions text* (one line ``?variable<TAB>operator<TAB>value<TAB>unit`` each,
  sorted; alternatives of one group stand on one line, sorted, joined by `` | ``, whatever the group is called);
* evidence: the line ``evidence``, the statement id, then one line ``name<TAB>text`` per non-empty field, sorted.

Lines are joined by a newline; a newline, tab or backslash inside a value is escaped (``\n``, ``\t``, ``\\``). For a
symmetric relation the smaller IRI comes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from ontologies.prefixes import expand
from ontologies.vocabulary import relation

__all__ = [
    "claim_id",
    "condition_id",
    "conditions_text",
    "context_text",
    "evidence_id",
    "relation_iri",
    "statement_id",
]

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def relation_iri(name: str) -> str:
    """Return the IRI of a relation of the vocabulary.

    >>> relation_iri("decreases_activity_of")
    'https://w3id.org/immunokg/decreases_activity_of'
    """
    return expand(f"ikg:{name}")


def context_text(items: Iterable[tuple[str, str]]) -> str:
    """Return the canonical text of a context given as (key, CURIE) pairs; empty for none.

    >>> context_text([("taxon", "NCBITaxon:9606"), ("cell", "CL:0000625")]).splitlines()[0]
    '@cell http://purl.obolibrary.org/obo/CL_0000625'
    """
    return "\n".join(sorted({f"@{key} {expand(curie)}" for key, curie in items}))


def conditions_text(conditions: Iterable[tuple[str, str, str, str, str]]) -> str:
    """Return the canonical text of conditions given as (variable, operator, value, unit, group); empty for none.

    The name of a group does not count, only which conditions stand together as alternatives:

    >>> a = conditions_text([("IgE", ">=", "200", "[IU]/mL", "a"), ("atopic", "=", "true", "", "a")])
    >>> b = conditions_text([("atopic", "=", "true", "", "x"), ("IgE", ">=", "200", "[IU]/mL", "x")])
    >>> a == b and a.count(" | ") == 1
    True
    """
    groups: dict[str, set[str]] = {}
    lines: set[str] = set()
    for *parts, group in conditions:
        text = "\t".join(part.translate(_ESCAPES) for part in parts)
        if group:
            groups.setdefault(group, set()).add(text)
        else:
            lines.add(text)
    lines.update(" | ".join(sorted(group)) for group in groups.values())
    return "\n".join(f"?{line}" for line in sorted(lines))


def claim_id(subject: str, relation_name: str, object_: str) -> str:
    """Return the digest of a claim (subject, relation and object, whatever the context).

    >>> claim_id("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")[:16]
    'da827ec249ec7842'
    """
    return _digest("claim", *_triple(subject, relation_name, object_))


def condition_id(variable: str, operator: str, value: str, unit: str) -> str:
    """Return the digest of one condition, whatever group of alternatives it stands in.

    >>> condition_id("baseline serum total IgE", ">=", "200", "[IU]/mL")[:16]
    '58c643f42dac9101'
    """
    return _digest(conditions_text([(variable, operator, value, unit, "")]))


def statement_id(
    subject: str,
    relation_name: str,
    object_: str,
    context: Iterable[tuple[str, str]] = (),
    conditions: Iterable[tuple[str, str, str, str, str]] = (),
) -> str:
    """Return the digest of a statement; see the module's text for what is hashed.

    Raises `MalformedCurie` for an identifier whose prefix is unknown and `UnknownRelation` for a misspelt relation.

    >>> statement_id("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")[:16]
    'af1d9e73b1478496'
    """
    lines = ["statement", *_triple(subject, relation_name, object_)]
    lines += [text for text in (context_text(context), conditions_text(conditions)) if text]
    return _digest(*lines)


def evidence_id(statement: str, fields: Iterable[tuple[str, str]]) -> str:
    """Return the digest of an evidence from its statement's id and its non-empty fields as (name, text) pairs.

    >>> evidence_id("0" * 64, [("stance", "supports")]) == evidence_id("0" * 64, iter([("stance", "supports")]))
    True
    """
    return _digest("evidence", statement, *sorted(f"{name}\t{text.translate(_ESCAPES)}" for name, text in fields))


def _triple(subject: str, relation_name: str, object_: str) -> tuple[str, str, str]:
    first, last = expand(subject), expand(object_)
    if relation(relation_name).symmetric and last < first:
        first, last = last, first
    return first, relation_iri(relation_name), last


def _digest(*lines: str) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()
