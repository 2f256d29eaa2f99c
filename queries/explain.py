"""Why does a drug help in a disease, and why does it harm: both answers, side by side, with the evidence.

`explain` searches the k best mechanisms to benefit and to harm exactly (`queries.paths`), gathers the clinical evidence, says
how sure each side is, where the two sides part, under which conditions findings hold, and what the graph does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

from kg.graph import Graph
from kg.model import CONTEXT_KEYS, Context
from ontologies.designs import design
from ontologies.errors import BadInput
from queries.answer import ClinicalFinding, EvidenceItem, Explanation, Path, Question, Side, SideName
from queries.clinical import clinical_findings, counted_studies, evidence_item, node, trials_without_result
from queries.common_ground import condition_groups, fork
from queries.gaps import missing_knowledge
from queries.mechanisms import mechanisms
from queries.state_graph import build_state_graph, goals_of

__all__ = ["explain"]


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
        paths, in_time = mechanisms(known, states, source, goals, side, k, max_steps, deadline)
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
