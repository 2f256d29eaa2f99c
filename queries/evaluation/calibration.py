"""How often readers are right: shrunken rates from human labels, and whether these rates predict labels they did not see.

*Rates*. The labels of one reader (or database) are draws from its rate of right extractions; the rates of all readers are
draws from one beta distribution, fitted to their counts (`queries.evaluation.beta`, empirical Bayes). A reader's estimate
is the mean of its posterior, so that few labels move it little from the others; its interval holds 95 % of the posterior.
The pooled rate, for readers without labels, is that of all labels together under Jeffreys' prior.

*Test*. Labels of one statement stay together: the statements are dealt into folds with a seed, and each fold's labels are
predicted from the others. Brier score and log loss (less is better), AUROC (0.5 is a guess; within folds, since rates of
different folds are not to be compared), a reliability table, and intervals by bootstrap over statements. Beside them the
*constant*: everything predicted with the share of right labels among those tested, which no honest prediction can know.
Two predictions are tested: by reader, and by reader and type of statement (rates of a type shrunken to the reader's own).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import log
from random import Random
from typing import Any, Protocol, TypeVar

from ontologies.extractors import POOLED, Reader
from queries.evaluation.beta import fit_prior, quantile
from queries.evaluation.metrics import Estimate, percentile

__all__ = [
    "FOLDS",
    "Bin",
    "Forecast",
    "Label",
    "ReaderEvaluation",
    "auroc",
    "estimate_readers",
    "evaluate_readers",
    "score_readers",
]

FOLDS = 10
"""Folds of the cross-validation."""

_EDGES = (0.0, 0.8, 0.85, 0.9, 0.95, 1.0)
_LEAST = 1e-6  # predictions are kept this far from 0 and 1 for the log loss
K = TypeVar("K", bound=Hashable)


class Label(Protocol):
    """A human verdict on one extraction: who read it, what type of statement it is, what it belongs with."""

    @property
    def reader(self) -> str: ...  # noqa: D102  # named in the class docstring
    @property
    def kind(self) -> str: ...  # noqa: D102  # named in the class docstring
    @property
    def group(self) -> str: ...  # noqa: D102  # named in the class docstring
    @property
    def correct(self) -> bool: ...  # noqa: D102  # named in the class docstring


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions between two bounds: how many, their mean, and the share that was right, with its interval."""

    low: float
    high: float
    labels: int
    predicted: float
    observed: Estimate


@dataclass(frozen=True)
class Forecast:
    """One way of predicting labels: its scores, and how much worse (+) or better (-) its Brier score is than the constant's."""

    name: str
    brier: Estimate
    against_constant: Estimate
    log_loss: Estimate
    auroc: Estimate
    reliability: tuple[Bin, ...]

    @property
    def beats_constant(self) -> bool:
        """True when the whole interval of the difference lies below zero."""
        return self.against_constant.high is not None and self.against_constant.high < 0


@dataclass(frozen=True)
class ReaderEvaluation:
    """The labels, the estimated rates, and the forecasts; `base_rate` is the share of right labels."""

    labels: int
    correct: int
    unjoined: int
    groups: int
    base_rate: float
    constant_brier: float
    readers: tuple[Reader, ...]
    forecasts: tuple[Forecast, ...]
    how: str
    seed: int
    samples: int

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as JSON values."""
        return asdict(self)


def estimate_readers(labels: Sequence[Label], *, source: str = "") -> tuple[Reader, ...]:
    """Return the shrunken rate of every reader, by name, and the pooled one last; rates have four decimals.

    >>> from collections import namedtuple
    >>> one = namedtuple("one", "reader kind group correct")
    >>> few = [one("a", "Complex", str(n), n > 1) for n in range(10)] + [one("b", "Complex", str(n), True) for n in range(10)]
    >>> [(r.name, r.labelled, r.correct, 0.8 < r.precision < 1) for r in estimate_readers(few)]
    [('a', 10, 8, True), ('b', 10, 10, True), ('pooled', 20, 18, True)]
    """
    counts = _counts(labels, lambda label: label.reader)
    a, b = fit_prior(counts.values())
    rows = [_reader(name, n, k, a, b, source) for name, (n, k) in sorted(counts.items())]
    return (*rows, _reader(POOLED, len(labels), sum(label.correct for label in labels), 0.5, 0.5, source))


def evaluate_readers(
    labels: Sequence[Label], *, unjoined: int = 0, seed: int = 0, samples: int = 1000, source: str = ""
) -> ReaderEvaluation:
    """Estimate the rates of all readers and cross-validate them by groups of labels."""
    groups = sorted({label.group for label in labels})
    Random(seed).shuffle(groups)  # noqa: S311  # no secret
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    predicted: dict[str, list[float]] = {name: [0.0] * len(labels) for name in ("reader", "reader and type")}
    for number in range(min(FOLDS, len(groups))):
        train = [label for label in labels if fold[label.group] != number] or list(labels)
        rates, typed = _by_reader(train), _by_type(train)
        for place, label in enumerate(labels):
            if fold[label.group] == number:
                predicted["reader"][place] = rates(label)
                predicted["reader and type"][place] = typed(label)
    how = f"cross-validated in {min(FOLDS, len(groups))} folds of statements"
    folds = [fold[label.group] for label in labels]
    return _evaluation(labels, predicted, folds, estimate_readers(labels, source=source), how, unjoined, seed, samples)


def score_readers(
    labels: Sequence[Label], known: Mapping[str, Reader], *, unjoined: int = 0, seed: int = 0, samples: int = 1000
) -> ReaderEvaluation:
    """Score known rates on labels that had no part in them; a reader that is not known is predicted with the pooled rate."""
    pooled = known[POOLED].precision
    rates = [known[label.reader].precision if label.reader in known else pooled for label in labels]
    how = "rates from other labels"
    return _evaluation(labels, {"reader": rates}, [0] * len(labels), tuple(known.values()), how, unjoined, seed, samples)


def auroc(scores: Sequence[float], right: Sequence[bool], folds: Sequence[int] | None = None) -> float | None:
    """Return the probability that a right one scores above a wrong one (of its fold); ties count half; None without both.

    >>> auroc([0.9, 0.8, 0.8, 0.1], [True, True, False, False])
    0.875
    >>> auroc([0.9, 0.8, 0.8, 0.1], [True, True, False, False], [1, 2, 2, 1])
    0.75
    """
    seen: dict[int, tuple[Counter[float], Counter[float]]] = defaultdict(lambda: (Counter(), Counter()))
    for score, good, fold in zip(scores, right, folds or [0] * len(scores), strict=True):
        seen[fold][good][score] += 1
    above, pairs = 0.0, 0
    for wrong, correct in seen.values():
        below = 0
        for score in sorted(wrong.keys() | correct.keys()):
            above += correct[score] * (below + wrong[score] / 2)
            below += wrong[score]
        pairs += below * correct.total()
    return above / pairs if pairs else None


def _evaluation(
    labels: Sequence[Label], predicted: Mapping[str, Sequence[float]], folds: Sequence[int], rates: tuple[Reader, ...], how: str,
    unjoined: int, seed: int, samples: int,
) -> ReaderEvaluation:  # fmt: skip
    right = [label.correct for label in labels]
    base = sum(right) / len(right)
    members: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        members[label.group].append(place)
    random, groups = Random(seed), list(members.values())  # noqa: S311  # no secret
    draws = [[place for group in random.choices(groups, k=len(groups)) for place in group] for _ in range(samples)]
    return ReaderEvaluation(
        labels=len(labels), correct=sum(right), unjoined=unjoined, groups=len(groups), base_rate=base,
        constant_brier=base * (1 - base), readers=rates,
        forecasts=tuple(
            _forecast(name, values, base, right, folds, draws)
            for name, values in {**predicted, "constant": [base] * len(labels)}.items()
        ),
        how=how, seed=seed, samples=samples,
    )  # fmt: skip


def _forecast(
    name: str, predicted: Sequence[float], base: float, right: Sequence[bool], folds: Sequence[int],
    draws: Sequence[Sequence[int]],
) -> Forecast:  # fmt: skip
    squares = [(p - r) ** 2 for p, r in zip(predicted, right, strict=True)]
    worse = [s - (base - r) ** 2 for s, r in zip(squares, right, strict=True)]
    kept = [min(max(p, _LEAST), 1 - _LEAST) for p in predicted]
    losses = [-log(p if r else 1 - p) for p, r in zip(kept, right, strict=True)]

    def mean(values: Sequence[float]) -> Estimate:
        drawn = sorted(sum(map(values.__getitem__, places)) / len(places) for places in draws)
        return _interval(sum(values) / len(values), drawn)

    ranked = [
        auroc([predicted[p] for p in places], [right[p] for p in places], [folds[p] for p in places]) for places in draws
    ]
    area = _interval(auroc(predicted, right, folds), sorted(value for value in ranked if value is not None))
    return Forecast(name, mean(squares), mean(worse), mean(losses), area, tuple(_bins(predicted, right)))


def _interval(value: float | None, drawn: Sequence[float]) -> Estimate:
    if value is None or not drawn:
        return Estimate(value)
    return Estimate(value, percentile(drawn, 0.025), percentile(drawn, 0.975))


def _bins(predicted: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Return the reliability table; intervals are of the posterior under Jeffreys' prior."""
    found = []
    for low, high in pairwise(_EDGES):
        inside = [n for n, p in enumerate(predicted) if low <= p < high or (high == 1 and p == 1)]
        if inside:
            n, k = len(inside), sum(right[place] for place in inside)
            observed = Estimate(k / n, quantile(0.025, k + 0.5, n - k + 0.5), quantile(0.975, k + 0.5, n - k + 0.5))
            found.append(Bin(low, high, n, sum(predicted[place] for place in inside) / n, observed))
    return found


def _by_reader(train: Sequence[Label]) -> Callable[[Label], float]:
    counts = _counts(train, lambda label: label.reader)
    a, b = fit_prior(counts.values())

    def rate(label: Label) -> float:
        n, k = counts.get(label.reader, (0, 0))
        return (a + k) / (a + b + n)

    return rate


def _by_type(train: Sequence[Label]) -> Callable[[Label], float]:
    """Rates of (reader, type), each shrunken to its reader's rate as much as the types of all readers ask for."""
    counts: dict[tuple[str, str], tuple[int, int]] = _counts(train, lambda label: (label.reader, label.kind))
    reader = _by_reader(train)
    size = sum(fit_prior(counts.values()))

    def rate(label: Label) -> float:
        n, k = counts.get((label.reader, label.kind), (0, 0))
        return (size * reader(label) + k) / (size + n)

    return rate


def _counts(labels: Sequence[Label], key: Callable[[Label], K]) -> dict[K, tuple[int, int]]:
    total, right = Counter(map(key, labels)), Counter(key(label) for label in labels if label.correct)
    return {name: (n, right[name]) for name, n in total.items()}


def _reader(name: str, n: int, k: int, a: float, b: float, source: str) -> Reader:
    a, b = a + k, b + n - k
    return Reader(name, n, k, round(a / (a + b), 4), round(quantile(0.025, a, b), 4), round(quantile(0.975, a, b), 4), source)
