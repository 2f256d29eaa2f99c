"""Generations of a graph directory: which one is current, who reads it, and how a new one takes its place.

``NAME.ikg/`` holds generations ``g-…/`` and the one-line file ``CURRENT``. A build writes beside them, under ``.tmp-…``,
makes everything durable, renames the directory, and only then replaces ``CURRENT`` in one step: a reader sees the old graph
or the new one, and a build that is killed leaves the old one whole. Only a holder of the build lock writes here, so whatever
``.tmp-…`` it meets is the remains of a killed build.

Readers that keep files of a generation open (the RDF store, the path index) hold a shared lock on it (`hold`); an old
generation is removed only when nobody does. Where a system has no such locks, old generations are removed if the system
lets us.
"""

from __future__ import annotations

import atexit
import errno
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from ontologies.errors import BackendError

__all__ = [
    "CURRENT",
    "build_lock",
    "build_view",
    "build_view_somewhere",
    "clean",
    "file_errors",
    "hold",
    "point_at",
    "publish",
    "resolve",
    "sweep",
    "sync_tree",
    "view_dir",
]

CURRENT = "CURRENT"
"""The file that names the current generation."""

_LOCK = ".lock"
_BUILD_LOCK = ".build-lock"
_GENERATION = re.compile(r"g-[0-9a-f]{32}-[0-9a-f]{8}(-[0-9]{1,9})?")
_VIEW = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TRIES = 50
_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)


def resolve(path: Path) -> Path:
    """Return the directory of the current generation of a graph directory.

    Raises `BackendError`, with the fix, when there is no graph or ``CURRENT`` names none.
    """
    build = f"build it with: immunokg build --out {path}"
    try:
        text = (path / CURRENT).read_text(encoding="utf-8")
    except FileNotFoundError:
        what = "has no finished graph in it" if path.is_dir() else "does not exist"
        raise BackendError(f"graph directory {path} {what}; {build}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BackendError(f"cannot read {path / CURRENT}: {error}; {build}") from error
    name = text.strip()
    if not _GENERATION.fullmatch(name):
        raise BackendError(f"{path / CURRENT} is damaged: it names no generation; {build}")
    if not (path / name).is_dir():
        raise BackendError(f"{path / CURRENT} names {name}, which is missing; {build}")
    return path / name


@contextmanager
def hold(path: Path) -> Iterator[Path]:
    """Yield the current generation and keep it from being removed while the block runs.

    On a file system without locks, or one that cannot be written to, the generation is yielded all the same.
    """
    for attempt in range(_TRIES):
        try:
            generation = resolve(path)
        except BackendError:
            if attempt + 1 == _TRIES or not (path / CURRENT).exists():
                raise
            time.sleep(0.01)  # CURRENT was being replaced between the two looks
            continue
        try:
            descriptor = os.open(generation / _LOCK, os.O_RDONLY)
        except OSError:
            if not generation.is_dir():
                continue
            yield generation
            return
        try:
            _flock(descriptor, shared=True, block=True)
            if _is_file(descriptor, generation / _LOCK):
                yield generation
                return
        finally:
            os.close(descriptor)
    raise BackendError(f"graph directory {path} is being replaced again and again; try later")


@contextmanager
def build_lock(path: Path, *, wait: float) -> Iterator[None]:
    """Hold the one right to write into a graph directory; waits that many seconds for another build to end.

    Raises `BackendError` when another build still runs then.
    """
    descriptor = os.open(path / _BUILD_LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + wait
        while not _flock(descriptor, shared=False, block=False):
            if time.monotonic() >= deadline:
                raise BackendError(f"another build is writing to {path}; wait for it to end, then run again")
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def clean(path: Path) -> None:
    """Remove what killed builds left behind; only for the holder of the build lock."""
    for stale in [*path.glob(".tmp-*"), *path.glob(".trash-*")]:
        _remove(stale)


def publish(path: Path, built: Path, name: str, *, checkpoint: Callable[[str], None]) -> Path:
    """Make a finished directory the current generation under `name` (or `name-2`, … if that is taken) and return it."""
    target = path / name
    number = 1
    while target.exists():
        number += 1
        target = path / f"{name}-{number}"
    (built / _LOCK).touch()
    sync_tree(built)
    checkpoint("synced")
    built.rename(target)
    _sync_directory(path)
    checkpoint("renamed")
    point_at(path, target, checkpoint=checkpoint)
    return target


def point_at(path: Path, generation: Path, *, checkpoint: Callable[[str], None]) -> None:
    """Replace ``CURRENT`` in one step."""
    descriptor, text = tempfile.mkstemp(prefix=".tmp-current-", dir=path)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(f"{generation.name}\n")
        stream.flush()
        os.fsync(stream.fileno())
    Path(text).chmod(0o644)
    checkpoint("pointer written")
    Path(text).replace(path / CURRENT)
    _sync_directory(path)
    checkpoint("current")


def sweep(path: Path, keep: Path) -> None:
    """Remove every generation but `keep` that nobody reads, and stale parts of views; failures are left for next time."""
    for generation in sorted(path.glob("g-*")):
        if not _GENERATION.fullmatch(generation.name):
            continue
        with suppress(OSError):
            descriptor = os.open(generation / _LOCK, os.O_RDWR | os.O_CREAT)
            try:
                if not _flock(descriptor, shared=False, block=False):
                    continue
                if generation == keep:
                    for stale in generation.glob(".tmp-*"):
                        _remove(stale)
                    continue
                trash = path / f".trash-{generation.name}"
                _remove(trash)
                generation.rename(trash)
                _remove(trash)
            finally:
                os.close(descriptor)


def view_dir(generation: Path, name: str) -> Path:
    """Return where a materialised view (``rdf``, ``cypher``, ``paths``) of a generation belongs; it need not exist.

    >>> view_dir(Path("g"), "rdf").as_posix()
    'g/rdf'
    """
    if not _VIEW.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a view; use lower-case letters")
    return generation / name


def build_view(generation: Path, name: str, fill: Callable[[Path], None], *, anew: bool = False) -> Path:
    """Return the directory of a view, built by `fill(directory)` if it is not there (or `anew`).

    It is filled beside and renamed when whole, so that nobody meets half a view; of two processes that build at once, the
    first wins and the other uses its result. Raises `BackendError` when the generation cannot be written.
    """
    target = view_dir(generation, name)
    if target.is_dir() and not anew:
        return target
    with file_errors(generation):
        temporary = Path(tempfile.mkdtemp(prefix=f".tmp-{name}-", dir=generation))
        try:
            fill(temporary)
            sync_tree(temporary)
            if anew and target.is_dir():
                old = Path(tempfile.mkdtemp(prefix=f".tmp-old-{name}-", dir=generation))
                target.rename(old / name)
                temporary.rename(target)
                _remove(old)
            else:
                _rename_unless_there(temporary, target)
            _sync_directory(generation)
        finally:
            _remove(temporary)
    return target


def build_view_somewhere(generation: Path, name: str, fill: Callable[[Path], None], *, anew: bool = False) -> Path:
    """Return the directory of a view as `build_view` does; where nothing may be written, one in a passing folder.

    The passing folder goes with this process. Raises `BackendError` for every other failure to write.
    """
    try:
        return build_view(generation, name, fill, anew=anew)
    except BackendError as error:
        if not (isinstance(error.__cause__, OSError) and error.__cause__.errno in _NOT_WRITABLE):
            raise
    folder = Path(tempfile.mkdtemp(prefix="immunokg-"))
    atexit.register(partial(shutil.rmtree, folder, ignore_errors=True))
    return build_view(folder, name, fill)


def _rename_unless_there(temporary: Path, target: Path) -> None:
    try:
        temporary.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def sync_tree(directory: Path) -> None:
    """Make every file and folder under a directory durable."""
    for folder, _, names in os.walk(directory):
        for name in names:
            descriptor = os.open(Path(folder) / name, os.O_RDONLY if sys.platform != "win32" else os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        _sync_directory(Path(folder))


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Turn an OSError into one `BackendError` line that says what to do."""
    try:
        yield
    except OSError as error:
        fix = {
            errno.ENOSPC: "free some space and run again",
            errno.EDQUOT: "free some space and run again",
            errno.EFBIG: "the file is larger than this account may write; raise the limit",
            errno.EROFS: "it is read-only; choose another directory with --out",
            errno.EACCES: "you may not write there; choose another directory with --out",
            errno.EPERM: "you may not write there; choose another directory with --out",
        }.get(error.errno or 0, "the graph that was there is untouched")
        raise BackendError(f"cannot write to {path}: {error.strerror or error}; {fix}") from error


def _sync_directory(path: Path) -> None:
    if sys.platform == "win32":
        return  # a directory cannot be opened there, and renames are durable by themselves
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _is_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _flock(descriptor: int, *, shared: bool, block: bool) -> bool:
        """Lock the first byte; there are no shared locks here, so readers are protected by their open files instead."""
        if shared:
            return True
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if block else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _flock(descriptor: int, *, shared: bool, block: bool) -> bool:
        """Take an advisory lock on an open file; False when somebody else holds it and we may not wait."""
        kind = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if block else fcntl.LOCK_NB)
        try:
            fcntl.flock(descriptor, kind)
        except BlockingIOError:
            return False
        except OSError:
            return shared  # a file system without locks: reading is fine, removing is not
        return True
