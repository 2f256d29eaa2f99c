"""Sources by name."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

import loaders
from kg.model import Assertion
from loaders import LossReport, find_loader, read_source, source_infos
from ontologies.errors import BackendError, BadInput

CASES = Path(__file__).parent / "cases" / "loaders"


def test_every_source_says_what_it_is(repo_root: Path) -> None:
    """Name, title, release, licence, homepage and kind of file are given, and the docs page names the source."""
    page = (repo_root / "docs" / "loaders.md").read_text("utf-8")
    for info in source_infos():
        assert all([info.name, info.title, info.release, info.licence, info.reads])
        assert info.homepage.startswith("https://")
        assert f"`{info.name}`" in page
        assert find_loader(info.name)[0] is info


def test_a_misspelt_source_lists_the_near_ones() -> None:
    """An unknown name says which was meant, before anything is read."""
    with pytest.raises(BadInput, match="did you mean 'drugmechdb'"):
        next(read_source("drugmecdb", Path("nowhere")))


def test_the_corpus_reads_what_ships_or_a_path() -> None:
    """Without a path it is the shipped corpus."""
    report = LossReport()
    assert next(iter(read_source("corpus", report=report)))
    own = [r for r in read_source("corpus", CASES / "corpus") if isinstance(r, Assertion)]
    assert [a.evidence.record for a in own] == ["OWN1", "OWN2", "OWN3"]


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    """No traceback of the file system reaches the user."""
    with pytest.raises(BadInput, match="does not exist"):
        next(read_source("drugmechdb", tmp_path / "none.jsonl"))
    with pytest.raises(BadInput, match="is a folder"):
        next(read_source("drugmechdb", tmp_path))
    with pytest.raises(BadInput, match="say which file"):
        next(read_source("drugmechdb"))


def test_a_failing_disk_is_a_backend_error(tmp_path: Path) -> None:
    """What the system refuses is not the user's input: a link that points at itself cannot be opened."""
    loop = tmp_path / "loop.jsonl"
    loop.symlink_to(loop)
    with pytest.raises(BackendError, match="cannot be read"):
        next(read_source("drugmechdb", loop))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input, and faults call it so."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{\n")))
    with pytest.raises(BadInput, match="<stdin>:1:2"):
        list(read_source("drugmechdb", Path("-")))
    line = json.dumps({"graph": {"_id": "R"}, "nodes": [], "links": []}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))
    assert list(read_source("drugmechdb", Path("-"))) == []


def test_lazy_names() -> None:
    """The package gives its public names when asked, and says what it has otherwise."""
    assert loaders.SourceInfo.__name__ == "SourceInfo"
    with pytest.raises(AttributeError, match="it has Loss, LossReport"):
        _ = loaders.load_drugmechdb
