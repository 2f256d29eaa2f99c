"""A process of its own for an engine: frames both ways, and an end in every case."""

from __future__ import annotations

import gc
import queue
from pathlib import Path
from typing import Any

import psutil
import pytest

from kg.worker_process import WorkerProcess, library_folder
from ontologies.errors import MissingPart

SCRIPT = """
import json, os, struct, sys, time
settings = json.loads(sys.argv[1])
def send(frame):
    data = json.dumps(frame).encode("utf-8", "surrogatepass")
    sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
    sys.stdout.buffer.flush()
print("noise", file=sys.stderr)
if settings.get("dies"):
    sys.exit(5)
if settings.get("refuses"):
    send({"error": "x", "message": settings["refuses"]})
    time.sleep(60)
send({"ready": True, "seen": sorted(os.environ), "settings": settings})
while True:
    head = sys.stdin.buffer.read(4)
    if not head:
        break
    frame = json.loads(sys.stdin.buffer.read(struct.unpack(">I", head)[0]).decode("utf-8", "surrogatepass"))
    if frame.get("half"):
        sys.stdout.buffer.write(struct.pack(">I", 1000) + b"{")
        sys.stdout.buffer.flush()
        os._exit(7)
    send(frame)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "worker.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def started(script: Path, **settings: Any) -> WorkerProcess:
    return WorkerProcess(script, settings, folder=script.parent, own_session=True)


def test_frames_go_both_ways(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent comes back, whatever characters it holds; secrets of our environment are not passed on."""
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    process = started(script)
    frame = process.receive(30)
    assert frame is not None
    assert "NEO4J_PASSWORD" not in frame["seen"]
    for value in ("dupilumab\x00\u2028\U0001f600", "\ud800", ["x" * 200_000], {"a": None}):
        process.send({"value": value})
        assert process.receive(30) == {"value": value}
    with pytest.raises(queue.Empty):
        process.receive(0.01)
    assert process.alive
    assert process.end() != 0
    assert not psutil.pid_exists(process.pid)


def test_a_process_that_says_why_it_cannot_is_ended(script: Path) -> None:
    """The reason is the process's own words, else its exit code."""
    refusing = started(script, refuses="the store is damaged")
    assert refusing.wait_until_ready() == "the store is damaged"
    assert not refusing.alive
    assert started(script, dies=True).wait_until_ready() == "the process that should open it ended at once (exit 5)"


def test_a_frame_cut_short_is_an_end(script: Path) -> None:
    """A process that dies in the middle of a frame is a process that has ended; sending to it is no error."""
    process = started(script)
    assert process.wait_until_ready() == ""
    process.send({"half": True})
    assert process.receive(30) is None
    process.send({"value": "x" * 1_000_000})
    assert process.end() == 7
    process.send({"value": 1})
    assert not process.alive


def test_a_process_nobody_holds_is_ended(script: Path) -> None:
    """When its owner forgets it, the process goes."""
    process = started(script)
    assert process.wait_until_ready() == ""
    pid = process.pid
    del process
    gc.collect()
    assert not psutil.pid_exists(pid)


def test_a_library_that_is_missing_is_named() -> None:
    """The folder of a library is where it was installed; a missing one is a missing part with the command that adds it."""
    assert (Path(library_folder("pytest", "pytest", "pip install pytest")) / "pytest" / "__init__.py").is_file()
    with pytest.raises(MissingPart, match="the engine is not installed; run: pip install engine"):
        library_folder("no_such_library", "the engine", "pip install engine")
