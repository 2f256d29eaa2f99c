"""Answers in the W3C forms: SPARQL 1.1 results JSON for SELECT and ASK, and CSV and TSV that spreadsheets and tools read.

* JSON: https://www.w3.org/TR/sparql11-results-json/ (triple terms as in SPARQL 1.2).
* CSV: values only. A text that a spreadsheet would take for a formula is prefixed with an apostrophe; ``safe=False`` leaves
  it out, for readers that are programs.
* TSV: terms as in Turtle, without loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from queries.sparql_engine.terms import BlankNode, Iri, Literal, Solutions, Term, TripleTerm, Truth

__all__ = ["csv_lines", "sparql_json", "term_text", "tsv_lines"]

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
_FORMULA = tuple("=+-@\t\r\n\0")


def sparql_json(answer: Solutions | Truth) -> dict[str, Any]:
    """Return an answer as the JSON object of the SPARQL 1.1 results format; unbound variables are left out.

    >>> sparql_json(Truth(True))
    {'head': {}, 'boolean': True}
    >>> sparql_json(Solutions(("n",), ((Literal("IL4R"),),)))["results"]["bindings"]
    [{'n': {'type': 'literal', 'value': 'IL4R'}}]
    """
    if isinstance(answer, Truth):
        return {"head": {}, "boolean": answer.value}
    bindings = [
        {name: _binding(term) for name, term in zip(answer.columns, row, strict=True) if term is not None} for row in answer.rows
    ]
    return {"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}


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
