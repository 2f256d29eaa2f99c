"""The built-in graph: where it lives, when it is built, and that two first uses do not disturb each other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from immunokg.cli import main
from immunokg.home import builtin_graph, builtin_path, cache_directory, corpus_digest, find_graph, is_builtin
from kg.directory import read_manifest
from ontologies.errors import BackendError, BadInput


def _tree(root: Path) -> Path:
    """Make a tree like the package's, with one file of each kind that the graph is built from."""
    for name in ("loaders/corpus/a.yaml", "loaders/curated.py", "ontologies/terms/genes.tsv", "kg/sql/a.sql", "kg/graph.py"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1", "utf-8")
    return root


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"XDG_CACHE_HOME": "/x"}, "linux", "/x/immunokg"),
        ({"XDG_CACHE_HOME": "relative"}, "linux", "~/.cache/immunokg"),
        ({}, "linux", "~/.cache/immunokg"),
        ({}, "darwin", "~/Library/Caches/immunokg"),
        ({"LOCALAPPDATA": "/app"}, "win32", "/app/immunokg/Cache"),
        ({}, "win32", "~/AppData/Local/immunokg/Cache"),
        ({"IMMUNOKG_HOME": "/mine", "XDG_CACHE_HOME": "/x"}, "linux", "/mine"),
        ({"IMMUNOKG_HOME": "~/mine"}, "darwin", "~/mine"),
    ],
)
def test_cache_directory_follows_the_platform(environ: dict[str, str], platform: str, expected: str) -> None:
    """Each platform has its place for caches; a relative XDG_CACHE_HOME is ignored; IMMUNOKG_HOME wins."""
    assert cache_directory(environ, platform) == Path(expected).expanduser()


@pytest.mark.parametrize("name", ["loaders/corpus/a.yaml", "loaders/curated.py", "ontologies/terms/genes.tsv", "kg/sql/a.sql"])
def test_every_input_changes_the_digest(tmp_path: Path, name: str) -> None:
    """A change of corpus, vocabulary or assembly gives another digest, so an upgrade builds anew."""
    root = _tree(tmp_path)
    before = corpus_digest(root)
    (root / name).write_text("2", "utf-8")
    assert corpus_digest(root) != before


def test_compiled_files_do_not_change_the_digest(tmp_path: Path) -> None:
    """What Python writes beside its sources is no input."""
    root = _tree(tmp_path)
    before = corpus_digest(root)
    cache = root / "kg" / "__pycache__"
    cache.mkdir()
    (cache / "graph.cpython-311.pyc").write_bytes(b"x")
    assert corpus_digest(root) == before


def test_a_named_graph_wins_over_the_environment(tmp_path: Path) -> None:
    """--graph, then IMMUNOKG_GRAPH; a name that is not there is an error that says where it came from."""
    one, two = tmp_path / "one.ikg", tmp_path / "two.ikg"
    one.mkdir()
    two.mkdir()
    assert find_graph(one, environ={"IMMUNOKG_GRAPH": str(two)}) == one
    assert find_graph(environ={"IMMUNOKG_GRAPH": str(two)}) == two
    with pytest.raises(BadInput, match=r"none\.ikg \(IMMUNOKG_GRAPH\) does not exist"):
        find_graph(environ={"IMMUNOKG_GRAPH": str(tmp_path / "none.ikg")})


def test_a_home_that_cannot_be_written_names_the_way_out(tmp_path: Path) -> None:
    """Where the cache directory cannot be made, the error names IMMUNOKG_HOME."""
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    with pytest.raises(BackendError, match="set IMMUNOKG_HOME to a directory that you can write"):
        find_graph(environ={"IMMUNOKG_HOME": str(blocked / "cache")})


def test_first_uses_at_once_share_one_graph(tmp_path: Path) -> None:
    """Three processes that need the graph at once all answer, and one graph is there at the end."""
    environment = {**os.environ, "IMMUNOKG_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "immunokg", "search", "CD124", "--format", "csv"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    results = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [code for _, code in results] == [0, 0, 0], results
    assert len({out for (out, _), _ in results}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [builtin_path({"IMMUNOKG_HOME": str(tmp_path)}).name]


def test_a_killed_build_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    """What a killed build left is no graph: the next use builds one, and stale leftovers go."""
    left = tmp_path / "building-old" / "graph"
    left.mkdir(parents=True)
    os.utime(left.parent, (0, 0))
    path = builtin_graph(environ={"IMMUNOKG_HOME": str(tmp_path)})
    assert read_manifest(path).counts["statements"] > 0
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_the_second_use_builds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Once built, the graph is opened as it is, without a word."""
    builtin_graph()
    assert main(["search", "CD124"]) == 0
    assert capsys.readouterr().err == ""


def test_the_built_in_graph_is_never_written_into(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`load` and `build` refuse it: it is the corpus alone."""
    path = builtin_graph()
    assert is_builtin(path)
    assert not is_builtin(tmp_path / "mine.ikg")
    file = tmp_path / "one.jsonl"
    file.write_text("{}\n", "utf-8")
    assert main(["load", "drugmechdb", str(file), "--into", str(path)]) == 2
    assert "is the built-in graph" in capsys.readouterr().err
    assert main(["build", "--out", str(path)]) == 2
