"""Kill -9 at any moment: the graph that was there stays whole, and the next build clears up.

A real process builds over an old graph and is killed by SIGKILL: at every step, and at moments spread over the build.
Afterwards the directory is opened: it holds the old graph or the new one, and building again gives the new one without
debris.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.directory import build_graph, read_graph, resolve, verify
from kg.generations import CURRENT
from tests.graph_directories import STEPS, entries, source

NEW = (1, 2, 3)
_BUILD = """
import os, signal, sys
from pathlib import Path
import duckdb, pyarrow.parquet
from kg.directory import build_graph
from tests.graph_directories import source
def checkpoint(name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
print("ready", flush=True)
sys.stdin.readline()
build_graph(Path(sys.argv[1]), [source(1, 2, 3)], checkpoint=checkpoint)
print("done", flush=True)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")


def start(path: Path, step: str = "") -> subprocess.Popen[str]:
    """Start a build that waits for a line on its standard input."""
    root = Path(__file__).resolve().parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", _BUILD, str(path), step], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def end(process: subprocess.Popen[str]) -> int:
    """Wait for the process, close its pipes, and return its exit code."""
    code = process.wait(60)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    return code


def papers(path: Path) -> set[str]:
    return {e.publication.key for found in read_graph(path).evidence.values() for e in found}


def old_and_new(path: Path) -> None:
    """The directory holds one whole graph, and a build afterwards clears up."""
    assert papers(path) in ({"PMID:9"}, {f"PMID:{n}" for n in NEW})
    verify(resolve(path))
    build_graph(path, [source(*NEW)])
    assert papers(path) == {f"PMID:{n}" for n in NEW}
    assert entries(path) == [CURRENT, resolve(path).name]


@pytest.mark.parametrize("step", [*STEPS, "current", "swept"])
def test_killed_after_a_step(tmp_path: Path, step: str) -> None:
    """Before CURRENT is replaced the old graph is read, afterwards the new one."""
    path = tmp_path / "a.ikg"
    build_graph(path, [source(9)])
    process = start(path, step)
    go(process)
    assert end(process) == -signal.SIGKILL
    assert papers(path) == ({f"PMID:{n}" for n in NEW} if step in ("current", "swept") else {"PMID:9"})
    old_and_new(path)


@pytest.mark.parametrize("part", range(4))
def test_killed_at_any_moment(tmp_path: Path, part: int) -> None:
    """Ten moments each, spread over the time that the build takes, wherever that is in our code or a library's."""
    path = tmp_path / "a.ikg"
    build_graph(path, [source(9)])
    process = start(path)
    begun = time.perf_counter()
    go(process)
    assert end(process) == 0
    whole = time.perf_counter() - begun
    for moment in range(part, 40, 4):
        if papers(path) != {"PMID:9"}:
            build_graph(path, [source(9)])
        process = start(path)
        go(process)
        time.sleep(whole * moment / 40)
        process.kill()
        end(process)
        assert papers(path) in ({"PMID:9"}, {f"PMID:{n}" for n in NEW})
        verify(resolve(path))
    old_and_new(path)


def test_killed_first_build(tmp_path: Path) -> None:
    """Without an old graph there is none afterwards, and the next build makes one."""
    path = tmp_path / "a.ikg"
    process = start(path, "written")
    go(process)
    assert end(process) == -signal.SIGKILL
    assert not (path / CURRENT).exists()
    build_graph(path, [source(*NEW)])
    old_and_new(path)


def test_ctrl_c_in_the_middle(tmp_path: Path) -> None:
    """SIGINT during the build ends it with nothing half written and the old graph in place."""
    path = tmp_path / "a.ikg"
    build_graph(path, [source(9)])
    for delay in (0.0, 0.02, 0.05, 0.1):
        process = start(path)
        go(process)
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        end(process)
        assert papers(path) in ({"PMID:9"}, {f"PMID:{n}" for n in NEW})
        assert [name for name in entries(path) if name.startswith(".")] == []
