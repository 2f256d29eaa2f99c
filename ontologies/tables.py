r"""Reading the tab-separated tables of this package, with every fault reported at once by file and line.

A table is UTF-8 text: a header line, then one row a line, cells separated by tabs, no quoting. Lists stand in one cell,
separated by ``|``. A `Table` collects what is wrong while its rows are turned into values; `Table.finish` raises
`BadInput` with all of it.

>>> table = Table("demo.tsv", "name\tsign\nbinds\t0\ncauses\tup\n", ("name", "sign"))
>>> [(row["name"], table.choice(row, "sign", ("-1", "0", "+1"))) for row in table]
[('binds', '0'), ('causes', 'up')]
>>> [str(fault) for fault in table.faults]
["demo.tsv:3: sign: 'up' is not allowed (use one of: -1, 0, +1)"]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ontologies.errors import BadInput, Fault

__all__ = ["Row", "Table", "read_text"]


def read_text(name: str) -> str:
    r"""Return the text of a data file of this package.

    >>> read_text("relations.tsv").partition("\t")[0]
    'name'
    """
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


class Row(dict[str, str]):
    """The cells of one row by column name, and the line it stands on."""

    __slots__ = ("line",)

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        super().__init__(cells)
        self.line = line

    def list(self, column: str) -> tuple[str, ...]:
        """Split a list cell; an empty cell is an empty tuple.

        >>> Row(2, {"domain": "Gene|Cell"}).list("domain"), Row(2, {"domain": ""}).list("domain")
        (('Gene', 'Cell'), ())
        """
        return tuple(self[column].split("|")) if self[column] else ()


class Table:
    """The rows of one table, and the faults found in it so far."""

    def __init__(self, file: str, text: str, columns: Sequence[str], *, key: str = "") -> None:
        self.file = file
        self.faults: list[Fault] = []
        self._rows: list[Row] = []
        seen: dict[str, int] = {}
        lines = text.split("\n")
        header = tuple(lines[0].rstrip("\r").split("\t")) if text else ()
        if header != tuple(columns):
            self._check_header(header, columns)
            return
        for number, line in enumerate(lines[1:], 2):
            if not line.strip():
                continue
            cells = line.rstrip("\r").split("\t")
            if len(cells) != len(columns):
                self.fault(number, "", f"has {len(cells)} cells, the header has {len(columns)}", "count the tabs")
                continue
            row = Row(number, dict(zip(columns, cells, strict=True)))
            if key:
                if not row[key]:
                    self.fault(number, key, "is empty", "every row needs one")
                elif row[key] in seen:
                    self.fault(number, key, f"{row[key]!r} stands already in line {seen[row[key]]}", "remove one")
                    continue
                seen[row[key]] = number
            self._rows.append(row)
        if not self._rows and not self.faults:
            self.fault(1, "", "has no rows", "the file is truncated; restore it")

    def _check_header(self, header: Sequence[str], columns: Sequence[str]) -> None:
        missing = [c for c in columns if c not in header]
        unknown = [c for c in header if c not in columns]
        for column in missing:
            self.fault(1, column, "column is missing", f"the header is: {' '.join(columns)}")
        for column in unknown:
            self.fault(1, column, "unknown column", f"the header is: {' '.join(columns)}")
        if not missing and not unknown:
            self.fault(1, "", "columns are out of order", f"the header is: {' '.join(columns)}")

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def fault(self, line: int, column: str, problem: str, fix: str) -> None:
        """Note one thing wrong."""
        self.faults.append(Fault(self.file, line, 0, column, problem, fix))

    def choice(self, row: Row, column: str, allowed: Sequence[str]) -> str:
        """Return the cell, noting a fault when it is none of the allowed values."""
        if row[column] not in allowed:
            self.fault(row.line, column, f"{row[column]!r} is not allowed", f"use one of: {', '.join(allowed)}")
        return row[column]

    def subset(self, row: Row, column: str, allowed: Sequence[str] | frozenset[str]) -> tuple[str, ...]:
        """Return the list cell, noting a fault for every item that is not allowed or stands twice."""
        items = row.list(column)
        for item in dict.fromkeys(items):
            if item not in allowed:
                self.fault(row.line, column, f"{item!r} is not allowed", f"use some of: {', '.join(sorted(allowed))}")
            if items.count(item) > 1:
                self.fault(row.line, column, f"{item!r} stands twice", "name it once")
        return items

    def finish(self) -> None:
        """Raise `BadInput` with all faults found, if any."""
        if self.faults:
            count = len(self.faults)
            message = f"{count} fault{'s' if count > 1 else ''} in {self.file}"
            raise BadInput(message, sorted(self.faults, key=lambda f: (f.line, f.field)))
