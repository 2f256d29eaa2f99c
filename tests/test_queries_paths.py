"""Paths asked for by name: every part of a request against a walk over all paths, and the answers to requests that cannot be."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import Assertion, Context, Entity, Evidence, Publication, Statement
from ontologies.categories import is_a
from ontologies.errors import BadInput, UnknownRelation
from ontologies.vocabulary import relation
from queries.coherence import UNSTATED, StepClass
from queries.engine import UNIT
from queries.named_paths import COLUMNS
from queries.path_advice import advice
from queries.path_index import EvidenceFilter, PathIndex
from queries.paths import PathRequest, find
from queries.patterns import parse_pattern, relations_named
from queries.scoring import CLASH
from queries.step_rules import ASSOCIATION, DRUG_TO_DRUG, HYPOTHESIS, OF_DRUG, relation_numbers
from tests.step_graphs import CURIES, ENTITIES, RELATIONS

IL4, IL4R, JAK1, IFNG = "HGNC:6010", "HGNC:6011", "HGNC:6012", "HGNC:6013"
DRUG, CLASS, AREATA = "DRUGBANK:DB12159", "ikg:il4r-antibody", "MONDO:0005340"
PATTERNS = ("… -> Gene -> *", "* -[causal]-> … -> Disease", "Drug -| …", '* -> … -> "HGNC:6010"|"HGNC:6012" -> … -> *')


def allowed(index: PathIndex, request: PathRequest, arcs: list[int]) -> bool:
    """Tell by the definition whether a path is one that a request asks for."""
    steps = [index.arc(arc) for arc in arcs]
    curie = index.curies
    nodes = [steps[0].subject, *(step.object for step in steps)]
    ends = {curie[nodes[0]]: request.source, curie[nodes[-1]]: request.target}
    if any(end not in wanted for end, wanted in ends.items()) or len(set(nodes)) < len(nodes):
        return False
    inner = [curie[node] for node in nodes[1:-1]]
    if set(inner) & set(request.target) or set(map(curie.__getitem__, nodes[1:])) & set(request.avoid):
        return False
    if not {*request.through} <= {curie[node] for node in nodes[1:]}:
        return False
    state = 1
    clinical = all(index.category(index.node(t) or 0) in ("Disease", "PhenotypicFeature", "Case") for t in request.target)
    for place, step in enumerate(steps):
        state *= step.sign
        last = place == len(steps) - 1
        banned = (OF_DRUG if clinical else 0) if last else ASSOCIATION
        if not step.usable or step.kind & (banned | (0 if request.hypotheses else HYPOTHESIS)):
            return False
        if step.support < request.min_support or step.belief < request.min_belief:
            return False
        if request.tiers and relation(step.relation).tier not in request.tiers:
            return False
        number = relation_numbers()[step.relation]
        if request.relations and not any(number in (relations_named(word) or ()) for word in request.relations):
            return False
        if any(number in (relations_named(word) or ()) for word in request.avoid_relations):
            return False
    categories = [index.category(node) for node in nodes[1:-1]]
    if request.categories and not all(c and any(is_a(c, want) for want in request.categories) for c in categories):
        return False
    if any(c and is_a(c, no) for c in categories for no in request.avoid_categories):
        return False
    if request.pattern and not laid(index, request, nodes, steps):
        return False
    return not request.sign or state == request.sign


def laid(index: PathIndex, request: PathRequest, nodes: list[int], steps: list[Any]) -> bool:
    """Lay a pattern along a path in every way."""
    pattern = request.pattern
    assert pattern is not None
    names = relation_numbers()

    def fits(item: int, node: int) -> bool:
        return pattern.nodes[item].admits(index.curies[node], index.category(node))

    def rest(part: int, at: int) -> bool:
        if part == len(pattern.parts):
            return at == len(steps)
        here = pattern.parts[part]
        for end in range(at + 1, len(steps) + 1 if here.gap else at + 2):
            if end <= len(steps) and fits(part + 1, nodes[end]) and names[steps[at].relation] in here.relations:
                last = here.last if here.gap else here.relations
                if names[steps[end - 1].relation] in last and rest(part + 1, end):
                    return True
        return False

    return fits(0, nodes[0]) and rest(0, 0)


def walk(index: PathIndex, request: PathRequest) -> list[tuple[int, int, tuple[int, ...]]]:
    """Every path of a request by a walk without bound or queue, with its cost, in the order asked for."""
    found: list[tuple[int, int, tuple[int, ...]]] = []
    sources = [index.node(curie) or 0 for curie in request.source]
    own = {(index.arc(a).object, index.arc(a).sign) for s in sources for a in index.leaving(s) if index.arc(a).usable}
    groups = {index.arc(a).object for s in sources for a in index.leaving(s) if index.arc(a).relation in DRUG_TO_DRUG}

    def go(arcs: list[int], node: int) -> None:
        if arcs and allowed(index, request, arcs):
            steps = [index.arc(arc) for arc in arcs]
            cost = sum(sum(step.terms.values()) for step in steps) + sum(index.table.node_costs[s.subject] for s in steps[1:])
            pairs = [(a.step_class, b.step_class) for a, b in pairwise(steps)] if request.coherence else []
            cost += sum(index.coherence.pair_cost(*pair) for pair in pairs)
            if request.coherence:
                cost += further_back(index, steps)
            found.append((cost, len(arcs), tuple(arcs)))
        if len(arcs) < request.max_steps:
            for arc in index.leaving(node):
                step = index.arc(arc)
                repeats = node in groups and (step.object, step.sign) in own and index.category(node) in ("Drug", "Treatment")
                if step.usable and not repeats:
                    go([*arcs, arc], step.object)

    for source in sources:
        go([], source)
    return sorted(found)


def further_back(index: PathIndex, steps: list[Any]) -> int:
    """What ligands cost that are stated under another one further back, through silent steps within a cell."""
    cost = 0
    for later, step in enumerate(steps):
        for earlier in range(later - 2, -1, -1):
            between = steps[earlier:later]
            classes = [index.classes[s.step_class] for s in (*between, step)]
            first, *silent, last = classes
            if any(c.relay or not c.inside for c in classes[:-1]) or any(stated(c) for c in silent):
                continue
            if stated(first) and stated(last) and not agree(index, first, last):
                cost += round(CLASH["ligand"] * UNIT) + 1000 * UNIT
    return cost


def stated(step: StepClass) -> bool:
    """Tell whether every statement names the ligand."""
    return all(setting.context.ligand for setting in step.settings)


def agree(index: PathIndex, first: StepClass, last: StepClass) -> bool:
    """Tell whether some statement of one has a ligand within, around or equal to one of the other."""
    pairs = [(a, b) for one in first.settings for a in one.context.ligand for two in last.settings for b in two.context.ligand]
    return any(a == b or a in index.broader.get(b, ()) or b in index.broader.get(a, ()) for a, b in pairs)


requests = st.builds(
    PathRequest,
    source=st.just((DRUG,)) | st.just((IL4,)) | st.just((CLASS,)),
    target=st.lists(st.sampled_from((AREATA, JAK1, IFNG, "CL:0000625")), min_size=1, max_size=2, unique=True).map(tuple),
    sign=st.sampled_from((0, 1, -1)),
    k=st.just(1000),
    max_steps=st.integers(1, 4),
    pattern=st.none() | st.sampled_from(PATTERNS).map(parse_pattern),
    through=st.just(()) | st.just((IL4R,)),
    avoid=st.just(()) | st.just(("CL:0000084",)),
    relations=st.just(()) | st.sampled_from((("inhibits", "part_of"), ("causal",), ("raises",))),
    avoid_relations=st.just(()) | st.just(("produces",)),
    tiers=st.just(()) | st.just(("causal", "association")),
    categories=st.just(()) | st.sampled_from((("Gene", "Treatment"), ("Entity",))),
    avoid_categories=st.just(()) | st.just(("Cell",)),
    as_of=st.just("") | st.just("2020"),
    min_support=st.sampled_from((0, 0, 1, 2)),
    min_belief=st.sampled_from((0.0, 0.0, 0.6)),
    coherence=st.booleans(),
    hypotheses=st.booleans(),
)


@cache
def dense(seed: int) -> PathIndex:
    """A graph of ten things with some sixty claims on them, most of them supported, in different contexts."""
    random = Random(seed)
    pairs = [(DRUG, CLASS), (DRUG, IL4R), (CLASS, IL4R), *(tuple(random.sample(CURIES, 2)) for _ in range(60))]
    facts = []
    for number, (subject, object_) in enumerate(pairs):
        words = ("is_a", "part_of") if number == 0 else (*RELATIONS[:8], "part_of", "positively_correlated_with")
        cell, ligand = (random.choice(((), (), some)) for some in (("CL:0000625",), (IL4,)))
        context = Context(cell=cell, ligand=random.choice((ligand, (IFNG,))) if ligand else ())
        for _ in range(random.randint(1, 3)):
            date = random.choice(("2015", "2019", "2023"))
            paper = Publication(f"PMID:{random.randint(1, 10**6)}", date=date, precision="year")
            design = random.choice(("in_vitro", "cohort", "hypothesis"))
            stance: Any = random.choice(("supports", "supports", "supports", "null"))
            statement = Statement(subject, random.choice(words), object_, context)
            facts.append(Assertion(statement, Evidence(stance, paper, paper.key, design, source="corpus")))
    return PathIndex.of_graph(Graph.from_records([*ENTITIES, *facts]))


def compare(seed: int, request: PathRequest) -> int:
    """Hold what is found against a walk over all paths that keeps what the request asks for; return the number of paths."""
    whole = dense(seed)
    index = whole.filtered(EvidenceFilter(as_of=request.as_of))
    expected = walk(index, request)
    try:
        found = find(whole, request)
    except BadInput:
        assert request.pattern  # one end of it does not fit
        assert not expected
        return 0
    steps = [[index.arc(arc) for arc in arcs] for _, _, arcs in expected]
    names = [[(index.curies[s.subject], s.relation, index.curies[s.object]) for s in path] for path in steps]
    assert [[(s.subject.id, s.relation, s.object.id) for s in path.steps] for path in found] == names
    last = 1000 * UNIT
    assert [round(path.score * UNIT) for path in found] == [cost % UNSTATED for cost, _, _ in expected]
    assert all(bool(p.clashes) == (cost >= last) for p, (cost, _, _) in zip(found, expected, strict=True))
    assert all(abs(sum(p.terms.values()) - p.score) < 1e-5 for p in found)
    return len(expected)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 12), requests)
def test_every_request_means_what_it_says(seed: int, request: PathRequest) -> None:
    """Paths, costs and order are those of the definition."""
    if not request.pattern or request.pattern.least_steps <= request.max_steps:
        compare(seed, request)


def test_paths_are_in_the_order_of_their_cost() -> None:
    """On the same graphs with nothing but an end asked for: many paths, in order."""
    assert sum(compare(seed, PathRequest((DRUG,), (AREATA, JAK1), k=1000)) for seed in range(1, 13)) > 100


NAMES = {IL4: "IL4", IL4R: "IL4R", JAK1: "JAK1", IFNG: "IFNG"}


def fact(subject: str, word: str, object_: str, paper: int, **more: Any) -> Assertion:
    """One supporting finding of a paper of its own."""
    publication = Publication(f"PMID:{paper}", date="2018", precision="year")
    evidence = Evidence("supports", publication, f"PMID:{paper}", more.pop("design", "in_vitro"), source="corpus")
    return Assertion(Statement(subject, word, object_, **more), evidence)


@pytest.fixture(scope="module")
def index() -> PathIndex:
    """Dupilumab blocks IL4R, which acts on JAK1, which drives alopecia areata and IFN-gamma under another ligand."""
    return PathIndex.of_graph(
        Graph.from_records(
            [
                *(Entity(curie, name, "Gene", roles=("Kinase",) if name == "JAK1" else ()) for curie, name in NAMES.items()),
                Entity(DRUG, "dupilumab", "Drug"),
                Entity(AREATA, "alopecia areata", "Disease"),
                Entity("CL:0000625", "CD8", "Cell"),
                fact(DRUG, "decreases_activity_of", IL4R, 1),
                fact(DRUG, "decreases_activity_of", IL4R, 2),
                fact(IL4R, "increases_activity_of", JAK1, 3, context=Context(ligand=(IL4,))),
                fact(JAK1, "contributes_to", AREATA, 4, context=Context(ligand=(IFNG,))),
                fact(JAK1, "increases_expression_of", IFNG, 5),
                fact(IFNG, "genetically_associated_with", AREATA, 6, design="gwas"),
                fact(DRUG, "causes", AREATA, 7),
            ]
        )
    )


def test_a_path_says_everything(index: PathIndex) -> None:
    """Names, signs, states, studies, dates, costs by term, contradictions in words, and what an association is."""
    first, second = find(index, PathRequest((DRUG,), (AREATA,)))
    assert [str(p) for p in (first, second)] == [
        "dupilumab -| IL4R -> JAK1 -> IFNG -> alopecia areata", "dupilumab -| IL4R -> JAK1 -> alopecia areata",
    ]  # fmt: skip
    assert [step.state for step in first.steps] == [-1, -1, -1, -1]
    assert (first.steps[0].support, first.steps[0].first_date, first.sign) == (2, "2018-12-31", -1)
    assert first.notes == (
        "last step is an association whose direction is assumed", "under IL4 up to JAK1, under no stated ligand after it",
    )  # fmt: skip
    assert second.clashes == ("at JAK1: ligand is IL4 before and IFNG after",)
    assert second.score < first.score
    assert second.terms["coherence"] == 2.0
    assert "at JAK1: ligand is IL4 before and IFNG after" in "\n".join(second.details())


def test_a_lost_ligand_is_said(index: PathIndex) -> None:
    """JAK1 entered under IL-4 and left under no stated ligand: the first path says so, the contradicting one does not."""
    found = find(index, PathRequest((DRUG,), (IFNG,)))
    assert [path.notes for path in found] == [("under IL4 up to JAK1, under no stated ligand after it",)]
    assert find(index, PathRequest((DRUG,), (IFNG,), coherence=False))[0].notes == ()


def test_results_convert(index: PathIndex) -> None:
    """Rows for a data frame, plain values for JSON, Markdown for a notebook, lines for a terminal."""
    found = find(index, PathRequest((DRUG,), (AREATA,), k=1, through=(JAK1,)))
    rows = found.rows()
    assert [tuple(row) for row in rows] == [COLUMNS] * 4
    assert [row["object_name"] for row in rows] == ["IL4R", "JAK1", "IFNG", "alopecia areata"]
    plain = found.to_dict()
    assert plain["question"]["through"] == [{"id": JAK1, "name": "JAK1", "category": "Gene"}]
    assert plain["partial"] == ""
    assert plain["paths"][0]["steps"][0]["subject"]["name"] == "dupilumab"
    assert repr(found).startswith("<1 path>\n  1.")
    assert "| 1 |" in found._repr_markdown_()


def test_a_drug_straight_to_a_disease_is_no_path_but_to_a_gene_it_is(index: PathIndex) -> None:
    """What a drug causes in patients is clinical evidence; what it does to its target is a step."""
    assert not find(index, PathRequest((DRUG,), (AREATA,), max_steps=1))
    assert [str(p) for p in find(index, PathRequest((DRUG,), (IL4R,), max_steps=1))] == ["dupilumab -| IL4R"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": (DRUG,)}, "'dupilumab' is both source and target"),
        ({"through": (JAK1,), "avoid": (JAK1,)}, "'JAK1' is to be passed and to be avoided"),
        ({"avoid": (AREATA,)}, "'alopecia areata' is a target and to be avoided"),
        ({"avoid": (DRUG,)}, "'dupilumab' is a source and to be avoided"),
        ({"through": (DRUG,)}, "'dupilumab' is a source and to be passed"),
        ({"k": 0}, "k must be at least 1"),
        ({"max_steps": 13}, "max_steps from 1 to 12"),
        ({"target": ("HGNC:99",)}, "the graph has no HGNC:99"),
        ({"target": ()}, "at least one source and one target"),
        ({"pattern": parse_pattern("Gene -> … -> Disease")}, "begins with Gene, and the source 'dupilumab' is a Drug"),
        ({"pattern": parse_pattern("Drug -> … -> Gene")}, "ends with Gene, and the target 'alopecia areata' is a Disease"),
        ({"pattern": parse_pattern("* -> * -> * -> *"), "max_steps": 2}, "needs at least 3 steps"),
        ({"pattern": parse_pattern('* -> HGNC:98 -> *')}, "names HGNC:98, which the graph does not hold"),
        ({"sources": frozenset({"nowhere"})}, "no evidence is of source 'nowhere'; the sources are corpus"),
    ],
)
def test_senseless_requests_are_refused(index: PathIndex, change: dict[str, Any], said: str) -> None:
    """Each gets its own answer."""
    with pytest.raises(BadInput, match=said):
        find(index, replace(PathRequest((DRUG,), (AREATA,)), **change))


@pytest.mark.parametrize("change", [{"relations": ("inhibit of",)}, {"tiers": ("clinicall",)}, {"categories": ("Gen",)}])
def test_unknown_words_list_the_valid_ones(index: PathIndex, change: dict[str, Any]) -> None:
    """A misspelt relation, tier or category fails at once."""
    with pytest.raises(UnknownRelation, match="did you mean one of"):
        find(index, replace(PathRequest((DRUG,), (AREATA,)), **change))


def test_a_stopped_search_is_marked(index: PathIndex) -> None:
    """No time at all: nothing found, and said so."""
    found = find(index, PathRequest((DRUG,), (AREATA,)), timeout=1e-9)
    assert (len(found), found.partial) == (0, "the time limit")
    assert "stopped at the time limit" in repr(found)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source": (AREATA,), "target": (IL4R,)}, "no path leaves a disease"),
        ({"source": ("CL:0000625",)}, "no step leaves CD8"),
        ({"target": ("CL:0000625",)}, "no step leads to CD8"),
        ({"max_steps": 2}, "there is one of at most 4 steps"),
        ({"sign": 1}, "with the opposite sign"),
        ({"avoid": (JAK1,)}, "there is one when nothing is avoided"),
        ({"min_support": 2}, "with any number of studies"),
        ({"as_of": "2001"}, "at any date"),
        ({"pattern": parse_pattern("* -> Disease")}, "without the pattern"),
        ({"source": (IFNG,), "target": (DRUG,)}, "no step leads to dupilumab"),
        ({"source": (IFNG,), "target": (JAK1,)}, "nor is there one of at most 6 steps"),
    ],
)
def test_no_path_says_what_to_loosen(index: PathIndex, change: dict[str, Any], said: str) -> None:
    """Whatever keeps a path from being found is named."""
    request = replace(PathRequest((DRUG,), (AREATA,)), **change)
    assert not find(index, request)
    assert said in advice(index, request)


def test_what_a_class_repeats_is_left_out() -> None:
    """A drug's class doing what the drug does is no second path; what only the class does is."""
    entities = [Entity(DRUG, "dupilumab", "Drug"), Entity(CLASS, "IL-4R antibody", "Treatment")]
    entities += [Entity(curie, name, "Gene") for curie, name in NAMES.items()]
    facts = [
        fact(DRUG, "is_a", CLASS, 1), fact(DRUG, "decreases_activity_of", IL4R, 2), fact(CLASS, "decreases_activity_of", IL4R, 3),
        fact(CLASS, "decreases_activity_of", JAK1, 4),
    ]  # fmt: skip
    index = PathIndex.of_graph(Graph.from_records([*entities, *facts]))
    assert [str(p) for p in find(index, PathRequest((DRUG,), (IL4R,)))] == ["dupilumab -| IL4R"]
    assert [str(p) for p in find(index, PathRequest((DRUG,), (JAK1,)))] == ["dupilumab -> IL-4R antibody -| JAK1"]
    assert set(CURIES) >= {DRUG, CLASS}
