"""Where graphs are found: the one asked for, the one named in the environment, or the built-in one in the cache.

The built-in graph is the curated corpus alone. It is built at first use into the user cache directory of the platform
(``IMMUNOKG_HOME`` overrides it) under a name made of the package version and a digest of the data it is built from, so
that an upgrade builds anew and an old graph is never mistaken for a new one. Two processes that build at once do not
disturb each other: each builds beside, and the first to rename wins.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ontologies.errors import BackendError, BadInput

__all__ = ["builtin_graph", "builtin_path", "cache_directory", "corpus_digest", "find_graph", "is_builtin", "package_root"]

_STALE_SECONDS = 3600
_INPUTS = ("kg", "loaders", "ontologies")


def package_root() -> Path:
    """Return the directory that holds the five packages (the checkout, or site-packages)."""
    return Path(__file__).resolve().parent.parent


def cache_directory(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Return the directory for built graphs: ``IMMUNOKG_HOME``, else the platform's user cache.

    >>> cache_directory({"IMMUNOKG_HOME": "graphs"}).as_posix()
    'graphs'
    >>> cache_directory({"XDG_CACHE_HOME": "/var/cache/me"}, "linux").as_posix()
    '/var/cache/me/immunokg'
    """
    if own := environ.get("IMMUNOKG_HOME"):
        return Path(own).expanduser()
    if platform == "win32":
        local = environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "immunokg" / "Cache"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "immunokg"
    base = environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "immunokg"


def _corpus_files(root: Path) -> Iterator[Path]:
    for folder in _INPUTS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.parent.name != "__pycache__":
                yield path


def corpus_digest(root: Path | None = None) -> str:
    """Return a digest of everything the built-in graph is built from: corpus, vocabulary, terms, and the code that does it.

    >>> len(corpus_digest())
    64
    """
    from hashlib import sha256

    root = root or package_root()
    digest = sha256()
    for path in _corpus_files(root):
        content = sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root).as_posix()}\t{content}\n".encode())
    return digest.hexdigest()


def builtin_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the built-in graph of this version and this corpus belongs, whether or not it is there."""
    from immunokg import __version__

    return cache_directory(environ) / f"corpus-{__version__}-{corpus_digest()[:12]}.ikg"


def is_builtin(path: Path, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a path names a built-in graph, which `load` and `build` never write into."""
    resolved = path.expanduser().resolve()
    return resolved.parent == cache_directory(environ).resolve() and resolved.name.startswith("corpus-")


def find_graph(
    path: str | os.PathLike[str] | None = None,
    *,
    environ: Mapping[str, str] = os.environ,
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Return the graph directory to use: `path`, else ``IMMUNOKG_GRAPH``, else the built-in graph (built if missing).

    `say` receives one line before a build starts. Raises `BadInput` when a named directory does not exist and
    `BackendError` when the cache directory cannot be written.
    """
    named = os.fspath(path) if path else environ.get("IMMUNOKG_GRAPH", "")
    if named:
        found = Path(named).expanduser()
        if not found.is_dir():
            origin = "--graph" if path else "IMMUNOKG_GRAPH"
            what = "is not a directory" if found.exists() else "does not exist"
            raise BadInput(f"graph directory {found} ({origin}) {what}; build one with: immunokg build --out {found}")
        return found
    return builtin_graph(environ=environ, say=say)


def builtin_graph(
    *, environ: Mapping[str, str] = os.environ, say: Callable[[str], None] = lambda _: None
) -> Path:
    """Return the built-in graph directory, building it when this version's is not there yet.

    Raises `BackendError` naming ``IMMUNOKG_HOME`` when the cache directory cannot be written.
    """
    target = builtin_path(environ)
    if not (target / "CURRENT").is_file():
        _build_builtin(target, say)
    return target


def _build_builtin(target: Path, say: Callable[[str], None]) -> None:
    """Build the corpus beside `target`, validate it, and rename it into place; a rival that was faster wins."""
    import shutil
    import tempfile

    from immunokg.building import build_checked

    home = target.parent
    try:
        home.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix="building-", dir=home))
    except OSError as error:
        reason = error.strerror or str(error)
        raise BackendError(
            f"cannot write the built-in graph into {home} ({reason}); set IMMUNOKG_HOME to a directory that you can write"
        ) from error
    try:
        say("building the graph from the curated corpus (once; a few seconds) …")
        build_checked(work / "graph")
        try:
            (work / "graph").rename(target)
        except OSError:
            if not (target / "CURRENT").is_file():
                raise
    except (OSError, BackendError) as error:
        full = "No space left" in str(error)
        reason = "No space left on device" if full else getattr(error, "strerror", None) or str(error)
        raise BackendError(f"building the graph in {home} failed ({reason}); free space or set IMMUNOKG_HOME") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _drop_stale(home)


def _drop_stale(home: Path) -> None:
    """Remove what killed builds left behind more than an hour ago; anything that resists stays."""
    import shutil
    import time

    for left in home.glob("building-*"):
        try:
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue
