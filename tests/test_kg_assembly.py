"""Assembly in SQL: the same graph as the reference in plain Python, whatever the order, the pieces or the process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.assembly import Assembly
from kg.digest import content_digest, graph_rows
from kg.equivalence import equivalences
from kg.graph import Graph
from kg.model import Assertion, Condition, Context, Entity, Evidence, Observation, Publication, Record, Statement
from kg.tables import COLUMNS, assertion_row, columns_table, publication_row
from ontologies.errors import BadInput
from tests.strategies import records

IL4, IL4R = "HGNC:6014", "HGNC:6015"
STEP = Statement(IL4, "increases_activity_of", IL4R)
slow = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def found(stance: Any, pmid: str, design: str = "in_vitro", **more: Any) -> Evidence:
    return Evidence(stance, Publication(f"PMID:{pmid}", pmid=pmid), f"PMID:{pmid}", design, **more)


def assembled(*pieces: Iterable[Record]) -> tuple[dict[str, list[tuple[Any, ...]]], str]:
    """Return the rows of every table and the digest."""
    with Assembly() as assembly:
        for piece in pieces:
            assembly.add_records(piece)
        tables = assembly.tables()
        return {n: [tuple(row.values()) for row in t.to_pylist()] for n, t in tables.items()}, assembly.digest()[0]


@given(records())
@slow
def test_equals_the_reference_row_for_row(drawn: list[Record]) -> None:
    """All five tables and the digest are those of `Graph.from_records`."""
    graph = Graph.from_records(drawn)
    rows, digest = assembled(drawn)
    expected = graph_rows(graph)
    for name in COLUMNS:
        assert rows[name] == expected[name]
    assert digest == content_digest(graph)


@given(records(), st.randoms(use_true_random=False), st.integers(1, 5))
@slow
def test_order_and_pieces_do_not_matter(drawn: list[Record], random: Random, pieces: int) -> None:
    """Shuffled, cut in pieces, and given twice: the same rows and digest."""
    shuffled = [*drawn, *drawn]
    random.shuffle(shuffled)
    cuts = [shuffled[start::pieces] for start in range(pieces)]
    assert assembled(*cuts) == assembled(drawn)


@given(records())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_assembling_again_changes_nothing(drawn: list[Record]) -> None:
    """An assembled graph is its own assembly."""
    graph = Graph.from_records(drawn)
    again = Graph.from_records(graph.records())
    assert again == graph


@given(records())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_graph_comes_back_from_its_tables(drawn: list[Record]) -> None:
    """Columns to values and back lose nothing."""
    with Assembly() as assembly:
        assembly.add_records(drawn)
        assert assembly.graph() == Graph.from_records(drawn)


def test_refuters_elsewhere_still_count() -> None:
    """One supporting and three refuting studies are never asserted, also under another context, dose or week."""
    elsewhere = Statement(IL4, "increases_activity_of", IL4R, Context(cell=("CL:0000625",)))
    limited = Statement(IL4, "increases_activity_of", IL4R, conditions=(Condition("dose", ">=", "300", "mg"),))
    later = Statement(IL4, "increases_activity_of", IL4R, Context(taxon=("NCBITaxon:10090",)))
    drawn = [
        Assertion(STEP, found("supports", "1", "randomized_trial_phase_3")),
        Assertion(elsewhere, found("refutes", "2", "case_report")),
        Assertion(limited, found("refutes", "3", "case_report")),
        Assertion(later, found("refutes", "4", "case_report", observation=Observation(dose="300 mg", time="52 wk"))),
    ]
    rows, _ = assembled(drawn)
    [claim] = [dict(zip(COLUMNS["claims"], row, strict=True)) for row in rows["claims"]]
    assert (claim["support"], claim["refute"], claim["null_count"], claim["asserted"]) == (1, 3, 0, False)
    assert len(claim["statements"]) == 4


def test_studies_are_counted_once() -> None:
    """A sub-study counts as its trial, two ids of one paper are one study, and a retelling never counts beside a report."""
    paper = Publication("DOI:10.1000/a", pmid="9", doi="10.1000/a")
    drawn = [
        Assertion(STEP, Evidence("supports", paper, "DOI:10.1000/a", "in_vitro")),
        Assertion(STEP, found("supports", "9", "in_vivo")),
        Assertion(STEP, found("supports", "10", parent_study="BRAVE")),
        Assertion(STEP, found("supports", "11", parent_study="BRAVE")),
        Assertion(STEP, found("supports", "12", "review", recounts=True)),
    ]
    rows, _ = assembled(drawn)
    statement = dict(zip(COLUMNS["statements"], rows["statements"][0], strict=True))
    assert statement["support"] == 2
    assert [row[0] for row in rows["publications"]] == ["PMID:10", "PMID:11", "PMID:12", "PMID:9"]


def test_machine_read_findings_weigh_what_the_reference_says() -> None:
    """Known, unknown and misspelt readers, people and importers: weights and beliefs equal the reference, row for row."""
    agents = ("manual_agent", "text_mining_agent", "automated_agent", "not_provided")
    readers = ("", "REACH 1.6.1", "Sparser", "RLIMS-P", "medscan'; --", "my reader")
    drawn = [
        Assertion(Statement(f"HGNC:{number}", "binds", IL4R), found("supports", str(number), agent_type=agent, extractor=reader))
        for number, (agent, reader) in enumerate([(a, r) for a in agents for r in readers], 1)
    ]
    rows, digest = assembled(drawn)
    graph = Graph.from_records(drawn)
    assert rows["claims"] == graph_rows(graph)["claims"]
    assert digest == content_digest(graph)
    weights = {row[list(COLUMNS["claims"]).index("belief")] for row in rows["claims"]}
    assert len(weights) == 6  # people and importers, REACH, Sparser, RLIMS-P, MedScan, and readers without labels


def test_names_for_one_thing_make_one_statement() -> None:
    """A declared exact match stands for its entity in subject, object and context; the names are united."""
    gene = Entity(IL4R, "IL4R", "Gene", xrefs=("UniProtKB:P24394",))
    protein = Entity("UniProtKB:P24394", "Interleukin-4 receptor subunit alpha", "Gene", source="drugmechdb")
    other = Statement(IL4, "increases_activity_of", "UniProtKB:P24394")
    drawn: list[Record] = [protein, gene, Assertion(STEP, found("supports", "1")), Assertion(other, found("supports", "2"))]
    with Assembly() as assembly:
        assembly.add_records(drawn)
        graph = assembly.graph()
    assert list(graph.statements.values()) == [STEP]
    assert graph.entities[IL4R].synonyms == ("Interleukin-4 receptor subunit alpha",)
    assert graph.counts(STEP.id).support == 2


def test_two_entities_that_claim_each_other() -> None:
    """Of two that claim each other our own term stays; without one of ours, the smaller CURIE."""
    ours = Entity("HGNC:6015", "IL4R", "Gene", xrefs=("NCBIGene:3566",))
    theirs = Entity("NCBIGene:3566", "IL4R", "Gene", xrefs=("HGNC:6015",))
    assert equivalences([ours, theirs]) == {"NCBIGene:3566": "HGNC:6015"}
    assert equivalences([ours, theirs], preferred=["NCBIGene:3566"]) == {"HGNC:6015": "NCBIGene:3566"}
    assert equivalences([ours, theirs], preferred=()) == {"NCBIGene:3566": "HGNC:6015"}


def test_raw_tables_equal_records(tmp_path: Path) -> None:
    """Parquet files with only the needed columns give what records give."""
    drawn = [Assertion(STEP, found("supports", "1")), Assertion(STEP, found("refutes", "2"))]
    rows = columns_table("assertions", [assertion_row(one) for one in drawn])
    needed = ["subject", "relation", "object", "stance", "publication", "study", "design"]
    pq.write_table(rows.select(needed), tmp_path / "assertions.parquet")
    papers = columns_table("publications", [publication_row(one.evidence.publication) for one in drawn])
    with Assembly() as assembly:
        assembly.add_tables(assertions=[tmp_path / "assertions.parquet"], publications=[papers.select(["key", "pmid"])])
        assert assembly.graph() == Graph.from_records(drawn)


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("relation", "inhibit", "unknown relation 'inhibit'"),
        ("design", "opinion", "unknown study design 'opinion'"),
        ("stance", "maybe", "unknown stance 'maybe'"),
        ("context", '{"planet":["NCBITaxon:9606"]}', "is no context"),
        ("context", "[", "is no context"),
        ("context", '{"cell":"CL:0000625"}', "is no context"),
        ("conditions", "{}", "are no conditions"),
        ("conditions", '[{"variable":"a","dose":"b"}]', "are no conditions"),
        ("publication", "PMID:999", "'PMID:999' is in no table of publications"),
        ("study", "", "names no study"),
        ("subject", "HGNC6015", "'HGNC6015' is not a CURIE"),
        ("object", "UniProt:P24394", "the prefix is spelled 'UniProtKB'"),
    ],
)
def test_bad_raw_tables_are_refused(column: str, value: str, problem: str) -> None:
    """What no vocabulary defines is refused with what is wrong, never a traceback of the database."""
    drawn = Assertion(STEP, found("supports", "1"))
    rows = columns_table("assertions", [assertion_row(drawn)])
    place = rows.schema.get_field_index(column)
    rows = rows.set_column(place, column, pa.array([value]))
    papers = columns_table("publications", [publication_row(drawn.evidence.publication)])
    with Assembly() as assembly:
        assembly.add_tables(assertions=[rows], publications=[papers])
        with pytest.raises(BadInput) as caught:
            assembly.digest()
    assert problem in str(caught.value)


def test_tables_with_other_columns_are_refused(tmp_path: Path) -> None:
    """A missing or unknown column, and a file that is no Parquet, are named."""
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 torn")
    with Assembly() as assembly:
        with pytest.raises(BadInput, match="column is missing") as caught:
            assembly.add_tables(assertions=[pa.table({"subject": ["a"], "mood": ["good"]})])
        assert "unknown column" in str(caught.value)
        with pytest.raises(BadInput, match="no Parquet file"):
            assembly.add_tables(assertions=[tmp_path / "torn.parquet"])


def test_lone_surrogates_are_refused() -> None:
    """Text that cannot be stored as UTF-8 is bad input."""
    with Assembly() as assembly:
        assembly.add_records([Assertion(STEP, found("supports", "1", finding="\ud800"))])
        with pytest.raises(BadInput, match="cannot be stored"):
            assembly.digest()


def test_refines_scales_with_what_is_refined() -> None:
    """A claim with many contexts is not compared pair by pair: 2,000 contexts of one claim take no time."""
    cells = [Context(cell=(f"CL:{number:07d}",), taxon=("NCBITaxon:9606",)) for number in range(2000)]
    base: Sequence[Record] = [Assertion(STEP, found("supports", "1"))]
    many = [Assertion(Statement(*STEP.claim, context), found("supports", "1")) for context in cells]
    rows, _ = assembled(base, many)
    refines = [row[list(COLUMNS["statements"]).index("refines")] for row in rows["statements"]]
    assert sorted(map(len, refines)) == [0, *[1] * 2000]


_SCRIPT = """
import sys
from random import Random
from kg.assembly import Assembly
from kg.model import *
found = [Assertion(Statement(f"HGNC:{i % 7 + 1}", "increases_activity_of", f"HGNC:{i % 5 + 1}",
    Context(cell=(f"CL:{i % 3:07d}",)), (Condition("a", "=", str(i % 2), "", "x"), Condition("b", "=", "1", "", "x"))),
    Evidence("supports", Publication(f"PMID:{i}", pmid=str(i)), f"PMID:{i}", "in_vitro", effect=Effect("ratio", i / 3)))
    for i in range(200)]
found += [Entity(f"HGNC:{i}", f"gene {i}", "Gene", xrefs=(f"NCBIGene:{i}",), source=s) for i in range(1, 8) for s in "ab"]
Random(int(sys.argv[1])).shuffle(found)
with Assembly(threads=1 + int(sys.argv[1]) % 2) as assembly:
    assembly.add_records(found)
    print(assembly.digest()[0])
"""


def test_digest_is_independent_of_the_process(repo_root: Path) -> None:
    """Three processes with their own hash seed, order and threads print one digest."""
    digests = set()
    for seed in ("0", "1", "4242"):
        environ = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(repo_root)}
        done = subprocess.run([sys.executable, "-c", _SCRIPT, seed], env=environ, capture_output=True, text=True, check=True)
        digests.add(done.stdout)
    assert len(digests) == 1


def test_spills_to_disk_and_cleans_up(tmp_path: Path) -> None:
    """With little memory the assembly still works, and its own directory is gone afterwards."""
    drawn = [
        Assertion(Statement(f"HGNC:{i % 50 + 1}", "binds", f"HGNC:{i % 49 + 1}"), found("supports", str(i), finding="x" * 200))
        for i in range(30_000)
    ]
    with Assembly(memory="150MB", threads=1) as assembly:
        assembly.add_records(drawn)
        work = assembly._work_directory
        _, counts = assembly.digest()
    assert counts["evidence"] == 30_000
    assert not work.exists()
