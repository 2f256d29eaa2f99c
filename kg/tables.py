"""Graphs as tables: the columns of the Parquet files, and the way from values to rows and back.

Five tables hold a graph (``entities``, ``statements``, ``claims``, ``evidence``, ``publications``); three hold raw input
of the assembly (``assertions``: one row per finding with its statement spelled out, ``entities``, ``publications``). Text
that is not stated is the empty string, numbers that are not stated are null. A context is JSON such as
``{"taxon":["NCBITaxon:9606"]}`` and conditions are a JSON list; both are canonical, so equal ones are equal as text.

>>> from kg.model import Context
>>> context_json(Context(cell=("CL:0000625",)))
'{"cell":["CL:0000625"]}'
>>> context_from_json('{"cell":["CL:0000625"]}')
Context(taxon=(), cell=('CL:0000625',), tissue=(), disease=(), ligand=(), stage=())
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.graph import Graph
from kg.model import (
    CONTEXT_KEYS,
    Assertion,
    Condition,
    Context,
    Effect,
    Entity,
    Evidence,
    Observation,
    Publication,
    Statement,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "ASSERTION_COLUMNS",
    "COLUMNS",
    "EVIDENCE_COLUMNS",
    "assertion_row",
    "columns_table",
    "conditions_from_json",
    "conditions_json",
    "context_from_json",
    "context_json",
    "entities_from_columns",
    "entity_row",
    "graph_from_columns",
    "publication_row",
    "schema",
]

_KINDS = {"str": "text", "bool": "bool", "int | None": "int", "float | None": "float"}


def _evidence_columns() -> dict[str, str]:
    """Return every column of an evidence with its kind, in the order of the model's fields."""
    columns: dict[str, str] = {}
    for part in fields(Evidence):
        inner = {"effect": Effect, "observation": Observation}.get(part.name)
        if inner is None:
            columns[part.name] = _KINDS.get(str(part.type), "text")
        else:
            columns.update((f"{part.name}_{f.name}", _KINDS[str(f.type)]) for f in fields(inner))
    return columns


EVIDENCE_COLUMNS = _evidence_columns()
"""The columns of one evidence and their kinds (text, bool, int, float), without ``id`` and ``statement``."""

_PUBLICATION_COLUMNS = {f.name: "text" for f in fields(Publication)}
_STATEMENT_PARTS = dict.fromkeys(("subject", "relation", "object", "context", "conditions"), "text")

ASSERTION_COLUMNS = _STATEMENT_PARTS | EVIDENCE_COLUMNS
"""The columns of one raw finding: its statement spelled out, then its evidence."""

_COUNTS = {
    "support": "int", "refute": "int", "null_count": "int", "support_weight": "float", "against_weight": "float",
    "belief": "float", "verdict": "text",
}  # fmt: skip

COLUMNS: dict[str, dict[str, str]] = {
    "entities": {
        "id": "text", "name": "text", "category": "text", "roles": "list", "synonyms": "list", "xrefs": "list",
        "close_matches": "list", "valence": "text", "source": "text",
    },
    "statements": {"id": "text", "claim": "text"} | _STATEMENT_PARTS | {"sign": "int", "tier": "text"} | _COUNTS
    | {"first_date": "text", "sources": "list", "refines": "list"},
    "claims": {"id": "text", "subject": "text", "relation": "text", "object": "text", "sign": "int", "tier": "text"}
    | _COUNTS | {"asserted": "bool", "statements": "list", "conflicts": "list"},
    "evidence": {"id": "text", "statement": "text"} | EVIDENCE_COLUMNS,
    "publications": _PUBLICATION_COLUMNS,
}  # fmt: skip
"""The columns of every table of a graph directory and their kinds."""


@cache
def schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a table of `COLUMNS`, or of the raw ``assertions``.

    >>> schema("publications").names[:3]
    ['key', 'pmid', 'doi']
    """
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "bool": pa.bool_(),
        "int": pa.int64(),
        "float": pa.float64(),
        "list": pa.list_(pa.string()),
    }
    columns = ASSERTION_COLUMNS if table == "assertions" else COLUMNS[table]
    return pa.schema([pa.field(name, kinds[kind]) for name, kind in columns.items()])


def columns_table(table: str, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Return rows (tuples in column order) as an Arrow table of the named schema."""
    import pyarrow as pa

    shape = schema(table)
    columns = list(zip(*rows, strict=True)) or [()] * len(shape)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, shape, strict=True)], schema=shape)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=65536)
def context_json(context: Context) -> str:
    """Return a context as canonical JSON; ``{}`` for an empty one."""
    return _json({key: list(curies) for key in CONTEXT_KEYS if (curies := getattr(context, key))})


@lru_cache(maxsize=65536)
def context_from_json(text: str) -> Context:
    """Return the context written by `context_json`; raises ValueError or TypeError for any other text."""
    return Context(**{key: tuple(curies) for key, curies in json.loads(text).items()}) if text else Context()


@lru_cache(maxsize=65536)
def conditions_json(conditions: tuple[Condition, ...]) -> str:
    """Return conditions as canonical JSON; ``[]`` for none.

    >>> conditions_json((Condition("baseline serum total IgE", ">=", "200", "[IU]/mL"),))
    '[{"variable":"baseline serum total IgE","operator":">=","value":"200","unit":"[IU]/mL","group":""}]'
    """
    return _json([{f.name: getattr(c, f.name) for f in fields(Condition)} for c in conditions])


@lru_cache(maxsize=65536)
def conditions_from_json(text: str) -> tuple[Condition, ...]:
    """Return the conditions written by `conditions_json`; raises ValueError or TypeError for any other text."""
    return tuple(Condition(**condition) for condition in json.loads(text)) if text else ()


_EFFECT = tuple(f.name for f in fields(Effect))
_OBSERVATION = tuple(f.name for f in fields(Observation))
_NO_EFFECT, _NO_OBSERVATION = Effect(), Observation()


def assertion_row(assertion: Assertion) -> tuple[Any, ...]:
    """Return an assertion as a row of `ASSERTION_COLUMNS`."""
    statement, evidence = assertion.statement, assertion.evidence
    row: list[Any] = [
        statement.subject,
        statement.relation,
        statement.object,
        context_json(statement.context),
        conditions_json(statement.conditions),
    ]
    for name in _EVIDENCE_FIELDS:
        value = getattr(evidence, name)
        if name == "publication":
            row.append(value.key)
        elif name == "effect":
            row.extend(getattr(value, inner) for inner in _EFFECT)
        elif name == "observation":
            row.extend(getattr(value, inner) for inner in _OBSERVATION)
        else:
            row.append(value)
    return tuple(row)


_EVIDENCE_FIELDS = tuple(f.name for f in fields(Evidence))


def publication_row(publication: Publication) -> tuple[str, ...]:
    """Return a publication as a row of the ``publications`` table."""
    return tuple(getattr(publication, name) for name in _PUBLICATION_COLUMNS)


def entity_row(entity: Entity) -> tuple[Any, ...]:
    """Return an entity as a row of the ``entities`` table."""
    return (
        entity.curie,
        entity.name,
        entity.category,
        list(entity.roles),
        list(entity.synonyms),
        list(entity.xrefs),
        list(entity.close_matches),
        entity.valence,
        entity.source,
    )


def graph_from_columns(columns: Mapping[str, Mapping[str, Sequence[Any]]], *, path: Path | None = None) -> Graph:
    """Return the graph held by the columns of ``entities``, ``statements``, ``evidence`` and ``publications``.

    `columns` maps table name to column name to values, as ``pyarrow.Table.to_pydict`` gives them. Raises KeyError when a
    column is missing or an evidence names a statement or publication that the tables lack.
    """
    entities = entities_from_columns(columns["entities"])
    papers = {row[0]: Publication(*row) for row in _rows(columns["publications"], _PUBLICATION_COLUMNS)}
    statements = {
        sid: Statement(subject, relation, object_, context_from_json(context), conditions_from_json(conditions))
        for sid, subject, relation, object_, context, conditions in _rows(
            columns["statements"], ("id", *_STATEMENT_PARTS)
        )
    }
    found: dict[str, list[Evidence]] = {sid: [] for sid in statements}
    for row in _rows(columns["evidence"], COLUMNS["evidence"]):
        found[row[1]].append(_evidence(row, papers))
    return Graph(entities, statements, {sid: tuple(rows) for sid, rows in found.items()}, path=path)


def entities_from_columns(columns: Mapping[str, Sequence[Any]]) -> dict[str, Entity]:
    """Return the entities held by the columns of their table, by CURIE; raises KeyError when a column is missing."""
    return {row[0]: _entity(row) for row in _rows(columns, COLUMNS["entities"])}


def _rows(columns: Mapping[str, Sequence[Any]], names: Iterable[str]) -> Iterable[tuple[Any, ...]]:
    return zip(*(columns[name] for name in names), strict=True)


def _entity(row: tuple[Any, ...]) -> Entity:
    curie, name, category, roles, synonyms, xrefs, close, valence, source = row
    return Entity(
        curie, name, category, roles=tuple(roles), synonyms=tuple(synonyms), xrefs=tuple(xrefs),
        close_matches=tuple(close), valence=valence, source=source,
    )  # fmt: skip


_PLACES = {name: place for place, name in enumerate(COLUMNS["evidence"])}
_EFFECT_AT = slice(_PLACES["effect_measure"], _PLACES["effect_measure"] + len(_EFFECT))
_OBSERVATION_AT = slice(_PLACES["observation_phase"], _PLACES["observation_phase"] + len(_OBSERVATION))
_BLANK_EFFECT = tuple(getattr(_NO_EFFECT, name) for name in _EFFECT)
_BLANK_OBSERVATION = tuple(getattr(_NO_OBSERVATION, name) for name in _OBSERVATION)


def _evidence(row: tuple[Any, ...], papers: Mapping[str, Publication]) -> Evidence:
    values: list[Any] = []
    effect, observation = row[_EFFECT_AT], row[_OBSERVATION_AT]
    for name in _EVIDENCE_FIELDS:
        if name == "publication":
            values.append(papers[row[_PLACES[name]]])
        elif name == "effect":
            values.append(_NO_EFFECT if effect == _BLANK_EFFECT else Effect(*effect))
        elif name == "observation":
            values.append(_NO_OBSERVATION if observation == _BLANK_OBSERVATION else Observation(*observation))
        else:
            values.append(row[_PLACES[name]])
    return Evidence(*values)
