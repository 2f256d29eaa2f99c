"""The questions the project exists for, asked of the shipped corpus."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg.graph import Graph
from kg.model import Claim
from loaders.curated import load_corpus
from queries.explanation.answer import Explanation
from queries.explanation.explain import explain

DUPILUMAB, AREATA, TOTALIS = "DRUGBANK:DB12159", "MONDO:0005340", "MONDO:0019080"


@pytest.fixture(scope="module")
def corpus() -> Graph:
    """The shipped corpus, assembled in memory."""
    return Graph.from_records(load_corpus())


@pytest.fixture(scope="module")
def ask(corpus: Graph) -> Callable[..., Explanation]:
    """Explain a pair by primary names."""
    ids = {entity.name: entity.curie for entity in corpus.entities.values()}

    def question(source: str, target: str, as_of: str | None = None) -> Explanation:
        return explain(corpus, ids[source], ids[target], as_of=as_of)

    return question


def test_index_case_is_complete(corpus: Graph) -> None:
    """The twelve facts of the press release stand in one study, with phases on, off and on again."""
    found = {
        e.record: (e, corpus.statements[sid])
        for sid, evidence in corpus.evidence.items()
        for e in evidence
        if e.record in {f"P{n:03}" for n in range(1, 13)}
    }
    assert len(found) == 12
    assert {e.study for e, _ in found.values()} == {"INDEX-CASE-2018"}
    assert {e.publication.doi for e, _ in found.values()} == {"10.1001/jamadermatol.2018.2976"}
    phases = {record: e.observation.phase for record, (e, _) in found.items()}
    assert (phases["P007"], phases["P009"], phases["P010"]) == ("on", "off", "on_again")
    assert found["P007"][0].observation.time == "6 wk"
    assert found["P004"][0].stance == "null"
    assert found["P011"][0].design == "hypothesis"
    assert {s.object for _, s in (found["P007"], found["P008"], found["P009"], found["P010"])} == {TOTALIS}


def test_dupilumab_in_alopecia_areata_has_both_sides_observed(ask: Callable[..., Explanation]) -> None:
    """Both sides are observed, each has mechanisms, the severity forms are taken in, and IgE answers 'in whom'."""
    answer = ask("dupilumab", "alopecia areata")
    assert (answer.benefit.status, answer.harm.status) == ("observed", "observed")
    for side in (answer.benefit, answer.harm):
        assert [path.hypothesis for path in side.paths] == [False] * 20 + [True] * 3
    supposed = [[step.object.name for step in path.steps] for path in answer.benefit.paths[20:]]
    assert ["type 2 immune response", "alopecia areata"] in supposed
    assert TOTALIS in {node.id for node in answer.question.targets}
    assert any("IgE" in group.condition and "200" in group.condition for group in answer.conditions)
    assert any(finding.evidence.study == "INDEX-CASE-2018" for finding in answer.clinical)


def test_as_of_before_the_index_report(ask: Callable[..., Explanation]) -> None:
    """On 1 October 2018 the index report (10 October) was not known, a harmed patient of January was."""
    answer = ask("dupilumab", "alopecia areata", as_of="2018-10-01")
    publications = {finding.evidence.publication for finding in answer.clinical}
    assert "DOI:10.1001/jamadermatol.2018.2976" not in publications
    assert "PMID:29387767" in publications
    assert answer.benefit.paths
    assert answer.harm.paths
    assert answer.question.left_out_undated > 0
    assert all(finding.evidence.date < "2018-10-02" for finding in answer.clinical)


@pytest.mark.parametrize(
    ("drug", "disease", "benefit", "harm"),
    [
        ("baricitinib", "alopecia areata", "observed", "predicted"),
        ("dupilumab", "atopic dermatitis", "observed", "predicted"),
        ("infliximab", "psoriasis", "observed", "observed"),
    ],
)
def test_other_pairs(ask: Callable[..., Explanation], drug: str, disease: str, benefit: str, harm: str) -> None:
    """Other pairs get the same two-sided answer, with mechanisms to benefit."""
    answer = ask(drug, disease)
    assert (answer.benefit.status, answer.harm.status) == (benefit, harm)
    assert answer.benefit.paths


@pytest.mark.parametrize(("drug", "disease"), [("dupilumab", "psoriasis"), ("secukinumab", "atopic dermatitis")])
def test_no_benefit_is_invented(ask: Callable[..., Explanation], drug: str, disease: str) -> None:
    """A benefit that no study saw is a prediction at most, worded as one, and harm is what was observed."""
    answer = ask(drug, disease)
    assert answer.benefit.status in ("predicted", "hypothesised", "none")
    assert not answer.benefit.sentence.startswith("Observed")
    assert answer.harm.status == "observed"


def test_prednisone_is_reached_through_its_class(corpus: Graph) -> None:
    """Prednisone is a glucocorticoid, so that what is known of the class can explain it."""
    claim = Claim("CHEBI:8382", "is_a", "MESH:D005938")
    assert corpus.claims[claim].counts.support == 1


def test_no_step_is_an_observation_or_another_disease(corpus: Graph, ask: Callable[..., Explanation]) -> None:
    """No mechanism of any tested pair uses a clinical relation or passes through a disease."""
    for drug, disease in (("dupilumab", "alopecia areata"), ("infliximab", "psoriasis"), ("methotrexate", "psoriasis")):
        answer = ask(drug, disease)
        for path in (*answer.benefit.paths, *answer.harm.paths):
            assert all(not step.relation.startswith("observed_to") for step in path.steps)
            assert all(step.object.category != "Disease" for step in path.steps[:-1])


def test_never_a_confident_yes_against_more_refuting_studies(corpus: Graph) -> None:
    """No claim of the corpus is asserted when as many or more studies speak against it."""
    for record in corpus.claims.values():
        if record.counts.asserted:
            assert record.counts.support > record.counts.refute + record.counts.null
