"""What a figure draws, without coordinates: boxes for entities, arcs for steps, and the count of what was left out.

One box an entity, whichever side uses it; one arc a claim. `queries.figures.merge` puts a scene together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from queries.explanation.answer import Explanation, Node, SideName
from queries.figures.font_metrics import clean_text
from queries.figures.wording import Form, share_words

__all__ = ["Arc", "Box", "Role", "Scene", "Shares", "SideCount"]

Role: TypeAlias = Literal["source", "target", ""]
#: A share (0 to 1) of the path mass of each side named.
Shares: TypeAlias = tuple[tuple[SideName, float], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """An entity to draw: who uses it, in which state each side has it (+1 up, -1 down), whether the sides part here.

    `shares` says how much of each side's path mass runs through it where both have it in the same state, unless all does.
    """

    key: str
    node: Node
    sides: tuple[SideName, ...]
    states: tuple[tuple[SideName, tuple[int, ...]], ...]
    role: Role = ""
    fork: bool = False
    shares: Shares = ()

    @property
    def title(self) -> str:
        """The box in one sentence, for readers who hear the picture."""
        words = [clean_text(f"{self.node.name} ({self.node.category}, {self.node.id})")]
        for side, states in self.states:
            words.append(f"{' and '.join('up' if s > 0 else 'down' for s in states)} on the {side} side")
        if self.shares:
            words.append(share_words(self.shares))
        if self.fork:
            words.append("the sides part here")
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Arc:
    """A step to draw, or the link from a goal to the disease (`studies` is empty then: no study label is drawn).

    `assumed` marks an association whose direction no study stated; `necessity` is the share of each side's path mass that is
    lost without the step, `weakest` marks the weakest link of a side.
    """

    key: str
    tail: str
    head: str
    form: Form
    sides: tuple[SideName, ...]
    studies: str
    badges: tuple[str, ...]
    hypothesis: bool
    clash: bool
    best: bool
    title: str
    assumed: bool = False
    necessity: Shares = ()
    weakest: bool = False

    @property
    def weight(self) -> float:
        """How necessary the step is to the side that needs it most, 0 to 1."""
        return max((share for _, share in self.necessity), default=0.0)


@dataclass(frozen=True, slots=True)
class SideCount:
    """The mechanisms of one side in numbers.

    Found with evidence; drawn, with the share of path mass that these carry; pruned from the DAG, whose least necessity is
    `least`; below it, since they would close a cycle; and the suppositions, found and drawn.
    """

    side: SideName
    found: int
    drawn: int
    share: float
    pruned: int
    below: int
    least: float
    supposed: int
    supposed_drawn: int


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be drawn and what was left out of it."""

    explanation: Explanation
    boxes: tuple[Box, ...]
    arcs: tuple[Arc, ...]
    source: str
    target: str
    counts: tuple[SideCount, SideCount]
    left_out_steps: int
    backwards: int
    doubled: bool

    @property
    def drawn(self) -> tuple[int, int]:
        """How many mechanisms are drawn of each side, suppositions too."""
        benefit, harm = (count.drawn + count.supposed_drawn for count in self.counts)
        return benefit, harm
