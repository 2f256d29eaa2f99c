"""A picture as SVG: text stays text, every box and arrow has a title, nothing is fetched from elsewhere."""

from __future__ import annotations

import hashlib
from xml.sax.saxutils import escape, quoteattr

from queries.figures.font_metrics import FONT_FAMILY, clean_text, text_width
from queries.figures.picture import Group, Picture, Shape, Words

__all__ = ["to_svg"]


def to_svg(picture: Picture) -> str:
    """Return the picture as an SVG document: the same text for the same picture.

    Lengths are in points; the widths of lines of text are fixed, so that a screen without DejaVu Sans shows the same
    picture.
    """
    body = "\n".join(_group(group) for group in picture.groups)
    mark = "ikg-" + hashlib.sha256(body.encode()).hexdigest()[:10]
    width, height = picture.width * picture.scale, picture.height * picture.scale
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{mark}-title {mark}-desc" '
        f'width="{_number(width / 72 * 25.4)}mm" height="{_number(height / 72 * 25.4)}mm" '
        f'viewBox="0 0 {_number(picture.width)} {_number(picture.height)}" font-family={quoteattr(FONT_FAMILY)}>\n'
        f'<title id="{mark}-title">{_escaped(picture.title)}</title>\n'
        f'<desc id="{mark}-desc">{_escaped(picture.description)}</desc>\n'
        f"{body}\n</svg>\n"
    )


def _escaped(text: str) -> str:
    return escape(clean_text(text))


def _number(value: float) -> str:
    """Write a number with at most two decimals, no trailing zeros, no minus zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _group(group: Group) -> str:
    parts = "".join(_shape(part) if isinstance(part, Shape) else _words(part) for part in group.parts)
    title = f"<title>{_escaped(group.title)}</title>" if group.title else ""
    return f"<g class={quoteattr('ikg ' + group.kind)}>{title}{parts}</g>"


def _shape(shape: Shape) -> str:
    path = "".join(str(command) + " ".join(_number(float(value)) for value in values) for command, *values in shape.outline)
    stroke = ""
    if shape.stroke:
        dash = f' stroke-dasharray="{" ".join(_number(d) for d in shape.dash)}"' if shape.dash else ""
        stroke = f' stroke="{shape.stroke}" stroke-width="{_number(shape.width)}"{dash}'
    return f'<path d="{path}" fill="{shape.fill or "none"}"{stroke}/>'


def _words(words: Words) -> str:
    anchor = "" if words.anchor == "start" else f' text-anchor="{words.anchor}"'
    weight = ' font-weight="bold"' if words.bold else ""
    length = text_width(words.text, words.size, bold=words.bold)
    fixed = f' textLength="{_number(length)}" lengthAdjust="spacingAndGlyphs"' if length else ""
    return (
        f'<text x="{_number(words.x)}" y="{_number(words.y)}" font-size="{_number(words.size)}" '
        f'fill="{words.colour}"{anchor}{weight}{fixed}>{_escaped(words.text)}</text>'
    )
