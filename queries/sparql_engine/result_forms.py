"""Answers in the W3C forms, piece by piece: results of SELECT and ASK as JSON, XML, CSV and TSV, and triples as RDF.

* JSON: https://www.w3.org/TR/sparql11-results-json/ and XML: https://www.w3.org/TR/rdf-sparql-XMLres/ (triple terms and base
  directions as in SPARQL 1.2). XML cannot hold control characters: an answer that has some is refused.
* CSV: values only. A text that a spreadsheet would take for a formula is prefixed with an apostrophe; ``safe=False`` leaves
  it out, for readers that are programs.
* TSV: terms as in Turtle, without loss.
* N-Triples, Turtle, JSON-LD: the triples of a CONSTRUCT or DESCRIBE, each once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from ontologies.errors import BadInput
from queries.sparql_engine.terms import BlankNode, Iri, Literal, Solutions, Term, Triples, TripleTerm, Truth

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = [
    "RDF_FORMS",
    "csv_lines",
    "ntriples_lines",
    "rdf_pieces",
    "sparql_json",
    "sparql_json_lines",
    "sparql_xml_lines",
    "term_text",
    "tsv_lines",
]

RDF_FORMS = ("ntriples", "turtle", "jsonld")
"""The forms that `rdf_pieces` writes."""

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
_FORMULA = tuple("=+-@\t\r\n\0")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_SPACES = {"\r": "&#13;"}
_XML_START = (
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#" xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0">',
)


def sparql_json(answer: Solutions | Truth) -> dict[str, Any]:
    """Return an answer as the JSON object of the SPARQL 1.1 results format; unbound variables are left out.

    >>> sparql_json(Truth(True))
    {'head': {}, 'boolean': True}
    >>> sparql_json(Solutions(("n",), ((Literal("IL4R"),),)))["results"]["bindings"]
    [{'n': {'type': 'literal', 'value': 'IL4R'}}]
    """
    if isinstance(answer, Truth):
        return {"head": {}, "boolean": answer.value}
    bindings = [_bindings(answer.columns, row) for row in answer.rows]
    return {"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}


def sparql_json_lines(answer: Solutions | Truth) -> Iterator[str]:
    r"""Yield the same JSON as text, a line for each row.

    >>> print("\n".join(sparql_json_lines(Solutions(("n",), ((Literal("IL4R"),),)))))
    {"head":{"vars":["n"]},"results":{"bindings":[
    {"n":{"type":"literal","value":"IL4R"}}
    ]}}
    """
    if isinstance(answer, Truth):
        yield _json(sparql_json(answer))
        return
    yield f'{{"head":{_json({"vars": list(answer.columns)})},"results":{{"bindings":['
    for place, row in enumerate(answer.rows, 1):
        yield _json(_bindings(answer.columns, row)) + ("," if place < len(answer.rows) else "")
    yield "]}}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _bindings(columns: tuple[str, ...], row: tuple[Term | None, ...]) -> dict[str, Any]:
    return {name: _binding(term) for name, term in zip(columns, row, strict=True) if term is not None}


def _binding(term: Term) -> dict[str, Any]:
    if isinstance(term, Iri):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, TripleTerm):
        parts = {name: _binding(getattr(term, name)) for name in ("subject", "predicate", "object")}
        return {"type": "triple", "value": parts}
    found: dict[str, Any] = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
        if term.direction:
            found["its:dir"] = term.direction
    elif term.datatype != _STRING:
        found["datatype"] = term.datatype
    return found


def sparql_xml_lines(answer: Solutions | Truth) -> Iterator[str]:
    """Yield an answer in the SPARQL Query Results XML Format, a line for each row; unbound variables are left out.

    Raises `BadInput`, before the first line, for a text with control characters, which XML cannot hold.

    >>> list(sparql_xml_lines(Truth(True)))[2:]
    ['<head></head>', '<boolean>true</boolean>', '</sparql>']
    """
    columns = answer.columns if isinstance(answer, Solutions) else ()
    if isinstance(answer, Solutions):
        for row in answer.rows:
            for term in row:
                if term is not None:
                    _check_xml(term)
    yield from _XML_START
    yield "<head>" + "".join(f'<variable name="{name}"/>' for name in columns) + "</head>"
    if isinstance(answer, Truth):
        yield f"<boolean>{str(answer.value).lower()}</boolean>"
    else:
        yield "<results>"
        for row in answer.rows:
            bound = ((name, term) for name, term in zip(columns, row, strict=True) if term is not None)
            yield "<result>" + "".join(f'<binding name="{name}">{_xml(term)}</binding>' for name, term in bound) + "</result>"
        yield "</results>"
    yield "</sparql>"


def _check_xml(term: Term) -> None:
    if isinstance(term, TripleTerm):
        for part in (term.subject, term.predicate, term.object):
            _check_xml(part)
        return
    found = _NOT_XML.search(term.value)
    if found:
        shown = f"U+{ord(found.group()):04X}"
        raise BadInput(f"the answer holds the character {shown}, which XML cannot hold; ask for JSON or TSV instead")


def _xml(term: Term) -> str:
    if isinstance(term, Iri):
        return f"<uri>{escape(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{escape(term.value)}</bnode>"
    if isinstance(term, TripleTerm):
        parts = ((name, _xml(getattr(term, name))) for name in ("subject", "predicate", "object"))
        return "<triple>" + "".join(f"<{name}>{inner}</{name}>" for name, inner in parts) + "</triple>"
    kind = ""
    if term.language:
        kind = f' xml:lang="{term.language}"' + (f' its:dir="{term.direction}"' if term.direction else "")
    elif term.datatype != _STRING:
        kind = f' datatype="{escape(term.datatype, {chr(34): "&quot;"})}"'
    return f"<literal{kind}>{escape(term.value, _XML_SPACES)}</literal>"


def csv_lines(answer: Solutions, *, safe: bool = True) -> Iterator[str]:
    """Yield the lines of the SPARQL 1.1 CSV form, by default without cells that start a formula.

    >>> list(csv_lines(Solutions(("x",), ((Literal("=1+1"),), (Literal("a,b"),)))))
    ['x', "'=1+1", '"a,b"']
    """
    yield ",".join(answer.columns)
    for row in answer.rows:
        yield ",".join("" if term is None else _csv_cell(term, safe) for term in row)


def _csv_cell(term: Term, safe: bool) -> str:
    value = str(term)
    if safe and value.startswith(_FORMULA) and not (isinstance(term, Literal) and not isinstance(term.python, str)):
        value = f"'{value}"
    return '"' + value.replace('"', '""') + '"' if any(c in value for c in ',"\r\n') else value


def tsv_lines(answer: Solutions) -> Iterator[str]:
    r"""Yield the lines of the SPARQL 1.1 TSV form: every term as in Turtle.

    >>> list(tsv_lines(Solutions(("g",), ((Iri("http://identifiers.org/hgnc/6015"),), (Literal("a\tb"),)))))
    ['?g', '<http://identifiers.org/hgnc/6015>', '"a\\tb"']
    """
    yield "\t".join(f"?{name}" for name in answer.columns)
    for row in answer.rows:
        yield "\t".join("" if term is None else term_text(term) for term in row)


def term_text(term: Term) -> str:
    """Return a term as N-Triples writes it.

    >>> term_text(Literal("3", "http://www.w3.org/2001/XMLSchema#integer"))
    '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    if isinstance(term, Iri):
        return f"<{term.value}>"
    if isinstance(term, BlankNode):
        return str(term)
    if isinstance(term, TripleTerm):
        return f"<<( {term_text(term.subject)} {term_text(term.predicate)} {term_text(term.object)} )>>"
    text = f'"{term.value.translate(_ESCAPES)}"'
    if term.language:
        return f"{text}@{term.language}" + (f"--{term.direction}" if term.direction else "")
    return text if term.datatype in (_STRING, _LANGUAGE) else f"{text}^^<{term.datatype}>"


def ntriples_lines(answer: Triples) -> Iterator[str]:
    """Yield the triples of an answer as lines of N-Triples, each triple once.

    >>> gene = Iri("http://identifiers.org/hgnc/6015")
    >>> list(ntriples_lines(Triples(((gene, Iri("https://w3id.org/immunokg/role"), Literal("Receptor")),))))
    ['<http://identifiers.org/hgnc/6015> <https://w3id.org/immunokg/role> "Receptor" .']
    """
    return (" ".join(map(term_text, triple)) + " ." for triple in dict.fromkeys(answer.triples))


def rdf_pieces(answer: Triples, form: str) -> Iterator[bytes]:
    """Yield the triples of an answer as RDF in one of `RDF_FORMS`; Turtle has those of our prefixes that occur.

    Raises `BadInput` for an unknown form, and for triple terms in JSON-LD, which has none.
    """
    if form not in RDF_FORMS:
        raise BadInput(f"unknown RDF form {form!r}; use one of: {', '.join(RDF_FORMS)}")
    if form == "ntriples":
        yield from (f"{line}\n".encode() for line in ntriples_lines(answer))
        return
    import pyoxigraph as ox

    kind = ox.RdfFormat.TURTLE if form == "turtle" else ox.RdfFormat.JSON_LD
    term = _engine_terms()
    triples = (ox.Triple(term(s), term(p), term(o)) for s, p, o in dict.fromkeys(answer.triples))
    try:
        yield ox.serialize(triples, format=kind, prefixes=_prefixes_of(answer) if form == "turtle" else None) or b""
    except OSError as error:
        raise BadInput(f"the answer cannot be written as {form}: {error}; ask for Turtle instead") from None


def _prefixes_of(answer: Triples) -> dict[str, str]:
    """Return those of our prefixes that an answer has IRIs of."""
    from queries.sparql_engine.worker import prefixes

    names = {namespace: name for name, namespace in prefixes().items()}
    pattern = re.compile("|".join(re.escape(namespace) for namespace in sorted(names, key=len, reverse=True)))
    iris = {term.value for triple in answer for term in triple if isinstance(term, Iri)}
    iris |= {term.datatype for triple in answer for term in triple if isinstance(term, Literal)}
    found = {match.group() for iri in iris if (match := pattern.match(iri))}
    return {names[namespace]: namespace for namespace in sorted(found)}


def _engine_terms() -> Callable[[Term], Any]:
    """Return the function from our terms to the engine's, each made once."""
    import pyoxigraph as ox

    made: dict[Term, Any] = {}

    def term(value: Term) -> Any:
        known = made.get(value)
        if known is None:
            known = made[value] = _engine_term(value)
        return known

    def _engine_term(value: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
        if isinstance(value, Iri):
            return ox.NamedNode(value.value)
        if isinstance(value, BlankNode):
            return ox.BlankNode(value.value)
        if isinstance(value, TripleTerm):
            return ox.Triple(term(value.subject), term(value.predicate), term(value.object))
        if value.language:
            direction = ox.BaseDirection(value.direction) if value.direction else None
            return ox.Literal(value.value, language=value.language, direction=direction)
        return ox.Literal(value.value, datatype=ox.NamedNode(value.datatype))

    return term
