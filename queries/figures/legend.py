"""The legend of a figure: a sample of each sign that occurs in it, with what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from queries.figures.font_metrics import text_width
from queries.figures.layout import Placed
from queries.figures.measure import HEAD
from queries.figures.palette import BENEFIT, DOTTED, HARM, INK, PAPER, SHARED
from queries.figures.picture import Group, Shape, Words
from queries.figures.shapes import head_shapes, line, line_width, rails, rectangle
from queries.figures.wording import Form

__all__ = ["legend"]

_LEGEND: Final = 6.4
_LEGEND_GAP: Final = 9.0
_ROW: Final = _LEGEND * 1.5


def legend(placed: Placed, left: float, top: float, room: float) -> tuple[list[Group], float]:
    """Return the legend from its upper left corner in a given width, and its height; of the rarer signs only those that occur."""
    groups: list[Group] = []
    y = top
    for row in _legend_rows(_items(placed), room):
        x, middle = left, y + _ROW / 2
        for sign, words in row:
            sample = _sample_width(sign)
            text = Words(x + sample + 3, middle + _LEGEND * 0.36, words, _LEGEND, INK)
            groups.append(Group("legend", "", (*_sample(sign, x, middle, sample), text)))
            x += _legend_width(sign, words) + _LEGEND_GAP
        y += _ROW
    return groups, y - top


def _items(placed: Placed) -> list[tuple[str, str]]:
    """Return the signs that occur with their meanings."""
    scene = placed.scene
    forms = {arc.form for arc in scene.arcs}
    items: list[tuple[str, str]] = [("benefit", "benefit side"), ("harm", "harm side"), ("both", "both sides")]
    items += [("dotted", "hypothesis (?)")] if any(arc.hypothesis for arc in scene.arcs) else []
    items += [("raises", "raises"), ("lowers", "lowers")]
    items += [("part", "part, form or sign of")] if "part" in forms else []
    items += [("goes with more", "goes with more (association)")] if "goes with more" in forms else []
    items += [("goes with less", "goes with less (association)")] if "goes with less" in forms else []
    items.append(("label:3/1", "studies for/against"))
    if any("·" in arc.studies for arc in scene.arcs):
        items.append(("label:2 · 1", "of two claims"))
    if any("∅" in arc.studies for arc in scene.arcs):
        items.append(("label:∅2", "no effect found"))
    if any(arc.badges for arc in scene.arcs):
        partial = any(badge.startswith("(") for arc in scene.arcs for badge in arc.badges)
        words = "under this condition" if placed.type.badges else "under a condition listed below"
        items.append(
            ("label:IgE ≥ 200" if placed.type.badges else "label:§", words + " (in brackets: of some statements)" * partial)
        )
    if any(arc.assumed for arc in scene.arcs):
        items.append(("label:±", "direction assumed"))
    if any(arc.clash for arc in scene.arcs):
        items.append(("label:≠", "contexts disagree"))
    if any(arc.weakest for arc in scene.arcs):
        items.append(("label:!", "weakest link of a side"))
    split = any(len({states for _, states in box.states}) > 1 for box in scene.boxes)
    items.append(("text:▲ ▼", "up, down under the drug" + (" (B benefit, H harm side)" if split else "")))
    if any(arc.weight for arc in scene.arcs):
        items.append(("widths", "width: share of path mass lost without the step"))
    if any(box.shares for box in scene.boxes):
        items.append(("text:B 79 %", "share of a side's path mass through it"))
    forks = sum(box.fork for box in scene.boxes)
    if forks:
        items.append(("fork", "fork: the sides part" if forks == 1 else "fork: one action of the drug; behind it the sides part"))
    return items


def _legend_rows(items: Sequence[tuple[str, str]], room: float) -> list[list[tuple[str, str]]]:
    """Put each item in the first row with room for it."""
    rows: list[list[tuple[str, str]]] = []
    used: list[float] = []
    for item in items:
        width = _legend_width(*item)
        place = next((i for i, taken in enumerate(used) if taken + width <= room), len(rows))
        if place == len(rows):
            rows.append([])
            used.append(0.0)
        rows[place].append(item)
        used[place] += width + _LEGEND_GAP
    return rows


def _legend_width(sign: str, words: str) -> float:
    return _sample_width(sign) + 3 + text_width(words, _LEGEND)


def _sample_width(sign: str) -> float:
    kind, _, text = sign.partition(":")
    return text_width(text, _LEGEND) + (5.0 if kind == "label" else 0.0) if text else 20.0


def _sample(sign: str, x: float, y: float, width: float) -> list[Shape | Words]:
    """Return the sample of a sign in the legend, its middle at height y."""
    kind, _, text = sign.partition(":")
    if kind == "label":
        box = rectangle(x, y - _LEGEND * 0.66, width, _LEGEND * 1.32, 4.0)
        return [Shape(box, PAPER, SHARED.line, 0.6),
                Words(x + width / 2, y + _LEGEND * 0.36, text, _LEGEND, SHARED.line, "middle")]  # fmt: skip
    if kind == "text":
        return [Words(x, y + _LEGEND * 0.36, text, _LEGEND, INK)]
    if kind == "fork":
        return [Shape(rectangle(x + 2, y - 4, 16, 8, 3), PAPER, SHARED.line, 1.6),
                Shape(rectangle(x + 4, y - 2, 12, 4, 2), SHARED.tint, SHARED.line, 0.6)]  # fmt: skip
    if kind == "widths":
        steps = [(x + 7.0 * i, x + 7.0 * i + 6.0, line_width(share)) for i, share in enumerate((0.02, 0.5, 1.0))]
        return [Shape(line((left, y), (right, y)), stroke=SHARED.line, width=wide) for left, right, wide in steps]
    if kind == "both":
        return [*rails(line((x, y), (x + 20, y)), SHARED.width)]
    forms: dict[str, Form] = {form: form for form in _FORMS}
    if kind in forms:
        stem = Shape(line((x + 2, y), (x + 18 - HEAD, y)), stroke=SHARED.line, width=1.1)
        return [stem, *head_shapes(forms[kind], x + 18 - HEAD, y, SHARED.line)]
    ink = {"benefit": BENEFIT, "harm": HARM}.get(kind, SHARED)
    dash = DOTTED if kind == "dotted" else ink.dash
    return [Shape(line((x, y), (x + 20, y)), stroke=ink.line, width=ink.width + 0.2, dash=dash)]


_FORMS: Final[tuple[Form, ...]] = ("raises", "lowers", "part", "goes with more", "goes with less")
