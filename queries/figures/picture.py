"""The drawing as plain shapes in points: what the SVG writer and the paper writer both draw, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from queries.figures.layout import Placed

__all__ = ["Area", "Group", "Outline", "Picture", "Shape", "Words"]

#: Outline commands: ("M", x, y), ("L", x, y), ("C", x1, y1, x2, y2, x, y), ("Z",).
Outline: TypeAlias = tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline that is filled, stroked, or both; `dash` in points, () for a solid line."""

    outline: Outline
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text: anchor point on the base line, type size, colour."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes and words that are one thing to a reader; `title` says what in one sentence ("" for mere decoration)."""

    kind: str
    title: str
    parts: tuple[Shape | Words, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle that nothing else may enter: left, top, width, height, and what stands in it."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished figure. `scale` turns its points into points on paper (1 unless it had to be shrunk)."""

    title: str
    description: str
    width: float
    height: float
    scale: float
    groups: tuple[Group, ...]
    placed: Placed
    origin: tuple[float, float]
    areas: tuple[Area, ...]

    def words(self) -> Sequence[Words]:
        """Return every line of text in the picture."""
        return [part for group in self.groups for part in group.parts if isinstance(part, Words)]

    @property
    def smallest_type(self) -> float:
        """The smallest type of the picture on paper, in points."""
        return min(words.size for words in self.words()) * self.scale
