"""Fixtures that several test files share; nothing here knows the subject of a test."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kg.graph import Graph
from kg.model import (
    Assertion,
    Condition,
    Context,
    Effect,
    Entity,
    Evidence,
    Observation,
    Publication,
    Statement,
)
from tests.cypher_engines import cypher_store, dense_store, embedded, store_process  # noqa: F401  # fixtures
from tests.neo4j_server import neo4j_server  # noqa: F401  # a fixture

ROOT = Path(__file__).resolve().parent.parent
_OWN_HOME = "IMMUNOKG_TEST_HOME"

# No test is timed: a busy machine must not turn a true property into a failure.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Keep every test, doctest and child process away from the graphs and servers of the person who runs them."""
    for name in ("IMMUNOKG_GRAPH", "NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_DATABASE"):
        os.environ.pop(name, None)
    if not hasattr(config, "workerinput"):
        os.environ[_OWN_HOME] = os.environ["IMMUNOKG_HOME"] = tempfile.mkdtemp(prefix="immunokg-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the graphs that the tests built."""
    if not hasattr(config, "workerinput") and _OWN_HOME in os.environ:
        shutil.rmtree(os.environ.pop(_OWN_HOME), ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Run a test marked `untraced` without noting its lines, which would more than double its minutes.

    (The mark `no_cover` of pytest-cov does not do it in the processes of pytest-xdist, where two tracers are at work.)
    """
    if not item.get_closest_marker("untraced"):
        return (yield)
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
        threading.settrace(of_threads)


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """Return the directory of the checkout."""
    return ROOT


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graph directory with one finding, to be copied."""
    from kg.directory import build_graph
    from tests.graph_directories import source

    path = tmp_path_factory.mktemp("original") / "a.ikg"
    build_graph(path, [source(1)])
    return path


@pytest.fixture
def built(original: Path, tmp_path: Path) -> Path:
    """Return a graph directory of one's own with one finding."""
    return Path(shutil.copytree(original, tmp_path / "a.ikg"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of source files that is too large to ship; tests that need it are skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder `shared` with the original source files does not stand beside this checkout")
    return folder


@pytest.fixture(scope="session")
def small_graph() -> Graph:
    """Return a hand-made graph with everything that exports lose: negation, contexts, conditions, parallel edges, odd text."""
    dupilumab = Entity("DRUGBANK:DB12159", "dupilumab", "Drug", synonyms=("Dupixent", 'a "quoted", name'))
    il4r = Entity("HGNC:6015", "IL4R", "Gene", roles=("Receptor",), synonyms=("CD124", "IL-4Rα"))
    areata = Entity("MONDO:0005340", "alopecia areata", "Disease", valence="bad")
    human = Entity("NCBITaxon:9606", "human", "OrganismTaxon")
    case = Publication("PMID:30292824", pmid="30292824", date="2018-10-10", precision="day", title="A title\nin two lines")
    trial = Publication("PMID:34418141", pmid="34418141", date="2021", precision="year")
    old = Publication("PMID:29282722", pmid="29282722", date="2018-01", precision="month")
    ige = Condition("baseline serum total IgE", ">=", "200", "[IU]/mL")
    helps = Statement("DRUGBANK:DB12159", "ameliorates_condition", "MONDO:0005340")
    helps_atopic = Statement("DRUGBANK:DB12159", "ameliorates_condition", "MONDO:0005340", conditions=(ige,))
    harms = Statement("DRUGBANK:DB12159", "exacerbates_condition", "MONDO:0005340")
    blocks = Statement(
        "DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015", Context(taxon=("NCBITaxon:9606",))
    )
    return Graph.from_records(
        [
            dupilumab, il4r, areata, human,
            Assertion(helps, Evidence(
                "supports", case, "INDEX-CASE-2018", "case_report", finding="Hair regrew; =1+1 <b> & \"more\".",
                n=1, observation=Observation(phase="on_again", time="6 wk", dose="weekly"), source="corpus")),
            Assertion(helps, Evidence("refutes", trial, "A", "cohort", n=30, source="corpus")),
            Assertion(helps, Evidence("refutes", old, "B", "cohort", source="corpus")),
            Assertion(helps, Evidence("null", trial, "C", "cohort", source="corpus")),
            Assertion(helps_atopic, Evidence(
                "supports", trial, "D", "randomized_trial_phase_2", effect=Effect("responders", 0.325, 0.1, 0.5, "1"),
                source="corpus")),
            Assertion(harms, Evidence("supports", old, "E", "case_report", source="corpus")),
            Assertion(blocks, Evidence("supports", trial, "F", "in_vitro", source="drugmechdb")),
        ]
    )  # fmt: skip
