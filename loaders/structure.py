"""Our own structural table (``ontologies/structure.tsv``) as assertions, so that a graph holds what the terms rest on.

Severity forms of a disease, chains of a receptor, kinds and manifestations come from a publication or from a named
release of an ontology; either way each row is one piece of evidence of design ``ontology``.

>>> rows = {a.statement.claim: a.evidence for a in load_structure_records({}) if isinstance(a, Assertion)}
>>> rows["MONDO:0019080", "severity_form_of", "MONDO:0005340"].publication.release
'MONDO 2026-08-04'
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg.model import Assertion, Evidence, Precision, Publication, Record, Statement
from ontologies.errors import MalformedCurie
from ontologies.prefixes import check
from ontologies.terms import StructureRow, load_structure, load_terms
from ontologies.vocabulary import relation

__all__ = ["load_structure_records"]

_DAY = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
_FIELDS = {"PMID": "pmid", "DOI": "doi", "PMC": "pmcid", "clinicaltrials": "nct"}


def load_structure_records(
    publications: Mapping[str, Publication], *, parents: Mapping[str, str] | None = None, source: str = "corpus",
    licence: str = "",
) -> Iterator[Record]:
    """Yield the terms that the table uses, then one assertion for each row.

    `publications` (by key) lends title and date to the papers that rows cite, `parents` the trial to those that report a
    sub-study; `source` is what the evidence is filed under.
    """
    terms = load_terms()
    rows = load_structure()
    for curie in sorted({curie for row in rows for curie in (row.subject, row.object)}):
        yield terms[curie]
    for row in rows:
        subject, object_ = terms[row.subject], terms[row.object]
        publication, study = _source(row, publications)
        yield Assertion(
            Statement(row.subject, row.relation, row.object),
            Evidence(
                "supports", publication, study, "ontology", design_detail=row.note, polarity="positive",
                finding=f"{subject.name} {relation(row.relation).label} {object_.name}.",
                knowledge_level="knowledge_assertion", source=source,
                record=f"structure: {row.subject} {row.relation} {row.object}", licence=licence,
                parent_study=(parents or {}).get(study, ""),
            ),
        )


def _source(row: StructureRow, publications: Mapping[str, Publication]) -> tuple[Publication, str]:
    """Return the publication that a row names, and the study it counts as."""
    prefix, _, local = row.source.partition(":")
    if prefix in _FIELDS:
        try:
            check(row.source)
        except MalformedCurie:
            pass
        else:
            given = publications.get(row.source) or _cited(row.source, _FIELDS[prefix], local)
            return given, given.key
    database = re.split(r"[\s:]", row.source, maxsplit=1)[0] or "ImmunoKG"
    day = _DAY.search(row.source)
    precision: Precision = "release" if day else "unknown"
    record = f"{database}/{row.subject}"
    publication = Publication(
        f"db:{record}", title=f"{database} record {row.subject}", date=day.group() if day else "", precision=precision,
        database=database, release=row.source,
    )
    return publication, f"DB:{database}:{row.subject}"


def _cited(curie: str, field: str, local: str) -> Publication:
    ids = {"pmid": "", "doi": "", "pmcid": "", "nct": "", field: local}
    return Publication(curie, pmid=ids["pmid"], doi=ids["doi"], pmcid=ids["pmcid"], nct=ids["nct"])
