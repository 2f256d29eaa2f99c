"""The two tables beside the corpus: publications by key, and studies by key with the publications that report them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import IO, cast, get_args

from kg.model import Precision, Publication
from loaders.base import LossReport
from loaders.tsv_records import TsvRow, read_tsv
from ontologies.errors import Fault, MalformedCurie
from ontologies.prefixes import check

__all__ = ["PUBLICATION_COLUMNS", "STUDY_COLUMNS", "Study", "read_publications", "read_studies"]

PUBLICATION_COLUMNS = (
    "key", "pmid", "doi", "pmcid", "nct", "title", "journal", "date", "precision", "database", "release",
)
STUDY_COLUMNS = ("key", "parent", "publications", "nct", "title")

_SHAPES = {"day": re.compile(r"\d{4}-\d{2}-\d{2}"), "month": re.compile(r"\d{4}-\d{2}"), "year": re.compile(r"\d{4}")}
_HOW = {"day": "2018-10-10", "month": "2018-10", "year": "2018"}


@dataclass(frozen=True, slots=True)
class Study:
    """A study by the key that counts, with the trials it is part of and the publications that report it.

    A sub-study has one parent; a pooled analysis lists all its trials and counts with the first.
    """

    key: str
    parents: tuple[str, ...]
    publications: tuple[str, ...]
    nct: str
    title: str
    line: int


def read_publications(stream: IO[bytes], *, name: str, report: LossReport) -> dict[str, Publication]:
    r"""Return publications by key; malformed ids, dates off their precision and rows of one paper are faults.

    >>> import io
    >>> text = "\t".join(PUBLICATION_COLUMNS) + "\nPMID:23034652\t23034652\t\t\t\t\t\t2012-12\tmonth\t\t\n"
    >>> table = read_publications(io.BytesIO(text.encode()), name="publications.tsv", report=LossReport())
    >>> table["PMID:23034652"].last_day
    '2012-12-31'
    """
    found: dict[str, Publication] = {}
    lines: dict[str, int] = {}
    for row in read_tsv(stream, name=name, columns=PUBLICATION_COLUMNS, report=report):
        if _check_publication(row, name, report, lines):
            cells = row.cells
            precision = cast("Precision", cells["precision"])
            found[cells["key"]] = Publication(**{**cells, "precision": precision})  # type: ignore[arg-type]  # checked above
    return found


def read_studies(
    stream: IO[bytes], *, name: str, publications: dict[str, Publication], report: LossReport,
    known: dict[str, Study] | None = None,
) -> dict[str, Study]:
    """Return studies by key; a parent that is no study (nor among `known`) and an unlisted publication are faults."""
    found: dict[str, Study] = {}
    for row in read_tsv(stream, name=name, columns=STUDY_COLUMNS, report=report):
        cells = row.cells
        if not cells["key"]:
            _fault(report, name, row, "key", "is missing", "name the study")
        elif cells["key"] in found:
            _fault(report, name, row, "key", f"{cells['key']!r} stands on line {found[cells['key']].line} too", "keep one")
        else:
            keys, parents = _list(cells["publications"]), _list(cells["parent"])
            for key in keys:
                if key not in publications:
                    _fault(report, name, row, "publications", f"unknown publication {key!r}", "add it to publications.tsv")
            if cells["nct"]:
                for nct in cells["nct"].replace(";", "|").split("|"):
                    _check_id(row, name, report, "nct", f"clinicaltrials:{nct.strip()}")
            found[cells["key"]] = Study(cells["key"], parents, keys, cells["nct"], cells["title"], row.line)
    both = {**(known or {}), **found}
    for study in found.values():
        place = TsvRow(study.line, {})
        for parent in study.parents:
            if parent not in both:
                _fault(report, name, place, "parent", f"unknown study {parent!r}", "add a row for it")
            elif both[parent].parents:
                _fault(report, name, place, "parent", f"{parent!r} has a parent itself", "name the topmost trial")
    return found


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _check_publication(row: TsvRow, name: str, report: LossReport, lines: dict[str, int]) -> bool:
    before = len(report.faults)
    cells = row.cells
    key = cells["key"]
    if not key:
        _fault(report, name, row, "key", "is missing", "write PMID:…, DOI:…, PMC:…, clinicaltrials:… or db:…")
        return False
    _check_id(row, name, report, "key", key)
    ids = {
        "pmid": f"PMID:{cells['pmid']}", "doi": f"DOI:{cells['doi']}", "pmcid": f"PMC:{cells['pmcid']}",
    }
    for column, curie in ids.items():
        if cells[column]:
            _check_id(row, name, report, column, curie)
    for nct in filter(None, (part.strip() for part in re.split(r"[;|]", cells["nct"]))):
        _check_id(row, name, report, "nct", f"clinicaltrials:{nct}")
    for curie in {key.lower(), *(curie.lower() for column, curie in ids.items() if cells[column])}:
        first = lines.setdefault(curie, row.line)
        if first != row.line:
            _fault(report, name, row, "key", f"{curie} stands on line {first} too", "join the two rows")
    _check_date(row, name, report)
    if key.startswith("db:") and not (cells["database"] and cells["release"]):
        _fault(report, name, row, "release", "a database record names no database and release", "name both")
    return len(report.faults) == before


def _check_date(row: TsvRow, name: str, report: LossReport) -> None:
    day, precision = row.cells["date"], row.cells["precision"]
    if precision not in get_args(Precision):
        fix = f"use one of: {', '.join(get_args(Precision))}"
        _fault(report, name, row, "precision", f"unknown precision {precision!r}", fix)
        return
    shape = _SHAPES.get(precision)
    if precision == "unknown" and day:
        _fault(report, name, row, "date", f"{day!r} is given with precision unknown", "give its precision, or no date")
    elif shape and not shape.fullmatch(day):
        fix = f"write it like {_HOW[precision]}, or mend the precision"
        _fault(report, name, row, "date", f"{day!r} is no {precision}", fix)
    elif day and not _is_date(day):
        _fault(report, name, row, "date", f"{day!r} is no date", "write it like 2018-10-10, 2018-10 or 2018")


def _is_date(text: str) -> bool:
    if not any(shape.fullmatch(text) for shape in _SHAPES.values()):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return 1800 <= int(text[:4]) <= 2100


def _check_id(row: TsvRow, name: str, report: LossReport, column: str, curie: str) -> None:
    try:
        check(curie)
    except MalformedCurie as error:
        _fault(report, name, row, column, error.message, "")


def _fault(report: LossReport, name: str, row: TsvRow, column: str, problem: str, fix: str) -> None:
    report.fault(Fault(name, row.line, 0, column, problem, fix), record=row.cells.get("key", ""), reason="faulty row")
