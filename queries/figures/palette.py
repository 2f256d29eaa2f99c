"""Colours and line patterns of the figures, and the arithmetic that proves them readable.

Colour never carries a meaning alone: the side is also told by line pattern, by the corners and border of the study
label, by position and in words; the sign by the form of the arrow head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["BENEFIT", "GREY", "HARM", "INK", "MUTED", "PAPER", "SHARED", "Ink", "contrast", "ink_of"]

PAPER: Final = "#ffffff"
INK: Final = "#1a1a1a"
MUTED: Final = "#4d4d4d"
GREY: Final = "#6e6e6e"

#: Dash patterns in multiples of a point; () is a solid line.
SOLID: Final[tuple[float, ...]] = ()
DASHED: Final = (4.0, 2.2)
DOTTED: Final = (0.9, 1.9)


@dataclass(frozen=True, slots=True)
class Ink:
    """How one side is drawn: line colour and width, tint behind text, dash pattern, corners of its study labels."""

    line: str
    tint: str
    dash: tuple[float, ...]
    round_labels: bool
    width: float = 1.1


BENEFIT: Final = Ink("#0b4f9e", "#edf3fb", SOLID, round_labels=True)
HARM: Final = Ink("#a33a00", "#fdf1e8", DASHED, round_labels=False)
SHARED: Final = Ink("#2b2b2b", "#f2f2f2", SOLID, round_labels=True, width=1.7)


def ink_of(sides: tuple[str, ...]) -> Ink:
    """Return how something is drawn that belongs to these sides.

    >>> ink_of(("benefit",)) is BENEFIT, ink_of(("harm",)).dash, ink_of(("benefit", "harm")) is SHARED
    (True, (4.0, 2.2), True)
    """
    if sides == ("benefit",):
        return BENEFIT
    if sides == ("harm",):
        return HARM
    return SHARED


def _luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2).

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
