"""The rules: each is broken once, by hand, and says what and how to mend; the shipped corpus breaks none."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from kg.graph import Graph
from kg.model import Condition, Context, Effect, Entity, Evidence, Observation, Publication, Statement
from kg.validate import RULES, Finding, validate
from tests.limits import HANG

DUPILUMAB, AA, IL4R = "DRUGBANK:DB12159", "MONDO:0005340", "HGNC:6015"
ENTITIES = (
    Entity(DUPILUMAB, "dupilumab", "Drug"),
    Entity(AA, "alopecia areata", "Disease"),
    Entity(IL4R, "IL4R", "Gene", xrefs=("UniProtKB:P24394",)),
)
BLOCKS = Statement(DUPILUMAB, "decreases_activity_of", IL4R)
HELPS = Statement(DUPILUMAB, "ameliorates_condition", AA)
PAPER = Publication("PMID:30292824", pmid="30292824", date="2018-10-10", precision="day")
GOOD = Evidence(
    "supports", PAPER, "PMID:30292824", "cohort", finding="Hair regrew.", knowledge_level="observation", polarity="positive"
)


def graph(statement: Statement = HELPS, *evidence: Evidence, entities: tuple[Entity, ...] = ENTITIES) -> Graph:
    """Return a graph without assembly, so that nothing is mended on the way."""
    found = evidence or (GOOD,)
    return Graph({e.curie: e for e in entities}, {statement.id: statement}, {statement.id: found})


def rules(checked: Graph) -> set[str]:
    return {finding.rule for finding in validate(checked)}


def test_a_good_graph_has_no_findings() -> None:
    """What keeps every rule is not complained about."""
    assert validate(graph()) == ()


BROKEN: list[tuple[str, str, Graph]] = [
    ("evidence-present", "no evidence", Graph({e.curie: e for e in ENTITIES}, {HELPS.id: HELPS}, {})),
    ("provenance", "no publication", graph(HELPS, replace(GOOD, publication=Publication("db:my notes")))),
    ("release", "no release", graph(HELPS, replace(GOOD, publication=Publication("db:X/1", database="X")))),
    ("date", "no such precision", graph(HELPS, replace(GOOD, publication=replace(PAPER, precision="month")))),
    ("date", "impossible month", graph(HELPS, replace(GOOD, publication=replace(PAPER, date="2018-13-01")))),
    ("date", "unknown with a date", graph(HELPS, replace(GOOD, publication=replace(PAPER, precision="unknown")))),
    ("publication-agrees", "two dates", graph(HELPS, GOOD, replace(GOOD, n=2, publication=replace(PAPER, date="2018-10-11")))),
    (
        "publication-agrees", "one DOI, two keys",
        graph(HELPS, replace(GOOD, publication=replace(PAPER, doi="10.1000/a")),
              replace(GOOD, publication=Publication("DOI:10.1000/a", doi="10.1000/A"))),
    ),
    ("treats-from-case-report", "case report", graph(Statement(DUPILUMAB, "treats", AA), replace(GOOD, design="case_report"))),
    ("treats-from-case-report", "cases only", graph(
        Statement(DUPILUMAB, "treats", AA), replace(GOOD, design="case_series"), replace(GOOD, design="case_report"))),
    ("curie", "off the pattern", graph(Statement(DUPILUMAB, "ameliorates_condition", "MONDO:53400"))),
    ("curie", "xref off the pattern", graph(entities=(*ENTITIES, Entity("CL:0000546", "Th2", "Cell", xrefs=("GO:005507",))))),
    ("curie", "malformed PMID", graph(HELPS, replace(GOOD, publication=replace(PAPER, pmid="30292824x")))),
    ("entity-known", "unknown context", graph(Statement(*HELPS.claim, Context(cell=("CL:0000625",))))),
    ("domain-range", "a disease blocks", graph(Statement(AA, "treats", DUPILUMAB))),
    ("design", "no such design", graph(HELPS, replace(GOOD, design="opinion"))),
    ("polarity", "supports with harm", graph(HELPS, replace(GOOD, polarity="negative"))),
    ("negation", "says no", graph(HELPS, replace(GOOD, finding="There was no regrowth."))),
    ("negation", "says without", graph(HELPS, replace(GOOD, finding="Without effect."))),
    ("negation", "says neither", graph(HELPS, replace(GOOD, finding="Neither patient improved."))),
    ("hypothesis", "prediction from a cohort", graph(HELPS, replace(GOOD, knowledge_level="prediction"))),
    ("hypothesis", "supposition observed", graph(HELPS, replace(GOOD, design="hypothesis"))),
    ("study", "no study", graph(HELPS, replace(GOOD, study=""))),
    ("study", "its own parent", graph(HELPS, replace(GOOD, parent_study=GOOD.study))),
    ("study", "two parents", graph(HELPS, replace(GOOD, parent_study="A"), replace(GOOD, parent_study="B"))),
    ("study", "parent of a parent", graph(
        HELPS, replace(GOOD, parent_study="A"), replace(GOOD, study="A", parent_study="B"))),
    ("category", "unknown", graph(entities=(*ENTITIES, Entity("CL:0000546", "Th2", "Thing")))),
    ("valence", "a good drug", graph(entities=(replace(ENTITIES[0], valence="good"), *ENTITIES[1:]))),
    ("valence", "unknown word", graph(entities=(*ENTITIES, Entity("CL:0000546", "Th2", "Cell", valence="ugly")))),
    ("clique", "claimed twice", graph(entities=(*ENTITIES, Entity("PR:P24394", "IL4R", "Gene", xrefs=("UniProtKB:P24394",))))),
    ("clique", "claims another", graph(entities=(*ENTITIES, Entity("PR:P24394", "IL4R", "Gene", xrefs=(IL4R,))))),
    ("clique", "two of one prefix", graph(entities=(*ENTITIES, Entity("HGNC:1", "x", "Gene", xrefs=("HGNC:2",))))),
    ("unit", "of a condition", graph(Statement(*HELPS.claim, conditions=(Condition("IgE", ">=", "200", "IU/mL"),)))),
    ("unit", "of an effect", graph(HELPS, replace(GOOD, effect=Effect("ratio", 1.0, unit="furlongs")))),
    ("unit", "of a time", graph(HELPS, replace(GOOD, observation=Observation(time="6 weeks")))),
    ("condition", "no operator", graph(Statement(*HELPS.claim, conditions=(Condition("IgE", "", "200"),)))),
    ("condition", "unknown operator", graph(Statement(*HELPS.claim, conditions=(Condition("IgE", "~", "200"),)))),
    ("text", "a page", graph(HELPS, replace(GOOD, finding="word " * 300))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "broken"), [(r, g) for r, _, g in BROKEN], ids=[f"{r}: {why}" for r, why, _ in BROKEN])
def test_every_rule_is_noticed(rule: str, broken: Graph) -> None:
    """The broken rule is among the findings, with a problem and a fix in words."""
    found = [finding for finding in validate(broken) if finding.rule == rule]
    assert found
    assert all(finding.problem and finding.fix and finding.where for finding in found)


def test_every_rule_has_a_test() -> None:
    """No rule is listed that nothing above breaks."""
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


@pytest.mark.parametrize(
    "evidence",
    [
        replace(GOOD, finding="There was no regrowth.", stance="null", polarity="null"),
        replace(GOOD, finding="Patients without eczema regrew hair.", waiver="says who was studied"),
        replace(GOOD, finding="Notable regrowth in a northern knot."),
        replace(GOOD, publication=Publication("clinicaltrials:NCT03359356", nct="NCT03359356")),
        replace(GOOD, publication=Publication("db:X/1", database="X", release="2026-07", date="2026-07-02", precision="release")),
        replace(GOOD, observation=Observation(time="24-48 wk", age="13 a")),
    ],
)
def test_what_is_allowed(evidence: Evidence) -> None:
    """A waiver, a null stance, words that only look like no, trials, and database rows with a release are fine."""
    assert rules(graph(HELPS, evidence)) == set()


def test_treats_needs_better_than_cases() -> None:
    """A trial may say that a drug treats; a case report beside it may refute that, not support it."""
    treats = Statement(DUPILUMAB, "treats", AA)
    trial = replace(GOOD, design="randomized_trial_phase_3", study="BRAVE-AA1")
    case = replace(GOOD, design="case_report")
    assert rules(graph(treats, trial, replace(case, stance="refutes", polarity="negative"))) == set()
    assert rules(graph(treats, trial, case)) == {"treats-from-case-report"}


def test_findings_name_the_record() -> None:
    """A finding prints the statement in words, the record it came from, and the fix."""
    [finding] = validate(graph(HELPS, replace(GOOD, record="P007", finding="It failed.")))
    assert str(finding) == (
        "negation: dupilumab ameliorates condition alopecia areata [P007]: supports, but the finding says 'failed'"
        " (set the stance, or say why in `waiver`)"
    )
    assert finding.statement == HELPS.id


def test_findings_are_sorted_and_stand_once() -> None:
    """Two runs give one list in one order."""
    bad: Any = replace(GOOD, finding="It failed.")
    found = validate(graph(HELPS, bad, bad))
    assert list(found) == sorted(set(found))
    assert all(isinstance(one, Finding) for one in found)


def test_the_corpus_keeps_every_rule() -> None:
    """The shipped corpus, assembled, has no finding."""
    from loaders.registry import read_source

    corpus = Graph.from_records(read_source("corpus"))
    started = time.perf_counter()
    found = validate(corpus)
    assert [str(one) for one in found] == []
    assert time.perf_counter() - started < HANG
    assert len(corpus.statements) > 800
