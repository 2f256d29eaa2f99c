"""The rows that are written as RDF: the same from a graph in memory and from the files of a generation, batch by batch."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings

from kg.directory import Source, build_graph, has_columns_file, resolve
from kg.graph import Graph
from kg.manifest import Manifest
from kg.model import Assertion, Entity, Evidence, Publication, Statement
from kg.rdf import serialize, to_quads, write_rdf
from kg.rdf_rows import RowSource, generation_source, graph_source
from kg.rdf_write import Load, nquads
from kg.tables import COLUMNS
from kg.triplestore import ensure_store, open_store
from ontologies.errors import BackendError, BadInput
from tests import strategies

LOADS = [Load("corpus", "ab" * 32, "2026.11", "CC0-1.0")]


def built(graph: Graph, folder: Path) -> Path:
    """Return the generation of a graph directory, without the column file of small graphs: the Parquet files alone."""
    build_graph(folder / "made.ikg", [Source("corpus", list(graph.records()))])
    generation = resolve(folder / "made.ikg")
    assert has_columns_file(generation)
    (generation / "columns.json").unlink()
    manifest = Manifest.read(generation)
    files = {name: file for name, file in manifest.files.items() if name.endswith(".parquet")}
    (generation / "manifest.json").write_text(replace(manifest, files=files).to_json(), encoding="utf-8")
    return generation


@pytest.fixture
def generation(small_graph: Graph, tmp_path: Path) -> Path:
    return built(small_graph, tmp_path)


def lines_of(rows: RowSource) -> list[bytes]:
    return sorted(b"".join(nquads(rows, LOADS)).splitlines(keepends=True))


def test_files_give_the_same_as_memory(small_graph: Graph, generation: Path) -> None:
    """Both sources give equal rows in equal order, each time anew, and so RDF that is equal byte for byte."""
    files, memory = generation_source(generation), graph_source(small_graph)
    for table in COLUMNS:
        assert list(files(table)) == list(files(table)) == list(memory(table))
    assert lines_of(files) == lines_of(memory)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.graphs())
def test_any_graph_gives_the_same_lines(tmp_path_factory: pytest.TempPathFactory, graph: Graph) -> None:
    """So it is for generated graphs, with all that texts and conditions may hold."""
    rows = generation_source(built(graph, tmp_path_factory.mktemp("graph")))
    assert lines_of(rows) == lines_of(graph_source(graph))


def test_a_large_generation_becomes_a_store_without_a_graph(small_graph: Graph, generation: Path) -> None:
    """Where there is no column file, the store is filled from the files and the graph is never asked for."""

    def never() -> Graph:
        raise AssertionError("a large graph is never read into memory")

    store = open_store(ensure_store(generation, never, LOADS))
    assert serialize(store, "nquads") == serialize(canonical(to_quads(small_graph, LOADS)), "nquads")


def canonical(quads: object) -> ox.Store:
    """Return the quads as the engine keeps them, which writes numbers in a form of its own."""
    store = ox.Store()
    store.extend(quads)  # type: ignore[arg-type]  # an iterator of quads
    return store


def test_damaged_files_are_said_before_anything_is_written(small_graph: Graph, generation: Path) -> None:
    """A file that differs from the manifest, and one that is no Parquet, end the build with the fix; no view is left."""
    rows = generation_source(generation)
    (generation / "evidence.parquet").write_bytes(b"PAR1 this is none")
    with pytest.raises(BackendError, match=r"evidence\.parquet is missing or damaged; build the graph anew"):
        ensure_store(generation, lambda: small_graph)
    assert not (generation / "rdf").exists()
    with pytest.raises(BackendError, match=r"evidence\.parquet cannot be read"):
        list(rows("evidence"))


def test_pieces_are_whole_lines_of_about_a_megabyte() -> None:
    """A long graph comes in several pieces that end with a line, so that none is ever held whole."""
    found = [
        Assertion(
            Statement("DRUGBANK:DB12159", "ameliorates_condition", "MONDO:0005340"),
            Evidence("supports", Publication(f"PMID:{n}"), f"PMID:{n}", "cohort", finding="x" * 20_000, source="corpus"),
        )
        for n in range(1, 151)
    ]
    pieces = list(nquads(graph_source(Graph.from_records(found))))
    assert len(pieces) == 4
    assert all(piece.endswith(b" .\n") and len(piece) < 1.1 * 2**20 for piece in pieces)


def test_evidence_of_no_statement_is_refused() -> None:
    """Tables that do not fit together are not written."""
    step = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
    graph = Graph.from_records([Assertion(step, Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro"))])
    rows = dict(zip(COLUMNS, map(graph_source(graph), COLUMNS), strict=True)) | {"statements": []}
    with pytest.raises(BadInput, match=r"the evidence [0-9a-f]{64} is of no statement"):
        list(nquads(rows.__getitem__))


@pytest.mark.parametrize(
    "entity",
    [Entity("HGNC:6015", "a\ud800b", "Gene"), Entity("HGNC:6015", "x", "Gene", synonyms=("fine", "\udfff"))],
)
def test_half_a_character_is_named(entity: Entity) -> None:
    """What no encoding can hold is shown as it stands."""
    with pytest.raises(BadInput, match="holds half of a character pair") as caught:
        write_rdf(Graph.from_records([entity]), "nquads")
    assert str(caught.value).startswith(("'a\\ud800b'", "'\\udfff'"))


def test_half_a_character_in_evidence_is_named() -> None:
    """Evidence is hashed first: that is the same error."""
    step = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
    evidence = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro", finding="half: \ud83d")
    with pytest.raises(BadInput, match=r"half: \\ud83d"):
        list(to_quads(Graph({}, {step.id: step}, {step.id: (evidence,)})))


def test_a_small_store_is_built_without_heavy_parts(repo_root: Path, tmp_path: Path) -> None:
    """Neither DuckDB nor pyarrow is imported for a graph in memory."""
    script = f"""
import sys
from pathlib import Path
from kg.graph import Graph
from kg.model import Entity
from kg.triplestore import ensure_store
ensure_store(Path({str(tmp_path)!r}), lambda: Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene")]))
print([name for name in ("duckdb", "pyarrow", "rdflib", "numpy") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=repo_root, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
