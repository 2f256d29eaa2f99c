"""How well mechanisms are ranked: every curated drug-disease pair is asked about while its own records are hidden.

For each pair of the gold records the graph is the given one without the evidence of *all* records about that pair (of the
gold and of the graph alike, also where another source cites such a record by its study key); claims that nothing else says
vanish, the others are counted again. Then the k best paths from the drug to the benefit of the disease are ranked, firm
steps only; the harm side is not used, since every record tells how a drug helps. What is compared, and how, is said in
`queries.evaluation.gold` and `queries.evaluation.metrics`; the rankings in `queries.evaluation.ranking`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from kg.graph import Graph
from queries.evaluation.gold import GoldPath, Question, questions_of, said_elsewhere
from queries.evaluation.metrics import MEASURES, Estimate, Resampling, score
from queries.evaluation.ranking import METHODS, Ranker

__all__ = ["EMPTY", "MethodScore", "PathEvaluation", "evaluate_paths"]

EMPTY = "empty"
"""The baseline that never answers."""


@dataclass(frozen=True)
class MethodScore:
    """One ranking: its measures over all questions, over those with an answer, and its lead over the shortest paths."""

    method: str
    everywhere: Mapping[str, Estimate]
    covered: Mapping[str, Estimate]
    lead: Mapping[str, Estimate] = field(default_factory=dict)


@dataclass(frozen=True)
class PathEvaluation:
    """The result of an evaluation.

    Shares of questions: `signed` ones have a curated path with a sign at every link; of `elsewhere` ones the links of a path
    to benefit, with their signs, are all said by records of other pairs too; `possible` ones have a curated path among the
    paths that the graph's steps make without their own records, so that a ranking could hit. `coverage` ones have any path.
    """

    records: int
    questions: int
    drugs: int
    left_out: Mapping[str, int]
    k: int
    max_steps: int
    seed: int
    samples: int
    unknown_ends: int
    coverage: Estimate
    signed: Estimate
    elsewhere: Estimate
    possible: Estimate
    methods: tuple[MethodScore, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as JSON values."""
        return asdict(self)


def evaluate_paths(
    graph: Graph,
    gold: Iterable[GoldPath],
    *,
    others: Iterable[GoldPath] = (),
    k: int = 10,
    max_steps: int = 6,
    sample: int | None = None,
    seed: int = 0,
    samples: int = 1000,
    progress: Callable[[int, int], None] | None = None,
) -> PathEvaluation:
    """Rank paths for every drug-disease pair of the gold records on a graph that holds them, each pair's own hidden.

    `others` are records in the graph that ask no question but are hidden with their pair. `sample` asks about that many
    pairs only, drawn with `seed`, which also seeds the random ranking and the `samples` bootstrap samples. `progress` is
    called with (done, all). Cost: one search for each ranking and pair.
    """
    from random import Random

    gold, others = list(gold), list(others)
    questions, left_out = questions_of(gold, others)
    if sample is not None and sample < len(questions):
        chosen = sorted(Random(seed).sample(range(len(questions)), sample))  # noqa: S311  # no secret
        questions = [questions[number] for number in chosen]
    ranker = Ranker(graph, k=k, max_steps=max_steps, seed=seed)
    scores: dict[str, list[dict[str, float]]] = {method: [] for method in (*METHODS, EMPTY)}
    covered: list[float] = []
    possible: list[float] = []
    for number, question in enumerate(questions):
        answers, could = ranker.answer(question)
        for method, found in scores.items():
            found.append(score(question, answers.get(method, ())))
        covered.append(float(bool(answers[METHODS[0]])))
        possible.append(float(could))
        if progress is not None:
            progress(number + 1, len(questions))
    drawn = Resampling([question.source for question in questions], samples=samples, seed=seed)
    ones = [1.0] * len(questions)
    return PathEvaluation(
        records=len(gold),
        questions=len(questions),
        drugs=len({question.source for question in questions}),
        left_out=left_out,
        k=k,
        max_steps=max_steps,
        seed=seed,
        samples=samples,
        unknown_ends=sum(not ranker.knows(question) for question in questions),
        coverage=drawn.ratio(covered, ones),
        signed=drawn.ratio([float(_signed(question)) for question in questions], ones),
        elsewhere=drawn.ratio([float(said) for said in said_elsewhere(questions, [*gold, *others])], ones),
        possible=drawn.ratio(possible, ones),
        methods=tuple(_method(name, scores, covered, drawn) for name in scores),
    )


def _signed(question: Question) -> bool:
    """Tell whether some gold record reaches the disease in a known direction."""
    return any(
        direction * sign
        for gold in question.gold
        for node, directions in gold.directions.items()
        for head, sign in gold.steps(node)
        for direction in directions
        if head == gold.target
    )


def _method(
    name: str, scores: Mapping[str, Sequence[Mapping[str, float]]], covered: Sequence[float], drawn: Resampling
) -> MethodScore:
    ones = [1.0] * len(covered)

    def values(method: str, measure: str) -> list[float]:
        return [one[measure] for one in scores[method]]

    signs = {
        f"{part} sign accuracy": drawn.ratio(values(name, f"{part} signs right"), values(name, f"{part} signs"))
        for part in ("best", "union")
    }
    return MethodScore(
        name,
        {measure: drawn.ratio(values(name, measure), ones) for measure in MEASURES} | signs,
        {measure: drawn.ratio(values(name, measure), covered) for measure in MEASURES},
        {} if name == "shortest" else {
            measure: drawn.difference(values(name, measure), values("shortest", measure), ones) for measure in MEASURES
        },
    )  # fmt: skip
