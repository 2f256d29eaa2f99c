"""How right are the answers: rankings of mechanisms against curated paths, and readers against human labels.

`evaluate_paths` asks for the mechanism of each curated drug-disease pair while what its own records say is hidden, and scores
the ranking beside baselines; `evaluate_readers` estimates how often each reader is right and tests the estimates.

>>> from kg.graph import Graph
>>> evaluate_paths(Graph({}, {}, {}), [GoldPath("r", "s", "D", "X", (("D", "A", -1), ("A", "X", 1)))]).unknown_ends
1
"""

from __future__ import annotations

from queries.evaluation.calibration import ReaderEvaluation, evaluate_readers, score_readers
from queries.evaluation.gold import GoldPath, Question
from queries.evaluation.paths import PathEvaluation, evaluate_paths

__all__ = [
    "GoldPath",
    "PathEvaluation",
    "Question",
    "ReaderEvaluation",
    "evaluate_paths",
    "evaluate_readers",
    "score_readers",
]
