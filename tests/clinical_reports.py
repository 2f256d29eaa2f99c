"""Small graphs of clinical reports for the tests of challenges, rivals, contrasts and gaps; nothing here is a finding."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from kg.graph import Graph
from kg.model import Assertion, Condition, Context, Effect, Entity, Evidence, Observation, Publication, Stance, Statement
from loaders.curated import load_corpus
from queries.explanation.answer import ClinicalFinding
from queries.explanation.clinical import clinical_findings
from queries.state_graph import goals_of

__all__ = [
    "AREATA", "COMBINED", "DRUG", "ECZEMA", "ENTITIES", "HUMAN", "IL4", "JAK1", "KERATINS", "MOUSE", "OTHER", "PSORIASIS",
    "REMISSION", "TH2", "TOTALIS", "corpus", "findings", "graph", "named", "report",
]  # fmt: skip

DRUG, OTHER, COMBINED = "DRUGBANK:DB12159", "CHEBI:8382", "ikg:both-drugs"
AREATA, TOTALIS, ECZEMA, PSORIASIS = "MONDO:0005340", "MONDO:0019080", "MONDO:0004980", "MONDO:0005083"
REMISSION, KERATINS = "ikg:remission", "ikg:hair-keratins"
IL4, JAK1, TH2 = "HGNC:6014", "HGNC:6190", "CL:0000546"
HUMAN, MOUSE = "NCBITaxon:9606", "NCBITaxon:10090"

ENTITIES = (
    Entity(DRUG, "dupilumab", "Drug"),
    Entity(OTHER, "prednisone", "SmallMolecule"),
    Entity(COMBINED, "both drugs", "Treatment"),
    Entity(AREATA, "alopecia areata", "Disease"),
    Entity(TOTALIS, "alopecia totalis", "Disease"),
    Entity(ECZEMA, "atopic dermatitis", "Disease"),
    Entity(PSORIASIS, "psoriasis", "Disease"),
    Entity(REMISSION, "remission", "PhenotypicFeature"),
    Entity(KERATINS, "hair keratins", "Biomarker"),
    Entity(IL4, "IL4", "Gene", roles=("Cytokine",)),
    Entity(JAK1, "JAK1", "Gene"),
    Entity(TH2, "T-helper 2 cell", "Cell"),
    Entity(HUMAN, "human", "OrganismTaxon"),
    Entity(MOUSE, "mouse", "OrganismTaxon"),
)


def report(
    paper: str, subject: str, relation: str, object_: str, *, stance: Stance = "supports", design: str = "case_report",
    phase: str = "", time: str = "", duration: str = "", arm: str = "", age: str = "", onset_age: str = "", date: str = "2020",
    n: int | None = 1, effect: Effect | None = None, finding: str = "", recounts: bool = False,
    disease: Iterable[str] = (), taxon: Iterable[str] = (), cell: Iterable[str] = (), conditions: tuple[Condition, ...] = (),
) -> Assertion:
    """One assertion of the study that `paper` (a number) reports."""
    publication = Publication(f"PMID:{paper}", pmid=paper, date=date, precision="year" if date else "unknown")
    context = Context(disease=tuple(disease), taxon=tuple(taxon), cell=tuple(cell))
    seen = Observation(phase=phase, time=time, duration=duration, arm=arm, age=age, onset_age=onset_age)
    evidence = Evidence(
        stance, publication, f"PMID:{paper}", design, finding or f"{paper} {phase} {stance}", recounts=recounts, n=n,
        effect=effect or Effect(), observation=seen,
    )
    return Assertion(Statement(subject, relation, object_, context, conditions), evidence)


def graph(*reports: Assertion) -> Graph:
    """The graph of the reports and all entities above."""
    return Graph.from_records([*ENTITIES, *reports])


def findings(known: Graph, source: str = DRUG, target: str = AREATA) -> tuple[ClinicalFinding, ...]:
    """The clinical findings of the graph on a drug and a disease."""
    return clinical_findings(known, source, goals_of(known, target))


@cache
def corpus() -> Graph:
    """The shipped corpus, assembled in memory once."""
    return Graph.from_records(load_corpus())


@cache
def named(name: str) -> str:
    """The CURIE of the corpus entity of this primary name."""
    return next(curie for curie, entity in corpus().entities.items() if entity.name == name)
