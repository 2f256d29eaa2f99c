"""Measurements that would decide: what the two sides expect to move in opposite directions.

If a node goes up on the mechanisms of one side and down on those of the other, measuring it in patients says which side runs.
Nodes that a study has measured under the drug come first, with what was seen; then nodes known as markers of the disease;
then all others, each group by weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.graph import Graph
from kg.model import Evidence, Statement
from ontologies.designs import design
from queries.explanation.answer import EvidenceItem, Measurement, Path
from queries.explanation.clinical import evidence_item, node
from queries.explanation.mass import state_shares

__all__ = ["deciding"]

_MOVED = {"observed_to_increase": 1, "observed_to_decrease": -1}
_MARKERS = frozenset({
    "increased_in", "decreased_in", "positively_correlated_with", "negatively_correlated_with", "correlated_with",
})
_LEAST = 0.01  # of the path mass of each side: what less than this passes decides nothing about the side
_PREDICTORS = frozenset({"predicts_response_to", "predicts_nonresponse_to"})


def deciding(
    graph: Graph, source: str, targets: Sequence[str], benefit: Sequence[Path], harm: Sequence[Path]
) -> tuple[Measurement, ...]:
    """Return the nodes on which the two sides predict opposite directions, those that studies measured first.

    `weight` is the smaller of the two sides' shares of path mass through the node in its direction (0 to 1), so that it is
    high only where both sides depend on it; below one percent a measurement decides nothing about that side, and the node is
    left out. A node that a side passes both ways is taken the way of the greater share, and
    left out when the shares are equal. The targets themselves are left out: that the sides part there is the question.

    `observed` is the direction measured under the drug, in the target disease if it was measured there, else anywhere; 0 when
    nothing was measured or studies disagree. A study of no change is listed in `measured` and gives no direction. `where` are
    the diseases in which that was measured, so that a fall seen in one is not taken for a fall in another.

    >>> deciding(Graph({}, {}, {}), "DRUGBANK:DB12159", ["MONDO:0005340"], (), ())
    ()
    """
    left, right = _directions(benefit), _directions(harm)
    ends = {path.steps[-1].object.id for path in (*benefit, *harm)}
    opposite = [
        curie for curie in left
        if curie in right and left[curie][0] == -right[curie][0] and min(left[curie][1], right[curie][1]) >= _LEAST
        and curie not in targets and curie not in ends
    ]
    seen, markers = _seen(graph, source, opposite), _markers(graph, source, targets)
    found = [
        _measurement(graph, curie, targets, left[curie], right[curie], seen.get(curie, []), markers.get(curie, ()))
        for curie in opposite
    ]
    return tuple(sorted(found, key=lambda m: (m.observed == 0, not m.measured, not m.biomarker, -m.weight, m.node.name)))


def _directions(paths: Sequence[Path]) -> dict[str, tuple[int, float]]:
    """Return for each node the direction of the greater share of path mass, with that share."""
    shares = state_shares(paths)
    found: dict[str, tuple[int, float]] = {}
    for curie in {curie for curie, _ in shares}:
        up, down = shares.get((curie, 1), 0.0), shares.get((curie, -1), 0.0)
        if up != down:
            found[curie] = (1, up) if up > down else (-1, down)
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """One measurement under the drug."""

    statement: Statement
    evidence: Evidence

    @property
    def direction(self) -> int:
        """+1 or -1; 0 when no change was found."""
        sign = _MOVED[self.statement.relation]
        return {"supports": sign, "refutes": -sign, "null": 0}[self.evidence.stance]

    @property
    def item(self) -> EvidenceItem:
        return evidence_item(self.evidence)


def _seen(graph: Graph, source: str, wanted: Sequence[str]) -> dict[str, list[_Seen]]:
    """Return what was measured under the drug on each wanted node, or on a kind of it."""
    nodes = set(wanted)
    stands_for: dict[str, set[str]] = {curie: {curie} for curie in nodes}
    for claim, record in graph.claims.items():
        if claim.relation == "is_a" and claim.object in nodes and record.counts.support:
            stands_for.setdefault(claim.subject, set()).add(claim.object)
    found: dict[str, list[_Seen]] = {}
    for sid, statement in graph.statements.items():
        if statement.subject != source or statement.relation not in _MOVED:
            continue
        for curie in stands_for.get(statement.object, ()):
            found.setdefault(curie, []).extend(
                _Seen(statement, evidence)
                for evidence in graph.evidence.get(sid, ())
                if design(evidence.design).kind != "hypothesis"
            )
    return found


def _measurement(
    graph: Graph, curie: str, targets: Sequence[str], benefit: tuple[int, float], harm: tuple[int, float],
    seen: Sequence[_Seen], known: Sequence[EvidenceItem],
) -> Measurement:
    here = [row for row in seen if set(row.statement.context.disease) & set(targets)]
    directions = {row.direction for row in here or seen} - {0}
    shown = node(graph, curie)
    return Measurement(
        node=shown,
        benefit=benefit[0],
        harm=harm[0],
        weight=min(benefit[1], harm[1]),
        biomarker=bool(known) or shown.category == "Biomarker",
        observed=directions.pop() if len(directions) == 1 else 0,
        measured=tuple(
            sorted({row.item for row in seen}, key=lambda i: (i not in [r.item for r in here], i.date, i.study, i.finding))
        ),
        where=tuple(sorted({graph.name(place) for row in here or seen for place in row.statement.context.disease})),
        known=tuple(known),
    )


def _markers(graph: Graph, source: str, targets: Sequence[str]) -> dict[str, tuple[EvidenceItem, ...]]:
    """Return what some study found to go with a target, or to predict the response to the drug in it, with these studies."""
    wanted = set(targets)
    found: dict[str, dict[EvidenceItem, None]] = {}
    for statement in graph.statements.values():
        goes_with = statement.relation in _MARKERS and statement.object in wanted
        predicts = statement.relation in _PREDICTORS and statement.object == source and wanted & set(statement.context.disease)
        if (goes_with or predicts) and graph.counts(statement.id).support:
            found.setdefault(statement.subject, {}).update(
                (evidence_item(evidence), None)
                for evidence in graph.evidence.get(statement.id, ())
                if evidence.stance == "supports" and design(evidence.design).kind != "hypothesis"
            )
    return {curie: tuple(sorted(items, key=lambda i: (i.date, i.study, i.finding))) for curie, items in found.items()}
