"""The terms of the curated corpus: entities (``terms/*.tsv``) and our own structural table (``structure.tsv``).

>>> load_terms()["HGNC:6015"].name
'IL4R'
>>> [row.object for row in load_structure() if row.subject == "MONDO:0019080"][0]
'MONDO:0005340'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ontologies.categories import CATEGORIES
from ontologies.entity import Entity
from ontologies.errors import BadInput, Fault, MalformedCurie
from ontologies.prefixes import check

__all__ = ["STRUCTURAL", "VALENCES", "StructureRow", "load_structure", "load_terms", "read_structure", "read_terms"]

VALENCES = ("", "good", "bad")
"""What more of an entity means for health."""

STRUCTURAL = ("severity_form_of", "part_of", "is_a", "manifestation_of")
"""The relations that ``structure.tsv`` may use."""

_TERM_COLUMNS = ("curie", "name", "category", "roles", "synonyms", "xrefs", "valence", "close_matches", "source")
_STRUCTURE_COLUMNS = ("subject", "relation", "object", "valence", "source", "note")


@dataclass(frozen=True, slots=True)
class StructureRow:
    """One row of our structural table.

    `valence` stands only with ``manifestation_of``: ``good`` if more of the subject means less disease (anagen),
    ``bad`` if it means more (catagen). `source` is a publication or the release of an ontology.
    """

    subject: str
    relation: str
    object: str
    valence: str
    source: str
    note: str


def _rows(path: Path, columns: tuple[str, ...], faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of one table with their line numbers; rows of another width become faults."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or tuple(lines[0].split("\t")) != columns:
        faults.append(Fault(path.name, 1, 1, problem="another header", fix="write " + " ".join(columns)))
        return
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) == len(columns):
            yield number, cells
        else:
            fix = f"write {len(columns)} cells, tab separated"
            faults.append(Fault(path.name, number, problem=f"{len(cells)} cells", fix=fix))


def _list(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


class _Uniqueness:
    """What must stand once over all files of terms: CURIEs, primary names and exact matches."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], str] = {}

    def clash(self, kind: str, text: str, place: str) -> str:
        """Return where the text stood before, or an empty string, and remember it."""
        before = self.seen.setdefault((kind, text), place)
        return "" if before == place else before


def _term_faults(entity: Entity, file: str, line: int, unique: _Uniqueness) -> Iterator[Fault]:
    place = f"{file}:{line}"
    for column, curies in (("curie", (entity.curie,)), ("xrefs", entity.xrefs), ("close_matches", entity.close_matches)):
        for curie in curies:
            try:
                check(curie)
            except MalformedCurie as error:
                yield Fault(file, line, _TERM_COLUMNS.index(column) + 1, column, error.message)
    for kind, column, texts in (
        ("id", "curie", (entity.curie,)),
        ("id", "xrefs", entity.xrefs),
        ("name", "name", (entity.name,)),
    ):
        for text in texts:
            before = unique.clash(kind, text, place)
            if before:
                fix = "one term owns it; use close_matches for a relative" if column == "xrefs" else "merge the two rows"
                yield Fault(file, line, _TERM_COLUMNS.index(column) + 1, column, f"{text!r} stands at {before} too", fix)
    if not entity.name or entity.name != entity.name.strip():
        yield Fault(file, line, 2, "name", f"{entity.name!r} is empty or padded", "write the bare name")
    if entity.category not in CATEGORIES:
        yield Fault(file, line, 3, "category", f"unknown {entity.category!r}", "use " + ", ".join(CATEGORIES))
    if entity.valence not in VALENCES:
        yield Fault(file, line, 7, "valence", f"unknown {entity.valence!r}", "use good, bad or nothing")
    if not entity.source:
        yield Fault(file, line, 9, "source", "is missing", "say where the id was seen")
    for column, cell in (("roles", entity.roles), ("synonyms", entity.synonyms), ("xrefs", entity.xrefs)):
        if len(set(cell)) < len(cell) or "" in cell:
            number = _TERM_COLUMNS.index(column) + 1
            yield Fault(file, line, number, column, "an item is empty or stands twice", "list each once, '|' between")
    if entity.name in entity.synonyms:
        yield Fault(file, line, 5, "synonyms", f"repeats the name {entity.name!r}", "drop it")


def read_terms(folder: Path) -> Mapping[str, Entity]:
    """Read every ``*.tsv`` of a folder as terms, by CURIE, in order of file and line.

    Raises:
        BadInput: lists the faults of all files at once, each with file and line.
    """
    found: dict[str, Entity] = {}
    faults: list[Fault] = []
    unique = _Uniqueness()
    for path in sorted(folder.glob("*.tsv")):
        for line, cells in _rows(path, _TERM_COLUMNS, faults):
            curie, name, category, roles, synonyms, xrefs, valence, close, source = cells
            lists = (_list(roles), _list(synonyms), _list(xrefs), _list(close))
            entity = Entity(curie, name, category, *lists, valence, source)
            faults.extend(_term_faults(entity, path.name, line, unique))
            found.setdefault(curie, entity)
    if faults:
        raise BadInput(f"{len(faults)} faults in the terms", faults)
    return MappingProxyType(found)


def read_structure(path: Path, terms: Mapping[str, Entity]) -> tuple[StructureRow, ...]:
    """Read a structural table whose subjects and objects are among `terms`.

    Raises:
        BadInput: lists all faults at once, each with its line.
    """
    found: dict[tuple[str, str, str], StructureRow] = {}
    faults: list[Fault] = []
    for line, cells in _rows(path, _STRUCTURE_COLUMNS, faults):
        row = StructureRow(*cells)
        for column, curie in ((1, row.subject), (3, row.object)):
            if curie not in terms:
                fix = "use the CURIE of a row of terms/"
                faults.append(Fault(path.name, line, column, _STRUCTURE_COLUMNS[column - 1], f"{curie!r} is no term", fix))
        if row.relation not in STRUCTURAL:
            fix = "use " + ", ".join(STRUCTURAL)
            faults.append(Fault(path.name, line, 2, "relation", f"{row.relation!r} is not structural here", fix))
        wanted = VALENCES[1:] if row.relation == "manifestation_of" else VALENCES[:1]
        if row.valence not in wanted:
            fix = "good or bad with manifestation_of, else empty"
            faults.append(Fault(path.name, line, 4, "valence", f"{row.valence!r} does not fit", fix))
        if not row.source:
            faults.append(Fault(path.name, line, 5, "source", "is missing", "name a publication or a release"))
        key = (row.subject, row.relation, row.object)
        if row.subject == row.object or key in found:
            faults.append(Fault(path.name, line, 1, problem="stands twice or points at itself", fix="drop it"))
        found[key] = row
    if faults:
        raise BadInput(f"{len(faults)} faults in {path.name}", faults)
    return tuple(found.values())


@cache
def load_terms() -> Mapping[str, Entity]:
    """Return the shipped terms by CURIE; read once.

    >>> load_terms()["DRUGBANK:DB12159"].synonyms[0]
    'Dupixent'
    """
    return read_terms(Path(__file__).with_name("terms"))


@cache
def load_structure() -> tuple[StructureRow, ...]:
    """Return the shipped structural table; read once.

    >>> {row.relation for row in load_structure()} <= set(STRUCTURAL)
    True
    """
    return read_structure(Path(__file__).with_name("structure.tsv"), load_terms())
