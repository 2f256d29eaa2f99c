"""The graph directory ``NAME.ikg/``: build one, read one.

A build takes sources, assembles them (`kg.assembly`), writes Parquet files and a manifest into a new generation, and makes
that current (`kg.generations`). The same sources give the same digest whatever the order, the process or the machine; a
build that fails or is killed leaves the graph that was there.

>>> from tempfile import TemporaryDirectory
>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> step = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
>>> evidence = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro", source="corpus")
>>> with TemporaryDirectory() as folder:
...     made = build_graph(Path(folder) / "small.ikg", [Source("corpus", [Assertion(step, evidence)])])
...     graph = read_graph(Path(folder) / "small.ikg")
>>> made.counts["statements"], list(graph.statements.values()) == [step]
(1, True)
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.digest import content_digest
from kg.generations import (
    CURRENT,
    build_lock,
    build_view,
    clean,
    file_errors,
    hold,
    point_at,
    publish,
    resolve,
    sweep,
    view_dir,
)
from kg.graph import Graph
from kg.manifest import InputFile, Manifest, Source, SourceEntry, StoredFile, file_sha256
from kg.model import Entity, Record
from kg.tables import COLUMNS, EVIDENCE_COLUMNS, entities_from_columns, graph_from_columns
from ontologies.errors import BackendError

if TYPE_CHECKING:
    from kg.assembly import Assembly

__all__ = [
    "InputFile",
    "Manifest",
    "Source",
    "build_graph",
    "build_view",
    "content_digest",
    "has_columns_file",
    "hold",
    "read_entities",
    "read_generation",
    "read_graph",
    "read_manifest",
    "resolve",
    "stored_sources",
    "verify",
    "view_dir",
]

_COLUMNS_FILE = "columns.json"
"""A copy of the tables of a small graph: importing pyarrow takes four times as long as reading the whole corpus from it."""
_MAX_COLUMNS_FILE = 20_000
_NEEDED = {
    "entities": tuple(COLUMNS["entities"]),
    "statements": ("id", "subject", "relation", "object", "context", "conditions"),
    "evidence": ("id", "statement", *EVIDENCE_COLUMNS),
    "publications": tuple(COLUMNS["publications"]),
}


def build_graph(
    out: Path,
    sources: Sequence[Source],
    *,
    check: Callable[[Graph], None] | None = None,
    wait: float = 30.0,
    memory: str = "2GB",
    threads: int | None = None,
    checkpoint: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Build the graph of all sources into a graph directory and return its manifest.

    Args:
        out: the directory; made if missing. One that holds other things than a graph is refused.
        sources: in any order; equal sources give an equal digest.
        check: called with the built graph before it becomes current; whatever it raises stops the build.
        wait: seconds to wait for another build of the same directory.
        memory: what DuckDB may hold before it spills into the directory.
        threads: of DuckDB.
        checkpoint: called with the name of every step that is done (tests stop a build there).

    Raises:
        BadInput: a record cannot be assembled; every fault is listed.
        BackendError: the directory cannot be written, or another build holds it.
    """
    made = _make_directory(out)
    try:
        with file_errors(out), build_lock(out, wait=wait):
            checkpoint("locked")
            clean(out)
            checkpoint("cleaned")
            temporary = Path(tempfile.mkdtemp(prefix=".tmp-", dir=out))
            try:
                generation = _build(out, temporary, sources, check, memory, threads, checkpoint)
                sweep(out, generation)
                checkpoint("swept")
            finally:
                clean(out)
            return Manifest.read(generation)
    except BaseException:
        if made and not (out / CURRENT).exists():
            _remove_new_directory(out)
        raise


def _build(
    out: Path,
    temporary: Path,
    sources: Sequence[Source],
    check: Callable[[Graph], None] | None,
    memory: str,
    threads: int | None,
    checkpoint: Callable[[str], None],
) -> Path:
    from kg.assembly import Assembly

    work, built = temporary / "work", temporary / "built"
    work.mkdir()
    built.mkdir()
    built.chmod(0o755)
    with Assembly(work=work, memory=memory, threads=threads) as assembly:
        entries = _feed(assembly, sources)
        checkpoint("read")
        digest, counts = assembly.digest()
        checkpoint("assembled")
        entries = tuple(_counted(entry, assembly) for entry in entries)
        same = _current_if_equal(out, Manifest(digest, counts, entries, {}).generation)
        if same is not None:
            return same
        assembly.write(built)
    checkpoint("written")
    if counts["evidence"] <= _MAX_COLUMNS_FILE:
        _write_columns(built)
    files = {path.name: StoredFile(file_sha256(path), path.stat().st_size) for path in sorted(built.iterdir())}
    manifest = Manifest(digest, counts, entries, files)
    (built / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    checkpoint("described")
    if check is not None:
        check(read_generation(built))
    checkpoint("checked")
    return publish(out, built, manifest.generation, checkpoint=checkpoint)


def _feed(assembly: Assembly, sources: Sequence[Source]) -> tuple[SourceEntry, ...]:
    """Give the records of every source to the assembly and return what the manifest says of each."""
    entries: dict[str, SourceEntry] = {}
    for source in sources:
        try:
            assembly.add_records(source.records() if callable(source.records) else source.records)
            if source.tables:
                assembly.add_tables(**source.tables)
            files = {file if isinstance(file, InputFile) else InputFile.of(file) for file in source.files}
        except OSError as error:
            place = error.filename or f"source {source.name}"
            raise BackendError(f"cannot read {place}: {error.strerror or error}; nothing was built") from error
        known = entries.get(source.name)
        version, licence, title, homepage = (
            " | ".join(sorted({text for text in (getattr(source, part), getattr(known, part, "")) if text}))
            for part in ("version", "licence", "title", "homepage")
        )
        all_files = tuple(sorted(files | set(known.files if known else ())))
        entries[source.name] = SourceEntry(source.name, version, licence, title, homepage, all_files)
    return tuple(entries[name] for name in sorted(entries))


def _counted(entry: SourceEntry, assembly: Assembly) -> SourceEntry:
    from dataclasses import replace

    return replace(entry, counts=assembly.source_counts(entry.name))


def _current_if_equal(out: Path, name: str) -> Path | None:
    """Return the current generation if it is already what this build makes, and whole."""
    for found in sorted(out.glob(f"{name}*")):
        try:
            verify(found)
        except BackendError:
            continue
        if not (out / CURRENT).exists() or _resolve_or_none(out) != found:
            point_at(out, found, checkpoint=lambda _: None)
        return found
    return None


def _resolve_or_none(out: Path) -> Path | None:
    """Return the current generation, or None when there is none that can be found."""
    try:
        return resolve(out)
    except BackendError:
        return None


def read_graph(path: Path) -> Graph:
    """Read the current graph of a graph directory into memory.

    Raises `BackendError`, with the fix, when there is none or its files are damaged.
    """
    path = Path(path)
    with hold(path) as generation:
        return read_generation(generation, path=path)


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of the current graph of a graph directory; raises `BackendError` as `read_graph`."""
    with hold(Path(path)) as generation:
        return Manifest.read(generation)


def read_generation(generation: Path, *, path: Path | None = None) -> Graph:
    """Read the graph of one generation; the files are checked against the manifest as they are read."""
    manifest = Manifest.read(generation)
    if _COLUMNS_FILE in manifest.files:
        verify(generation)  # all files are small where this one is
        with _damage(generation, _COLUMNS_FILE):
            columns = json.loads((generation / _COLUMNS_FILE).read_bytes())
    else:
        columns = {name: _read(generation, name, manifest) for name in _NEEDED}
    with _damage(generation, "tables"):
        return graph_from_columns(columns, path=path)


def has_columns_file(generation: Path) -> bool:
    """Tell whether a generation is small, so that all of it is read from one JSON file without pyarrow."""
    return (generation / _COLUMNS_FILE).is_file()


def read_entities(generation: Path) -> dict[str, Entity]:
    """Read the entities of one generation, by CURIE, and none of its statements.

    Raises `BackendError`, with the fix, when their file is damaged.
    """
    manifest = Manifest.read(generation)
    if _COLUMNS_FILE in manifest.files:
        with _damage(generation, _COLUMNS_FILE):
            columns = json.loads((generation / _COLUMNS_FILE).read_bytes())["entities"]
    else:
        columns = _read(generation, "entities", manifest)
    with _damage(generation, "entities"):
        return entities_from_columns(columns)


def verify(generation: Path) -> Manifest:
    """Return the manifest of a generation after comparing every file with it; raises `BackendError` for any damage."""
    manifest = Manifest.read(generation)
    for name, stored in manifest.files.items():
        path = generation / name
        try:
            fine = path.stat().st_size == stored.size and file_sha256(path) == stored.sha256
        except OSError:
            fine = False
        if not fine:
            raise _damaged(generation, name)
    return manifest


def stored_sources(path: Path, *, without: Sequence[str] = ()) -> tuple[Source, ...]:
    """Return the sources of a graph directory, ready to be built again with others.

    Evidence of the sources named in `without` is left out, and so are entities that only such evidence mentions: loading a
    source again replaces it.
    """
    manifest, graph = read_manifest(path), read_graph(path)
    return tuple(
        Source(
            entry.name,
            _records_of(graph, entry.name, tuple(without)),
            entry.version,
            entry.licence,
            entry.title,
            entry.homepage,
            entry.files,
        )
        for entry in manifest.sources
        if entry.name not in without
    )


def _records_of(graph: Graph, source: str, without: tuple[str, ...]) -> Callable[[], Iterator[Record]]:
    def records() -> Iterator[Record]:
        mentioned: set[str] = set()
        for assertion in graph.assertions():
            statement, evidence = assertion.statement, assertion.evidence
            if evidence.source not in without:
                mentioned.update((statement.subject, statement.object), (c for _, c in statement.context.items()))
            if evidence.source == source:
                yield assertion
        from ontologies.terms import load_terms

        for entity in graph.entities.values():
            if not without or entity.curie in mentioned or entity.curie in load_terms():
                yield entity

    return records


def _write_columns(built: Path) -> None:
    """Write what `read_generation` needs as one JSON file, which a small graph is read from without importing pyarrow."""
    import pyarrow.parquet as pq

    columns = {}
    for name, needed in _NEEDED.items():
        with pq.ParquetFile(built / f"{name}.parquet") as file:
            columns[name] = file.read(columns=list(needed)).to_pydict()
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    (built / _COLUMNS_FILE).write_bytes(text.encode())


def _read(generation: Path, name: str, manifest: Manifest) -> dict[str, list[Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = f"{name}.parquet"
    with _damage(generation, file):
        content = (generation / file).read_bytes()
        stored = manifest.files[file]
        if len(content) != stored.size or _sha256(content) != stored.sha256:
            raise ValueError("content differs from the manifest")
        table = pq.ParquetFile(pa.BufferReader(content)).read(columns=list(_NEEDED[name]), use_threads=False)
        columns: dict[str, list[Any]] = table.to_pydict()
        return columns


def _sha256(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()


@contextmanager
def _damage(generation: Path, what: str) -> Iterator[None]:
    """Turn whatever a damaged file makes readers raise into one line with the fix."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(generation, what) from error


def _damaged(generation: Path, what: str) -> BackendError:
    return BackendError(
        f"{generation / what} is missing or damaged; build the graph anew with: immunokg build --out {generation.parent}"
    )


def _make_directory(out: Path) -> bool:
    """Make the directory if it is missing (True); refuse one that holds something else."""
    try:
        out.mkdir(parents=True)
    except FileExistsError:
        pass
    except OSError as error:
        raise BackendError(f"cannot make {out}: {error.strerror}; choose another directory with --out") from error
    else:
        return True
    if not out.is_dir():
        raise BackendError(f"{out} is a file; choose another directory with --out")
    with file_errors(out):
        foreign = sorted(entry.name for entry in out.iterdir() if not entry.name.startswith((".", "g-")))
    if foreign and foreign != [CURRENT]:
        raise BackendError(f"{out} holds other things ({foreign[0]}) and no graph; choose another directory with --out")
    return False


def _remove_new_directory(out: Path) -> None:
    """Take back the directory that a failed first build made, if nothing else came to be in it."""
    from contextlib import suppress

    with suppress(OSError):
        (out / ".build-lock").unlink(missing_ok=True)
        out.rmdir()
