"""Leaving studies out of a graph, with all that hangs on them: what could have been said had they not been done.

A finding is a fair test of an explanation only if nothing in the explanation was read off that finding. So not the study
alone goes, but all that may have been written in its knowledge:

1. *The study*: every evidence of the root study that a key names (a sub-study takes its trial along), and every other
   evidence of the publications that report it first-hand. A paper with two trials goes whole.
2. *What cites it*: every evidence of a publication that recounts the study, that names one of its registration numbers, or
   that the table of citations shows to cite it or one of its publications.
3. *What may cite it*: for most publications nobody has looked. Evidence that tells what others found or suppose (narrative
   and systematic reviews, commentaries, guidelines, suppositions, records of databases) and that is about a drug or a
   disease of the study (as subject, object, context, or in the title of its publication) goes too, unless it was surely
   published before the study, or the table shows that its publication does not cite it. A study without any drug or
   disease takes along such evidence on the same pair of subject and object.

Rule 3 is meant to leave out too much rather than too little. First-hand findings published later stay, since what was seen
in other patients, animals or dishes does not hang on the study; so do definitions (ontology axioms) and registrations.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.model import Evidence, Publication, Statement
from ontologies.categories import is_a
from ontologies.designs import design
from ontologies.errors import UnknownRelation, UnknownStudy

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["Citation", "Hanging", "hanging_on", "publication_names", "without_studies"]

_SUBJECTS = ("Drug", "ChemicalEntity", "Treatment", "Disease")
_TELLS = frozenset({"review", "hypothesis"})
_TELLS_TOO = frozenset({"guideline_or_regulatory", "database"})
_NEAREST = 5


@dataclass(frozen=True, slots=True)
class Citation:
    """Whether one publication cites another (both by any of their ids), and where that was seen."""

    citing: str
    cited: str
    cites: bool
    seen: str = ""


@dataclass(frozen=True)
class Hanging:
    """What hangs on some studies: the root studies, and publications by why they go.

    `own` report the studies first-hand, `citing` cite or recount them, `perhaps` are secondary sources (of these only the
    evidence counted in `perhaps_citing` goes). Evidence is named by (statement id, place among the statement's evidence).
    """

    studies: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    citing: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    of_studies: frozenset[tuple[str, int]] = frozenset()
    citing_evidence: frozenset[tuple[str, int]] = frozenset()
    perhaps_citing: frozenset[tuple[str, int]] = frozenset()

    @property
    def evidence(self) -> frozenset[tuple[str, int]]:
        """All evidence that goes."""
        return self.of_studies | self.citing_evidence | self.perhaps_citing


@dataclass
class _Index:
    """The evidence of a graph by the names under which it may be asked for."""

    graph: Graph
    places: dict[tuple[str, int], Evidence] = field(default_factory=dict)
    by_name: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))
    shown: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for sid, found in self.graph.evidence.items():
            for number, evidence in enumerate(found):
                place = (sid, number)
                self.places[place] = evidence
                for name in (evidence.study, evidence.parent_study, *publication_names(evidence.publication)):
                    if name:
                        self.by_name[_key(name)].add(place)
                        self.shown.setdefault(_key(name), name)

    def roots(self, key: str) -> set[str]:
        """Return the root studies that a key names; a name of a publication means the studies it reports first-hand."""
        roots: set[str] = set()
        for place in self.by_name.get(_key(key), ()):
            evidence = self.places[place]
            if _key(key) in (_key(evidence.study), _key(evidence.parent_study)) or not evidence.recounts:
                roots.add(evidence.root_study)
        return roots

    def unknown(self, key: str) -> UnknownStudy:
        from difflib import get_close_matches

        near = get_close_matches(_key(key)[:100], sorted(self.shown), n=_NEAREST)
        return UnknownStudy(key if len(key) <= 100 else key[:50] + "…", [self.shown[name] for name in near])


def hanging_on(graph: Graph, keys: Iterable[str], citations: Iterable[Citation] = ()) -> Hanging:
    """Return what hangs on the studies that `keys` name, by the three rules above.

    Raises `UnknownStudy` for a key that names no evidence, with the keys that are spelled alike.

    >>> from kg.graph import Graph
    >>> from kg.model import Assertion, Publication, Statement
    >>> trial, review = Publication("PMID:1", date="2021", precision="year"), Publication("PMID:2", title="A review")
    >>> step = Statement("DRUGBANK:DB12159", "observed_to_decrease", "HGNC:10611")
    >>> graph = Graph.from_records([
    ...     Assertion(step, Evidence("supports", trial, "SUB", "biomarker_substudy", parent_study="NCT03359356")),
    ...     Assertion(step, Evidence("supports", review, "PMID:2", "review"))])
    >>> hanging_on(graph, ["NCT03359356"], [Citation("PMID:2", "PMID:1", True)]).citing
    frozenset({'PMID:2'})
    """
    index = _Index(graph)
    studies: set[str] = set()
    records: set[str] = set()
    for key in keys:
        if _key(key) not in index.by_name:
            raise index.unknown(key)
        if _key(key).startswith("db:") and _key(key) in {_key(e.publication.key) for e in index.places.values()}:
            records.add(_key(key))  # one record of a database; its study is the whole database
        else:
            studies |= index.roots(key)
            records |= {_key(key)} if not index.roots(key) else set()  # a review that only recounts others
    own = {e.publication for e in index.places.values() if e.root_study in studies and not e.recounts}
    own = {p for p in own if not p.key.startswith("db:")} | {
        e.publication for e in index.places.values() if records.intersection(map(_key, publication_names(e.publication)))
    }
    own_keys = {publication.key for publication in own}
    of_studies = {
        place for place, e in index.places.items()
        if e.publication.key in own_keys or (e.root_study in studies and not e.recounts)
    }  # fmt: skip
    names = {_key(name) for publication in own for name in publication_names(publication)} | {_key(s) for s in studies}
    cites, cites_not = _cited(citations, names)
    citing = {
        e.publication.key
        for e in index.places.values()
        if e.publication.key not in own_keys and (
            (e.recounts and e.root_study in studies)
            or not cites.isdisjoint(map(_key, publication_names(e.publication)))
            or not names.isdisjoint(map(_key, _registrations(e.publication)))
        )
    }
    cited_evidence = {p for p, e in index.places.items() if p not in of_studies and e.publication.key in citing}
    gone = of_studies | cited_evidence
    perhaps = _perhaps(index, own, of_studies, gone, cites_not)
    return Hanging(
        frozenset(studies), frozenset(own_keys), frozenset(citing),
        frozenset(index.places[place].publication.key for place in perhaps),
        frozenset(of_studies), frozenset(cited_evidence), frozenset(perhaps),
    )  # fmt: skip


def without_studies(graph: Graph, keys: Iterable[str], citations: Iterable[Citation] = ()) -> Graph:
    """Return the graph without what hangs on the studies; `Graph.left_out` counts it. See `hanging_on`.

    >>> from kg.graph import Graph
    >>> without_studies(Graph({}, {}, {}), []).left_out.with_studies
    0
    """
    hanging = hanging_on(graph, keys, citations)
    gone = hanging.evidence
    evidence = {
        sid: kept
        for sid, found in graph.evidence.items()
        if (kept := tuple(e for number, e in enumerate(found) if (sid, number) not in gone))
    }
    left = graph.left_out
    return replace(
        graph,
        statements={sid: graph.statements[sid] for sid in evidence},
        evidence=evidence,
        left_out=replace(
            left,
            of_studies=left.of_studies + len(hanging.of_studies),
            citing=left.citing + len(hanging.citing_evidence),
            perhaps_citing=left.perhaps_citing + len(hanging.perhaps_citing),
        ),
    )


def publication_names(publication: Publication) -> tuple[str, ...]:
    """Return every name of a publication: its key, PMID, DOI, PMCID and registration numbers.

    >>> publication_names(Publication("PMID:1", pmid="1", doi="10.1/x", nct="NCT01; NCT02"))
    ('PMID:1', 'DOI:10.1/x', 'NCT01', 'NCT02')
    """
    ids = [
        f"{prefix}:{value}"
        for prefix, value in (("PMID", publication.pmid), ("DOI", publication.doi), ("PMC", publication.pmcid))
        if value
    ]
    return tuple(dict.fromkeys((publication.key, *ids, *_registrations(publication))))


def _registrations(publication: Publication) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[;|\s]+", publication.nct) if part)


@lru_cache(maxsize=8192)
def _key(text: str) -> str:
    """Fold the spellings of one key: case, spaces, the address of a DOI, and the prefixes that people leave out."""
    text = " ".join(text.casefold().split())
    text = re.sub(r"^(https?://)?(dx\.)?doi\.org/", "doi:", text)
    text = re.sub(r"^(doi|pmid|pmcid|pmc|clinicaltrials): ?", r"\1:", text)
    text = re.sub(r"^10\.\d", r"doi:\g<0>", text)
    text = re.sub(r"^(pmcid|pmc):(pmc)?|^pmc(?=\d)", "pmc:", text)
    return text.removeprefix("clinicaltrials:")


def _cited(citations: Iterable[Citation], names: set[str]) -> tuple[set[str], set[str]]:
    """Return the publications shown to cite one of the names, and those shown to cite none of those looked for."""
    cites: set[str] = set()
    cites_not: set[str] = set()
    for citation in citations:
        if _key(citation.cited) in names:
            (cites if citation.cites else cites_not).add(_key(citation.citing))
    return cites, cites_not - cites


def _perhaps(
    index: _Index, own: set[Publication], of_studies: set[tuple[str, int]], gone: set[tuple[str, int]], cites_not: set[str]
) -> set[tuple[str, int]]:
    """Rule 3: later secondary evidence on the drugs or diseases of the studies that nobody has shown not to cite them."""
    if not of_studies:
        return set()
    graph = index.graph
    statements = [graph.statements[sid] for sid in {sid for sid, _ in of_studies}]
    ends = {curie for s in statements for curie in (s.subject, s.object, *s.context.disease)}
    subjects = {curie for curie in ends if _is_subject(graph, curie)}
    subjects |= _forms(graph, subjects)
    pairs = {(s.subject, s.object) for s in statements}
    dates = [publication.date for publication in own]
    first = min(dates) if dates and all(dates) else ""
    titled = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in _spoken(graph, subjects)) or r"(?!)", re.IGNORECASE)
    about_title: dict[str, bool] = {}
    found = set()
    for place, evidence in index.places.items():
        publication = evidence.publication
        if place in gone or not _tells(evidence) or not cites_not.isdisjoint(map(_key, publication_names(publication))):
            continue
        last = publication.last_day
        if first and last is not None and last < first:
            continue
        statement = graph.statements[place[0]]
        if subjects:
            if publication.title not in about_title:
                about_title[publication.title] = bool(titled.search(publication.title))
            about = about_title[publication.title] or not subjects.isdisjoint(
                (statement.subject, statement.object, *statement.context.disease)
            )
        else:
            about = (statement.subject, statement.object) in pairs
        if about:
            found.add(place)
    return found


def _tells(evidence: Evidence) -> bool:
    word = design(evidence.design)
    return word.kind in _TELLS or word.name in _TELLS_TOO


def _is_subject(graph: Graph, curie: str) -> bool:
    entity = graph.entities.get(curie)
    try:
        return entity is not None and any(is_a(entity.category, name) for name in _SUBJECTS)
    except UnknownRelation:
        return False


def _forms(graph: Graph, subjects: set[str]) -> set[str]:
    """Return the severity forms of diseases among the subjects, and what they are forms of."""
    links: Mapping[str, Statement] = graph.statements
    return {
        end
        for s in links.values()
        if s.relation == "severity_form_of" and (s.subject in subjects or s.object in subjects)
        for end in (s.subject, s.object)
    }


def _spoken(graph: Graph, subjects: set[str]) -> list[str]:
    """Return the names and synonyms under which a title may speak of the subjects (abbreviations of two letters not)."""
    names = {
        name for curie in subjects if curie in graph.entities
        for name in (graph.entities[curie].name, *graph.entities[curie].synonyms)
    }  # fmt: skip
    return sorted(name for name in names if len(name) > 2)
