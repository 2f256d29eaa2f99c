r"""Which publication of the corpus cites which: the table ``corpus/cites.tsv``, for leaving studies out (`kg.without`).

One row says that a publication cites another (``yes``) or that its list of references was read and does not hold it
(``no``), with the place where that was seen. The table is far from complete: a missing row means that nobody has looked.

>>> import io
>>> text = "\t".join(COLUMNS) + "\nPMID:2\tPMID:1\tyes\tits reference 7\n"
>>> read_citations(io.BytesIO(text.encode()), name="cites.tsv", report=LossReport())
(Citation(citing='PMID:2', cited='PMID:1', cites=True, seen='its reference 7'),)
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import IO

from kg.without import Citation
from loaders.base import LossReport
from loaders.tsv_records import read_tsv
from ontologies.errors import Fault, MalformedCurie
from ontologies.prefixes import check

__all__ = ["COLUMNS", "load_citations", "read_citations"]

COLUMNS = ("citing", "cited", "cites", "seen")


def read_citations(stream: IO[bytes], *, name: str, report: LossReport) -> tuple[Citation, ...]:
    """Return the rows of a table of citations; malformed ids, unknown words, repeats and rows without a place are faults."""
    found: dict[tuple[str, str], Citation] = {}
    for row in read_tsv(stream, name=name, columns=COLUMNS, report=report):
        cells, before = row.cells, len(report.faults)
        for column in ("citing", "cited"):
            try:
                check(cells[column])
            except MalformedCurie as error:
                report.fault(Fault(name, row.line, 0, column, error.message, "write PMID:…, DOI:… or PMC:…"))
        if cells["cites"] not in ("yes", "no"):
            report.fault(Fault(name, row.line, 0, "cites", f"{cells['cites']!r} is neither yes nor no", "write yes or no"))
        if not cells["seen"]:
            report.fault(Fault(name, row.line, 0, "seen", "is missing", "say where that was seen"))
        pair = (cells["citing"], cells["cited"])
        if pair in found or pair[0] == pair[1]:
            report.fault(Fault(name, row.line, 0, "citing", f"{pair[0]} and {pair[1]} stand twice", "keep one row"))
        if len(report.faults) == before:
            found[pair] = Citation(*pair, cells["cites"] == "yes", cells["seen"])
    return tuple(found.values())


@cache
def load_citations() -> tuple[Citation, ...]:
    """Return the citations that ship with the corpus; raises `BadInput` when the table is faulty.

    >>> all(citation.seen for citation in load_citations())
    True
    """
    report = LossReport()
    table = files("loaders") / "corpus" / "cites.tsv"
    with table.open("rb") as stream:
        found = read_citations(stream, name="cites.tsv", report=report)
    report.check()
    return found
