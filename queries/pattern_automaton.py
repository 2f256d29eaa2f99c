"""From a pattern, and nodes that must be passed, to the automaton that the search runs beside its paths.

Relations that no arrow tells apart are one group, and so are categories that no node of the pattern tells apart; entities that
are named have a group of their own. Over these groups the pattern, which may be in several places at once where it has ``…``,
is made deterministic. A state also remembers which of the nodes to be passed were met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ontologies.categories import CATEGORIES
from ontologies.errors import BadInput
from queries.engine import Automaton
from queries.engine.query import MOST_STATES
from queries.patterns import Pattern, PatternNode, PatternPart
from queries.step_rules import category_number, relation_names

__all__ = ["NamedNode", "automaton_of"]

_State: TypeAlias = tuple[frozenset[int], int]
_ANY = PatternNode("*")


@dataclass(frozen=True, slots=True)
class NamedNode:
    """An entity that a search names: its number in the table, its CURIE and its category."""

    number: int
    curie: str
    category: str


def automaton_of(
    pattern: Pattern | None, through: Sequence[NamedNode] = (), named: Iterable[NamedNode] = ()
) -> Automaton | None:
    """Return the automaton of a pattern (None: any path) and of nodes to be passed; None where every path is right.

    `named` are the entities that the pattern names and the graph holds. The source is not read: compare it with the first
    node of the pattern. A node of `through` counts as passed at the end of a path, too.

    Raises `BadInput` for a question of more states than a search carries.
    """
    if pattern is None and not through:
        return None
    nodes = pattern.nodes if pattern else (_ANY, _ANY)
    parts = pattern.parts if pattern else (PatternPart(_everything(), gap=True, last=_everything()),)
    arrows = [relations for part in parts for relations in (part.relations, part.last)]
    relation_groups, relation_signs = _grouped(
        range(len(relation_names())), lambda number: tuple(number in arrow for arrow in arrows)
    )
    passed = {node.number: place for place, node in enumerate(through)}

    def signature(curie: str, category: str, number: int) -> tuple[object, ...]:
        return (passed.get(number, -1), *(node.admits(curie, category) for node in nodes))

    kinds = {0: "", **{category_number(name): name for name in CATEGORIES}}
    kind_groups, head_signs = _grouped(kinds, lambda kind: signature("", kinds[kind], -1))
    node_groups: dict[int, int] = {}
    for node in (*named, *through):
        sign = signature(node.curie, node.category, node.number)
        if sign not in head_signs:
            head_signs.append(sign)
        node_groups[node.number] = head_signs.index(sign)
    step = _Stepper(parts, relation_signs, head_signs)
    transitions, states = _determined(step, len(relation_signs), len(head_signs))
    everywhere = (1 << len(through)) - 1
    accepting = frozenset(n for (places, met), n in states.items() if len(parts) in places and met == everywhere)
    return Automaton(
        transitions, accepting, head_groups=len(head_signs), relation_groups=relation_groups, kind_groups=kind_groups,
        node_groups=node_groups,
    )  # fmt: skip


def _everything() -> frozenset[int]:
    return frozenset(range(len(relation_names())))


def _grouped(
    keys: Iterable[int], sign: Callable[[int], tuple[object, ...]]
) -> tuple[Mapping[int, int], list[tuple[object, ...]]]:
    """Number the different signs of keys in the order of their first meeting."""
    signs: dict[tuple[object, ...], int] = {}
    groups = {key: signs.setdefault(sign(key), len(signs)) for key in keys}
    return groups, list(signs)


@dataclass(frozen=True)
class _Stepper:
    """Where a pattern may stand after a step; place i < n is node i, place n + 1 + i is within the stretch of part i."""

    parts: Sequence[PatternPart]
    relations: Sequence[tuple[object, ...]]
    heads: Sequence[tuple[object, ...]]

    def after(self, state: _State, relation_group: int, head_group: int) -> _State:
        """Return the state after a step of these groups."""
        places, met = state
        over, into = self.relations[relation_group], self.heads[head_group]
        there: set[int] = set()
        for place in places:
            inside = place > len(self.parts)
            part = place - len(self.parts) - 1 if inside else place
            if part >= len(self.parts):
                continue
            first, last = bool(over[2 * part]), bool(over[2 * part + 1])
            gap, fits = self.parts[part].gap, bool(into[1 + part + 1])
            if fits and ((last and (inside or first)) if gap else first):
                there.add(part + 1)
            if gap and (inside or first):
                there.add(len(self.parts) + 1 + part)
        passed = into[0]
        assert isinstance(passed, int)
        return frozenset(there), met | (1 << passed if passed >= 0 else 0)


def _determined(
    step: _Stepper, relation_groups: int, head_groups: int
) -> tuple[tuple[tuple[int, ...], ...], dict[_State, int]]:
    """Number the sets of places that can be reached; -1 where a path cannot go on."""
    start: _State = (frozenset({0}), 0)
    states: dict[_State, int] = {start: 0}
    rows: list[tuple[int, ...]] = []
    waiting = [start]
    while len(rows) < len(waiting):
        state = waiting[len(rows)]
        row = []
        for relation_group in range(relation_groups):
            for head_group in range(head_groups):
                found = step.after(state, relation_group, head_group)
                if found[0] and found not in states:
                    if len(states) == MOST_STATES:
                        raise BadInput(
                            f"the pattern, with the nodes to be passed, has more than {MOST_STATES} states; "
                            "ask with fewer … or fewer nodes to be passed"
                        )
                    states[found] = len(states)
                    waiting.append(found)
                row.append(states[found] if found[0] else -1)
        rows.append(tuple(row))
    return tuple(rows), states
