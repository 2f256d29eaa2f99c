"""From an explanation to what is to be drawn: the DAGs of both sides merged into one layered picture without cycles.

The mechanisms that stand whole in the DAG of their side are merged best first, one of each side in turn, then those that rest
on a supposition; one that would run backwards through the other side is left out and counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import fsum

from queries.explanation.answer import Explanation, Node, Path, SharedState, SideName, Step
from queries.figures.font_metrics import clean_text
from queries.figures.scene import Arc, Box, Role, Scene, Shares, SideCount
from queries.figures.sides import SIDES, Claim, dag_of, in_turn, mass_of
from queries.figures.wording import badges_of, form_of, is_hypothesis, plural, share_words, studies_of

__all__ = ["build_scene"]


def build_scene(explanation: Explanation, keep: Sequence[int] | None = None, *, apart: bool = False) -> Scene:
    """Merge the paths of `in_turn` with these numbers (all, if None) into one scene, in that order.

    With `apart` the first path of the second side shares boxes with the first side only up to where they part: the
    picture has fewer layers, and some entities stand in it twice.
    """
    ordered = in_turn(explanation)
    merger = _Merger(explanation, apart=apart)
    for number in range(len(ordered)) if keep is None else keep:
        merger.add(*ordered[number])
    return merger.scene({_claim(step) for *_, path in ordered for step in path.steps})


def _claim(step: Step) -> Claim:
    return step.subject.id, step.relation, step.object.id, step.sign


class _Merger:
    """Collects boxes and arcs path by path and keeps the picture free of cycles."""

    def __init__(self, explanation: Explanation, *, apart: bool) -> None:
        self.explanation, self.apart = explanation, apart
        question = explanation.question
        self.source, self.target = question.source.id, question.target.id
        self.nodes: dict[str, Node] = {self.source: question.source, self.target: question.target}
        self.states: dict[str, dict[SideName, set[int]]] = {self.source: {}, self.target: {}}
        self.steps: dict[Claim, tuple[str, str, Step]] = {}
        self.users: dict[Claim, dict[SideName, bool]] = {}
        self.clashing: set[Claim] = set()
        self.supposed: set[Claim] = set()
        self.goals: dict[str, tuple[str, set[SideName]]] = {}
        self.after: dict[str, set[str]] = {}
        self.ranks: dict[SideName, list[int]] = {"benefit": [], "harm": []}
        self.mass = {side: mass_of(getattr(explanation, side)) for side in SIDES}
        self.backwards = 0
        self.doubled = False
        self.forks = _forks(explanation)

    def add(self, side: SideName, rank: int, path: Path) -> None:
        """Add one path; a path that would close a cycle is dropped, unless it is the first one of its side.

        The first path of a side must be seen: if it runs against the other side, it gets boxes of its own from where it
        leaves what is drawn already.
        """
        first = not self.ranks[side]
        keys = [self.source, *(step.object.id for step in path.steps)]
        if not self._fits(keys) or (self.apart and first and any(self.ranks.values())):
            if not first:
                self.backwards += 1
                return
            keys = self._own_keys(side, path)
            self.doubled = True
        self.ranks[side].append(rank)
        for tail, head, step in zip(keys, keys[1:], path.steps, strict=False):
            self.nodes.setdefault(tail, step.subject)
            self.nodes.setdefault(head, step.object)
            self.states.setdefault(tail, {})
            self.states.setdefault(head, {}).setdefault(side, set()).add(step.state)
            self.after.setdefault(tail, set()).add(head)
            key = (tail, step.relation, head, step.sign)
            self.steps.setdefault(key, (tail, head, step))
            users = self.users.setdefault(key, {})
            users[side] = users.get(side, False) or first
            if step.disagreeing_contexts or any(f"at {step.subject.name}:" in words for words in path.clashes):
                self.clashing.add(key)
            if is_hypothesis(step):
                self.supposed.add(key)
        if keys[-1] not in (self.source, self.target):
            self.goals.setdefault(keys[-1], (path.goal, set()))[1].add(side)
            self.after.setdefault(keys[-1], set()).add(self.target)

    def _own_keys(self, side: SideName, path: Path) -> list[str]:
        """Return keys that are shared with what is drawn only from the start on, as far as the steps are the same."""
        keys = [self.source]
        shared = True
        for step in path.steps:
            identifier = step.object.id
            shared = shared and (keys[-1], step.relation, identifier, step.sign) in self.steps
            own = identifier if shared or identifier == self.target else f"{identifier} ({side})"
            keys.append(own)
        return keys

    def _fits(self, keys: Sequence[str]) -> bool:
        """Tell whether a path leaves the picture without a cycle (a goal is always followed by the disease)."""
        pairs = list(itertools.pairwise(keys))
        if keys[-1] not in (self.source, self.target):
            pairs.append((keys[-1], self.target))
        after = {tail: set(heads) for tail, heads in self.after.items()}
        for tail, head in pairs:
            if tail == head or head == self.source or tail == self.target or _reaches(after, head, tail):
                return False
            after.setdefault(tail, set()).add(head)
        return True

    def scene(self, wanted: set[Claim]) -> Scene:
        """Return what was collected, in order of arrival."""
        arcs = [*_side_by_side(self._arc(key) for key in self.steps), *(self._link(goal) for goal in self.goals)]
        used: dict[str, set[SideName]] = {}
        for arc in arcs:
            for end in (arc.tail, arc.head):
                used.setdefault(end, set()).update(arc.sides)
        drawn = {_claim(step) for *_, step in self.steps.values()}
        benefit, harm = (self._count(side) for side in SIDES)
        return Scene(
            explanation=self.explanation,
            boxes=tuple(self._box(key, used.get(key, set())) for key in self.nodes),
            arcs=tuple(arcs),
            source=self.source,
            target=self.target,
            counts=(benefit, harm),
            left_out_steps=len(wanted - drawn),
            backwards=self.backwards,
            doubled=self.doubled,
        )

    def _count(self, name: SideName) -> SideCount:
        side = self.explanation.benefit if name == "benefit" else self.explanation.harm
        dag, mass = dag_of(side), self.mass[name].paths
        firm = sum(not path.hypothesis for path in side.paths)
        drawn = [rank for rank in self.ranks[name] if rank in mass]
        return SideCount(
            side=name,
            found=firm,
            drawn=len(drawn),
            share=fsum(mass[rank] for rank in drawn),
            pruned=firm - len(dag.kept) - len(dag.below),
            below=len(dag.below),
            least=dag.least,
            supposed=len(side.paths) - firm,
            supposed_drawn=len(self.ranks[name]) - len(drawn),
        )

    def _box(self, key: str, used: set[SideName]) -> Box:
        role: Role = "source" if key == self.source else "target" if key == self.target else ""
        states = (
            ()
            if role == "source"
            else tuple((side, tuple(sorted(self.states[key][side]))) for side in SIDES if self.states[key].get(side))
        )
        node = self.nodes[key]
        sides = tuple(side for side in SIDES if side in used) if not role else SIDES
        return Box(key, node, sides, states, role, node.id in self.forks, self._shares(node, states))

    def _shares(self, node: Node, states: tuple[tuple[SideName, tuple[int, ...]], ...]) -> Shares:
        """Return how much of each side runs through a box that both have in one and the same state."""
        if len(states) < 2 or len({directions for _, directions in states}) > 1:
            return ()
        found = (s for s in self.explanation.shared if not s.members and (s.node.id, (s.state,)) == (node.id, states[0][1]))
        state = next(found, None)
        if state is None or state.benefit_share == state.harm_share == 1:
            return ()
        return ("benefit", state.benefit_share), ("harm", state.harm_share)

    def _arc(self, key: Claim) -> Arc:
        tail, head, step = self.steps[key]
        sides = tuple(side for side in SIDES if side in self.users[key])
        badges, partial = badges_of(step)
        hypothesis = key in self.supposed
        form, assumed = form_of(step)
        words = [
            clean_text(f"{step.subject.name} {step.label} {step.object.name}"),
            f"{step.support} {plural('study', step.support)} for, {step.refute} against"
            + (f", {step.null} without effect" if step.null else ""),
            "both sides" if len(sides) == 2 else f"{sides[0]} side",
        ]
        necessity = tuple((side, self.mass[side].claims.get(_claim(step), 0.0)) for side in sides)
        if any(share for _, share in necessity):
            words.append(share_words(necessity))
        if hypothesis:
            words.append("a hypothesis")
        if assumed:
            words.append("its direction is assumed")
        if badges:
            words.append(f"{'in part ' if partial else ''}on condition that: " + "; ".join(badges))
        if step.disagreeing_contexts:
            words.append(clean_text("not found or refuted in: " + " | ".join(step.disagreeing_contexts)))
        if key in self.clashing and not step.disagreeing_contexts:
            words.append("its context contradicts that of the step before")
        weakest = any(
            side.weakest is not None and _claim(side.weakest.step) == _claim(step)
            for name, side in zip(SIDES, (self.explanation.benefit, self.explanation.harm), strict=True)
            if name in sides
        )
        if weakest:
            words.append("the weakest link")
        shown = badges
        if partial:
            shown = tuple(f"({badge})" for badge in badges)
        return Arc(
            key="|".join(map(str, key)),
            tail=tail,
            head=head,
            form=form,
            sides=sides,
            studies=studies_of(step),
            badges=shown,
            hypothesis=hypothesis,
            clash=key in self.clashing,
            best=any(self.users[key].values()),
            title=", ".join(words),
            assumed=assumed,
            necessity=necessity,
            weakest=weakest,
        )

    def _link(self, goal: str) -> Arc:
        why, sides = self.goals[goal]
        name, disease = self.nodes[goal].name, self.nodes[self.target].name
        return Arc(
            key=f"{goal}|goal|{self.target}|1",
            tail=goal,
            head=self.target,
            form="part",
            sides=tuple(side for side in SIDES if side in sides),
            studies="",
            badges=(),
            hypothesis=False,
            clash=False,
            best=False,
            title=clean_text(f"{name} stands for {disease}: {why}"),
        )


def _forks(explanation: Explanation) -> set[str]:
    """Return where the sides part: at the fork, or behind one action of the drug that all mechanisms name in some way."""
    fork = explanation.fork
    if fork is None:
        return set()
    one = _one_action(explanation.shared) if not fork.depth else None
    return {node.id for node in one.members} if one is not None else {fork.node.id}


def _one_action(shared: Iterable[SharedState]) -> SharedState | None:
    return next((state for state in shared if state.members and state.benefit_share == state.harm_share == 1), None)


def _side_by_side(arcs: Iterable[Arc]) -> list[Arc]:
    """Draw claims that say the same of the same two boxes as one arc: "2 · 1" are the studies of two such claims.

    Studies are not added up, since one study may stand behind both.
    """
    alike: dict[object, list[Arc]] = {}
    for arc in arcs:
        single = arc.key if " " in arc.studies else ""
        alike.setdefault((arc.tail, arc.head, arc.form, arc.sides, arc.hypothesis, arc.assumed, single), []).append(arc)
    merged = []
    for first, *others in alike.values():
        claims = [first, *others]
        badges = dict.fromkeys(badge for arc in claims for badge in arc.badges)
        if any(not arc.badges for arc in claims):
            badges = dict.fromkeys(badge if badge.startswith("(") else f"({badge})" for badge in badges)
        merged.append(
            replace(
                first,
                studies=" · ".join(arc.studies for arc in claims),
                badges=tuple(badges),
                clash=any(arc.clash for arc in claims),
                best=any(arc.best for arc in claims),
                weakest=any(arc.weakest for arc in claims),
                necessity=tuple(
                    (side, min(1.0, fsum(dict(arc.necessity).get(side, 0.0) for arc in claims))) for side in first.sides
                ),
                title=" | ".join(arc.title for arc in claims),
            )
        )
    return merged


def _reaches(after: dict[str, set[str]], start: str, end: str) -> bool:
    """Tell whether `end` can be reached from `start` along the arcs collected so far."""
    waiting, seen = [start], {start}
    while waiting:
        node = waiting.pop()
        if node == end:
            return True
        fresh = after.get(node, set()) - seen
        seen |= fresh
        waiting.extend(fresh)
    return False
