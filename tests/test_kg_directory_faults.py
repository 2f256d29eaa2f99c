"""Whatever goes wrong with a graph directory is one clear line, and the graph that was there stays."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.directory import (
    Source,
    build_graph,
    read_graph,
    resolve,
    verify,
)
from kg.model import Assertion, Record, Statement
from ontologies.errors import BackendError, BadInput
from tests.graph_directories import IL4R, STEPS, damage, entries, finding, source


def _with_unknown_prefix() -> Statement:
    return Statement("NOPE:1", "increases_activity_of", IL4R)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("error", "expected", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), BackendError, "No space left on device; free some space"),
        (OSError(errno.EIO, "Input/output error"), BackendError, "Input/output error"),
        (KeyboardInterrupt(), KeyboardInterrupt, ""),
    ],
    ids=["disk full", "I/O error", "Ctrl-C"],
)
def test_faults_leave_the_old_graph(
    built: Path, step: str, error: BaseException, expected: type[BaseException], message: str
) -> None:
    """A fault at any step is one line, the old graph stays current and whole, and no temporary file is left."""
    before = read_graph(built)

    def fail(name: str) -> None:
        if name == step:
            raise error

    with pytest.raises(expected) as caught:
        build_graph(built, [source(2)], checkpoint=fail)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert read_graph(built) == before
    assert [name for name in entries(built) if name.startswith(".")] == []


def test_a_failed_first_build_leaves_nothing(tmp_path: Path) -> None:
    """Neither a fault in the records nor Ctrl-C leaves the directory that was made for them."""

    def interrupted() -> Iterator[Record]:
        yield finding(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_graph(tmp_path / "a.ikg", [Source("corpus", interrupted)])
    with pytest.raises(BadInput, match="1 identifiers"):
        build_graph(tmp_path / "a.ikg", [Source("corpus", [Assertion(_with_unknown_prefix(), finding(1).evidence)])])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["manifest.json", "columns.json", *(f"{t}.parquet" for t in ("entities", "statements", "evidence", "publications"))]
)
@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:50] + bytes([content[50] ^ 1]) + content[51:],
        lambda content: b"\xff" * len(content),
    ],
    ids=["empty", "truncated", "one bit", "noise"],
)
def test_damaged_files_are_named_with_the_fix(built: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Any damage is noticed on reading, in one line that names the file and the command; a build repairs it."""
    damage(resolve(built) / name, change)
    with pytest.raises(BackendError, match="immunokg build --out") as caught:
        read_graph(built)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(BackendError):
        verify(resolve(built))
    build_graph(built, [source(1)])
    assert len(read_graph(built).statements) == 1
    assert len(entries(built)) == 2


@pytest.mark.parametrize("content", [b"", b"../../etc\n", b"g-0\n", b"\xff\xfe", b"g-" + b"0" * 32 + b"-" + b"0" * 8 + b"\n"])
def test_a_damaged_pointer_is_named_with_the_fix(built: Path, content: bytes) -> None:
    """A CURRENT that names no generation, or a missing one, is one line; a build repairs it."""
    (built / "CURRENT").write_bytes(content)
    with pytest.raises(BackendError, match="immunokg build --out") as caught:
        read_graph(built)
    assert "CURRENT" in str(caught.value)
    build_graph(built, [source(1)])
    assert len(read_graph(built).statements) == 1


def test_no_graph_there(tmp_path: Path) -> None:
    """A missing directory and one without a finished graph are told apart."""
    with pytest.raises(BackendError, match=r"does not exist; build it with"):
        read_graph(tmp_path / "none.ikg")
    with pytest.raises(BackendError, match="has no finished graph"):
        read_graph(tmp_path)


def test_a_newer_format_is_refused(built: Path) -> None:
    """A manifest of another format says which."""
    path = resolve(built) / "manifest.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 9'))
    with pytest.raises(BackendError, match="has format 9, this version reads format 1"):
        read_graph(built)


def test_a_directory_with_other_things_is_refused(tmp_path: Path) -> None:
    """A build never writes among foreign files, nor over a file."""
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(BackendError, match=r"holds other things \(thesis.docx\)"):
        build_graph(tmp_path, [source(1)])
    with pytest.raises(BackendError, match="is a file"):
        build_graph(tmp_path / "thesis.docx", [source(1)])
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_read_only_directory(built: Path) -> None:
    """Reading works, building is one clear line (tried as an ordinary user, for root may write everywhere)."""
    script = (
        "import os, sys; from pathlib import Path\n"
        "import kg.assembly, duckdb, pyarrow.parquet; from kg.directory import *\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "out = Path(sys.argv[1]); print(len(read_graph(out).statements))\n"
        "try: build_graph(out, [])\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    for folder in (built, *built.rglob("*")):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    for parent in built.parents:
        if not parent.name.startswith(("test_", "pytest-", "popen-")):
            break  # the folder for temporary files itself is everybody's
        parent.chmod(0o755)
    root = Path(__file__).resolve().parent.parent
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-c", script, str(built)], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONPATH": str(root)}, cwd="/",
        )  # fmt: skip
    finally:
        for folder in (built, *built.rglob("*")):
            folder.chmod(0o755)
    assert done.stdout.splitlines()[0] == "1"
    assert "BackendError cannot write to" in done.stdout
    assert "choose another directory with --out" in done.stdout


def test_a_file_size_limit(built: Path) -> None:
    """When the system stops a write for real, the old graph stays and no debris is left."""
    resource = pytest.importorskip("resource", reason="there are no limits on the size of files on Windows")
    before = read_graph(built)
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from kg.directory import *; from tests.graph_directories import source\n"
        "import duckdb, pyarrow.parquet\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))\n"
        "try: build_graph(Path(sys.argv[1]), [source(*range(2, 500))])\n"
        "except Exception as error: print(type(error).__name__, str(error).count(chr(10)))"
    )
    assert resource.RLIM_INFINITY == -1
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script, str(built)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert done.stdout == "BackendError 0\n"
    assert read_graph(built) == before
    assert len(entries(built)) == 2


def test_a_full_disk(tmp_path: Path) -> None:
    """On a file system of two megabytes, mounted for one process alone, the old graph stays and no debris is left."""
    probe = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=2m none "$0" && shift 0 && exec "$@"', str(tmp_path)]
    if shutil.which("unshare") is None or subprocess.run([*probe, "true"], capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    script = (
        "import sys; from pathlib import Path; from kg.directory import *\n"
        "from tests.graph_directories import entries, source\n"
        "out = Path(sys.argv[1]) / 'a.ikg'; build_graph(out, [source(1)]); before = read_graph(out)\n"
        "try: build_graph(out, [source(*range(2, 20000))])\n"
        "except Exception as error: print(type(error).__name__, str(error).count(chr(10)), 'free some space' in str(error))\n"
        "print(read_graph(out) == before, len(entries(out)))"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [*probe, sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert done.stdout == "BackendError 0 True\nTrue 2\n"


def test_a_missing_input_file_is_not_blamed_on_the_output(tmp_path: Path) -> None:
    """A source whose file is not there is named, and nothing is built."""
    with pytest.raises(BackendError, match=r"cannot read .*facts\.yaml: No such file"):
        build_graph(tmp_path / "a.ikg", [source(1, files=[tmp_path / "facts.yaml"])])
    assert list(tmp_path.iterdir()) == []
