"""Assembly at scale: records or raw Parquet tables in, the five tables of a graph out, by set-based SQL in DuckDB.

The result equals `kg.graph.Graph.from_records` row for row (`kg.digest.graph_rows`); it differs in that it streams, works
out of core in a directory of its own, and never loops over rows in Python except to make rows out of objects. The steps
are the files of ``kg/sql``: which identifiers are the same (``equivalence``), which publications (``publications``,
``aliases``), canonical contexts and conditions (``mentioned``, ``contexts``), the digests (``identify``), merging
(``rollup``), studies for and against (``count``), and what refines or contradicts what (``relate``). Python sees only what
is distinct: identifiers, and the publications and entities that need joining.

>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> il4, jak1 = Entity("HGNC:6014", "IL4", "Gene"), Entity("HGNC:6190", "JAK1", "Gene")
>>> evidence = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")
>>> with Assembly() as assembly:
...     assembly.add_records([il4, jak1, Assertion(Statement("HGNC:6014", "increases_activity_of", "HGNC:6190"), evidence)])
...     assembly.graph().statements.keys() == {Statement("HGNC:6014", "increases_activity_of", "HGNC:6190").id}
True
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kg.digest import DIGESTED, combine_digests
from kg.equivalence import join_publications, merge_entities, resolve_claims
from kg.graph import Graph
from kg.identity import relation_iri
from kg.model import CONTEXT_KEYS, Entity, Publication, Record
from kg.raw import RawTables
from kg.tables import (
    COLUMNS,
    EVIDENCE_COLUMNS,
    columns_table,
    entity_row,
    graph_from_columns,
    publication_row,
    schema,
)
from ontologies.designs import designs
from ontologies.errors import BackendError, BadInput, Fault, MalformedCurie
from ontologies.extractors import precision
from ontologies.prefixes import expand
from ontologies.vocabulary import relations

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Assembly"]

_MAX_FAULTS = 100
_STAGE = "staged.parquet"
_UNREPEATED = "s WHERE NOT EXISTS (SELECT 1 FROM repeated r WHERE r.id = s.id AND r.first <> s.place)"
_CORE = {"statements": "statement_core", "evidence": "once"}
_ORDER = {"evidence": "statement, id", "publications": "key"}


class Assembly:
    """One assembly of records into the tables of a graph; a context manager that cleans up after itself.

    Args:
        work: an existing directory for spilling and for raw rows; a temporary one if not given.
        memory: how much DuckDB may hold before it spills to `work`, such as ``2GB``.
        threads: how many threads DuckDB may use; all of the machine if not given.
    """

    def __init__(self, *, work: Path | None = None, memory: str = "2GB", threads: int | None = None) -> None:
        self._own = tempfile.TemporaryDirectory(prefix="immunokg-") if work is None else None
        self._work = Path(self._own.name) if self._own else work
        assert self._work is not None
        self._raw = RawTables(self._work)
        self._memory, self._threads = memory, threads
        self._con: duckdb.DuckDBPyConnection | None = None
        self._done = False

    def __enter__(self) -> Assembly:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the database and remove the working directory if it is our own."""
        self._raw.close()
        if self._con is not None:
            self._con.close()
            self._con = None
        if self._own is not None:
            self._own.cleanup()

    def add_records(self, records: Iterable[Record]) -> None:
        """Take entities and assertions, in any order; they are written out in batches and not kept."""
        self._raw.add_records(records)

    def add_tables(
        self,
        *,
        assertions: Sequence[Path | pa.Table] = (),
        entities: Sequence[Path | pa.Table] = (),
        publications: Sequence[Path | pa.Table] = (),
    ) -> None:
        """Take raw tables: Arrow tables, or paths of Parquet files.

        Their columns are those of `kg.tables.ASSERTION_COLUMNS` and of the tables ``entities`` and ``publications``. Those that
        are missing, and nulls, stand for "not stated"; a column that we do not know is refused. Raises `BadInput` for a table
        without the columns that a finding cannot do without.
        """
        self._raw.add_tables("assertions", assertions)
        self._raw.add_tables("entities", entities)
        self._raw.add_tables("publications", publications)

    def tables(self) -> dict[str, pa.Table]:
        """Return the assembled tables in memory, in their order."""
        con = self._assembled()
        found: dict[str, pa.Table] = {}
        for name in COLUMNS:
            found[name] = con.sql(_ordered(name)).to_arrow_table().cast(schema(name))
        return found

    def graph(self) -> Graph:
        """Return the assembled graph in memory."""
        return graph_from_columns({name: table.to_pydict() for name, table in self.tables().items()})

    def digest(self) -> tuple[str, dict[str, int]]:
        """Return the content digest and the number of rows of every table."""
        con = self._assembled()
        found = {name: _digest(con, name, _CORE.get(name, f"final_{name}")) for name in DIGESTED}
        [(claims,)] = con.execute("SELECT count(*) FROM claim_core").fetchall()
        return combine_digests(found), {name: number for name, (number, _) in found.items()} | {"claims": int(claims)}

    def source_counts(self, source: str) -> dict[str, int]:
        """Return how many statements, evidences and publications one source brought."""
        con = self._assembled()
        query = "SELECT count(DISTINCT statement), count(*), count(DISTINCT publication) FROM finding WHERE source = ?"
        [row] = con.execute(query, [source]).fetchall()
        return dict(zip(("statements", "evidence", "publications"), map(int, row), strict=True))

    def write(self, directory: Path) -> None:
        """Write every table as ``NAME.parquet`` into an existing directory, sorted."""
        con = self._assembled()
        for name in COLUMNS:
            target = _quoted(str(directory / f"{name}.parquet"))
            blank = _blank_columns(self._work_directory / _STAGE) if name == "evidence" else {}
            options = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
            with _database_errors():
                con.execute(f"COPY ({_ordered(name, blank)}) TO {target} {options}").fetchall()

    def _assembled(self) -> duckdb.DuckDBPyConnection:
        if self._con is None:
            self._con = self._connect()
        if not self._done:
            with _database_errors():
                _assemble(self._con, self._raw, self._work_directory)
            self._done = True
        return self._con

    @property
    def _work_directory(self) -> Path:
        assert self._work is not None
        return self._work

    def _connect(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        settings: dict[str, Any] = {
            "memory_limit": self._memory,
            "temp_directory": str(self._work_directory),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if self._threads:
            settings["threads"] = self._threads
        return duckdb.connect(":memory:", config=settings)


def _assemble(con: duckdb.DuckDBPyConnection, raw: RawTables, work: Path) -> None:
    _run(con, "macros")
    raw.create_views(con)
    _check_words(con)
    _put(con, "context_key", {"key": list(CONTEXT_KEYS), "place": list(range(len(CONTEXT_KEYS)))})
    _resolve_identity(con)
    _run(con, "mentioned")
    _put_identifiers(con)
    _run(con, "contexts")
    _put_vocabulary(con)
    _join_publications(con)
    _run(con, "identify", evidence_columns=", ".join(_quoted_names(EVIDENCE_COLUMNS)), evidence_lines=_evidence_lines())
    stage = _quoted(str(work / _STAGE))
    con.execute(f"COPY identified TO {stage} (FORMAT parquet, COMPRESSION uncompressed)").fetchall()
    rows = f"read_parquet({stage}, file_row_number=true)"
    con.execute(f"CREATE TEMP VIEW staged AS SELECT * RENAME (file_row_number AS place) FROM {rows}").fetchall()  # noqa: S608 (our own file)
    _run(con, "repeated")
    [(repeats,)] = con.execute("SELECT count(*) FROM repeated").fetchall()
    _run(con, "rollup", unrepeated=_UNREPEATED if repeats else "")
    _run(con, "count", level="statement")
    _run(con, "count", level="claim_number")
    _run(con, "relate")
    _merge_entities(con)
    _run(con, "final", evidence_columns=", ".join(_quoted_names(EVIDENCE_COLUMNS)))


def _resolve_identity(con: duckdb.DuckDBPyConnection) -> None:
    """Create ``same``: which identifier stands for which other."""
    _run(con, "equivalence")
    claims: dict[str, set[str]] = {}
    for xref, curie in con.execute("SELECT xref, curie FROM hard").fetchall():
        claims.setdefault(xref, set()).add(curie)
    thought = resolve_claims(claims)
    _put(con, "thought", {"old": list(thought), "new": list(thought.values())})
    _run(con, "same")


def _put_identifiers(con: duckdb.DuckDBPyConnection) -> None:
    """Create ``identifier``: every CURIE that is mentioned, what stands for it, and the IRI of that."""
    rows = con.execute("SELECT m.curie, coalesce(s.new, m.curie) FROM mentioned m LEFT JOIN same s ON s.old = m.curie")
    curies, targets, iris, faults = [], [], [], []
    for curie, target in rows.fetchall():
        try:
            iris.append(expand(target))
        except MalformedCurie as error:
            faults.append(Fault("records", field="identifier", problem=str(error.message)))
            continue
        curies.append(curie)
        targets.append(target)
    if faults:
        faults.sort(key=str)
        raise BadInput(
            f"{len(faults)} identifiers are no CURIEs", faults[:_MAX_FAULTS], truncated=len(faults) > _MAX_FAULTS
        )
    numbers = {target: number for number, target in enumerate(sorted(set(targets)))}
    if len(numbers) >= 1 << 28:
        raise BadInput(f"{len(numbers)} identifiers are more than one graph can hold")
    _put(
        con, "identifier",
        {"curie": curies, "target": targets, "iri": iris, "number": [numbers[target] for target in targets]},
    )  # fmt: skip


def _put_vocabulary(con: duckdb.DuckDBPyConnection) -> None:
    known = relations().values()
    _put(
        con,
        "relation",
        {
            "name": [r.name for r in known],
            "number": list(range(len(known))),
            "iri": [relation_iri(r.name) for r in known],
            "sign": [int(r.sign) for r in known],
            "tier": [str(r.tier) for r in known],
            "symmetric": [r.symmetric for r in known],
        },
    )
    met = con.execute("SELECT DISTINCT agent_type, extractor FROM raw WHERE agent_type <> 'manual_agent'").fetchall()
    rates = [repr(precision(extractor, agent)) for agent, extractor in met]
    _put(con, "reader", {"agent_type": [a for a, _ in met], "extractor": [e for _, e in met], "precision": rates})


def _check_words(con: duckdb.DuckDBPyConnection) -> None:
    """Refuse relations, designs, stances and shapes of context that nobody defined; all at once."""
    _put(con, "design_text", {"name": list(designs()), "weight": [repr(d.weight) for d in designs().values()]})
    con.execute("CREATE TEMP TABLE design AS SELECT name, weight::DECIMAL(18, 9) AS weight FROM design_text").fetchall()
    _put(con, "relation_name", {"name": list(relations())})
    faults = [Fault("records", field=field, problem=problem, fix=fix)
              for field, problem, fix in con.execute(_sql("words")).fetchall()]
    if faults:
        raise BadInput(f"{len(faults)} faults in the records", faults[:_MAX_FAULTS], truncated=len(faults) > _MAX_FAULTS)


def _join_publications(con: duckdb.DuckDBPyConnection) -> None:
    _run(con, "publications")
    names = ", ".join(_quoted_names(COLUMNS["publications"]))
    touched = "key IN (SELECT key FROM publication_touched)"
    rows = con.execute(f"SELECT {names} FROM publication_distinct WHERE {touched}").fetchall()  # noqa: S608 (names are ours)
    joined = join_publications(Publication(*row) for row in rows).by_key
    ones = sorted(set(joined.values()), key=lambda p: p.key)
    con.register("publication_joined", columns_table("publications", [publication_row(p) for p in ones]))
    _put(con, "joined_alias", {"old": list(joined), "new": [p.key for p in joined.values()]})
    _run(con, "aliases")


def _merge_entities(con: duckdb.DuckDBPyConnection) -> None:
    names = ", ".join(_quoted_names(COLUMNS["entities"]))
    touched = "id IN (SELECT id FROM entity_touched)"
    rows = con.execute(f"SELECT {names} FROM entity_raw WHERE {touched}").fetchall()  # noqa: S608 (names are ours)
    same = dict(con.execute("SELECT old, new FROM same WHERE old IN (SELECT id FROM entity_touched)").fetchall())
    found = [Entity(*row[:3], *map(tuple, row[3:7]), *row[7:]) for row in rows]
    merged = merge_entities(found, same)
    con.register("entity_merged", columns_table("entities", [entity_row(entity) for entity in merged.values()]))


def _evidence_lines() -> str:
    """Return SQL for the hashed lines of an evidence, in the order that sorting them gives."""
    lines = []
    for name in sorted(EVIDENCE_COLUMNS, key=lambda name: f"{name}\t"):
        column, kind = f'"{name}"', EVIDENCE_COLUMNS[name]
        if kind == "text":
            lines.append(f"CASE WHEN {column} <> '' THEN '{name}' || chr(9) || escaped({column}) END")
        elif kind == "bool":
            lines.append(f"CASE WHEN {column} THEN '{name}' || chr(9) || 'true' END")
        else:
            lines.append(f"'{name}' || chr(9) || {column}::VARCHAR")
    return ", ".join(lines)


def _digest(con: duckdb.DuckDBPyConnection, name: str, source: str) -> tuple[int, str]:
    texts = [
        f'to_json("{column}")::VARCHAR' if kind == "list" else f'escaped("{column}")'
        for column, kind in COLUMNS[name].items()
    ]
    with _database_errors():
        row = f"sha256(concat_ws(chr(9), {', '.join(texts)}))" if DIGESTED[name] else '"id"'
        query = _sql("digest", row_digest=row, table=source)
        [(number, digest)] = con.execute(query).fetchall()
    return int(number), str(digest)


def _ordered(name: str, blank: Mapping[str, str] | None = None) -> str:
    """Return SQL for a final table in its order; columns known to be `blank` are not carried through the sort."""
    blank = blank or {}
    order = _ORDER.get(name, "id")
    outer = ", ".join(f'{blank[column]} AS "{column}"' if column in blank else f'"{column}"' for column in COLUMNS[name])
    inner = ", ".join(_quoted_names(column for column in COLUMNS[name] if column not in blank))
    return f"SELECT {outer} FROM (SELECT {inner} FROM final_{name}) ORDER BY {order}"  # noqa: S608 (names are ours)


def _blank_columns(stage: Path) -> dict[str, str]:
    """Return the evidence columns that nobody filled, by the statistics of the staged file, each with its SQL literal."""
    import pyarrow.parquet as pq

    blank = {"text": ("", "''"), "bool": (False, "false")}
    with pq.ParquetFile(stage) as file:
        groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
        names = {groups[0].column(place).path_in_schema: place for place in range(groups[0].num_columns)} if groups else {}
    found = {}
    for name, kind in EVIDENCE_COLUMNS.items():
        chunks = [group.column(names[name]).statistics for group in groups]
        if kind in blank:
            value, literal = blank[kind]
            if all(s and s.has_min_max and s.min == s.max == value for s in chunks):
                found[name] = literal
        elif all(s and s.has_null_count and s.num_values == 0 for s in chunks):
            found[name] = f"NULL::{'BIGINT' if kind == 'int' else 'DOUBLE'}"
    return found


@cache
def _text_of(name: str) -> str:
    return (Path(__file__).with_name("sql") / f"{name}.sql").read_text(encoding="utf-8")


def _sql(name: str, **parts: str) -> str:
    text = _text_of(name)
    for key, part in parts.items():
        text = text.replace("{" + key + "}", part)
    return text


def _run(con: duckdb.DuckDBPyConnection, name: str, **parts: str) -> None:
    for statement in con.extract_statements(_sql(name, **parts)):
        con.execute(statement).fetchall()


def _put(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """Register small columns as a table."""
    import pyarrow as pa

    types = {"number": pa.uint64(), "place": pa.uint64(), "sign": pa.int64(), "symmetric": pa.bool_()}
    con.register(name, pa.table({key: pa.array(values, types.get(key, pa.string())) for key, values in columns.items()}))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted_names(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]


@contextmanager
def _database_errors() -> Iterator[None]:
    """Turn what DuckDB raises into one line of ours."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        said = str(error).splitlines()[0]
        full = "; free some space and run again" if "space" in said.lower() or "out of memory" in said.lower() else ""
        raise BackendError(f"assembly failed: {said}{full}") from error
