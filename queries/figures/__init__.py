"""Figures: both mechanisms of an explanation in one picture, as SVG, PDF, PNG or EPS.

`draw(explanation, "why.svg")` writes a file; `svg_text(explanation)` returns the text for a page or a notebook. The way: the
DAGs of both sides are merged (`sides`, `merge`), laid out in columns from drug to disease (`layout`, with Graphviz `dot` for the
heights), put together with title, legend and caption (`compose`) into plain shapes (`picture`), and written by
`svg` or by matplotlib (`paper`). `check` proves a picture readable. Nothing heavy is imported before something is drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from ontologies.errors import BadInput
from queries.explanation.answer import Explanation
from queries.figures.compose import make_picture
from queries.figures.faults import check
from queries.figures.picture import Picture

__all__ = ["SUFFIXES", "check", "draw", "picture_of", "svg_text"]

#: The kinds of file that can be drawn, by the end of the name.
SUFFIXES: Final = (".svg", ".png", ".pdf", ".eps")
#: Width of a full journal page, in millimetres; a 4:3 slide of that width is as high as the greatest height.
PAGE_WIDTH_MM: Final = 183.0
MAX_HEIGHT_MM: Final = 137.0


def picture_of(explanation: Explanation, *, width_mm: float = PAGE_WIDTH_MM, max_height_mm: float = MAX_HEIGHT_MM) -> Picture:
    """Return the figure as plain shapes, with as many mechanisms as fit; it says itself what is left out.

    Raises `ontologies.errors.BadInput` for a width or height that is no size of a page, `MissingPart` without pygraphviz.
    """
    for name, value in (("width", width_mm), ("height", max_height_mm)):
        if not 40 <= value <= 3000:
            raise BadInput(f"a figure's {name} must be 40 to 3000 mm, not {value:g}")
    return make_picture(explanation, width_mm=width_mm, max_height_mm=max_height_mm)


def svg_text(explanation: Explanation, *, width_mm: float = PAGE_WIDTH_MM, max_height_mm: float = MAX_HEIGHT_MM) -> str:
    """Return the figure as SVG text, for a page or a notebook."""
    from queries.figures.svg import to_svg

    return to_svg(picture_of(explanation, width_mm=width_mm, max_height_mm=max_height_mm))


def draw(
    explanation: Explanation,
    path: Path | str,
    *,
    width_mm: float = PAGE_WIDTH_MM,
    max_height_mm: float = MAX_HEIGHT_MM,
) -> Picture:
    """Write the figure to `path`, its kind chosen by the suffix, and return it; the old file stays until the new is whole.

    The same explanation gives the same bytes. Raises `ontologies.errors.BadInput` for another suffix, `MissingPart` when
    pygraphviz or matplotlib is not installed, `BackendError` when the file cannot be written.
    """
    from queries.export.atomic import atomic_file

    target = Path(path)
    kind = _kind(target)
    picture = picture_of(explanation, width_mm=width_mm, max_height_mm=max_height_mm)
    if kind == "svg":
        from queries.figures.svg import to_svg

        data = to_svg(picture).encode()
    else:
        from queries.figures.paper import to_paper

        data = to_paper(picture, kind)
    with atomic_file(target) as file:
        file.write(data)
    return picture


def _kind(path: Path) -> Literal["svg", "png", "pdf", "eps"]:
    kinds: dict[str, Literal["svg", "png", "pdf", "eps"]] = {".svg": "svg", ".png": "png", ".pdf": "pdf", ".eps": "eps"}
    try:
        return kinds[path.suffix.lower()]
    except KeyError:
        raise BadInput(f"cannot draw {path.name!r}: the name must end in one of {', '.join(SUFFIXES)}") from None
