"""An explanation as rows of plain values, for pandas and for files: one row a mechanism, a step, or a clinical finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from ontologies.errors import BadInput
from queries.explanation.answer import Explanation, SideName
from queries.page.words import chain, condition

__all__ = ["RowKind", "data_frame", "rows"]

RowKind: TypeAlias = Literal["paths", "steps", "clinical"]
Row: TypeAlias = dict[str, Any]


def rows(explanation: Explanation, kind: RowKind = "paths") -> list[Row]:
    """Return the mechanisms of both sides, their steps, or the clinical findings, as dictionaries with the same keys.

    Raises `ontologies.errors.BadInput` for another kind.
    """
    makers = {"paths": _paths, "steps": _steps, "clinical": _clinical}
    if kind not in makers:
        raise BadInput(f"no rows of kind {kind!r}; the kinds are {', '.join(makers)}")
    return list(makers[kind](explanation))


def data_frame(explanation: Explanation, kind: RowKind = "paths") -> Any:
    """Return the rows as a `pandas.DataFrame`; raises `ontologies.errors.MissingPart` when pandas is not installed."""
    from queries import frames

    found = rows(explanation, kind)
    return frames.data_frame(tuple(found[0]) if found else (), [tuple(row.values()) for row in found])


def _sides(explanation: Explanation) -> Iterator[tuple[SideName, int, Any]]:
    for path in enumerate(explanation.benefit.paths, 1):
        yield ("benefit", *path)
    for path in enumerate(explanation.harm.paths, 1):
        yield ("harm", *path)


def _paths(explanation: Explanation) -> Iterator[Row]:
    terms = dict.fromkeys(term for _, _, path in _sides(explanation) for term in path.terms)
    for side, rank, path in _sides(explanation):
        yield {
            "side": side,
            "rank": rank,
            "cost": path.score,
            "mechanism": chain(path).replace("\u00a0", " "),
            "steps": len(path.steps),
            "goal": path.goal,
            "hypothesis": path.hypothesis,
            "clashes": "; ".join(path.clashes),
            "fewest_studies": min(step.support for step in path.steps),
            **{f"cost_{term}": path.terms.get(term, 0.0) for term in terms},
        }


def _steps(explanation: Explanation) -> Iterator[Row]:
    for side, rank, path in _sides(explanation):
        for number, step in enumerate(path.steps, 1):
            yield {
                "side": side,
                "rank": rank,
                "step": number,
                "subject": step.subject.name,
                "subject_id": step.subject.id,
                "relation": step.relation,
                "object": step.object.name,
                "object_id": step.object.id,
                "state": step.state,
                "support": step.support,
                "refute": step.refute,
                "null": step.null,
                "opposed": step.opposed,
                "belief": step.belief,
                "publications": " ".join(
                    dict.fromkeys(item.publication for statement in step.statements for item in statement.evidence)
                ),
            }


def _clinical(explanation: Explanation) -> Iterator[Row]:
    for finding in explanation.clinical:
        yield {
            "side": finding.side,
            "stance": finding.evidence.stance,
            "design": finding.design_label,
            "n": finding.evidence.n,
            "effect": finding.evidence.effect,
            "finding": finding.evidence.finding,
            "object": finding.object.name,
            "conditions": "; ".join(map(condition, finding.conditions)),
            "phase": finding.evidence.phase,
            "date": finding.evidence.date,
            "study": finding.evidence.study,
            "publication": finding.evidence.publication,
            "note": finding.note,
        }
