"""The RDF view of a graph directory: an Oxigraph store on disk, rebuilt from the graph whenever it is missing.

A store is filled beside its place, synced and renamed (`kg.generations.build_view`), so that a reader sees a whole store or
none. It is opened for reading only.

A large graph is read batch by batch from the files of its generation and never stands in memory; a small one is written from
the graph in memory, which spares it the Parquet reader.

Measured with the built-in corpus (64,658 quads): building 0.5 s, once; opening and the first query 0.02 s
and 24 MB, where loading the same quads from N-Quads into memory takes 0.15 s and 70 MB every time. So the store is on disk.

>>> import tempfile
>>> from kg.graph import Graph
>>> from kg.model import Entity
>>> graph = Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene")])
>>> with tempfile.TemporaryDirectory() as folder:
...     path = ensure_store(Path(folder), lambda: graph)
...     len(open_store(path)), path.parent.name
(3, 'rdf')
"""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.generations import build_view, view_dir
from kg.graph import Graph
from ontologies.errors import BackendError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.rdf_rows import RowSource
    from kg.rdf_write import Load

__all__ = ["BATCH", "FORM", "build_store", "ensure_store", "has_store", "open_store"]

FORM = 2
"""The version of the RDF form; a store of another version is rebuilt."""

VIEW = "rdf"
"""The name of this view of a generation."""

BATCH = 96 * 2**20
"""Bytes of N-Quads that the engine gets at a time, half a million quads: with more its memory grows, with less its work."""

_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)


def ensure_store(generation: Path, graph: Callable[[], Graph], loads: Iterable[Load] = ()) -> Path:
    """Return the path of the store of a generation, building it first when it is missing or of another form.

    `graph` is called only when there is something to build. Where the generation cannot be written, the store is built
    in a temporary folder that goes with this process.

    Raises:
        BackendError: the store cannot be written (disk full).
    """
    if has_store(view_dir(generation, VIEW)):
        return view_dir(generation, VIEW) / "store"

    def fill(folder: Path) -> None:
        build_store(folder, _source(generation, graph), loads)

    try:
        return build_view(generation, VIEW, fill, anew=view_dir(generation, VIEW).is_dir()) / "store"
    except BackendError as error:
        if not _cannot_write(error):
            raise
    return build_view(_passing_folder(), VIEW, fill) / "store"


def _source(generation: Path, graph: Callable[[], Graph]) -> RowSource:
    """Return where the rows come from: the files of a large graph, a small graph as it is read from its column file."""
    from kg.directory import has_columns_file
    from kg.rdf_rows import generation_source, graph_source

    large = (generation / "statements.parquet").is_file() and not has_columns_file(generation)
    return generation_source(generation) if large else graph_source(graph())


def has_store(view: Path) -> bool:
    """Tell whether a view holds a whole store of the present form."""
    try:
        form = json.loads((view / "form.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(form, dict) and form.get("form") == FORM and (view / "store").is_dir()


def build_store(folder: Path, rows: RowSource, loads: Iterable[Load] = ()) -> int:
    """Fill an empty folder with the store of a graph's rows and return how many quads it holds; raises OSError.

    Use `ensure_store` for the view of a graph directory: it makes the new store appear at once and whole.
    """
    import pyoxigraph as ox

    from kg.rdf_write import nquads

    store = ox.Store(str(folder / "store"))
    batches = 0
    for batch in _batches(nquads(rows, loads)):
        store.bulk_load(batch, format=ox.RdfFormat.N_QUADS)
        batches += 1
    if batches > 1:
        store.optimize()  # each batch left files of its own: merged, they are read in half the time
    store.flush()
    size = len(store)
    del store
    form = json.dumps({"form": FORM, "quads": size})
    (folder / "form.json").write_text(f"{form}\n", encoding="utf-8")
    return size


def _batches(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces joined to batches for the engine; one is let go before the next is gathered."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= BATCH:
            batch, held = bytes(held), bytearray()
            yield batch
            del batch
    yield bytes(held)


def open_store(path: Path) -> ox.Store:
    """Open a store for reading; raises `BackendError` when there is none or it is damaged.

    Users' texts never run on it directly: `queries.sparql_engine.worker` gives them a process of their own.
    """
    import pyoxigraph as ox

    try:
        return ox.Store.read_only(str(path))
    except (OSError, RuntimeError, ValueError) as error:
        raise BackendError(f"the RDF store at {path} cannot be opened: {error}; rebuild it") from error


def _cannot_write(error: BackendError) -> bool:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__
    return isinstance(cause, OSError) and cause.errno in _NOT_WRITABLE


def _passing_folder() -> Path:
    import atexit

    folder = Path(tempfile.mkdtemp(prefix="immunokg-"))
    atexit.register(partial(shutil.rmtree, folder, ignore_errors=True))
    return folder
