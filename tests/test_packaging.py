"""The wheel: exactly five packages, every data file, and a program that works without the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from immunokg import __version__

PACKAGES = {"ontologies", "kg", "loaders", "queries", "immunokg"}


@pytest.fixture(scope="module")
def wheel(repo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the checkout, without network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=repo_root, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into an empty folder, without network."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(folder), str(wheel)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return folder


def _run(installed: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python outside the checkout on the installed wheel; -S keeps an editable install of the checkout out."""
    libraries = dict.fromkeys([str(installed), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("IMMUNOKG", "PYTHON", "COV"))}
    return subprocess.run(
        [sys.executable, "-S", *arguments],
        cwd=home, capture_output=True, text=True, timeout=120, check=False,
        env={**kept, "PYTHONPATH": os.pathsep.join(libraries), "IMMUNOKG_HOME": str(home)},
    )  # fmt: skip


def test_exactly_five_packages(wheel: Path) -> None:
    """The wheel's top level is the five packages and its own metadata, nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        top = {name.partition("/")[0] for name in archive.namelist()}
    assert top == PACKAGES | {f"immunokg-{__version__}.dist-info"}


def test_every_data_file_is_inside(repo_root: Path, wheel: Path) -> None:
    """What stands in the five folders of the checkout stands in the wheel, byte for byte in number of files."""
    here = {
        path.relative_to(repo_root).as_posix()
        for package in PACKAGES
        for path in (repo_root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert inside == here
    assert {"loaders/corpus/index_case.yaml", "ontologies/relations.tsv", "ontologies/shapes.ttl"} <= inside


def test_the_installed_program_answers(installed: Path, tmp_path: Path) -> None:
    """Outside the checkout the installed command builds its graph and explains the index case."""
    done = _run(installed, tmp_path, "-m", "immunokg", "explain", "dupilumab", "alopecia areata", "--k", "2")
    assert done.returncode == 0, done.stderr
    assert "dupilumab and alopecia areata" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == [path.name for path in tmp_path.glob(f"corpus-{__version__}-*.ikg")]


def test_the_installed_packages_are_the_wheels(installed: Path, tmp_path: Path) -> None:
    """The test above ran the wheel's code, not the checkout's."""
    code = f"import importlib\nfor name in {sorted(PACKAGES)}: print(importlib.import_module(name).__file__)"
    done = _run(installed, tmp_path, "-c", code)
    assert done.returncode == 0, done.stderr
    assert all(Path(line).is_relative_to(installed) for line in done.stdout.splitlines())


def test_dependencies_are_declared(wheel: Path) -> None:
    """networkx, rdflib and neo4j are dependencies, and so is everything our modules import."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"immunokg-{__version__}.dist-info/METADATA").decode()
    needed = {line.split()[1].split(">")[0].lower() for line in metadata.splitlines() if line.startswith("Requires-Dist:")}
    assert {"networkx", "rdflib", "neo4j", "click", "duckdb", "pyarrow", "pyoxigraph"} <= needed


def test_the_command_is_declared(wheel: Path) -> None:
    """Installing makes the command `immunokg`."""
    with zipfile.ZipFile(wheel) as archive:
        points = archive.read(f"immunokg-{__version__}.dist-info/entry_points.txt").decode()
    assert "immunokg = immunokg.cli:main" in points


def test_constraints_pin_every_dependency(repo_root: Path) -> None:
    """constraints.txt holds `name==version` lines only, and one for every declared dependency."""
    lines = (repo_root / "constraints.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line)] == []
    pinned = {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in lines}
    project = tomllib.loads((repo_root / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.sub(r"[-_.]+", "-", re.split(r"[<>=!~ ;\[]", entry)[0]).lower() for entry in declared}
    assert names - pinned == set()


def test_no_file_names_a_package_index(repo_root: Path) -> None:
    """No build file holds the address of a package index."""
    for name in ("pyproject.toml", "constraints.txt", "Makefile", ".ci/run", ".ci/find-python"):
        text = (repo_root / name).read_text("utf-8")
        assert not re.search(r"index-url|find-links|pypi\.|simple/", text), name


def test_the_version_is_the_changelogs(repo_root: Path) -> None:
    """The newest heading of the changelog, the citation file and the package name one version."""
    newest = re.search(r"^## (\S+)", (repo_root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == __version__
    assert f"\nversion: {__version__}\n" in (repo_root / "CITATION.cff").read_text("utf-8")
