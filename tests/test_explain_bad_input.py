"""Bad questions to `explain`: each kind gets an answer of its own, with what to do; a question that explodes is stopped."""

from __future__ import annotations

import random
import time
from itertools import combinations
from typing import Any

import pytest

import immunokg as ikg
from immunokg.asking import read_context, read_ends
from immunokg.cli import main
from kg.graph import Graph
from kg.model import Assertion, Entity, Evidence, Publication, Statement
from ontologies.errors import AmbiguousName, BadInput, UnknownName, UnknownStudy
from ontologies.vocabulary import relation
from tests.limits import HANG

DRUG, AREATA = "DRUGBANK:DB12159", "MONDO:0005340"


def fact(subject: str, relation: str, object_: str, number: int) -> Assertion:
    """One supporting assertion."""
    paper = Publication(f"PMID:{number}", date="2010", precision="year")
    return Assertion(Statement(subject, relation, object_), Evidence("supports", paper, paper.key, "in_vitro"))


def dense(genes: int, arcs: int) -> Graph:
    """A graph in which almost everything acts on everything: there are more paths than anybody could list."""
    rng = random.Random(20261122)
    names = [f"HGNC:{number}" for number in range(1, genes + 1)]
    entities = [Entity(DRUG, "dupilumab", "Drug"), Entity(AREATA, "alopecia areata", "Disease")]
    entities += [Entity(curie, f"G{curie[5:]}", "Gene") for curie in names]
    facts = [fact(DRUG, "decreases_activity_of", curie, n) for n, curie in enumerate(names[:10], 1)]
    facts += [fact(curie, "contributes_to", AREATA, n) for n, curie in enumerate(names[-10:], 100)]
    pairs = list(combinations(names, 2)) + [(b, a) for a, b in combinations(names, 2)]
    for number, (a, b) in enumerate(rng.sample(pairs, arcs), 1000):
        facts.append(fact(a, rng.choice(["increases_activity_of", "decreases_activity_of"]), b, number))
    return Graph.from_records([*entities, *facts])


@pytest.fixture(scope="module")
def shipped() -> ikg.KnowledgeGraph:
    """The graph that ships."""
    return ikg.open()


@pytest.fixture(scope="module")
def exploding() -> ikg.KnowledgeGraph:
    """A dense graph: 60 genes, 3,000 steps."""
    return ikg.KnowledgeGraph(dense(60, 3000))


@pytest.mark.parametrize(
    ("source", "target", "near"),
    [
        ("dupilumap", "alopecia areata", "dupilumab (DRUGBANK:DB12159)"),
        ("dupilumab", "alopecia aerata", "alopecia areata (MONDO:0005340)"),
        ("dupilumab", "MONDO:9999999", ""),
        ("dupilumab", "MONDO:0011292", "atopic dermatitis (MONDO:0004980)"),  # obsolete in MONDO
        ("dupilumab", "", ""),
        ("  ", "alopecia areata", ""),
        ("dupilumab", "x" * 100_000, ""),
        ("dupilumab", "alopecia\x00areata\nMATCH (n)", ""),
    ],
)  # fmt: skip
def test_unknown_names_say_what_is_near(shipped: ikg.KnowledgeGraph, source: str, target: str, near: str) -> None:
    """A name of nothing is an error of one line that names what is spelled alike, and never a guess."""
    with pytest.raises(UnknownName) as raised:
        shipped.explain(source, target)
    assert near in str(raised.value)
    assert len(str(raised.value)) < 700


def test_ambiguous_names_list_all_that_fit() -> None:
    """Two diseases of one name: both are named, and a CURIE settles it."""
    twins = [Entity("MONDO:0000001", "spotty baldness", "Disease"), Entity("MONDO:0000002", "spotty baldness", "Disease")]
    graph = ikg.KnowledgeGraph(Graph.from_records([Entity(DRUG, "dupilumab", "Drug"), *twins]))
    with pytest.raises(AmbiguousName, match=r"MONDO:0000001.*MONDO:0000002.*give the CURIE") as raised:
        graph.explain("dupilumab", "spotty baldness")
    assert len(raised.value.candidates) == 2
    assert graph.explain("dupilumab", "MONDO:0000002").question.target.id == "MONDO:0000002"


def test_a_name_of_two_kinds_is_settled_by_what_is_asked(shipped: ikg.KnowledgeGraph) -> None:
    """Eczema is a disease and a phenotype; as the target of a drug it is the disease, alone it is ambiguous."""
    assert shipped.explain("dupilumab", "eczema", k=1).question.target.id == "MONDO:0004980"
    with pytest.raises(AmbiguousName):
        shipped.resolve("eczema")


@pytest.mark.parametrize(("source", "target"), [("dupilumab", "dupilumab"), ("Dupixent", "DRUGBANK:DB12159")])
def test_source_and_target_are_one(shipped: ikg.KnowledgeGraph, source: str, target: str) -> None:
    """A thing does not explain itself, under whatever names it is given."""
    with pytest.raises(BadInput, match="different things"):
        shipped.explain(source, target)


@pytest.mark.parametrize("more", [{"k": 0}, {"max_steps": 0}, {"k": -5}])
def test_bounds_below_one(shipped: ikg.KnowledgeGraph, more: dict[str, int]) -> None:
    """Nothing can be asked for less than one."""
    with pytest.raises(BadInput, match="at least 1"):
        shipped.explain("dupilumab", "alopecia areata", **more)  # type: ignore[arg-type]  # keywords of a test


def test_unknown_contexts_and_studies(shipped: ikg.KnowledgeGraph) -> None:
    """A context that does not exist names those that do; a study that does not exist names the nearest."""
    with pytest.raises(BadInput, match="unknown context"):
        shipped.explain("dupilumab", "alopecia areata", context={"weather": "rain"})
    with pytest.raises(UnknownName):
        shipped.explain("dupilumab", "alopecia areata", context={"cell": "Th9999 cell"})
    with pytest.raises(UnknownStudy, match=r"BRAVE-AA1"):
        shipped.explain("dupilumab", "alopecia areata", without_study="BRAVE-AA")


@pytest.mark.parametrize(
    ("source", "target", "more", "words"),
    [
        ("alopecia areata", "dupilumab", {}, "is a disease, where a drug, chemical or treatment is expected"),
        ("alopecia areata", "dupilumab", {}, "; did you mean: explain dupilumab 'alopecia areata'"),
        ("IL4R", "alopecia areata", {}, "IL4R (HGNC:6015) is a gene, where a drug, chemical or treatment is expected"),
        ("IL4R", "alopecia areata", {}, "for how one acts on the other: paths IL4R 'alopecia areata'"),
        ("psoriasis", "alopecia areata", {}, "psoriasis (MONDO:0005083) is a disease, where a drug"),
        ("dupilumab", "IL4R", {}, "IL4R (HGNC:6015) is a gene, where a disease or phenotype"),
        ("dupilumab", "infliximab", {}, "infliximab (DRUGBANK:DB00065) is a drug, where a disease or phenotype"),
        ("dupilumab", "alopecia areata", {"versus": "psoriasis"}, "is a disease, where versus expects another drug"),
        ("dupilumab", "alopecia areata", {"versus": "IL13"}, "is a gene, where versus expects another drug"),
        ("dupilumab", "alopecia areata", {"context": {"cell": "psoriasis"}},
         "psoriasis (MONDO:0005083) is a disease, where the context 'cell' expects: cell; did you mean disease=psoriasis?"),
        ("dupilumab", "alopecia areata", {"context": {"species": "IL4R"}}, "'taxon' expects: organism taxon; did you"),
    ],
)  # fmt: skip
def test_things_of_the_wrong_kind_are_refused(
    shipped: ikg.KnowledgeGraph, source: str, target: str, more: dict[str, Any], words: str
) -> None:
    """A gene is no drug, a drug no disease, a disease no cell: the sentence says what it is, what is expected, and the mend."""
    with pytest.raises(BadInput) as raised:
        shipped.explain(source, target, **more)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_all_that_was_given_to_patients_and_all_it_was_given_for_may_be_asked(shipped: ikg.KnowledgeGraph) -> None:
    """No clinical statement of the shipped graph has a subject that is no drug, or a condition that is no condition."""
    clinical = [s for s in shipped.graph.statements.values() if relation(s.relation).tier == "clinical"]
    conditions = {s.object for s in clinical if not s.relation.startswith("observed_to_") and s.relation != "more_effective_than"}
    conditions |= {s.object for s in clinical if shipped.entities[s.object].category in ("Disease", "PhenotypicFeature")}
    subjects = {s.subject for s in clinical}
    assert min(len(subjects), len(conditions)) > 15
    assert {read_ends(shipped, subject, AREATA)[0] for subject in subjects} == subjects
    assert {read_ends(shipped, DRUG, condition)[1] for condition in conditions} == conditions


def test_conditions_and_contexts_of_all_kinds(shipped: ikg.KnowledgeGraph) -> None:
    """What has a good direction is a condition; every context of the shipped graph may be asked for."""
    for name in ("anagen", "hair keratins", "hair follicle immune privilege"):
        assert read_ends(shipped, "dupilumab", name)[1] == shipped.resolve(name)
    for name in ("aldesleukin", "interferon beta", "TNF inhibitor"):
        assert read_ends(shipped, name, "psoriasis")[0]
    places = {place for s in shipped.graph.statements.values() for place in s.context.items()}
    assert len(places) > 50
    for key, curie in places:
        assert read_context(shipped, {key: curie}) is not None


def test_a_cytokine_that_was_given_is_a_drug() -> None:
    """A gene product that treated somebody by a clinical statement is asked about like any drug."""
    disease = Entity(AREATA, "alopecia areata", "Disease")
    cytokine, other = Entity("HGNC:6001", "IL2", "Gene"), Entity("HGNC:6015", "IL4R", "Gene")
    graph = ikg.KnowledgeGraph(Graph.from_records([disease, cytokine, other, fact("HGNC:6001", "treats", AREATA, 1)]))
    assert read_ends(graph, "IL2", "alopecia areata") == ("HGNC:6001", AREATA, None)
    with pytest.raises(BadInput, match=r"IL4R .* is a gene"):
        read_ends(graph, "IL4R", "alopecia areata")


def test_no_path_is_an_answer(shipped: ikg.KnowledgeGraph) -> None:
    """No mechanism and no study is "none" on both sides, with what is missing; it is not an error, nor a stopped search."""
    answer = shipped.explain("crisaborole", "vitiligo")
    assert (answer.benefit.status, answer.harm.status) == ("none", "none")
    assert answer.benefit.sentence.startswith("Nothing in this graph")
    assert not answer.benefit.partial
    assert not answer.harm.partial
    assert not any("stopped" in text for text in answer.missing)
    assert "No mechanism here leads from the drug to benefit." in answer.missing


def test_a_question_that_explodes_is_stopped_and_says_so(exploding: ikg.KnowledgeGraph) -> None:
    """Up to 12 steps and a thousand paths in a dense graph: the time limit holds, and what was found is marked as partial."""
    start = time.monotonic()
    answer = exploding.explain("dupilumab", "alopecia areata", k=1000, max_steps=12, timeout=0.3)
    assert time.monotonic() - start < HANG
    assert answer.benefit.partial
    assert answer.harm.partial
    assert "stopped" in answer.benefit.sentence
    assert any("time limit" in text for text in answer.missing)
    assert answer.benefit.status != "none" or "Not known" in answer.benefit.sentence


def test_what_a_stopped_search_found_is_right(exploding: ikg.KnowledgeGraph) -> None:
    """Partial mechanisms are the best ones, in order: a prefix of what more time gives."""
    full = exploding.explain("dupilumab", "alopecia areata", k=10, max_steps=3)
    part = exploding.explain("dupilumab", "alopecia areata", k=1000, max_steps=3, timeout=0.05)
    assert not full.benefit.partial
    scores = [path.score for path in part.benefit.paths if not path.hypothesis]
    assert scores == sorted(scores)
    assert part.benefit.partial or len(scores) >= len(full.benefit.paths)
    assert scores[:10] == [path.score for path in full.benefit.paths][: len(scores[:10])]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["dupilumap", "alopecia areata"], 2, "nearest: dupilumab"),
        (["dupilumab", "dupilumab"], 2, "different things"),
        (["alopecia areata", "dupilumab"], 2, "did you mean: explain dupilumab 'alopecia areata'"),
        (["dupilumab", "alopecia areata", "--context", "cell=psoriasis"], 2, "did you mean disease=psoriasis?"),
        (["crisaborole", "vitiligo"], 1, ""),
        (["dupilumab", "alopecia areata", "--k", "0"], 2, "range"),
        (["dupilumab", "alopecia areata", "--max-steps", "13"], 2, "range"),
        (["dupilumab", "alopecia areata", "--timeout", "0"], 2, "range"),
        (["dupilumab", "alopecia areata", "--timeout", "soon"], 2, "soon"),
        (["dupilumab", "alopecia areata", "--without-study", "PMID:1"], 2, "no study or publication"),
        (["dupilumab", "alopecia areata", "--observed", "no-such-file.tsv"], 2, "no-such-file.tsv"),
    ],
)  # fmt: skip
def test_the_command_line_ends_with_the_right_code(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line on the error stream, no traceback, nothing on the standard output but an answer."""
    assert main(["explain", *arguments]) == code
    out, err = capsys.readouterr()
    assert words in " ".join(err.split())
    assert "Traceback" not in err
    assert err.count("no-such-file.tsv") <= 1
    assert bool(out) is (code == 1)
