"""What a search for paths returns: paths with names, signs, studies and costs, that print, and convert to rows and to JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, overload

from queries.explanation.shown import Node

__all__ = ["COLUMNS", "FoundPaths", "NamedPath", "NamedStep"]

COLUMNS = (
    "path", "score", "step", "subject", "subject_name", "relation", "object", "object_name", "sign", "state", "support",
    "refute", "null", "belief", "first_date", "cost", "clash",
)  # fmt: skip
"""The columns of `FoundPaths.rows`: one row for each step of each path."""


@dataclass(frozen=True, slots=True)
class NamedStep:
    """One step of a path: a claim, what it does to its object on this path (`state`, +1 up, -1 down), and what it costs.

    Counts are of studies, over all contexts of the claim, under the filter that was asked for; `first_date` is the first day on
    which any of its evidence was surely published (empty if none is dated). `clash` says in words how its contexts
    contradict those of the step before.
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
    first_date: str
    cost: float
    terms: dict[str, float]
    clash: str = ""


_STEP = tuple(part.name for part in fields(NamedStep))


def _plain(value: Any) -> Any:
    return {"id": value.id, "name": value.name, "category": value.category} if isinstance(value, Node) else value


@dataclass(frozen=True, slots=True)
class NamedPath:
    """One path: its cost (lower is better), the terms of that sum, what happens to its target (+1 up, -1 down), its steps.

    `notes` says what must be known of it: a last step that is an association, a step that rests on suppositions alone.
    """

    score: float
    sign: int
    terms: dict[str, float]
    steps: tuple[NamedStep, ...]
    notes: tuple[str, ...] = ()

    @property
    def source(self) -> Node:
        """Where the path starts."""
        return self.steps[0].subject

    @property
    def target(self) -> Node:
        """Where it ends."""
        return self.steps[-1].object

    @property
    def clashes(self) -> tuple[str, ...]:
        """The contradictions between consecutive steps, in words."""
        return tuple(step.clash for step in self.steps if step.clash)

    def __str__(self) -> str:
        line = self.source.name
        for step in self.steps:
            line += f" {'->' if step.sign > 0 else '-|'} {step.object.name}"
        return line

    def to_dict(self) -> dict[str, Any]:
        """Return the path as plain values, ready for JSON."""
        return {
            "score": self.score,
            "sign": self.sign,
            "terms": self.terms,
            "notes": self.notes,
            "steps": [{name: _plain(getattr(step, name)) for name in _STEP} for step in self.steps],
        }

    def rows(self, number: int) -> list[tuple[Any, ...]]:
        """Return one tuple for each step in the order of `COLUMNS`; `number` is the rank of the path."""
        return [
            (
                number, self.score, place, step.subject.id, step.subject.name, step.relation, step.object.id, step.object.name,
                step.sign, step.state, step.support, step.refute, step.null, step.belief, step.first_date, step.cost, step.clash,
            )
            for place, step in enumerate(self.steps, 1)
        ]  # fmt: skip

    def details(self) -> list[str]:
        """Return the path as lines of text: the chain, the terms of its cost, and its steps with their studies."""
        terms = ", ".join(f"{name} {cost:.2f}" for name, cost in self.terms.items() if cost)
        lines = [str(self), f"   cost {self.score:.2f} = {terms}"]
        for step in self.steps:
            against = f", {step.refute + step.null} against or none found" if step.refute or step.null else ""
            studies = f"{step.support} {'study' if step.support == 1 else 'studies'} for{against}"
            state = "up" if step.state > 0 else "down"
            lines.append(f"   {step.subject.name} {step.label} {step.object.name} ({state}): {studies}")
            if step.clash:
                lines.append(f"      contexts contradict: {step.clash}")
        lines.extend(f"   {note}" for note in self.notes)
        return lines


@dataclass(frozen=True, repr=False)
class FoundPaths(Sequence[NamedPath]):
    """The paths of one question, best first. `partial` names the limit that stopped the search, empty if nothing did.

    `question` is what was asked, in names; `pandas.DataFrame(paths.rows())` has one row for each step.
    """

    paths: tuple[NamedPath, ...]
    question: dict[str, Any] = field(default_factory=dict)
    partial: str = ""

    @overload
    def __getitem__(self, number: int) -> NamedPath: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[NamedPath]: ...

    def __getitem__(self, number: int | slice) -> NamedPath | Sequence[NamedPath]:
        return self.paths[number]

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[NamedPath]:
        return iter(self.paths)

    def __repr__(self) -> str:
        stopped = f", stopped at {self.partial}" if self.partial else ""
        head = f"<{len(self.paths)} path{'' if len(self.paths) == 1 else 's'}{stopped}>"
        shown = [f"{number:3}. {path.score:6.2f}  {path}" for number, path in enumerate(self.paths, 1)]
        return "\n".join([head, *shown])

    def _repr_markdown_(self) -> str:
        rows = [f"| {number} | {path.score:.2f} | {path} |" for number, path in enumerate(self.paths, 1)]
        return "\n".join(["| | cost | path |", "|---|---|---|", *(row.replace("-|", "⊣") for row in rows)])

    def rows(self) -> list[dict[str, Any]]:
        """Return one dictionary for each step of each path, with the columns of `COLUMNS`."""
        return [
            dict(zip(COLUMNS, row, strict=True)) for number, path in enumerate(self.paths, 1) for row in path.rows(number)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return question, paths and `partial` as plain values, ready for JSON."""
        return {"question": self.question, "paths": [path.to_dict() for path in self.paths], "partial": self.partial}
