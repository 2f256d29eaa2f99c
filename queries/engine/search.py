"""The search in Python: for small tables, and wherever the kernel is not there. Same answers as kernel.c, same order.

The method and why it is exact: docs/engine.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from time import monotonic
from typing import NamedTuple

from ontologies.errors import BackendError
from queries.engine.arcs import ArcTable
from queries.engine.found import FoundPath, OutOfRoom, OutOfTime, pair_costs
from queries.engine.query import PathQuery

__all__ = ["search"]

_STEP_BITS = 6
_LOOK = 4096  # arcs between two looks at the clock


class _Step(NamedTuple):
    """An arc as one search sees it; `packed` is its cost with one step, without that of leaving its tail."""

    arc: int
    tail: int
    head: int
    flip: int
    packed: int
    inner: bool
    last: bool
    relation: int
    class_: int


class _Entry(NamedTuple):
    """A partial path in the queue: key and arcs come first, they are the order."""

    key: int
    arcs: tuple[int, ...]
    spent: int
    paired: int
    state: int
    nodes: tuple[int, ...]
    classes: tuple[int, int]
    siblings: _Siblings | None


class _Siblings(NamedTuple):
    """The partial path that a step continues, and where the step stands among all that may."""

    parent: _Entry
    steps: list[tuple[int, int, _Step]]
    place: int


def search(table: ArcTable, query: PathQuery, *, deadline: float | None, room: int) -> Iterator[FoundPath]:
    """Yield the paths of a query, best first; raises OutOfTime, OutOfRoom, and BackendError for a damaged table.

    >>> table = ArcTable.build(3, tails=[0, 0, 1], heads=[1, 2, 2], signs=[-1, 1, -1], costs=[5, 40, 7])
    >>> [found.arcs for found in search(table, PathQuery({0: 1}, {2: 1}, 2), deadline=None, room=100)]
    [(0, 2), (1,)]
    """
    return _Search(table, query, deadline, room).run()


class _Search:
    def __init__(self, table: ArcTable, query: PathQuery, deadline: float | None, room: int) -> None:
        self.table, self.query, self.deadline, self.room = table, query, deadline, room
        self.states = len(query.automaton.transitions) if query.automaton else 1
        self.leaving = table.node_costs if query.node_costs is None else query.node_costs
        self.costs = table.costs if query.costs is None else query.costs
        self.closed = query.avoid | set(query.goals) | (set(query.sources) if len(query.sources) == 1 else set())
        self.steps: dict[int, _Step | None] = {}
        self.layers: dict[int, dict[int, int]] = {}
        self.lists: dict[tuple[int, int], list[tuple[int, int, _Step]]] = {}
        self.scanned = 0
        self.used = 0

    # ---- reading the table

    def _tick(self, arcs: int) -> None:
        self.scanned += arcs
        if self.scanned >= _LOOK:
            self.scanned = 0
            if self.deadline is not None and monotonic() > self.deadline:
                raise OutOfTime

    def _row(self, offsets: memoryview, node: int) -> range:
        first, beyond = offsets[node], offsets[node + 1]
        if not 0 <= first <= beyond <= self.table.arcs:
            raise BackendError(f"{self.table.place}: the path index is damaged; build it again")
        self._tick(beyond - first + 8)
        return range(first, beyond)

    def _step(self, arc: int, tail: int) -> _Step | None:
        """Return an arc if the query may use it."""
        table, query = self.table, self.query
        head, relation, kind, class_ = table.heads[arc], table.relations[arc], table.kinds[arc], table.classes[arc]
        if head >= table.nodes or tail >= table.nodes:
            raise BackendError(f"{table.place}: the path index is damaged; build it again")
        if (query.relations is not None and relation not in query.relations) or (query.arc_mask and not query.arc_mask[arc]):
            return None
        cost = self.costs[arc]
        if query.class_costs is not None:
            if class_ >= len(query.class_costs):
                raise BackendError(f"{table.place}: the path index is damaged; build it again")
            cost += query.class_costs[class_]
        return _Step(
            arc, tail, head, int(table.signs[arc] < 0), (cost << _STEP_BITS) + 1,
            not query.inner_kinds or bool(query.inner_kinds[kind]), not query.last_kinds or bool(query.last_kinds[kind]),
            relation, class_,
        )  # fmt: skip

    def _known(self, arc: int, tail: int) -> _Step | None:
        if arc not in self.steps:
            self.steps[arc] = self._step(arc, tail)
        return self.steps[arc]

    def _out(self, node: int) -> list[_Step]:
        return [step for arc in self._row(self.table.offsets, node) if (step := self._known(arc, node))]

    def _into(self, node: int) -> list[_Step]:
        found = []
        for at in self._row(self.table.in_offsets, node):
            arc = self.table.in_arcs[at]
            if arc >= self.table.arcs:
                raise BackendError(f"{self.table.place}: the path index is damaged; build it again")
            if step := self._known(arc, self.table.in_tails[at]):
                found.append(step)
        return found

    def _passable(self, node: int) -> bool:
        """May a path pass through the node?"""
        flags = self.query.inner_nodes
        return node not in self.closed and (flags is None or bool(flags[self.table.node_kinds[node]]))

    def _leave(self, node: int) -> int:
        return int(self.leaving[node]) << _STEP_BITS

    # ---- states: (node * 2 + 1 if down) * states + state of the automaton

    def _moves(self, step: _Step) -> list[tuple[int, int]]:
        """Return the state before and after for each way to take a step."""
        automaton = self.query.automaton
        if automaton is None:
            return [(step.tail * 2 + d, step.head * 2 + (d ^ step.flip)) for d in (0, 1)]
        symbol = automaton.symbol(step.relation, step.head, self.table.node_kinds[step.head])
        return [
            ((step.tail * 2 + d) * self.states + q, (step.head * 2 + (d ^ step.flip)) * self.states + row[symbol])
            for q, row in enumerate(automaton.transitions)
            if row[symbol] >= 0
            for d in (0, 1)
        ]

    def _goals(self, left: int) -> dict[int, int]:
        """Return the states where a path may end with so many steps left."""
        query = self.query
        if query.max_steps - left < query.min_steps:
            return {}
        accepting = query.automaton.accepting if query.automaton else (0,)
        return {
            (node * 2 + (wanted < 0)) * self.states + q: 0
            for node, wanted in query.goals.items()
            if wanted and node not in query.avoid and not (len(query.sources) == 1 and node in query.sources)
            for q in accepting
        }

    # ---- the bound

    def _bound(self) -> None:
        """Fill the layers: the least packed cost from each state to a goal, by the number of steps left."""
        most = self.query.max_steps
        self.layers[0] = self._goals(0)
        levels: list[set[int]] = [set(self.query.sources)]  # nodes
        back = 0
        while back + len(levels) < most and levels[-1]:
            if back and self._degree(levels[-1], self.table.offsets) * 4 < self._degree(
                {state // self.states // 2 for state in self.layers[back]}, self.table.in_offsets
            ):
                levels.append({s.head for node in levels[-1] for s in self._out(node) if s.inner and self._passable(s.head)})
            else:
                back += 1
                self.layers[back] = self._further(back)
        for depth in range(len(levels) - 1, 0, -1):
            left = most - depth
            below = self.layers.get(left - 1, {})
            self.layers[left] = self._goals(left)
            for node in levels[depth]:
                self._meet(self._out(node), self._leave(node), below, self.layers[left])

    def _degree(self, nodes: set[int], offsets: memoryview) -> int:
        return sum(len(self._row(offsets, node)) for node in nodes)

    def _further(self, left: int) -> dict[int, int]:
        """One step back from the layer below."""
        below, goals = self.layers[left - 1], self._goals(left)
        older = self.layers.get(left - 2, {}) if goals else {}
        layer = {**below, **goals} if goals else {}
        for head in {state // self.states // 2 for state, cost in below.items() if older.get(state) != cost}:
            for step in self._into(head):
                if self._passable(step.tail):
                    self._meet([step], self._leave(step.tail), below, layer)
        return layer

    def _meet(self, steps: list[_Step], paid: int, below: dict[int, int], layer: dict[int, int]) -> None:
        for step in steps:
            for before, after in self._moves(step):
                rest = below.get(after)
                if rest is None or not (step.inner if rest else step.last):
                    continue
                cost = rest + step.packed + paid
                if cost < layer.get(before, cost + 1):
                    layer[before] = cost

    # ---- best first

    def run(self) -> Iterator[FoundPath]:
        query = self.query
        if self.deadline is not None and monotonic() > self.deadline:
            raise OutOfTime
        if query.max_steps < 1 or query.min_steps > query.max_steps:
            return
        self._bound()
        pair_cost = pair_costs(self.table, query) if query.pair_cost else None
        queue: list[_Entry] = []
        start = query.automaton.start if query.automaton else 0
        for source, direction in query.sources.items():
            root = _Entry(0, (), 0, 0, (source * 2 + (direction < 0)) * self.states + start, (source,), (0, 0), None)
            self._push(queue, root, self._next(root), 0)
        while queue:
            self._tick(16)
            entry = heappop(queue)
            if entry.siblings:
                self._push(queue, entry.siblings.parent, entry.siblings.steps, entry.siblings.place + 1)
                entry = entry._replace(siblings=None)
                extra = pair_cost(*entry.classes) if pair_cost and len(entry.arcs) > 1 else 0
                if extra:
                    packed = extra << _STEP_BITS
                    heappush(queue, entry._replace(
                        key=entry.key + packed, spent=entry.spent + packed, paired=entry.paired + extra,
                    ))  # fmt: skip
                    continue
            if entry.nodes[-1] in query.goals:
                yield FoundPath(entry.key >> _STEP_BITS, entry.arcs, entry.paired)
            else:
                self._push(queue, entry, self._next(entry), 0)

    def _next(self, entry: _Entry) -> list[tuple[int, int, _Step]]:
        """Return the steps that may follow, by the least cost of what follows them: (cost, arc, step)."""
        depth = len(entry.arcs)
        key = (entry.state, depth)
        if key not in self.lists:
            below, paid = self.layers.get(self.query.max_steps - depth - 1, {}), self._leave(entry.nodes[-1]) if depth else 0
            found = []
            for step in self._out(entry.nodes[-1]):
                for before, after in self._moves(step):
                    rest = below.get(after)
                    if before == entry.state and rest is not None and (step.inner if rest else step.last):
                        found.append((rest + step.packed + paid, step.arc, step))
            found.sort(key=lambda item: item[:2])
            self.used += len(found)
            self.lists[key] = found
        return self.lists[key]

    def _push(self, queue: list[_Entry], parent: _Entry, steps: list[tuple[int, int, _Step]], place: int) -> None:
        """Queue the next of the steps that leads to a node not yet on the path."""
        while place < len(steps) and steps[place][2].head in parent.nodes:
            place += 1
        if place == len(steps):
            return
        self.used += 1
        if self.used > self.room:
            raise OutOfRoom
        value, arc, step = steps[place]
        after = next(after for before, after in self._moves(step) if before == parent.state)
        rest = self.layers[self.query.max_steps - len(parent.arcs) - 1][after]
        key = parent.spent + value
        heappush(queue, _Entry(
            key, (*parent.arcs, arc), key - rest, parent.paired, after, (*parent.nodes, step.head),
            (parent.classes[1], step.class_), _Siblings(parent, steps, place),
        ))  # fmt: skip
