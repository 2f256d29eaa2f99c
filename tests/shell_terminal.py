"""A user at a terminal: drives a real command through a pseudo-terminal, key by key."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import psutil

from tests.limits import HANG

__all__ = ["UP", "Terminal"]

UP = "\x1b[A"
_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>()][0-9A-B]?|\r")
_LAUNCH = "import os, sys\nos.close(os.open(os.ttyname(0), os.O_RDWR))\nos.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
"""The first terminal that the leader of a session opens is the one whose Ctrl-C and hang-up it is told of."""


class Terminal:
    """The command at work on a terminal of its own; `keys` types, `until` waits for what it shows."""

    def __init__(
        self, arguments: Sequence[str], root: Path, *, environment: Mapping[str, str] | None = None, stdout: int | None = None
    ) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self._leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        settings = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "PYTHONPATH": str(root), **(environment or {})}
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "NEO4J_URI", "COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, "-m", "immunokg", "shell", *arguments], stdin=follower, stderr=follower,
            stdout=follower if stdout is None else stdout, env={**kept, **settings}, cwd=root, start_new_session=True,
        )  # fmt: skip
        os.close(follower)
        self._shown = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait(HANG)
        self.hang_up()

    def hang_up(self) -> None:
        """Close the terminal, as closing its window does."""
        if self._leader >= 0:
            os.close(self._leader)
            self._leader = -1

    def keys(self, text: str) -> None:
        """Type."""
        os.write(self._leader, text.encode())

    def until(self, pattern: str, *, raw: bool = False) -> str:
        """Wait until what was shown since the last call matches; return it, without colours and cursor movements unless `raw`."""
        end = time.monotonic() + HANG
        while time.monotonic() < end:
            ready, _, _ = select.select([self._leader], [], [], 0.05)
            if ready:
                try:
                    self._shown += os.read(self._leader, 1 << 16)
                except OSError:  # the other end was closed
                    end = 0
            shown = _CONTROLS.sub("", self._shown.decode("utf-8", "replace"))
            if re.search(pattern, shown, re.DOTALL):
                whole, self._shown = self._shown, b""
                return whole.decode("utf-8", "replace") if raw else shown
        raise AssertionError(f"{pattern!r} never came; shown was {shown!r}")

    def ends(self) -> int:
        """Wait for the end and return the exit code."""
        while True:
            try:
                if not os.read(self._leader, 1 << 16):
                    break
            except OSError:
                break
        return self.process.wait(HANG)

    def children(self) -> list[psutil.Process]:
        """Return the processes that the command has started."""
        return psutil.Process(self.process.pid).children(recursive=True)
