"""The rules a graph must keep, beyond its SHACL shapes: provenance, vocabulary, agreement of what a finding says.

Each rule has an id, says what is wrong in one place, and how to mend it. `validate` never raises for a bad graph: it
returns the findings, in order.

>>> from kg.model import Assertion, Evidence, Publication, Statement
>>> claim = Statement("DRUGBANK:DB12159", "treats", "MONDO:0005340")
>>> case = Evidence("supports", Publication("PMID:30292824"), "INDEX-CASE-2018", "case_report")
>>> names = [Entity("DRUGBANK:DB12159", "dupilumab", "Drug"), Entity("MONDO:0005340", "alopecia areata", "Disease")]
>>> for finding in validate(Graph.from_records([*names, Assertion(claim, case)])):
...     print(finding)
treats-from-case-report: dupilumab treats alopecia areata [INDEX-CASE-2018]: rests on a case_report
(use ameliorates_condition or applied_to_treat)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.graph import Graph
from kg.model import Condition, Entity, Evidence, Publication, Statement
from ontologies.categories import CATEGORIES
from ontologies.designs import designs
from ontologies.errors import UnknownRelation
from ontologies.polarity import denial, polarity_allowed
from ontologies.prefixes import is_curie
from ontologies.units import check_quantity, check_unit
from ontologies.vocabulary import relation

__all__ = ["RULES", "Finding", "validate"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that breaks a rule: the rule's id, the statement (or entity) in words, the record, what, and the fix."""

    rule: str
    where: str
    record: str = ""
    problem: str = ""
    fix: str = ""
    statement: str = ""

    def __str__(self) -> str:
        record = f" [{self.record}]" if self.record else ""
        fix = f" ({self.fix})" if self.fix else ""
        return f"{self.rule}: {self.where}{record}: {self.problem}{fix}"


RULES: Mapping[str, str] = {
    "evidence-present": "every statement has at least one evidence",
    "provenance": "every evidence has a PMID, DOI, PMCID, registered trial, or a database record with its release",
    "release": "a row of a database names the release it was read from",
    "date": "every evidence has a date that fits its precision, or says unknown",
    "publication-agrees": "rows of one publication have one set of ids and one date, and no id belongs to two publications",
    "treats-from-case-report": "no case report or case series supports that a drug treats",
    "curie": "every identifier fits the pattern of its prefix",
    "entity-known": "every identifier in a statement or its context is an entity of the graph",
    "domain-range": "subject and object are of categories that the relation allows",
    "design": "the study design is one of study_designs.tsv",
    "polarity": "relation, sign, stance and polarity agree by polarity.tsv",
    "negation": "a finding that says no, not, failed, without or neither has stance refutes or null, or a waiver"
    " (a definition is none)",
    "hypothesis": "a hypothesis is a prediction and the other way round",
    "study": "every evidence names its study, and a sub-study another one as its parent",
    "category": "the category of an entity is one of categories.tsv",
    "valence": "only what can be good or bad for health has a valence",
    "clique": "no identifier is claimed by two entities, and an entity has one identifier of a prefix",
    "unit": "units are UCUM",
    "condition": "conditions have a variable, a known operator and a value",
    "text": "a finding is one short sentence",
}
"""Every rule by id, in words."""

_DATES = {
    "day": re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "month": re.compile(r"\d{4}-(?:0[1-9]|1[0-2])"),
    "year": re.compile(r"\d{4}"),
    "release": re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?"),
    "unknown": re.compile(r""),
}
_OPERATORS = frozenset(("=", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "has", "between"))
_VALENT = frozenset(("PhenotypicFeature", "BiologicalProcess", "Pathway", "Gene", "GeneFamily", "Biomarker", "Cell")) | {
    "Disease", "MacromolecularComplex", "CellularComponent", "AnatomicalEntity", "MolecularActivity",
}  # fmt: skip
_CASES = frozenset(("case_report", "case_series", "n_of_1_rechallenge"))
_MAX_FINDING = 1_000
_check = lru_cache(maxsize=65536)(is_curie)
_unit = lru_cache(maxsize=4096)(check_unit)
_quantity = lru_cache(maxsize=4096)(check_quantity)
_polarity = lru_cache(maxsize=4096)(polarity_allowed)
_Report = Iterator[tuple[str, str, str]]


def validate(graph: Graph) -> tuple[Finding, ...]:
    """Return everything in the graph that breaks a rule of `RULES`, sorted by rule and place."""
    found: set[Finding] = set()
    for sid, statement in graph.statements.items():
        evidence = graph.evidence.get(sid, ())
        for rule, problem, fix in _of_statement(graph, statement, evidence):
            record = evidence[0].record or evidence[0].study if evidence else ""
            found.add(Finding(rule, _words(graph, statement), record, problem, fix, sid))
        for one in evidence:
            for rule, problem, fix in _of_evidence(statement, one):
                found.add(Finding(rule, _words(graph, statement), one.record or one.study, problem, fix, sid))
    for entity in graph.entities.values():
        for rule, problem, fix in _of_entity(entity):
            found.add(Finding(rule, str(entity), "", problem, fix))
    found.update(_of_cliques(graph.entities))
    found.update(_of_publications(graph))
    found.update(_of_studies(graph))
    return tuple(sorted(found))


def _words(graph: Graph, statement: Statement) -> str:
    try:
        label = relation(statement.relation).label
    except UnknownRelation:
        label = statement.relation
    return f"{graph.name(statement.subject)} {label} {graph.name(statement.object)}"


def _of_statement(graph: Graph, statement: Statement, evidence: tuple[Evidence, ...]) -> _Report:
    if not evidence:
        yield "evidence-present", "has no evidence", "add one or drop the statement"
    entry = relation(statement.relation)
    for part, curie, allowed in (
        ("subject", statement.subject, entry.domain),
        ("object", statement.object, entry.range),
    ):
        yield from _of_identifier(graph, part, curie)
        entity = graph.entities.get(curie)
        if entity and entity.category not in allowed:
            fix = f"use the relation {entry.otherwise}, or one of" if entry.otherwise else "use one of"
            yield (
                "domain-range",
                f"the {part} of {entry.name} cannot be a {entity.category}",
                f"{fix} {', '.join(sorted(allowed))}",
            )
    for key, curie in statement.context.items():
        yield from _of_identifier(graph, f"context {key}", curie)
    for condition in statement.conditions:
        yield from _of_condition(condition)


def _of_identifier(graph: Graph, part: str, curie: str) -> _Report:
    if not _check(curie):
        yield "curie", f"{part} {curie!r} is off the pattern of its prefix", "look the identifier up again"
    if curie not in graph.entities:
        yield "entity-known", f"{part} {curie} is no entity of the graph", "yield an Entity for it"


def _of_condition(condition: Condition) -> _Report:
    if not condition.variable or not condition.operator or not condition.value:
        yield "condition", f"{str(condition)!r} lacks a variable, an operator or a value", "write all three"
    elif condition.operator not in _OPERATORS:
        yield "condition", f"unknown operator {condition.operator!r}", f"use one of {' '.join(sorted(_OPERATORS))}"
    if condition.unit and (fix := _unit(condition.unit)):
        yield "unit", f"{condition.unit!r} is no UCUM unit", fix


def _of_evidence(statement: Statement, evidence: Evidence) -> _Report:
    if evidence.design not in designs():
        yield "design", f"unknown design {evidence.design!r}", "use a name of study_designs.tsv"
    if statement.relation == "treats" and evidence.stance == "supports" and evidence.design in _CASES:
        yield "treats-from-case-report", f"rests on a {evidence.design}", "use ameliorates_condition or applied_to_treat"
    if evidence.polarity and not _polarity(statement.relation, evidence.stance, evidence.polarity):
        yield (
            "polarity",
            f"stance {evidence.stance} with polarity {evidence.polarity} contradicts {statement.relation}",
            "mend one of the three",
        )
    stated = evidence.stance == "supports" and evidence.design != "ontology" and not evidence.waiver
    if stated and (word := denial(evidence.finding)):
        yield "negation", f"supports, but the finding says {word!r}", "set the stance, or say why in `waiver`"
    hypothesis = evidence.design == "hypothesis"
    if hypothesis != (evidence.knowledge_level == "prediction"):
        yield (
            "hypothesis",
            f"design {evidence.design} with knowledge level {evidence.knowledge_level}",
            "a hypothesis, and nothing else, is a prediction",
        )
    if not evidence.study:
        yield "study", "names no study", "name the trial, or the publication itself"
    elif evidence.parent_study == evidence.study:
        yield "study", f"{evidence.study} is its own parent", "leave parent_study empty"
    if len(evidence.finding) > _MAX_FINDING:
        yield "text", f"the finding has {len(evidence.finding)} characters", "say it in one sentence"
    if evidence.effect.unit and (fix := _unit(evidence.effect.unit)):
        yield "unit", f"effect unit {evidence.effect.unit!r} is no UCUM unit", fix
    for part in ("time", "age", "onset_age", "duration"):
        text = getattr(evidence.observation, part)
        if text and (fix := _quantity(text)):
            yield "unit", f"observation {part} {text!r} is no quantity", fix


def _of_entity(entity: Entity) -> _Report:
    for curie in (entity.curie, *entity.xrefs, *entity.close_matches):
        if not _check(curie):
            yield "curie", f"{curie!r} is off the pattern of its prefix", "look the identifier up again"
    if entity.category not in CATEGORIES:
        yield "category", f"unknown category {entity.category!r}", "use a name of categories.tsv"
    if entity.valence not in ("", "good", "bad"):
        yield "valence", f"unknown valence {entity.valence!r}", "use good, bad or nothing"
    elif entity.valence and entity.category not in _VALENT:
        yield "valence", f"a {entity.category} is neither good nor bad", "leave the valence empty"


def _of_cliques(entities: Mapping[str, Entity]) -> Iterator[Finding]:
    claimed: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities.values():
        prefixes: dict[str, list[str]] = defaultdict(list)
        for curie in dict.fromkeys((entity.curie, *entity.xrefs)):
            claimed[curie].append(entity)
            prefixes[curie.partition(":")[0]].append(curie)
        for same in prefixes.values():
            if len(same) > 1:
                yield Finding("clique", str(entity), "", f"has {', '.join(same)}", "keep one as exact match, others as close")
    for curie, owners in claimed.items():
        if len(owners) > 1:
            names = " and ".join(str(owner) for owner in owners)
            yield Finding("clique", str(owners[0]), "", f"{curie} belongs to {names}", "one entity owns it; else close_matches")


def _of_publications(graph: Graph) -> Iterator[Finding]:
    versions: dict[str, set[Publication]] = defaultdict(set)
    records: dict[str, str] = {}
    for found in graph.evidence.values():
        for evidence in found:
            versions[evidence.publication.key].add(evidence.publication)
            records.setdefault(evidence.publication.key, evidence.record or evidence.study)
    holders: dict[str, set[str]] = defaultdict(set)
    for key, known in versions.items():
        if len(known) > 1:
            problem = "has different ids or dates in different rows"
            yield Finding("publication-agrees", key, records[key], problem, "make them one")
        for publication in known:
            for rule, problem, fix in _of_publication(publication):
                yield Finding(rule, key, records[key], problem, fix)
            for name in ("pmid", "doi", "pmcid"):
                if text := getattr(publication, name):
                    holders[f"{name} {text.lower()}"].add(key)
    for shared, keys in holders.items():
        if len(keys) > 1:
            one, other, *_ = sorted(keys)
            yield Finding("publication-agrees", one, "", f"shares {shared} with {other}", "join the two")


def _of_publication(publication: Publication) -> _Report:
    prefix = publication.key.partition(":")[0]
    cited = publication.pmid or publication.doi or publication.pmcid or publication.nct
    if not cited and prefix not in ("PMID", "DOI", "PMC", "clinicaltrials"):
        if not publication.database:
            problem = "is no publication, registered trial or database record"
            yield "provenance", problem, "give its PMID, DOI, PMCID or NCT number"
        elif not publication.release:
            yield "release", f"is a record of {publication.database} without release", "name the release it was read from"
    for prefix, text in (("PMID", publication.pmid), ("DOI", publication.doi), ("PMC", publication.pmcid),
                         ("clinicaltrials", publication.nct)):  # fmt: skip
        for part in text.split("|") if text else ():
            if not _check(f"{prefix}:{part}"):
                yield "curie", f"{prefix}:{part} is off the pattern of its prefix", "look the identifier up again"
    pattern = _DATES.get(publication.precision)
    if pattern is None or not pattern.fullmatch(publication.date):
        yield (
            "date",
            f"date {publication.date!r} does not fit precision {publication.precision!r}",
            "write 2018-10-10 with day, 2018-10 with month, 2018 with year, nothing with unknown",
        )


def _of_studies(graph: Graph) -> Iterator[Finding]:
    parents: dict[str, set[str]] = defaultdict(set)
    for found in graph.evidence.values():
        for evidence in found:
            parents[evidence.study].add(evidence.parent_study)
    for study, named in parents.items():
        if len(named) > 1:
            parts = ", ".join(sorted(parent or "none" for parent in named))
            yield Finding("study", study, "", f"has parents {parts}", "name one everywhere")
        for parent in named - {""}:
            if parents.get(parent, {""}) - {""}:
                yield Finding("study", study, "", f"its parent {parent} is a sub-study itself", "name the trial at the root")
