"""Who answers: one protocol, and the engines behind it.

An asker binds the checked parameters, runs the text of its language, and hands back cells that are equal on all engines.
Parameters are bound by the engine, never pasted into the text. In SPARQL they are variables that the outermost SELECT also
names (Oxigraph asks for that), so they come back as further columns, which are dropped here.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from ontologies.errors import BackendError
from queries.catalogue.question import Question
from queries.catalogue.values import Value, iri_of, read_iri, read_literal, read_plain

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib
    from rdflib.plugins.sparql.sparql import Query

    from queries.cypher_engine.answer import CypherEngine
    from queries.sparql_engine.terms import Term
    from queries.sparql_engine.worker import SparqlWorker

__all__ = ["Asker", "CypherAsker", "Fetched", "OxigraphAsker", "RdflibAsker", "StoreAsker"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
Cell: TypeAlias = Value | None


class Fetched(NamedTuple):
    """The rows of an engine in its own order; `truncated` says why rows are missing (empty: none are)."""

    rows: list[tuple[Cell, ...]]
    truncated: str = ""


class Asker(Protocol):
    """What can answer a question of the catalogue."""

    @property
    def name(self) -> str:
        """The engine: ``oxigraph``, ``rdflib``, ``arcadedb`` or ``neo4j``."""

    def fetch(self, question: Question, values: Mapping[str, Value], *, timeout: float | None = None) -> Fetched:
        """Return all rows; `values` holds every parameter of the question, checked."""


class OxigraphAsker:
    """Asks the SPARQL worker: a process of its own over the store of a graph directory."""

    name = "oxigraph"

    def __init__(self, worker: SparqlWorker) -> None:
        self._worker = worker

    def fetch(self, question: Question, values: Mapping[str, Value], *, timeout: float | None = None) -> Fetched:
        """Return all rows; raises `QueryStopped` when it takes too long."""
        from queries.sparql_engine.terms import Iri, Solutions

        bound = _terms(question, values)
        answer = self._worker.query(question.sparql, values=bound, timeout=timeout, source=f"{question.name}.rq")
        if not isinstance(answer, Solutions):
            raise BackendError(f"{question.name}.rq is no SELECT")
        _check_columns(question, answer.columns)
        width = len(question.columns)
        kinds = [column.type for column in question.columns]
        rows = [
            tuple(
                None if cell is None else read_iri(kind, cell.value) if isinstance(cell, Iri) else read_literal(kind, str(cell))
                for kind, cell in zip(kinds, row[:width], strict=True)
            )
            for row in answer.rows
        ]
        return Fetched(rows, answer.truncated)


class StoreAsker:
    """Asks an Oxigraph store in this process: no time limit, for tests and benchmarks."""

    name = "oxigraph"

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def fetch(self, question: Question, values: Mapping[str, Value], *, timeout: float | None = None) -> Fetched:  # noqa: ARG002 (the protocol)
        """Return all rows."""
        import pyoxigraph as ox

        from queries.sparql_engine.process import evaluate
        from queries.sparql_engine.terms import term_form

        forms = {name: term_form(term) for name, term in _terms(question, values).items()}
        request = {"text": question.sparql, "placed": _placed(question), "values": forms, "union": True}
        found = evaluate(self._store, {}, request)
        if not isinstance(found, ox.QuerySolutions):
            raise BackendError(f"{question.name}.rq is no SELECT")
        _check_columns(question, [variable.value for variable in found.variables])
        kinds = [column.type for column in question.columns]
        return Fetched([tuple(_ox_cell(kind, row[place]) for place, kind in enumerate(kinds)) for row in found])


class RdflibAsker:
    """Asks an rdflib graph that holds everything: a plain graph, or a dataset whose default graph is the union of all.

    `kg.rdf.to_rdflib` gives such a dataset. Slow, and without a time limit.
    """

    name = "rdflib"

    def __init__(self, graph: rdflib.Graph) -> None:
        self._graph = graph

    def fetch(self, question: Question, values: Mapping[str, Value], *, timeout: float | None = None) -> Fetched:  # noqa: ARG002 (the protocol)
        """Return all rows."""
        import rdflib

        bound = {
            name: rdflib.URIRef(iri) if (iri := iri_of(kind, value)) else _rdflib_literal(value)
            for name, kind, value in _bindings(question, values)
        }
        kinds = [column.type for column in question.columns]
        with warnings.catch_warnings():  # rdflib 7.6 calls a property of its own that it has deprecated
            warnings.simplefilter("ignore", DeprecationWarning)
            found: Any = self._graph.query(_prepared(question.sparql), initBindings=bound)
            _check_columns(question, [str(variable) for variable in found.vars or ()])
            return Fetched([tuple(_rdflib_cell(kind, row[place]) for place, kind in enumerate(kinds)) for row in found])


class CypherAsker:
    """Asks an engine that speaks Cypher: ArcadeDB in a process of its own, or a Neo4j server."""

    def __init__(self, engine: CypherEngine) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        """The engine's own name."""
        return self._engine.name

    def fetch(self, question: Question, values: Mapping[str, Value], *, timeout: float | None = None) -> Fetched:
        """Return all rows; raises `QueryStopped` when it takes too long."""
        answer = self._engine.query(question.cypher, dict(values), timeout=timeout, source=f"{question.name}.cypher")
        wanted = [column.name for column in question.columns]
        if answer.rows and list(answer.columns) != wanted:
            raise BackendError(f"{question.name}.cypher gives the columns {list(answer.columns)}, its header {wanted}")
        kinds = [column.type for column in question.columns]
        rows = [tuple(read_plain(kind, cell) for kind, cell in zip(kinds, row, strict=True)) for row in answer.rows]
        return Fetched(rows, answer.truncated)


def _bindings(question: Question, values: Mapping[str, Value]) -> list[tuple[str, str, Value]]:
    return [(parameter.name, parameter.type, values[parameter.name]) for parameter in question.parameters]


def _check_columns(question: Question, found: Sequence[str]) -> None:
    wanted = [column.name for column in question.columns] + [parameter.name for parameter in question.parameters]
    if list(found) != wanted:
        raise BackendError(f"{question.name}.rq selects {list(found)}; its header names {wanted}")


def _lexical(value: Value) -> tuple[str, str]:
    """Return the lexical form and the datatype of a literal."""
    if isinstance(value, bool):
        return str(value).lower(), f"{_XSD}boolean"
    if isinstance(value, int):
        return str(value), f"{_XSD}integer"
    return (repr(value), f"{_XSD}double") if isinstance(value, float) else (value, f"{_XSD}string")


def _terms(question: Question, values: Mapping[str, Value]) -> dict[str, Term]:
    from queries.sparql_engine.terms import Iri, Literal

    return {
        name: Iri(iri) if (iri := iri_of(kind, value)) else Literal(*_lexical(value))
        for name, kind, value in _bindings(question, values)
    }


@lru_cache(maxsize=256)
def _placed(question: Question) -> str:
    from queries.sparql_engine.binding import place_values

    return place_values(question.sparql, [parameter.name for parameter in question.parameters]).text


def _ox_cell(kind: str, term: Any) -> Cell:
    import pyoxigraph as ox

    if term is None:
        return None
    return read_iri(kind, term.value) if isinstance(term, ox.NamedNode) else read_literal(kind, term.value)


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(text)


def _rdflib_literal(value: Value) -> rdflib.Literal:
    import rdflib

    lexical, datatype = _lexical(value)
    return rdflib.Literal(lexical, datatype=None if isinstance(value, str) else rdflib.URIRef(datatype))


def _rdflib_cell(kind: str, term: Any) -> Cell:
    import rdflib

    if term is None:
        return None
    return read_iri(kind, str(term)) if isinstance(term, rdflib.URIRef) else read_literal(kind, str(term))
