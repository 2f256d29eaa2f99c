"""The graph directory: what is written comes back, and nobody meets half of it."""

from __future__ import annotations

import errno
import json
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from kg.directory import (
    InputFile,
    Source,
    build_graph,
    build_view,
    content_digest,
    hold,
    read_entities,
    read_graph,
    read_manifest,
    resolve,
    stored_sources,
    verify,
    view_dir,
)
from kg.graph import Graph
from kg.manifest import Manifest
from ontologies.errors import BackendError, BadInput
from tests.graph_directories import NAMES, damage, entries, finding, source
from tests.strategies import graphs


@given(drawn=graphs(max_size=6))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory, drawn: Graph) -> None:
    """A generated graph is read as it was, and its digest is that of the graph in memory."""
    out = tmp_path_factory.mktemp("graphs") / "a.ikg"
    manifest = build_graph(out, [Source("corpus", drawn.records)])
    graph = read_graph(out)
    assert graph.path == out
    assert read_entities(resolve(out)) == graph.entities
    assert (graph.entities, graph.statements, graph.evidence) == (drawn.entities, drawn.statements, drawn.evidence)
    assert manifest.digest == content_digest(drawn) == read_manifest(out).digest


def test_a_large_graph_is_read_from_parquet(tmp_path: Path) -> None:
    """Above some size no second copy is kept; the Parquet files give the same graph, and their damage is noticed."""
    drawn = [finding(number) for number in range(1, 20_002)]
    out = tmp_path / "a.ikg"
    build_graph(out, [Source("corpus", drawn)])
    assert not (resolve(out) / "columns.json").exists()
    assert read_graph(out).evidence == Graph.from_records(drawn).evidence
    assert read_entities(resolve(out)) == read_graph(out).entities
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
        except BaseException as error:  # noqa: BLE001  # kept and raised in the main thread
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


def test_a_check_that_refuses_stops_the_build(built: Path) -> None:
    """What the check raises comes out, and the old graph stays."""

    def refuse(graph: Graph) -> None:
        raise BadInput(f"{len(graph.statements)} statement is wrong")

    with pytest.raises(BadInput, match="1 statement is wrong"):
        build_graph(built, [source(2)], check=refuse)
    assert {e.publication.key for found in read_graph(built).evidence.values() for e in found} == {"PMID:1"}
    assert len(entries(built)) == 2


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
