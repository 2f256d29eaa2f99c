"""In whom, and when: what was found of a drug in a condition, grouped by what the patients had and when they were looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kg.graph import Graph
from queries.answer import ClinicalFinding, ConditionGroup, SideName

__all__ = ["condition_groups"]


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
