"""What a graph directory says of itself: format, digest, counts, sources, files.

`manifest.json` carries a seal (the SHA-256 of its own content), so that a damaged one is noticed before it is believed.

>>> manifest = Manifest("0" * 64, {"entities": 2}, (), {})
>>> Manifest.from_json(manifest.to_json()) == manifest
True
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.model import Record
from ontologies.errors import BackendError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMAT", "InputFile", "Manifest", "Source", "SourceEntry", "StoredFile", "file_sha256"]

FORMAT = 1
"""The version of the layout; a reader refuses any other."""

_MAX_BYTES = 64 * 1024 * 1024

Table: TypeAlias = "Path | pa.Table"


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; raises OSError when it cannot be read."""
    from hashlib import file_digest

    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """One file that a source was read from: its name without the folder, its SHA-256, its size."""

    name: str
    sha256: str
    size: int

    @classmethod
    def of(cls, path: Path) -> InputFile:
        """Look at a file on disk."""
        return cls(path.name, file_sha256(path), path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a build: its name (that of `Evidence.source`), what is said of it, and its records or raw tables.

    `records` is an iterable, or a function that returns one; `tables` maps ``assertions``, ``entities`` and
    ``publications`` to Arrow tables or paths of Parquet files.
    """

    name: str
    records: Iterable[Record] | Callable[[], Iterable[Record]] = ()
    version: str = ""
    licence: str = ""
    title: str = ""
    homepage: str = ""
    files: Sequence[Path | InputFile] = ()
    tables: Mapping[str, Sequence[Table]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One source as the manifest keeps it; `counts` holds its statements, evidences and publications."""

    name: str
    version: str = ""
    licence: str = ""
    title: str = ""
    homepage: str = ""
    files: tuple[InputFile, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One Parquet file of a generation: its SHA-256 and size, by which damage is noticed."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds.

    `digest` is that of the content (`kg.digest.content_digest`): the same for equal content whatever the files, the order of
    input, the process or the machine. `counts` gives the rows of every table.
    """

    digest: str
    counts: dict[str, int]
    sources: tuple[SourceEntry, ...]
    files: dict[str, StoredFile]
    format: int = FORMAT

    @property
    def generation(self) -> str:
        """The name of the generation's directory: digests of the content and of what is said of the sources."""
        said = json.dumps([asdict(source) for source in self.sources], sort_keys=True)
        return f"g-{self.digest[:32]}-{sha256(said.encode()).hexdigest()[:8]}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    def to_json(self) -> str:
        """Return the text of ``manifest.json``."""
        content = self.to_dict()
        return json.dumps(content | {"seal": _seal(content)}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read the text of ``manifest.json``; raises ValueError (with the reason) when it is damaged or of another format."""
        if len(text) > _MAX_BYTES:
            raise ValueError("is larger than any manifest")
        try:
            content = json.loads(text)
            seal = content.pop("seal")
            edition = content["format"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ValueError("is damaged") from None
        if edition != FORMAT:
            raise ValueError(f"has format {edition!r}, this version reads format {FORMAT}")
        if seal != _seal(content):
            raise ValueError("is damaged (its seal is broken)")
        return cls(
            digest=content["digest"],
            counts=content["counts"],
            sources=tuple(
                SourceEntry(**(s | {"files": tuple(InputFile(**f) for f in s["files"])})) for s in content["sources"]
            ),
            files={name: StoredFile(**stored) for name, stored in content["files"].items()},
        )

    @classmethod
    def read(cls, generation: Path) -> Manifest:
        """Read the manifest of a generation; raises `BackendError` when it is missing or damaged."""
        path = generation / "manifest.json"
        try:
            return cls.from_json(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise BackendError(f"cannot read {path}: {error.strerror}; {_rebuild(generation)}") from error
        except ValueError as error:
            reason = "is damaged" if isinstance(error, UnicodeDecodeError) else str(error)
            raise BackendError(f"{path} {reason}; {_rebuild(generation)}") from error


def _seal(content: Mapping[str, Any]) -> str:
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _rebuild(generation: Path) -> str:
    return f"build it anew with: immunokg build --out {generation.parent}"
