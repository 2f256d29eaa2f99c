"""The path search under limits: deadline, room, threads, Ctrl-C, and what loading it costs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from queries.engine import ArcTable, OutOfRoom, OutOfTime, PathQuery, Stopped, find_paths
from queries.engine import kernel as kernel_module
from tests.limits import HANG
from tests.path_cases import random_query, random_table
from tests.path_kernel import build_hook, kernel_or_reason
from tests.test_queries_engine_exact import ENGINES, Engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; the kernel must be there wherever a compiler is."""
    if request.param == "kernel" and (reason := kernel_or_reason()):
        pytest.skip(reason)
    chosen: Engine = request.param
    return chosen


def endless() -> tuple[ArcTable, PathQuery]:
    """Return a question that has a few cheap answers, then none for longer than anyone waits.

    Node 14 is reached from node 0 over one arc of each cost. The other nodes form a complete graph of 13 nodes, whose walks
    of twenty steps reach node 15 by the bound, but no path without a repeated node is so long.
    """
    arcs = [(0, 14, cost) for cost in (1, 2, 3)]
    arcs += [(a, b, 0) for a in range(13) for b in range(13) if a != b] + [(12, 15, 9), (13, 15, 9)]
    arcs.sort(key=lambda arc: arc[0])
    tails, heads, costs = zip(*arcs, strict=True)
    return ArcTable.build(16, tails, heads, [1] * len(arcs), costs), PathQuery({0: 1}, {15: 1}, 20, min_steps=18)


def test_a_deadline_ends_an_endless_search(engine: Engine) -> None:
    """It is noticed in the middle of the work."""
    table, query = endless()
    begun = time.monotonic()
    with pytest.raises(OutOfTime):
        list(find_paths(table, query, deadline=begun + 0.2, engine=engine))
    assert 0.2 <= time.monotonic() - begun < HANG


def test_a_deadline_in_the_past(engine: Engine) -> None:
    """Nothing is searched."""
    table, query = endless()
    with pytest.raises(OutOfTime):
        next(find_paths(table, query, deadline=time.monotonic() - 1, engine=engine))


def test_room_ends_an_endless_search(engine: Engine) -> None:
    """More partial paths than asked for are not kept."""
    table, query = endless()
    with pytest.raises(OutOfRoom):
        list(find_paths(table, query, room=20_000, engine=engine))


@pytest.mark.parametrize("room", [1, 40, 150, 400, 1000, 3000])
def test_what_comes_before_a_limit_is_the_beginning_of_the_answer(engine: Engine, room: int) -> None:
    """A search that stops has yielded the best paths, in order; more room never gives fewer."""
    chance = Random(5)
    for _ in range(10):
        table = random_table(chance, 40, 400)
        query = PathQuery({0: 1}, {1: 1}, 4)
        expected = list(islice(find_paths(table, query, engine="python"), 300))
        found = []
        try:
            for path in find_paths(table, query, room=room, engine=engine):
                found.append(path)  # noqa: PERF402 - those yielded before the error are wanted
        except Stopped:
            pass
        else:
            assert len(found) == len(expected) or len(expected) == 300
        assert found[:300] == expected[: len(found)]


def test_after_a_stop_the_table_serves_again(engine: Engine) -> None:
    """Work areas come back whole after errors, and after searches that were left half-way."""
    chance = Random(1)
    table = random_table(chance, 60, 600)
    query = PathQuery({0: 1}, {1: 1}, 5)
    expected = list(islice(find_paths(table, query, engine="python"), 30))
    for _ in range(5):
        with pytest.raises(OutOfRoom):
            list(find_paths(table, query, room=10, engine=engine))
        next(find_paths(table, query, engine=engine))
        assert list(islice(find_paths(table, query, engine=engine), 30)) == expected


def test_searches_may_be_interleaved(engine: Engine) -> None:
    """Two searches on one table, taken in turns, do not disturb each other."""
    table = random_table(Random(2), 60, 600)
    one, two = PathQuery({0: 1}, {1: 1}, 4), PathQuery({2: 1}, {3: -1}, 4, min_steps=2)
    expected = [list(islice(find_paths(table, query, engine="python"), 40)) for query in (one, two)]
    turns = list(islice(zip(find_paths(table, one, engine=engine), find_paths(table, two, engine=engine), strict=False), 40))
    assert [[a for a, _ in turns], [b for _, b in turns]] == [paths[: len(turns)] for paths in expected]


def test_threads_share_a_table(engine: Engine) -> None:
    """Eight threads ask one table at once, pair costs included, and each gets its own answer."""
    chance = Random(3)
    table = random_table(chance, 40, 300)
    queries = [random_query(chance, table, most=5) for _ in range(24)]
    expected = [list(islice(find_paths(table, query, engine="python"), 50)) for query in queries]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(4):
            found = list(threads.map(lambda query: list(islice(find_paths(table, query, engine=engine), 50)), queries))
            assert found == expected


_INTERRUPTED = """
import sys
from tests.test_queries_engine_limits import endless
from queries.engine import find_paths
table, query = endless()
paths = find_paths(table, query, engine=sys.argv[1], room=10**9)
print("searching", flush=True)
try:
    next(paths)
except KeyboardInterrupt:
    print("stopped by hand", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="other systems have no SIGINT for one process")
def test_ctrl_c_stops_a_search(repo_root: Path, engine: Engine) -> None:
    """The interrupt is seen while the search runs, in Python as in C."""
    child = subprocess.Popen(
        [sys.executable, "-c", _INTERRUPTED, engine],
        cwd=repo_root, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(repo_root)},
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "searching\n"
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    try:
        assert child.communicate(timeout=HANG)[0] == "stopped by hand\n"
    finally:
        child.kill()


def test_small_tables_load_no_kernel(repo_root: Path) -> None:
    """Importing the engine and searching a small table loads neither ctypes nor numpy."""
    code = (
        "import sys; from queries.engine import *; table = ArcTable.build(3, [0, 1], [1, 2], [1, 1], [1, 1]);"
        "print(len(list(find_paths(table, PathQuery({0: 1}, {2: 1}, 4)))), {'ctypes', 'numpy'} & set(sys.modules),"
        "'queries.engine.kernel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=repo_root, capture_output=True, text=True, check=True, timeout=HANG)
    assert done.stdout == "1 set() False\n"


def test_large_tables_use_the_kernel_by_themselves() -> None:
    """Beyond 200,000 arcs the kernel answers, and it answers as Python does."""
    if reason := kernel_or_reason():
        pytest.skip(reason)
    count = 201_000
    table = ArcTable.build(2 + count, [0] * count + [1], [*range(2, 2 + count), 0], [1] * (count + 1), [5] * (count + 1))
    query = PathQuery({1: 1}, {7: 1, 3: -1}, 3)
    expected = list(find_paths(table, query, engine="python"))
    assert list(find_paths(table, query)) == expected
    assert len(expected) == 1
    assert table.caches["areas"]


def test_a_kernel_of_another_source_is_not_used(tmp_path: Path) -> None:
    """The library carries the checksum of the source it was made from."""
    hook = build_hook()
    compiler = hook.find_compiler()
    if compiler is None:
        pytest.skip("no C compiler")
    folder = tmp_path / "queries" / "engine"
    folder.mkdir(parents=True)
    source = Path(kernel_module.__file__).with_name("kernel.c").read_text("utf-8")
    (folder / "kernel.c").write_text(source, "utf-8")
    hook.compile_kernel(tmp_path, compiler)
    library = folder / kernel_module.LIBRARY.name
    assert kernel_module.read(library) is not None
    (folder / "kernel.c").write_text(source + "\n", "utf-8")
    assert kernel_module.read(library) is None
    assert sorted(path.name for path in folder.iterdir()) == ["kernel.c", library.name]
    (tmp_path / library.name).write_bytes(b"no library")
    assert kernel_module.read(tmp_path / library.name) is None


def test_the_kernel_compiles_without_a_warning(tmp_path: Path) -> None:
    """With every usual warning on."""
    compiler = build_hook().find_compiler()
    if compiler is None or os.name != "posix":
        pytest.skip("no C compiler of the usual kind")
    source = Path(kernel_module.__file__).with_name("kernel.c")
    done = subprocess.run(
        [*compiler, "-O3", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", str(source), "-o", str(tmp_path / "out")],
        capture_output=True, text=True, check=False, timeout=HANG,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
