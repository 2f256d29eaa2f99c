"""What moved when under the drug: the findings of studies that say at which time they looked, in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.graph import Graph
from kg.model import Condition, Evidence, Statement
from ontologies.units import weeks
from ontologies.vocabulary import relation
from queries.explanation.answer import TimePoint
from queries.explanation.clinical import evidence_item, node
from queries.state_graph import goals_of

__all__ = ["timeline"]

_ON = frozenset({"", "on"})
_TIME = "time on treatment"  # a condition that limits a statement to a time, if a loader states it so


def timeline(graph: Graph, source: str, targets: Sequence[str]) -> tuple[TimePoint, ...]:
    """Return what was seen to go up or down under `source` in one of `targets`, by the weeks since its start.

    Taken in are all clinical statements with a direction about the source itself that name a time: those on a target or a
    declared manifestation of it, and those on anything else that hold in a target ("CCL13 fell in scalp with alopecia areata").
    `direction` is what was seen: the relation's where the study supports it, 0 where the study looked and did not see it go
    that way (its finding says more). What was seen before the drug, off it or on it again has another start and is left
    out (see `queries.explanation.challenge`). One finding at two times ("24 and 48 wk") is two points; a span
    ("8-12 wk") stands at its beginning.
    """
    wanted = {goal.id for target in targets for goal in goals_of(graph, target)} | set(targets)
    points = {
        TimePoint(start, stated, node(graph, statement.object), _direction(statement, evidence), evidence_item(evidence))
        for sid, statement in graph.statements.items()
        if statement.subject == source and (statement.object in wanted or set(statement.context.disease) & set(targets))
        for evidence in graph.evidence.get(sid, ())
        if relation(statement.relation).tier == "clinical" and relation(statement.relation).sign
        for start, stated in _times(statement, evidence)
    }
    return tuple(sorted(points, key=_order))


def _times(statement: Statement, evidence: Evidence) -> Iterator[tuple[float, str]]:
    """Yield the weeks at which a finding was made on the drug, each with the time as stated."""
    if evidence.observation.phase not in _ON:
        return
    stated = [evidence.observation.time, *(_quantity(c) for c in statement.conditions if c.variable == _TIME)]
    for text in dict.fromkeys(filter(None, stated)):
        for start, _ in weeks(text):
            yield start, text


def _quantity(condition: Condition) -> str:
    return f"{condition.value} {condition.unit}"


def _direction(statement: Statement, evidence: Evidence) -> int:
    return relation(statement.relation).sign if evidence.stance == "supports" else 0


def _order(point: TimePoint) -> tuple[float, str, int, str, str]:
    return point.weeks, point.node.name.casefold(), point.direction, point.evidence.study, point.evidence.finding
