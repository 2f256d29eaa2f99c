"""CSV files for ``neo4j-admin database import``: the property-graph form (`kg.property_graph`), without loss.

A directory with one file for each kind of node and for each family of relationships, an arguments file that names them all,
and the constraints to create afterwards::

    neo4j-admin database import full neo4j @import.args      (run inside the directory, database stopped)

The files are written by DuckDB straight from the tables of a graph directory; a graph in memory takes the same way. Lists are
arrays with the delimiter U+001F: an item of a list that holds this character is refused by name. What is absent is an empty
cell, an empty text is ``""``. Every node also has the label ``ImmunoKG``, as after ``immunokg push neo4j``, which can bring
later versions of the graph into the same database.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.graph import Graph
from kg.property_graph import KINDS, LINKS, OURS, Link, Node, graph_from
from ontologies.errors import BackendError, BadInput, Fault
from queries.export.atomic import atomic_directory

if TYPE_CHECKING:
    import duckdb

__all__ = ["read_neo4j_csv", "write_neo4j_csv"]

ARRAY_DELIMITER = "\x1f"
MARK = "import.args"
_TYPES = {"text": "string", "int": "long", "float": "double", "bool": "boolean", "list": "string[]"}
_NODES = {
    "Entity": "entities", "Statement": "statements", "Evidence": "evidence", "Publication": "publications",
    "Condition": "conditions",
}  # fmt: skip
_LONGEST_CELL = 1 << 24


def write_neo4j_csv(source: Graph | Path, directory: Path, *, memory: str = "2GB", threads: int | None = None) -> None:
    """Write the files into `directory`, which appears whole or not at all (one written before is replaced).

    Args:
        source: a graph in memory, or the directory of a generation (`kg.directory.resolve`), which is never read into memory.
        directory: new, empty, or written here before.
        memory: what DuckDB may hold before it spills.
        threads: of DuckDB; all of the machine if not given.

    Raises:
        BadInput: `directory` holds other files, or a text of the graph cannot be written.
        BackendError: it cannot be written, or a file of the generation is damaged.
    """
    from kg.property_tables import LINK_VIEWS, NODE_VIEWS, database_errors, property_tables

    with (
        atomic_directory(directory, mark=MARK) as work,
        property_tables(source, memory=memory, threads=threads) as con,
        database_errors(),
    ):
        lines = False
        for kind, view in NODE_VIEWS.items():
            properties = {name: form for name, form in KINDS[kind].items() if name != "id"}
            _check_lists(con, kind, view, properties)
            lines |= _has_lines(con, view, properties)
            labels = f"array_to_string(labels || ['{OURS}'], chr(31)) AS \":LABEL\""
            _write(con, work / f"{_NODES[kind]}.csv", view, [f'id AS "id:ID({kind})"', *_cells(properties), labels], "id")
        for view, (start, end, columns) in LINK_VIEWS.items():
            head = [f'"start" AS ":START_ID({start})"', f'"end" AS ":END_ID({end})"', 'type AS ":TYPE"']
            cells = _cells(columns) if view == "link_relations" else [f'"{name}" AS "{name}:string"' for name in columns]
            _write(con, work / f"{_file_of(view)}.csv", view, head + cells, '"start", type, "end"')
        (work / "constraints.cypher").write_text(
            "".join(
                f"CREATE CONSTRAINT immunokg_{kind.lower()}_id IF NOT EXISTS FOR (n:{kind}) REQUIRE n.id IS UNIQUE;\n"
                for kind in KINDS
            ),
            "utf-8",
        )
        names = [f"--nodes=./{name}.csv" for name in _NODES.values()]  # 2026's tool wants a folder before the name
        names += [f"--relationships=./{_file_of(view)}.csv" for view in LINK_VIEWS]
        options = ["--array-delimiter=U+001F", f"--multiline-fields={str(lines).lower()}"]
        (work / MARK).write_text("\n".join([*options, *names]) + "\n", "utf-8")


def _file_of(view: str) -> str:
    return view.removeprefix("link_")


def _cells(columns: Mapping[str, str]) -> list[str]:
    """Return SQL for the cells of properties; what is absent is null, which is written as nothing."""
    cells = []
    for name, kind in columns.items():
        column = f'"{name}"'
        if kind == "list":
            column = f"nullif(array_to_string({column}, chr(31)), '')"
        elif kind == "text":
            column = f"nullif({column}, '')"
        cells.append(f'{column} AS "{name}:{_TYPES[kind]}"')
    return cells


def _write(con: duckdb.DuckDBPyConnection, path: Path, view: str, columns: list[str], order: str) -> None:
    rows = f"SELECT {', '.join(columns)} FROM {view} ORDER BY {order}"  # noqa: S608 (our names)
    target = "'" + str(path).replace("'", "''") + "'"
    con.execute(f"COPY ({rows}) TO {target} (FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')").fetchall()


def _check_lists(con: duckdb.DuckDBPyConnection, kind: str, view: str, columns: Mapping[str, str]) -> None:
    """Refuse lists that an array of the import tool cannot hold."""
    faults = []
    for name in (name for name, form in columns.items() if form == "list"):
        text = f"array_to_string(\"{name}\", '')"
        found = con.execute(
            f'SELECT id, list_filter("{name}", lambda t: contains(t, chr(31)))[1] FROM {view} '  # noqa: S608 (our names)
            f"WHERE contains({text}, chr(31)) OR ({text} = '' AND len(\"{name}\") = 1) ORDER BY id LIMIT 10"
        ).fetchall()
        for key, item in found:
            what = f"{item[:60]!r} holds U+001F, which separates the items of a list" if item else "its only item is empty"
            faults.append(Fault(f"{kind} {key}", 0, 0, name, what, "mend it in the source, or use immunokg push neo4j"))
    if faults:
        raise BadInput("the graph holds texts that no CSV file for the import tool can hold", faults)


def _has_lines(con: duckdb.DuckDBPyConnection, view: str, columns: Mapping[str, str]) -> bool:
    """Tell whether a text goes over several lines: then the import tool must look for that, and is slower."""
    texts = [f'"{name}"' if form == "text" else f"array_to_string(\"{name}\", '')"
             for name, form in columns.items() if form in ("text", "list")]  # fmt: skip
    found = " OR ".join(f"regexp_matches({text}, '[\\n\\r]')" for text in texts)
    return bool(con.execute(f"SELECT 1 FROM {view} WHERE {found} LIMIT 1").fetchall())  # noqa: S608 (our names)


def read_neo4j_csv(directory: Path) -> Graph:
    """Return the graph that `write_neo4j_csv` wrote: the proof that nothing was lost.

    Raises `BadInput` when a file is missing a column or a value, `BackendError` when one cannot be read.
    """
    return graph_from(_read_nodes(directory), _read_links(directory), source=f"export in {directory}")


def _read_nodes(directory: Path) -> Iterator[Node]:
    for kind, file in _NODES.items():
        path = directory / f"{file}.csv"
        for cells in _rows(path, ["id", ":LABEL", *KINDS[kind]]):
            labels = cells[":LABEL"].split(ARRAY_DELIMITER)
            yield Node(tuple(label for label in labels if label != OURS), _properties(path, cells, KINDS[kind]))


def _read_links(directory: Path) -> Iterator[Link]:
    from kg.property_tables import LINK_VIEWS

    for view, form in LINK_VIEWS.items():
        path = directory / f"{_file_of(view)}.csv"
        for cells in _rows(path, [":START_ID", ":END_ID", ":TYPE", *form.properties]):
            properties = _properties(path, cells, form.properties)
            kind = cells[":TYPE"]
            if kind in LINKS:
                properties = {name: cells[name] for name in form.properties}
            yield Link(kind, (form.start, cells[":START_ID"]), (form.end, cells[":END_ID"]), properties)


def _rows(path: Path, wanted: list[str]) -> Iterator[dict[str, str]]:
    """Yield the cells of a file by the name of their column (without its type)."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, None)
            if header is None:
                raise BadInput(f"{path} is empty")
            names = [_column_name(cell) for cell in header]
            if missing := [name for name in wanted if name not in names]:
                raise BadInput(f"{path} lacks the columns {', '.join(missing)}")
            for row in reader:
                if len(row) != len(names):
                    fault = Fault(str(path), reader.line_num, 0, "", f"{len(row)} cells, not {len(names)}")
                    raise BadInput(f"{path}: bad row", [fault])
                yield dict(zip(names, row, strict=True))
    except OSError as error:
        raise BackendError(f"cannot read {path}: {error.strerror}") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}") from error


def _column_name(cell: str) -> str:
    """Return the name of a column: before the colon, or after it what the import tool itself reads.

    >>> _column_name("id:ID(Entity)"), _column_name("name:string"), _column_name(":START_ID(Statement)")
    ('id', 'name', ':START_ID')
    """
    name, _, kind = cell.partition(":")
    return name or ":" + kind.partition("(")[0]


def _properties(path: Path, cells: Mapping[str, str], kinds: Mapping[str, str]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, kind in kinds.items():
        if cells[name]:
            try:
                properties[name] = _value(cells[name], kind)
            except ValueError as error:
                raise BadInput(f"{path}: bad value", [Fault(str(path), 0, 0, name, str(error))]) from error
    return properties


def _value(text: str, kind: str) -> Any:
    if kind == "list":
        return text.split(ARRAY_DELIMITER)
    if kind == "bool":
        return text == "true"
    if kind in ("int", "float"):
        return int(text) if kind == "int" else float(text)
    return text
