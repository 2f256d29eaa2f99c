"""How much room everything in a scene needs: lines of names and labels, sizes, layers and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from queries.figures.font_metrics import fit_start, text_width, wrap
from queries.figures.scene import Arc, Box, Scene
from queries.figures.straighten import Chain
from queries.figures.wording import percent

__all__ = ["HEAD", "SLOT_IN", "SLOT_OUT", "SMALLEST", "Measured", "Type", "least_gap", "small_lines", "types"]

#: No type in a figure is smaller than this, in points.
SMALLEST: Final = 6.0
#: Length of an arrow head, in points.
HEAD: Final = 5.4
#: Heights that an arc needs where it enters, and where it leaves a box.
SLOT_IN: Final = 6.2
SLOT_OUT: Final = 3.6
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


def _state_text(box: Box) -> str:
    """Return what the sides do to a box: "▼" if one side only uses it or both agree, else "B▼ H▲"."""
    marks = {side: "".join("▲" if s > 0 else "▼" for s in states) for side, states in box.states}
    if len(set(marks.values())) <= 1:
        return next(iter(marks.values()), "")
    return " ".join(f"{side[0].upper()}{mark}" for side, mark in marks.items())


class Measured:
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
            small = small_lines(box)
            widths = [text_width(row, setting.name) for row in lines] + [text_width(row, setting.small) for row in small]
            width = max(*widths, 14.0)
            height = len(lines) * setting.name * 1.17 + len(small) * setting.small * 1.12 + 2 * _PAD
            ports = max(into.get(box.key, 0) * SLOT_IN, out.get(box.key, 0) * SLOT_OUT) + 3.0
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
        return sum(self.width.values()) + sum(least_gap(column) for column in range(self.last))

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


def small_lines(box: Box) -> tuple[str, ...]:
    """Return the small last lines of a box: its state and whether the sides part there, then how much of each runs through."""
    state = " ".join(text for text in (_state_text(box), "◆ fork" if box.fork else "") if text)
    shares = " ".join(f"{side[0].upper()} {percent(share)}" for side, share in box.shares)
    return tuple(text for text in (state, shares) if text)


def _label_lines(arc: Arc, setting: Type) -> tuple[str, ...]:
    """Return a study label: the studies, "?" for a hypothesis, "≠" where contexts contradict, "±", "!"; then the conditions."""
    marks = ("?" if arc.hypothesis else "") + ("≠" if arc.clash else "")
    marks += ("±" if arc.assumed else "") + ("!" if arc.weakest else "")
    marks += "§" if arc.badges and not setting.badges else ""
    first, _, null = arc.studies.partition(" ∅")
    return (first + marks, *([f"∅{null}"] if null else []), *(_badge_lines(arc.badges, setting) if setting.badges else ()))


def _badge_lines(badges: Sequence[str], setting: Type) -> tuple[str, ...]:
    """Return the first condition in at most three lines, and how many more there are; the title tells all in full.

    Words are not broken; of a long condition the end is kept, where the number is.
    """
    if not badges:
        return ()
    words = badges[0].split(" ")
    widest = max(text_width(word, setting.small) for word in words)
    lines: list[str] = []
    for factor in (0.8, 1.1, 1.5):
        width = min(max(setting.line * factor, 36.0, widest), 110.0)
        lines = wrap(badges[0], setting.small, width, lines=99)
        if len(lines) <= (2 if factor < 1.5 else 3):
            break
    else:
        bracket = "(" if badges[0].startswith("(") else ""
        text = fit_start(badges[0].removeprefix("("), setting.small, 2.3 * width)
        lines = wrap(bracket + text, setting.small, width, lines=3)
    return (*lines, *([f"+{len(badges) - 1} more"] if len(badges) > 1 else []))


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


def least_gap(column: int) -> float:
    """Return the least room after a column: more before boxes, for the arrow heads."""
    return 5.0 if column % 2 == 0 else 5.0 + HEAD
