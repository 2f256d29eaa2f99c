"""Why does a drug help in a disease, and why does it harm: both answers, side by side, with the evidence.

`explain` searches the k best mechanisms to benefit and to harm exactly (`queries.paths`), gathers the clinical evidence, says
how sure each side is, where the two sides part, under which conditions findings hold, and what the graph does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from time import monotonic

from kg.graph import Graph
from kg.model import CONTEXT_KEYS, Context
from ontologies.designs import design
from ontologies.errors import BadInput
from ontologies.vocabulary import relation
from queries.answer import ClinicalFinding, EvidenceItem, Explanation, Path, Question, Side, SideName, Step, StepStatement
from queries.clinical import (
    clinical_findings,
    context_in_words,
    counted_studies,
    evidence_item,
    node,
    trials_without_result,
)
from queries.common_ground import condition_groups, fork
from queries.gaps import missing_knowledge
from queries.paths import FoundPath, OutOfTime, SignedGraph, find_paths
from queries.scoring import CONTRADICTION
from queries.state_graph import Goal, StateGraph, build_state_graph, goals_of, opposing

__all__ = ["explain"]

_HYPOTHESES = 3  # mechanisms that rest on a supposition, shown after the k best though these are complete
_LOOKED_THROUGH = 500  # best paths of either kind among which they are sought


def explain(
    graph: Graph,
    source: str,
    target: str,
    *,
    k: int = 20,
    max_steps: int = 6,
    as_of: str | None = None,
    context: Context | None = None,
    timeout: float | None = None,
    digest: str = "",
) -> Explanation:
    """Explain the effect of `source` (a drug's CURIE) on `target` (a disease or phenotype's CURIE), for and against.

    `k` is the number of mechanisms a side, `max_steps` their greatest length; after them stand the best three that rest on a
    supposition (more where there are fewer than k others). `as_of` (ISO date) keeps only evidence that
    was certainly published by then. `context` is where the question is asked (cell, tissue, taxon, …); the target with its
    severity forms is its disease unless another is given. `timeout` in seconds marks a partial answer when it passes.
    The answer is never an error: two sides of status "none" mean that the graph holds nothing.

    Raises `ontologies.errors.BadInput` when source and target are one, or k or max_steps is below 1.
    """
    if source == target:
        raise BadInput(f"source and target are both {graph.name(source)!r}; ask about two different things")
    if k < 1 or max_steps < 1:
        raise BadInput(f"k and max_steps must be at least 1 (got k={k}, max_steps={max_steps})")
    deadline = None if timeout is None else monotonic() + timeout
    known = graph.as_of(as_of) if as_of else graph
    goals = goals_of(graph, target)  # what is a form of what is vocabulary, not a dated finding
    targets = tuple(goal.id for goal in goals if goal.id == target or goal.why.startswith("severity form"))
    asked = context or Context()
    states = build_state_graph(
        known, source, goals, asked if asked.disease else replace(asked, disease=targets)
    )
    clinical = clinical_findings(known, source, goals)
    found: dict[SideName, tuple[Path, ...]] = {}
    late: dict[SideName, str] = {}
    for side in ("benefit", "harm"):
        paths, in_time = _mechanisms(known, states, source, goals, side, k, max_steps, deadline)
        found[side] = paths
        if not in_time:
            late[side] = f"The search for {side} stopped at the time limit; only the best {len(paths)} mechanisms are shown."
    benefit = _side("benefit", clinical, found["benefit"], k, stopped="benefit" in late)
    harm = _side("harm", clinical, found["harm"], k, stopped="harm" in late)
    trials = trials_without_result(known, source, targets)
    return Explanation(
        question=Question(
            source=node(graph, source),
            target=node(graph, target),
            targets=tuple(node(graph, t) for t in targets),
            k=k,
            max_steps=max_steps,
            as_of=as_of or "",
            context={key: ", ".join(graph.name(c) for c in getattr(asked, key)) for key in CONTEXT_KEYS if getattr(asked, key)},
            left_out_later=known.left_out.later,
            left_out_undated=known.left_out.undated,
        ),
        clinical=clinical,
        benefit=benefit,
        harm=harm,
        fork=fork(benefit.paths, harm.paths),
        conditions=condition_groups(known, source, targets, clinical),
        missing=(*late.values(), *missing_knowledge(clinical, benefit, harm, trials, stopped=late)),
        hypotheses=_hypotheses(known, source, targets),
        graph_digest=digest,
    )


def _mechanisms(
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
    state, steps = 1, []
    terms: dict[str, float] = {}
    for number in found.arcs:
        arc = states.arcs[number]
        state *= arc.sign
        steps.append(_step(graph, states, number, state))
        for name, cost in arc.terms.items():
            terms[name] = terms.get(name, 0.0) + cost
    hypotheses = sum(states.arcs[number].hypothesis for number in found.arcs)
    pairs = [states.pair_clash(*pair) for pair in pairwise(found.arcs)]
    terms["coherence"] = sum(cost for cost, _ in pairs)
    notes = tuple(note for number in found.arcs for note in states.arcs[number].notes)
    goal = "; ".join((why[steps[-1].object.id], *notes))
    return Path(
        score=round(sum(terms.values()), 6),
        terms={name: round(cost, 6) for name, cost in terms.items()},
        steps=tuple(steps),
        goal=goal,
        hypothesis=hypotheses > 0,
        clashes=tuple(_clashes(graph, states, found.arcs)),
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


def _side(
    name: SideName, clinical: Sequence[ClinicalFinding], paths: tuple[Path, ...], k: int, *, stopped: bool
) -> Side:
    """Decide the status of a side and say in one sentence what it rests on; a stopped search never reads as "none"."""
    own = [f for f in clinical if f.side == name and not f.note.startswith("in combination") and f.design_weight > 0]
    support, against = counted_studies(own, "supports"), counted_studies(own, "refutes", "null")
    firm = [path for path in paths if not path.hypothesis]
    coherent = sum(not path.clashes for path in firm)
    number = f"the {k} best mechanisms" if len(firm) == k else _many(len(firm), "mechanism")
    mechanisms = (
        f"{number}, {coherent} of them without contradicting contexts" if firm else "no mechanism that rests on evidence"
    )
    if stopped:
        mechanisms = f"the search for mechanisms was stopped ({mechanisms} by then)"
    if support:
        against_words = f", against {_many(len(against), 'study', 'studies')} that found none or the opposite" if against else ""
        return Side("observed", f"Observed in {_many(len(support), 'study', 'studies')}{against_words}; {mechanisms}.", paths)
    looked = f" ({_many(len(against), 'study', 'studies')} looked and found none or the opposite)" if against else ""
    if firm:
        return Side("predicted", f"Predicted only: no clinical study in this graph reports {name}{looked}; {mechanisms}.", paths)
    if paths or any(f.side == name and f.evidence.stance == "supports" for f in clinical):
        return Side("hypothesised", f"Hypothesised only: suppositions, no study and no supported mechanism{looked}.", paths)
    if stopped:
        return Side("none", f"Not known: no clinical study in this graph reports {name}{looked}; {mechanisms}.", paths)
    return Side("none", f"Nothing in this graph: no clinical study reports {name}{looked} and no mechanism leads to it.", paths)


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def _hypotheses(graph: Graph, source: str, targets: Sequence[str]) -> tuple[EvidenceItem, ...]:
    """Return what authors supposed about the targets (or about the source in them), oldest first."""
    found = {
        evidence_item(evidence)
        for sid, statement in graph.statements.items()
        if statement.object in targets or (statement.subject == source and set(statement.context.disease) & set(targets))
        for evidence in graph.evidence.get(sid, ())
        if design(evidence.design).kind == "hypothesis"
    }
    return tuple(sorted(found, key=lambda item: (item.date, item.study, item.finding)))
