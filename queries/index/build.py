"""Making a path index: the columns of a graph and the arc table beside them, in memory, on disk, or with evidence left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ontologies.errors import BadInput
from queries.coherence import excluded
from queries.engine import ArcTable
from queries.engine.layout import HEADER, Layout
from queries.index.columns import Columns, pack_texts, write_columns
from queries.index.filters import EvidenceFilter, day_number

if TYPE_CHECKING:
    import numpy as np

    from queries.index.derive import Derived, StepColumns
    from queries.index.gather import Gathered
    from queries.path_index import PathIndex

    Vector = np.ndarray[Any, Any]

__all__ = ["COLUMNS_FILE", "columns_of", "refiltered", "write_index"]

COLUMNS_FILE = "columns.bin"
"""Name of the file of columns in the folder of a path index."""


def columns_of(found: Gathered) -> tuple[Columns, ArcTable]:
    """Return the columns and the arc table of what was gathered, in memory."""
    columns, meta, made = _columns(found)
    return Columns.of(columns, meta), ArcTable.build(**_arcs(found, made))


def write_index(folder: Path, found: Gathered, meta: Mapping[str, Any]) -> None:
    """Write both files of an index into a folder, with what else is to be said in the header; raises OSError."""
    from queries.engine import write_arcs

    columns, known, made = _columns(found)
    write_arcs(folder, **_arcs(found, made))
    write_columns(folder / COLUMNS_FILE, columns, {**known, **meta})


def _columns(found: Gathered) -> tuple[dict[str, Any], dict[str, Any], Derived]:
    """Return columns by name, what is said beside them, and what all evidence makes of the steps."""
    import numpy as np

    from queries.index.derive import StepColumns, derive

    columns: dict[str, Any] = {}
    for name, texts in (
        ("curie", found.curies), ("name", found.names), ("setting", found.settings), ("study", found.studies),
    ):  # fmt: skip
        columns[f"{name}_bytes"], columns[f"{name}_ends"] = pack_texts(texts)
    arcs = len(found.tails)
    row_ends = np.cumsum(np.bincount(found.row_arcs, minlength=arcs), dtype="i8")
    first_day = np.zeros(0, dtype="u4")
    if arcs:
        first_day = np.minimum.reduceat(found.row_dates, np.r_[0, row_ends[:-1]])
    columns |= {
        "base_kinds": found.kinds,
        "roles": found.roles,
        "first_day": first_day,
        "statement_arcs": found.statement_arcs,
        "statement_settings": found.statement_settings,
        "states_ligand": np.array(['"ligand":[' in setting.partition("\t")[0] for setting in found.settings], dtype="u1"),
        "row_ends": row_ends,
        "row_statements": found.row_statements,
        "row_studies": found.row_studies,
        "row_stances": found.row_stances,
        "row_weights": found.row_weights,
        "row_recounts": found.row_recounts,
        "row_dates": found.row_dates,
        "row_sources": found.row_sources,
    }
    steps = StepColumns(
        found.tails, found.heads, found.signs, found.kinds, found.roles, found.statement_arcs, found.statement_settings,
        columns["states_ligand"] != 0, found.row_arcs, found.row_statements, found.row_studies, found.row_stances,
        found.row_weights, found.row_recounts,
    )  # fmt: skip
    made = derive(steps)
    columns |= _derived(made)
    return columns, {"sources": found.sources}, made


def _derived(made: Derived) -> dict[str, Any]:
    """Return what was derived and does not stand in the arc table."""
    in_table = ("kinds", "costs", "classes", "node_costs")
    return {part.name: getattr(made, part.name) for part in fields(made) if part.name not in in_table}


def _arcs(found: Gathered, made: Derived) -> dict[str, Any]:
    return {
        "nodes": len(found.curies),
        "tails": found.tails,
        "heads": found.heads,
        "signs": found.signs,
        "costs": made.costs,
        "kinds": made.kinds,
        "relations": found.relations,
        "classes": made.classes,
        "node_costs": made.node_costs,
        "node_kinds": found.categories,
    }


def refiltered(index: PathIndex, wanted: EvidenceFilter) -> PathIndex:
    """Return an index whose studies were recounted over the evidence that the filter keeps.

    Raises `BadInput` for a source that the graph does not have.
    """
    from queries.index.derive import derive
    from queries.path_index import PathIndex

    made = derive(_steps(index), _kept(index, wanted))
    table = _retabled(index.table, made)
    derived = {name: memoryview(column) for name, column in _derived(made).items()}
    return PathIndex(index.columns, table, derived)


def _kept(index: PathIndex, wanted: EvidenceFilter) -> Vector:
    import numpy as np

    columns = index.columns
    keep = np.ones(len(columns["row_dates"]), dtype=bool)
    if wanted.as_of:
        keep &= np.asarray(columns["row_dates"]) <= day_number(wanted.as_of)
    if wanted.sources:
        unknown = sorted(wanted.sources.difference(index.sources))
        if unknown:
            raise BadInput(f"no evidence is of source {unknown[0]!r}; the sources are {', '.join(index.sources)}")
        numbers = [index.sources.index(source) for source in wanted.sources]
        keep &= np.isin(np.asarray(columns["row_sources"]), numbers)
    if not wanted.context.is_empty:
        settings = range(len(columns["setting_ends"]))
        fits = np.array([not excluded(index.setting(n), wanted.context, index.broader) for n in settings], dtype=bool)
        keep &= fits[np.asarray(columns["statement_settings"])[np.asarray(columns["row_statements"])]]
    return keep


def _steps(index: PathIndex) -> StepColumns:
    import numpy as np

    from queries.index.derive import StepColumns

    columns, table = index.columns, index.table

    def column(name: str) -> Vector:
        return np.asarray(columns[name])

    arcs = table.arcs
    ends = column("row_ends")
    return StepColumns(
        tails=np.repeat(np.arange(table.nodes, dtype="u4"), np.diff(np.asarray(table.offsets))),
        heads=np.asarray(table.heads),
        signs=np.asarray(table.signs),
        kinds=column("base_kinds"),
        roles=column("roles"),
        statement_arcs=column("statement_arcs"),
        statement_settings=column("statement_settings"),
        states_ligand=column("states_ligand") != 0,
        row_arcs=np.repeat(np.arange(arcs, dtype="u4"), np.diff(np.r_[0, ends])),
        row_statements=column("row_statements"),
        row_studies=column("row_studies"),
        row_stances=column("row_stances"),
        row_weights=column("row_weights"),
        row_recounts=column("row_recounts"),
    )


def _retabled(table: ArcTable, made: Derived) -> ArcTable:
    """Return a copy of an arc table with other kinds, costs and classes; ends and order stay, so nothing is sorted again."""
    import numpy as np

    layout = Layout(table.nodes, table.arcs, int(made.classes.max()) + 1 if table.arcs else 0)
    data = memoryview(bytearray(table.data))
    data[:HEADER] = layout.header()
    columns = layout.columns(data)
    np.asarray(columns["node_costs"])[:] = made.node_costs
    order, into = np.asarray(columns["in_arcs"]), np.asarray(columns["in_heads"])
    for name, values in (("kinds", made.kinds), ("classes", made.classes), ("costs", made.costs)):
        np.asarray(columns[name])[:] = values
        paid = made.node_costs[into] if name == "costs" else 0
        np.asarray(columns[f"in_{name}"])[:] = values[order] + paid
    return ArcTable(data.toreadonly(), table.place)
