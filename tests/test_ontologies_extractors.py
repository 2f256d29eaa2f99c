"""The table of readers: what it holds, what is refused, and that it is the one the labels give."""

from __future__ import annotations

from pathlib import Path

import pytest

from immunokg.evaluating import label_evaluation
from ontologies.errors import BadInput
from ontologies.extractors import POOLED, precision, read_extractors, readers
from ontologies.tables import read_text
from queries.evaluation.reader_report import to_text, to_tsv

HEAD = "reader\tlabelled\tcorrect\tprecision\tlow\thigh\tsource\n"
ROW = "pooled\t10\t9\t0.8\t0.7\t0.9\tlabels\n"


def test_table_is_what_the_labels_give(shared_data: Path, repo_root: Path) -> None:
    """The rates that ship, and the page about them, are those of the development labels, to the last digit."""
    indra = shared_data / "data" / "indra"
    found = label_evaluation(
        indra / "indra_curation_labels_dev.jsonl.gz", [indra / "indra_benchmark_statements_dev.json.gz"], None,
        sampled="reach", source=readers()[POOLED].source, seed=0,
    )  # fmt: skip
    assert to_tsv(found.readers) == read_text("extractors.tsv")
    assert to_text(found) in (repo_root / "docs" / "accuracy.md").read_text("utf-8")
    assert (found.labels, found.correct, found.unjoined) == (760, 681, 0)
    assert round(found.base_rate, 3) == 0.896
    assert round(found.constant_brier, 3) == 0.093


@pytest.mark.parametrize("spelling", ["REACH", "reach", " Reach 1.6.1-SNAPSHOT", "r-e-a-c-h"])
def test_readers_are_known_by_their_first_word(spelling: str) -> None:
    """Case, hyphens and versions do not hide a reader."""
    assert precision(spelling, "text_mining_agent") == readers()["reach"].precision


@pytest.mark.parametrize("spelling", ["", "reach2x/y", "pooled", "1.0", "unheard of"])
def test_other_readers_have_the_pooled_rate(spelling: str) -> None:
    """A text-mining reader without labels is neither trusted fully nor dropped; a row's name for all is no reader."""
    rate = precision(spelling, "text_mining_agent")
    assert rate in (readers()[POOLED].precision, readers()["reach"].precision)
    assert (rate == readers()["reach"].precision) == spelling.startswith("reach")
    assert spelling.startswith("reach") or precision(spelling, "automated_agent") == 1.0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEAD + ROW.replace("pooled", "reach"), "there is no row 'pooled'"),
        (HEAD + ROW.replace("pooled", "Re-ach"), "is no reader"),
        (HEAD + ROW.replace("\t9\t", "\t11\t"), "are no counts"),
        (HEAD + ROW.replace("0.8", "0.95"), "no rate between low and high"),
        (HEAD + ROW.replace("0.7", "zero"), "no rate between low and high"),
        (HEAD + ROW.replace("labels", ""), "is empty"),
        (HEAD + ROW + ROW, "pooled"),
    ],
)
def test_a_faulty_table_is_refused(text: str, problem: str) -> None:
    """Every fault is named with its line."""
    with pytest.raises(BadInput) as caught:
        read_extractors(text)
    assert problem in str(caught.value)
