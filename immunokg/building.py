"""Building graph directories: the corpus, the sources a user names, the check before a graph becomes current."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ontologies.errors import BadInput

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.manifest import Manifest, Source
    from kg.model import Record
    from loaders.base import LossReport, SourceInfo

__all__ = ["build_checked", "corpus_sources", "load_into", "read_records", "refuse_builtin", "source_infos", "user_sources"]

CORPUS = "corpus"


def source_infos() -> tuple[SourceInfo, ...]:
    """Return what can be loaded, by name.

    >>> [info.name for info in source_infos()]
    ['corpus', 'drugmechdb']
    """
    from loaders.registry import source_infos as registered

    return registered()


def _info(name: str) -> SourceInfo:
    from loaders.registry import find_loader

    return find_loader(name)[0]


def corpus_sources() -> list[Source]:
    """Return the shipped corpus as the sources of a build."""
    from kg.manifest import Source
    from loaders.registry import read_source

    info = _info(CORPUS)
    return [Source(CORPUS, lambda: read_source(CORPUS), info.release, info.licence, info.title, info.homepage)]


def read_records(
    name: str, files: Sequence[Path], *, report: LossReport | None = None, limit: int | None = None
) -> Iterator[Record]:
    """Yield the records of files of one source (``-`` is standard input); what is lost goes to the report."""
    from loaders.registry import read_source

    for file in files:
        yield from read_source(name, file, report=report, limit=limit)


def user_sources(
    name: str, files: Sequence[Path], *, report: LossReport | None = None, limit: int | None = None
) -> list[Source]:
    """Return files of one source as sources of a build.

    Files in the corpus' own form are filed under the name of each file, so that they stand beside the shipped corpus and
    do not replace it; such a name may not be that of a source that ships.
    """
    from kg.manifest import Source

    info = _info(name)
    if name != CORPUS:
        named = [file for file in files if str(file) != "-"]
        if missing := [file for file in named if not file.is_file()]:
            raise BadInput(f"{missing[0]}: there is no such file")
        records = read_records(name, files, report=report, limit=limit)
        return [Source(name, records, info.release, info.licence, info.title, info.homepage, files=named)]
    return [_own_corpus(file, report, limit) for file in files]


def _own_corpus(file: Path, report: LossReport | None, limit: int | None) -> Source:
    """Return a user's file (or folder) of curated statements as a source called like the file."""
    import sys

    from kg.manifest import Source
    from loaders.curated import load, load_corpus

    if str(file) == "-":
        records = load(sys.stdin.buffer, name="<stdin>", report=report, limit=limit, source="stdin")
        return Source("stdin", records, title="statements read from standard input")
    if file.stem in {info.name for info in source_infos()}:
        raise BadInput(f"{file}: a source called {file.stem!r} ships with ImmunoKG; rename the file")
    kept = sorted(file.glob("*.y*ml")) if file.is_dir() else [file] if file.is_file() else []
    records = load_corpus(file, report=report, limit=limit, source=file.stem)
    return Source(file.stem, records, title=f"statements of {file.name}", files=kept)


def refuse_builtin(out: Path) -> None:
    """Raise `BadInput` when `out` is the built-in graph, which is the corpus alone and belongs to the package."""
    from immunokg.home import is_builtin

    if is_builtin(out):
        raise BadInput(f"{out} is the built-in graph, which holds the corpus alone; name another directory")


def build_checked(out: Path, sources: Iterable[Source] | None = None) -> Manifest:
    """Build a graph directory (of the corpus when no sources are given), validate it, and write its RDF store.

    The graph that was there stays until the new one has passed. Raises `BadInput` listing what validation found.
    """
    from immunokg.checking import check_graph
    from kg.directory import build_graph, read_generation, resolve
    from kg.triplestore import ensure_store

    built: list[Graph] = []

    def check(graph: Graph) -> None:
        check_graph(graph)
        built.append(graph)

    manifest = build_graph(out, corpus_sources() if sources is None else list(sources), check=check)
    generation = resolve(out)
    ensure_store(generation, lambda: built[0] if built else read_generation(generation))
    return manifest


def load_into(
    out: Path, name: str, files: Sequence[Path], *, report: LossReport | None = None, limit: int | None = None
) -> Manifest:
    """Load files of one source into a graph directory: beside what it holds, or beside the corpus if it is new.

    Loading a source again replaces what was loaded of it before. The old graph stays until the new one is whole.
    """
    from kg.directory import stored_sources

    refuse_builtin(out)
    added = user_sources(name, files, report=report, limit=limit)
    there = (out / "CURRENT").is_file()
    kept = list(stored_sources(out, without=[source.name for source in added])) if there else corpus_sources()
    return build_checked(out, [*kept, *added])

