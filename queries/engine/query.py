"""What a search is asked: where it starts and ends, what it may use, and what it pays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from queries.engine.arcs import ArcTable

__all__ = ["MOST_STATES", "MOST_STEPS", "Automaton", "PathQuery"]

MOST_STEPS = 63
"""No search goes further: the number of steps has six bits of the packed cost."""
MOST_STATES = 64
"""An automaton has no more states than this."""


@dataclass(frozen=True)
class Automaton:
    """A finite automaton that reads a path step by step; a path counts only if it ends in an accepting state.

    The symbol of a step is `relation_group * head_groups + head_group`: the group of its relation (`relation_groups`, by
    number; 0 if not listed) and that of the node it leads to (`node_groups`, by node, else `kind_groups`, by node kind; 0 if
    in neither). `transitions[state][symbol]` is the next state, or -1 where the path may not go on. This writes patterns of
    categories and relations, and nodes or kinds that a path must pass through. The source gives no symbol.

    Raises ValueError for tables that do not fit together.

    >>> through = Automaton(((0, 1), (1, 1)), accepting=frozenset({1}), head_groups=2, node_groups={7: 1})  # must pass node 7
    >>> [through.symbol(relation=3, head=head, kind=0) for head in (5, 7)]
    [0, 1]
    """

    transitions: tuple[tuple[int, ...], ...]
    accepting: frozenset[int]
    start: int = 0
    head_groups: int = 1
    relation_groups: Mapping[int, int] = field(default_factory=dict)
    kind_groups: Mapping[int, int] = field(default_factory=dict)
    node_groups: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        states, symbols = len(self.transitions), len(self.transitions[0]) if self.transitions else 0
        if not 1 <= states <= MOST_STATES or not 1 <= symbols <= 65_535 or {len(row) for row in self.transitions} != {symbols}:
            raise ValueError(f"an automaton has 1–{MOST_STATES} states, each with the same symbols (at most 65535)")
        if not {-1, *range(states)}.issuperset(next_ for row in self.transitions for next_ in row):
            raise ValueError("a transition leads to -1 or to a state")
        if not {*range(states)}.issuperset({self.start, *self.accepting}):
            raise ValueError("start and accepting states must be states")
        if self.head_groups < 1 or symbols % self.head_groups:
            raise ValueError("the number of symbols must be a multiple of the head groups")
        for name, groups, count, keys in (
            ("relation", self.relation_groups, symbols // self.head_groups, 65_536),
            ("kind", self.kind_groups, self.head_groups, 256),
            ("node", self.node_groups, self.head_groups, 2**32),
        ):
            if not all(0 <= group < count and 0 <= key < keys for key, group in groups.items()):
                raise ValueError(f"{name} groups must be from 0 to {count - 1}")

    def symbol(self, relation: int, head: int, kind: int) -> int:
        """Return the symbol of a step over this relation to this node of this kind."""
        group = self.node_groups.get(head)
        if group is None:
            group = self.kind_groups.get(kind, 0)
        return self.relation_groups.get(relation, 0) * self.head_groups + group


@dataclass(frozen=True)
class PathQuery:
    """One question to the search.

    A path starts at a node of `sources` in the direction given there (+1 up, -1 down); each arc multiplies the direction by
    its sign; it ends at the first node of `goals` it reaches and counts if it arrives in the direction wanted there (0: paths
    end there and never count) after `min_steps` to `max_steps` steps. No node occurs twice in a path, whichever its
    direction. A source that is a goal is left at once. Nodes of `avoid` are never entered.

    `inner_kinds` and `last_kinds` say, by 256 flags, which kinds of arc may be a step that does not, or does, end in a goal;
    `inner_nodes`, by node kind, which nodes may stand inside a path. `relations` and `arc_mask` (one byte per arc) leave out
    arcs. `costs` and `node_costs` replace those of the table; `class_costs` are added by the class of the arc. `pair_cost`
    is paid for each two consecutive steps, by their classes; it must always give the same whole number >= 0, and is asked
    once for each pair of classes, table and function. An `automaton` accepts or refuses whole paths.

    Raises ValueError for what no table could answer; `check` compares with a table.

    >>> PathQuery(sources={0: 1}, goals={3: -1}, max_steps=4).min_steps
    1
    """

    sources: Mapping[int, int]
    goals: Mapping[int, int]
    max_steps: int
    min_steps: int = 1
    avoid: frozenset[int] = frozenset()
    inner_kinds: bytes | None = None
    last_kinds: bytes | None = None
    inner_nodes: bytes | None = None
    relations: frozenset[int] | None = None
    arc_mask: memoryview | None = None
    costs: memoryview | None = None
    node_costs: memoryview | None = None
    class_costs: memoryview | None = None
    pair_cost: Callable[[int, int], int] | None = None
    automaton: Automaton | None = None

    def __post_init__(self) -> None:
        if not {1, -1}.issuperset(self.sources.values()) or not {1, 0, -1}.issuperset(self.goals.values()):
            raise ValueError("directions are +1 and -1 (and 0 for a goal that does not count)")
        if not 0 <= self.max_steps <= MOST_STEPS:
            raise ValueError(f"max_steps must be from 0 to {MOST_STEPS}")
        for name in ("inner_kinds", "last_kinds", "inner_nodes"):
            flags = getattr(self, name)
            if flags is not None and len(flags) != 256:
                raise ValueError(f"{name} must be 256 flags")

    def check(self, table: ArcTable) -> None:
        """Raise ValueError if the query names nodes that the table lacks, or columns that do not fit it.

        >>> PathQuery({9: 1}, {}, 2).check(ArcTable.build(1, [], [], [], []))
        Traceback (most recent call last):
        ...
        ValueError: 9 is no node of the table
        """
        groups = self.automaton.node_groups if self.automaton else {}
        for nodes in (self.sources, self.goals, self.avoid, groups):
            for node in (min(nodes), max(nodes)) if nodes else ():
                if not 0 <= node < table.nodes:
                    raise ValueError(f"{node} is no node of the table")
        for name, code, length in (
            ("arc_mask", "B", table.arcs),
            ("costs", "I", table.arcs),
            ("node_costs", "I", table.nodes),
            ("class_costs", "I", table.class_count),
        ):
            view = getattr(self, name)
            if view is None:
                continue
            if view.format != code or view.ndim != 1 or not view.c_contiguous:
                raise ValueError(f"{name} must be a contiguous memoryview of format {code!r}")
            if len(view) < length or (len(view) > length and name != "class_costs"):
                raise ValueError(f"{name} has {len(view)} numbers, the table needs {length}")
