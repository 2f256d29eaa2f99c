"""Where the rows of a graph come from when it is written as RDF: a graph in memory, or the Parquet files of a generation.

Both give the rows of a table of `kg.tables.COLUMNS` as tuples, in the order of the columns and of the files: statements by id,
evidence by statement. Files are read batch by batch, so that a large graph never stands in memory as a whole.

>>> from kg.model import Entity
>>> rows = graph_source(Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene")]))
>>> [row[:3] for row in rows("entities")], list(rows("statements"))
([('HGNC:6015', 'IL4R', 'Gene')], [])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from kg.digest import graph_rows
from kg.graph import Graph
from kg.model import Publication, last_day
from kg.rdf_text import no_date, not_unicode
from kg.tables import COLUMNS
from ontologies.errors import BackendError, BadInput

__all__ = ["Row", "RowSource", "generation_source", "graph_source"]

Row: TypeAlias = tuple[Any, ...]
RowSource: TypeAlias = Callable[[str], Iterable[Row]]
"""Gives the rows of the table with this name, each time anew."""

_BATCH = 16_384


def graph_source(graph: Graph) -> RowSource:
    """Return the rows of a graph in memory.

    Raises `BadInput` for what no table can hold: two publications under one key, half a character pair, a date that no
    calendar has.
    """
    papers: dict[str, Publication] = {}
    for found in graph.evidence.values():
        for evidence in found:
            paper = evidence.publication
            known = papers.setdefault(paper.key, paper)
            if known is not paper and known != paper:
                raise BadInput(f"two different publications are called {paper.key}; assemble the records first")
    try:
        for paper in papers.values():
            last_day(paper.date)
    except ValueError:
        raise no_date(paper.date) from None
    try:
        return graph_rows(graph).__getitem__
    except UnicodeEncodeError as error:
        raise not_unicode(str(error.object)[max(error.start - 20, 0) :]) from None


def generation_source(generation: Path) -> RowSource:
    """Return the rows of the tables of a generation, read from its files whenever a table is asked for.

    The files are compared with the manifest first. Raises `BackendError`, with the fix, when one is damaged.
    """
    from kg.directory import verify

    verify(generation)
    return partial(_parquet_rows, generation)


def _parquet_rows(generation: Path, table: str) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = generation / f"{table}.parquet"
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH, columns=list(COLUMNS[table]), use_threads=False):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    except (OSError, pa.ArrowException) as error:
        raise BackendError(f"{path} cannot be read: {error}; build the graph anew") from error
