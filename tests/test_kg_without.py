"""Leaving studies out: nothing of them stays, nothing else goes without a reason, and the counts say how much went."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import Assertion, Context, Entity, Evidence, Publication, Statement
from kg.without import Citation, hanging_on, publication_names
from loaders.base import LossReport
from loaders.citations import COLUMNS, load_citations, read_citations
from ontologies.errors import UnknownStudy
from tests.strategies import graphs

DRUG, AREATA, TOTALIS, ECZEMA, CCL13, IL4 = (
    "DRUGBANK:DB12159", "MONDO:0005340", "MONDO:0019080", "MONDO:0004980", "HGNC:10611", "HGNC:6014",
)  # fmt: skip
NAMES = [
    Entity(DRUG, "dupilumab", "Drug"), Entity(AREATA, "alopecia areata", "Disease"), Entity(ECZEMA, "eczema", "Disease"),
    Entity(TOTALIS, "alopecia totalis", "Disease"), Entity(CCL13, "CCL13", "Gene"), Entity(IL4, "IL4", "Gene"),
]  # fmt: skip
IN_AREATA = Context(disease=(AREATA,))


def paper(number: int, date: str = "2022", **more: str) -> Publication:
    """A paper with its PMID and a date."""
    precision: Any = {4: "year", 7: "month", 10: "day", 0: "unknown"}[len(date)]
    return Publication(f"PMID:{number}", pmid=str(number), date=date, precision=precision, **more)


def fact(
    subject: str, relation: str, object_: str, publication: Publication, design: str = "in_vitro", *, study: str = "",
    context: Context | None = None, **more: Any,
) -> Assertion:
    """One supporting assertion."""
    evidence = Evidence("supports", publication, study or publication.key, design, **more)
    return Assertion(Statement(subject, relation, object_, context or Context()), evidence)


TRIAL = paper(34460948, "2021-09-06", doi="10.1111/all.15071", nct="NCT03359356")
MARKERS = paper(36271804, "2022-11-05", doi="10.1111/all.15561", pmcid="PMC11344221")
STUDY = (
    fact(DRUG, "ameliorates_condition", AREATA, TRIAL, "randomized_trial_phase_2", study="NCT03359356"),
    fact(DRUG, "observed_to_decrease", CCL13, MARKERS, "biomarker_substudy", parent_study="NCT03359356", context=IN_AREATA),
)  # fmt: skip
STEP = fact(IL4, "increases_expression_of", CCL13, paper(1, "2003"))


def left(graph: Graph) -> set[str]:
    """The publications that are still cited."""
    return {e.publication.key for found in graph.evidence.values() for e in found}


@pytest.mark.parametrize(
    "key",
    [
        "PMID:36271804", "pmid: 36271804", "DOI:10.1111/all.15561", "https://doi.org/10.1111/ALL.15561", "10.1111/all.15561",
        "PMC11344221", "PMC:PMC11344221", "PMID:34460948", "NCT03359356", "clinicaltrials:NCT03359356", "nct03359356",
    ],
)  # fmt: skip
def test_any_name_of_trial_or_substudy_takes_both(key: str) -> None:
    """The two papers are one trial, whichever of its names is given."""
    graph = Graph.from_records([*NAMES, *STUDY, STEP])
    assert left(graph.without_studies([key])) == {"PMID:1"}


def test_what_recounts_or_cites_goes_whole() -> None:
    """A review that recounts the patients and a report that cites the paper go with everything they say."""
    review, report, other = paper(2, "2023"), paper(3, "2023"), paper(4, "2023")
    graph = Graph.from_records([
        *NAMES, *STUDY, STEP,
        fact(DRUG, "ameliorates_condition", AREATA, review, "systematic_review", study="NCT03359356", recounts=True),
        fact(IL4, "decreases_expression_of", CCL13, review, "review"),
        fact(IL4, "increases_activity_of", CCL13, report, "ex_vivo"),
        fact(IL4, "positively_regulates", CCL13, other, "ex_vivo"),
    ])  # fmt: skip
    kept = graph.without_studies(["PMID:36271804"], [Citation("PMID:3", "DOI:10.1111/all.15561", True, "its reference 12")])
    assert left(kept) == {"PMID:1", "PMID:4"}
    assert (kept.left_out.of_studies, kept.left_out.citing, kept.left_out.perhaps_citing) == (2, 3, 0)


@pytest.mark.parametrize(
    ("assertion", "stays"),
    [
        (fact(IL4, "contributes_to", AREATA, paper(5, "2023"), "review"), False),
        (fact(IL4, "contributes_to", TOTALIS, paper(5, "2023"), "review"), False),
        (fact(IL4, "increases_activity_of", CCL13, paper(5, "2023"), "review", context=IN_AREATA), False),
        (fact(IL4, "increases_activity_of", CCL13, paper(5, "2023", title="Alopecia areata: a review"), "review"), False),
        (fact(IL4, "increases_activity_of", CCL13, paper(5, ""), "commentary", context=IN_AREATA), False),
        (fact(IL4, "contributes_to", AREATA, paper(5, "2021-09"), "hypothesis"), False),
        (fact(DRUG, "treats", ECZEMA, paper(5, "2024"), "guideline_or_regulatory"), False),
        (fact(IL4, "contributes_to", AREATA, paper(5, "2021-08"), "review"), True),
        (fact(IL4, "contributes_to", AREATA, paper(5, "2020"), "hypothesis"), True),
        (fact(IL4, "contributes_to", ECZEMA, paper(5, "2023"), "review"), True),
        (fact(IL4, "contributes_to", AREATA, paper(5, "2023"), "in_vivo"), True),
        (fact(TOTALIS, "is_a", AREATA, paper(5, "2023"), "ontology"), True),
    ],
)  # fmt: skip
def test_later_tellers_on_the_same_subject_go_unless_shown_not_to_cite(assertion: Assertion, stays: bool) -> None:
    """Who tells what others found, on the drug or the disease, may have read the study; a first-hand finding stays."""
    form = fact(TOTALIS, "severity_form_of", AREATA, paper(6, "2010"), "ontology")
    graph = Graph.from_records([*NAMES, *STUDY, form, assertion])
    assert ("PMID:5" in left(graph.without_studies(["NCT03359356"]))) is stays
    shown = [Citation("PMID:5", "PMID:34460948", False, "its list of references")]
    assert "PMID:5" in left(graph.without_studies(["NCT03359356"], shown))
    shown.append(Citation("PMID:5", "PMID:36271804", True, "its text"))
    assert "PMID:5" not in left(graph.without_studies(["NCT03359356"], shown))


def test_a_study_without_drug_or_disease_takes_tellers_of_its_own_claim() -> None:
    """A review on the same pair goes, one on another pair of the same gene stays."""
    graph = Graph.from_records([
        *NAMES, STEP, fact(IL4, "decreases_expression_of", CCL13, paper(7, "2010"), "review"),
        fact(IL4, "produces", IL4, paper(8, "2010"), "review"),
    ])  # fmt: skip
    assert left(graph.without_studies(["PMID:1"])) == {"PMID:8"}


def test_a_review_named_itself_leaves_the_trials_it_recounts() -> None:
    """Leaving out the teller does not leave out what it tells of."""
    teller = fact(DRUG, "treats", AREATA, paper(9, "2023"), "systematic_review", study="NCT03359356", recounts=True)
    graph = Graph.from_records([*NAMES, *STUDY, teller])
    assert left(graph.without_studies(["PMID:9"])) == {"PMID:34460948", "PMID:36271804"}


def test_one_record_of_a_database_is_not_the_database() -> None:
    """The key of a record leaves out the record, the study of the database all of it."""
    records = [
        fact(a, "increases_activity_of", b, Publication(f"db:WikiPathways/WP{n}", database="WikiPathways", release="1"),
             "database", study="DB:WikiPathways")
        for n, (a, b) in enumerate([(IL4, CCL13), (CCL13, IL4)])
    ]  # fmt: skip
    graph = Graph.from_records([*NAMES, *records])
    assert left(graph.without_studies(["db:WikiPathways/WP0"])) == {"db:WikiPathways/WP1"}
    assert left(graph.without_studies(["DB:WikiPathways"])) == set()


@pytest.mark.parametrize("key", ["", "PMID:36271805", "dupilumab", "NCT0335935", "x" * 100_000, "PMID:", "☃"])
def test_unknown_keys_name_what_is_near(key: str) -> None:
    """A key that names nothing is an error with candidates, never an empty result."""
    graph = Graph.from_records([*NAMES, *STUDY])
    with pytest.raises(UnknownStudy) as raised:
        graph.without_studies(["NCT03359356", key])
    assert len(str(raised.value)) < 600
    if key.startswith(("PMID:3", "NCT")):
        assert set(raised.value.candidates) & {"PMID:36271804", "NCT03359356"}


def test_counts_of_two_views_stand_side_by_side() -> None:
    """A view by date of a graph without a study keeps both counts."""
    graph = Graph.from_records([*NAMES, *STUDY, STEP]).without_studies(["PMID:36271804"]).as_of("2000")
    assert (graph.left_out.of_studies, graph.left_out.later, graph.left_out.undated) == (2, 1, 0)


@given(graphs(max_size=10), st.data())
@settings(deadline=None, max_examples=60)
def test_nothing_that_was_left_out_stays_and_counts_add_up(graph: Graph, data: st.DataObject) -> None:
    """For any graph, keys and citations: no evidence of the study or of what cites it, all others as they were."""
    evidence = [e for found in graph.evidence.values() for e in found]
    if not evidence:
        return
    chosen = data.draw(st.sampled_from(evidence))
    key = data.draw(st.sampled_from([n for n in (chosen.root_study, *publication_names(chosen.publication)) if n.strip()]))
    citing = data.draw(st.sampled_from(evidence)).publication.key
    citations = [Citation(citing, chosen.publication.key, data.draw(st.booleans()))]
    kept, hanging = graph.without_studies([key], citations), hanging_on(graph, [key], citations)
    remaining = [e for found in kept.evidence.values() for e in found]
    assert not any(e.root_study in hanging.studies for e in remaining)
    assert not any(e.publication.key in hanging.own | hanging.citing for e in remaining)
    assert len(remaining) + kept.left_out.with_studies == len(evidence)
    assert kept.left_out.with_studies == len(hanging.evidence)
    assert all(kept.evidence[sid] for sid in kept.statements)
    assert all(set(found) <= set(graph.evidence[sid]) for sid, found in kept.evidence.items())
    again = Graph.from_records(kept.records())
    assert (again.statements, again.evidence) == (kept.statements, kept.evidence)
    assert {claim: record.counts for claim, record in again.claims.items()} == {
        claim: record.counts for claim, record in kept.claims.items()
    }


@given(graphs(max_size=8))
@settings(deadline=None, max_examples=50)
def test_leaving_out_every_study_leaves_nothing(graph: Graph) -> None:
    """All keys together leave an empty graph with its entities."""
    keys = {e.root_study for found in graph.evidence.values() for e in found if e.root_study.strip()}
    kept = graph.without_studies(keys)
    assert not kept.evidence
    assert kept.entities == graph.entities


def table(*rows: str) -> Any:
    import io

    return io.BytesIO(("\t".join(COLUMNS) + "\n" + "\n".join(rows)).encode())


def test_faulty_citations_are_named_by_line_and_column() -> None:
    """Each fault of the table is found, all at once."""
    report = LossReport()
    rows = ("PMID:2\tPMID:1\tyes\tseen", "PMID:x\tPMID:1\tyes\tseen", "PMID:3\tPMID:1\tperhaps\tseen", "PMID:4\tPMID:1\tno\t",
            "PMID:2\tPMID:1\tno\tseen", "PMID:5\tPMID:5\tyes\tseen")  # fmt: skip
    assert len(read_citations(table(*rows), name="cites.tsv", report=report)) == 1
    assert [(fault.line, fault.field) for fault in report.faults] == [
        (3, "citing"), (4, "cites"), (5, "seen"), (6, "citing"), (7, "citing"),
    ]  # fmt: skip


def test_shipped_citations_name_publications_of_the_corpus(corpus_publications: set[str]) -> None:
    """Every row of the shipped table speaks of papers that the corpus has, so that it can have an effect."""
    for citation in load_citations():
        assert {citation.citing, citation.cited} <= corpus_publications, citation


@pytest.fixture(scope="module")
def corpus_publications() -> set[str]:
    from loaders.curated import load_corpus

    return {
        name for record in load_corpus() if isinstance(record, Assertion)
        for name in publication_names(record.evidence.publication)
    }  # fmt: skip


def test_the_shipped_trial_goes_with_both_its_papers() -> None:
    """In the corpus, leaving out the biomarker paper leaves out the trial, and no evidence of either stays."""
    from loaders.curated import load_corpus

    graph = Graph.from_records(load_corpus())
    kept = graph.without_studies(["PMID:36271804"], load_citations())
    assert not {"PMID:36271804", "PMID:34460948"} & left(kept)
    assert kept.left_out.of_studies == sum(
        e.publication.key in ("PMID:36271804", "PMID:34460948") for found in graph.evidence.values() for e in found
    )
    tellers = {"review", "systematic_review", "meta_analysis", "commentary", "hypothesis"}
    later = [
        e for sid, found in kept.evidence.items() for e in found
        if e.design in tellers and (e.publication.last_day or "9999") >= "2021-09-06"
        and {graph.statements[sid].subject, graph.statements[sid].object} & {DRUG, AREATA}
    ]  # fmt: skip
    assert later == []


def test_replace_keeps_the_rest() -> None:
    """The path of the graph and other fields survive."""
    from pathlib import Path

    graph = replace(Graph.from_records([*NAMES, *STUDY]), path=Path("here"))
    assert graph.without_studies(["NCT03359356"]).path == Path("here")
