"""DrugMechDB records as curated paths: nothing is left out, signs are those of the links, ends are found."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from loaders.drugmechdb_paths import CuratedPath, read_paths
from ontologies.errors import BadInput

NODES = [
    {"id": "MESH:C582203", "label": "Drug", "name": "dupilumab"},
    {"id": "UniProt:P24394-2", "label": "Protein", "name": "IL-4R alpha"},
    {"id": "no id at all", "label": "Cell", "name": "something"},
    {"id": "MESH:D003876", "label": "Disease", "name": "atopic dermatitis"},
]


def record(**more: Any) -> dict[str, Any]:
    graph = {"_id": "X_1", "drug_mesh": "MESH:C582203", "drugbank": "DB:DB12159", "disease_mesh": "MESH:D003876"}
    return {"graph": graph, "nodes": NODES, "links": []} | more


def link(key: str, source: int, target: int) -> dict[str, str]:
    return {"key": key, "source": NODES[source]["id"], "target": NODES[target]["id"]}


def read(*records: dict[str, Any]) -> list[CuratedPath]:
    return list(read_paths(io.BytesIO("\n".join(map(json.dumps, records)).encode()), name="r.jsonl"))


def test_ends_study_and_names() -> None:
    """The ends are those of the record, as the graph spells them; the study is that of the loader's evidence."""
    [path] = read(record())
    assert (path.drug, path.disease, path.study) == ("DRUGBANK:DB12159", "MONDO:0004980", "DB:DrugMechDB:X_1")
    assert path.names["HGNC:6015"] == "IL-4R alpha"


@pytest.mark.parametrize(
    ("predicate", "sign"),
    [
        ("decreases activity of", -1), ("positively correlated with", 1), ("treats", -1), ("manifestation of", 1),
        ("located in", 0), ("caused by", 0), ("phenotype of", 0), ("no such predicate", 0),
    ],
)  # fmt: skip
def test_signs_of_links(predicate: str, sign: int) -> None:
    """The relation table gives the sign; what is read backwards, has no direction, or is unknown gives none."""
    [path] = read(record(links=[link(predicate, 0, 1)]))
    assert path.links == (("DRUGBANK:DB12159", "HGNC:6015", sign),)


def test_nodes_off_their_pattern_stay() -> None:
    """A yardstick is not cut: what the graph cannot hold is a node that nobody finds."""
    [path] = read(record(links=[link("decreases activity of", 0, 2), link("part of", 2, 3), link("part of", 2, 2)]))
    assert path.links == (("DRUGBANK:DB12159", "no id at all", -1), ("no id at all", "MONDO:0004980", 1))


def test_ends_that_are_no_nodes() -> None:
    """Several declared drugs: the one that is a node; none: the only node labelled so; else unknown."""
    several = record(graph={"_id": "X_1", "drug_mesh": "MESH:D000001,MESH:C582203", "disease_mesh": "MESH:D999999"})
    [path] = read(several)
    assert (path.drug, path.disease) == ("DRUGBANK:DB12159", "MONDO:0004980")
    two = [*NODES, {"id": "MESH:D003877", "label": "Disease", "name": "other"}]
    [path] = read(several | {"nodes": two})
    assert path.disease == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [(b"", "holds no records"), (b"[]", "a JSON object was expected"), (b'{"graph": {"_id": "a"}}', "is missing")],
)
def test_faulty_files_are_refused(text: bytes, problem: str) -> None:
    """What is no record is named with its place."""
    with pytest.raises(BadInput) as caught:
        list(read_paths(io.BytesIO(text), name="r.jsonl"))
    assert problem in str(caught.value)


def test_the_development_half(shared_data: Path) -> None:
    """All records are read; every one has both ends and nearly all a path between them."""
    with (shared_data / "data" / "drugmechdb" / "drugmechdb_paths_dev.jsonl.gz").open("rb") as stream:
        paths = list(read_paths(stream, name="dev"))
    assert len(paths) == 2433
    assert [path.key for path in paths if not (path.drug and path.disease and path.links)] == []
