"""CSV for Neo4j's import: nothing lost, negation kept, labels apart from types, whole or not at all."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from kg.graph import Graph
from kg.model import Entity
from ontologies.categories import CATEGORIES
from ontologies.errors import BackendError, BadInput
from ontologies.vocabulary import relations
from queries.export.neo4j_csv import read_neo4j_csv, write_neo4j_csv


@pytest.fixture
def written(small_graph: Graph, tmp_path: Path) -> Path:
    write_neo4j_csv(small_graph, tmp_path / "import")
    return tmp_path / "import"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_read_back_is_equal(small_graph: Graph, written: Path) -> None:
    """What is read from the files is the graph that was written, evidence and all."""
    back = read_neo4j_csv(written)
    assert back.entities == small_graph.entities
    assert back.statements == small_graph.statements
    assert {sid: set(found) for sid, found in back.evidence.items()} == {
        sid: set(found) for sid, found in small_graph.evidence.items()
    }


def test_one_relationship_for_each_statement(small_graph: Graph, written: Path) -> None:
    """Statements of one pair that differ in conditions are two relationships, told apart by their statement id."""
    rows = _rows(written / "relations.csv")
    assert {row["statement_id:string"] for row in rows} == set(small_graph.statements)
    assert sum(row[":TYPE"] == "AMELIORATES_CONDITION" for row in rows) == 2


def test_a_contested_claim_is_never_asserted(written: Path) -> None:
    """Two supporting against three other studies: each relationship of the claim says so, also the one with a condition."""
    rows = [row for row in _rows(written / "relations.csv") if row[":TYPE"] == "AMELIORATES_CONDITION"]
    assert {(r["asserted:boolean"], r["claim_support:long"], r["claim_refute:long"]) for r in rows} == {
        ("false", "2", "2")
    }


def test_stance_is_the_type_of_the_link(written: Path) -> None:
    """Support, refutation and looked-for-in-vain are three relationship types."""
    kinds = [row[":TYPE"] for row in _rows(written / "statement_evidence.csv")]
    assert {kind: kinds.count(kind) for kind in kinds} == {"SUPPORTED_BY": 4, "REFUTED_BY": 2, "NOT_FOUND_BY": 1}


def test_labels_and_types_are_disjoint() -> None:
    """Some engines keep labels and relationship types in one namespace."""
    labels = {c.neo4j_label for c in CATEGORIES.values()} | {"Entity", "Statement", "Evidence", "Publication"}
    types = {r.neo4j_type for r in relations().values()} | {"SUBJECT", "OBJECT", "SUPPORTED_BY", "REFUTED_BY", "FROM"}
    assert labels & types == set()


def test_an_entity_has_its_category_and_roles_as_labels(written: Path) -> None:
    """The label cell is an array of the general label, the category, the roles, and the label of what is ours."""
    labels = {row["id:ID(Entity)"]: row[":LABEL"].split("\x1f") for row in _rows(written / "entities.csv")}
    assert labels["HGNC:6015"] == ["Entity", "Gene", "Receptor", "ImmunoKG"]


def test_import_arguments_name_every_file(written: Path) -> None:
    """The arguments file lists all node and relationship files that are there."""
    arguments = (written / "import.args").read_text("utf-8").split()
    named = {argument.partition("=")[2].removeprefix("./") for argument in arguments if argument.startswith(("--nodes", "--rel"))}
    assert named == {path.name for path in written.glob("*.csv")}


def test_written_again_replaces(small_graph: Graph, written: Path) -> None:
    """A directory that an export wrote is replaced by the next export."""
    write_neo4j_csv(Graph.from_records([Entity("HGNC:6015", "IL4R", "Gene")]), written)
    assert list(read_neo4j_csv(written).entities) == ["HGNC:6015"]
    assert [path.name for path in written.parent.iterdir()] == ["import"]


def test_foreign_directory_is_left_alone(small_graph: Graph, tmp_path: Path) -> None:
    """A directory with other files in it is refused, not emptied."""
    (tmp_path / "thesis.tex").write_text("text", "utf-8")
    with pytest.raises(BadInput, match="holds other files"):
        write_neo4j_csv(small_graph, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_missing_parent_is_a_clear_error(small_graph: Graph, tmp_path: Path) -> None:
    """A path whose parent does not exist is named in the error."""
    with pytest.raises(BackendError, match="cannot write"):
        write_neo4j_csv(small_graph, tmp_path / "no" / "where")


@pytest.mark.parametrize("broken", ["entities.csv", "statement_ends.csv", "statement_evidence.csv"])
def test_truncated_files_are_bad_input(written: Path, broken: str) -> None:
    """A file cut down to its header gives an error that names the matter, never a traceback of another kind."""
    path = written / broken
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    if broken == "entities.csv":
        assert read_neo4j_csv(written).entities == {}
    else:
        with pytest.raises(BadInput):
            read_neo4j_csv(written)


def test_missing_file_is_a_backend_error(written: Path) -> None:
    """A file that is gone is named."""
    shutil.move(written / "evidence.csv", written / "elsewhere.csv")
    with pytest.raises(BackendError, match=r"evidence\.csv"):
        read_neo4j_csv(written)
