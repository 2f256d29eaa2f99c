"""Masking equals rebuilding: the same paths at the same costs in the same order as on the graph without the studies."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from immunokg.evaluating import evaluation_graph, read_gold
from kg.graph import Graph
from kg.model import Assertion, Claim, Context, Entity, Evidence, Publication, Record, Statement
from queries.engine import find_paths
from queries.evaluation.gold import Question, questions_of
from queries.evaluation.hiding import Hiding
from queries.evaluation.masking import Masking
from queries.evaluation.ranking import Ranker
from queries.state_graph import build_state_graph, goals_of

Found = list[tuple[int, list[Claim]]]

ENTITIES = [
    Entity("DRUGBANK:DB1", "drug", "Drug"), Entity("DRUGBANK:DB2", "class", "Drug"),
    Entity("HGNC:1", "cytokine", "Gene", roles=("Cytokine",)), Entity("HGNC:2", "receptor", "Gene", roles=("Receptor",)),
    Entity("HGNC:3", "kinase", "Gene", roles=("Kinase",)), Entity("GO:0000004", "process", "BiologicalProcess"),
    Entity("HP:0000005", "sign", "PhenotypicFeature", valence="bad"), Entity("MONDO:0000006", "disease", "Disease"),
]  # fmt: skip
RELATIONS = (
    "increases_activity_of", "decreases_activity_of", "is_a", "positively_correlated_with", "genetically_associated_with",
    "manifestation_of", "severity_form_of",
)  # fmt: skip
STUDIES = tuple("abcdef")

CURIES = [entity.curie for entity in ENTITIES]
statements = st.builds(
    Statement,
    st.sampled_from([CURIES[0], *CURIES[:6]]), st.sampled_from([*RELATIONS[:2], *RELATIONS]), st.sampled_from(CURIES[1:]),
    st.sampled_from([Context(), Context(), Context(ligand=("HGNC:1",)), Context(cell=("CL:0000084",))]),
)  # fmt: skip
evidence = st.builds(
    lambda stance, study, design, recounts: Evidence(stance, Publication(f"db:{study}"), study, design, recounts=recounts),
    st.sampled_from(("supports", "supports", "supports", "refutes")), st.sampled_from(STUDIES),
    st.sampled_from(("in_vitro", "in_vivo", "review", "hypothesis")), st.booleans(),
)  # fmt: skip
chain = st.sampled_from(
    [
        Statement("DRUGBANK:DB1", "decreases_activity_of", "HGNC:2"), Statement("HGNC:1", "increases_activity_of", "HGNC:2"),
        Statement("DRUGBANK:DB1", "is_a", "DRUGBANK:DB2"), Statement("DRUGBANK:DB2", "decreases_activity_of", "HGNC:2"),
        Statement("DRUGBANK:DB2", "decreases_activity_of", "HGNC:3"), Statement("HGNC:2", "increases_activity_of", "HGNC:3"),
        Statement("HGNC:2", "decreases_activity_of", "HGNC:3"), Statement("HGNC:3", "increases_activity_of", "GO:0000004"),
        Statement("HGNC:3", "genetically_associated_with", "MONDO:0000006"),
        Statement("HGNC:3", "increases_activity_of", "MONDO:0000006"),
        Statement("GO:0000004", "increases_activity_of", "HP:0000005"),
        Statement("HP:0000005", "manifestation_of", "MONDO:0000006"),
        Statement("GO:0000004", "positively_correlated_with", "MONDO:0000006"),
        Statement("HP:0000005", "negatively_correlated_with", "HGNC:3"),
        Statement("HGNC:3", "positively_correlated_with", "MONDO:0000006"),
    ]
)  # what makes mechanisms, so that most drawn graphs have some
graphs = st.lists(st.builds(Assertion, chain | chain | statements, evidence), min_size=12, max_size=40).map(
    lambda found: Graph.from_records([*ENTITIES, *found])
)


def masked_paths(ranker: Ranker, question: Question, number: int) -> tuple[Found, bool]:
    """Return what a search on masked steps finds, and whether these had to be made anew."""
    masked = ranker.masking.without(question.hidden)
    found = islice(find_paths(masked.steps.table, ranker.query(masked, question)), number)
    return [(path.cost, [masked.steps.arcs[arc].record.claim for arc in path.arcs]) for path in found], masked.rebuilt


def rebuilt_paths(graph: Graph, question: Question, number: int) -> Found:
    """Return what the search of ``explain`` finds on the graph without the studies."""
    left = graph.keep_evidence(lambda e: e.study not in question.hidden)
    goals = goals_of(left, question.target)
    forms = tuple(g.id for g in goals if g.id == question.target or g.why.startswith("severity form"))
    states = build_state_graph(left, question.source, goals, Context(disease=forms))
    found = islice(find_paths(states.steps.table, states.query("benefit", max_steps=6)), number)
    return [(path.cost, [states.arcs[arc].record.claim for arc in path.arcs]) for path in found]


@given(graphs, st.sets(st.sampled_from(STUDIES), max_size=3))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_masking_equals_rebuilding(graph: Graph, hidden: set[str]) -> None:
    """On small graphs with every rule in play: classes of drugs, associations, suppositions, recounts, ligands, contexts."""
    question = Question("DRUGBANK:DB1", "MONDO:0000006", (), frozenset(hidden))
    assert masked_paths(Ranker(graph), question, 50)[0] == rebuilt_paths(graph, question, 50)


def test_numbers_are_masked_and_more_is_made_anew() -> None:
    """A step that loses a study costs more; one that loses all is left out; a direction that is lost uncovers another step."""
    drug, gene, disease = "DRUGBANK:DB1", "HGNC:3", "MONDO:0000006"

    def said(relation: str, subject: str, object_: str, study: str) -> Assertion:
        found = Evidence("supports", Publication(f"db:{study}"), study, "in_vitro")
        return Assertion(Statement(subject, relation, object_), found)

    records: list[Record] = [
        *ENTITIES, said("decreases_activity_of", drug, gene, "a"), said("decreases_activity_of", drug, gene, "b"),
        said("genetically_associated_with", gene, disease, "c"), said("positively_regulates", gene, disease, "d"),
    ]  # fmt: skip
    ranker = Ranker(Graph.from_records(records))
    whole, less, other, none = (
        masked_paths(ranker, Question(drug, disease, (), frozenset(hidden)), 9) for hidden in ("", "a", "d", "ab")
    )
    assert [len(found) for found, _ in (whole, less, other, none)] == [1, 1, 1, 0]
    assert whole[0][0][0] < less[0][0][0] < other[0][0][0]
    assert [anew for _, anew in (whole, less, other, none)] == [False, False, True, False]


@pytest.fixture(scope="module")
def curated(shared_data: Path) -> tuple[Graph, list[Question]]:
    """Return the graph of the corpus and the development half, and its questions."""
    file = shared_data / "data" / "drugmechdb" / "drugmechdb_paths_dev.jsonl.gz"
    graph = evaluation_graph([file])
    return graph, questions_of(read_gold(file, graph))[0]


def test_masking_curated_records(curated: tuple[Graph, list[Question]]) -> None:
    """A sample of the pairs that are really asked about; most need no rebuilding."""
    graph, questions = curated
    ranker = Ranker(graph)
    chosen = [question for question in Random(7).sample(questions, 10) if ranker.knows(question)]
    anew = 0
    for question in chosen:
        found, rebuilt = masked_paths(ranker, question, 10)
        assert found == rebuilt_paths(graph, question, 10)
        anew += rebuilt
    assert anew < len(chosen) / 2


def test_records_that_the_corpus_cites_are_hidden_there_too(curated: tuple[Graph, list[Question]]) -> None:
    """A curated record that the corpus retells under the same study is hidden in both."""
    graph, questions = curated
    cited = {e.study for found in graph.evidence.values() for e in found if e.source == "corpus"}
    chosen = [question for question in questions if question.hidden & cited]
    assert chosen
    hidden = chosen[0].hidden
    left, rebuilt = Hiding(graph).without(hidden), graph.keep_evidence(lambda e: e.study not in hidden)
    assert list(left.claims.items()) == list(rebuilt.claims.items())
    assert {e.source for found in graph.evidence.values() for e in found if e.study in hidden} == {"corpus", "drugmechdb"}


def test_degrees_are_those_of_the_arcs_left(curated: tuple[Graph, list[Question]]) -> None:
    """The degree baselines see the graph without the hidden records."""
    graph, questions = curated
    for question in Random(8).sample(questions, 2):
        masked = Masking(graph).without(question.hidden)
        arcs = [arc for arc, kept in zip(masked.steps.arcs, masked.mask, strict=True) if kept]
        for curie in {end for arc in arcs[:200] for end in arc.record.claim[::2]}:
            assert masked.degrees[masked.steps.numbers[curie]] == sum(curie in arc.record.claim[::2] for arc in arcs)
