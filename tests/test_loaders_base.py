"""The loss report: what is a fault, what is a loss, and when reading stops."""

from __future__ import annotations

import json

import pytest

from loaders.base import MAX_FAULTS, MAX_LENIENT_FAULTS, MAX_LISTED, LossReport, Mode
from ontologies.errors import BadInput, Fault

FAULT = Fault("d.jsonl", 3, 1, "links[0].key", "unknown predicate 'treat'", "did you mean 'treats'?")


@pytest.mark.parametrize(("mode", "stops"), [("strict", True), ("normal", True), ("lenient", False)])
def test_a_fault_stops_all_modes_but_lenient(mode: Mode, stops: bool) -> None:
    """Faults raise at the end of a file, unless the reading is lenient."""
    report = LossReport(mode)
    report.fault(FAULT)
    if stops:
        with pytest.raises(BadInput) as caught:
            report.check()
        assert caught.value.faults == (FAULT,)
        assert not caught.value.truncated
    else:
        report.check()
        assert report.counts["fault", "faulty line"] == 1


@pytest.mark.parametrize(("mode", "stops"), [("strict", True), ("normal", False), ("lenient", False)])
def test_a_loss_stops_strict_mode_only(mode: Mode, stops: bool) -> None:
    """What is dropped is listed and counted; strict mode does not allow it."""
    report = LossReport(mode)
    report.drop("malformed identifier", file="d.jsonl", line=7, field="nodes[2].id", value="GO:005507")
    report.change("isoform read as its protein", file="d.jsonl", line=8, value="UniProt:Q07817-1")
    report.ignore("comment (not kept)")
    assert report.counts["dropped", "malformed identifier"] == 1
    assert len(report.faults) == stops
    if stops:
        with pytest.raises(BadInput, match="GO:005507"):
            report.check()


def test_the_hundredth_fault_stops_and_says_so() -> None:
    """Nobody reads more than a hundred faults."""
    report = LossReport()
    for _ in range(MAX_FAULTS - 1):
        report.fault(FAULT)
    with pytest.raises(BadInput, match="reading stopped here") as caught:
        report.fault(FAULT)
    assert len(caught.value.faults) == MAX_FAULTS
    assert caught.value.truncated


def test_even_lenient_reading_ends() -> None:
    """A file of faults alone is not the file it was taken for."""
    report = LossReport("lenient")
    for _ in range(MAX_LENIENT_FAULTS - 1):
        report.fault(FAULT)
    with pytest.raises(BadInput) as caught:
        report.fault(FAULT)
    assert len(caught.value.faults) == MAX_FAULTS
    assert caught.value.truncated


def test_lists_are_cut_and_counts_are_exact() -> None:
    """Ten million losses take no memory, and are counted all the same."""
    report = LossReport()
    for line in range(MAX_LISTED + 5):
        report.drop("malformed identifier", file="d.jsonl", line=line)
    assert len(report.losses) == MAX_LISTED
    assert report.counts["dropped", "malformed identifier"] == MAX_LISTED + 5
    assert "… and 995 more" in str(report)
    assert report.to_json()["truncated"] is True


def test_the_report_is_json() -> None:
    """The report goes through JSON without loss."""
    report = LossReport()
    report.saw("records", 2)
    report.drop("malformed identifier", file="d.jsonl", line=7, record="R1", field="nodes[2].id", value="GO:005507")
    again = json.loads(json.dumps(report.to_json()))
    assert again["read"] == {"records": 2}
    assert again["counts"] == [{"action": "dropped", "reason": "malformed identifier", "number": 1}]
    assert again["losses"][0]["value"] == "GO:005507"
    assert again["truncated"] is False


def test_faults_before_a_broken_end_are_kept() -> None:
    """A file that is cut off reports what was wrong before the cut too."""
    report = LossReport()
    report.fault(FAULT)
    end = BadInput("d.gz: cannot be unpacked", [Fault("d.gz", problem="is a gzip cut off")])
    joined = report.joined(end)
    assert [fault.problem for fault in joined.faults] == [FAULT.problem, "is a gzip cut off"]
    assert LossReport().joined(end) is end
