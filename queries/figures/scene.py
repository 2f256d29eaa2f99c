"""From an explanation to what is to be drawn: the paths of both sides merged into one layered picture without cycles.

A scene knows no coordinates. Nodes are entities (one box an entity, whichever side uses it), arcs are steps (one arc a
claim). Paths are merged best first, one of each side in turn; a path that would run backwards is left out and counted.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from queries.answer import Explanation, Node, Path, SideName, Step
from queries.figures.font_metrics import clean_text

__all__ = ["Arc", "Box", "Form", "Scene", "build_scene", "condition_words", "in_turn"]

#: The head of an arc: pointed, bar, or ring; hollow for associations, which are no cause.
Form: TypeAlias = Literal["raises", "lowers", "part", "goes with more", "goes with less"]
Role: TypeAlias = Literal["source", "target", ""]

_SIDES: Final[tuple[SideName, SideName]] = ("benefit", "harm")


@dataclass(frozen=True, slots=True)
class Box:
    """An entity to draw: who uses it, in which state each side has it (+1 up, -1 down), whether the sides part here."""

    key: str
    node: Node
    sides: tuple[SideName, ...]
    states: tuple[tuple[SideName, tuple[int, ...]], ...]
    role: Role = ""
    fork: bool = False

    @property
    def title(self) -> str:
        """The box in one sentence, for readers who hear the picture."""
        words = [clean_text(f"{self.node.name} ({self.node.category}, {self.node.id})")]
        for side, states in self.states:
            words.append(f"{' and '.join('up' if s > 0 else 'down' for s in states)} on the {side} side")
        if self.fork:
            words.append("the sides part here")
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Arc:
    """A step to draw, or the link from a goal to the disease (`studies` is empty then: no study label is drawn).

    `assumed` marks an association whose direction no study stated.
    """

    key: str
    tail: str
    head: str
    form: Form
    sides: tuple[SideName, ...]
    studies: str
    badges: tuple[str, ...]
    hypothesis: bool
    clash: bool
    best: bool
    title: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be drawn and what was left out of it."""

    explanation: Explanation
    boxes: tuple[Box, ...]
    arcs: tuple[Arc, ...]
    source: str
    target: str
    drawn: tuple[int, int]
    left_out_steps: int
    backwards: int
    doubled: bool

    @property
    def path_counts(self) -> tuple[tuple[SideName, int, int], ...]:
        """For each side: how many paths are drawn, of how many."""
        sides = (self.explanation.benefit, self.explanation.harm)
        return tuple((name, drawn, len(side.paths)) for name, drawn, side in zip(_SIDES, self.drawn, sides, strict=True))


def in_turn(explanation: Explanation) -> list[tuple[SideName, Path]]:
    """Return the paths in the order of drawing: the best of each side, then the second best of each, and so on."""
    sides = (explanation.benefit.paths, explanation.harm.paths)
    rows: list[tuple[SideName, Path]] = []
    for rank in range(max(len(paths) for paths in sides)):
        rows.extend((name, paths[rank]) for name, paths in zip(_SIDES, sides, strict=True) if rank < len(paths))
    return rows


def build_scene(explanation: Explanation, keep: Sequence[int] | None = None, *, apart: bool = False) -> Scene:
    """Merge the paths of `in_turn` with these numbers (all, if None) into one scene, in that order.

    With `apart` the first path of the second side shares boxes with the first side only up to where they part: the
    picture has fewer layers, and some entities stand in it twice.
    """
    ordered = in_turn(explanation)
    merger = _Merger(explanation, apart=apart)
    for number in range(len(ordered)) if keep is None else keep:
        merger.add(*ordered[number])
    return merger.scene(_step_keys(path for _, path in ordered))


def _step_keys(paths: Iterator[Path]) -> set[tuple[str, str, str, int]]:
    return {(s.subject.id, s.relation, s.object.id, s.sign) for path in paths for s in path.steps}


class _Merger:
    """Collects boxes and arcs path by path and keeps the picture free of cycles."""

    def __init__(self, explanation: Explanation, *, apart: bool) -> None:
        self.explanation, self.apart = explanation, apart
        question = explanation.question
        self.source, self.target = question.source.id, question.target.id
        self.nodes: dict[str, Node] = {self.source: question.source, self.target: question.target}
        self.states: dict[str, dict[SideName, set[int]]] = {self.source: {}, self.target: {}}
        self.steps: dict[tuple[str, str, str, int], tuple[str, str, Step]] = {}
        self.users: dict[tuple[str, str, str, int], dict[SideName, bool]] = {}
        self.clashing: set[tuple[str, str, str, int]] = set()
        self.supposed: set[tuple[str, str, str, int]] = set()
        self.goals: dict[str, tuple[str, set[SideName]]] = {}
        self.after: dict[str, set[str]] = {}
        self.count: dict[SideName, int] = {"benefit": 0, "harm": 0}
        self.backwards = 0
        self.doubled = False

    def add(self, side: SideName, path: Path) -> None:
        """Add one path; a path that would close a cycle is dropped, unless it is the first one of its side.

        The first path of a side must be seen: if it runs against the other side, it gets boxes of its own from where it
        leaves what is drawn already.
        """
        first = not self.count[side]
        keys = [self.source, *(step.object.id for step in path.steps)]
        if not self._fits(keys) or (self.apart and first and any(self.count.values())):
            if not first:
                self.backwards += 1
                return
            keys = self._own_keys(side, path)
            self.doubled = True
        self.count[side] += 1
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
            if _is_hypothesis(step):
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

    def scene(self, wanted: set[tuple[str, str, str, int]]) -> Scene:
        """Return what was collected, in order of arrival."""
        arcs = [*_side_by_side(self._arc(key) for key in self.steps), *(self._link(goal) for goal in self.goals)]
        used: dict[str, set[SideName]] = {}
        for arc in arcs:
            for end in (arc.tail, arc.head):
                used.setdefault(end, set()).update(arc.sides)
        drawn = _step_keys(iter([Path(0.0, {}, tuple(step for *_, step in self.steps.values()), "")]))
        return Scene(
            explanation=self.explanation,
            boxes=tuple(self._box(key, used.get(key, set())) for key in self.nodes),
            arcs=tuple(arcs),
            source=self.source,
            target=self.target,
            drawn=(self.count["benefit"], self.count["harm"]),
            left_out_steps=len(wanted - drawn),
            backwards=self.backwards,
            doubled=self.doubled,
        )

    def _box(self, key: str, used: set[SideName]) -> Box:
        fork = self.explanation.fork
        role: Role = "source" if key == self.source else "target" if key == self.target else ""
        states = (
            ()
            if role == "source"
            else tuple((side, tuple(sorted(self.states[key][side]))) for side in _SIDES if self.states[key].get(side))
        )
        node = self.nodes[key]
        sides = tuple(side for side in _SIDES if side in used) if not role else _SIDES
        return Box(key, node, sides, states, role, fork is not None and node.id == fork.node.id)

    def _arc(self, key: tuple[str, str, str, int]) -> Arc:
        tail, head, step = self.steps[key]
        sides = tuple(side for side in _SIDES if side in self.users[key])
        badges, partial = _badges(step)
        hypothesis = key in self.supposed
        form, assumed = _form(step)
        words = [
            clean_text(f"{step.subject.name} {step.label} {step.object.name}"),
            f"{step.support} {_plural('study', step.support)} for, {step.refute} against"
            + (f", {step.null} without effect" if step.null else ""),
            "both sides" if len(sides) == 2 else f"{sides[0]} side",
        ]
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
        shown = badges
        if partial:
            shown = tuple(f"({badge})" for badge in badges)
        return Arc(
            key="|".join(map(str, key)),
            tail=tail,
            head=head,
            form=form,
            sides=sides,
            studies=_studies(step),
            badges=shown,
            hypothesis=hypothesis,
            clash=key in self.clashing,
            best=any(self.users[key].values()),
            title=", ".join(words),
            assumed=assumed,
        )

    def _link(self, goal: str) -> Arc:
        why, sides = self.goals[goal]
        name, disease = self.nodes[goal].name, self.nodes[self.target].name
        return Arc(
            key=f"{goal}|goal|{self.target}|1",
            tail=goal,
            head=self.target,
            form="part",
            sides=tuple(side for side in _SIDES if side in sides),
            studies="",
            badges=(),
            hypothesis=False,
            clash=False,
            best=False,
            title=clean_text(f"{name} stands for {disease}: {why}"),
        )


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


def _is_hypothesis(step: Step) -> bool:
    """Tell whether nothing but suppositions supports the step."""
    designs = [e.design for s in step.statements for e in s.evidence if e.stance == "supports"]
    return step.verdict == "hypothesis" or (bool(designs) and all("hypothesis" in d.lower() for d in designs))


def _form(step: Step) -> tuple[Form, bool]:
    """Return the arrow head, by the sign unless the relation is structural, and whether its direction is assumed."""
    from ontologies.errors import UnknownRelation
    from ontologies.vocabulary import relation

    try:
        known = relation(step.relation)
    except UnknownRelation:
        return ("raises" if step.sign > 0 else "lowers"), False
    if known.tier == "structural" or not step.sign:
        return "part", False
    if known.tier == "association":
        return ("goes with more" if step.sign > 0 else "goes with less"), not known.sign
    return ("raises" if step.sign > 0 else "lowers"), False


def _studies(step: Step) -> str:
    """Return the study label: "3", "3/1" with studies against, "3/1 ∅2" with studies that found no effect."""
    text = f"{step.support}/{step.refute}" if step.refute else f"{step.support}"
    return f"{text} ∅{step.null}" if step.null else text


def _badges(step: Step) -> tuple[tuple[str, ...], bool]:
    """Return the conditions of a step in short words, and whether they bind only some of its statements."""
    wanted: list[str] = []
    supporting = [s for s in step.statements if s.support]
    for statement in supporting:
        for condition in statement.conditions:
            words = condition_words(condition)
            if words not in wanted:
                wanted.append(words)
    return tuple(wanted), not all(s.conditions for s in supporting)


_UNITS: Final = {"a": "years", "mo": "months", "wk": "weeks", "d": "days"}


def condition_words(condition: str) -> str:
    """Return a condition as a reader would write it: signs for comparisons, unit codes as words.

    >>> condition_words("serum total IgE >= 200 [IU]/mL"), condition_words("age < 18 a"), condition_words("atopic = false")
    ('serum total IgE ≥ 200 IU/mL', 'age < 18 years', 'not atopic')
    """
    text = clean_text(condition).replace(">=", "≥").replace("<=", "≤").replace("!=", "≠").replace("[IU]", "IU")
    text = re.sub(r"\s*\{[^{}]*\}", "", text)
    text = re.sub(r"(?<=\d )(a|mo|wk|d)\b(?!/)", lambda unit: _UNITS[unit[0]], text)
    text = re.sub(r"^(.*) = false$", r"not \1", text)
    return text.removesuffix(" = true")


def _plural(word: str, number: int) -> str:
    return word if number == 1 else word.removesuffix("y") + "ies"
