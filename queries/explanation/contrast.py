"""One drug against another in the same disease: what the mechanisms of each reach and those of the other do not.

Both are explained with the same arguments; a state is an entity with its direction when the drug is given. Clinical findings
on the other drug stand beside the mechanisms, null results included: a drug that reaches the same states and did nothing in
patients says as much as one that does not reach them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from kg.graph import Graph
from ontologies.designs import design
from queries.explanation.answer import (
    ClinicalFinding,
    Contrast,
    ContrastRow,
    EvidenceItem,
    Explanation,
    Node,
    Path,
    Side,
    SideName,
)
from queries.explanation.clinical import comparisons, counted_studies
from queries.explanation.dag import State
from queries.explanation.mass import counted_paths, state_shares
from queries.state_graph import DRUG_CATEGORIES

__all__ = ["contrast"]

_EVIDENCE_SHOWN = 4
_NAMED = 3
_STATE = {1: "up", -1: "down"}


def contrast(graph: Graph, first: Explanation, second: Explanation) -> Contrast:
    """Compare two explained drugs: shared and unshared states with shares of path mass, and the clinical standing of the second.

    Rows are the states that mechanisms pass, goals included and the drugs left out, those with the greatest difference of
    shares first; each carries the best evidence of the steps that lead into it. `only_first` are the mechanisms of the first
    drug none of whose inner states the second reaches on the same side, `only_second` the other way round. `clinical` are the
    findings on the second drug in the disease; studies that compared the two are told in the sentence.
    """
    sides: tuple[tuple[SideName, Side, Side], ...] = (
        ("benefit", first.benefit, second.benefit), ("harm", first.harm, second.harm),
    )
    rows = [row for name, one, other in sides for row in _rows(name, one.paths, other.paths)]
    other = second.question.source
    targets = [node.id for node in first.question.targets]
    head_to_head = [
        row for row in comparisons(graph, first.question.source.id, targets)
        if other.id in (row.subject.id, row.object.id)
    ]
    return Contrast(
        other=other,
        benefit=second.benefit.status,
        harm=second.harm.status,
        sentence=_sentence(first, second, rows, head_to_head),
        rows=tuple(sorted(rows, key=lambda r: (-abs(r.first_share - r.second_share), r.side, r.node.name, -r.state))),
        clinical=second.clinical,
        only_first=_alone(first, second),
        only_second=_alone(second, first),
    )


def _rows(side: SideName, one: Sequence[Path], other: Sequence[Path]) -> list[ContrastRow]:
    first, second = state_shares(one), state_shares(other)
    nodes = {
        (step.object.id, step.state): step.object for path in (*counted_paths(one), *counted_paths(other)) for step in path.steps
    }
    rows = []
    for state in {**first, **second}:
        if nodes[state].category in DRUG_CATEGORIES:
            continue  # a class of the drug is the drug, not something it reaches
        a, b = first.get(state, 0.0), second.get(state, 0.0)
        reached: Literal["first", "second", "both"] = "both" if a and b else "first" if a else "second"
        rows.append(ContrastRow(nodes[state], state[1], side, reached, a, b, _evidence(state, one, other)))
    return rows


def _evidence(state: State, one: Sequence[Path], other: Sequence[Path]) -> tuple[EvidenceItem, ...]:
    """Return the best supporting evidence of the steps into a state, one for each publication."""
    found: dict[str, EvidenceItem] = {}
    for path in (*counted_paths(one), *counted_paths(other)):
        for step in path.steps:
            if (step.object.id, step.state) == state:
                for statement in step.statements:
                    for item in statement.evidence:
                        if item.stance == "supports":
                            found.setdefault(item.publication, item)
    best = sorted(found.values(), key=lambda item: (-design(item.design).weight, item.date, item.publication))
    return tuple(best[:_EVIDENCE_SHOWN])


def _alone(one: Explanation, other: Explanation) -> tuple[Path, ...]:
    """Return the mechanisms of one drug that share no inner state with those of the other on the same side."""
    alone: list[Path] = []
    for side, against in ((one.benefit, other.benefit), (one.harm, other.harm)):
        reached = {
            (step.object.id, step.state) for path in counted_paths(against.paths) for step in path.steps[:-1]
        }
        alone += [
            path for path in counted_paths(side.paths)
            if not any((step.object.id, step.state) in reached for step in path.steps[:-1])
        ]
    return tuple(alone)


def _sentence(
    first: Explanation, second: Explanation, rows: Sequence[ContrastRow], head_to_head: Sequence[ClinicalFinding]
) -> str:
    one, other = first.question.source.name, second.question.source.name
    target = first.question.target.name
    how = ", ".join(f"{side} {status}" for side, status in (("benefit", first.benefit.status), ("harm", first.harm.status)))
    parts = [f"In {target}, {one}: {how}; {other}: benefit {second.benefit.status}, harm {second.harm.status}."]
    goals = {path.steps[-1].object.id for e in (first, second) for side in (e.benefit, e.harm) for path in side.paths}
    inner = [row for row in rows if row.node.id not in goals]
    for side in ("benefit", "harm"):
        parts += _reach(one, other, [row for row in inner if row.side == side], side, first, second)
    parts += _opposed(one, other, inner)
    parts.append(_standing(second, other))
    for row in head_to_head:
        better = row.evidence.stance == "supports"
        words = f"did better than {row.object.name}" if better else f"was not shown to do better than {row.object.name}"
        parts.append(f"Compared directly, {row.subject.name} {words}.")
    return " ".join(dict.fromkeys(parts))


def _reach(
    one: str, other: str, rows: Sequence[ContrastRow], side: str, first: Explanation, second: Explanation
) -> list[str]:
    has = [bool(counted_paths(getattr(e, side).paths)) for e in (first, second)]
    if not any(has):
        return [f"Neither has a mechanism to {side} here."]
    if not all(has):
        with_, without = (one, other) if has[0] else (other, one)
        return [f"Only {with_} has a mechanism to {side} here; none leads from {without}."]
    parts = []
    for name, kind, share in ((one, "first", 0), (other, "second", 1)):
        best = sorted(
            (row for row in rows if row.reached_by == kind),
            key=lambda row: (-(row.first_share, row.second_share)[share], row.node.name),
        )[:_NAMED]
        if best:
            parts.append(f"only {name} reaches {_listed([_named(row.node, row.state) for row in best])}")
    shared = sorted(
        (row for row in rows if row.reached_by == "both"),
        key=lambda row: (-min(row.first_share, row.second_share), row.node.name),
    )[:_NAMED]
    if shared:
        parts.append(f"both reach {_listed([_named(row.node, row.state) for row in shared])}")
    return [f"To {side}, {'; '.join(parts)}."] if parts else []


def _opposed(one: str, other: str, rows: Sequence[ContrastRow]) -> list[str]:
    """Name what the first drug moves on the way to benefit and the second moves the other way on the way to harm."""
    good = {(row.node.id, row.state): row.first_share for row in rows if row.side == "benefit" and row.first_share}
    against = [
        (row, min(row.second_share, good[row.node.id, -row.state]))
        for row in rows
        if row.side == "harm" and row.second_share and (row.node.id, -row.state) in good
    ]
    best = [row for row, _ in sorted(against, key=lambda pair: (-pair[1], pair[0].node.name))[:_NAMED]]
    if not best:
        return []
    names = _listed([_named(row.node, -row.state) for row in best])
    return [f"What {one} moves on its way to benefit ({names}), {other} moves the other way on a mechanism of harm."]


def _named(node: Node, state: int) -> str:
    return f"{node.name} {_STATE[state]}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _standing(second: Explanation, other: str) -> str:
    """Say how many studies of the second drug found what in the disease."""
    parts = []
    words: Mapping[str, str] = {"benefit": "benefit", "harm": "harm"}
    for side, word in words.items():
        rows = [row for row in second.clinical if row.side == side]
        for stances, found in ((("supports",), f"for {word}"), (("null", "refutes"), f"that found no {word} or the opposite")):
            studies = counted_studies(rows, *stances)
            alone = counted_studies([row for row in rows if not row.note.startswith("in combination")], *stances)
            together = len(studies - alone)
            if studies:
                parts.append(f"{_many(len(studies))} {found}{f' ({together} of a combination)' if together else ''}")
    return f"Clinical evidence on {other} here: {', '.join(parts)}." if parts else f"No clinical study of {other} here."


def _many(number: int) -> str:
    return "1 study" if number == 1 else f"{number} studies"
