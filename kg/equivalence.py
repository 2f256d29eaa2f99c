"""Which identifiers mean the same thing: entities by declared exact matches, publications by shared ids.

Entities are never merged by chains of cross references: an identifier maps to the one entity that declares it as an
exact match, in one step. Publications are joined when they share a PMID, DOI, PMCID (or registered trial where that is
all they have), since one paper is often cited by different ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.model import Entity, Evidence, Publication

__all__ = ["JoinedPublications", "equivalences", "join_publications"]

_PRECISION = {"day": 0, "month": 1, "year": 2, "release": 0, "unknown": 3}


def equivalences(entities: Iterable[Entity]) -> dict[str, str]:
    """Map each exact match of an entity to that entity's own CURIE.

    An id that two entities claim maps to neither (the claim is a fault that `kg.validate` reports). An entity whose
    own CURIE is claimed by another one is replaced by it.

    >>> equivalences([Entity("HGNC:6015", "IL4R", "Gene", xrefs=("UniProtKB:P24394",))])
    {'UniProtKB:P24394': 'HGNC:6015'}
    """
    claimed: dict[str, str] = {}
    twice: set[str] = set()
    for entity in sorted(entities, key=lambda e: e.curie):
        for xref in entity.xrefs:
            if claimed.setdefault(xref, entity.curie) != entity.curie:
                twice.add(xref)
    return {
        xref: curie
        for xref, curie in sorted(claimed.items())
        if xref not in twice and xref != curie and curie not in claimed
    }


@dataclass(frozen=True, slots=True)
class JoinedPublications:
    """The joined publication of every key met, and the way to put it in place of the original."""

    by_key: dict[str, Publication]

    def apply(self, evidence: Evidence) -> Evidence:
        """Return the evidence citing the joined publication; a study named by an old key follows it."""
        old = evidence.publication
        new = self.by_key.get(old.key, old)
        study = evidence.study
        if study in self.by_key:
            study = self.by_key[study].key
        if new == old and study == evidence.study:
            return evidence
        return replace(evidence, publication=new, study=study)


def join_publications(publications: Iterable[Publication]) -> JoinedPublications:
    """Join publications that share an id; the joined one has all ids, the preferred key and the most precise date.

    Preferred key: PMID, DOI, PMC, then whatever key it had. Two dates of one precision: the earlier one.

    >>> a = Publication("DOI:10.1/x", doi="10.1/x", date="2018", precision="year")
    >>> b = Publication("PMID:7", pmid="7", doi="10.1/X", date="2018-10-10", precision="day")
    >>> join_publications([a, b]).by_key["DOI:10.1/x"].key
    'PMID:7'
    """
    by_key: dict[str, list[Publication]] = {}
    for publication in publications:
        known = by_key.setdefault(publication.key, [])
        if publication not in known:
            known.append(publication)
    parent: dict[str, str] = {key: key for key in by_key}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    holder: dict[str, str] = {}
    for key in sorted(by_key):
        for publication in by_key[key]:
            for shared in _ids(publication):
                other = holder.setdefault(shared, key)
                first, last = sorted((root(other), root(key)))
                parent[last] = first
    groups: dict[str, list[Publication]] = {}
    for key, known in by_key.items():
        groups.setdefault(root(key), []).extend(known)
    joined: dict[str, Publication] = {}
    for members in groups.values():
        one = _merge(members)
        joined.update((member.key, one) for member in members)
    return JoinedPublications(joined)


def _ids(publication: Publication) -> list[str]:
    ids = [("pmid", publication.pmid), ("doi", publication.doi.lower()), ("pmcid", publication.pmcid.upper())]
    return [f"{kind}:{value}" for kind, value in ids if value]


def _merge(members: list[Publication]) -> Publication:
    if len(members) == 1 and members[0].doi == members[0].doi.lower():
        return members[0]
    members = sorted(members, key=lambda p: (p.key, p.date, p.title))

    def first(name: str) -> str:
        return next((value for value in sorted({getattr(p, name) for p in members}) if value), "")

    pmid, doi, pmcid = first("pmid"), first("doi").lower(), first("pmcid")
    dated = min(members, key=lambda p: (_PRECISION[p.precision], p.date or "9999"))
    key = f"PMID:{pmid}" if pmid else f"DOI:{doi}" if doi else f"PMC:{pmcid}" if pmcid else members[0].key
    return Publication(
        key=key, pmid=pmid, doi=doi, pmcid=pmcid, nct=first("nct"), title=first("title"), journal=first("journal"),
        date=dated.date, precision=dated.precision, database=first("database"), release=first("release"),
    )
