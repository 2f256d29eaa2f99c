"""Which identifiers mean the same thing: entities by declared exact matches, publications by shared ids.

Entities are never merged by chains of cross references: an identifier maps to the one entity that declares it as an
exact match, in one step. Publications are joined when they share a PMID, DOI or PMCID, since one paper is often cited
by different ids. Nothing here depends on the order in which entities or publications arrive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, replace

from kg.model import Entity, Evidence, Publication

__all__ = [
    "JoinedPublications",
    "equivalences",
    "first_class",
    "join_publications",
    "merge_entities",
    "resolve_claims",
]

_PRECISION = {"day": 0, "month": 1, "year": 2, "release": 0, "unknown": 3}


def first_class() -> Mapping[str, Entity]:
    """Return the terms whose name, category and valence win over those of any other source."""
    from ontologies.terms import load_terms

    return load_terms()


def equivalences(entities: Iterable[Entity], *, preferred: Collection[str] | None = None) -> dict[str, str]:
    """Map each exact match of an entity to that entity's own CURIE.

    An entity whose CURIE another one claims is replaced by it, and its own exact matches are then left alone (one step,
    never a chain). An id that two entities claim maps to neither, a fault that `kg.validate` reports. Of two that claim
    each other, and that nobody else claims, the one in `preferred` (our terms, if not given) stays, else the smaller CURIE;
    in longer rings of claims nothing is merged. Assembling what was assembled changes nothing.

    >>> equivalences([Entity("HGNC:6015", "IL4R", "Gene", xrefs=("UniProtKB:P24394",))])
    {'UniProtKB:P24394': 'HGNC:6015'}
    """
    claims: dict[str, set[str]] = {}
    for entity in entities:
        for xref in entity.xrefs:
            claims.setdefault(xref, set()).add(entity.curie)
    return resolve_claims(claims, preferred=preferred)


def resolve_claims(claims: Mapping[str, set[str]], *, preferred: Collection[str] | None = None) -> dict[str, str]:
    """Map identifiers to what stands for them, given the CURIEs of the entities that claim each as an exact match.

    >>> resolve_claims({"NCBIGene:3566": {"HGNC:6015"}, "UMLS:C1": {"NCBIGene:3566"}, "UMLS:C2": {"HGNC:1", "HGNC:2"}})
    {'NCBIGene:3566': 'HGNC:6015'}
    """
    first = first_class() if preferred is None else preferred
    waits = {xref: by - {xref} for xref, by in claims.items() if by - {xref}}
    stands = {curie: curie for by in waits.values() for curie in by if curie not in waits}
    claimed_by: dict[str, list[str]] = {}
    for xref, by in waits.items():
        for curie in by:
            claimed_by.setdefault(curie, []).append(xref)
    left = {xref: len(by) for xref, by in waits.items()}

    def settle(known: Iterable[str]) -> None:
        """Decide everything whose claimants are all decided."""
        ready = list(known)
        while ready:
            for xref in claimed_by.get(ready.pop(), ()):
                left[xref] -= 1
                if not left[xref] and xref not in stands:
                    owners = {stands[curie] for curie in waits[xref]}
                    owner = next(iter(owners))
                    stands[xref] = owner if len(owners) == 1 and owner in waits[xref] else xref
                    ready.append(xref)

    settle(list(stands))
    for xref, by in sorted(waits.items()):
        other = min(by)
        if xref not in stands and waits.get(other) == {xref} and by == {other}:
            stays, goes = sorted((xref, other), key=lambda curie: (curie not in first, curie))
            stands[stays] = stands[goes] = stays
            settle((stays, goes))
    rings = {xref for xref in waits if xref not in stands}
    tails = [xref for xref in rings if not rings.intersection(claimed_by.get(xref, ()))]
    follows = {xref: len(rings.intersection(claimed_by.get(xref, ()))) for xref in rings}
    while tails:
        rings.discard(tail := tails.pop())
        for curie in waits[tail] & rings:
            follows[curie] -= 1
            if not follows[curie]:
                tails.append(curie)
    stands.update((xref, xref) for xref in rings)
    settle(rings)
    return {xref: stands[xref] for xref in sorted(waits) if stands[xref] != xref}


def merge_entities(entities: Iterable[Entity], same: Mapping[str, str]) -> dict[str, Entity]:
    """Return one entity for each preferred CURIE: several sources of one CURIE, and those that `same` replaces.

    Name, category and valence are those of our terms, else of the first source in sorted order; names, synonyms, roles
    and exact matches are united. The exact matches of a replaced entity become close matches of the one that stays, unless
    another entity claims them too: then they stay contested.

    >>> il4r = Entity("HGNC:6015", "IL4R", "Gene", xrefs=("UniProtKB:P24394",))
    >>> other = Entity("UniProtKB:P24394", "Interleukin-4 receptor subunit alpha", "Gene")
    >>> merge_entities([other, il4r], {"UniProtKB:P24394": "HGNC:6015"})["HGNC:6015"].synonyms
    ('Interleukin-4 receptor subunit alpha',)
    """
    groups: dict[str, set[Entity]] = {}
    owners: dict[str, set[str]] = {}
    for entity in entities:
        target = same.get(entity.curie, entity.curie)
        groups.setdefault(target, set()).add(entity)
        for xref in entity.xrefs:
            owners.setdefault(xref, set()).add(target)
    contested = {xref for xref, by in owners.items() if len(by) > 1}
    return {
        curie: next(iter(group)) if len(group) == 1 and next(iter(group)).curie == curie
        else _merge_entity(curie, group, contested)
        for curie, group in sorted(groups.items())
    }  # fmt: skip


def _merge_entity(curie: str, group: set[Entity], contested: set[str]) -> Entity:
    term = first_class().get(curie)

    def rank(entity: Entity) -> tuple[object, ...]:
        ours = term is not None and (entity.name, entity.category) == (term.name, term.category)
        return (entity.curie != curie, not ours, entity.source, astuple(entity))

    members = sorted(group, key=rank)
    best = members[0]
    named = {text for e in members for text in (e.name, *e.synonyms) if text}
    exact = {e.curie for e in members}
    close = {x for e in members for x in e.close_matches}
    for entity in members:
        for xref in entity.xrefs:
            (exact if entity.curie == curie or xref in contested else close).add(xref)
    return Entity(
        curie,
        best.name,
        best.category,
        roles=tuple(sorted({role for e in members for role in e.roles})),
        synonyms=tuple(sorted(named - {best.name})),
        xrefs=tuple(sorted(exact - {curie})),
        close_matches=tuple(sorted(close - exact - {curie})),
        valence=best.valence,
        source=best.source,
    )


@dataclass(frozen=True, slots=True)
class JoinedPublications:
    """The joined publication of every key and id met, and the way to put it in place of the original."""

    by_key: dict[str, Publication]

    def apply(self, evidence: Evidence) -> Evidence:
        """Return the evidence citing the joined publication; a study named by another of its ids follows it."""
        old = evidence.publication
        new = self.by_key.get(old.key, old)
        study, parent = self._study(evidence.study), self._study(evidence.parent_study)
        if new == old and study == evidence.study and parent == evidence.parent_study:
            return evidence
        return replace(evidence, publication=new, study=study, parent_study=parent)

    def _study(self, study: str) -> str:
        joined = self.by_key.get(study)
        return joined.key if joined else study


def join_publications(publications: Iterable[Publication]) -> JoinedPublications:
    """Join publications that share an id; the joined one has all ids, the preferred key and the most precise date.

    Preferred key: PMID, DOI, PMC, then whatever key it had. Two dates of one precision: the earlier one.

    >>> a = Publication("DOI:10.1/x", doi="10.1/x", date="2018", precision="year")
    >>> b = Publication("PMID:7", pmid="7", doi="10.1/X", date="2018-10-10", precision="day")
    >>> join_publications([a, b]).by_key["DOI:10.1/x"].key
    'PMID:7'
    """
    by_key: dict[str, set[Publication]] = {}
    for publication in publications:
        by_key.setdefault(publication.key, set()).add(publication)
    parent: dict[str, str] = {key: key for key in by_key}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    holder: dict[str, str] = {}
    for key in sorted(by_key):
        for shared in {shared for publication in by_key[key] for shared in _ids(publication)}:
            first, last = sorted((root(holder.setdefault(shared, key)), root(key)))
            parent[last] = first
    groups: dict[str, list[Publication]] = {}
    for key, known in by_key.items():
        groups.setdefault(root(key), []).extend(known)
    joined: dict[str, Publication] = {}
    for members in groups.values():
        one = _merge(members)
        names = {member.key for member in members} | {name for member in (one, *members) for name in _names(member)}
        joined.update((name, one) for name in names)
    return JoinedPublications(joined)


def _ids(publication: Publication) -> list[str]:
    """Return the ids that join: those of its fields, and the one its key is."""
    kind, _, local = publication.key.partition(":")
    ids = [
        ("pmid", publication.pmid),
        ("doi", publication.doi.lower()),
        ("pmcid", publication.pmcid.upper()),
        ("pmid", local if kind == "PMID" else ""),
        ("doi", local.lower() if kind == "DOI" else ""),
        ("pmcid", local.upper() if kind == "PMC" else ""),
    ]
    return [f"{name}:{value}" for name, value in ids if value]


def _names(publication: Publication) -> list[str]:
    """Return the CURIEs that may stand for the publication where a study is named by it."""
    ids = [("PMID", publication.pmid), ("DOI", publication.doi.lower()), ("PMC", publication.pmcid)]
    return [f"{prefix}:{value}" for prefix, value in ids if value]


def _merge(members: list[Publication]) -> Publication:
    def first(name: str) -> str:
        return next((value for value in sorted({getattr(p, name) for p in members}) if value), "")

    pmid, doi, pmcid = first("pmid"), first("doi").lower(), first("pmcid")
    key = f"PMID:{pmid}" if pmid else f"DOI:{doi}" if doi else f"PMC:{pmcid}" if pmcid else min(p.key for p in members)
    dated = min(members, key=lambda p: (_PRECISION[p.precision], p.date or "9999", p.precision))
    return Publication(
        key=key, pmid=pmid, doi=doi, pmcid=pmcid, nct=first("nct"), title=first("title"), journal=first("journal"),
        date=dated.date, precision=dated.precision, database=first("database"), release=first("release"),
    )  # fmt: skip
