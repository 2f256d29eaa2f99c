"""The parts of a two-sided explanation, as plain frozen values; `Explanation.to_dict` is the published JSON form.

Made by `queries.explanation.explain`, printed by `queries.page`, drawn by `queries.figures`; nothing here searches or formats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from queries.explanation.shown import EvidenceItem, Node, Path, SideName, Status, Step, StepStatement

if TYPE_CHECKING:
    from queries.page.rows import RowKind

__all__ = [
    "Challenge",
    "ClinicalFinding",
    "ConditionGroup",
    "Contrast",
    "ContrastRow",
    "Dag",
    "DagArc",
    "EvidenceItem",
    "Explanation",
    "Fork",
    "Marker",
    "Measurement",
    "Node",
    "ObservedTest",
    "Path",
    "Question",
    "Rival",
    "SharedState",
    "Side",
    "SideName",
    "SideTest",
    "Status",
    "Step",
    "StepStatement",
    "TimePoint",
    "WeakLink",
]

@dataclass(frozen=True, slots=True)
class DagArc:
    """One arc of a merged side: its step, how necessary it is, the paths that use it (ranks from 1), the studies behind it.

    `necessity` is the share (0 to 1) of the side's path mass, the sum of exp(-cost), that is lost without the arc.
    """

    step: Step
    necessity: float
    ranks: tuple[int, ...]
    studies: int


@dataclass(frozen=True, slots=True, repr=False)
class Dag:
    """The mechanisms of one side merged into one acyclic graph of states.

    A state is an entity with its direction. `below` holds the ranks of paths that would have closed a cycle; `pruned` the
    arcs left out because they carry less than the least necessity, `least`, or because every path through them fell with such
    an arc. `kept` holds the ranks of the paths that stand whole in the graph, `share` (0 to 1) what they carry of the mass of
    all merged ones.
    """

    arcs: tuple[DagArc, ...] = ()
    below: tuple[int, ...] = ()
    pruned: tuple[DagArc, ...] = ()
    least: float = 0.0
    kept: tuple[int, ...] = ()
    share: float = 0.0

    def __repr__(self) -> str:
        from queries.page.notebook import describe_dag

        return describe_dag(self)


@dataclass(frozen=True, slots=True)
class WeakLink:
    """The step on which a side hangs most for what supports it, and what is left of the side without it."""

    step: Step
    necessity: float
    studies: int
    paths_left: int
    best_before: float
    best_after: float | None
    status_after: Status
    sentence: str


@dataclass(frozen=True, slots=True, repr=False)
class Side:
    """Benefit or harm: its status, one sentence saying what that rests on, and the k best mechanisms in order."""

    status: Status
    sentence: str
    paths: tuple[Path, ...] = ()
    dag: Dag = field(default_factory=Dag)
    weakest: WeakLink | None = None
    partial: bool = False

    def __repr__(self) -> str:
        from queries.page.notebook import describe_side

        return describe_side(self)


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
    """One condition or context under which findings hold, with what holds under it on each side.

    Groups of one `variable` ("atopy", "age", "phase of treatment") stand together; `value` is what sets this one apart.
    `kind` says how it is known: "limit" (the claim is bound to it), "predictor", "patients" (what the patients had), "course"
    (when in the treatment), "form" (of the disease), "mechanism" (a step of a best path is bound to it). `studies` found the
    effect, `against` found none or the opposite; `evidence` holds what they found, so that a page can cite it.
    """

    condition: str
    side: SideName
    findings: tuple[str, ...]
    studies: tuple[str, ...]
    variable: str = ""
    value: str = ""
    kind: str = ""
    against: tuple[str, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Fork:
    """The deepest state that every path of both sides passes, and the steps from the drug to it."""

    node: Node
    state: int
    depth: int


@dataclass(frozen=True, slots=True)
class SharedState:
    """A state that mechanisms of both sides pass, with the share (0 to 1) of each side's path mass that runs through it.

    Where `members` is not empty, the state stands for several that are one action of the drug by structure (a receptor and
    the ligands it binds); a path counts once, whichever of them it names.
    """

    node: Node
    state: int
    depth: int
    benefit_share: float
    harm_share: float
    members: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Challenge:
    """A report of one patient or group read as a challenge test: what happened on the drug, off it and on it again.

    `items` are the questions of the scale that the graph can answer, each with the answer and its points; `category` is
    the scale's word for the sum ("probable"), `reading` says it in one sentence with what could not be answered.
    """

    study: str
    side: SideName
    sequence: tuple[str, ...]
    items: tuple[tuple[str, str, int], ...]
    points: int
    category: str
    reading: str
    evidence: tuple[EvidenceItem, ...]


@dataclass(frozen=True, slots=True)
class TimePoint:
    """When something was seen to move under the drug: `weeks` since its start, what, and which way (+1, -1, 0 for no change)."""

    weeks: float
    time: str
    node: Node
    direction: int
    evidence: EvidenceItem


@dataclass(frozen=True, slots=True)
class Rival:
    """An explanation that is no mechanism (comorbidity, confounding by indication, spontaneous course, …)."""

    kind: str
    sentence: str
    speaks_for: tuple[EvidenceItem, ...] = ()
    speaks_against: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ContrastRow:
    """A state that one drug's mechanisms pass and the other's do not, or both: with the share of path mass of each."""

    node: Node
    state: int
    side: SideName
    reached_by: Literal["first", "second", "both"]
    first_share: float
    second_share: float
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Contrast:
    """The drug against another one in the same disease: how each stands, and what only one of them reaches."""

    other: Node
    benefit: Status
    harm: Status
    sentence: str
    rows: tuple[ContrastRow, ...]
    clinical: tuple[ClinicalFinding, ...]
    only_first: tuple[Path, ...] = ()
    only_second: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Measurement:
    """A node on which the two sides predict opposite directions (+1, -1); `observed` is the measured one if known, else 0.

    `measured` are studies under the drug, `where` their diseases, `known` the studies by which it is a biomarker.
    """

    node: Node
    benefit: int
    harm: int
    weight: float
    biomarker: bool
    observed: int = 0
    measured: tuple[EvidenceItem, ...] = ()
    where: tuple[str, ...] = ()
    known: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Marker:
    """One measured marker: its observed direction and what each side predicts (+1, -1, or 0 where it predicts nothing).

    The paths are the cheapest that predict that. `shared` is True when both predict the same and for the same reason: the
    branches to the marker leave from states that both sides pass. `outcome` marks a declared manifestation of the disease:
    it shows what is to be explained, so it is in no test. `name` is how the file called it.
    """

    node: Node
    observed: int
    benefit: int
    harm: int
    study: str = ""
    name: str = ""
    shared: bool = False
    outcome: bool = False
    benefit_path: Path | None = None
    harm_path: Path | None = None


@dataclass(frozen=True, slots=True)
class SideTest:
    """How well one side predicts the measured markers: of `predicted` ones `agree`; the chance of as many at random.

    `expected` is how many agree in a random set, on average; `least_p` the smallest p-value within reach.
    """

    side: SideName
    predicted: int
    agree: int
    p_value: float | None
    draws: int
    expected: float | None = None
    least_p: float | None = None


@dataclass(frozen=True, slots=True)
class ObservedTest:
    """Measured markers held against both sides; `unknown` are names that the graph does not hold.

    `ambiguous` are names that fit several entities (with these), `contested` entities that moved both ways in different
    studies; neither is in a test. Random sets are drawn from `eligible` nodes, which `pool` describes.
    """

    markers: tuple[Marker, ...]
    tests: tuple[SideTest, ...]
    unknown: tuple[str, ...] = ()
    sentence: str = ""
    ambiguous: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()
    eligible: int = 0
    pool: str = ""
    seed: int = 0


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
    without_studies: tuple[str, ...] = ()
    left_out_studies: int = 0


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
    shared: tuple[SharedState, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    timeline: tuple[TimePoint, ...] = ()
    rivals: tuple[Rival, ...] = ()
    deciding: tuple[Measurement, ...] = ()
    contrast: Contrast | None = None
    observed: ObservedTest | None = None
    comparisons: tuple[ClinicalFinding, ...] = ()

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

    def _repr_html_(self) -> str:
        from queries.page.html import to_fragment
        from queries.page.notebook import figure_or_none

        return to_fragment(self, figure_svg=figure_or_none(self))

    def _repr_mimebundle_(self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None) -> dict[str, Any]:
        from queries.page.notebook import mime_bundle

        return mime_bundle(self, include, exclude)

    def to_rows(self, kind: RowKind = "paths") -> list[dict[str, Any]]:
        """Return the mechanisms of both sides ("paths"), their "steps", or the "clinical" findings as plain rows."""
        from queries.page.rows import rows

        return rows(self, kind)

    def to_pandas(self, kind: RowKind = "paths") -> Any:
        """Return the same rows as a `pandas.DataFrame`; raises `ontologies.errors.MissingPart` when pandas is not installed."""
        from queries.page.rows import data_frame

        return data_frame(self, kind)

    def to_dict(self) -> dict[str, Any]:
        """Return the published JSON form (DESIGN: question, clinical, benefit, harm, fork, conditions, missing)."""
        from dataclasses import asdict

        return asdict(self)
