"""Small random graphs full of what is awkward, made from a seed in about a millisecond.

They hold conflicts, nulls, hypotheses, contexts and refinements, alternatives in conditions, sub-studies, reviews that recount,
several sources, all phases, entities that are only mentioned, undated papers and dates of a month or a year, machine-read
evidence, self loops, symmetric relations, valences and roles. The identifiers are those that the examples of the catalogue
use, so that a question with its example finds something.
"""

from __future__ import annotations

from random import Random
from typing import Any

from kg.graph import Graph
from kg.model import Assertion, Condition, Context, Effect, Entity, Evidence, Observation, Publication, Statement
from ontologies.vocabulary import relations

__all__ = ["ENTITIES", "RELATIONS", "random_graph"]

_GENE, _DISEASE, _PROCESS = "Gene", "Disease", "BiologicalProcess"
ENTITIES = {
    "drug": (
        Entity("DRUGBANK:DB12159", "dupilumab", "Drug", roles=("Biologic",), synonyms=("Dupixent",), xrefs=("MESH:C582203",)),
        Entity("CHEBI:66919", "ruxolitinib", "Drug", close_matches=("MESH:C540383",)),
        Entity("MESH:D000079424", "TNF inhibitor", "Treatment"),
        Entity("MESH:D016899", "interferon-beta", "Drug", roles=("Biologic", "Cytokine")),
    ),
    "gene": (
        Entity("HGNC:6014", "IL4", _GENE, roles=("Cytokine",), synonyms=('the "fourth"', "BSF-1")),
        Entity("HGNC:6015", "IL4R", _GENE, roles=("Receptor",)),
        Entity("HGNC:5973", "IL13", _GENE, roles=("Cytokine",)),
        Entity("HGNC:5438", "IFNG", _GENE, roles=("Cytokine",)),
        Entity("HGNC:5970", "IL12B", _GENE, roles=("Cytokine",)),
        Entity("HGNC:11368", "STAT6", _GENE, roles=("TranscriptionFactor",)),
        Entity("HGNC:6190", "JAK1", _GENE, roles=("Kinase",)),
        Entity("HGNC:10625", "CCL26", _GENE, roles=("Chemokine", "Cytokine")),
        Entity("HGNC:11599", "TBX21", _GENE, roles=("TranscriptionFactor",)),
    ),
    "complex": (
        Entity("FPLX:IL23", "IL23", "MacromolecularComplex", roles=("Cytokine",)),
        Entity("ikg:type-i-il-4-receptor", "type I IL-4 receptor", "MacromolecularComplex", roles=("Receptor",)),
    ),
    "cell": (
        Entity("CL:0000546", "T-helper 2 cell", "Cell"),
        Entity("CL:0000545", "T-helper 1 cell", "Cell"),
        Entity("CL:0000625", "CD8-positive T cell", "Cell"),
        Entity("CL:0000312", "keratinocyte", "Cell"),
    ),
    "process": (
        Entity("GO:0042092", "type 2 immune response", _PROCESS),
        Entity("GO:0042088", "T-helper 1 type immune response", _PROCESS),
        Entity("REACT:R-HSA-6785807", "interleukin-4 and interleukin-13 signaling", "Pathway"),
        Entity("ikg:hair-follicle-immune-privilege", "hair follicle immune privilege", _PROCESS, valence="good"),
    ),
    "disease": (
        Entity("MONDO:0005340", "alopecia areata", _DISEASE, valence="bad"),
        Entity("MONDO:0019080", "alopecia totalis", _DISEASE, valence="bad"),
        Entity("MONDO:0004980", "atopic dermatitis", _DISEASE),
        Entity("MONDO:0005083", "psoriasis", _DISEASE),
        Entity("HP:0001596", "hair loss", "PhenotypicFeature", valence="bad"),
    ),
    "marker": (
        Entity("ikg:serum-total-ige", "serum total IgE", "Biomarker"),
        Entity("ikg:il4r-q551r", "IL4R Q551R", "SequenceVariant"),
        Entity("ikg:index-patient", "index patient", "Case"),
    ),
}
"""What the statements speak of, by the part it plays."""

_PLACES = {
    "taxon": (Entity("NCBITaxon:9606", "human", "OrganismTaxon"), Entity("NCBITaxon:10090", "mouse", "OrganismTaxon")),
    "cell": ENTITIES["cell"],
    "tissue": (
        Entity("UBERON:0002097", "skin", "AnatomicalEntity"),
        Entity("UBERON:0002073", "hair follicle", "AnatomicalEntity"),
    ),
    "disease": ENTITIES["disease"],
    "ligand": ENTITIES["gene"][:4],
    "stage": (Entity("ikg:lesional", "lesional", "LifeStage"),),
}
_DESCRIBED = {entity.curie: entity for part in (*ENTITIES.values(), *_PLACES.values()) for entity in part}

_CLINICAL = (
    "treats", "ameliorates_condition", "exacerbates_condition", "has_adverse_event", "preventative_for_condition",
    "applied_to_treat", "in_clinical_trials_for", "contraindicated_in",
)  # fmt: skip
_ACTS = (
    "increases_activity_of", "decreases_activity_of", "increases_expression_of", "decreases_expression_of",
    "increases_abundance_of", "decreases_abundance_of", "inhibits_signaling_of", "binds", "phosphorylates",
    "increases_degradation_of",
)  # fmt: skip
_DRIVES = (
    "causes", "contributes_to", "protects_against", "required_for", "positively_regulates", "negatively_regulates", "recruits",
    "regulates", "disrupts",
)  # fmt: skip
_BELONGS = ("part_of", "is_a", "participates_in", "severity_form_of", "manifestation_of", "capable_of", "enables")
_GOES_WITH = (
    "associated_with", "positively_correlated_with", "negatively_correlated_with", "genetically_associated_with", "increased_in",
    "decreased_in", "increases_risk_of", "affects_risk_for", "coexists_with", "has_phenotype",
)  # fmt: skip
RELATIONS = tuple(sorted(relations()))
"""Every relation of the vocabulary."""

_SHAPES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("drug", _ACTS, "gene"), ("drug", _ACTS, "gene"), ("drug", _ACTS, "complex"),
    ("drug", _CLINICAL, "disease"), ("drug", _CLINICAL, "disease"), ("drug", _CLINICAL, "disease"),
    ("drug", ("observed_to_increase", "observed_to_decrease"), "gene"),
    ("drug", ("observed_to_increase", "observed_to_decrease"), "marker"),
    ("drug", ("more_effective_than", "is_a", "part_of"), "drug"), ("drug", _DRIVES, "process"),
    ("gene", _ACTS, "gene"), ("gene", _ACTS, "gene"), ("gene", _ACTS, "complex"), ("gene", ("part_of", "is_a"), "complex"),
    ("gene", _DRIVES, "process"), ("gene", _DRIVES, "disease"), ("gene", (*_ACTS, *_DRIVES), "cell"),
    ("cell", ("produces", "increases_expression_of", "decreases_abundance_of"), "gene"), ("cell", _DRIVES, "disease"),
    ("cell", _DRIVES, "process"), ("process", _DRIVES, "disease"), ("process", _BELONGS, "process"),
    ("gene", _BELONGS, "process"),
    ("disease", _BELONGS, "disease"), ("disease", _GOES_WITH, "disease"), ("gene", _GOES_WITH, "disease"),
    ("cell", _GOES_WITH, "disease"), ("marker", _GOES_WITH, "disease"),
    ("marker", ("predicts_response_to", "predicts_nonresponse_to"), "drug"),
)  # fmt: skip

_DESIGNS = (
    "case_report", "case_report", "case_series", "n_of_1_rechallenge", "randomized_trial_phase_3", "cohort", "in_vitro",
    "in_vivo", "review", "hypothesis", "hypothesis", "trial_registration", "gwas", "database",
)  # fmt: skip
_TRIALS = ("NCT03359356", "INDEX-CASE-2018", "SOLO 1", "a 'quoted' study", "PMID:1")
_TEXTS = ("", "", "Hair regrew.", 'It "regrew"; =1+1\nin two lines.', "Ünïcödé γδ 𝛼 \\ back", "no effect")
_LIMITS = (
    Condition("baseline serum total IgE", ">=", "200", "[IU]/mL"),
    Condition("age group", "=", "child"),
    Condition("atopic", "=", "true"),
    Condition("severity", "=", "severe"),
)
_DATES: tuple[tuple[str, Any], ...] = (
    ("2018-10-10", "day"), ("2018-10", "month"), ("2018", "year"), ("2020-02", "month"), ("2017-12-31", "day"), ("2021", "year"),
    ("", "unknown"), ("", "unknown"), ("2026-07-02", "release"), ("2019-03-05", "day"),
)  # fmt: skip


def random_graph(seed: int) -> Graph:
    """Return the graph of a seed: equal seeds give equal graphs.

    >>> random_graph(1) == random_graph(1), random_graph(1) == random_graph(2)
    (True, False)
    """
    rng = Random(seed)
    pool = {part: rng.sample(found, min(len(found), rng.choice((1, 2, 2, 3)))) for part, found in ENTITIES.items()}
    statements: list[Statement] = []
    for _ in range(rng.randint(6, 14)):
        statements.append(_statement(rng, pool, statements))
    papers = [_publication(rng, number) for number in range(1, rng.randint(3, 7))]
    found: dict[str, dict[str, Evidence]] = {}
    for statement in statements:
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
            evidence = _evidence(rng, rng.choice(papers))
            found.setdefault(statement.id, {})[Assertion(statement, evidence).evidence_id] = evidence
    places = dict.fromkeys(curie for statement in statements for _, curie in statement.context.items())
    spoken_of = dict.fromkeys((*(e for part in pool.values() for e in part), *(_DESCRIBED[curie] for curie in places)))
    described = [entity for entity in spoken_of if rng.random() < 0.85]
    return Graph(
        {entity.curie: entity for entity in sorted(described, key=lambda entity: entity.curie)},
        {statement.id: statement for statement in sorted(statements, key=lambda statement: statement.id)},
        {sid: tuple(evidence for _, evidence in sorted(found[sid].items())) for sid in sorted(found)},
    )


def _statement(rng: Random, pool: dict[str, list[Entity]], before: list[Statement]) -> Statement:
    """Return a statement: of a shape that makes sense, about the same claim or pair as one before, or anything at all."""
    chance = rng.random()
    if before and chance < 0.2:
        other = rng.choice(before)
        wider = _context(rng, other.context)
        limits = other.conditions + _conditions(rng) if rng.random() < 0.5 else other.conditions
        return Statement(other.subject, other.relation, other.object, wider, limits)
    if before and chance < 0.3:
        other = rng.choice(before)
        opposed = [name for name in RELATIONS if relations()[name].sign * relations()[other.relation].sign < 0]
        name = rng.choice(opposed or RELATIONS)
        return Statement(other.subject, name, other.object, _context(rng, Context()), _conditions(rng))
    if chance < 0.4:
        flat = [entity for part in pool.values() for entity in part]
        subject, name, object_ = rng.choice(flat), rng.choice(RELATIONS), rng.choice(flat)
    else:
        start, names, end = rng.choice(_SHAPES)
        subject, name, object_ = rng.choice(pool[start]), rng.choice(names), rng.choice(pool[end])
    return Statement(subject.curie, name, object_.curie, _context(rng, Context()), _conditions(rng))


def _context(rng: Random, before: Context) -> Context:
    parts = {key: list(getattr(before, key)) for key in _PLACES}
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        key = rng.choice(("taxon", "taxon", *_PLACES))
        parts[key].append(rng.choice(_PLACES[key]).curie)
    return Context(**{key: tuple(curies) for key, curies in parts.items()})


def _conditions(rng: Random) -> tuple[Condition, ...]:
    if rng.random() < 0.75:
        return ()
    chosen = rng.sample(_LIMITS, rng.randint(1, 3))
    if len(chosen) > 1 and rng.random() < 0.6:
        chosen[:2] = [Condition(c.variable, c.operator, c.value, c.unit, "either") for c in chosen[:2]]
    return tuple(chosen)


def _publication(rng: Random, number: int) -> Publication:
    date, precision = rng.choice(_DATES)
    if number == 1:
        return Publication(
            "DOI:10.1001/jamadermatol.2018.2976", doi="10.1001/jamadermatol.2018.2976", date=date, precision=precision
        )
    if number == 2:
        trials = rng.choice(("NCT03359356", "NCT03570749|NCT03899259"))
        return Publication("PMID:36271804", pmid="36271804", nct=trials, date=date, precision=precision, title=rng.choice(_TEXTS))
    if number == 3:
        return Publication("db:DrugMechDB/DB12159_1", date=date, precision=precision, database="DrugMechDB", release="b83cc5d")
    return Publication(f"PMID:{number}", pmid=str(number), date=date, precision=precision, title=_some(rng, "A title"))


def _evidence(rng: Random, paper: Publication) -> Evidence:
    stance: Any = rng.choice(("supports", "supports", "supports", "supports", "refutes", "null"))
    study = rng.choice(_TRIALS)
    machine = rng.random() < 0.15
    return Evidence(
        stance,
        paper,
        study,
        rng.choice(_DESIGNS),
        finding=rng.choice(_TEXTS),
        parent_study=rng.choice(_TRIALS) if rng.random() < 0.15 else "",
        recounts=rng.random() < 0.15,
        n=rng.choice((None, None, 0, 1, 30)),
        effect=_effect(rng),
        observation=Observation(
            phase=rng.choice(("", "", "", "before", "on", "off", "on_again")),
            dose=_some(rng, "300 mg"),
            time=_some(rng, "6 wk"),
            age=_some(rng, "13 a"),
            sex=_some(rng, "female"),
            duration=_some(rng, "2 mo"),
        ),
        knowledge_level=rng.choice(("knowledge_assertion", "observation", "prediction", "not_provided")),
        agent_type="text_mining_agent" if machine else "manual_agent",
        extractor=rng.choice(("reach", "", "TRIPS 2")) if machine else "",
        source=rng.choice(("corpus", "corpus", "drugmechdb", "")),
        record=_some(rng, "row 1"),
        licence=rng.choice(("Apache-2.0", "CC0-1.0", "")),
    )


def _effect(rng: Random) -> Effect:
    if rng.random() < 0.7:
        return Effect()
    value = rng.choice((0.325, 1.0, 0.0, -2.5, 1e-05))
    low, high = rng.choice(((None, None), (0.1, 0.5), (-3.0, 1e16)))
    return Effect(rng.choice(("odds ratio", "responders")), value, low, high, rng.choice(("1", "%", "")))


def _some(rng: Random, text: str) -> str:
    return text if rng.random() < 0.2 else ""
