"""What an answer shows of the graph: entities, evidence, steps, paths, as plain frozen values with names in place of ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["EvidenceItem", "Node", "Path", "SideName", "Status", "Step", "StepStatement"]

Status: TypeAlias = Literal["observed", "predicted", "hypothesised", "none"]
SideName: TypeAlias = Literal["benefit", "harm"]


@dataclass(frozen=True, slots=True)
class Node:
    """An entity as it is shown: identifier, name, category."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One evidence as it is shown: who found what, when, by which design, for or against.

    `part_of` is the study of which this one is a part, empty where it stands for itself.
    """

    publication: str
    study: str
    design: str
    date: str
    stance: str
    finding: str
    title: str = ""
    journal: str = ""
    n: int | None = None
    phase: str = ""
    time: str = ""
    dose: str = ""
    recounts: bool = False
    effect: str = ""
    arm: str = ""
    part_of: str = ""

    @property
    def counted_as(self) -> str:
        """The study that this one counts as: the one it is a part of, if it is (a trial's biomarkers, one of its arms)."""
        return self.part_of or self.study


@dataclass(frozen=True, slots=True)
class StepStatement:
    """One statement behind a step: its context and conditions in words, its counted studies, its evidence."""

    id: str
    context: dict[str, tuple[str, ...]]
    conditions: tuple[str, ...]
    support: int
    refute: int
    null: int
    evidence: tuple[EvidenceItem, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One arc of a path, read from subject to object.

    `sign` is the relation's (+1 raises, -1 lowers); `state` is what happens to the object on this path (+1 up, -1 down)
    when the drug is given. Counts are those of the claim over all its contexts; `opposed` counts the studies that support the
    opposite effect of the same subject on the same object.
    """

    subject: Node
    relation: str
    label: str
    object: Node
    sign: int
    state: int
    support: int
    refute: int
    null: int
    belief: float
    verdict: str
    statements: tuple[StepStatement, ...]
    disagreeing_contexts: tuple[str, ...] = ()
    opposed: int = 0
    opposed_evidence: tuple[EvidenceItem, ...] = ()
    terms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Path:
    """One mechanism: its total cost (lower is better), the terms of that sum, its steps from drug to goal.

    `goal` says what the last node means ("the disease itself", "a severity form", "a manifestation: good when up").
    `hypothesis` is True when a step rests on a supposition alone; `clashes` names consecutive steps whose contexts
    contradict each other.
    """

    score: float
    terms: dict[str, float]
    steps: tuple[Step, ...]
    goal: str
    hypothesis: bool = False
    clashes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        from queries.page.notebook import describe_path

        return describe_path(self)
