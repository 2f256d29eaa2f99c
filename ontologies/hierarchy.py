"""Which contexts lie within which (``hierarchy.tsv``): kinds of cells, parts of tissues, and the pathways a ligand drives.

Used to compare contexts only: a step in memory CD8 T cells does not contradict one in CD8 T cells. No row is a statement of
the graph and none is ever a step of a mechanism.

>>> sorted(load_hierarchy()["ikg:cd8-pos-virtual-memory-t-cell"])
['CL:0000084', 'CL:0000542', 'CL:0000625', 'CL:0000909']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from ontologies.errors import Fault
from ontologies.prefixes import check
from ontologies.tables import Table, read_text

__all__ = ["closure", "load_hierarchy", "read_hierarchy"]

_COLUMNS = ("term", "broader", "source")


def closure(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return all wider terms of each term, near and far; a term in a cycle is not its own wider term.

    >>> sorted(closure([("memory CD8", "CD8"), ("CD8", "T cell")])["memory CD8"])
    ['CD8', 'T cell']
    """
    up: dict[str, set[str]] = {}
    for term, broader in pairs:
        up.setdefault(term, set()).add(broader)
    closed = {}
    for term, first in up.items():
        seen: set[str] = set()
        waiting = list(first)
        while waiting:
            wider = waiting.pop()
            if wider not in seen and wider != term:
                seen.add(wider)
                waiting.extend(up.get(wider, ()))
        closed[term] = frozenset(seen)
    return closed


def read_hierarchy(text: str, *, file: str = "hierarchy.tsv") -> tuple[tuple[str, str], ...]:
    r"""Return the (term, broader term) pairs of a table.

    Raises:
        BadInput: lists all faults at once: malformed identifiers, a missing source, a term that is its own broader one.

    >>> read_hierarchy("term\tbroader\tsource\nCL:0000625\tCL:0000084\tCL\n")
    (('CL:0000625', 'CL:0000084'),)
    """
    table = Table(file, text, _COLUMNS)
    pairs = []
    for row in table:
        for column in ("term", "broader"):
            try:
                check(row[column])
            except ValueError as error:
                table.faults.append(Fault(file, row.line, field=column, problem=str(error)))
        if not row["source"]:
            table.faults.append(Fault(file, row.line, field="source", problem="is missing", fix="say where it was seen"))
        if row["term"] == row["broader"]:
            table.faults.append(Fault(file, row.line, field="broader", problem="is the term itself", fix="drop the row"))
        pairs.append((row["term"], row["broader"]))
    table.finish()
    return tuple(pairs)


@cache
def load_hierarchy() -> Mapping[str, frozenset[str]]:
    """Return the wider terms of every term of the shipped table; read once."""
    return closure(read_hierarchy(read_text("hierarchy.tsv")))
