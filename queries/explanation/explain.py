"""Why does a drug help in a disease, and why does it harm: both answers, side by side, with the evidence.

`explain` searches the k best mechanisms to benefit and to harm exactly (`queries.explanation.mechanisms`), merges them into
two graphs, gathers the clinical evidence, says how sure each side is, where the two sides part, in whom and when findings
hold, what else could explain them, what would decide, and what the graph does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from kg.graph import Graph
from kg.model import Context
from kg.without import Citation
from ontologies.designs import design
from ontologies.errors import BadInput
from queries.asked import in_words
from queries.explanation.answer import ClinicalFinding, EvidenceItem, Explanation, Question, Side
from queries.explanation.challenge import challenges
from queries.explanation.clinical import clinical_findings, comparisons, evidence_item, node, trials_without_result
from queries.explanation.common_ground import fork, shared_states
from queries.explanation.conditions import condition_groups
from queries.explanation.contrast import contrast
from queries.explanation.dag import build_dag
from queries.explanation.deciding import deciding
from queries.explanation.gaps import missing_knowledge
from queries.explanation.mechanisms import HYPOTHESES, mechanisms
from queries.explanation.observations import Observations
from queries.explanation.observed import observed_test
from queries.explanation.rivals import rivals
from queries.explanation.shown import Path, SideName
from queries.explanation.status import side_of
from queries.explanation.timeline import timeline
from queries.explanation.weakest import weakest_link
from queries.state_graph import Goal, build_state_graph, goals_of

__all__ = ["explain"]

_WIDE = 100  # mechanisms a side among which measurements that would decide are sought; k of them are shown


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is the same for every drug of a question: the target, its goals, the bounds."""

    target: str
    goals: tuple[Goal, ...]
    asked: Context
    k: int
    max_steps: int

    @property
    def targets(self) -> tuple[str, ...]:
        """The disease and its severity forms."""
        return tuple(g.id for g in self.goals if g.id == self.target or g.why.startswith("severity form"))


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
    versus: str | None = None,
    without_studies: Sequence[str] = (),
    citations: Iterable[Citation] = (),
    observations: Observations | None = None,
    digest: str = "",
) -> Explanation:
    """Explain the effect of `source` (a drug's CURIE) on `target` (a disease or phenotype's CURIE), for and against.

    `k` is the number of mechanisms a side, `max_steps` their greatest length; after them stand the best three that rest on a
    supposition (more where there are fewer than k others). `as_of` (ISO date) keeps only evidence that
    was certainly published by then; `without_studies` leaves studies out, with all that cites them by `citations`
    (`Graph.without_studies`). `context` is where the question is asked (cell, tissue, taxon, …); the target with its
    severity forms is its disease unless another is given. `versus` is another drug to contrast with, `observations` measured
    markers to hold against both sides. `timeout` in seconds marks a partial answer when it passes.
    The answer is never an error: two sides of status "none" mean that the graph holds nothing.

    Raises `ontologies.errors.BadInput` when source and target (or versus) are one, or k or max_steps is below 1, and
    `UnknownStudy` for a study to leave out that no evidence has.
    """
    if target in (source, versus) or source == versus:
        twice = graph.name(target if target in (source, versus) else source)
        raise BadInput(f"{twice!r} is named twice; ask about different things")
    if k < 1 or max_steps < 1:
        raise BadInput(f"k and max_steps must be at least 1 (got k={k}, max_steps={max_steps})")
    deadline = None if timeout is None else monotonic() + timeout
    whole = graph.without_studies(without_studies, citations) if without_studies else graph
    known = whole.as_of(as_of) if as_of else whole
    goals = goals_of(whole, target)  # what is a form of what is vocabulary, not a dated finding
    ask = _Ask(target, goals, context or Context(), k, max_steps)
    parts = 1 + (versus is not None) + (observations is not None)
    answer = _explained(graph, known, source, ask, _share(deadline, parts))
    if versus is not None:
        other = _explained(graph, known, versus, ask, _share(deadline, parts - 1))
        answer = replace(answer, contrast=contrast(known, answer, other))
    if observations is not None:
        tested = observed_test(
            known, source, goals, observations, benefit=answer.benefit.paths, harm=answer.harm.paths,
            asked=_asked(ask), max_steps=max_steps, deadline=deadline,
        )  # fmt: skip
        answer = replace(answer, observed=tested)
    left = known.left_out
    question = replace(
        answer.question,
        as_of=as_of or "",
        left_out_later=left.later,
        left_out_undated=left.undated,
        without_studies=tuple(without_studies),
        left_out_studies=left.with_studies,
    )
    return replace(answer, question=question, graph_digest=digest)


def _share(deadline: float | None, parts: int) -> float | None:
    """Return the time by which the first of `parts` equal parts of what is left must be done."""
    if deadline is None:
        return None
    now = monotonic()
    return now + max(deadline - now, 0.0) / parts


def _asked(ask: _Ask) -> Context:
    """Return where the question is asked; its disease is the target with its severity forms unless another was given."""
    return ask.asked if ask.asked.disease else replace(ask.asked, disease=ask.targets)


def _explained(
    graph: Graph, known: Graph, source: str, ask: _Ask, deadline: float | None
) -> Explanation:
    """Answer for one drug on the graph as it is `known`; names come from the whole graph."""
    targets = ask.targets
    start = monotonic()
    clinical = clinical_findings(known, source, ask.goals)
    trials = trials_without_result(known, source, targets)
    order_in_time = timeline(known, source, targets)
    tests = challenges(known, source, clinical)
    others = rivals(known, source, targets, clinical)
    compared = comparisons(known, source, targets)
    supposed = _hypotheses(known, source, targets)
    if deadline is not None:  # to read what the paths say: half as long as what stands beside them, and longer for many
        now = monotonic()
        deadline -= (now - start) / 2 + max(deadline - now, 0.0) / 8
    states = build_state_graph(known, source, ask.goals, _asked(ask))
    wide: dict[SideName, tuple[Path, ...]] = {}
    found: dict[SideName, tuple[Path, ...]] = {}
    late: dict[SideName, str] = {}
    sides: tuple[SideName, ...] = ("benefit", "harm")
    for number, side in enumerate(sides):
        until = _share(deadline, len(sides) - number)
        wide[side], stopped = mechanisms(known, states, side, k=max(ask.k, _WIDE), max_steps=ask.max_steps, deadline=until)
        found[side] = _shown(wide[side], ask.k)
        if stopped:
            late[side] = f"The search for {side} stopped at {stopped}; only the best {len(found[side])} mechanisms are shown."
    benefit, harm = (_side(name, clinical, found[name], ask.k, stopped=name in late) for name in sides)
    decisive = deciding(known, source, targets, wide["benefit"], wide["harm"])
    return Explanation(
        question=Question(
            source=node(graph, source),
            target=node(graph, ask.target),
            targets=tuple(node(graph, t) for t in targets),
            k=ask.k,
            max_steps=ask.max_steps,
            context=in_words(ask.asked, graph.name),
        ),
        clinical=clinical,
        benefit=benefit,
        harm=harm,
        fork=fork(benefit.paths, harm.paths),
        shared=shared_states(benefit.paths, harm.paths, graph=known),
        conditions=condition_groups(known, source, targets, clinical, benefit=benefit.paths, harm=harm.paths),
        timeline=order_in_time,
        challenges=tests,
        rivals=others,
        deciding=decisive,
        comparisons=compared,
        hypotheses=supposed,
        missing=(*late.values(), *missing_knowledge(clinical, benefit, harm, trials, stopped=late, deciding=decisive)),
    )


def _shown(paths: Sequence[Path], k: int) -> tuple[Path, ...]:
    """Return the k best mechanisms, then the best three that rest on a supposition (more where there are fewer than k)."""
    firm = [path for path in paths if not path.hypothesis][:k]
    supposed = [path for path in paths if path.hypothesis]
    return (*firm, *supposed[: max(HYPOTHESES, k - len(firm))])


def _side(
    name: SideName, clinical: Sequence[ClinicalFinding], paths: tuple[Path, ...], k: int, *, stopped: bool
) -> Side:
    """Return a side with its status, its merged mechanisms and the link on which it hangs most."""
    side = side_of(name, clinical, paths, k, stopped=stopped)
    dag = build_dag(paths)
    return replace(
        side, dag=dag, weakest=weakest_link(paths, dag, observed=side.status == "observed"), partial=stopped
    )


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
