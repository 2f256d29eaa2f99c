"""What both sides share and what divides them: the fork of the mechanisms, and the conditions of the findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kg.graph import Graph
from queries.answer import ClinicalFinding, ConditionGroup, Fork, Path, SideName

__all__ = ["condition_groups", "fork"]


def fork(benefit: Sequence[Path], harm: Sequence[Path]) -> Fork | None:
    """Return the deepest state that every path of both sides passes, or None when a side has no path.

    A state is a node with its direction; the source going up is passed by all, so there is always a fork at depth 0 at least.
    Depth counts steps from the source on the best benefit path.
    """
    if not benefit or not harm:
        return None
    passed = [
        {(path.steps[0].subject.id, 1), *((step.object.id, step.state) for step in path.steps)}
        for path in (*benefit, *harm)
    ]
    shared = set.intersection(*passed)
    first = benefit[0]
    states = [(first.steps[0].subject, 1), *((step.object, step.state) for step in first.steps)]
    depth, (node, state) = max((d, s) for d, s in enumerate(states) if (s[0].id, s[1]) in shared)
    return Fork(node, state, depth)


def condition_groups(
    graph: Graph, source: str, targets: Iterable[str], clinical: Iterable[ClinicalFinding]
) -> tuple[ConditionGroup, ...]:
    """Group what was found by the condition it was found under, so that "in whom" is answered.

    Taken in are the conditions of the clinical findings and the predictors of response to the source in a target.
    """
    findings: dict[tuple[str, SideName], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for finding in clinical:
        for condition in finding.conditions:
            findings[condition, finding.side][finding.evidence.finding].add(finding.evidence.study)
    wanted = set(targets)
    for sid, statement in graph.statements.items():
        if statement.object != source or not set(statement.context.disease) & wanted:
            continue
        if statement.relation in ("predicts_response_to", "predicts_nonresponse_to"):
            side: SideName = "benefit"
            word = "response" if statement.relation == "predicts_response_to" else "no response"
            limits = " and ".join(str(c) for c in statement.conditions)
            label = f"{graph.name(statement.subject)} predicts {word}" + (f" ({limits})" if limits else "")
            for evidence in graph.evidence.get(sid, ()):
                findings[label, side][evidence.finding].add(evidence.study)
    return tuple(
        ConditionGroup(condition, side, tuple(sorted(texts)), tuple(sorted(set().union(*texts.values()))))
        for (condition, side), texts in sorted(findings.items())
    )
