"""Curated paths as the yardstick: which nodes, in which direction, lead from a drug to a disease.

A `GoldPath` is a directed graph between the two ends, as its curators drew it. A ranked path *hits* it when the nodes
between the ends, in their order and with their directions, are a path of it. Which relation joins two nodes is not
compared, nor the ends themselves: they were given.

*Directions*: the drug goes up; each link multiplies by its sign. After a link without a sign the direction is not known,
and any direction agrees with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

__all__ = ["GoldPath", "Question", "questions_of", "said_elsewhere"]


@dataclass(frozen=True)
class GoldPath:
    """One curated record: `links` are (tail, head, sign) with sign +1, -1 or 0 (not known)."""

    key: str
    study: str
    source: str
    target: str
    links: tuple[tuple[str, str, int], ...]

    @cached_property
    def directions(self) -> Mapping[str, frozenset[int]]:
        """The nodes between the ends, each with the directions in which some walk from the source reaches it.

        >>> gold = GoldPath("r", "s", "D", "X", (("D", "A", -1), ("A", "B", 0), ("B", "X", 1), ("D", "C", 1)))
        >>> sorted(gold.directions.items())
        [('A', frozenset({-1})), ('B', frozenset({0}))]
        """
        between = self._between
        found: dict[str, set[int]] = defaultdict(set)
        waiting = [(self.source, 1)]
        while waiting:
            node, direction = waiting.pop()
            if direction in found[node]:
                continue
            found[node].add(direction)
            if node != self.target:
                waiting.extend((head, direction * sign) for head, sign in between.get(node, ()))
        return {node: frozenset(its) for node, its in found.items() if node not in (self.source, self.target)}

    @cached_property
    def _between(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """The links that lie on some walk from the source to the target, by tail."""
        ahead = _reach(self.source, ((tail, head) for tail, head, _ in self.links), stop=self.target)
        behind = _reach(self.target, ((head, tail) for tail, head, _ in self.links), stop=self.source)
        kept: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for tail, head, sign in self.links:
            if tail in ahead and head in behind and head != self.source and tail != self.target:
                kept[tail].append((head, sign))
        return {tail: tuple(heads) for tail, heads in kept.items()}

    def follows(self, nodes: Sequence[str], directions: Sequence[int] | None = None) -> bool:
        """Tell whether the nodes (between the ends, in order) are a path of this record, in these directions if given.

        >>> gold = GoldPath("r", "s", "D", "X", (("D", "A", -1), ("A", "B", 0), ("B", "X", 1)))
        >>> gold.follows(["A", "B"], [-1, 1]), gold.follows(["A", "B"], [1, 1]), gold.follows(["A"])
        (True, False, False)
        """
        here, states = self.source, {1}
        for number, node in enumerate([*nodes, self.target]):
            signs = {sign for head, sign in self._between.get(here, ()) if head == node}
            states = {state * sign for state in states for sign in signs}
            if directions is not None and number < len(directions):
                states = {state for state in states if state in (0, directions[number])}
            if not states:
                return False
            here = node
        return True

    def steps(self, node: str) -> tuple[tuple[str, int], ...]:
        """Return where the record goes from a node: (next node, sign), on walks to the target only."""
        return self._between.get(node, ())


@dataclass(frozen=True)
class Question:
    """A drug and a disease, all records about them, and the studies to hide while they are asked about."""

    source: str
    target: str
    gold: tuple[GoldPath, ...]
    hidden: frozenset[str]

    @cached_property
    def interior(self) -> Mapping[str, frozenset[int]]:
        """The nodes between the ends over all records, with their directions."""
        found: dict[str, set[int]] = defaultdict(set)
        for gold in self.gold:
            for node, directions in gold.directions.items():
                found[node].update(directions)
        return {node: frozenset(directions) for node, directions in found.items()}


def questions_of(gold: Iterable[GoldPath], others: Iterable[GoldPath] = ()) -> tuple[list[Question], dict[str, int]]:
    """Return a question for each drug-disease pair of the gold records, sorted by pair, and why records make none.

    All records of a pair are hidden together, those among `others` too. A record without a path from its drug to its
    disease, or with no node between them, makes no question; it hides its pair's other records' claims all the same.
    """
    pairs: dict[tuple[str, str], list[GoldPath]] = defaultdict(list)
    hidden: dict[tuple[str, str], set[str]] = defaultdict(set)
    refused = {"without a drug or disease": 0, "without a node between drug and disease": 0}
    taken = set()
    for record in gold:
        taken.add(record.key)
        hidden[record.source, record.target].add(record.study)
        if not (record.source and record.target):
            refused["without a drug or disease"] += 1
        elif not record.directions:
            refused["without a node between drug and disease"] += 1
        else:
            pairs[record.source, record.target].append(record)
    for record in others:
        if record.key not in taken:
            hidden[record.source, record.target].add(record.study)
    questions = [Question(*pair, tuple(records), frozenset(hidden[pair])) for pair, records in sorted(pairs.items())]
    return questions, {reason: number for reason, number in refused.items() if number}


def said_elsewhere(questions: Iterable[Question], records: Iterable[GoldPath]) -> list[bool]:
    """Tell for each question whether the records of other pairs say enough: each link, with its sign, of a path to benefit.

    A path to benefit has a sign at every link and their product is -1 (less disease). This is what anybody could join from
    signed links of these records, whatever the rules of a graph; where it is false, only another source can help.

    >>> one = GoldPath("1", "1", "D", "X", (("D", "A", -1), ("A", "X", 1)))
    >>> two = GoldPath("2", "2", "D", "Y", (("D", "A", -1), ("A", "Y", 1)))
    >>> three = GoldPath("3", "3", "E", "X", (("E", "A", 1), ("A", "X", 1)))
    >>> said_elsewhere(questions_of([one, two])[0], [one, two, three])
    [True, False]
    """
    by_link: dict[tuple[str, str, int], set[tuple[str, str]]] = defaultdict(set)
    for record in records:
        for link in record.links:
            by_link[link].add((record.source, record.target))
    return [any(_joinable(gold, by_link) for gold in question.gold) for question in questions]


def _joinable(gold: GoldPath, by_link: Mapping[tuple[str, str, int], set[tuple[str, str]]]) -> bool:
    pair, seen, waiting = (gold.source, gold.target), set(), [(gold.source, 1)]
    while waiting:
        node, direction = waiting.pop()
        if (node, direction) in seen:
            continue
        seen.add((node, direction))
        for head, sign in gold.steps(node):
            if sign and by_link[node, head, sign] - {pair}:
                if head != gold.target:
                    waiting.append((head, direction * sign))
                elif node != gold.source and direction * sign == -1:
                    return True
    return False


def _reach(start: str, links: Iterable[tuple[str, str]], *, stop: str) -> set[str]:
    onward: dict[str, list[str]] = defaultdict(list)
    for tail, head in links:
        onward[tail].append(head)
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if node != stop or node == start:
            fresh = set(onward[node]) - seen
            seen |= fresh
            waiting.extend(fresh)
    return seen
