"""Graphs for the tests of steps, index and paths: little and dense; claims meet, oppose each other, differ in context."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import Assertion, Context, Entity, Evidence, Publication, Statement

__all__ = ["CURIES", "DAYS", "DESIGNS", "ENTITIES", "GENES", "RELATIONS", "contexts", "evidences", "graphs"]

GENES = ("HGNC:6010", "HGNC:6011", "HGNC:6012", "HGNC:6013")
ENTITIES = [
    Entity(GENES[0], "IL4", "Gene", roles=("Cytokine",)),
    Entity(GENES[1], "IL4R", "Gene", roles=("Receptor",)),
    Entity(GENES[2], "JAK1", "Gene", roles=("Kinase",)),
    Entity(GENES[3], "IFNG", "Gene", roles=("Cytokine", "Receptor")),
    Entity("DRUGBANK:DB12159", "dupilumab", "Drug"),
    Entity("ikg:il4r-antibody", "IL-4R antibody", "Treatment"),
    Entity("MONDO:0005340", "alopecia areata", "Disease"),
    Entity("MONDO:0019080", "alopecia totalis", "Disease"),
    Entity("CL:0000084", "T cell", "Cell"),
    Entity("CL:0000625", "CD8-positive T cell", "Cell"),
]
CURIES = [entity.curie for entity in ENTITIES]
RELATIONS = (
    "increases_activity_of", "decreases_activity_of", "decreases_expression_of", "produces", "contributes_to", "protects_against",
    "genetically_associated_with", "decreased_in", "is_a", "part_of", "severity_form_of", "manifestation_of", "treats", "binds",
    "positively_correlated_with", "predicts_response_to",
)  # fmt: skip
DESIGNS = ("in_vitro", "case_report", "hypothesis", "review", "cohort", "meta_analysis")
DAYS = st.dates(min_value=dt.date(2010, 1, 1), max_value=dt.date(2024, 12, 31))


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    """Contexts of few values, often empty, so that classes meet."""

    def some(*pool: str) -> tuple[str, ...]:
        return draw(st.lists(st.sampled_from(pool), max_size=1).map(tuple))

    return Context(
        cell=some("CL:0000084", "CL:0000625"), ligand=some(GENES[0], GENES[3]), disease=some("MONDO:0005340", "MONDO:0019080")
    )


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    """Findings of few studies, dated to the day, month or year or not at all, so that counting rules meet."""
    day = draw(DAYS).isoformat()
    date = draw(st.sampled_from((day, day[:7], day[:4], "")))
    precision: Any = {10: "day", 7: "month", 4: "year", 0: "unknown"}[len(date)]
    study = draw(st.sampled_from(("A", "B", "C", "D")))
    machine = draw(st.booleans())
    return Evidence(
        draw(st.sampled_from(("supports", "supports", "supports", "refutes", "null"))),
        Publication(f"PMID:{draw(st.integers(1, 10**6))}", date=date, precision=precision),
        study,
        draw(st.sampled_from(DESIGNS)),
        parent_study=draw(st.sampled_from(("", "", "A"))),
        recounts=draw(st.booleans()),
        extractor="REACH" if machine else "",
        agent_type="text_mining_agent" if machine else "manual_agent",
        source=draw(st.sampled_from(("corpus", "drugmechdb", "other"))),
    )


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Dense little graphs: claims meet, oppose each other and are made in several contexts."""
    known = draw(st.lists(st.sampled_from(ENTITIES), min_size=6, unique=True))
    pairs = st.tuples(st.sampled_from(CURIES), st.sampled_from(RELATIONS), st.sampled_from(CURIES))
    claims = draw(st.lists(pairs, min_size=1, max_size=12))
    found: list[Assertion] = []
    for _ in range(draw(st.integers(1, 30))):
        subject, relation, object_ = draw(st.sampled_from(claims))
        statement = Statement(subject, relation, object_, draw(st.just(Context()) | contexts()))
        found.append(Assertion(statement, draw(evidences())))
    return Graph.from_records([*known, *found])
