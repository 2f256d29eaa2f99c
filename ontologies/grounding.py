"""Grounding: a name as people write it → the one entity that bears it. Never a guess.

>>> from ontologies.terms import load_terms
>>> grounder = Grounder(load_terms().values())
>>> [grounder.ground(name).curie for name in ("IL-4Rα", "IL4RA", "CD124", "Th2 cells", "Dupixent")]
['HGNC:6015', 'HGNC:6015', 'HGNC:6015', 'CL:0000546', 'DRUGBANK:DB12159']
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache, cached_property

from ontologies.categories import ancestors, category
from ontologies.entity import Entity
from ontologies.errors import AmbiguousName, MalformedCurie, UnknownName, UnknownRelation
from ontologies.name_keys import spelling_keys
from ontologies.name_search import NameSearch, SearchHit
from ontologies.prefixes import normalize

__all__ = ["Grounder", "builtin_grounder"]

MAX_NAME = 300
"""No name is longer; a longer text is no name."""


class Grounder:
    """Names, synonyms and identifiers of a set of entities.

    Args:
        entities: what may be found; the order does not matter.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._entities = {entity.curie: entity for entity in entities}

    @cached_property
    def _spelled(self) -> dict[str, list[Entity]]:
        """Entities by primary name, letter by letter."""
        found: dict[str, list[Entity]] = {}
        for entity in self._entities.values():
            found.setdefault(entity.name, []).append(entity)
        return found

    @cached_property
    def _keyed(self) -> tuple[dict[str, dict[str, Entity]], dict[str, dict[str, Entity]]]:
        """Entities by the spelling keys of their names, and by those of their synonyms."""
        names: dict[str, dict[str, Entity]] = {}
        synonyms: dict[str, dict[str, Entity]] = {}
        for entity in self._entities.values():
            for key in spelling_keys(entity.name):
                names.setdefault(key, {})[entity.curie] = entity
            for synonym in entity.synonyms:
                for key in spelling_keys(synonym):
                    synonyms.setdefault(key, {})[entity.curie] = entity
        return names, synonyms

    @cached_property
    def _identifiers(self) -> dict[str, dict[str, Entity]]:
        found: dict[str, dict[str, Entity]] = {}
        for entity in self._entities.values():
            for curie in (entity.curie, *entity.xrefs):
                found.setdefault(curie, {})[entity.curie] = entity
        for curie, entity in self._entities.items():
            found[curie] = {curie: entity}
        return found

    @cached_property
    def _search(self) -> NameSearch:
        return NameSearch(self._entities.values())

    def ground(
        self, text: str, *, categories: Collection[str] | None = None, expect: str | Collection[str] | None = None,
        suggest: bool = True,
    ) -> Entity:
        """Return the one entity that the text names.

        A CURIE or an exact match wins; then the primary name; then names and synonyms in nearby spellings (case,
        hyphens, Greek letters, plural). Of two that fit equally, none is chosen.

        Args:
            text: a name or a CURIE, in any accepted spelling.
            categories: insist: entities of other categories do not exist (descendants of a category count as it).
            expect: prefer: if an entity of these categories bears the name, the others are not looked at.
            suggest: look for names that are spelled alike when nothing is called so (a thousand names a second, no more).

        Raises:
            UnknownName: nothing is called so; `candidates` holds what is spelled alike.
            AmbiguousName: several are; `candidates` holds them all.
            UnknownRelation: `categories` or `expect` names a category that does not exist.

        >>> grounder = builtin_grounder()
        >>> grounder.ground("eczema", expect="disease").curie
        'MONDO:0004980'
        >>> grounder.ground("eczema")
        Traceback (most recent call last):
        ...
        ontologies.errors.AmbiguousName: 'eczema' is ambiguous: atopic dermatitis (MONDO:0004980), eczematoid
        dermatitis (HP:0000964); give the CURIE or the full name
        """
        insisted = _named(categories)
        preferred = _named((expect,) if isinstance(expect, str) else expect)
        if preferred:
            found = self._find(text, (insisted, preferred))
            if found:
                return found
        found = self._find(text, (insisted,))
        if found:
            return found
        if not suggest:
            raise UnknownName(text[:MAX_NAME])
        near = [hit.entity for hit in self._search.search(text[:MAX_NAME], limit=50)]
        near = [entity for entity in (*self._close(text), *near) if _fits(entity, (insisted,))]
        shown = text if len(text) <= MAX_NAME else text[:50] + "…"
        raise UnknownName(shown, [(entity.name, entity.curie) for entity in dict.fromkeys(near)][:5])

    def _close(self, text: str) -> Sequence[Entity]:
        """Return the entities that give an identifier as a close match: what an obsolete one was replaced by, for example."""
        if ":" not in text or len(text) > MAX_NAME:
            return ()
        try:
            curie = normalize(text.strip())
        except MalformedCurie:
            return ()
        return [entity for entity in self._entities.values() if curie in entity.close_matches]

    def _find(self, text: str, wanted: Sequence[frozenset[str]]) -> Entity | None:
        """Return the one entity of the nearest spelling that any wanted entity has, or None."""
        for bearers in self._tiers(text):
            fitting = [entity for entity in bearers if _fits(entity, wanted)]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                fitting.sort(key=lambda entity: (entity.name, entity.curie))
                raise AmbiguousName(text, [(entity.name, entity.curie) for entity in fitting])
        return None

    def _tiers(self, text: str) -> Iterable[Collection[Entity]]:
        """Yield who bears the text, from the strictest reading to the loosest."""
        text = text.strip()
        if len(text) > MAX_NAME:
            return
        if ":" in text:
            try:
                yield self._identifiers.get(normalize(text), {}).values()
            except MalformedCurie:
                yield ()
        yield self._spelled.get(text, ())
        names, synonyms = self._keyed
        for key in spelling_keys(text):
            yield names.get(key, {}).values()
            yield synonyms.get(key, {}).values()

    def candidates(self, text: str, limit: int = 5) -> tuple[tuple[str, str], ...]:
        """Return (name, CURIE) of the entities most like the text.

        >>> ("atopic dermatitis", "MONDO:0004980") in builtin_grounder().candidates("AD")
        True
        """
        return tuple((hit.entity.name, hit.entity.curie) for hit in self.search(text, limit))

    def search(self, text: str, limit: int = 10) -> tuple[SearchHit, ...]:
        """Return the entities most like the text, over names, synonyms, CURIEs and exact matches, with typos.

        >>> [hit.entity.name for hit in builtin_grounder().search("baricitinb", limit=1)]
        ['baricitinib']
        """
        text = text.strip()[:MAX_NAME]
        hits = self._search.search(text, limit=limit)
        if ":" not in text:
            return hits
        try:
            owners = self._identifiers.get(normalize(text), {}).values()
        except MalformedCurie:
            return hits
        first = tuple(SearchHit(entity, 100.0, text, "identifier") for entity in owners)
        known = {hit.entity.curie for hit in first}
        return (*first, *(hit for hit in hits if hit.entity.curie not in known))[:limit]


def _named(categories: Collection[str] | None) -> frozenset[str]:
    return frozenset(category(name).name for name in categories or ())


def _fits(entity: Entity, wanted: Sequence[frozenset[str]]) -> bool:
    """Tell whether the entity's category, or an ancestor of it, is in every set that asks for something."""
    try:
        line = ancestors(entity.category)
    except UnknownRelation:
        line = (entity.category,)
    return all(not names or not names.isdisjoint(line) for names in wanted)


@cache
def builtin_grounder() -> Grounder:
    """Return the grounder of the shipped terms; built once."""
    from ontologies.terms import load_terms

    return Grounder(load_terms().values())
