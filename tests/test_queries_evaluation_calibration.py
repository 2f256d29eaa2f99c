"""Rates of readers: shrinkage, cross-validation and scores, checked by hand and against known truth."""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import log
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.indra_labels import LabelledEvidence, evidence_by_hash, read_labels
from ontologies.errors import BadInput
from ontologies.extractors import Reader
from queries.evaluation.beta import fit_prior, quantile
from queries.evaluation.calibration import auroc, estimate_readers, evaluate_readers, score_readers
from queries.evaluation.reader_report import to_text


@dataclass(frozen=True)
class One:
    """A label."""

    reader: str
    kind: str
    group: str
    correct: bool


def drawn(rates: dict[str, float], number: int, seed: int = 1) -> list[One]:
    """Labels of readers with known rates, one statement each."""
    random = Random(seed)
    return [One(name, "Complex", f"{name}{n}", random.random() < rate) for name, rate in rates.items() for n in range(number)]


def test_few_labels_move_a_reader_little() -> None:
    """A reader with two labels, both wrong, stays near the others; one with many labels keeps its own rate."""
    labels = drawn({"a": 0.9, "b": 0.8, "c": 0.95, "d": 0.7}, 300) + [One("few", "Complex", str(n), False) for n in range(2)]
    rates = {reader.name: reader for reader in estimate_readers(labels)}
    assert rates["few"].precision > 0.5
    assert abs(rates["a"].precision - rates["a"].correct / 300) < 0.01
    assert rates["few"].high - rates["few"].low > rates["a"].high - rates["a"].low
    assert list(rates)[-1] == "pooled"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 200), st.floats(0, 1)), min_size=1, max_size=6))
def test_estimates_lie_between_reader_and_prior(groups: list[tuple[int, float]]) -> None:
    """A posterior mean lies between the share of the reader and the mean of the prior."""
    counts = [(n, round(n * share)) for n, share in groups]
    a, b = fit_prior(counts)
    labels = [One(f"r{i}", "", f"{i} {j}", j < k) for i, (n, k) in enumerate(counts) for j in range(n)]
    for reader in estimate_readers(labels)[:-1]:
        ends = sorted((reader.correct / reader.labelled, a / (a + b)))
        assert ends[0] - 1e-4 <= reader.precision <= ends[1] + 1e-4
        assert reader.low <= reader.high


def test_quantiles_of_known_distributions() -> None:
    """Beta(1, 1) is uniform, Beta(1, n) has a closed form, and quantile and share are inverse on both tails."""
    assert quantile(0.3, 1, 1) == pytest.approx(0.3)
    assert quantile(0.95, 1, 20) == pytest.approx(1 - 0.05 ** (1 / 20))
    assert quantile(0.025, 3, 7) == pytest.approx(1 - quantile(0.975, 7, 3))


def test_equal_readers_are_pooled() -> None:
    """Readers with the same share say that readers do not differ: the prior outweighs each."""
    a, b = fit_prior([(50, 40)] * 5)
    assert a + b > 1000
    assert a / (a + b) == pytest.approx(0.8, abs=0.01)


def test_scores_by_hand() -> None:
    """Known rates on four labels: Brier, log loss and AUROC as counted on paper."""
    known = {
        "good": Reader("good", 10, 9, 0.9, 0.8, 0.95, ""), "bad": Reader("bad", 10, 6, 0.6, 0.4, 0.8, ""),
        "pooled": Reader("pooled", 20, 15, 0.75, 0.6, 0.9, ""),
    }  # fmt: skip
    labels = [
        One("good", "", "1", True), One("good", "", "2", False), One("bad", "", "3", True), One("new", "", "4", False),
    ]  # fmt: skip
    found = score_readers(labels, known, samples=50)
    [forecast, constant] = found.forecasts
    assert forecast.brier.value == pytest.approx((0.1**2 + 0.9**2 + 0.4**2 + 0.75**2) / 4)
    assert forecast.log_loss.value == pytest.approx(-(log(0.9) + log(0.1) + log(0.6) + log(0.25)) / 4)
    assert forecast.auroc.value == pytest.approx(0.375)  # 0.9 ties with 0.9 and beats 0.75; 0.6 loses to both
    assert constant.brier.value == pytest.approx(0.25)
    assert found.constant_brier == pytest.approx(0.25)
    assert sum(part.labels for part in forecast.reliability) == 4


@given(st.lists(st.tuples(st.sampled_from((0.1, 0.5, 0.9)), st.booleans(), st.integers(0, 2)), max_size=12))
def test_auroc_counts_pairs(rows: list[tuple[float, bool, int]]) -> None:
    """AUROC is the share of (right, wrong) pairs of one fold in the right order, ties half."""
    pairs = [(a, b) for a, right, f in rows for b, other, g in rows if right and not other and f == g]
    expected = sum((a > b) + (a == b) / 2 for a, b in pairs) / len(pairs) if pairs else None
    assert auroc(*([row[i] for row in rows] for i in range(3))) == (None if expected is None else pytest.approx(expected))  # type: ignore[arg-type]  # columns of mixed rows


def test_readers_that_differ_are_told_apart() -> None:
    """Two readers of rates 0.95 and 0.4: the prediction beats the constant, and says so."""
    found = evaluate_readers(drawn({"good": 0.95, "poor": 0.4}, 200), samples=200)
    by_reader = found.forecasts[0]
    assert by_reader.beats_constant
    assert by_reader.auroc.low is not None
    assert by_reader.auroc.low > 0.5
    assert "By reader: better than the constant guess" in to_text(found)


def test_readers_that_do_not_differ_are_not() -> None:
    """Two readers of one rate: no claim to beat the constant, in plain words."""
    found = evaluate_readers(drawn({"a": 0.9, "b": 0.9}, 150), samples=200)
    assert not found.forecasts[0].beats_constant
    assert "not shown to beat the constant guess" in to_text(found) or "worse than the constant" in to_text(found)


def test_labels_of_a_statement_stay_in_one_fold() -> None:
    """With all labels in one statement nothing can be predicted from the others, and nothing fails."""
    labels = [One("a", "Complex", "same", n > 2) for n in range(10)]
    found = evaluate_readers(labels, samples=20)
    assert found.groups == 1
    assert found.forecasts[0].auroc.value == 0.5


def test_the_same_seed_gives_the_same_numbers() -> None:
    """Folds and intervals are seeded."""
    labels = drawn({"a": 0.9, "b": 0.7}, 40)
    assert evaluate_readers(labels, seed=3, samples=50) == evaluate_readers(labels, seed=3, samples=50)
    assert evaluate_readers(labels, seed=3, samples=50) != evaluate_readers(labels, seed=4, samples=50)


STATEMENTS = b"""[{"type": "Complex", "matches_hash": "5", "evidence": [{"source_api": "reach", "source_hash": 1}]},
 {"type": "Activation", "matches_hash": "6", "evidence": [{"source_api": "reach", "source_hash": 1}, {"source_hash": null}]}]"""


def labels_of(text: bytes) -> tuple[list[LabelledEvidence], int]:
    return read_labels(io.BytesIO(text), evidence_by_hash(io.BytesIO(STATEMENTS), name="s"), name="l")


def test_labels_are_joined_by_hash_and_statement() -> None:
    """The label's own statement decides the type; what names no evidence is counted as not joined."""
    found, lost = labels_of(
        b'{"source_hash": 1, "pa_hash": 6, "correct": true}\n{"source_hash": 1, "pa_hash": 9, "correct": false}\n'
        b'{"source_hash": 2, "pa_hash": 6, "correct": true}\n{"source_hash": 3, "source_api": "trips", "correct": true}'
    )
    assert [(one.reader, one.kind, one.group, one.correct) for one in found] == [
        ("reach", "Activation", "6", True), ("reach", "Complex", "9", False), ("trips", "", "3", True),
    ]  # fmt: skip
    assert lost == 1


def test_a_sample_of_one_reader_is_read() -> None:
    """A table with TYPE and CORRECT is a sample of REACH, each row its own statement."""
    found, lost = labels_of(b"INDEX\tTYPE\tCORRECT\n1\tComplex\t1\n2\tActivation\t0\n")
    assert ([(one.reader, one.correct) for one in found], lost) == ([("reach", True), ("reach", False)], 0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "neither JSON lines nor a table"),
        (b"A\tB\n1\t2\n", "neither JSON lines nor a table"),
        (b"TYPE\tCORRECT\nComplex\tmaybe\n", "neither 0 nor 1"),
        (b"TYPE\tCORRECT\nComplex\n", "neither 0 nor 1"),
        (b'{"source_hash": 1}\n{"correct": true}', "source_hash or correct is missing"),
        (b'{"source_hash": true, "correct": true}', "source_hash or correct is missing"),
        (b"{broken", "malformed JSON"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_faulty_labels_are_refused(text: bytes, problem: str) -> None:
    """Every fault is named; nothing is guessed."""
    with pytest.raises(BadInput) as caught:
        labels_of(text)
    assert problem in str(caught.value)


@pytest.mark.parametrize("text", [b"{", b'{"a": 1}', b"[1]", b"null"])
def test_faulty_statements_are_refused(text: bytes) -> None:
    """What is no list of statements is no index of evidence."""
    with pytest.raises(BadInput):
        evidence_by_hash(io.BytesIO(text), name="s.json")
