"""The graph directory: what is written comes back, and whatever goes wrong leaves the graph that was there."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kg.directory import (
    InputFile,
    Source,
    build_graph,
    build_view,
    content_digest,
    hold,
    read_graph,
    read_manifest,
    resolve,
    stored_sources,
    verify,
    view_dir,
)
from kg.graph import Graph
from kg.manifest import Manifest
from kg.model import Assertion, Entity, Evidence, Publication, Record, Statement
from ontologies.errors import BackendError, BadInput
from tests.strategies import graphs

IL4, IL4R = "HGNC:6014", "HGNC:6015"
NAMES: list[Record] = [Entity(IL4, "IL4", "Gene"), Entity(IL4R, "IL4R", "Gene")]


def finding(number: int, source: str = "corpus", relation: str = "increases_activity_of") -> Assertion:
    evidence = Evidence("supports", Publication(f"PMID:{number}"), f"PMID:{number}", "in_vitro", source=source)
    return Assertion(Statement(IL4, relation, IL4R), evidence)


def source(*numbers: int, name: str = "corpus", **more: Any) -> Source:
    return Source(name, [*NAMES, *(finding(number, name) for number in numbers)], **more)


def entries(path: Path) -> list[str]:
    """Return what lies in a graph directory, locks aside."""
    return sorted(entry.name for entry in path.iterdir() if entry.name != ".build-lock")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with a graph of one finding, to be copied."""
    path = tmp_path_factory.mktemp("original") / "a.ikg"
    build_graph(path, [source(1)])
    return path


@pytest.fixture
def built(original: Path, tmp_path: Path) -> Path:
    """Return a directory of one's own with a graph of one finding."""
    return Path(shutil.copytree(original, tmp_path / "a.ikg"))


@given(drawn=graphs(max_size=6))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory, drawn: Graph) -> None:
    """A generated graph is read as it was, and its digest is that of the graph in memory."""
    out = tmp_path_factory.mktemp("graphs") / "a.ikg"
    manifest = build_graph(out, [Source("corpus", drawn.records)])
    graph = read_graph(out)
    assert graph.path == out
    assert (graph.entities, graph.statements, graph.evidence) == (drawn.entities, drawn.statements, drawn.evidence)
    assert manifest.digest == content_digest(drawn) == read_manifest(out).digest


def test_a_large_graph_is_read_from_parquet(tmp_path: Path) -> None:
    """Above some size no second copy is kept; the Parquet files give the same graph, and their damage is noticed."""
    drawn = [finding(number) for number in range(1, 20_002)]
    out = tmp_path / "a.ikg"
    build_graph(out, [Source("corpus", drawn)])
    assert not (resolve(out) / "columns.json").exists()
    assert read_graph(out).evidence == Graph.from_records(drawn).evidence
    damage(resolve(out) / "evidence.parquet", lambda content: content[:100] + b"?" + content[101:])
    with pytest.raises(BackendError, match=r"evidence\.parquet is missing or damaged"):
        read_graph(out)


def test_manifest_says_what_is_in_it(tmp_path: Path) -> None:
    """Sources stand in order with version, licence, counts, and the SHA-256 of their files."""
    file = tmp_path / "facts.yaml"
    file.write_text("facts", encoding="utf-8")
    sources = [source(2, 3, name="drugmechdb", version="b83cc5d", licence="CC0-1.0", files=[file]), source(1, name="corpus")]
    manifest = build_graph(tmp_path / "a.ikg", sources)
    assert [entry.name for entry in manifest.sources] == ["corpus", "drugmechdb"]
    loaded = manifest.sources[1]
    assert (loaded.version, loaded.licence, loaded.counts) == (
        "b83cc5d", "CC0-1.0", {"statements": 1, "evidence": 2, "publications": 2},
    )  # fmt: skip
    assert loaded.files == (InputFile.of(file),)
    assert manifest.counts == {"entities": 2, "statements": 1, "claims": 1, "evidence": 3, "publications": 3}
    assert json.loads((resolve(tmp_path / "a.ikg") / "manifest.json").read_text())["digest"] == manifest.digest
    assert str(tmp_path) not in manifest.to_json()


def test_same_sources_same_generation(built: Path) -> None:
    """Building again changes nothing on disk, whatever the order; other words about a source make another generation."""
    before = resolve(built)
    times = {path: path.stat().st_mtime_ns for path in before.iterdir()}
    build_graph(built, [Source("corpus", [finding(1), *reversed(NAMES)])])
    assert resolve(built) == before
    assert {path: path.stat().st_mtime_ns for path in before.iterdir()} == times
    digest = read_manifest(built).digest
    build_graph(built, [source(1, version="2")])
    assert resolve(built) != before
    assert read_manifest(built).digest == digest


def test_old_generation_goes_when_nobody_reads_it(built: Path) -> None:
    """A held generation stays through a build and goes with the next one."""
    with hold(built) as old:
        build_graph(built, [source(2)])
        assert old.is_dir()
        assert verify(old)
        assert resolve(built) != old
    build_graph(built, [source(3)])
    assert not old.exists()
    assert entries(built) == ["CURRENT", resolve(built).name]


def test_readers_and_builds_at_once(built: Path) -> None:
    """Readers see the old graph or the new one while builds go on, never half, never an error."""
    seen: set[str] = set()
    faults: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                seen.update(e.publication.key for found in read_graph(built).evidence.values() for e in found)
        except BaseException as error:  # noqa: BLE001
            faults.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(2, 7):
        build_graph(built, [source(number)])
    done.set()
    reader.join()
    assert not faults
    assert seen <= {f"PMID:{number}" for number in range(1, 7)}


def test_a_second_build_waits_then_says_so(built: Path) -> None:
    """Two builds never write at once: the second waits for a while and then names the first."""
    inside = threading.Event()
    leave = threading.Event()

    def stop(step: str) -> None:
        if step == "read":
            inside.set()
            leave.wait(20)

    first = threading.Thread(target=build_graph, args=(built, [source(2)]), kwargs={"checkpoint": stop})
    first.start()
    inside.wait(20)
    try:
        with pytest.raises(BackendError, match="another build is writing"):
            build_graph(built, [source(3)], wait=0.1)
    finally:
        leave.set()
        first.join()
    assert {e.publication.key for found in read_graph(built).evidence.values() for e in found} == {"PMID:2"}


STEPS = ("locked", "cleaned", "read", "assembled", "written", "described", "checked", "synced", "renamed", "pointer written")


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


def _with_unknown_prefix() -> Statement:
    return Statement("NOPE:1", "increases_activity_of", IL4R)


def test_a_check_that_refuses_stops_the_build(built: Path) -> None:
    """What the check raises comes out, and the old graph stays."""

    def refuse(graph: Graph) -> None:
        raise BadInput(f"{len(graph.statements)} statement is wrong")

    with pytest.raises(BadInput, match="1 statement is wrong"):
        build_graph(built, [source(2)], check=refuse)
    assert {e.publication.key for found in read_graph(built).evidence.values() for e in found} == {"PMID:1"}
    assert len(entries(built)) == 2


def damage(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


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
    for parent in built.parents[:3]:
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
    resource = pytest.importorskip("resource")
    before = read_graph(built)
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from kg.directory import *; from tests.test_kg_directory import source\n"
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
        "from tests.test_kg_directory import entries, source\n"
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


def test_loading_a_source_again_replaces_it(built: Path) -> None:
    """Stored sources without one of them, and that one anew, give the graph of a build from scratch."""
    build_graph(built, [source(1), source(2, 3, name="drugmechdb", version="1")])
    kept = stored_sources(built, without=["drugmechdb"])
    assert [one.name for one in kept] == ["corpus"]
    again = build_graph(built, [*kept, source(4, name="drugmechdb", version="2")])
    fresh = build_graph(built.with_name("b.ikg"), [source(1), source(4, name="drugmechdb", version="2")])
    assert again == fresh


def test_views_are_whole_or_absent(built: Path) -> None:
    """A view appears when it is filled, is built once, can be built anew, and leaves no debris when filling fails."""
    generation = resolve(built)
    calls = []

    def fill(folder: Path) -> None:
        calls.append(folder)
        (folder / "store").write_text(str(len(calls)))
        assert not view_dir(generation, "rdf").exists() or len(calls) > 1

    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(BackendError, match="No space left"):
        build_view(generation, "rdf", fail)
    assert not view_dir(generation, "rdf").exists()
    assert build_view(generation, "rdf", fill) == build_view(generation, "rdf", fill) == generation / "rdf"
    assert len(calls) == 1
    build_view(generation, "rdf", fill, anew=True)
    assert (generation / "rdf" / "store").read_text() == "2"
    assert [path.name for path in generation.iterdir() if path.name.startswith(".tmp")] == []
    with pytest.raises(ValueError, match="no name of a view"):
        view_dir(generation, "../rdf")


def test_manifests_come_back(built: Path) -> None:
    """A manifest survives its JSON, and a changed word breaks its seal."""
    manifest = read_manifest(built)
    text = manifest.to_json()
    assert Manifest.from_json(text) == manifest
    with pytest.raises(ValueError, match="seal is broken"):
        Manifest.from_json(text.replace("corpus", "rumour"))
