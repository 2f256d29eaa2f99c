"""Random questions to the path search, and the answer by the definition: every loopless path walked, then sorted."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from queries.engine import ArcTable, Automaton, FoundPath, PathQuery

__all__ = ["brute_force", "question", "random_query", "random_table"]

COSTS = ([0], [1], [0, 0, 1, 2, 3], [1, 2, 3, 5, 8], list(range(100)), [250_000, 500_000, 1_000_000])


def random_table(chance: random.Random, nodes: int, arcs: int) -> ArcTable:
    """Return a signed multigraph with parallel arcs, self-loops, cycles, loose parts, and few distinct costs."""
    some = chance.choice(COSTS)
    return ArcTable.build(
        nodes,
        sorted(chance.randrange(nodes) for _ in range(arcs)),
        [chance.randrange(nodes) for _ in range(arcs)],
        [chance.choice((1, 1, -1)) for _ in range(arcs)],
        [chance.choice(some) for _ in range(arcs)],
        kinds=[chance.randrange(3) for _ in range(arcs)],
        relations=[chance.randrange(4) for _ in range(arcs)],
        classes=[chance.randrange(3) for _ in range(arcs)],
        node_costs=[chance.choice((0, 0, 1, 2)) for _ in range(nodes)],
        node_kinds=[chance.randrange(3) for _ in range(nodes)],
    )


def random_query(chance: random.Random, table: ArcTable, *, most: int) -> PathQuery:
    """Return a question with any of the features of a query, some of them left out."""
    nodes, rate = range(table.nodes), chance.choice((0.0, 0.1, 0.3))
    features: dict[str, Any] = {
        "avoid": lambda: frozenset(chance.sample(nodes, min(2, table.nodes))),
        "inner_kinds": lambda: _flags(chance),
        "last_kinds": lambda: _flags(chance),
        "inner_nodes": lambda: _flags(chance),
        "relations": lambda: frozenset(chance.sample(range(5), 4)),
        "arc_mask": lambda: memoryview(bytes(chance.random() < 0.9 for _ in range(table.arcs))),
        "costs": lambda: _column(chance.choice((0, 1, 3, 3, 9)) for _ in range(table.arcs)),
        "node_costs": lambda: _column(chance.choice((0, 1, 4)) for _ in nodes),
        "class_costs": lambda: _column(chance.choice((0, 1, 4)) for _ in range(3)),
        "automaton": lambda: _automaton(chance, table.nodes),
    }
    chosen = {name: make() for name, make in features.items() if chance.random() < rate}
    if chance.random() < 0.5:
        pairs = {(a, b): chance.choice((0, 0, 1, 3)) for a in range(3) for b in range(3)}
        chosen["pair_cost"] = lambda first, second: pairs[first, second]
    sources = chance.sample(nodes, chance.choice((1, 1, 2)))
    goals = chance.sample([node for node in nodes if node not in sources or chance.random() < 0.1], chance.choice((1, 1, 2)))
    most = chance.choice((1, *range(2, most + 1), most - 1, most))
    return PathQuery(
        sources={node: chance.choice((1, 1, -1)) for node in sources},
        goals={node: chance.choice((1, 1, -1, -1, -1, 0)) for node in goals},
        max_steps=most,
        min_steps=min(most + chance.choice((0, 0, 0, 0, 1)), chance.choice((1, 1, 1, 1, 2, 3, 5))),
        **chosen,
    )


def question(seed: int) -> tuple[ArcTable, PathQuery]:
    """Return a small table and a question to it, small enough for `brute_force`."""
    chance = random.Random(seed)
    nodes = chance.randint(4, 9)
    table = random_table(chance, nodes, chance.choice((chance.randint(0, 14), chance.randint(14, 26), 30)))
    return table, random_query(chance, table, most=7)


def brute_force(table: ArcTable, query: PathQuery) -> list[FoundPath]:
    """Walk every loopless path by the definition, with no bound and no queue, and sort them."""
    return sorted(_walk(table, query), key=lambda path: (path.cost, len(path.arcs), path.arcs))


def _walk(table: ArcTable, query: PathQuery) -> Iterator[FoundPath]:
    automaton = query.automaton
    costs = table.costs if query.costs is None else query.costs
    leaving = table.node_costs if query.node_costs is None else query.node_costs
    waiting: list[tuple[int, int, int, tuple[int, ...], frozenset[int], int]] = [
        (source, direction, automaton.start if automaton else 0, (), frozenset({source}), 0)
        for source, direction in query.sources.items()
    ]
    while waiting:
        node, direction, state, path, seen, cost = waiting.pop()
        if path and node in query.goals:
            accepted = automaton is None or state in automaton.accepting
            if accepted and direction == query.goals[node] and len(path) >= query.min_steps:
                ask = query.pair_cost
                pairs = sum(ask(table.classes[a], table.classes[b]) for a, b in pairwise(path)) if ask else 0
                yield FoundPath(cost + pairs, path, pairs)
            continue
        for arc in range(table.offsets[node], table.offsets[node + 1]) if len(path) < query.max_steps else ():
            head, kind = table.heads[arc], table.kinds[arc]
            flags = query.last_kinds if head in query.goals else query.inner_kinds
            if (
                head in seen or head in query.avoid
                or (query.relations is not None and table.relations[arc] not in query.relations)
                or (query.arc_mask is not None and not query.arc_mask[arc])
                or (flags is not None and not flags[kind])
                or (head not in query.goals and query.inner_nodes is not None and not query.inner_nodes[table.node_kinds[head]])
            ):  # fmt: skip
                continue
            after = state
            if automaton:
                after = automaton.transitions[state][automaton.symbol(table.relations[arc], head, table.node_kinds[head])]
            paid = costs[arc] + (leaving[node] if path else 0)
            paid += query.class_costs[table.classes[arc]] if query.class_costs is not None else 0
            if after >= 0:
                waiting.append((head, direction * table.signs[arc], after, (*path, arc), seen | {head}, cost + paid))


def _flags(chance: random.Random) -> bytes:
    return bytes(chance.random() < 0.85 for _ in range(256))


def _column(numbers: Iterator[int]) -> memoryview:
    return memoryview(array("I", numbers))


def _automaton(chance: random.Random, nodes: int) -> Automaton:
    states, heads, relations = chance.randint(1, 3), chance.randint(1, 2), chance.randint(1, 2)
    leads = (-1, *range(states), *range(states))
    return Automaton(
        tuple(tuple(chance.choice(leads) for _ in range(heads * relations)) for _ in range(states)),
        frozenset(state for state in range(states) if chance.random() < 0.7),
        start=chance.randrange(states),
        head_groups=heads,
        relation_groups={number: chance.randrange(relations) for number in range(2)},
        kind_groups={number: chance.randrange(heads) for number in range(2)},
        node_groups={chance.randrange(nodes): chance.randrange(heads)},
    )
