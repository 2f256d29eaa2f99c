"""Hypothesis strategies for everything a graph is made of: the one home of them.

All draw from small pools, so that entities, studies and publications meet again; texts hold whatever a file may hold
(tabs, line ends, quotes, backslashes, any script) but no lone surrogates and no other control characters.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import (
    Assertion,
    Condition,
    Context,
    Effect,
    Entity,
    Evidence,
    Observation,
    Publication,
    Record,
    Statement,
)
from ontologies.categories import CATEGORIES
from ontologies.designs import designs
from ontologies.vocabulary import relations

__all__ = [
    "assertions",
    "conditions",
    "contexts",
    "curies",
    "dates",
    "effects",
    "entities",
    "evidences",
    "graphs",
    "names",
    "numbers",
    "observations",
    "publications",
    "records",
    "statements",
    "texts",
]

GENES = tuple(f"HGNC:{number}" for number in range(6010, 6016))
PROTEINS = ("UniProtKB:P05112", "UniProtKB:P24394", "UniProtKB:P35225", "NCBIGene:3566", "NCBIGene:3565")
CELLS = ("CL:0000084", "CL:0000546", "CL:0000625", "CL:0000235")
DISEASES = ("MONDO:0005340", "MONDO:0019080", "MONDO:0004980", "HP:0000989")
DRUGS = ("DRUGBANK:DB12159", "DRUGBANK:DB11817", "CHEBI:8382", "ikg:type-ii-il4-receptor")
TAXA = ("NCBITaxon:9606", "NCBITaxon:10090")
TISSUES = ("UBERON:0002097", "UBERON:0002073")
SOURCES = ("corpus", "drugmechdb")

curies = st.sampled_from(GENES + PROTEINS + CELLS + DISEASES + DRUGS)
"""CURIEs of things a statement may speak of; some name the same thing in another database."""

texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n\r"), max_size=20) | st.sampled_from(
    ("", "a\tb", "back\\slash\\n", 'say "no"', "two\nlines", "Ünïcödé γδ 𝛼", "'; DROP TABLE raw; --", "{}", "[]")
)
"""Free text, often empty or awkward."""

names = st.text(st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="|"), min_size=1, max_size=12).map(
    lambda text: text.strip() or "name"
)
"""Names: not empty, one line."""

numbers = (
    st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-1000, 1000).map(float)
    | st.sampled_from((4.59, 0.1, 1e-5, 1e16))
)
"""Finite numbers."""


@st.composite
def dates(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a date with its precision."""
    precision = draw(st.sampled_from(("day", "month", "year", "release", "unknown")))
    day = draw(st.dates(min_value=dt.date(1980, 1, 1), max_value=dt.date(2026, 12, 31)))
    text = day.isoformat()
    return {"day": text, "month": text[:7], "year": text[:4], "release": text, "unknown": ""}[precision], precision


@st.composite
def publications(draw: st.DrawFn) -> Publication:
    """Draw a publication: papers of a small pool under any of their ids, registered trials, database records."""
    kind = draw(st.sampled_from(("paper", "paper", "paper", "trial", "database")))
    date, precision = draw(dates())
    number = draw(st.integers(1, 6))
    if kind == "trial":
        nct = f"NCT0000000{number}"
        return Publication(f"clinicaltrials:{nct}", nct=nct, date=date, precision=precision)  # type: ignore[arg-type]  # drawn from the literals
    if kind == "database":
        return Publication(
            f"db:DrugMechDB/DB0000{number}_1", date=date, precision=precision, database="DrugMechDB", release="b83cc5d",  # type: ignore[arg-type]  # drawn from the literals
        )  # fmt: skip
    ids = {"PMID": str(number), "DOI": f"10.1000/x{number}", "PMC": f"PMC{number}"}
    prefix = draw(st.sampled_from(tuple(ids)))
    shown = {prefix, *draw(st.sets(st.sampled_from(tuple(ids))))}
    doi = ids["DOI"] if "DOI" in shown else ""
    return Publication(
        f"{prefix}:{ids[prefix]}",
        pmid=ids["PMID"] if "PMID" in shown else "",
        doi=draw(st.sampled_from((doi, doi.upper()))),
        pmcid=ids["PMC"] if "PMC" in shown else "",
        title=draw(texts),
        date=date,
        precision=precision,  # type: ignore[arg-type]  # drawn from the literals
    )


@st.composite
def entities(draw: st.DrawFn) -> Entity:
    """Draw an entity; several sources may describe one CURIE, and exact matches may meet."""
    curie = draw(curies)
    others = st.lists(curies.filter(lambda other: other != curie), max_size=2, unique=True).map(tuple)
    return Entity(
        curie,
        draw(names),
        draw(st.sampled_from(sorted(CATEGORIES))),
        roles=draw(st.lists(st.sampled_from(("Cytokine", "Receptor")), max_size=2, unique=True).map(tuple)),
        synonyms=draw(st.lists(names, max_size=3, unique=True).map(tuple)),
        xrefs=draw(others),
        close_matches=draw(others),
        valence=draw(st.sampled_from(("", "good", "bad"))),
        source=draw(st.sampled_from(SOURCES)),
    )


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """Draw a context, mostly of few parts."""

    def some(pool: tuple[str, ...]) -> tuple[str, ...]:
        return draw(st.lists(st.sampled_from(pool), max_size=2).map(tuple))

    return Context(
        taxon=some(TAXA), cell=some(CELLS), tissue=some(TISSUES), disease=some(DISEASES), ligand=some(GENES + PROTEINS[:2]),
    )  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Draw one condition; equal groups make alternatives."""
    return Condition(
        draw(st.sampled_from(("baseline serum total IgE", "atopy", "age")) | texts.filter(bool)),
        draw(st.sampled_from(("=", ">=", "<"))),
        draw(st.sampled_from(("200", "true", "12", "1e-05")) | texts.filter(bool)),
        draw(st.sampled_from(("", "[IU]/mL", "a"))),
        draw(st.sampled_from(("", "", "a", "b"))),
    )


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Draw a statement; claims meet often, so that contexts and conditions refine each other."""
    return Statement(
        draw(st.sampled_from(GENES[:2] + PROTEINS[:2]) | curies),
        draw(
            st.sampled_from(("increases_activity_of", "decreases_activity_of", "correlated_with"))
            | st.sampled_from(sorted(relations()))
        ),
        draw(st.sampled_from(GENES[:2] + DISEASES[:1]) | curies),
        draw(st.just(Context()) | contexts()),
        draw(st.just(()) | st.lists(conditions(), max_size=4).map(tuple)),
    )


@st.composite
def effects(draw: st.DrawFn) -> Effect:
    """Draw an effect size, or none."""
    number = st.none() | numbers
    return Effect(draw(texts), draw(number), draw(number), draw(number), draw(st.sampled_from(("", "1", "%"))))


@st.composite
def observations(draw: st.DrawFn) -> Observation:
    """Draw what describes one study only."""
    return Observation(
        phase=draw(st.sampled_from(("", "before", "on", "off", "on_again"))),
        dose=draw(texts),
        time=draw(st.sampled_from(("", "6 wk", "7 mo"))),
        age=draw(st.sampled_from(("", "13 a"))),
        sex=draw(st.sampled_from(("", "female", "male"))),
        arm=draw(texts),
    )


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    """Draw an evidence with every field in use."""
    publication = draw(publications())
    study = draw(st.sampled_from((publication.key, "BRAVE-AA1", "INDEX-CASE-2018", "PMID:1", "DOI:10.1000/x2")))
    return Evidence(
        draw(st.sampled_from(("supports", "supports", "refutes", "null"))),
        publication,
        study,
        draw(st.sampled_from(sorted(designs()))),
        finding=draw(texts),
        parent_study=draw(st.sampled_from(("", "", "BRAVE", "PMID:3"))),
        recounts=draw(st.booleans()),
        design_detail=draw(texts),
        n=draw(st.none() | st.integers(0, 10**6)),
        effect=draw(st.just(Effect()) | effects()),
        observation=draw(st.just(Observation()) | observations()),
        knowledge_level=draw(st.sampled_from(("not_provided", "observation", "prediction"))),
        agent_type=draw(st.sampled_from(("manual_agent", "text_mining_agent", "automated_agent"))),
        confidence=draw(st.sampled_from(("", "high", "low"))),
        polarity=draw(st.sampled_from(("", "positive", "negative", "null", "unknown"))),
        waiver=draw(texts),
        quote=draw(texts),
        quote_start=draw(st.none() | st.integers(0, 9999)),
        section=draw(texts),
        extractor=draw(texts | st.sampled_from(("REACH 1.6.1", "sparser", "RLIMS-P", "pooled", "my reader"))),
        source=draw(st.sampled_from(SOURCES)),
        record=draw(texts),
        licence=draw(st.sampled_from(("", "CC0-1.0"))),
    )


def assertions() -> st.SearchStrategy[Assertion]:
    """Draw a statement with one evidence."""
    return st.builds(Assertion, statements(), evidences())


@st.composite
def records(draw: st.DrawFn, *, max_size: int = 12) -> list[Record]:
    """Draw records in any order, some of them twice."""
    found: list[Record] = [
        *draw(st.lists(entities(), max_size=5)),
        *draw(st.lists(assertions(), max_size=max_size)),
    ]
    same_statement = [
        Assertion(replace(record.statement), draw(evidences()))
        for record in found
        if isinstance(record, Assertion) and draw(st.booleans())
    ]
    again = draw(st.lists(st.sampled_from(found), max_size=3)) if found else []
    return draw(st.permutations([*found, *same_statement, *again]))


def graphs(*, max_size: int = 12) -> st.SearchStrategy[Graph]:
    """Draw an assembled graph."""
    return records(max_size=max_size).map(Graph.from_records)
