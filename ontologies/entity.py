"""The thing a statement speaks of: `Entity`.

>>> dupilumab = Entity("DRUGBANK:DB12159", "dupilumab", "Drug", synonyms=("Dupixent",), xrefs=("MESH:C582203",))
>>> print(dupilumab)
dupilumab (DRUGBANK:DB12159)
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Entity"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A drug, gene, cell, process, disease or other thing, with one primary CURIE and one primary name.

    Lists are kept in alphabetical order, so that two sources that list alike describe the same entity.

    Args:
        curie: primary identifier, spelled as in ``prefixes.tsv``.
        name: primary name; unique among our terms.
        category: name of a row of ``categories.tsv``.
        roles: what it is by function, such as ``Cytokine`` or ``Receptor``.
        synonyms: other names of the same thing.
        xrefs: exact matches: CURIEs of the very same thing; records that use them merge into this entity.
        close_matches: related CURIEs, such as the phenotype of the same name; never merged.
        valence: ``good`` if more of it is health (skin barrier function), ``bad`` if less is (hair loss), else empty.
        source: where the identifier was seen.
    """

    curie: str
    name: str
    category: str
    roles: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    close_matches: tuple[str, ...] = ()
    valence: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        for part in ("roles", "synonyms", "xrefs", "close_matches"):
            object.__setattr__(self, part, tuple(sorted(getattr(self, part))))

    def __str__(self) -> str:
        return f"{self.name} ({self.curie})"
