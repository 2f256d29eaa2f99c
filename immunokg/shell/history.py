"""What was asked before, kept in a file of the user's cache directory that nobody else can read.

A history that cannot be read or written is no reason to disturb anybody: it is silently not kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit.history import FileHistory

__all__ = ["KeptHistory", "history_path"]

_MOST_BYTES = 1 << 20


def history_path() -> Path:
    """Return the file of the history: beside the built-in graphs."""
    from immunokg.home import cache_directory

    return cache_directory() / "shell-history"


class KeptHistory(FileHistory):
    """The history in a file of mode 0600; when it has grown large, the older half of it goes."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._path = path

    def load_history_strings(self) -> Iterable[str]:
        """Return what was asked, the newest first; nothing when the file cannot be read."""
        try:
            if self._path.stat().st_size > _MOST_BYTES:
                self._shorten()
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        """Append what was asked."""
        text = string.encode("utf-8", "replace").decode()
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.close(descriptor)
            self._path.chmod(0o600)
            super().store_string(text)

    def _shorten(self) -> None:
        """Keep the newer half, beginning with a whole entry; another session sees the old file or the new one."""
        kept = self._path.read_bytes()[-_MOST_BYTES // 2 :]
        begin = kept.find(b"\n# ")
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(kept[max(begin, 0) :])
            new.replace(self._path)
        finally:
            new.unlink(missing_ok=True)
