"""DrugMechDB: identifiers, relations, losses and faults, on hand-made records and on the real file."""

from __future__ import annotations

import copy
import gzip
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest

from kg.graph import Graph
from kg.model import Assertion, Entity, Record
from loaders import LossReport, load_corpus
from loaders.base import Mode
from loaders.drugmechdb import MAX_LINKS, MAX_NODES, load
from ontologies.errors import BadInput
from ontologies.polarity import polarity_allowed
from ontologies.prefixes import check
from ontologies.terms import load_terms
from ontologies.vocabulary import relation
from tests.limits import HANG

DUPILUMAB: dict[str, Any] = {
    "graph": {
        "_id": "DB12159_MESH_D003876_1", "disease": "Atopic dermatitis", "disease_mesh": "MESH:D003876",
        "drug": "dupilumab", "drug_mesh": "MESH:C582203", "drugbank": "DB:DB12159",
    },
    "links": [
        {"key": "decreases activity of", "source": "MESH:C582203", "target": "UniProt:P24394"},
        {"key": "participates in", "source": "UniProt:P24394", "target": "reactome:R-HSA-6785807"},
        {"key": "positively regulates", "source": "reactome:R-HSA-6785807", "target": "GO:0042092"},
        {"key": "contributes to", "source": "GO:0042092", "target": "MESH:D003876"},
    ],
    "nodes": [
        {"id": "MESH:C582203", "label": "Drug", "name": "dupilumab"},
        {"id": "UniProt:P24394", "label": "Protein", "name": "Interleukin-4 receptor subunit alpha"},
        {"id": "reactome:R-HSA-6785807", "label": "Pathway", "name": "Interleukin-4 and Interleukin-13 signaling"},
        {"id": "GO:0042092", "label": "BiologicalProcess", "name": "type 2 immune response"},
        {"id": "MESH:D003876", "label": "Disease", "name": "Atopic dermatitis"},
    ],
}  # fmt: skip
STEPS = [
    ("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015"),
    ("HGNC:6015", "participates_in", "REACT:R-HSA-6785807"),
    ("REACT:R-HSA-6785807", "positively_regulates", "GO:0042092"),
    ("GO:0042092", "contributes_to", "MONDO:0004980"),
]


def _read(
    *records: dict[str, Any] | str, mode: Mode = "normal", limit: int | None = None, release: str = ""
) -> tuple[list[Record], LossReport]:
    report = LossReport(mode)
    text = "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)
    return list(load(io.BytesIO(text.encode()), name="d.jsonl", report=report, limit=limit, release=release)), report


def _assertions(records: list[Record]) -> list[Assertion]:
    return [record for record in records if isinstance(record, Assertion)]


def _entities(records: list[Record]) -> dict[str, Entity]:
    return {record.curie: record for record in records if isinstance(record, Entity)}


def _record(nodes: list[tuple[str, str, str]], *links: tuple[str, str, str], key: str = "R1") -> dict[str, Any]:
    return {
        "graph": {"_id": key},
        "nodes": [{"id": i, "label": label, "name": name} for i, label, name in nodes],
        "links": [{"source": s, "key": p, "target": t} for s, p, t in links],
    }


DRUG, PROTEIN = ("MESH:D000001", "Drug", "calcimycin"), ("UniProt:Q99999", "Protein", "some protein")


def test_the_four_steps_of_the_dupilumab_record() -> None:
    """Prefixes are normalised, shipped terms recognised, and each link is one assertion of one study."""
    records, report = _read(DUPILUMAB)
    assertions = _assertions(records)
    assert [tuple(a.statement.claim) for a in assertions] == STEPS
    assert {a.evidence.study for a in assertions} == {"DB:DrugMechDB:DB12159_MESH_D003876_1"}
    assert all(a.statement.context.is_empty for a in assertions)
    evidence = assertions[0].evidence
    assert evidence.publication.key == "db:DrugMechDB/DB12159_MESH_D003876_1"
    assert evidence.publication.release == "DrugMechDB b83cc5d (2026-07-02)"
    assert (evidence.publication.date, evidence.publication.precision) == ("2026-07-02", "release")
    assert (evidence.design, evidence.licence, evidence.source) == ("database", "CC0-1.0", "drugmechdb")
    assert evidence.quote == "dupilumab decreases activity of Interleukin-4 receptor subunit alpha"
    assert _entities(records) == {curie: load_terms()[curie] for curie in {c for s, _, o in STEPS for c in (s, o)}}
    assert report.is_empty


def test_the_record_and_the_corpus_are_one_source() -> None:
    """MECH0623-0626 were read from that record: each step is one claim, and the record counts once on it."""
    alone = Graph.from_records(load_corpus())
    both = Graph.from_records([*load_corpus(), *_read(DUPILUMAB)[0]])
    for step in STEPS:
        (claim,) = [c for c in both.claims if tuple(c) == step]
        assert both.claims[claim].counts.support == alone.claims[claim].counts.support
        sources = {e.source for sid in both.claims[claim].statements for e in both.evidence[sid]}
        assert sources == {"corpus", "drugmechdb"}
    assert len(both.claims) == len(alone.claims)
    assert set(both.entities) == set(alone.entities)


def test_an_inverted_predicate_is_turned_round() -> None:
    """"X caused by Y" is "Y causes X"; the record's own words stay as quote."""
    disease, process = ("MESH:D000008", "Disease", "abdominal wall disease"), ("GO:0006954", "BiologicalProcess", "inflammation")
    records, _ = _read(_record([disease, process], ("MESH:D000008", "caused by", "GO:0006954")))
    (assertion,) = _assertions(records)
    assert tuple(assertion.statement.claim) == ("GO:0006954", "causes", "MESH:D000008")
    assert assertion.evidence.quote == "abdominal wall disease caused by inflammation"


def test_a_relation_outside_its_domain_is_said_by_the_one_that_fits() -> None:
    """A process that "treats" a disease protects against it; the change is in the report."""
    disease, process = ("MESH:D000008", "Disease", "abdominal wall disease"), ("GO:0006954", "BiologicalProcess", "inflammation")
    records, report = _read(_record([disease, process], ("GO:0006954", "treats", "MESH:D000008")))
    assert _assertions(records)[0].statement.relation == "protects_against"
    assert report.counts["changed", "said by the relation that fits subject and object"] == 1


@pytest.mark.parametrize("bad", ["GO:005507", "UniProt:41972", "DB:DBMET01698", "nothing", "FOO:1", "GO:", ":1"])
def test_malformed_ids_go_to_the_loss_report(bad: str) -> None:
    """The node is dropped with every link that touches it; the other links stay. Strict mode refuses."""
    record = _record(
        [DRUG, PROTEIN, (bad, "Protein", "unknown")],
        (DRUG[0], "decreases activity of", bad), (bad, "causes", DRUG[0]), (DRUG[0], "increases activity of", PROTEIN[0]),
    )  # fmt: skip
    records, report = _read(record)
    assert len(_assertions(records)) == 1
    assert report.counts == {("dropped", "malformed identifier"): 1, ("dropped", "link to a dropped node"): 2}
    assert report.losses[0].value == bad
    assert (report.losses[0].line, report.losses[0].record, report.losses[0].field) == (1, "R1", "nodes[2].id")
    with pytest.raises(BadInput, match="malformed identifier"):
        _read(record, mode="strict")


def test_other_losses_are_counted() -> None:
    """Repeated links, links to oneself, isoforms, and fields that are not kept."""
    isoform = ("UniProt:Q99999-2", "Protein", "its isoform")
    record = _record(
        [DRUG, PROTEIN, isoform],
        (DRUG[0], "decreases activity of", PROTEIN[0]), (DRUG[0], "decreases activity of", PROTEIN[0]),
        (PROTEIN[0], "causes", isoform[0]),
    )  # fmt: skip
    record |= {"references": ["https://example.org/"], "comment": "none", "colour": "red"}
    records, report = _read(record)
    assert len(_assertions(records)) == 1
    assert report.counts == {
        ("dropped", "link repeated in its record"): 1,
        ("dropped", "link from a thing to itself"): 1,
        ("changed", "isoform read as its protein"): 1,
        ("ignored", "references (not kept)"): 1,
        ("ignored", "comment (not kept)"): 1,
        ("ignored", "unknown field (not kept)"): 1,
    }


def test_names_and_labels_do_not_depend_on_order() -> None:
    """The most frequent name and label win, others become synonyms; close ids are never exact ones."""
    lines = [
        _record([DRUG, (PROTEIN[0], label, name)], (DRUG[0], "affects risk for", DRUG[0]),
                (DRUG[0], "decreases activity of", PROTEIN[0]), key=f"R{n}")
        for n, (label, name) in enumerate([("Protein", "B"), ("Protein", "a"), ("Protein", "B"), ("GeneFamily", "c")])
    ]  # fmt: skip
    lines[1]["nodes"][1] |= {"alt_names": ["d"], "alt_ids": ["MESH:D000002"]}
    entity = _entities(_read(*lines)[0])["UniProtKB:Q99999"]
    assert entity == Entity(
        "UniProtKB:Q99999", "B", "Gene", synonyms=("a", "c", "d"), close_matches=("MESH:D000002",),
        source="DrugMechDB b83cc5d (2026-07-02)",
    )  # fmt: skip
    assert _entities(_read(*reversed(lines))[0])["UniProtKB:Q99999"] == entity


def test_a_release_can_be_named() -> None:
    """The caller's release goes into publication and date; one without a day is undated."""
    records, _ = _read(DUPILUMAB, release="DrugMechDB 2.0")
    publication = _assertions(records)[0].evidence.publication
    assert (publication.release, publication.date, publication.precision) == ("DrugMechDB 2.0", "", "unknown")


def _changed(path: list[str | int], value: object) -> dict[str, Any]:
    record = copy.deepcopy(DUPILUMAB)
    at: Any = record
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return record


@pytest.mark.parametrize(
    ("record", "field", "problem"),
    [
        (_changed(["graph"], None), "graph._id", "is missing"),
        (_changed(["graph"], [1]), "graph._id", "is missing"),
        (_changed(["graph", "_id"], "a b"), "graph._id", "'a b' is no record id"),
        (_changed(["graph", "_id"], "x" * 300), "graph._id", f"'{'x' * 80}' is no record id"),
        (_changed(["nodes"], None), "nodes", "is missing"),
        (_changed(["nodes"], {}), "nodes", "a list was expected, not an object"),
        (_changed(["nodes"], [{}] * (MAX_NODES + 1)), "nodes", f"holds more than {MAX_NODES} items"),
        (_changed(["links"], [{}] * (MAX_LINKS + 1)), "links", f"holds more than {MAX_LINKS} items"),
        (_changed(["nodes", 0], "text"), "nodes[0]", "an object was expected, not a text"),
        (_changed(["nodes", 1, "name"], None), "nodes[1].name", "is missing"),
        (_changed(["nodes", 1, "label"], "Protien"), "nodes[1].label", "unknown label 'Protien'"),
        (_changed(["nodes", 1, "id"], 7), "nodes[1].id", "a text was expected, not a number"),
        (_changed(["links", 0], 7), "links[0]", "an object was expected, not a number"),
        (_changed(["links", 2, "key"], "positively regulate"), "links[2].key", "unknown predicate 'positively regulate'"),
        (_changed(["links", 2, "target"], "GO:0000001"), "links[2].target", "'GO:0000001' is no node of this record"),
        (_changed(["links", 2, "source"], None), "links[2].source", "is missing"),
    ],
)
def test_each_fault_is_located(record: dict[str, Any], field: str, problem: str) -> None:
    """Line, field and problem are named, and lenient reading keeps the other records."""
    good = _record([DRUG, PROTEIN], (DRUG[0], "decreases activity of", PROTEIN[0]), key="GOOD")
    with pytest.raises(BadInput) as caught:
        _read(good, record)
    fault = caught.value.faults[0]
    assert (fault.file, fault.line, fault.field, fault.problem) == ("d.jsonl", 2, field, problem)
    records, report = _read(record, good, mode="lenient")
    assert "GOOD" in {a.evidence.record for a in _assertions(records)}
    assert report.losses[0].action == "fault"


def test_faults_offer_what_was_meant() -> None:
    """A misspelt predicate or label lists the near ones, and the column is that of the value."""
    other = _changed(["nodes", 1, "label"], "Protien")
    other["graph"]["_id"] = "R2"
    with pytest.raises(BadInput) as caught:
        _read(_changed(["links", 2, "key"], "positively regulate"), other)
    first, second = (fault for fault in caught.value.faults if fault.fix.startswith("did you mean"))
    assert first.fix.startswith("did you mean 'positively regulates'")
    assert second.fix.startswith("did you mean 'Protein'")
    text = json.dumps(_changed(["links", 2, "key"], "positively regulate"))
    assert first.column == text.index('"positively regulate"') + 1


def test_a_record_given_twice_is_a_fault() -> None:
    """Two records of one id would be one study that says two things."""
    with pytest.raises(BadInput, match="stands on line 1 too"):
        _read(DUPILUMAB, DUPILUMAB)


def test_all_faults_of_a_file_come_together() -> None:
    """Malformed lines and wrong fields are one list; a gzip cut off afterwards joins it."""
    bad = _changed(["links", 0, "key"], "nonsense")
    with pytest.raises(BadInput) as caught:
        _read("{", bad, "[]")
    assert [fault.line for fault in caught.value.faults] == [1, 2, 3]
    packed = gzip.compress(("{\n" + json.dumps(DUPILUMAB) + "\n").encode() * 3)[:-4]
    with pytest.raises(BadInput) as caught:
        list(load(io.BytesIO(packed), name="d.gz"))
    assert "malformed JSON" in caught.value.faults[0].problem
    assert "cut off" in caught.value.faults[-1].problem


@pytest.mark.parametrize("data", [b"", b"\n\n", gzip.compress(b"")], ids=["empty", "blank", "empty-gzip"])
def test_an_empty_file_is_a_fault(data: bytes) -> None:
    """No records is not what anybody meant to load."""
    with pytest.raises(BadInput, match="holds no records"):
        list(load(io.BytesIO(data), name="d.jsonl"))


def test_records_stream() -> None:
    """The first assertion comes out before the second line is read, and a limit stops reading."""
    stream = io.BytesIO((json.dumps(DUPILUMAB) + "\n").encode() * 2)
    assert tuple(next(iter(load(stream, name="d.jsonl"))).statement.claim) == STEPS[0]  # type: ignore[union-attr]  # the test fails if it is of another kind
    records, report = _read(DUPILUMAB, "never read", limit=1)
    assert len(_assertions(records)) == 4
    assert report.read["records"] == 1


# -- the real file ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(shared_data: Path) -> tuple[list[Record], LossReport, float]:
    report = LossReport()
    started = time.perf_counter()
    with (shared_data / "data" / "drugmechdb" / "drugmechdb_paths_dev.jsonl.gz").open("rb") as stream:
        records = list(load(stream, name="drugmechdb_paths_dev.jsonl.gz", report=report))
    return records, report, time.perf_counter() - started


def test_the_real_file_is_accounted_for(real: tuple[list[Record], LossReport, float]) -> None:
    """2,433 records and 17,302 links: each link is an assertion or a counted loss."""
    records, report, seconds = real
    assert (report.read["records"], report.read["links"]) == (2433, 17302)
    lost = sum(n for (action, reason), n in report.counts.items() if action == "dropped" and reason != "malformed identifier")
    assert report.read["assertions"] + lost == 17302
    assert len(_assertions(records)) == report.read["assertions"] > 17_000
    assert not [key for key in report.counts if key[0] == "fault"]
    malformed = {loss.value for loss in report.losses if loss.reason == "malformed identifier"}
    assert {"GO:005507", "UniProt:41972"} <= malformed
    assert seconds < HANG


def test_the_real_file_keeps_the_rules(real: tuple[list[Record], LossReport, float]) -> None:
    """Identifiers are on their pattern, relations fit what they join, polarity and stance agree."""
    records, _, _ = real
    entities = _entities(records)
    assert all(check(curie) for curie in entities)
    for assertion in _assertions(records):
        statement, evidence = assertion.statement, assertion.evidence
        assert statement.subject in entities
        assert statement.object in entities
        assert polarity_allowed(statement.relation, evidence.stance, evidence.polarity)
        assert evidence.publication.release
    off = [
        statement.claim
        for statement in {a.statement.id: a.statement for a in _assertions(records)}.values()
        if not relation(statement.relation).admits(entities[statement.subject].category, entities[statement.object].category)
    ]
    assert off == []


def test_the_real_record_of_dupilumab(real: tuple[list[Record], LossReport, float]) -> None:
    """The published line gives the four steps."""
    found = [a for a in _assertions(real[0]) if a.evidence.record == "DB12159_MESH_D003876_1"]
    assert [tuple(a.statement.claim) for a in found] == STEPS
