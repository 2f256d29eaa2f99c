"""Study designs: their weight, level of evidence and ECO term (``study_designs.tsv``).

The level is that of the Oxford Centre for Evidence-Based Medicine where it grades the design for a question of
treatment (OCEBM Levels of Evidence Working Group, *The Oxford 2011 Levels of Evidence*); it is None elsewhere: an
experiment is direct evidence for a mechanism and is not graded by a scale of clinical questions.

The weight says how many trials of a coin one study counts as (`kg.belief`). Its rule: the level gives a band (`BANDS`), which
falls as the level gets worse; the place within the band, and the weight of what OCEBM does not grade, is a choice whose reason
stands in the column ``source``, with the comparison of designs that argues for it where one was found. No labels tell how
wide the bands should be; a hypothesis weighs nothing.

>>> design("case_report").level, design("case_report").weight < design("cohort").weight
(4, True)
>>> design("hypothesis").weight
0.0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias, cast

from ontologies.errors import UnknownRelation
from ontologies.tables import Row, Table, read_text

__all__ = ["BANDS", "Design", "Kind", "design", "designs", "read_designs"]

Kind: TypeAlias = Literal["clinical", "experimental", "genetic", "review", "database", "hypothesis", "other"]

BANDS: Mapping[int, tuple[float, float]] = MappingProxyType({1: (0.9, 1.0), 2: (0.7, 0.9), 3: (0.6, 0.7), 4: (0.4, 0.6)})
"""The least and greatest weight of each OCEBM level: worse levels never weigh more."""

_COLUMNS = ("name", "label", "eco", "level", "weight", "human", "kind", "definition", "source")
_KINDS = ("clinical", "experimental", "genetic", "review", "database", "hypothesis", "other")


@dataclass(frozen=True, slots=True)
class Design:
    """One row of the table; `human` is true when people (or tissue of theirs) were studied."""

    name: str
    label: str
    eco: str
    level: int | None
    weight: float
    human: bool
    kind: Kind
    definition: str
    source: str


def read_designs(text: str, file: str = "study_designs.tsv") -> dict[str, Design]:
    """Parse the table of designs; raises `BadInput` with every fault of it, by file and line."""
    table = Table(file, text, _COLUMNS, key="name")
    found: dict[str, Design] = {}
    for row in table:
        before = len(table.faults)
        _check(table, row)
        if len(table.faults) == before:
            found[row["name"]] = Design(
                row["name"],
                row["label"],
                row["eco"],
                int(row["level"]) if row["level"] else None,
                float(row["weight"]),
                row["human"] == "true",
                cast("Kind", row["kind"]),
                row["definition"],
                row["source"],
            )
    table.finish()
    return found


def _check(table: Table, row: Row) -> None:
    table.choice(row, "kind", _KINDS)
    table.choice(row, "human", ("true", "false"))
    table.choice(row, "level", ("", "1", "2", "3", "4", "5"))
    if not (row["eco"].startswith("ECO:") and len(row["eco"]) == 11 and row["eco"][4:].isdigit()):
        table.fault(row.line, "eco", f"{row['eco']!r} is no id of ECO", "write ECO:0000180")
    try:
        weight = float(row["weight"])
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        table.fault(row.line, "weight", f"{row['weight']!r} is no number from 0 to 1", "write 0.5")
    elif row["level"].isdecimal() and int(row["level"]) in BANDS and not _within(weight, int(row["level"])):
        low, high = BANDS[int(row["level"])]
        table.fault(row.line, "weight", f"{weight} is not in the band of level {row['level']}", f"write {low} to {high}")
    elif (weight == 0) != (row["kind"] == "hypothesis"):
        table.fault(row.line, "weight", "a hypothesis, and nothing else, weighs 0", "mend weight or kind")
    for column in ("label", "definition", "source"):
        if not row[column]:
            table.fault(row.line, column, "is empty", "fill it in")


def _within(weight: float, level: int) -> bool:
    low, high = BANDS[level]
    return low <= weight <= high


@cache
def designs() -> Mapping[str, Design]:
    """Return all designs by name, in the order of the table, strongest first within the graded ones.

    >>> next(iter(designs()))
    'meta_analysis'
    """
    return MappingProxyType(read_designs(read_text("study_designs.tsv")))


@cache
def design(name: str) -> Design:
    """Return the design of this name; raises `UnknownRelation` (kind ``study design``) listing near names.

    >>> design("case report")
    Traceback (most recent call last):
        ...
    ontologies.errors.UnknownRelation: unknown study design 'case report'; did you mean one of: case_report, ...
    """
    try:
        return designs()[name]
    except KeyError:
        from ontologies.vocabulary import nearest

        raise UnknownRelation(name, nearest(name, designs()), kind="study design") from None
