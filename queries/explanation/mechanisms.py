"""The mechanisms of one side: the search over the steps of a graph, and what it found, in words and with the evidence.

`mechanisms` runs the exact search (`queries.engine`) for the k best paths and for the best that rest on a supposition;
each becomes a `queries.explanation.shown.Path` with its cost term by term, as a whole and for every step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from kg.graph import Graph
from ontologies.vocabulary import relation
from queries.engine import UNIT, FoundPath, OutOfRoom, OutOfTime
from queries.explanation.clinical import context_in_words, evidence_item, node
from queries.explanation.shown import Path, SideName, Step, StepStatement
from queries.pausing import without_collection
from queries.state_graph import StateGraph, notes_of, opposing
from queries.step_rules import HYPOTHESIS

__all__ = ["HYPOTHESES", "mechanisms", "path_to"]

HYPOTHESES = 3
"""How many mechanisms that rest on a supposition are shown after the k best though these are complete."""
_LOOKED_THROUGH = 500  # best paths of either kind among which they are sought


def mechanisms(
    graph: Graph, states: StateGraph, side: SideName, *, k: int, max_steps: int, deadline: float | None = None
) -> tuple[tuple[Path, ...], str]:
    """Return the k best mechanisms of one side, then the best that rest on a supposition; and what stopped the search.

    The second value is empty when the search was complete, else "the time limit" (`deadline`, of `time.monotonic`) or "the
    limit of memory"; the paths are then the best ones, in order, but some may be missing after them.
    """
    paths: list[Path] = []
    stopped = ""
    with without_collection():  # around the handlers: a search that was stopped is let go of before collecting begins again
        try:
            firm = states.search(side, max_steps=max_steps, deadline=deadline)
            paths.extend(_path(graph, states, found) for found in islice(firm, k))
            either = states.search(side, max_steps=max_steps, hypotheses=True, deadline=deadline)
            supposed = (
                found
                for found in islice(either, _LOOKED_THROUGH)
                if any(states.arcs[number].kind & HYPOTHESIS for number in found.arcs)
            )
            paths.extend(_path(graph, states, found) for found in islice(supposed, max(HYPOTHESES, k - len(paths))))
        except OutOfTime:
            stopped = "the time limit"
        except OutOfRoom:
            stopped = "the limit of memory"
    return tuple(paths), stopped


def _path(graph: Graph, states: StateGraph, found: FoundPath) -> Path:
    end = states.arcs[found.arcs[-1]].record.claim.object
    return path_to(graph, states, found.arcs, next(goal.why for goal in states.goals if goal.id == end))


def path_to(graph: Graph, states: StateGraph, arcs: Sequence[int], goal: str) -> Path:
    """Return arcs that lead from the drug to any node as a path with evidence and costs; `goal` says what its end means."""
    state, steps = 1, []
    terms = states.terms(arcs)
    for number, costs in zip(arcs, terms, strict=True):
        state *= states.arcs[number].sign
        steps.append(_step(graph, states, number, state, {name: cost / UNIT for name, cost in costs.items()}))
    kinds = [states.arcs[number].kind for number in arcs]
    return Path(
        score=sum(cost for costs in terms for cost in costs.values()) / UNIT,
        terms={name: sum(costs[name] for costs in terms) / UNIT for name in terms[0]},
        steps=tuple(steps),
        goal="; ".join((goal, *(note for kind in kinds for note in notes_of(kind)), *_lost_ligands(graph, states, arcs))),
        hypothesis=any(kind & HYPOTHESIS for kind in kinds),
        clashes=tuple(_clashes(graph, states, arcs)),
    )


def _lost_ligands(graph: Graph, states: StateGraph, arcs: Sequence[int]) -> Iterator[str]:
    """Say at which shared signalling nodes the ligand of the step before is stated and that of the step after is not."""
    for first, second in pairwise(arcs):
        before, after = states.arcs[first].step_class, states.arcs[second].step_class
        if states.coherence.loses_ligand(before, after):
            ligands = " or ".join(sorted(graph.name(curie) for curie in states.steps.classes[before].values("ligand")))
            between = graph.name(states.arcs[first].record.claim.object)
            yield f"under {ligands} up to {between}, under no stated ligand after it"


def _clashes(graph: Graph, states: StateGraph, arcs: Sequence[int]) -> list[str]:
    """Say in words which steps hold only under ligands or in cells that exclude each other."""
    words = []
    for key, first, second in states.contradictions(arcs):
        before, after = (
            " or ".join(sorted(graph.name(c) for c in states.steps.classes[states.arcs[arcs[place]].step_class].values(key)))
            for place in (first, second)
        )
        between = graph.name(states.arcs[arcs[second]].record.claim.subject)
        words.append(f"at {between}: {key} is {before} before and {after} after")
    return words


def _step(graph: Graph, states: StateGraph, number: int, state: int, terms: dict[str, float]) -> Step:
    arc = states.arcs[number]
    claim, counts = arc.record.claim, arc.record.counts
    statements = tuple(_statement(graph, sid) for sid in arc.record.statements)
    against = [
        evidence
        for other in opposing(graph, arc.record)
        for sid in other.statements
        for evidence in graph.evidence.get(sid, ())
        if evidence.stance == "supports"
    ]
    return Step(
        subject=node(graph, claim.subject),
        relation=claim.relation,
        label=relation(claim.relation).label,
        object=node(graph, claim.object),
        sign=arc.sign,
        state=state,
        support=counts.support,
        refute=counts.refute,
        null=counts.null,
        belief=round(counts.belief, 6),
        verdict=counts.verdict,
        statements=statements,
        disagreeing_contexts=_disagreeing(statements) if counts.refute or counts.null else (),
        opposed=len({e.root_study for e in against}),
        opposed_evidence=tuple(evidence_item(e) for e in against),
        terms=terms,
    )


def _statement(graph: Graph, sid: str) -> StepStatement:
    statement, counts = graph.statements[sid], graph.counts(sid)
    return StepStatement(
        id=sid,
        context=context_in_words(graph, statement),
        conditions=tuple(str(c) for c in statement.conditions),
        support=counts.support,
        refute=counts.refute,
        null=counts.null,
        evidence=tuple(evidence_item(e) for e in graph.evidence.get(sid, ())),
    )


def _disagreeing(statements: Iterable[StepStatement]) -> tuple[str, ...]:
    """Name the contexts in which a study refuted the claim or looked in vain."""
    words = []
    for statement in statements:
        if statement.refute or statement.null:
            parts = [f"{key} {', '.join(names)}" for key, names in statement.context.items()]
            words.append("; ".join((*parts, *statement.conditions)) or "no context stated")
    return tuple(words)
