"""Writing so that a reader sees the old file or the new one, never half: beside the target, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ontologies.errors import BackendError, BadInput

__all__ = ["atomic_directory", "atomic_file"]


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing bytes that takes the name `path` only if the block ends without an error.

    Raises `BackendError` naming the path when the directory is missing, read-only or full.

    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "il4r.txt"
    >>> with atomic_file(target) as file:
    ...     _ = file.write(b"HGNC:6015")
    >>> target.read_text()
    'HGNC:6015'
    """
    target = path.expanduser()
    if target.is_dir():
        raise BadInput(f"{path} is a directory; name a file")
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        temporary = Path(name)
        with open(handle, "wb") as file:  # noqa: PTH123  # a descriptor, not a path
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode_for(target))
        temporary.replace(target)
    except OSError as error:
        raise BackendError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


@contextmanager
def atomic_directory(path: Path, *, mark: str) -> Iterator[Path]:
    """Give a new directory beside `path` to write in; it takes the name only if the block ends without an error.

    A directory that stands there already is replaced if it holds the file `mark` (so it was written here before) or is
    empty; anything else raises `BadInput` and is left alone.
    """
    target = path.expanduser()
    if target.exists() and not target.is_dir():
        raise BadInput(f"{path} is a file; name a directory")
    if target.is_dir() and any(target.iterdir()) and not (target / mark).is_file():
        raise BadInput(f"{path} holds other files; name a new or an empty directory")
    work: Path | None = None
    try:
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        work.chmod(0o777 & ~_umask())
        yield work
        old = work.with_name(work.name + ".old")
        if target.exists():
            target.rename(old)
        work.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise BackendError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _mode_for(target: Path) -> int:
    """Return the permissions of the file that is replaced, else what a new file would get."""
    with suppress(OSError):
        return target.stat().st_mode & 0o777
    return 0o666 & ~_umask()
