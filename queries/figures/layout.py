"""Where everything in a scene stands: columns from drug to disease, heights by `dot`, arcs as smooth curves between.

Boxes stand in the even columns, study labels in the odd ones. An arc that crosses a column has a lane of its own there,
laid out like a box, and curves only in the gaps between columns: so no arc can run through a foreign box or label.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from queries.figures.dot import Item, Link, heights
from queries.figures.measure import HEAD, SLOT_IN, SLOT_OUT, Measured, Type, least_gap, small_lines
from queries.figures.scene import Arc, Box, Scene
from queries.figures.straighten import Chain, Slots, straighten

__all__ = ["Curve", "Label", "Placed", "PlacedBox", "lay_out", "least_width"]

_LANE: Final = 3.0
_BETWEEN: Final = 4.0
_STRAIGHT: Final = 2.0


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box with its middle, its size, the lines of its name and the small lines below them."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    small: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """The study label of an arc: its middle, its size, its lines: the studies, then the conditions."""

    arc: Arc
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """The line of an arc: a start and cubic Bézier pieces (two controls and an end); it ends where the head begins."""

    arc: Arc
    start: tuple[float, float]
    pieces: tuple[tuple[float, float, float, float, float, float], ...]

    @property
    def end(self) -> tuple[float, float]:
        """The point where the head begins; every head points to the right."""
        return self.pieces[-1][4:]


@dataclass(frozen=True, slots=True)
class Placed:
    """A scene with coordinates in points, from (0, 0) at the upper left."""

    scene: Scene
    type: Type
    width: float
    height: float
    boxes: tuple[PlacedBox, ...]
    labels: tuple[Label, ...]
    curves: tuple[Curve, ...]


def lay_out(scene: Scene, setting: Type, width: float) -> Placed | None:
    """Place a scene in a given width; None if it does not fit there with this setting.

    Raises `ontologies.errors.MissingPart` when pygraphviz is not installed.
    """
    sizes = Measured(scene, setting)
    return None if sizes.least_width > width else _Placer(scene, setting, sizes).place(width)


def least_width(scene: Scene, setting: Type) -> float:
    """Return the width without which a scene cannot be drawn; quick, as nothing is laid out."""
    return Measured(scene, setting).least_width


def _heights(scene: Scene, chains: Sequence[Chain], size: Mapping[str, float]) -> dict[str, float]:
    """Return the height of every item as `dot` has it; benefit is turned above harm."""
    if not chains:
        return dict.fromkeys((box.key for box in scene.boxes), 0.0)
    numbers: dict[str, str] = {}
    items: list[Item] = []
    side_of: dict[str, str] = {}

    def add(key: str, sides: Sequence[str]) -> None:
        group = sides[0] if len(sides) == 1 else ""
        numbers[key] = f"i{len(numbers)}"
        side_of[key] = group
        items.append(Item(numbers[key], size[key], group))

    for box in scene.boxes:
        add(box.key, () if box.role else box.sides)
    links: list[Link] = []
    for arc, chain in zip(scene.arcs, chains, strict=True):
        for key in chain.way:
            add(key, arc.sides)
        stops = [chain.tail, *chain.way, chain.head]
        inner = 6 if len(stops) > 3 else 2
        for place, (tail, head) in enumerate(itertools.pairwise(stops)):
            weight = (inner if 0 < place < len(stops) - 2 else 1) * (3 if arc.best else 1)
            links.append(Link(numbers[tail], numbers[head], weight))
    found = heights(items, links, between=_BETWEEN)
    ys = {key: found[number] for key, number in numbers.items()}
    means = {side: [y for key, y in ys.items() if side_of[key] == side] for side in ("benefit", "harm")}
    if all(means.values()) and _mean(means["benefit"]) > _mean(means["harm"]):
        ys = {key: -y for key, y in ys.items()}
    return ys


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


class _Placer:
    """Gives columns their places, boxes their coordinates, and arcs their curves."""

    def __init__(self, scene: Scene, setting: Type, sizes: Measured) -> None:
        self.scene, self.setting, self.sizes, self.ranks = scene, setting, sizes, sizes.ranks
        self.chains = sizes.chains(scene)
        size = {key: height for key, (_, height) in sizes.size.items()}
        columns: dict[int, list[str]] = {}
        for key, rank in self.ranks.items():
            columns.setdefault(2 * rank, []).append(key)
        for chain in self.chains:
            for place, key in enumerate(chain.way):
                size.setdefault(key, _LANE)
                columns.setdefault(2 * self.ranks[chain.tail] + 1 + place, []).append(key)
        slots = Slots(self.chains, size, leave=SLOT_OUT + 1.4, enter=SLOT_IN + 0.8)
        found = _heights(scene, self.chains, size)
        ys = straighten(found, [columns[number] for number in sorted(columns)], slots, _BETWEEN)
        top = min(ys[key] - size[key] / 2 for key in ys)
        self.ys = {key: y - top for key, y in ys.items()}
        self.height = max(y + size[key] / 2 for key, y in self.ys.items())
        self.leaves, self.enters = slots.leaving(self.ys), slots.entering(self.ys)
        self.turns = self._turns()

    def place(self, width: float) -> Placed | None:
        """Return the drawing, or None when the curves would be too steep in this width."""
        travel = self._travel()
        count = self.sizes.last + 1
        gaps = [least_gap(c) + min(0.06 * travel.get(c, 0.0), 9.0) for c in range(count - 1)]
        free = width - sum(self.sizes.width.values()) - sum(gaps)
        if free < 0:
            return None
        wish = [max(0.0, min(26.0 + 0.16 * travel.get(c, 0.0), 54.0) - gaps[c]) for c in range(count - 1)]
        share = min(1.0, free / sum(wish)) if sum(wish) else 0.0
        gaps = [gap + share * more for gap, more in zip(gaps, wish, strict=True)]
        left: list[float] = []
        x = 0.0
        for column in range(count):
            left.append(x)
            x += self.sizes.width.get(column, 0.0) + (gaps[column] if column < count - 1 else 0.0)
        right = [left[c] + self.sizes.width.get(c, 0.0) for c in range(count)]
        return Placed(
            self.scene,
            self.setting,
            x,
            self.height,
            boxes=tuple(self._box(box, left, right) for box in self.scene.boxes),
            labels=tuple(self._label(arc, left, right) for arc in self.scene.arcs if arc.studies),
            curves=tuple(self._curve(a, c, left, right) for a, c in zip(self.scene.arcs, self.chains, strict=True)),
        )

    def _heights_of(self, chain: Chain) -> list[tuple[int, float, float]]:
        """Return for each gap that an arc crosses the column before it, and the heights on both sides of it."""
        ys = [self.leaves[chain.key], *(self.ys[key] for key in chain.way), self.enters[chain.key]]
        return [(2 * self.ranks[chain.tail] + i, y, other) for i, (y, other) in enumerate(itertools.pairwise(ys))]

    def _travel(self) -> dict[int, float]:
        """Return for each gap the greatest height that an arc climbs or falls in it."""
        travel: dict[int, float] = {}
        for chain in self.chains:
            for column, y, other in self._heights_of(chain):
                travel[column] = max(travel.get(column, 0.0), abs(y - other))
        return travel

    def _turns(self) -> dict[tuple[str, int], float]:
        """Return where in its gap (0 left to 1 right) each arc climbs or falls, so that neighbours do not lie on each other.

        Of the falling arcs the lowest turns first, of the climbing ones the highest: so none crosses another for it.
        """
        moving: dict[tuple[int, bool], list[tuple[float, float, str]]] = {}
        for chain in self.chains:
            for column, y, other in self._heights_of(chain):
                if abs(y - other) > _STRAIGHT:
                    falls = other > y
                    moving.setdefault((column, falls), []).append((-y if falls else y, -other if falls else other, chain.key))
        turns: dict[tuple[str, int], float] = {}
        for (column, _), arcs in moving.items():
            step = min(0.14, 0.5 / max(len(arcs) - 1, 1))
            for place, (*_, key) in enumerate(sorted(arcs)):
                turns[key, column] = 0.5 + (place - (len(arcs) - 1) / 2) * step
        return turns

    def _box(self, box: Box, left: Sequence[float], right: Sequence[float]) -> PlacedBox:
        column = 2 * self.ranks[box.key]
        width, height = self.sizes.size[box.key]
        x = (left[column] + right[column]) / 2
        return PlacedBox(box, x, self.ys[box.key], width, height, self.sizes.lines[box.key], small_lines(box))

    def _label(self, arc: Arc, left: Sequence[float], right: Sequence[float]) -> Label:
        column = self.sizes.columns[arc.key]
        width, height = self.sizes.size[arc.key]
        x = (left[column] + right[column]) / 2
        return Label(arc, x, self.ys[arc.key], width, height, self.sizes.lines[arc.key])

    def _curve(self, arc: Arc, chain: Chain, left: Sequence[float], right: Sequence[float]) -> Curve:
        tail, head = 2 * self.ranks[arc.tail], 2 * self.ranks[arc.head]
        start = ((left[tail] + right[tail]) / 2 + self.sizes.size[arc.tail][0] / 2, self.leaves[arc.key])
        end = (left[head] + right[head]) / 2 - self.sizes.size[arc.head][0] / 2 - HEAD
        pieces = []
        x = start[0]
        for column, y, other in self._heights_of(chain):
            to_x = left[column + 1] - (HEAD if column + 1 == head else 0.0)
            pieces.append(_piece(x, y, right[column], y, 0.5))
            pieces.append(_piece(right[column], y, to_x, other, self.turns.get((arc.key, column), 0.5)))
            x = to_x
        pieces.append(_piece(x, self.enters[arc.key], end, self.enters[arc.key], 0.5))
        return Curve(arc, start, tuple(p for p, length in pieces if length > 0.01))


def _piece(
    x: float, y: float, to_x: float, to_y: float, turn: float
) -> tuple[tuple[float, float, float, float, float, float], float]:
    """Return a curve that leaves and arrives level, so that it stays between its two ends, and its extent."""
    middle = x + turn * (to_x - x)
    return (middle, y, middle, to_y, to_x, to_y), (to_x - x) + abs(to_y - y)
