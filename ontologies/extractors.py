"""Readers of text: how often what they extract is right (``extractors.tsv``), and which evidence they read.

The rates come from human labels (`queries.evaluation.calibration` says how they are estimated); ``immunokg evaluate readers
--format tsv`` writes the table. A machine-read evidence weighs its design's weight times the rate of its reader:

* an evidence of agent type ``text_mining_agent`` is machine-read; a reader that the table lacks has the pooled rate;
* an evidence of agent type ``automated_agent`` is machine-read if its extractor is a reader of the table;
* whatever a person wrote or checked is not, nor is what says nothing of its making: its rate is 1.

>>> precision("Sparser 1.0", "text_mining_agent") < precision("RLIMS-P", "text_mining_agent") < 1
True
>>> precision("", "manual_agent"), precision("pathway importer", "automated_agent")
(1.0, 1.0)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ontologies.tables import Row, Table, read_text

__all__ = ["COLUMNS", "MACHINE_AGENTS", "POOLED", "Reader", "precision", "read_extractors", "readers"]

COLUMNS = ("reader", "labelled", "correct", "precision", "low", "high", "source")
"""The columns of the table."""

MACHINE_AGENTS = ("text_mining_agent", "automated_agent")
"""Agent types whose evidence may be machine-read; all other evidence keeps its weight."""

POOLED = "pooled"
"""The row that stands for readers without labels."""

_NAME = re.compile(r"[A-Za-z][A-Za-z-]*")
_READER = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Reader:
    """One row: labels and correct ones among them, the estimated rate with its 95 % interval, and where they come from."""

    name: str
    labelled: int
    correct: int
    precision: float
    low: float
    high: float
    source: str


def read_extractors(text: str, file: str = "extractors.tsv") -> dict[str, Reader]:
    """Parse the table of readers; raises `BadInput` with every fault of it, by file and line."""
    table = Table(file, text, COLUMNS, key="reader")
    found: dict[str, Reader] = {}
    for row in table:
        before = len(table.faults)
        _check(table, row)
        if len(table.faults) == before:
            found[row["reader"]] = Reader(
                row["reader"], int(row["labelled"]), int(row["correct"]), float(row["precision"]), float(row["low"]),
                float(row["high"]), row["source"],
            )  # fmt: skip
    if POOLED not in found and not table.faults:
        table.fault(1, "reader", f"there is no row {POOLED!r}", "write the table with immunokg evaluate readers --format tsv")
    table.finish()
    return found


def _check(table: Table, row: Row) -> None:
    if not _READER.fullmatch(row["reader"]):
        table.fault(row.line, "reader", f"{row['reader']!r} is no reader", "write small letters only")
    if not (row["labelled"].isdecimal() and row["correct"].isdecimal() and int(row["correct"]) <= int(row["labelled"])):
        table.fault(row.line, "correct", "labelled and correct are no counts", "write whole numbers, correct <= labelled")
    try:
        low, middle, high = (float(row[column]) for column in ("low", "precision", "high"))
    except ValueError:
        low, middle, high = 1.0, 0.0, 0.0
    if not 0 < low <= middle <= high <= 1:
        table.fault(row.line, "precision", "is no rate between low and high", "write 0 < low <= precision <= high <= 1")
    if not row["source"]:
        table.fault(row.line, "source", "is empty", "fill it in")


@cache
def readers() -> Mapping[str, Reader]:
    """Return all readers by name, the pooled rate among them.

    >>> readers()["pooled"].labelled == sum(r.labelled for r in readers().values() if r.name != "pooled")
    True
    """
    return MappingProxyType(read_extractors(read_text("extractors.tsv")))


@cache
def precision(extractor: str, agent_type: str) -> float:
    """Return the rate that an evidence's weight is multiplied by: 1 unless it is machine-read.

    The reader is the first word of the extractor, without hyphens and in small letters (``RLIMS-P 2.1`` is ``rlimsp``).
    """
    if agent_type not in MACHINE_AGENTS:
        return 1.0
    word = _NAME.match(extractor.strip())
    reader = readers().get(word[0].replace("-", "").lower()) if word else None
    if reader is not None and reader.name != POOLED:
        return reader.precision
    return readers()[POOLED].precision if agent_type == "text_mining_agent" else 1.0
