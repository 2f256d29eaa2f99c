"""The process of the embedded engine: who ends it and when, what it may touch, and what comes after a query that broke it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kg.cypher_store import engine_process, ensure_cypher_store
from kg.graph import Graph
from ontologies.errors import BackendError, MissingPart
from queries.cypher_engine.embedded import EmbeddedCypher
from queries.query_errors import QueryError, QueryStopped
from tests.limits import HANG

ONE = "RETURN 1 AS one"
ENDLESS = "RETURN reduce(s = 0, x IN range(1, 1000000) | reduce(t = s, y IN range(1, 1000000) | t + 1)) AS n"
PRODUCT = "MATCH (a)--(b)--(c)--(d)--(e)--(f) RETURN count(*) AS n"


def asked(engine: EmbeddedCypher) -> int:
    """Ask something harmless and return the id of the process that answered."""
    assert engine.query(ONE).values() == [(1,)]
    assert engine.pid is not None
    return engine.pid


def ended(pid: int) -> bool:
    """Tell whether a process has ended with all its threads: the first is a zombie while the others still end."""
    try:
        process = psutil.Process(pid)
        return process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1
    except psutil.NoSuchProcess:
        return True


def gone(pid: int) -> bool:
    """Wait until a process has ended."""
    end = time.monotonic() + HANG
    while not ended(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_the_engine_ends_a_query_at_its_limit_and_stays_warm(dense_store: Path) -> None:
    """A query over its time ends with advice, and the same process answers the next one."""
    with EmbeddedCypher(dense_store) as engine:
        first = asked(engine)
        with pytest.raises(QueryStopped, match=r"stopped after 0.5 s; make it narrower"):
            engine.query(PRODUCT, timeout=0.5)
        assert asked(engine) == first


def test_what_the_engine_cannot_end_is_killed_and_a_new_process_waits(dense_store: Path) -> None:
    """A query that looks at no clock ends with its process; the next process is there before anybody asks."""
    with EmbeddedCypher(dense_store) as engine:
        first = asked(engine)
        started = time.monotonic()
        with pytest.raises(QueryStopped, match=r"stopped after 0.5 s"):
            engine.query(ENDLESS, timeout=0.5)
        assert time.monotonic() - started < HANG
        assert gone(first)
        waiting = engine.pid
        assert waiting not in (None, first)
        assert asked(engine) == waiting


def test_a_long_query_has_another_process_ready(dense_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After half of a long time another process stands by: it takes over when the first is killed, and goes when it is not."""
    monkeypatch.setattr("queries.cypher_engine.embedded._SPARE", 0.5)
    with EmbeddedCypher(dense_store) as engine:
        first = asked(engine)
        children = set(psutil.Process().children())
        with pytest.raises(QueryStopped, match=r"stopped after 3 s"):
            engine.query(ENDLESS, timeout=3)
        stopped = time.time()
        second = asked(engine)
        assert second != first
        assert psutil.Process(second).create_time() < stopped - 0.5
        with pytest.raises(QueryStopped, match=r"stopped after 1.2 s"):
            engine.query(PRODUCT, timeout=1.2)
        assert asked(engine) == second
        assert len(psutil.Process().children()) == len(children)


def test_memory_is_limited_and_the_next_query_works(dense_store: Path) -> None:
    """A query that needs more than the heap is stopped with a clear message."""
    with EmbeddedCypher(dense_store, memory_mb=128) as engine:
        asked(engine)
        with pytest.raises(QueryStopped, match="more than the 128 MB of memory allowed"):
            engine.query("RETURN size(reduce(s = 'aaaaaaaa', i IN range(1, 40) | s + s)) AS n")
        asked(engine)


def test_an_answer_too_large_is_refused(embedded: EmbeddedCypher) -> None:
    """An answer beyond the cap in bytes is stopped with advice, not collected."""
    with pytest.raises(QueryStopped, match="larger than 128 MB; add LIMIT"):
        embedded.query("UNWIND range(1, 100000) AS x RETURN $big + x AS t", {"big": "x" * 30_000})
    assert embedded.query(ONE).values() == [(1,)]


def test_one_process_is_kept_and_ends_with_the_engine(cypher_store: Path) -> None:
    """Nothing starts before the first query, one process answers all, and none is left behind."""
    engine = EmbeddedCypher(cypher_store)
    with pytest.raises(QueryError):
        engine.query("LOAD CSV FROM 'x' AS r RETURN r")
    assert engine.pid is None
    first = asked(engine)
    assert asked(engine) == first
    engine.close()
    assert not psutil.pid_exists(first)
    assert asked(engine) != first
    engine.close()


def test_a_killed_process_is_replaced(cypher_store: Path) -> None:
    """When the process is killed between queries, the next query starts another."""
    with EmbeddedCypher(cypher_store) as engine:
        first = asked(engine)
        psutil.Process(first).kill()
        assert gone(first)
        assert asked(engine) != first


def test_the_process_writes_nothing_and_listens_nowhere(cypher_store: Path) -> None:
    """While it works, no file is open for writing, no connection stands, and the store is untouched."""
    before = {path.name: path.read_bytes() for path in cypher_store.iterdir()}
    with EmbeddedCypher(cypher_store) as engine:
        process = psutil.Process(asked(engine))
        writable = [file.path for file in process.open_files() if file.mode not in ("r", "rb")]
        assert [path for path in writable if path != "/dev/null"] == []
        assert process.net_connections() == []
    assert {path.name: path.read_bytes() for path in cypher_store.iterdir()} == before


def test_several_processes_read_one_store_at_once(cypher_store: Path) -> None:
    """Engines do not lock each other out."""
    with EmbeddedCypher(cypher_store) as one, EmbeddedCypher(cypher_store) as two:
        assert asked(one) != asked(two)
        text = "MATCH (s:Statement) RETURN s.id ORDER BY s.id"
        assert one.query(text) == two.query(text)


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be made read-only by their mode there")
def test_a_store_that_cannot_be_written_answers(cypher_store: Path, tmp_path: Path) -> None:
    """A store on a read-only medium answers, for a user without any right to write as well."""
    shutil.copytree(cypher_store, tmp_path / "store")
    tmp_path.chmod(0o755)
    for path in (tmp_path / "store").iterdir():
        path.chmod(0o444)
    (tmp_path / "store").chmod(0o555)
    try:
        with EmbeddedCypher(tmp_path / "store") as engine:
            assert engine.query("MATCH (d:Drug) RETURN d.name").values() == [("dupilumab",)]
    finally:
        (tmp_path / "store").chmod(0o755)


@pytest.fixture
def other(repo_root: Path, cypher_store: Path) -> Iterator[subprocess.Popen[str]]:
    """Start an interpreter that begins a query without end, and says the id of its engine's process first."""
    script = f"""
        import sys, threading
        sys.path.insert(0, {str(repo_root)!r})
        from pathlib import Path
        from queries.cypher_engine.embedded import EmbeddedCypher
        engine = EmbeddedCypher(Path({str(cypher_store)!r}))
        engine.query({ONE!r})
        print(engine.pid, flush=True)
        try:
            engine.query({ENDLESS!r}, timeout=600)
        except KeyboardInterrupt:
            print("interrupted", engine.pid, flush=True)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    yield process
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.communicate()


def begun(process: subprocess.Popen[str]) -> int:
    """Return the id of the engine's process once it works on the query."""
    assert process.stdout is not None
    engine = int(process.stdout.readline())
    before = sum(psutil.Process(engine).cpu_times()[:2])
    while sum(psutil.Process(engine).cpu_times()[:2]) < before + 0.3:
        time.sleep(0.05)
    return engine


def test_the_engine_ends_when_its_owner_is_killed(other: subprocess.Popen[str]) -> None:
    """After kill -9 of the interpreter no Java machine is left, not even in the middle of a query."""
    engine = begun(other)
    other.kill()
    other.wait()
    assert gone(engine)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent to whole groups of processes there")
def test_ctrl_c_ends_the_query_and_its_process(other: subprocess.Popen[str]) -> None:
    """Ctrl-C is heard at once while the engine works, and nothing is left behind."""
    engine = begun(other)
    os.kill(other.pid, signal.SIGINT)
    said, noise = other.communicate(timeout=HANG)
    assert (said, noise) == ("interrupted None\n", "")
    assert gone(engine)


def test_the_engine_is_silent(repo_root: Path, cypher_store: Path, tmp_path: Path) -> None:
    """What the Java machine and the engine print reaches nobody, and no log is left in the working directory."""
    script = f"""
        import sys
        sys.path.insert(0, {str(repo_root)!r})
        from pathlib import Path
        from queries.cypher_engine.embedded import EmbeddedCypher
        with EmbeddedCypher(Path({str(cypher_store)!r})) as engine:
            print(engine.query("MATCH (n) RETURN count(n) > 0 AS some").values())
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("[(True,)]\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["schema", "missing file", "everything"])
def test_a_damaged_store_is_said(small_graph: Graph, tmp_path: Path, damage: str) -> None:
    """A store whose files were damaged is an error of the backend with the fix, never an empty answer."""
    path = ensure_cypher_store(tmp_path, lambda: small_graph)
    if damage == "schema":
        for file in path.glob("schema*.json"):
            file.write_text("nonsense")
    elif damage == "missing file":
        next(path.glob("Statement_0.*.bucket")).unlink()
    else:
        for file in path.iterdir():
            file.write_bytes(b"nonsense")
    with EmbeddedCypher(path) as engine:
        with pytest.raises(BackendError, match=r"the Cypher store at .* cannot be opened: .*; rebuild it"):
            engine.query(ONE)
        assert engine.pid is None


def test_without_the_engine_there_is_one_clear_message(cypher_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no wheel exists, the message names what works instead."""
    monkeypatch.setattr("kg.worker_process.find_spec", lambda _: None)
    with EmbeddedCypher(cypher_store) as engine, pytest.raises(MissingPart, match=r"set NEO4J_URI and give --engine neo4j"):
        engine.query(ONE)


def test_an_engine_that_cannot_start_says_why(cypher_store: Path) -> None:
    """A heap that no Java machine accepts is a clear error, with the other way."""
    with EmbeddedCypher(cypher_store, memory_mb=1) as engine, pytest.raises(BackendError, match=r"cannot (start|be opened)"):
        engine.query(ONE)
    process = engine_process(memory_mb=64, read_only=True)
    assert process.wait_until_ready() == ""
    assert process.end() != 0
