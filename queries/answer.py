"""The parts of a two-sided explanation, as plain frozen values; `Explanation.to_dict` is the published JSON form.

An explanation is made by `queries.explain`, printed by `queries.page`, drawn by `queries.figures`. Nothing here searches
or formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

__all__ = [
    "ClinicalFinding",
    "ConditionGroup",
    "EvidenceItem",
    "Explanation",
    "Fork",
    "Node",
    "Path",
    "Question",
    "Side",
    "SideName",
    "Status",
    "Step",
    "StepStatement",
]

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
    """One evidence as it is shown: who found what, when, by which design, for or against."""

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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Side:
    """Benefit or harm: its status, one sentence saying what that rests on, and the k best mechanisms in order."""

    status: Status
    sentence: str
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class ClinicalFinding:
    """One study's clinical result on the pair (or on a severity form, a combination, or a manifestation of it)."""

    side: SideName
    subject: Node
    relation: str
    object: Node
    statement: str
    conditions: tuple[str, ...]
    context: dict[str, tuple[str, ...]]
    evidence: EvidenceItem
    design_label: str
    design_weight: float
    level: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """One condition or context under which findings hold, with what holds under it on each side."""

    condition: str
    side: SideName
    findings: tuple[str, ...]
    studies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fork:
    """The deepest state that every path of both sides passes, and the steps from the drug to it."""

    node: Node
    state: int
    depth: int


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, with names resolved; `targets` are the disease and the severity forms taken in with it."""

    source: Node
    target: Node
    targets: tuple[Node, ...]
    k: int
    max_steps: int
    as_of: str = ""
    context: dict[str, str] = field(default_factory=dict)
    left_out_later: int = 0
    left_out_undated: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The whole two-sided answer."""

    question: Question
    clinical: tuple[ClinicalFinding, ...]
    benefit: Side
    harm: Side
    fork: Fork | None
    conditions: tuple[ConditionGroup, ...]
    missing: tuple[str, ...]
    hypotheses: tuple[EvidenceItem, ...] = ()
    graph_digest: str = ""

    def __repr__(self) -> str:
        sides = ", ".join(
            f"{name} {side.status} ({len(side.paths)} mechanisms)"
            for name, side in (("benefit", self.benefit), ("harm", self.harm))
        )
        return f"<Explanation of {self.question.source.name} in {self.question.target.name}: {sides}>"

    def __str__(self) -> str:
        from queries.page import to_text

        return to_text(self)

    def _repr_markdown_(self) -> str:
        from queries.page import to_markdown

        return to_markdown(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the published JSON form (DESIGN: question, clinical, benefit, harm, fork, conditions, missing)."""
        from dataclasses import asdict

        return asdict(self)
