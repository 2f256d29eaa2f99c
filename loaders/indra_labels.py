"""Human labels on extracted evidence: was what a reader took from a sentence right?

Two files make labels: JSON lines ``{"source_hash", "pa_hash", "tag", "correct"}`` with what curators decided, and the INDRA
statements (JSON) whose evidence they saw, which say what reader each evidence comes from. They are joined by
``source_hash``. Where several statements hold that evidence, that of the label's ``pa_hash`` (the statement's
``matches_hash``) counts, else the first. A label that names its reader itself (``source_api``) needs no statement.

A table (TSV) with the columns ``TYPE`` and ``CORRECT`` (1 or 0) is a sample of one reader's output, by default REACH's.

>>> import io
>>> evidence = b'{"source_api": "reach", "source_hash": 1}'
>>> statements = io.BytesIO(b'[{"type": "Complex", "matches_hash": "7", "evidence": [%b]}]' % evidence)
>>> labels = io.BytesIO(b'{"source_hash": 1, "pa_hash": 7, "tag": "polarity", "correct": false}')
>>> read_labels(labels, evidence_by_hash(statements, name="s.json"), name="l.jsonl")
([LabelledEvidence(reader='reach', kind='Complex', group='7', correct=False)], 0)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from loaders.base import LossReport
from loaders.json_records import read_json_lines
from loaders.streams import read_capped, read_lines
from ontologies.errors import BadInput, Fault

__all__ = ["MAX_BYTES", "EvidenceIndex", "LabelledEvidence", "evidence_by_hash", "read_labels"]

MAX_BYTES = 512 * 1024**2
"""Bytes of text in one file of statements or labels."""

EvidenceIndex = Mapping[int, list[tuple[str, str, str]]]
"""For each ``source_hash`` the (reader, type, ``matches_hash``) of the statements that hold the evidence."""


@dataclass(frozen=True, slots=True)
class LabelledEvidence:
    """One label: the reader, the type of the statement, the group of labels that belong together, and the verdict."""

    reader: str
    kind: str
    group: str
    correct: bool


def evidence_by_hash(stream: BinaryIO, *, name: str) -> dict[int, list[tuple[str, str, str]]]:
    """Return the evidence of INDRA statements (a JSON list, plain or gzip) by its hash.

    Raises `BadInput` for what is no list of statements.
    """
    data = read_capped(stream, name=name, cap=MAX_BYTES)
    try:
        statements = json.loads(data)
    except (ValueError, RecursionError) as error:
        problem = f"malformed JSON: {error}".splitlines()[0][:200]
        raise BadInput(f"{name}: {problem}", [Fault(name, problem=problem, fix="give INDRA statements as JSON")]) from None
    if not isinstance(statements, list) or not all(isinstance(one, dict) for one in statements):
        problem = "a list of INDRA statements was expected"
        raise BadInput(f"{name}: {problem}", [Fault(name, problem=problem, fix='write [{"type": …, "evidence": […]}]')])
    found: dict[int, list[tuple[str, str, str]]] = {}
    for statement in statements:
        for evidence in statement.get("evidence") or ():
            key = evidence.get("source_hash") if isinstance(evidence, dict) else None
            if isinstance(key, int):
                kind, group = str(statement.get("type", "")), str(statement.get("matches_hash", ""))
                found.setdefault(key, []).append((str(evidence.get("source_api", "")), kind, group))
    return found


def read_labels(
    stream: BinaryIO, index: EvidenceIndex, *, name: str, sampled: str = "reach"
) -> tuple[list[LabelledEvidence], int]:
    """Return the labels whose reader is known, and how many others there are; `sampled` is the reader of a TSV sample.

    Raises `BadInput` listing all faulty lines, or when there are no labels at all.
    """
    data = read_capped(stream, name=name, cap=MAX_BYTES)
    if not data.lstrip().startswith(b"{"):
        return _sample(data, name, sampled), 0
    report, found, lost = LossReport(), [], 0
    for line, value, _ in read_json_lines(read_lines([data], name=name), name=name, report=report):
        correct, key = value.get("correct"), value.get("source_hash")
        if not isinstance(correct, bool) or not isinstance(key, int) or isinstance(key, bool):
            report.fault(Fault(name, line, problem="source_hash or correct is missing", fix="write a number, and true or false"))
            continue
        group = str(value.get("pa_hash", key))
        row = _joined(value, index.get(key, []), group)
        if row is None:
            lost += 1
        else:
            found.append(LabelledEvidence(row[0], row[1], group, correct))
    report.check()
    if not found and not lost:
        raise BadInput(f"{name}: the file holds no labels", [Fault(name, 1, problem="no labels", fix="fetch it again")])
    return found, lost


def _joined(value: Mapping[str, Any], rows: list[tuple[str, str, str]], group: str) -> tuple[str, str] | None:
    if isinstance(value.get("source_api"), str):
        return value["source_api"], str(value.get("type", ""))
    same = [row for row in rows if row[2] == group] or rows
    return same[0][:2] if same else None


def _sample(data: bytes, name: str, reader: str) -> list[LabelledEvidence]:
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        problem = f"byte {error.start + 1} is not UTF-8"
        raise BadInput(f"{name}: {problem}", [Fault(name, problem=problem, fix="save the file as UTF-8")]) from None
    columns = lines[0].split("\t") if lines else []
    if not {"TYPE", "CORRECT"} <= set(columns):
        problem = "neither JSON lines nor a table with the columns TYPE and CORRECT"
        raise BadInput(f"{name}: {problem}", [Fault(name, 1, problem=problem, fix="give curators' labels")])
    kind, verdict = columns.index("TYPE"), columns.index("CORRECT")
    found, faults = [], []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) <= max(kind, verdict) or cells[verdict] not in ("0", "1"):
            faults.append(Fault(name, number, field="CORRECT", problem="is neither 0 nor 1", fix="write 0 or 1"))
        else:
            found.append(LabelledEvidence(reader, cells[kind], f"row {number}", cells[verdict] == "1"))
    if faults:
        raise BadInput(f"{name}: {len(faults)} rows without a verdict", faults[:100], truncated=len(faults) > 100)
    return found
