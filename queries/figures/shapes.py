"""Boxes, arcs, arrow heads and study labels as shapes."""

from __future__ import annotations

from queries.figures.font_metrics import ASCENT, DESCENT, clean_text
from queries.figures.layout import Curve, Label, PlacedBox
from queries.figures.measure import HEAD, Type
from queries.figures.palette import DOTTED, INK, PAPER, SHARED, ink_of
from queries.figures.picture import Group, Outline, Shape, Words
from queries.figures.wording import Form

__all__ = ["arc_group", "box_group", "head_shapes", "label_group", "line", "line_width", "rails", "rectangle"]

_LINE: float = 1.1
_HALO: float = 1.8
#: A quarter circle as a cubic Bézier curve.
_ROUND: float = 0.5523


def line(*points: tuple[float, float]) -> Outline:
    """Return straight lines through the points."""
    return tuple(("M" if i == 0 else "L", x, y) for i, (x, y) in enumerate(points))


def rectangle(x: float, y: float, width: float, height: float, radius: float = 0.0) -> Outline:
    """Return a rectangle from its upper left corner, with round corners if a radius is given."""
    r = min(radius, width / 2, height / 2)
    right, bottom = x + width, y + height
    if r <= 0:
        return (*line((x, y), (right, y), (right, bottom), (x, bottom)), ("Z",))
    k = r * (1 - _ROUND)
    return (
        ("M", x + r, y), ("L", right - r, y), ("C", right - k, y, right, y + k, right, y + r),
        ("L", right, bottom - r), ("C", right, bottom - k, right - k, bottom, right - r, bottom),
        ("L", x + r, bottom), ("C", x + k, bottom, x, bottom - k, x, bottom - r),
        ("L", x, y + r), ("C", x, y + k, x + k, y, x + r, y), ("Z",),
    )  # fmt: skip


def head_shapes(form: Form, x: float, y: float, colour: str, width: float = _LINE) -> list[Shape]:
    """Return the arrow head that begins at a point and ends `HEAD` points to its right."""
    tip = x + HEAD
    if form == "raises":
        return [Shape((*line((x - 0.4, y - 2.7), (tip, y), (x - 0.4, y + 2.7)), ("Z",)), fill=colour)]
    if form == "goes with more":
        hollow = (*line((x, y - 2.4), (tip - 0.4, y), (x, y + 2.4)), ("Z",))
        return [Shape(hollow, fill=PAPER, stroke=colour, width=0.8)]
    if form == "part":
        ring = rectangle(tip - 5.0, y - 2.3, 4.6, 4.6, 2.3)
        return [Shape(line((x, y), (tip - 4.5, y)), stroke=colour, width=width), Shape(ring, PAPER, colour, 1.0)]
    stop = tip - 1.6
    bars = [Shape(line((x, y), (stop, y)), stroke=colour, width=width)]
    if form == "lowers":
        return [*bars, Shape(line((stop, y - 3.0), (stop, y + 3.0)), stroke=colour, width=1.8)]
    thin = [Shape(line((at, y - 2.8), (at, y + 2.8)), stroke=colour, width=0.8) for at in (stop - 1.8, stop + 0.2)]
    return [*bars, *thin]


def arc_group(curve: Curve, origin: tuple[float, float]) -> Group:
    """Return an arc with its head; a white rim keeps crossing arcs apart."""
    arc, (left, top) = curve.arc, origin
    ink = ink_of(arc.sides)
    outline: Outline = (
        ("M", curve.start[0] + left, curve.start[1] + top),
        *(("C", x1 + left, y1 + top, x2 + left, y2 + top, x3 + left, y3 + top) for x1, y1, x2, y2, x3, y3 in curve.pieces),
    )
    dash = DOTTED if arc.hypothesis else ink.dash
    width = line_width(arc.weight) if arc.studies else 0.75
    end = (curve.end[0] + left, curve.end[1] + top)
    stem = [Shape(outline, stroke=ink.line, width=width + (0.3 if arc.hypothesis else 0.0), dash=dash)]
    if ink is SHARED:
        stem = rails(outline, width)
    return Group(
        "arc " + " ".join(arc.sides),
        arc.title,
        (
            Shape(outline, stroke=PAPER, width=width + _HALO),
            *stem,
            *head_shapes(arc.form, *end, ink.line, min(width, 1.7)),
        ),
    )


def line_width(necessity: float) -> float:
    """Return the width in points of an arc that this share of a side's path mass needs.

    >>> round(line_width(0.02), 2), round(line_width(0.5), 2), line_width(1.0)
    (0.79, 1.65, 2.55)
    """
    return 0.75 + 1.8 * min(max(necessity, 0.0), 1.0)


def rails(outline: Outline, width: float) -> list[Shape]:
    """Return a line of both sides: a line with a white core, so that it is told from one side's without colour."""
    return [Shape(outline, stroke=SHARED.line, width=width + 1.0), Shape(outline, stroke=PAPER, width=max(0.6, 0.3 * width))]


def label_group(label: Label, origin: tuple[float, float], setting: Type) -> Group:
    """Return the study label of an arc: round corners for benefit, square and dashed for harm."""
    ink = ink_of(label.arc.sides)
    x, y = label.x + origin[0] - label.width / 2, label.y + origin[1] - label.height / 2
    outline = rectangle(x, y, label.width, label.height, 4.0 if ink.round_labels else 0.0)
    dash = DOTTED if label.arc.hypothesis else (2.2, 1.3) if ink.dash else ()
    parts: list[Shape | Words] = [
        Shape(rectangle(x - 1, y - 1, label.width + 2, label.height + 2, 4.0), fill=PAPER),
        Shape(outline, fill=PAPER, stroke=ink.line, width=0.55 * ink.width, dash=dash),
    ]
    step = setting.small * 1.15
    base = y + 1.5 + setting.small * (ASCENT + (1.15 - ASCENT - DESCENT) / 2)
    for number, text in enumerate(label.lines):
        middle = x + label.width / 2
        parts.append(Words(middle, base + number * step, text, setting.small, ink.line, "middle", bold=False))
    return Group("studies", "", tuple(parts))


def box_group(placed: PlacedBox, origin: tuple[float, float], setting: Type) -> Group:
    """Return a box: drug and disease dark, the fork with a double rim, harm dashed."""
    box = placed.box
    ink = ink_of(box.sides)
    x, y = placed.x + origin[0] - placed.width / 2, placed.y + origin[1] - placed.height / 2
    dark = bool(box.role)
    radius = 6.0 if box.role == "source" else 3.0
    outline = rectangle(x, y, placed.width, placed.height, radius)
    fill = INK if dark else ink.tint
    parts: list[Shape | Words] = []
    if box.fork and dark:
        inner = rectangle(x + 1.6, y + 1.6, placed.width - 3.2, placed.height - 3.2, radius)
        parts += [Shape(outline, fill, INK, 1.0), Shape(inner, stroke=PAPER, width=0.7)]
    elif box.fork:
        inner = rectangle(x + 2.0, y + 2.0, placed.width - 4.0, placed.height - 4.0, radius)
        parts += [Shape(outline, PAPER, SHARED.line, 1.6), Shape(inner, fill, SHARED.line, 0.6)]
    else:
        parts.append(Shape(outline, fill, INK if dark else ink.line, 0.9, () if dark else ink.dash))
    colour = PAPER if dark else INK
    small = placed.small
    name_step, small_step = setting.name * 1.17, setting.small * 1.12
    total = len(placed.lines) * name_step + len(small) * small_step
    middle = placed.x + origin[0]
    base = placed.y + origin[1] - total / 2 + setting.name * (ASCENT + (1.17 - ASCENT - DESCENT) / 2)
    for number, text in enumerate(placed.lines):
        parts.append(Words(middle, base + number * name_step, text, setting.name, colour, "middle"))
    shade = colour if dark or len(box.sides) != 1 else ink.line
    bottom = placed.y + origin[1] + total / 2 - setting.small * (DESCENT + 0.03)
    for number, text in enumerate(reversed(small)):
        parts.append(Words(middle, bottom - number * small_step, text, setting.small, shade, "middle"))
    return Group(("fork " if box.fork else "") + "box", clean_text(box.title), tuple(parts))
