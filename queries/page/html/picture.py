"""A figure made fit to stand inside a page: only shapes, words and their looks are let through."""

from __future__ import annotations

from html import escape
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from ontologies.errors import BadInput
from queries.page.blocks import clean

__all__ = ["inline_svg"]

_ELEMENTS: Final = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc", "defs",
    "marker", "clipPath", "linearGradient", "radialGradient", "stop", "pattern",
})  # fmt: skip
_ATTRIBUTES: Final = frozenset({
    "aria-hidden", "aria-label", "aria-labelledby", "aria-describedby", "class", "clip-path", "cx", "cy", "d", "data-kind",
    "dominant-baseline", "dx", "dy", "fill", "fill-opacity", "fill-rule", "font-family", "font-size", "font-style", "font-weight",
    "height", "id", "lengthAdjust", "marker-end", "marker-mid", "marker-start", "markerHeight", "markerUnits", "markerWidth",
    "offset", "opacity", "orient", "points", "preserveAspectRatio", "r", "refX", "refY", "role", "rx", "ry", "stop-color",
    "stroke", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-width", "tabindex",
    "text-anchor", "textLength", "transform", "viewBox", "width", "x", "x1", "x2", "xmlns", "y", "y1", "y2",
})  # fmt: skip


def inline_svg(svg: str) -> str:
    """Return an SVG document as an element of an HTML page, without whatever could load, run or restyle.

    Raises `ontologies.errors.BadInput` when it is no SVG, or declares a document type.

    >>> inline_svg('<?xml version="1.0"?><svg onload="x()"><script>x()</script><title>a &lt; b</title><path d="M0 0"/></svg>')
    '<svg><title>a &lt; b</title><path d="M0 0"></path></svg>'
    """
    reader = _Reader()
    parser = ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(svg, True)
    except (ExpatError, UnicodeError) as error:
        raise BadInput(f"the figure is no SVG: {error}") from error
    if reader.root != "svg":
        raise BadInput(f"the figure is no SVG: its outermost element is {reader.root!r}")
    return "".join(reader.parts)


class _Reader:
    """Writes the elements that are let through; what stands inside another is left out with it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.root = ""
        self._hidden = 0

    def doctype(self, *_: object) -> None:
        raise BadInput("the figure declares a document type, which is not allowed")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        if self._hidden or name not in _ELEMENTS:
            self._hidden += 1
            return
        kept = "".join(
            f' {key}="{escape(clean(value))}"'
            for key, value in attributes.items()
            if key in _ATTRIBUTES and ("url(" not in value or value.startswith("url(#"))
        )
        self.parts.append(f"<{name}{kept}>")

    def end(self, name: str) -> None:
        if self._hidden:
            self._hidden -= 1
        else:
            self.parts.append(f"</{name}>")

    def text(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(escape(clean(data)) if data.strip() else data)
