"""Two engines agree: every question, on two thousand random graphs, on Oxigraph and on rdflib (docs/reliability.md, T11)."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from kg.graph import Graph
from kg.model import Assertion, Evidence, Publication, Record, Statement
from kg.rdf import to_quads
from queries.catalogue import Question, RdflibAsker, StoreAsker, ask, questions
from tests.random_graphs import ENTITIES, random_graph

pytestmark = pytest.mark.untraced

BLOCK = 100
BLOCKS = 20


def drawn_graph(seed: int) -> Graph:
    """Return a random graph; every fourth also has statements that hang together, so that chains come about."""
    graph = random_graph(seed)
    return graph if seed % 4 else Graph.from_records([*graph.records(), *_chained(Random(seed))])


def _chained(rng: Random) -> Iterator[Record]:
    """Yield findings that lead from two drugs over genes, a receptor and a cell to two diseases, mostly in support."""
    (drug, other), (disease, second), (cell,) = (
        rng.sample(ENTITIES[p], n) for p, n in (("drug", 2), ("disease", 2), ("cell", 1))
    )
    cytokine, gene, kinase = (rng.choice(ENTITIES["gene"][place]) for place in (slice(0, 4, 2), slice(5), slice(5, 7)))
    receptor = ENTITIES["complex"][1]
    acts = ("increases_activity_of", "decreases_activity_of", "inhibits_signaling_of", "binds", "decreases_expression_of")
    drives = ("contributes_to", "required_for", "protects_against", "genetically_associated_with", "increased_in")
    yield from (drug, other, disease, second, cell, cytokine, gene, kinase, receptor)
    for subject, names, end in (
        (drug, acts, gene), (other, acts, gene), (drug, acts, cytokine), (other, acts, cytokine), (gene, drives, disease),
        (gene, drives, second), (cytokine, drives, disease), (cytokine, acts, receptor), (gene, ("part_of",), receptor),
        (cytokine, acts[:2], gene), (gene, acts[:2], kinase), (kinase, drives, disease),
        (cytokine, ("recruits", *acts[:2]), cell),
        (cell, drives, disease), (cell, ("produces",), cytokine), (drug, ("treats", "ameliorates_condition"), disease),
        (drug, ("has_adverse_event", "exacerbates_condition"), disease),
        (disease, ("associated_with", "increases_risk_of"), second),
        (second, ("severity_form_of", "is_a"), disease),
    ):  # fmt: skip
        if rng.random() < 0.8:
            paper = Publication(f"PMID:{rng.randint(100, 103)}")
            evidence = Evidence(rng.choice(("supports",) * 5 + ("null",)), paper, paper.key, rng.choice(("in_vivo", "cohort")))
            yield Assertion(Statement(subject.curie, rng.choice(names), end.curie), evidence)


def drawn_parameters(question: Question, graph: Graph, seed: int) -> dict[str, Any]:
    """Return the examples of a question, or some of them where they may be left out, and ids that the graph has."""
    rng = Random(f"{question.name} {seed}")
    given: dict[str, Any] = {
        name: value
        for name, value in question.examples(all_given=True).items()
        if name in question.examples() or rng.random() < 0.4
    }
    kinds = {parameter.name: parameter for parameter in question.parameters}
    for name, example in given.items():
        if kinds[name].type == "statement" and graph.statements:
            given[name] = rng.choice(sorted(graph.statements))
        elif kinds[name].type == "publication" and (papers := _papers(graph)):
            given[name] = rng.choice(papers)
        elif kinds[name].type == "entity" and (fitting := _fitting(graph, kinds[name].categories)):
            given[name] = rng.choice(fitting) if rng.random() < 0.7 else example
    if "least" in kinds:
        given["least"] = rng.randint(1, 6)
    return given


def _papers(graph: Graph) -> list[str]:
    return sorted({e.publication.key for found in graph.evidence.values() for e in found})


def _fitting(graph: Graph, categories: tuple[str, ...]) -> list[str]:
    ends = {end for s in graph.statements.values() for end in (s.subject, s.object)}
    return sorted(c for c in ends if not categories or (c in graph.entities and graph.entities[c].category in categories))


def _one_graph(store: ox.Store) -> rdflib.Graph:
    """Return all triples as one rdflib graph: no triple stands in two, and a dataset of several takes half as long again."""
    found = rdflib.Graph()
    terms: dict[Any, rdflib.term.Node] = {}
    for quad in store:
        triple = [terms.get(part) or terms.setdefault(part, _rdflib_term(part)) for part in quad.triple]
        found.add((triple[0], triple[1], triple[2]))
    return found


def _rdflib_term(value: Any) -> rdflib.term.Node:
    if isinstance(value, ox.NamedNode):
        return rdflib.URIRef(value.value)
    kind = value.datatype.value
    return rdflib.Literal(value.value, datatype=None if kind.endswith("#string") else rdflib.URIRef(kind), normalize=False)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_both_engines_give_the_same_rows(block: int) -> None:
    """Every question of a hundred graphs has the same rows, in the same order, on both engines."""
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        graph = drawn_graph(seed)
        store = ox.Store()
        store.extend(to_quads(graph))
        here, there = StoreAsker(store), RdflibAsker(_one_graph(store))
        for question in questions().values():
            given = drawn_parameters(question, graph, seed)
            assert ask(question, here, given).rows == ask(question, there, given).rows, (seed, question.name, given)


def test_the_comparison_is_about_something() -> None:
    """On the first graphs every question has an answer more than once."""
    answered = dict.fromkeys(questions(), 0)
    for seed in range(300):
        graph = drawn_graph(seed)
        store = ox.Store()
        store.extend(to_quads(graph))
        asker = StoreAsker(store)
        for question in questions().values():
            answered[question.name] += bool(ask(question, asker, drawn_parameters(question, graph, seed)).rows)
    assert [name for name, number in answered.items() if number < 2] == []
