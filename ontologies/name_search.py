"""Similarity search over names: what a researcher may have meant.

Exact spellings come first, then beginnings, words, initials, and last the typos, by edit distance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ontologies.entity import Entity
from ontologies.name_keys import initials, spelling_keys

__all__ = ["NameSearch", "SearchHit"]

_TYPO_FROM = 4
"""Shorter texts have too many neighbours for a typo to mean anything."""

_TYPO_CUTOFF = 72.0


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One entity found: its score (100 is exact), the name that matched, and how it matched."""

    entity: Entity
    score: float
    matched: str
    how: str


class NameSearch:
    """An index of names, synonyms and identifiers of entities, for search and for suggestions.

    >>> index = NameSearch([Entity("DRUGBANK:DB12159", "dupilumab", "Drug", synonyms=("Dupixent",))])
    >>> [(hit.entity.curie, hit.how) for hit in index.search("dupilumap")]
    [('DRUGBANK:DB12159', 'typo')]
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._entities = tuple(entities)
        self._texts: list[str] = []
        self._folded: list[str] = []
        self._owners: list[tuple[Entity, bool]] = []
        self._keys: dict[str, list[int]] = {}
        self._names: list[str | None] = []
        for entity in self._entities:
            for text in (entity.name, *entity.synonyms, entity.curie, *entity.xrefs):
                keys = spelling_keys(text) or (text,)
                for key in keys[1:]:
                    self._keys.setdefault(key, []).append(len(self._texts))
                self._texts.append(text)
                self._folded.append(keys[0])
                self._names.append(keys[0] if text == entity.name or text in entity.synonyms else None)
                self._owners.append((entity, text == entity.name))

    def search(self, text: str, *, limit: int = 10) -> tuple[SearchHit, ...]:
        """Return up to `limit` entities, best first; empty if nothing is like the text.

        Ties fall to the shorter name, then to the CURIE, so that the order never depends on the input's.
        """
        keys = spelling_keys(text)
        if not keys or limit < 1:
            return ()
        best: dict[str, SearchHit] = {}
        for at, score, how in [*self._direct(keys), *self._typos(keys[0], limit)]:
            entity, is_name = self._owners[at]
            worth = round(score if is_name else score - 1, 1)
            known = best.get(entity.curie)
            if known is None or worth > known.score:
                best[entity.curie] = SearchHit(entity, worth, self._texts[at], how)
        ranked = sorted(best.values(), key=lambda hit: (-hit.score, len(hit.entity.name), hit.entity.curie))
        return tuple(ranked[:limit])

    def _direct(self, keys: tuple[str, ...]) -> Iterable[tuple[int, float, str]]:
        first, others = keys[0], set(keys[1:])
        for key in keys:
            for at in self._keys.get(key, ()):
                yield at, 98.0, "spelling"
        for at, folded in enumerate(self._folded):
            if folded == first:
                yield at, 100.0, "exact"
            elif folded in others:
                yield at, 98.0, "spelling"
            elif len(first) > 1 and folded.startswith(first):
                yield at, 90.0, "beginning"
            elif len(first) > 2 and first in folded:
                yield at, 80.0, "part"
            if 1 < len(first) <= 5 and first[0] == folded[:1] and first == initials(self._texts[at]):
                yield at, 92.0, "initials"

    def _typos(self, folded: str, limit: int) -> Iterable[tuple[int, float, str]]:
        if len(folded) < _TYPO_FROM:
            return
        from rapidfuzz import fuzz, process

        found = process.extract(folded, self._names, scorer=fuzz.ratio, score_cutoff=_TYPO_CUTOFF, limit=max(5 * limit, 20))
        for _, score, at in found:
            yield at, min(score, 97.0) * 0.8, "typo"
