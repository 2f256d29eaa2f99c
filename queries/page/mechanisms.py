"""The mechanisms of both sides: where they part, each side merged step by step, the ranked mechanisms, the weakest step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from queries.explanation.answer import Dag, DagArc, EvidenceItem, Explanation, Path, SharedState, Side, SideName, Step, WeakLink
from queries.page.blocks import GLUE, Block, Bullets, Cite, Heading, Item, Paragraph, Span, Strong, Table, Text, joined
from queries.page.references import Citations, cited
from queries.page.words import (
    ARROW,
    STANCE,
    STATE,
    chain,
    condition,
    context,
    cost_terms,
    count,
    design,
    listed,
    name,
    phase,
    share,
    state,
    step_words,
)

__all__ = ["Steps", "mechanisms", "parting", "path_item"]

_DETAILED = 3  # mechanisms shown step by step; the others as one line
_SHARED_SHOWN = 12
_ALL = 0.999  # a share of mechanisms that is all of them
_PRUNED_SHOWN = 8


def parting(explanation: Explanation) -> Iterator[Block]:
    """Yield where the mechanisms of both sides part, and the states that both pass."""
    fork, shared = explanation.fork, [one for one in explanation.shared if one.depth]
    if fork is None and not shared:
        return
    yield Heading(2, "Where the two sides part", "parting")
    whole = [one for one in shared if min(one.benefit_share, one.harm_share) > _ALL and one.depth > (fork.depth if fork else 0)]
    if whole:
        last = max(whole, key=lambda one: one.depth)
        others = [name(node) for node in last.members if node.id != last.node.id]
        with_others = f", taken as one action with {listed(others)}" if others else ""
        yield Paragraph(
            f"Every mechanism of both sides runs through {state(last.node, last.state)} (step {last.depth}){with_others}; "
            "they part after it."
        )
    elif fork is not None and fork.depth:
        yield Paragraph(
            f"Every mechanism of both sides runs through {state(fork.node, fork.state)} (step {fork.depth}); they part after it."
        )
    elif fork is not None:
        yield Paragraph(f"The sides part at {name(fork.node)} itself: no later state is on every mechanism of both.")
    if shared:
        yield Table(
            "What both sides run through, with the share of each side's mechanisms, the better ones weighing more",
            ("step", "of benefit", "of harm", "shared"),
            tuple(map(_shared_row, shared[:_SHARED_SHOWN])),
            frozenset({0, 1, 2}),
        )
        if len(shared) > _SHARED_SHOWN:
            yield Paragraph(f"{len(shared) - _SHARED_SHOWN} more are shared by smaller parts.", note=True)


def _shared_row(shared: SharedState) -> tuple[Text, ...]:
    members = f" (one action: {', '.join(map(name, shared.members))})" if shared.members else ""
    words = state(shared.node, shared.state) + members
    return str(shared.depth), share(shared.benefit_share), share(shared.harm_share), words


class Steps:
    """Remembers which steps were already shown with their evidence, so that nothing is told many times."""

    def __init__(self, citations: Citations, *, why: bool) -> None:
        self.citations = citations
        self.why = why
        self._shown: dict[tuple[str, str, str], str] = {}

    def item(self, step: Step, place: str) -> Item:
        """Return a step with its counts and citations, and with `why` its studies, those only where it is first shown."""
        key = (step.subject.id, step.relation, step.object.id)
        first = self._shown.setdefault(key, place)
        if first != place:
            supposed = " (supposed)" if step.verdict == "hypothesis" else ""
            return Item(cited(f"{step_words(step)}{supposed}: {_counts(step)}, as in {first}", self.cite(step)))
        details: tuple[Item, ...] = ()
        if self.why:
            terms = cost_terms(step.terms)
            details = (*((Item(f"cost of the step: {terms}"),) if terms else ()), *self._studies(step))
        studies = len({item.study for statement in step.statements for item in statement.evidence})
        return Item(self._line(step), details, count(studies, "study", "studies") if details else "")

    def cite(self, step: Step) -> Cite:
        """Return the numbers of all works behind a step, for and against."""
        return self.citations.cite(item for statement in step.statements for item in statement.evidence)

    def _line(self, step: Step) -> Text:
        evidence = [item for statement in step.statements for item in statement.evidence]
        supporting = self.citations.cite(item for item in evidence if item.stance == "supports")
        supposed = " (supposed)" if step.verdict == "hypothesis" else ""
        parts = [cited(f"{step_words(step)}{supposed}: {count(step.support, 'study', 'studies')} for", supporting)]
        against = self.citations.cite(item for item in evidence if item.stance != "supports")
        if against.numbers or step.refute + step.null:
            where = f" ({'; '.join(step.disagreeing_contexts)})" if step.disagreeing_contexts else ""
            parts.append(cited(f"{step.refute + step.null} against or without effect{where}", against))
        if step.opposed:
            finds = "study finds" if step.opposed == 1 else "studies find"
            parts.append(cited(f"{step.opposed} {finds} the opposite", self.citations.cite(step.opposed_evidence)))
        places = sorted({place for s in step.statements for names in s.context.values() for place in names})
        limits = sorted({condition(limit) for s in step.statements for limit in s.conditions})
        parts += [f"in {', '.join(places)}"] if places else []
        parts += [f"if {listed(limits, last='or')}"] if limits else []
        return joined(parts, "; ")

    def _studies(self, step: Step) -> Iterator[Item]:
        for statement in step.statements:
            where = "; ".join(part for part in (context(statement.context), *map(condition, statement.conditions)) if part)
            for item in statement.evidence:
                yield Item(self._study(item, where))
        for item in step.opposed_evidence:
            yield Item(joined(["the opposite:", self._study(item, "")]))

    def _study(self, item: EvidenceItem, where: str) -> Text:
        """Return one study: design, size, for or against, where, what was found, and its citation."""
        head = [design(item.design), f"n{GLUE}={GLUE}{item.n:,}" if item.n is not None else ""]
        head += [STANCE.get(item.stance, item.stance)]
        head += [item.effect, item.arm, phase(item), item.time, item.dose, where]
        head += ["retells other reports"] if item.recounts else []
        return cited(f"{', '.join(part for part in head if part)}: {item.finding}", self.citations.cite([item]))


def _counts(step: Step) -> str:
    against = step.refute + step.null
    return f"{count(step.support, 'study', 'studies')} for" + (f", {against} against or without effect" if against else "")


def mechanisms(explanation: Explanation, side: SideName, steps: Steps) -> Iterator[Block]:
    """Yield the mechanisms of one side: merged into steps, ranked with their costs, and the step it hangs on most."""
    part = explanation.benefit if side == "benefit" else explanation.harm
    yield Heading(2, f"Mechanisms to {side}", f"mechanisms-{side}")
    if not part.paths:
        yield Paragraph("None was found before the search was stopped." if part.partial else "None in this graph.")
        return
    if part.dag.arcs:
        yield Heading(3, f"All steps to {side} together")
        yield from _merged(part.dag, steps.citations)
    firm, supposed = ([path for path in part.paths if path.hypothesis is wanted] for wanted in (False, True))
    if firm:
        yield Heading(3, f"The mechanisms to {side}, best first")
        yield Paragraph(
            "When the drug is given: ↓ less of it, or of what it does (a blocked receptor or cytokine, an inhibited kinase); "
            "↑ more. → raises, ⊣ lowers. A mechanism costs the sum of what is named beside it; lower is better. Those whose "
            "contexts contradict each other come after all others.",
            note=True,
        )
        yield _ranked(firm, side, steps)
    if supposed:
        yield Heading(3, f"To {side}, if a supposition is true")
        yield _ranked(supposed, side, steps)
    yield from _weakest(part, side, steps.citations)


def _merged(dag: Dag, citations: Citations) -> Iterator[Block]:
    yield Paragraph(
        "Each line is a step from what stands above it. The percentage is how much of all these mechanisms is lost without the "
        "step, the better ones weighing more.",
        note=True,
    )
    yield Bullets(tuple(_branches(dag, citations)), tree=True)
    if dag.below:
        ranks = listed(map(str, dag.below))
        several = len(dag.below) > 1
        yield Paragraph(f"Not in this picture: mechanism{'s' if several else ''} {ranks}, which would lead back in a circle.")
    if dag.pruned:
        names = [
            cited(
                f"{step_words(arc.step)} ({share(arc.necessity)})",
                citations.cite(item for statement in arc.step.statements for item in statement.evidence),
            )
            for arc in dag.pruned[:_PRUNED_SHOWN]
        ]
        more = len(dag.pruned) - len(names)
        told = joined(["Left out because little depends on them:", joined(names, ", ")])
        yield Paragraph(joined([told, f" and {more} more." if more > 0 else "."], ""))


def _branches(dag: Dag, citations: Citations) -> Iterator[Item]:
    """Yield the merged steps as a tree from the drug; what was already followed is not followed again."""
    after: dict[tuple[str, int], list[DagArc]] = {}
    heads = {(arc.step.object.id, arc.step.state) for arc in dag.arcs}
    for arc in sorted(dag.arcs, key=lambda arc: (-arc.necessity, min(arc.ranks, default=0))):
        after.setdefault((arc.step.subject.id, arc.step.state * arc.step.sign), []).append(arc)
    followed: set[tuple[str, int]] = set()

    def branch(tail: tuple[str, int]) -> Iterator[Item]:
        groups: dict[tuple[str, int], list[DagArc]] = {}
        for arc in after.get(tail, ()):
            groups.setdefault((arc.step.object.id, arc.step.state), []).append(arc)
        for head, arcs in groups.items():
            again = head in followed and head in after
            followed.add(head)
            yield Item(_branch_line(arcs, citations, again=again), () if again else tuple(branch(head)))

    for tail, arcs in after.items():
        if tail not in heads:
            followed.add(tail)
            yield Item((Strong(name(arcs[0].step.subject)),), tuple(branch(tail)))


def _branch_line(arcs: Sequence[DagArc], citations: Citations, *, again: bool) -> Text:
    """Return one state with all relations that lead to it from the state above."""
    first = arcs[0].step
    told: list[Text] = []
    for arc in arcs:
        items = [item for statement in arc.step.statements for item in statement.evidence]
        told.append(cited(f"{share(arc.necessity)} ({arc.step.label}): {_counts(arc.step)}", citations.cite(items)))
    head: tuple[Span, ...] = (f"{ARROW[first.sign]}{GLUE}", Strong(name(first.object)), f"{GLUE}{STATE[first.state]}")
    return joined([head, joined(told, "; "), *(["(goes on above)"] if again else [])], " ")


def _ranked(paths: Iterable[Path], side: SideName, steps: Steps) -> Bullets:
    """List paths, the first ones step by step, all of them with `why`."""
    chains: dict[tuple[tuple[str, int], ...], list[Path]] = {}
    for path in paths:
        chains.setdefault(tuple((step.object.id, step.state) for step in path.steps), []).append(path)
    items = []
    for number, (path, *others) in enumerate(chains.values(), 1):
        place = f"{side} {number}" + (" of the suppositions" if path.hypothesis else "")
        also = tuple(Item(_other_relations(path, other, steps)) for other in others)
        items.append(path_item(path, place, steps, detailed=number <= _DETAILED, also=also))
    return Bullets(tuple(items), numbered=True)


def path_item(path: Path, place: str, steps: Steps, *, detailed: bool, also: tuple[Item, ...] = ()) -> Item:
    """Return a mechanism as a line of signs with its cost; detailed with its terms and steps, and what clashes."""
    marks = [path.goal] if not path.goal.startswith("the disease itself") or ";" in path.goal else []
    marks += ["contexts contradict"] if path.clashes else []
    line = f"{chain(path)}  [cost{GLUE}{path.score:.2f}]" + (f" ({'; '.join(marks)})" if marks else "")
    if not (detailed or steps.why):
        return Item(line, also)
    terms = cost_terms(path.terms)
    details = (
        *((Item(f"cost {path.score:.2f} = {terms}"),) if terms else ()),
        *(steps.item(step, place) for step in path.steps),
        *(Item(f"contexts contradict {clash}") for clash in path.clashes),
        *also,
    )
    return Item(line, details, "" if detailed else "steps, studies and cost")


def _other_relations(first: Path, other: Path, steps: Steps) -> Text:
    changed = [
        cited(step_words(step), steps.cite(step))
        for was, step in zip(first.steps, other.steps, strict=True)
        if step.relation != was.relation
    ]
    lead = f"also with cost {other.score:.2f}:"
    return joined([lead, joined(changed, ", ") if changed else "by another step between the same"])


def _weakest(part: Side, side: SideName, citations: Citations) -> Iterator[Block]:
    link = part.weakest
    if link is None:
        return
    yield Heading(3, f"The weakest step to {side}")
    items = [item for statement in link.step.statements for item in statement.evidence]
    studies = count(link.studies, "study", "studies")
    against: list[Text] = []
    other = tuple(item for item in items if item.stance != "supports")
    for number, words, found in (
        (link.step.refute + link.step.null, "spoke against it or saw no effect", other),
        (link.step.opposed, "found the opposite", link.step.opposed_evidence),
    ):
        if number:
            against += [cited(f", while {count(number, 'study', 'studies')} {words}", citations.cite(found))]
    yield Paragraph(
        joined([
            f"On “{step_words(link.step)}” hangs {share(link.necessity)} of all mechanisms to {side}; behind it",
            f"{'stands' if link.studies == 1 else 'stand'}",
            joined([cited(studies, citations.cite(i for i in items if i.stance == "supports")), *against, "."], ""),
            _without(link, part, side),
        ])
    )


def _without(link: WeakLink, part: Side, side: SideName) -> str:
    """Return what is left of a side when its weakest step is taken away."""
    stays = f"{side} {'stays' if link.status_after == part.status else 'falls to'} {link.status_after}"
    if link.best_after is None:
        return f"Without it no mechanism that rests on evidence is left, and {stays}."
    left = f"{count(link.paths_left, 'mechanism')} {'is' if link.paths_left == 1 else 'are'} left"
    same = round(link.best_after, 2) == round(link.best_before, 2)
    best = f"still costs {link.best_after:.2f}" if same else f"costs {link.best_after:.2f} in place of {link.best_before:.2f}"
    return f"Without it {left}, the best {best}, and {stays}."
