"""The RDF store as a view of a generation: built once, whole or not at all, opened for reading."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.graph import Graph
from kg.rdf import Load, from_quads, to_quads
from kg.rdf_rows import graph_source
from kg.triplestore import build_store, ensure_store, has_store, open_store
from ontologies.errors import BackendError


def never() -> Graph:
    raise AssertionError("the graph is read only when there is something to build")


def test_a_store_is_built_once_and_holds_the_graph(small_graph: Graph, tmp_path: Path) -> None:
    """The first call builds, the second only looks; what is inside is the graph, read back."""
    path = ensure_store(tmp_path, lambda: small_graph)
    assert path == tmp_path / "rdf" / "store"
    assert ensure_store(tmp_path, never) == path
    store = open_store(path)
    assert len(store) == len(list(to_quads(small_graph)))
    assert from_quads(store) == small_graph


def test_a_store_is_opened_for_reading_only(small_graph: Graph, tmp_path: Path) -> None:
    """Nothing can be written through an opened store, and two may read it at once."""
    path = ensure_store(tmp_path, lambda: small_graph)
    store, other = open_store(path), open_store(path)
    a = ox.NamedNode("http://example.org/a")
    with pytest.raises(RuntimeError, match="read-write"):
        store.add(ox.Quad(a, a, a))
    assert len(other) == len(store)


def test_loads_are_written_with_the_evidence(small_graph: Graph, tmp_path: Path) -> None:
    """What is known of the files read goes into the store."""
    path = ensure_store(tmp_path, lambda: small_graph, [Load("corpus", "0" * 64)])
    found = list(open_store(path).quads_for_pattern(None, ox.NamedNode("https://w3id.org/immunokg/file_sha256"), None, None))
    assert [quad.object.value for quad in found] == ["0" * 64]  # type: ignore[union-attr]  # the test fails if it is of another kind


@pytest.mark.parametrize("damage", ["older form", "no form", "no store", "not JSON"])
def test_a_view_that_is_not_whole_is_built_anew(small_graph: Graph, tmp_path: Path, damage: str) -> None:
    """A store of another form, or what a careless hand left of one, is replaced."""
    view = ensure_store(tmp_path, lambda: small_graph).parent
    if damage == "older form":
        (view / "form.json").write_text(json.dumps({"form": 0}))
    elif damage == "not JSON":
        (view / "form.json").write_text("{")
    elif damage == "no form":
        (view / "form.json").unlink()
    else:
        (view / "store").rename(tmp_path / "elsewhere")
    assert not has_store(view)
    path = ensure_store(tmp_path, lambda: small_graph)
    assert has_store(view)
    assert from_quads(open_store(path)) == small_graph
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    """When the graph cannot be read, there is no half view, and the error is the reader's."""

    def broken() -> Graph:
        raise BackendError("the Parquet is damaged")

    with pytest.raises(BackendError, match="the Parquet is damaged"):
        ensure_store(tmp_path, broken)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_clear_error(small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ENOSPC becomes one line that says what to do, and leaves nothing behind."""
    import errno

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("kg.triplestore.build_store", full)
    with pytest.raises(BackendError, match="free some space"):
        ensure_store(tmp_path, lambda: small_graph)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_may_not_be_written_gets_a_passing_store(
    small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph on a read-only medium is still answered, from a store that goes with the process."""
    import errno
    import tempfile

    made = tempfile.mkdtemp

    def guarded(suffix: str | None = None, prefix: str | None = None, dir: object = None) -> str:  # noqa: A002  # as tempfile names it
        if dir is not None and Path(str(dir)) == tmp_path:
            raise OSError(errno.EROFS, "Read-only file system")
        return made(suffix, prefix, str(dir) if dir else None)

    monkeypatch.setattr(tempfile, "mkdtemp", guarded)
    path = ensure_store(tmp_path, lambda: small_graph)
    assert tmp_path not in path.parents
    assert from_quads(open_store(path)) == small_graph
    assert list(tmp_path.iterdir()) == []


def test_no_store_and_a_damaged_store_are_errors_of_the_backend(small_graph: Graph, tmp_path: Path) -> None:
    """What cannot be opened is said in one line with the fix."""
    with pytest.raises(BackendError, match="cannot be opened"):
        open_store(tmp_path / "none")
    build_store(tmp_path, graph_source(small_graph))
    (tmp_path / "store" / "CURRENT").write_text("nonsense\n")
    with pytest.raises(BackendError, match="rebuild it"):
        open_store(tmp_path / "store")


@pytest.mark.parametrize("moment", ["filling", "filled"])
def test_a_killed_build_leaves_no_view(repo_root: Path, tmp_path: Path, moment: str) -> None:
    """Kill -9 while a store is filled, or before it is put in place, leaves no view that a reader would take for whole."""
    script = f"""
import os, signal
from pathlib import Path
from kg.graph import Graph
from kg.model import Entity
import kg.triplestore as triplestore
build = triplestore.build_store
def killed(folder, rows, loads=()):
    if {moment!r} == "filled":
        build(folder, rows, loads)
    else:
        (folder / "store").mkdir()
    os.kill(os.getpid(), signal.SIGKILL)
triplestore.build_store = killed
triplestore.ensure_store(Path({str(tmp_path)!r}), lambda: Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene")]))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=repo_root, check=False, capture_output=True)
    assert done.returncode == -9
    assert not (tmp_path / "rdf").exists()
    graph = Graph.from_records([])
    assert len(open_store(ensure_store(tmp_path, lambda: graph))) == 0
