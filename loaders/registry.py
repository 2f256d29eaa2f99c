"""The sources by name: what ``immunokg sources`` lists, and how ``load`` and ``build --from NAME=FILE`` find their loader."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.model import Record
from loaders import curated, drugmechdb
from loaders.base import Load, LossReport, SourceInfo
from ontologies.errors import BackendError, BadInput, Fault

__all__ = ["find_loader", "read_source", "source_infos"]

_LOADERS: dict[str, tuple[SourceInfo, Load]] = {
    curated.INFO.name: (curated.INFO, curated.load),
    drugmechdb.INFO.name: (drugmechdb.INFO, drugmechdb.load),
}


def source_infos() -> tuple[SourceInfo, ...]:
    """Return every source that can be read, by name.

    >>> [(info.name, info.licence) for info in source_infos()]
    [('corpus', 'Apache-2.0'), ('drugmechdb', 'CC0-1.0')]
    """
    return tuple(info for _, (info, _) in sorted(_LOADERS.items()))


def find_loader(name: str) -> tuple[SourceInfo, Load]:
    """Return what a source is and the function that reads a stream of it; raises `BadInput` for an unknown name.

    >>> find_loader("drugmechbd")
    Traceback (most recent call last):
        ...
    ontologies.errors.BadInput: unknown source 'drugmechbd'; did you mean 'drugmechdb'?
    """
    try:
        return _LOADERS[name]
    except KeyError:
        from loaders.words import suggest

        raise BadInput(f"unknown source {name[:80]!r}; {suggest(name, sorted(_LOADERS))}") from None


def read_source(
    name: str, path: Path | None = None, *, report: LossReport | None = None, release: str = "", limit: int | None = None
) -> Iterator[Record]:
    """Yield the records of a source from a file (``-`` is standard input; for the corpus also a folder, or what ships).

    Nothing is opened before the first record is asked for.

    Raises:
        BadInput: an unknown source, a file that is not there, or a faulty one (with all its faults).
        BackendError: the file system failed.
    """
    info, load = find_loader(name)
    if info.name == curated.INFO.name and (path is None or str(path) != "-"):
        with _file_system(path):
            yield from curated.load_corpus(path, report=report, limit=limit)
        return
    if path is None:
        raise BadInput(f"{name}: say which file to read ({info.reads})")
    if str(path) == "-":
        yield from load(sys.stdin.buffer, name="<stdin>", report=report, release=release, limit=limit)
        return
    with _file_system(path), path.open("rb") as stream:
        yield from load(stream, name=path.name, report=report, release=release, limit=limit)


@contextmanager
def _file_system(path: Path | None) -> Iterator[None]:
    """Turn errors of the file system into ours."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        problem = "is a folder" if isinstance(error, IsADirectoryError) else "does not exist"
        raise BadInput(f"{path}: {problem}", [Fault(str(path), problem=problem, fix="check the path")]) from None
    except OSError as error:
        raise BackendError(f"{path or 'the shipped corpus'}: cannot be read: {error.strerror or error}") from None
