"""What a ranking of paths is worth against curated ones, and how sure that is.

Per question, for a ranked list of at most k paths:

=============  =======================================================================================================
hit@1, hit@k   1 if the first (any) path hits: its nodes between the ends, in order, with their directions, are a path
               of a gold record (`queries.evaluation.gold`); the unsigned ones leave the directions out
mrr            1 / rank of the first hit, 0 if there is none in the list
precision,     share of the nodes of the best path (``best``), or of the k best together (``union``), that lie between the
recall, f1     ends of a gold record; share of the gold records' nodes found; their harmonic mean
sign accuracy  among the nodes that the best path (the k best) shares with the gold records and that these reach in one
               known direction only: share with that direction; over all questions together, not per question
=============  =======================================================================================================

A question without an answer scores 0 everywhere. Intervals: percentiles of bootstrap samples drawn over drugs (all questions
of a drug together, since they share their targets), with a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from queries.evaluation.gold import Question
from queries.evaluation.ranking import Ranked

__all__ = ["MEASURES", "SIGN_MEASURES", "Estimate", "Resampling", "percentile", "score"]

MEASURES = (
    "hit@1", "hit@k", "mrr", "hit@1 unsigned", "hit@k unsigned", "mrr unsigned",
    "best precision", "best recall", "best f1", "union precision", "union recall", "union f1",
)  # fmt: skip
"""Measures that are means over questions."""

SIGN_MEASURES = ("best signs right", "best signs", "union signs right", "union signs")
"""Counts from which sign accuracy is made."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the bounds of its 95 % interval; all None where nothing could be measured."""

    value: float | None
    low: float | None = None
    high: float | None = None


def score(question: Question, ranked: Sequence[Ranked]) -> dict[str, float]:
    """Return every measure, and the counts of signs, for one question.

    >>> from queries.evaluation.gold import GoldPath
    >>> gold = GoldPath("r", "s", "D", "X", (("D", "A", -1), ("A", "B", 1), ("B", "X", 1)))
    >>> one = score(Question("D", "X", (gold,), frozenset()), [Ranked(("A",), (-1,)), Ranked(("A", "B"), (-1, -1))])
    >>> one["hit@1"], one["hit@k"], one["mrr"], one["best precision"], one["best recall"], one["union f1"]
    (0.0, 1.0, 0.5, 1.0, 0.5, 1.0)
    """
    found: dict[str, float] = {}
    for suffix in ("", " unsigned"):
        hits = [
            any(gold.follows(path.nodes, None if suffix else path.directions) for gold in question.gold) for path in ranked
        ]
        first = hits.index(True) + 1 if True in hits else 0
        found[f"hit@1{suffix}"] = float(first == 1)
        found[f"hit@k{suffix}"] = float(first > 0)
        found[f"mrr{suffix}"] = 1 / first if first else 0.0
    for name, paths in (("best", ranked[:1]), ("union", ranked)):
        told: dict[str, set[int]] = {}
        for path in paths:
            for node, direction in zip(path.nodes, path.directions, strict=True):
                told.setdefault(node, set()).add(direction)
        shared = told.keys() & question.interior.keys()
        precision = len(shared) / len(told) if told else 0.0
        recall = len(shared) / len(question.interior) if question.interior else 0.0
        found[f"{name} precision"], found[f"{name} recall"] = precision, recall
        found[f"{name} f1"] = 2 * precision * recall / (precision + recall) if shared else 0.0
        judged = [node for node in shared if len(question.interior[node]) == 1 and 0 not in question.interior[node]]
        found[f"{name} signs"] = float(sum(len(told[node]) for node in judged))
        found[f"{name} signs right"] = float(sum(len(told[node] & question.interior[node]) for node in judged))
    return found


class Resampling:
    """Bootstrap samples over groups (drugs), the same for every measure, so that differences are paired.

    >>> sums = Resampling(["a", "a", "b"], samples=200, seed=1).ratio([1.0, 0.0, 1.0], [1.0, 1.0, 1.0])
    >>> round(sums.value, 3), sums.low <= sums.value <= sums.high
    (0.667, True)
    """

    def __init__(self, groups: Sequence[str], *, samples: int = 1000, seed: int = 0) -> None:
        numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
        self._group = [numbers[group] for group in groups]
        self._groups = len(numbers)
        random = Random(seed)  # noqa: S311  # no secret
        self._draws = [random.choices(range(self._groups), k=self._groups) for _ in range(samples)] if numbers else []

    def ratio(self, above: Sequence[float], below: Sequence[float]) -> Estimate:
        """Return sum(above) / sum(below) over all questions, with its interval over the groups."""
        over, under = self._sums(above), self._sums(below)
        return _estimate(sum(over), sum(under), self._quotients(over, under))

    def difference(self, above: Sequence[float], other: Sequence[float], below: Sequence[float]) -> Estimate:
        """Return (sum(above) - sum(other)) / sum(below) with its interval; both are drawn together."""
        return self.ratio([a - b for a, b in zip(above, other, strict=True)], below)

    def _sums(self, values: Sequence[float]) -> list[float]:
        found = [0.0] * self._groups
        for group, value in zip(self._group, values, strict=True):
            found[group] += value
        return found

    def _quotients(self, over: Sequence[float], under: Sequence[float]) -> list[float]:
        take: Callable[[int], float] = over.__getitem__
        below: Callable[[int], float] = under.__getitem__
        pairs = ((sum(map(take, drawn)), sum(map(below, drawn))) for drawn in self._draws)
        return sorted(a / b for a, b in pairs if b)


def _estimate(above: float, below: float, drawn: Sequence[float]) -> Estimate:
    if not below:
        return Estimate(None)
    if not drawn:
        return Estimate(above / below)
    return Estimate(above / below, percentile(drawn, 0.025), percentile(drawn, 0.975))


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of sorted values lies, between two of them in proportion.

    >>> percentile([1.0, 2.0, 3.0], 0.25)
    1.5
    """
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
