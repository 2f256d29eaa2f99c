"""Proof that a picture can be read: nothing overlaps, nothing runs through anything, no type is too small."""

from __future__ import annotations

from itertools import combinations, pairwise

from queries.figures.font_metrics import text_width
from queries.figures.layout import Curve
from queries.figures.measure import HEAD, SMALLEST
from queries.figures.picture import Area, Picture

__all__ = ["check"]

_POINTS = 16
_TOUCH = 0.3


def check(picture: Picture) -> list[str]:
    """Return what is wrong with a picture, in words; an empty list for a good one.

    Checked are: boxes, study labels, title, legend and caption are clear of each other and on the page; no arc meets a box
    or label but its own; every arc runs from left to right; names fit their boxes; no type is below 6 pt on paper.
    """
    faults: list[str] = []
    placed, (left, top) = picture.placed, picture.origin
    boxes = {b.box.key: Area(b.box.node.name, b.x + left - b.width / 2, b.y + top - b.height / 2, b.width, b.height)
             for b in placed.boxes}  # fmt: skip
    labels = {n.arc.key: Area(f"label of {n.arc.title}", n.x + left - n.width / 2, n.y + top - n.height / 2, n.width, n.height)
              for n in placed.labels}  # fmt: skip
    areas = [*boxes.values(), *labels.values(), *picture.areas]
    faults += [f"{a.name} overlaps {b.name}" for a, b in combinations(areas, 2) if _overlap(a, b)]
    for area in areas:
        if min(area.x, area.y) < -_TOUCH or area.x + area.width > picture.width + _TOUCH:
            faults.append(f"{area.name} leaves the page")
        if area.y + area.height > picture.height + _TOUCH:
            faults.append(f"{area.name} leaves the page below")
    for curve in placed.curves:
        points = _points(curve, left, top)
        if any(b[0] < a[0] - _TOUCH for a, b in pairwise(points)):
            faults.append(f"{curve.arc.title} runs backwards")
        for key, area in boxes.items():
            if key not in (curve.arc.tail, curve.arc.head) and _meets(points, area):
                faults.append(f"{curve.arc.title} runs through {area.name}")
        for key, area in labels.items():
            if key != curve.arc.key and _meets(points, area):
                faults.append(f"{curve.arc.title} runs through the {area.name}")
        head = boxes[curve.arc.head]
        if abs(points[-1][0] + HEAD - head.x) > _TOUCH or not head.y <= points[-1][1] <= head.y + head.height:
            faults.append(f"{curve.arc.title} does not reach {head.name}")
    for box in placed.boxes:
        if any(text_width(row, placed.type.name) > box.width for row in (*box.lines,)):
            faults.append(f"{box.box.node.name} is wider than its box")
    if picture.smallest_type < SMALLEST - 0.01:
        faults.append(f"type of {picture.smallest_type:.1f} pt")
    return faults


def _overlap(a: Area, b: Area) -> bool:
    return (
        a.x + a.width > b.x + _TOUCH
        and b.x + b.width > a.x + _TOUCH
        and a.y + a.height > b.y + _TOUCH
        and b.y + b.height > a.y + _TOUCH
    )


def _points(curve: Curve, left: float, top: float) -> list[tuple[float, float]]:
    """Return points along a curve, close enough to see it cross a box."""
    x0, y0 = curve.start
    points = [(x0, y0)]
    for x1, y1, x2, y2, x3, y3 in curve.pieces:
        for step in range(1, _POINTS + 1):
            t = step / _POINTS
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
        x0, y0 = x3, y3
    return [(x + left, y + top) for x, y in points]


def _meets(points: list[tuple[float, float]], area: Area) -> bool:
    """Tell whether a point of the line lies in the area (less a hair at its rim)."""
    return any(
        area.x + _TOUCH < x < area.x + area.width - _TOUCH and area.y + _TOUCH < y < area.y + area.height - _TOUCH
        for x, y in points
    )
