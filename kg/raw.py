"""Raw input of the assembly: records spilled to Parquet in batches, and tables that others made.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as work:
...     raw = RawTables(Path(work))
...     raw.add_records([])
...     raw.close()
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.generations import file_errors
from kg.model import Entity, Publication, Record
from kg.tables import ASSERTION_COLUMNS, COLUMNS, assertion_row, columns_table, entity_row, publication_row, schema
from ontologies.errors import BadInput, Fault

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

__all__ = ["RawTables"]

_BATCH = 20_000
_REQUIRED = {
    "assertions": ("subject", "relation", "object", "stance", "publication", "study", "design"),
    "entities": ("id", "name", "category"),
    "publications": ("key",),
}
_DEFAULTS = {
    "context": "{}",
    "conditions": "[]",
    "knowledge_level": "not_provided",
    "agent_type": "manual_agent",
    "precision": "unknown",
}
_TYPES = {"text": "VARCHAR", "bool": "BOOLEAN", "int": "BIGINT", "float": "DOUBLE", "list": "VARCHAR[]"}
_VIEWS = {"assertions": "raw", "entities": "entity_raw", "publications": "publication_raw"}


class RawTables:
    """The raw tables ``assertions``, ``entities`` and ``publications`` of one assembly, as Parquet files."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._paths: dict[str, list[Path]] = {name: [] for name in _VIEWS}
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _VIEWS}
        self._writers: dict[str, ParquetWriter] = {}
        self._publications: set[Publication] = set()

    def add_records(self, records: Iterable[Record]) -> None:
        """Turn every record into a row; a batch is written as soon as it is full."""
        assertions, entities, publications = (self._rows[name] for name in ("assertions", "entities", "publications"))
        met = self._publications
        for record in records:
            if isinstance(record, Entity):
                entities.append(entity_row(record))
                if len(entities) >= _BATCH:
                    self._flush("entities")
                continue
            assertions.append(assertion_row(record))
            publication = record.evidence.publication
            if publication not in met:
                met.add(publication)
                publications.append(publication_row(publication))
            if len(assertions) >= _BATCH:
                self._flush("assertions")
                self._flush("publications")

    def add_tables(self, kind: str, tables: Sequence[Path | pa.Table]) -> None:
        """Add tables of one kind after a look at their columns; raises `BadInput` for columns missing or unknown."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        for table in tables:
            if isinstance(table, Path):
                try:
                    names = pq.read_schema(table).names
                except (OSError, pa.ArrowException) as error:
                    raise BadInput(f"{table} is no Parquet file: {error}", [Fault(str(table), problem=str(error))]) from error
                path = table
            else:
                names = table.schema.names
                path = self._work / f"given-{kind}-{len(self._paths[kind])}.parquet"
                pq.write_table(table, path)
            _check_columns(kind, names, str(table) if isinstance(table, Path) else f"table of {kind}")
            self._paths[kind].append(path)

    def create_views(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create the views ``raw``, ``entity_raw`` and ``publication_raw`` with every column, nothing null but numbers."""
        for kind in _VIEWS:
            self._flush(kind)
        self.close()
        for kind, view in _VIEWS.items():
            paths = self._paths[kind]
            if not paths:
                self._rows[kind] = []
                paths = [self._work / f"empty-{kind}.parquet"]
                _write(columns_table(kind, []), paths[0])
            selects = [_select(kind, path) for path in paths]
            body = " UNION ALL ".join(selects)
            form = "SELECT DISTINCT * FROM" if kind == "entities" else "SELECT * FROM"
            create = "CREATE TEMP TABLE" if kind == "entities" else "CREATE TEMP VIEW"
            connection.execute(f"{create} {view} AS {form} ({body})").fetchall()

    def close(self) -> None:
        """Close the files that rows are being written to."""
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def _flush(self, kind: str) -> None:
        rows = self._rows[kind]
        if not rows:
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            table = columns_table(kind, rows)
        except (UnicodeEncodeError, pa.ArrowException) as error:
            raise BadInput(f"a record of {kind} cannot be stored: {error}") from error
        rows.clear()
        with file_errors(self._work):
            if kind not in self._writers:
                path = self._work / f"raw-{kind}.parquet"
                self._writers[kind] = pq.ParquetWriter(path, schema(kind))
                self._paths[kind].append(path)
            self._writers[kind].write_table(table)


def _write(table: pa.Table, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, path)


def _columns(kind: str) -> dict[str, str]:
    return ASSERTION_COLUMNS if kind == "assertions" else COLUMNS[kind]


def _check_columns(kind: str, names: Sequence[str], source: str) -> None:
    known = _columns(kind)
    faults = [
        Fault(source, field=name, problem="column is missing", fix="add it")
        for name in _REQUIRED[kind]
        if name not in names
    ]
    faults += [
        Fault(source, field=name, problem="unknown column", fix=f"use one of {', '.join(known)}")
        for name in names
        if name not in known
    ]
    if faults:
        raise BadInput(f"{len(faults)} faults in the columns of {source}", faults)


def _select(kind: str, path: Path) -> str:
    """Return SQL that reads one file with all columns of its kind."""
    import pyarrow.parquet as pq

    present = set(pq.read_schema(path).names)
    columns = []
    for name, form in _columns(kind).items():
        default = "'" + _DEFAULTS.get(name, "") + "'"
        blank = {"text": default, "bool": "false", "list": "[]"}.get(form, "NULL")
        cell = f'"{name}"::{_TYPES[form]}' if name in present else f"{blank}::{_TYPES[form]}"
        columns.append(f'{cell if blank == "NULL" else f"coalesce({cell}, {blank})"} AS "{name}"')
    quoted = str(path).replace("'", "''")
    return f"SELECT {', '.join(columns)} FROM read_parquet('{quoted}')"  # noqa: S608 (names are ours, the path is quoted)
