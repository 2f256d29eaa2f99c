"""The corpus loader: what ships, a corpus of one's own, and the faults of all files at once."""

from __future__ import annotations

import io
import shutil
import time
from pathlib import Path

import pytest

from kg.graph import Graph
from kg.model import Assertion, Condition, Entity, Record
from loaders import LossReport, load_corpus
from loaders.corpus_records import FIELDS
from loaders.curated import load
from ontologies.errors import BadInput
from ontologies.prefixes import check
from tests.limits import HANG

CASES = Path(__file__).parent / "cases" / "loaders"


@pytest.fixture(scope="module")
def shipped() -> list[Record]:
    return list(load_corpus())


def _facts(records: list[Record]) -> dict[str, Assertion]:
    return {record.evidence.record: record for record in records if isinstance(record, Assertion)}


def _file(text: str) -> dict[str, Assertion]:
    return _facts(list(load(io.BytesIO(text.encode()), name="own.yaml")))


def test_the_shipped_corpus_is_whole(shipped: list[Record]) -> None:
    """At least 850 statements and 1,050 evidences, each of a study, a design and a publication, without a fault."""
    graph = Graph.from_records(shipped)
    assertions = [record for record in shipped if isinstance(record, Assertion)]
    assert len(graph.statements) >= 850
    assert len(assertions) >= 1050
    for evidence in (assertion.evidence for assertion in assertions):
        assert evidence.study
        assert evidence.design
        assert evidence.finding
        assert evidence.publication.key
        assert evidence.source == "corpus"
        assert (evidence.publication.date == "") == (evidence.publication.last_day is None)


def test_every_entity_used_is_yielded_once(shipped: list[Record]) -> None:
    """A graph made of the records names everything it speaks of."""
    entities = [record.curie for record in shipped if isinstance(record, Entity)]
    assert len(entities) == len(set(entities))
    used: set[str] = set()
    for record in shipped:
        if isinstance(record, Assertion):
            used.update((record.statement.subject, record.statement.object))
            used.update(curie for _, curie in record.statement.context.items())
    assert used <= set(entities)
    assert all(check(curie) for curie in entities)


def test_the_index_case_is_complete(shipped: list[Record]) -> None:
    """The twelve facts stand under one study, with phase and time where they were stated."""
    facts = _facts(shipped)
    case = [facts[f"P{number:03}"] for number in range(1, 13)]
    assert {fact.evidence.root_study for fact in case} == {"INDEX-CASE-2018"}
    assert facts["P007"].evidence.observation.time == "6 wk"
    assert facts["P009"].evidence.observation.phase == "off"
    assert facts["P010"].evidence.observation.phase == "on_again"
    assert facts["P004"].evidence.stance == "null"
    assert facts["P011"].evidence.design == "hypothesis"


def test_the_structural_table_is_in_the_graph(shipped: list[Record]) -> None:
    """Severity forms are statements with a source, which MONDO does not give."""
    rows = {tuple(fact.statement.claim): fact.evidence for fact in _facts(shipped).values() if fact.evidence.design == "ontology"}
    evidence = rows["MONDO:0019080", "severity_form_of", "MONDO:0005340"]
    assert evidence.publication.release
    assert evidence.publication.last_day


def test_the_shipped_corpus_loads_whole() -> None:
    """Reading every record loses nothing."""
    started = time.perf_counter()
    report = LossReport()
    list(load_corpus(report=report))
    assert time.perf_counter() - started < HANG
    assert report.is_empty


def test_a_corpus_of_ones_own() -> None:
    """A folder brings its own publications, studies and terms, and may use all that ship."""
    records = list(load_corpus(CASES / "corpus"))
    facts = _facts(records)
    assert sorted(facts) == ["OWN1", "OWN2", "OWN3"]
    first = facts["OWN1"]
    assert [(c.variable, c.operator, c.value, c.unit) for c in first.statement.conditions] == [
        ("atopic", "=", "true", ""),
        ("baseline serum total IgE", ">=", "200", "[IU]/mL"),
    ]
    assert {c.group for c in first.statement.conditions} == {"1"}
    assert first.evidence.effect.value == 0.5
    assert first.evidence.publication.release == "OwnNotes 1 (2026-01-31)"
    assert facts["OWN2"].evidence.stance == "null"
    assert facts["OWN2"].evidence.parent_study == "OWN"
    assert facts["OWN2"].evidence.root_study == "OWN"
    assert facts["OWN3"].evidence.recounts
    assert facts["OWN3"].evidence.publication.date == "2018-10-10"
    assert "home-made drug" in [record.name for record in records if isinstance(record, Entity)]


def test_one_file_of_a_folder_and_a_limit() -> None:
    """A single file finds the tables beside it; a limit stops after that many records."""
    assert sorted(_facts(list(load_corpus(CASES / "corpus" / "topic.yaml")))) == ["OWN1", "OWN2", "OWN3"]
    assert sorted(_facts(list(load_corpus(CASES / "corpus", limit=1)))) == ["OWN1"]


def test_the_faults_of_all_files_come_at_once() -> None:
    """Every fault of five files is named with file, line, column, field and problem."""
    with pytest.raises(BadInput) as caught:
        list(load_corpus(CASES / "corpus_faults"))
    found = [f"{f.file}:{f.line}:{f.column} {f.field}: {f.problem}" for f in caught.value.faults]
    assert found == (CASES / "corpus_faults" / "expected.txt").read_text("utf-8").splitlines()


def test_faults_say_how_to_mend_them() -> None:
    """Nearest names, primary names of synonyms, relations for everyday words, units, allowed polarities."""
    with pytest.raises(BadInput) as caught:
        list(load_corpus(CASES / "corpus_faults"))
    fixes = {fault.problem: fault.fix for fault in caught.value.faults}
    assert fixes["no term is called 'dupilumap'"] == "did you mean 'dupilumab'?"
    assert fixes["no term is called 'Dupixent'"] == "its primary name is 'dupilumab'"
    assert "decreases_activity_of" in fixes["unknown relation 'inhibits'"]
    assert fixes["unknown design 'case report'"].startswith("did you mean 'case_report'")
    assert fixes["'IU/mL' is no unit"] == "write '[IU]/mL'"
    assert fixes["'negative' does not go with treats and stance 'supports'"] == "allowed: positive"
    assert fixes["key 'object' is given twice (first on line 6)"] == "keep one"


def test_nothing_is_yielded_from_a_faulty_corpus() -> None:
    """All files are checked before the first record comes out."""
    with pytest.raises(BadInput):
        next(load_corpus(CASES / "corpus_faults"))


def test_lenient_reading_keeps_the_good_records(tmp_path: Path) -> None:
    """A bad record goes to the report and the others come through."""
    shutil.copytree(CASES / "corpus", tmp_path / "own")
    topic = tmp_path / "own" / "topic.yaml"
    topic.write_text(topic.read_text("utf-8").replace("relation: ameliorates_condition", "relation: helps"), "utf-8")
    report = LossReport("lenient")
    assert sorted(_facts(list(load_corpus(tmp_path / "own", report=report)))) == ["OWN1", "OWN3"]
    assert report.counts["fault", "faulty record"] == 1
    assert report.losses[0].record == "OWN2"
    with pytest.raises(BadInput, match="unknown relation 'helps'"):
        list(load_corpus(tmp_path / "own"))


RECORD = """topic: t
statements:
- id: X1
  subject: dupilumab
  relation: treats
  object: atopic dermatitis
  stance: supports
  polarity: positive
  publication: DOI:10.1001/jamadermatol.2018.2976
  study: INDEX-CASE-2018
  design: review
  knowledge_level: knowledge_assertion
  finding: It helps.
"""


def test_a_record_of_required_fields_is_enough() -> None:
    """What is not stated stays empty."""
    evidence = _file(RECORD)["X1"].evidence
    assert evidence.n is None
    assert evidence.effect.value is None
    assert evidence.confidence == ""


@pytest.mark.parametrize("field", ["id", *(f for f in FIELDS if f"  {f}: " in RECORD)])
def test_every_required_field_is_missed(field: str) -> None:
    """Leaving any of them out, or leaving it empty, is a fault that names it."""
    lines = RECORD.splitlines(keepends=True)
    for change in ("", f"  {field}:\n"):
        at = next(n for n, line in enumerate(lines) if line.strip(" -").startswith(f"{field}:"))
        new = change.replace("  ", "- ", 1) if field == "id" and change else change
        if field == "id" and not change:
            new = "- waiver: none\n"
        text = "".join(lines[:at]) + new + "".join(lines[at + 1 :])
        with pytest.raises(BadInput) as caught:
            _file(text)
        assert f"statements.{field}" in {fault.field for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("finding", "needs"),
    [
        ("It did not help.", True), ("No hair grew.", True), ("Treatment failed.", True), ("It cannot help.", True),
        ("NO (nitric oxide) rose.", False), ("Notably it helped.", False), ("Known cases improved.", False),
    ],
)  # fmt: skip
def test_a_denial_needs_another_stance_or_a_waiver(finding: str, needs: bool) -> None:
    """A finding that says no, not or failed is no support, unless a waiver says why."""
    text = RECORD.replace("It helps.", finding)
    assert list(_file(text + "  waiver: the test of this rule\n")) == ["X1"]
    if needs:
        with pytest.raises(BadInput, match="but the stance is 'supports'"):
            _file(text)
    else:
        assert list(_file(text)) == ["X1"]


def test_conditions_are_canonical() -> None:
    """200, 200.0 and '200' are one value; a unit of 1 is none."""
    ids = set()
    for value in ("200", "200.0", "'200'"):
        text = RECORD + f"  conditions:\n  - {{variable: IgE, operator: '>=', value: {value}, unit: '1'}}\n"
        statement = _file(text)["X1"].statement
        assert statement.conditions == (Condition("IgE", ">=", "200"),)
        ids.add(statement.id)
    assert len(ids) == 1


def test_missing_places_are_errors(tmp_path: Path) -> None:
    """A path that is not there, and a folder without a topic, are named."""
    with pytest.raises(BadInput, match="no such file or folder"):
        list(load_corpus(tmp_path / "nowhere"))
    with pytest.raises(BadInput, match="no YAML file"):
        list(load_corpus(tmp_path))
