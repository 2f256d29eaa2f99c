"""The terms and the answers of a SPARQL query, as plain frozen values that print and compare well.

An answer is `Solutions` (SELECT), `Truth` (ASK) or `Triples` (CONSTRUCT and DESCRIBE). Lexical forms are kept as the
engine gave them; `Literal.python` reads numbers and truth values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Answer",
    "BlankNode",
    "Iri",
    "Literal",
    "Solutions",
    "Term",
    "TripleTerm",
    "Triples",
    "Truth",
    "read_term",
    "term_form",
]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = f"{_XSD}string"
_INTEGERS = frozenset(
    f"{_XSD}{sign}{name}"
    for sign, names in {
        "": ("integer", "int", "long", "short", "byte"),
        "unsigned": ("Int", "Long", "Short", "Byte"),
        "non": ("NegativeInteger", "PositiveInteger"),
        "positive": ("Integer",),
        "negative": ("Integer",),
    }.items()
    for name in names
)


@dataclass(frozen=True, slots=True)
class Iri:
    """An IRI; `curie` is its short form where one of our prefixes fits, else the IRI itself.

    >>> Iri("http://identifiers.org/hgnc/6015").curie
    'HGNC:6015'
    """

    value: str

    @property
    def curie(self) -> str:
        """The CURIE, or the IRI when no prefix of ours fits."""
        from ontologies.errors import MalformedCurie
        from ontologies.prefixes import compress

        try:
            return compress(self.value)
        except MalformedCurie:
            return self.value

    @property
    def python(self) -> str:
        """The CURIE as text."""
        return self.curie

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class BlankNode:
    """A node without an IRI (our own graphs have none; a CONSTRUCT may make some)."""

    value: str

    @property
    def python(self) -> str:
        """The label with ``_:``."""
        return f"_:{self.value}"

    def __str__(self) -> str:
        return f"_:{self.value}"


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal with its lexical form as given.

    >>> Literal("3", "http://www.w3.org/2001/XMLSchema#integer").python + 1
    4
    """

    value: str
    datatype: str = _STRING
    language: str = ""
    direction: str = ""

    @property
    def python(self) -> str | int | float | bool | Decimal:
        """The value as a Python number or truth value where its datatype says so, else the text."""
        try:
            if self.datatype in _INTEGERS:
                return int(self.value)
            if self.datatype in (f"{_XSD}double", f"{_XSD}float"):
                return float(self.value)
            if self.datatype == f"{_XSD}decimal":
                return Decimal(self.value)
        except (ValueError, InvalidOperation):
            return self.value
        if self.datatype == f"{_XSD}boolean" and self.value in ("true", "1", "false", "0"):
            return self.value in ("true", "1")
        return self.value

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class TripleTerm:
    """A triple used as a term (RDF 1.2)."""

    subject: Term
    predicate: Term
    object: Term

    @property
    def python(self) -> str:
        """The triple as text."""
        return str(self)

    def __str__(self) -> str:
        return f"<<( {self.subject} {self.predicate} {self.object} )>>"


Term: TypeAlias = Iri | BlankNode | Literal | TripleTerm


@dataclass(frozen=True, slots=True)
class Solutions:
    """The rows of a SELECT; an unbound variable is None. `truncated` says why rows are missing (empty: none are).

    >>> answer = Solutions(("drug",), ((Iri("http://identifiers.org/drugbank/DB12159"),),))
    >>> answer.values()
    [('DRUGBANK:DB12159',)]
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    truncated: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        return iter(self.rows)

    def values(self) -> list[tuple[Any, ...]]:
        """Return the rows as Python values: CURIEs for IRIs, numbers, truth values, text, None."""
        return [tuple(None if term is None else term.python for term in row) for row in self.rows]

    def to_pandas(self) -> Any:
        """Return the values as a `pandas.DataFrame`; raises `ontologies.errors.MissingPart` where pandas is not installed."""
        from queries.frames import data_frame

        return data_frame(self.columns, self.values())

    def to_arrow(self) -> pa.Table:
        """Return the values as an Arrow table."""
        from queries.frames import arrow_table

        return arrow_table(self.columns, self.values())


@dataclass(frozen=True, slots=True)
class Truth:
    """The answer of an ASK."""

    value: bool

    def __bool__(self) -> bool:
        return self.value


@dataclass(frozen=True, slots=True)
class Triples:
    """The triples of a CONSTRUCT or DESCRIBE, in the engine's order."""

    triples: tuple[tuple[Term, Term, Term], ...]
    truncated: str = ""

    def __len__(self) -> int:
        return len(self.triples)

    def __iter__(self) -> Iterator[tuple[Term, Term, Term]]:
        return iter(self.triples)


Answer: TypeAlias = Solutions | Truth | Triples


def read_term(form: Any) -> Term | None:
    """Return the term for the compact JSON form that the worker sends.

    >>> read_term("ihttp://identifiers.org/hgnc/6015"), read_term(None), read_term(["lno", ""])
    (Iri(value='http://identifiers.org/hgnc/6015'), None, Literal(value='no', ...))
    """
    if form is None:
        return None
    if isinstance(form, str):
        kind, value = form[0], form[1:]
        return Iri(value) if kind == "i" else BlankNode(value) if kind == "b" else Literal(value)
    if form[0] == "t":
        subject, predicate, object_ = (read_term(part) for part in form[1:])
        if subject is None or predicate is None or object_ is None:
            raise ValueError("a triple term has three parts")
        return TripleTerm(subject, predicate, object_)
    return Literal(form[0][1:], *form[1:])


def term_form(term: Term) -> Any:
    """Return a term in the compact JSON form that `read_term` reads.

    >>> term_form(Literal("no", language="nb", datatype="http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"))
    ['lno', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString', 'nb', '']
    """
    if isinstance(term, Iri):
        return f"i{term.value}"
    if isinstance(term, BlankNode):
        return f"b{term.value}"
    if isinstance(term, TripleTerm):
        return ["t", *map(term_form, (term.subject, term.predicate, term.object))]
    return [f"l{term.value}", term.datatype, term.language, term.direction]
