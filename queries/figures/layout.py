"""Where everything in a scene stands: columns from drug to disease, heights by `dot`, arcs as smooth curves between.

Boxes stand in the even columns, study labels in the odd ones. An arc that crosses a column has a lane of its own there,
laid out like a box, and curves only in the gaps between columns: so no arc can run through a foreign box or label.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from queries.figures.dot import Item, Link, heights
from queries.figures.font_metrics import fit_start, text_width, wrap
from queries.figures.scene import Arc, Box, Scene
from queries.figures.straighten import Chain, Slots, straighten

__all__ = ["HEAD", "SMALLEST", "Curve", "Label", "Placed", "PlacedBox", "Type", "lay_out", "least_width", "types"]

#: No type in a figure is smaller than this, in points.
SMALLEST: Final = 6.0
#: Length of an arrow head, in points.
HEAD: Final = 5.4
_LANE: Final = 3.0
_BETWEEN: Final = 4.0
_SLOT_IN: Final = 6.2
_SLOT_OUT: Final = 3.6
_PAD: Final = 3.0


@dataclass(frozen=True, slots=True)
class Type:
    """Type sizes of a drawing in points, the widest line in a box, and whether conditions stand on the arcs."""

    name: float
    small: float
    line: float
    badges: bool = True


def types() -> list[Type]:
    """Return the settings to be tried, most comfortable first: larger type before wider lines.

    In the last one conditions are only marked "§" on their arcs, and listed in the caption.
    """
    sizes = [(8.0, 7.0), (7.5, 6.6), (7.0, 6.4), (6.5, 6.2), (SMALLEST, SMALLEST)]
    settings = [Type(name, small, name * ems) for name, small in sizes for ems in (12.0, 10.0, 8.5, 7.4)]
    narrow = SMALLEST * 6.8
    return [*settings, Type(SMALLEST, SMALLEST, narrow), Type(SMALLEST, SMALLEST, narrow, badges=False)]


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box with its middle, its size, the lines of its name and the small line below them."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    small: str


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


def _state_text(box: Box) -> str:
    """Return what the sides do to a box: "▼" if one side only uses it or both agree, else "B ▼  H ▲"."""
    marks = {side: "".join("▲" if s > 0 else "▼" for s in states) for side, states in box.states}
    if len(set(marks.values())) <= 1:
        return next(iter(marks.values()), "")
    return "  ".join(f"{side[0].upper()} {mark}" for side, mark in marks.items())


class _Measured:
    """Layers of the boxes, columns of the study labels, sizes of both and of the columns, for one type setting."""

    def __init__(self, scene: Scene, setting: Type) -> None:
        self.ranks = _ranks(scene)
        self.last = 2 * self.ranks[scene.target]
        self.lines: dict[str, tuple[str, ...]] = {}
        self.size: dict[str, tuple[float, float]] = {}
        self.width: dict[int, float] = {}
        into: dict[str, int] = {}
        out: dict[str, int] = {}
        for arc in scene.arcs:
            out[arc.tail] = out.get(arc.tail, 0) + 1
            into[arc.head] = into.get(arc.head, 0) + 1
        for box in scene.boxes:
            lines = self.lines[box.key] = _name_lines(box.node.name, setting)
            small = _small_line(box)
            width = max(*(text_width(row, setting.name) for row in lines), text_width(small, setting.small), 14.0)
            height = len(lines) * setting.name * 1.17 + (setting.small * 1.12 if small else 0.0) + 2 * _PAD
            ports = max(into.get(box.key, 0) * _SLOT_IN, out.get(box.key, 0) * _SLOT_OUT) + 3.0
            rim = 3.0 if box.fork else 0.0
            self.size[box.key] = (width + 2 * _PAD + 1.0 + rim, max(height + rim, ports))
            self._widen(2 * self.ranks[box.key], self.size[box.key][0])
        self.columns = self._place_labels(scene, setting)

    def _place_labels(self, scene: Scene, setting: Type) -> dict[str, int]:
        """Return the column of each study label: where it widens the drawing least, then where it is least crowded."""
        columns: dict[str, int] = {}
        crowd: dict[int, float] = {}
        for box in scene.boxes:
            column = 2 * self.ranks[box.key]
            crowd[column] = crowd.get(column, 0.0) + self.size[box.key][1]
        for arc in sorted(scene.arcs, key=lambda a: self.ranks[a.head] - self.ranks[a.tail]):
            if not arc.studies:
                continue
            lines = self.lines[arc.key] = _label_lines(arc, setting)
            width = max(text_width(text, setting.small) for text in lines) + 4.6
            height = len(lines) * setting.small * 1.15 + 3.0
            self.size[arc.key] = (width, height)
            free = range(2 * self.ranks[arc.tail] + 1, 2 * self.ranks[arc.head])
            column = min(free, key=lambda c: (max(0.0, width - self.width.get(c, 0.0)), crowd.get(c, 0.0), c))
            columns[arc.key] = column
            crowd[column] = crowd.get(column, 0.0) + height
            self._widen(column, width)
        return columns

    def _widen(self, column: int, width: float) -> None:
        self.width[column] = max(self.width.get(column, 0.0), width)

    @property
    def least_width(self) -> float:
        """The width without which the scene cannot be drawn."""
        return sum(self.width.values()) + sum(_least_gap(column) for column in range(self.last))

    def chains(self, scene: Scene) -> list[Chain]:
        """Return each arc with what it passes in each column between its boxes: its study label, or a lane."""
        chains = []
        for arc in scene.arcs:
            between = range(2 * self.ranks[arc.tail] + 1, 2 * self.ranks[arc.head])
            way = (arc.key if self.columns.get(arc.key) == column else f"{arc.key}@{column}" for column in between)
            chains.append(Chain(arc.key, arc.tail, tuple(way), arc.head))
        return chains


def _name_lines(name: str, setting: Type) -> tuple[str, ...]:
    """Break a name into at most three lines; a long name gets longer lines before it is cut."""
    for factor in (1.0, 1.2, 1.4, 1.6):
        lines = wrap(name, setting.name, setting.line * factor)
        if not lines[-1].endswith("…"):
            break
    return tuple(lines)


def _small_line(box: Box) -> str:
    """Return the small last line of a box: its state, and whether it is the fork."""
    return "   ".join(text for text in (_state_text(box), "fork" if box.fork else "") if text)


def _label_lines(arc: Arc, setting: Type) -> tuple[str, ...]:
    """Return a study label: the studies, "?" for a hypothesis, "≠" where contexts contradict; then the conditions."""
    marks = ("?" if arc.hypothesis else "") + ("≠" if arc.clash else "")
    marks += "§" if arc.badges and not setting.badges else ""
    first, _, null = arc.studies.partition(" ")
    return (first + marks, *([null] if null else []), *(_badge_lines(arc.badges, setting) if setting.badges else ()))


def _badge_lines(badges: Sequence[str], setting: Type) -> tuple[str, ...]:
    """Return the conditions in at most two lines; what does not fit is counted, and told in full in the title."""
    if not badges:
        return ()
    width = max(setting.line * 0.75, 36.0)
    first = badges[0]
    lines = wrap(first, setting.small, width, lines=9)
    if len(lines) > 2:
        lines = [fit_start(first, setting.small, 1.9 * width)]
        lines = wrap(lines[0], setting.small, width, lines=2)
    if len(badges) > 1:
        lines.append(f"+{len(badges) - 1} more")
    return tuple(lines)


def _ranks(scene: Scene) -> dict[str, int]:
    """Return the layer of each box: the longest way from the drug, then as near to what follows as it may be."""
    before: dict[str, list[str]] = {box.key: [] for box in scene.boxes}
    after: dict[str, list[str]] = {box.key: [] for box in scene.boxes}
    for arc in scene.arcs:
        before[arc.head].append(arc.tail)
        after[arc.tail].append(arc.head)
    ranks: dict[str, int] = {}
    waiting = {key: len(tails) for key, tails in before.items()}
    ready = [key for key in before if not waiting[key]]
    order = []
    while ready:
        key = ready.pop(0)
        order.append(key)
        ranks[key] = max((ranks[t] + 1 for t in before[key]), default=0)
        for head in after[key]:
            waiting[head] -= 1
            if not waiting[head]:
                ready.append(head)
    last = max(*ranks.values(), 1)
    ranks[scene.target] = last
    for _ in range(3):
        for key in reversed(order):
            if key in (scene.source, scene.target) or not after[key]:
                continue
            if len(after[key]) > len(before[key]):
                ranks[key] = min(ranks[head] for head in after[key]) - 1
    return ranks


def lay_out(scene: Scene, setting: Type, width: float) -> Placed | None:
    """Place a scene in a given width; None if it does not fit there with this setting.

    Raises `ontologies.errors.MissingPart` when pygraphviz is not installed.
    """
    sizes = _Measured(scene, setting)
    return None if sizes.least_width > width else _Placer(scene, setting, sizes).place(width)


def least_width(scene: Scene, setting: Type) -> float:
    """Return the width without which a scene cannot be drawn; quick, as nothing is laid out."""
    return _Measured(scene, setting).least_width


def _least_gap(column: int) -> float:
    """Return the least room after a column: more before boxes, for the arrow heads."""
    return 5.0 if column % 2 == 0 else 5.0 + HEAD


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

    def __init__(self, scene: Scene, setting: Type, sizes: _Measured) -> None:
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
        slots = Slots(self.chains, size, leave=_SLOT_OUT + 1.4, enter=_SLOT_IN + 0.8)
        found = _heights(scene, self.chains, size)
        ys = straighten(found, [columns[number] for number in sorted(columns)], slots, _BETWEEN)
        top = min(ys[key] - size[key] / 2 for key in ys)
        self.ys = {key: y - top for key, y in ys.items()}
        self.height = max(y + size[key] / 2 for key, y in self.ys.items())
        self.leaves, self.enters = slots.leaving(self.ys), slots.entering(self.ys)

    def place(self, width: float) -> Placed | None:
        """Return the drawing, or None when the curves would be too steep in this width."""
        travel = self._travel()
        count = self.sizes.last + 1
        gaps = [_least_gap(c) + min(0.06 * travel.get(c, 0.0), 9.0) for c in range(count - 1)]
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
            curves=tuple(self._curve(a, c.way, left, right) for a, c in zip(self.scene.arcs, self.chains, strict=True)),
        )

    def _travel(self) -> dict[int, float]:
        """Return for each gap the greatest height that an arc climbs or falls in it."""
        travel: dict[int, float] = {}
        for chain in self.chains:
            ys = [self.leaves[chain.key], *(self.ys[key] for key in chain.way), self.enters[chain.key]]
            for column, (y, other) in enumerate(itertools.pairwise(ys), start=2 * self.ranks[chain.tail]):
                travel[column] = max(travel.get(column, 0.0), abs(y - other))
        return travel

    def _box(self, box: Box, left: Sequence[float], right: Sequence[float]) -> PlacedBox:
        column = 2 * self.ranks[box.key]
        width, height = self.sizes.size[box.key]
        x = (left[column] + right[column]) / 2
        return PlacedBox(box, x, self.ys[box.key], width, height, self.sizes.lines[box.key], _small_line(box))

    def _label(self, arc: Arc, left: Sequence[float], right: Sequence[float]) -> Label:
        column = self.sizes.columns[arc.key]
        width, height = self.sizes.size[arc.key]
        x = (left[column] + right[column]) / 2
        return Label(arc, x, self.ys[arc.key], width, height, self.sizes.lines[arc.key])

    def _curve(self, arc: Arc, way: Sequence[str], left: Sequence[float], right: Sequence[float]) -> Curve:
        tail, head = 2 * self.ranks[arc.tail], 2 * self.ranks[arc.head]
        start = ((left[tail] + right[tail]) / 2 + self.sizes.size[arc.tail][0] / 2, self.leaves[arc.key])
        end = (left[head] + right[head]) / 2 - self.sizes.size[arc.head][0] / 2 - HEAD
        points = [start, (right[tail], start[1])]
        for column, key in enumerate(way, start=tail + 1):
            points += [(left[column], self.ys[key]), (right[column], self.ys[key])]
        y = self.enters[arc.key]
        points += [(left[head] - HEAD, y), (end, y)]
        return Curve(arc, start, tuple(_smooth(points)))


def _smooth(points: Iterable[tuple[float, float]]) -> Iterable[tuple[float, float, float, float, float, float]]:
    """Join points by curves that leave and arrive level, so that each stays between its two ends."""
    points = list(points)
    for (x, y), (to_x, to_y) in itertools.pairwise(points):
        if to_x - x < 0.01 and abs(to_y - y) < 0.01:
            continue
        middle = (x + to_x) / 2
        yield (middle, y, middle, to_y, to_x, to_y)
