"""The property-graph form of a large graph as tables in DuckDB, straight from the Parquet files of a generation.

The rows are those of `kg.property_graph.nodes_of` and `links_of`, made by ``sql/property.sql``; Python sees only what is
distinct (contexts, conditions, categories with roles, dates). A graph in memory takes the same way.

>>> from kg.model import Entity
>>> graph = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene", roles=("Receptor",))])
>>> with property_tables(graph) as con:
...     con.execute("SELECT id, labels FROM node_entity").fetchall()
[('HGNC:6015', ['Entity', 'Gene', 'Receptor'])]
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.graph import Graph
from kg.model import CONTEXT_KEYS, last_day
from kg.property_graph import KINDS, LINKS, STANCE_TYPES, LinkForm, condition_key, entity_labels, link_form, readable_conditions
from kg.rdf_rows import graph_source
from kg.tables import COLUMNS, columns_table, conditions_from_json, context_from_json
from ontologies.errors import BackendError, BadInput
from ontologies.knowledge import strongest_first
from ontologies.vocabulary import relations

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["LINK_VIEWS", "NODE_VIEWS", "database_errors", "property_tables"]

NODE_VIEWS: Mapping[str, str] = {kind: f"node_{kind.lower()}" for kind in KINDS}
"""The view of the nodes of each kind: their properties and ``labels``."""

LINK_VIEWS: Mapping[str, LinkForm] = {
    "link_relations": link_form("TREATS"),
    "link_statement_ends": LINKS["SUBJECT"],
    "link_statement_evidence": LINKS["SUPPORTED_BY"],
    "link_evidence_publication": LINKS["FROM"],
    "link_statement_conditions": LINKS["HAS_CONDITION"],
    "link_statement_links": LINKS["REFINES"],
}
"""The views of relationships: ``start``, ``end``, ``type`` and their properties."""


@contextmanager
def property_tables(
    source: Graph | Path, *, memory: str = "2GB", threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection that has the views of `NODE_VIEWS` and `LINK_VIEWS`.

    Args:
        source: a graph in memory, or the directory of a generation.
        memory: what DuckDB may hold before it spills into a temporary folder.
        threads: of DuckDB; all of the machine if not given.

    Raises:
        BackendError: a file of the generation is missing or damaged, or there is no room.
        BadInput: the graph holds what no property graph can.
    """
    import duckdb

    settings: dict[str, Any] = {
        "memory_limit": memory, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
    }  # fmt: skip
    if threads:
        settings["threads"] = threads
    with tempfile.TemporaryDirectory(prefix="immunokg-") as folder:
        con = duckdb.connect(":memory:", config=settings | {"temp_directory": folder})
        try:
            with database_errors():
                _open_tables(con, source)
                _check_numbers(con)
                _put_distinct(con)
                _run(con)
            yield con
        finally:
            con.close()


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn what DuckDB raises into one line of ours."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        said = str(error).splitlines()[0]
        full = "; free some space and run again" if "space" in said.lower() or "out of memory" in said.lower() else ""
        raise BackendError(f"the property graph cannot be made: {said}{full}") from error


def _open_tables(con: duckdb.DuckDBPyConnection, source: Graph | Path) -> None:
    if isinstance(source, Path):
        from kg.directory import verify

        verify(source)
        for table in COLUMNS:
            path = str(source / f"{table}.parquet").replace("'", "''")
            con.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM read_parquet('{path}')").fetchall()  # noqa: S608 (quoted)
        return
    import pyarrow as pa

    rows = graph_source(source)
    for table in COLUMNS:
        try:
            con.register(table, columns_table(table, list(rows(table))))
        except (pa.ArrowException, UnicodeError, OverflowError) as error:
            raise BadInput(f"{table}: {error}; no engine can hold this") from error


def _check_numbers(con: duckdb.DuckDBPyConnection) -> None:
    """Refuse numbers that are none."""
    for name in (name for name, kind in KINDS["Evidence"].items() if kind == "float"):
        bad = con.execute(f'SELECT "{name}" FROM evidence WHERE NOT isfinite("{name}") LIMIT 1').fetchall()  # noqa: S608 (our column)
        if bad:
            raise BadInput(f"{bad[0][0]!r} is no number that can be stated; leave the field empty")


def _put_distinct(con: duckdb.DuckDBPyConnection) -> None:
    """Register what Python makes of everything that is distinct."""
    texts = _column(con, "SELECT DISTINCT context FROM statements")
    contexts = [context_from_json(text) for text in texts]
    _put(con, "context_part", {"text": texts} | {key: [list(getattr(c, key)) for c in contexts] for key in CONTEXT_KEYS})
    texts = _column(con, "SELECT DISTINCT conditions FROM statements")
    conditions = {text: conditions_from_json(text) for text in texts}
    _put(con, "condition_text", {"text": texts, "readable": [readable_conditions(found) for found in conditions.values()]})
    uses = [(text, condition_key(c), c.group) for text, found in conditions.items() for c in found]
    _put(con, "condition_use", dict(zip(("text", "id", "group"), _turned(uses, 3), strict=True)))
    nodes = {condition_key(c): (c.variable, c.operator, c.value, c.unit) for found in conditions.values() for c in found}
    rows = [(key, *parts) for key, parts in nodes.items()]
    _put(con, "condition_node", dict(zip(KINDS["Condition"], _turned(rows, 5), strict=True)))
    kinds = con.execute("SELECT DISTINCT category, roles FROM entities").fetchall()
    labels = [list(entity_labels(category, roles)) for category, roles in kinds]
    _put(con, "entity_label", {"category": [k[0] for k in kinds], "roles": [k[1] for k in kinds], "labels": labels})
    known = relations().values()
    _put(con, "relation_type", {"relation": [r.name for r in known], "type": [r.neo4j_type for r in known]})
    _put(con, "stance_type", {"stance": list(STANCE_TYPES), "type": list(STANCE_TYPES.values())})
    levels = strongest_first(_column(con, "SELECT DISTINCT knowledge_level FROM evidence"))
    _put(con, "level_rank", {"level": levels, "rank": list(range(len(levels)))})
    dates = _column(con, "SELECT DISTINCT date FROM publications WHERE date <> ''")
    try:
        _put(con, "day", {"date": dates, "last_day": [last_day(date) for date in dates]})
    except ValueError as error:
        raise BadInput(f"the graph holds a date that no calendar has ({error}); mend it in the source") from error


def _run(con: duckdb.DuckDBPyConnection) -> None:
    text = (Path(__file__).with_name("sql") / "property.sql").read_text(encoding="utf-8")
    text = text.replace("{context_columns}", ", ".join(f"x.{key} AS context_{key}" for key in CONTEXT_KEYS))
    for statement in con.extract_statements(text):
        con.execute(statement).fetchall()


def _put(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, list[Any]]) -> None:
    import pyarrow as pa

    lists, numbers = (*CONTEXT_KEYS, "readable", "roles", "labels"), ("rank",)

    def kind(column: str) -> pa.DataType:
        return pa.list_(pa.string()) if column in lists else pa.int64() if column in numbers else pa.string()

    con.register(name, pa.table({column: pa.array(values, kind(column)) for column, values in columns.items()}))


def _column(con: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    return [value for (value,) in con.execute(query).fetchall()]


def _turned(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]
