"""A process of its own for an engine that must be killable: started with a script, spoken to in frames over two pipes.

A frame is a length of four bytes and a JSON object. The script runs isolated (``python -I``), sees few of our environment
variables, and writes its errors into frames, never to the terminal. Who owns a `WorkerProcess` ends it: when the owner is
collected, the interpreter ends, or `end` is called, the process is killed; when the interpreter dies, the script sees its
input end.
"""

from __future__ import annotations

import json
import os
import queue
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from ontologies.errors import MissingPart

__all__ = ["WorkerProcess", "library_folder"]

_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL")
_START_SECONDS = 60.0


class WorkerProcess:
    """One running process with a thread that reads its frames.

    Args:
        script: the Python file to run; its first argument is `settings` as JSON.
        settings: what the script needs to know.
        folder: its working directory.
        own_session: keep Ctrl-C of the terminal away from it, so that only its owner decides when it ends.
    """

    def __init__(self, script: Path, settings: Mapping[str, Any], *, folder: Path, own_session: bool = False) -> None:
        apart: dict[str, Any] = {}
        if own_session:
            apart = {"start_new_session": True}
            if sys.platform == "win32":
                apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self._popen = subprocess.Popen(
            [sys.executable, "-I", str(script), json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            **apart,
        )
        self._frames: queue.Queue[dict[str, Any] | None] = queue.Queue()
        taken = self._popen.stdout
        assert taken is not None
        reader = threading.Thread(target=_read_frames, args=(taken, self._frames), daemon=True)
        reader.start()
        self._finalizer = weakref.finalize(self, _end, self._popen, reader)

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._popen.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._popen.poll() is None

    def send(self, request: Mapping[str, Any]) -> None:
        """Send a frame; that the process died meanwhile is said by the next `receive`."""
        data = json.dumps(request, separators=(",", ":")).encode()
        pipe = self._popen.stdin
        assert pipe is not None
        try:
            pipe.write(struct.pack(">I", len(data)))
            pipe.write(data)
            pipe.flush()
        except (OSError, ValueError):  # a broken pipe, or one that `end` closed: the reader thread says so with a None
            return

    def receive(self, seconds: float | None) -> dict[str, Any] | None:
        """Return the next frame, or None when the process has ended; raises `queue.Empty` after that many seconds."""
        return self._frames.get(timeout=None if seconds is None else max(seconds, 0.001))

    def end(self) -> int:
        """Kill the process, whatever it does, and return its exit code."""
        self._finalizer()
        return self._popen.returncode

    def wait_until_ready(self) -> str:
        """Return nothing when the process says that it is ready; else kill it and return the reason it gives."""
        try:
            frame = self.receive(_START_SECONDS)
        except queue.Empty:
            frame = {"message": f"not ready after {_START_SECONDS:g} s"}
        if frame is not None and "ready" in frame:
            return ""
        code = self.end()
        return str(frame["message"]) if frame else f"the process that should open it ended at once (exit {code})"


def library_folder(module: str, part: str, install: str) -> str:
    """Return the folder that holds a library, so that an isolated script finds it where we do.

    Raises `MissingPart` with `part` and `install` where it is not installed.
    """
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise MissingPart(part, install)
    return str(Path(spec.origin).parent.parent)


def _end(popen: subprocess.Popen[bytes], reader: threading.Thread) -> None:
    popen.kill()
    popen.wait()
    reader.join(5)
    for pipe in (popen.stdin, popen.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # a broken pipe on closing: the process is gone already
                continue


def _read_frames(pipe: IO[bytes], frames: queue.Queue[dict[str, Any] | None]) -> None:
    while True:
        head = pipe.read(4)
        data = pipe.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""
        if not data:
            frames.put(None)
            return
        try:
            frames.put(json.loads(data.decode("utf-8", "surrogatepass")))
        except ValueError:  # cut short because the process was killed while writing
            frames.put(None)
            return
