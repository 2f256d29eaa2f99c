"""The mechanisms of one side: the search over the state graph, and what it found, in words and with the evidence.

`mechanisms` runs the exact search (`queries.paths`) for the k best paths and for the best that rest on a supposition;
`path_of` turns the arcs found into a `queries.shown.Path` with its cost term by term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from kg.graph import Graph
from ontologies.vocabulary import relation
from queries.clinical import context_in_words, evidence_item, node
from queries.paths import FoundPath, OutOfTime, SignedGraph, find_paths
from queries.scoring import CONTRADICTION
from queries.shown import Path, SideName, Step, StepStatement
from queries.state_graph import Goal, StateGraph, opposing

__all__ = ["mechanisms", "path_to"]

_HYPOTHESES = 3  # mechanisms that rest on a supposition, shown after the k best though these are complete
_LOOKED_THROUGH = 500  # best paths of either kind among which they are sought


def mechanisms(
    graph: Graph, states: StateGraph, source: str, goals: Iterable[Goal], side: SideName,
    k: int, max_steps: int, deadline: float | None,
) -> tuple[tuple[Path, ...], bool]:
    """Return the k best mechanisms of one side, then the best that rest on a supposition; and whether there was time."""
    wanted = {
        states.nodes[goal.id]: goal.benefit if side == "benefit" else -goal.benefit for goal in goals if goal.id != source
    }
    why = {goal.id: goal.why for goal in goals}

    def search(graph_: SignedGraph) -> Iterator[FoundPath]:
        return find_paths(
            graph_, states.nodes[source], wanted,
            max_steps=max_steps, min_steps=2, pair_cost=states.pair_cost, deadline=deadline,
        )  # fmt: skip

    paths: list[Path] = []
    try:
        paths.extend(_path(graph, states, found, why) for found in islice(search(states.firm()), k))
        supposed = (
            found
            for found in islice(search(states.signed), _LOOKED_THROUGH)
            if any(states.arcs[number].hypothesis for number in found.arcs)
        )
        paths.extend(_path(graph, states, found, why) for found in islice(supposed, max(_HYPOTHESES, k - len(paths))))
    except OutOfTime:
        return tuple(paths), False
    return tuple(paths), True


def _path(graph: Graph, states: StateGraph, found: FoundPath, why: dict[str, str]) -> Path:
    return path_to(graph, states, found.arcs, why[states.arcs[found.arcs[-1]].record.claim.object])


def path_to(graph: Graph, states: StateGraph, arcs: Sequence[int], goal: str) -> Path:
    """Return arcs that lead from the drug to any node as a path with evidence and costs; `goal` says what its end means."""
    state, steps = 1, []
    terms: dict[str, float] = {}
    for number in arcs:
        arc = states.arcs[number]
        state *= arc.sign
        steps.append(_step(graph, states, number, state))
        for name, cost in arc.terms.items():
            terms[name] = terms.get(name, 0.0) + cost
    hypotheses = sum(states.arcs[number].hypothesis for number in arcs)
    pairs = [states.pair_clash(*pair) for pair in pairwise(arcs)]
    terms["coherence"] = sum(cost for cost, _ in pairs)
    notes = tuple(note for number in arcs for note in states.arcs[number].notes)
    return Path(
        score=round(sum(terms.values()), 6),
        terms={name: round(cost, 6) for name, cost in terms.items()},
        steps=tuple(steps),
        goal="; ".join((goal, *notes)),
        hypothesis=hypotheses > 0,
        clashes=tuple(_clashes(graph, states, arcs)),
    )


def _clashes(graph: Graph, states: StateGraph, arcs: Sequence[int]) -> list[str]:
    """Say in words which consecutive steps hold only under ligands or in cells that exclude each other."""
    words = []
    for first, second in pairwise(arcs):
        for key in sorted(CONTRADICTION.intersection(states.pair_clash(first, second)[1])):
            sides = [
                " or ".join(sorted({graph.name(c) for context in states.arcs[a].contexts for c in getattr(context, key)}))
                for a in (first, second)
            ]
            between = graph.name(states.arcs[first].record.claim.object)
            words.append(f"at {between}: {key} is {sides[0]} before and {sides[1]} after")
    return words


def _step(graph: Graph, states: StateGraph, number: int, state: int) -> Step:
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
