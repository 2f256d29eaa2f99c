"""From the tables of a graph to the numbered columns of a path index, by set-based SQL in DuckDB (``gather.sql``).

A generation on disk is read from its Parquet files, out of core; a graph in memory is handed over as Arrow tables of the same
few columns. Nothing is made for a single row in Python but what is distinct: relations, designs, dates, settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.belief import weight
from kg.graph import Graph
from kg.model import Evidence, Publication
from kg.tables import conditions_json, context_json
from ontologies.errors import BackendError
from ontologies.vocabulary import relations
from queries.index.filters import WEIGHT, day_number
from queries.step_rules import INSIDE, SHARED_PATHWAYS, WITHIN, category_number, relation_numbers, step_kind

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

    Vector = np.ndarray[Any, Any]

__all__ = ["CYTOKINE", "HUB", "IN_CELL", "NEVER", "RECEPTOR", "Gathered", "gather_generation", "gather_graph"]

NEVER = 64
"""Kind of a claim that is never a step: it only says what lies within what."""
CYTOKINE, RECEPTOR, HUB, IN_CELL = 1, 2, 4, 8


@dataclass(frozen=True)
class Gathered:
    """The columns of a graph: texts as lists, numbers as numpy arrays; rows sorted by arc and study."""

    curies: list[str]
    names: list[str]
    categories: Vector
    roles: Vector
    tails: Vector
    heads: Vector
    relations: Vector
    signs: Vector
    kinds: Vector
    statement_arcs: Vector
    statement_settings: Vector
    settings: list[str]
    row_arcs: Vector
    row_statements: Vector
    row_studies: Vector
    row_stances: Vector
    row_weights: Vector
    row_recounts: Vector
    row_dates: Vector
    row_sources: Vector
    studies: list[str]
    sources: list[str]


def gather_generation(generation: Path, *, memory: str = "1GB") -> Gathered:
    """Gather the columns of a generation of a graph directory from its Parquet files."""
    import tempfile

    import duckdb

    with tempfile.TemporaryDirectory(prefix="immunokg-") as spill:
        con = duckdb.connect(":memory:", config={"memory_limit": memory, "temp_directory": spill})
        try:
            views = {
                "entity": "SELECT id, name, category, roles FROM {entities}",
                "claim": "SELECT id, subject, relation, object FROM {claims}",
                "statement": "SELECT id, claim, context, conditions FROM {statements}",
                "finding": """SELECT e.statement, e.stance, e.design, e.extractor, e.agent_type, e.recounts, e.source, p.date,
                    CASE WHEN e.parent_study <> '' THEN e.parent_study ELSE e.study END AS root
                    FROM {evidence} e JOIN {publications} p ON p.key = e.publication""",
            }
            names = ("entities", "claims", "statements", "evidence", "publications")
            files = {name: "read_parquet('" + str(generation / f"{name}.parquet").replace("'", "''") + "')" for name in names}
            for view, query in views.items():
                con.execute(f"CREATE TEMP VIEW {view} AS {query.format(**files)}").fetchall()
            return _gathered(con)
        except duckdb.Error as error:
            raise BackendError(
                f"the tables in {generation} cannot be read ({str(error).splitlines()[0]}); "
                f"build the graph anew with: immunokg build --out {generation.parent}"
            ) from error
        finally:
            con.close()


def gather_graph(graph: Graph) -> Gathered:
    """Gather the columns of a graph in memory."""
    import duckdb

    con = duckdb.connect(":memory:")
    try:
        for name, table in _tables(graph).items():
            con.register(name, table)
        return _gathered(con)
    finally:
        con.close()


def _tables(graph: Graph) -> dict[str, pa.Table]:
    import pyarrow as pa

    text = pa.string()
    numbers = {claim: str(number) for number, claim in enumerate(graph.claims)}
    rows = [
        (sid, e.stance, e.root_study, e.design, e.extractor, e.agent_type, e.recounts, e.publication.date, e.source)
        for sid, found in graph.evidence.items()
        for e in found
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 9
    kinds = [text, text, text, text, text, text, pa.bool_(), text, text]
    names = ["statement", "stance", "root", "design", "extractor", "agent_type", "recounts", "date", "source"]
    entities, statements = list(graph.entities.values()), graph.statements
    return {
        "entity": pa.table(
            {
                "id": pa.array([e.curie for e in entities], text),
                "name": pa.array([e.name for e in entities], text),
                "category": pa.array([e.category for e in entities], text),
                "roles": pa.array([list(e.roles) for e in entities], pa.list_(text)),
            }
        ),
        "claim": pa.table(
            {
                "id": pa.array(numbers.values(), text),
                "subject": pa.array([c.subject for c in numbers], text),
                "relation": pa.array([c.relation for c in numbers], text),
                "object": pa.array([c.object for c in numbers], text),
            }
        ),
        "statement": pa.table(
            {
                "id": pa.array(statements, text),
                "claim": pa.array([numbers[s.claim] for s in statements.values()], text),
                "context": pa.array([context_json(s.context) for s in statements.values()], text),
                "conditions": pa.array([conditions_json(s.conditions) for s in statements.values()], text),
            }
        ),
        "finding": pa.table([pa.array(c, kind) for c, kind in zip(columns, kinds, strict=True)], names=names),
    }


def _gathered(con: duckdb.DuckDBPyConnection) -> Gathered:
    import numpy as np

    _put_rules(con)
    con.execute(Path(__file__).with_name("gather.sql").read_text(encoding="utf-8")).fetchall()
    nodes = con.execute("SELECT id, name, category, roles FROM node ORDER BY number").fetchall()
    arcs = con.execute("SELECT tail, head, relation_number, sign, kind FROM arc ORDER BY number").fetchnumpy()
    stated = con.execute("SELECT arc, setting FROM stated ORDER BY number").fetchnumpy()
    settings = con.execute("SELECT context || chr(9) || conditions FROM setting ORDER BY number").fetchall()
    studies = con.execute("SELECT root FROM study ORDER BY number").fetchall()
    sources = [source for (source,) in con.execute("SELECT DISTINCT source FROM counted ORDER BY source").fetchall()]
    made = con.execute("SELECT DISTINCT design, extractor, agent_type FROM counted").fetchall()
    weights = [(*parts, _weight(*parts)) for parts in made]
    dates = [(d, day_number(d)) for (d,) in con.execute("SELECT DISTINCT date FROM counted").fetchall()]
    _put(con, "weight", ("design", "extractor", "agent_type", "weight"), weights)
    _put(con, "day", ("date", "day"), dates)
    _put(con, "origin", ("source", "number"), list(zip(sources, range(len(sources)), strict=True)))
    rows = con.execute(
        """SELECT r.arc, r.statement, r.study, r.stance, w.weight, r.recounts, d.day, o.number AS source
        FROM counted r JOIN weight w USING (design, extractor, agent_type) JOIN day d USING (date) JOIN origin o USING (source)
        ORDER BY r.arc, r.study, r.statement, r.stance, w.weight, r.recounts, d.day, o.number"""
    ).fetchnumpy()

    def column(table: dict[str, Any], name: str, kind: str) -> Vector:
        return np.ascontiguousarray(np.asarray(table[name]), dtype=kind)

    return Gathered(
        curies=[row[0] for row in nodes],
        names=[row[1] for row in nodes],
        categories=np.array([category_number(row[2]) for row in nodes], dtype="u1"),
        roles=np.array([_roles(row[0], row[2], row[3]) for row in nodes], dtype="u1"),
        tails=column(arcs, "tail", "u4"),
        heads=column(arcs, "head", "u4"),
        relations=column(arcs, "relation_number", "u2"),
        signs=column(arcs, "sign", "i1"),
        kinds=column(arcs, "kind", "u1"),
        statement_arcs=column(stated, "arc", "u4"),
        statement_settings=column(stated, "setting", "u4"),
        settings=[row[0] for row in settings],
        row_arcs=column(rows, "arc", "u4"),
        row_statements=column(rows, "statement", "u4"),
        row_studies=column(rows, "study", "u4"),
        row_stances=column(rows, "stance", "u1"),
        row_weights=column(rows, "weight", "u4"),
        row_recounts=column(rows, "recounts", "u1"),
        row_dates=column(rows, "day", "u4"),
        row_sources=column(rows, "source", "u2"),
        studies=[row[0] for row in studies],
        sources=sources,
    )


def _weight(design: str, extractor: str, agent_type: str) -> int:
    """Return what a finding of this design and reader weighs, by the rule of `kg.belief`."""
    finding = Evidence("supports", Publication(""), "", design, extractor=extractor, agent_type=agent_type)
    return round(weight(finding) * WEIGHT)


def _roles(curie: str, category: str, roles: list[str]) -> int:
    hub = "Kinase" in roles or curie in SHARED_PATHWAYS
    inside = IN_CELL * (category in INSIDE)
    return CYTOKINE * ("Cytokine" in roles) | RECEPTOR * ("Receptor" in roles) | HUB * hub | inside


def _put_rules(con: duckdb.DuckDBPyConnection) -> None:
    """Put in the sign and kind of every combination of relation and categories that the graph has.

    ``directed`` holds every claim, and symmetric ones the other way round too: they are stored one way and are steps both ways.
    """
    _put(con, "mutual", ("name",), [(name,) for name, word in relations().items() if word.symmetric])
    con.execute(
        """CREATE TEMP VIEW directed AS SELECT id, subject, relation, object FROM claim UNION ALL
        SELECT id, object, relation, subject FROM claim WHERE relation IN (SELECT name FROM mutual)"""
    ).fetchall()
    found = con.execute(
        """SELECT DISTINCT c.relation, coalesce(s.category, ''), coalesce(o.category, '')
        FROM directed c LEFT JOIN entity s ON s.id = c.subject LEFT JOIN entity o ON o.id = c.object"""
    ).fetchall()
    rules = []
    for name, subject, object_ in found:
        sign, kind = step_kind(name, subject, object_)
        if sign or name in WITHIN:
            rules.append((name, relation_numbers()[name], subject, object_, sign or 1, kind if sign else NEVER))
    _put(con, "rule", ("relation", "number", "subject_category", "object_category", "sign", "kind"), rules)


def _put(con: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    import pyarrow as pa

    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    kinds = [pa.string() if not c or isinstance(c[0], str) else pa.int64() for c in cells]
    con.register(name, pa.table([pa.array(c, k) for c, k in zip(cells, kinds, strict=True)], names=list(columns)))
