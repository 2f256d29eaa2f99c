"""The weakest link of a side: the step that much of it needs and little supports, and what is left without that step."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from queries.explanation.answer import Dag, WeakLink
from queries.explanation.dag import firm_paths
from queries.explanation.shown import Path, Status, Step
from queries.scoring import WEIGHTS

__all__ = ["doubt", "weakest_link"]


def doubt(step: Step) -> float:
    """Return how little a step is believed, from 0 (surely true) to 1: one minus its belief.

    Where studies support the opposite effect of the same two, belief is what is left of it when these count against the step
    (the term "conflict" of its cost, which is -ln of that factor).

    >>> from queries.explanation.shown import Node
    >>> step = Step(Node("a", "a", ""), "produces", "produces", Node("b", "b", ""), 1, 1, 2, 0, 0, 0.8, "", ())
    >>> round(doubt(step), 6)
    0.2
    """
    return 1 - step.belief * exp(-step.terms.get("conflict", 0.0) / WEIGHTS["evidence"])


def weakest_link(paths: Sequence[Path], dag: Dag, *, observed: bool) -> WeakLink | None:
    """Return the arc of `dag` with the largest necessity times doubt, or None where there is no arc.

    That product is the share of the side's path mass which is expected to fall with the arc, were it false with the
    probability `doubt`. A first step is passed over unless a study speaks against it or there is no other: what the drug itself
    does is known from far more than the studies of one graph, and to take it away is to ask about another drug. Ties go to
    the fewer studies, then to the better path. Taking the arc away takes away every path of
    `paths` that makes the same claim, above or below the DAG; what a clinical study observed stays observed (`observed`), a
    side that was only predicted falls to what is left: predicted, hypothesised (only suppositions lead there) or none.
    """
    if not dag.arcs:
        return None
    doubtful = [arc for arc in dag.arcs if arc.step.subject.id != paths[0].steps[0].subject.id or _disputed(arc.step)]
    arc = max(doubtful or dag.arcs, key=lambda a: (a.necessity * doubt(a.step), -a.studies, -min(a.ranks)))
    claim = _claim(arc.step)
    left = [path for path in paths if all(_claim(step) != claim for step in path.steps)]
    firm = [path for _, path in firm_paths(paths)]
    firm_left = [path for _, path in firm_paths(left)]
    status: Status = "observed" if observed else "predicted" if firm_left else "hypothesised" if left else "none"
    before = firm[0].score
    after = firm_left[0].score if firm_left else None
    return WeakLink(
        step=arc.step,
        necessity=arc.necessity,
        studies=arc.studies,
        paths_left=len(firm_left),
        best_before=before,
        best_after=after,
        status_after=status,
        sentence=_sentence(arc.step, arc.necessity, arc.studies, before, after, len(firm_left), len(firm), status),
    )


def _disputed(step: Step) -> bool:
    return bool(step.refute or step.null or step.opposed)


def _claim(step: Step) -> tuple[str, str, str]:
    return step.subject.id, step.relation, step.object.id


def _sentence(
    step: Step, necessity: float, studies: int, before: float, after: float | None, left: int, firm: int, status: Status
) -> str:
    behind = f"{studies} {'study stands' if studies == 1 else 'studies stand'} behind it"
    if step.opposed:
        behind += f" and {step.opposed} found the opposite"
    name = f"“{step.subject.name} {step.label} {step.object.name}”"
    start = f"{name} carries {necessity:.0%} of the mechanisms; {behind}".replace("%", " %")
    kept = f"stays {status}" if status in ("observed", "predicted") else f"falls to {status}"
    if after is None:
        return f"{start}; without it no mechanism that rests on evidence is left, and the side {kept}."
    change = f"the best still costs {after:.2f}" if after == before else f"the best costs {after:.2f} instead of {before:.2f}"
    return f"{start}; without it {left} of {firm} mechanisms are left, {change}, and the side {kept}."
