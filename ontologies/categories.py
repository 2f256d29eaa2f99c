"""The categories of entities (``categories.tsv``): Biolink's classes that we use, and two of our own.

>>> CATEGORIES["Gene"].biolink, is_a("Drug", "ChemicalEntity")
('biolink:Gene', True)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ontologies.errors import BadInput, Fault, UnknownRelation

__all__ = ["CATEGORIES", "Category", "ancestors", "category", "is_a", "neo4j_label", "read_categories"]


@dataclass(frozen=True, slots=True)
class Category:
    """One category: its name in records, its label for people, its parent, and its class in other vocabularies."""

    name: str
    label: str
    parent: str
    biolink: str
    neo4j_label: str
    definition: str


def read_categories(path: Path) -> dict[str, Category]:
    """Read a table of categories.

    Raises:
        BadInput: rows of another width, names that stand twice, parents that no row above defines; all at once.
    """
    found: dict[str, Category] = {}
    faults: list[Fault] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
        cells = line.split("\t")
        if len(cells) != 6:
            faults.append(Fault(path.name, number, problem=f"{len(cells)} cells", fix="write 6 cells, tab separated"))
            continue
        row = Category(*cells)
        if row.name in found:
            faults.append(Fault(path.name, number, 1, "name", f"{row.name!r} stands twice", "drop one row"))
        if row.parent and row.parent not in found:
            faults.append(Fault(path.name, number, 3, "parent", f"{row.parent!r} is not above", "put the parent first"))
        found[row.name] = row
    if faults:
        raise BadInput(f"{len(faults)} faults in {path.name}", faults)
    return found


@cache
def _table() -> dict[str, Category]:
    return read_categories(Path(__file__).with_name("categories.tsv"))


class _Categories(Mapping[str, Category]):
    """The table as a read-only mapping; the file is read at the first look."""

    def __getitem__(self, name: str) -> Category:
        return _table()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_table())

    def __len__(self) -> int:
        return len(_table())


CATEGORIES: Mapping[str, Category] = _Categories()
"""Every category by name."""


def category(name: str) -> Category:
    """Return a category by its name, label or Neo4j label, in any case.

    Raises:
        UnknownRelation: no category is called so; the error lists the valid ones.

    >>> category("disease").name
    'Disease'
    """
    if name in CATEGORIES:
        return CATEGORIES[name]
    wanted = name.casefold()
    for row in CATEGORIES.values():
        if wanted in {row.name.casefold(), row.label.casefold(), row.neo4j_label.casefold()}:
            return row
    raise UnknownRelation(name, sorted(CATEGORIES), kind="category")


def ancestors(name: str) -> tuple[str, ...]:
    """Return the category and its ancestors, nearest first.

    >>> ancestors("Drug")
    ('Drug', 'ChemicalEntity', 'Entity')
    """
    row = category(name)
    line = [row.name]
    while row.parent:
        row = CATEGORIES[row.parent]
        line.append(row.name)
    return tuple(line)


def is_a(name: str, ancestor: str) -> bool:
    """Tell whether a category is another one or stands below it.

    >>> is_a("Pathway", "BiologicalProcess"), is_a("Disease", "PhenotypicFeature")
    (True, False)
    """
    return ancestor in ancestors(name)


def neo4j_label(name: str) -> str:
    """Return the node label of a category in the property graph.

    >>> neo4j_label("MacromolecularComplex")
    'Complex'
    """
    return category(name).neo4j_label
