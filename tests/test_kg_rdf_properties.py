"""Round trips over generated graphs: through every RDF format, a store, a second parser, and networkx."""

from __future__ import annotations

import string
from collections import Counter
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.digraph import from_networkx, to_networkx
from kg.graph import Graph
from kg.model import (
    CONTEXT_KEYS,
    Assertion,
    Condition,
    Context,
    Effect,
    Entity,
    Evidence,
    Observation,
    Publication,
    Statement,
)
from kg.rdf import read_rdf, serialize, to_quads, write_rdf
from ontologies.categories import CATEGORIES
from ontologies.designs import designs
from ontologies.prefixes import NS, expand
from ontologies.vocabulary import relation, relations
from tests import strategies

# Beside the graphs that all tests share, these are odd on purpose: every character in every text, all fields at once.
CURIES = ("DRUGBANK:DB12159", "HGNC:6015", "MONDO:0005340", "CL:0000625", "ikg:anagen", "NCBITaxon:9606")
texts = st.text(max_size=12)
words = st.text(min_size=1, max_size=12)
curies = st.sampled_from(CURIES)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
sorted_words = st.lists(words, max_size=3, unique=True).map(lambda found: tuple(sorted(found)))
digits = st.text(string.digits, min_size=1, max_size=8).map(lambda d: d.lstrip("0") or "1")
dates = st.sampled_from(
    [("", "unknown"), ("2018", "year"), ("2018-10", "month"), ("2018-10-10", "day"), ("2026-07-02", "release")]
)
entities = st.builds(
    Entity, curies, words, st.sampled_from(sorted(CATEGORIES)), roles=sorted_words, synonyms=sorted_words,
    xrefs=st.lists(digits.map("UMLS:C{}".format), max_size=2, unique=True).map(lambda x: tuple(sorted(x))),
    valence=st.sampled_from(["", "good", "bad"]), source=texts,
)  # fmt: skip
conditions = st.builds(Condition, words, st.sampled_from(["=", ">=", "<"]), texts, texts, st.sampled_from(["", "", "a", "b"]))
contexts = st.fixed_dictionaries({}, optional={key: st.lists(curies, max_size=2).map(tuple) for key in CONTEXT_KEYS})
statements = st.builds(
    lambda s, r, o, c, limits: Statement(s, r, o, Context(**c), tuple(limits)),
    curies, st.sampled_from(sorted(relations())), curies, contexts, st.lists(conditions, max_size=4),
)  # fmt: skip


@st.composite
def publications(draw: st.DrawFn) -> Publication:
    """Return a publication whose ids and details follow from its key, so that two of one key are one."""
    kind, number = draw(st.sampled_from(["PMID", "DOI", "db"])), draw(st.integers(1, 9))
    title, (date, precision) = f"title {number}\n“{kind}”", [("", "unknown"), ("2018", "year"), ("2018-10-10", "day")][number % 3]
    if kind == "PMID":
        return Publication(f"PMID:{number}", str(number), title=title, date=date, precision=precision)  # type: ignore[arg-type]  # drawn from the literals
    if kind == "DOI":
        return Publication(f"DOI:10.1/({number})<x>#[y] z", doi=f"10.1/({number})<x>#[y] z", journal=title)
    return Publication(
        f"db:DrugMechDB/{number}", database="DrugMechDB", release="b83cc5d", date="2026-07-02", precision="release"
    )


evidence = st.builds(
    Evidence, st.sampled_from(["supports", "refutes", "null"]), publications(), words, st.sampled_from(sorted(designs())),
    finding=texts, parent_study=texts, recounts=st.booleans(), design_detail=texts, n=st.none() | st.integers(0, 10**12),
    effect=st.builds(Effect, texts, numbers, numbers, numbers, texts),
    observation=st.builds(Observation, *[texts] * 9),
    knowledge_level=st.sampled_from(["observation", "prediction", "not_provided"]),
    agent_type=st.sampled_from(["manual_agent", "text_mining_agent"]), confidence=texts, polarity=texts, waiver=texts,
    quote=texts, quote_start=st.none() | st.integers(0, 10**6), section=texts, extractor=texts,
    source=st.sampled_from(["corpus", "drugmechdb", "", "a b/ü"]), record=texts, licence=texts,
)  # fmt: skip
assertions = st.builds(Assertion, statements, evidence)
odd_graphs = st.builds(
    lambda named, found: Graph.from_records([*{e.curie: e for e in named}.values(), *found]),
    st.lists(entities, max_size=4),
    st.lists(assertions, max_size=5),
)


def with_sorted_lists(graph: Graph) -> Graph:
    """Return the graph with the lists of its entities sorted, which is the order that RDF gives them back in."""

    def in_order(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(words)))

    named = {
        curie: replace(
            entity,
            roles=in_order(entity.roles),
            synonyms=in_order(entity.synonyms),
            xrefs=in_order(entity.xrefs),
            close_matches=in_order(entity.close_matches),
        )
        for curie, entity in graph.entities.items()
    }
    return replace(graph, entities=named)


graphs = odd_graphs | strategies.graphs(max_size=6).map(with_sorted_lists)
generously = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
sparingly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@generously
@given(graphs, st.sampled_from(["nquads", "trig", "jsonld"]))
def test_a_graph_comes_back_from_every_format(graph: Graph, form: str) -> None:
    """Statement → RDF → statement loses nothing: entities, contexts, groups of conditions, every field of evidence."""
    assert read_rdf(write_rdf(graph, form), form) == graph


@generously
@given(graphs)
def test_a_graph_comes_back_from_networkx(graph: Graph) -> None:
    """The network view holds the whole graph."""
    assert from_networkx(to_networkx(graph)) == graph


@generously
@given(graphs)
def test_the_form_keeps_its_promises(graph: Graph) -> None:
    """No triple twice or in two graphs, no blank node, evidence alone in named graphs, direct triples as asserted."""
    quads = list(to_quads(graph))
    assert max(Counter(q.triple for q in quads).values(), default=1) == 1
    assert not any(isinstance(term, ox.BlankNode) for q in quads for term in (q.subject, q.object))
    named = {q.subject for q in quads if q.graph_name != ox.DefaultGraph()}
    evidence_nodes = {q.subject for q in quads if q.object == ox.NamedNode(NS.IKG + "Evidence")}
    assert named == evidence_nodes
    wanted = {
        (expand(claim.subject), iri, expand(claim.object))
        for claim, record in graph.claims.items()
        if record.counts.asserted
        for iri in (relation(claim.relation).direct_iri, relation(claim.relation).projection_iri)
        if iri
    }
    properties = {iri for r in relations().values() for iri in (r.direct_iri, r.projection_iri) if iri}
    said = {
        (q.subject.value, q.predicate.value, q.object.value)  # type: ignore[union-attr]  # ends of these are no triples
        for q in quads
        if q.predicate.value in properties
    }
    assert said == wanted


@sparingly
@given(graphs)
def test_it_comes_back_through_a_store(graph: Graph) -> None:
    """Oxigraph may write a number otherwise, but its value and everything else stay."""
    from kg.rdf import from_quads

    store = ox.Store()
    store.extend(to_quads(graph))
    assert from_quads(store) == graph


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@sparingly
@given(graphs, st.sampled_from(["nquads", "trig", "jsonld"]))
def test_a_second_parser_reads_the_same(graph: Graph, form: str) -> None:
    """What rdflib reads in our text is what we wrote."""
    import rdflib

    dataset = rdflib.Dataset()
    dataset.parse(data=write_rdf(graph, form).decode(), format={"jsonld": "json-ld"}.get(form, form))
    assert _lines(dataset) == set(write_rdf(graph, "nquads").split(b"\n")) - {b""}


def _lines(dataset: Any) -> set[bytes]:
    import rdflib

    def iri(value: Any) -> ox.NamedNode:
        return ox.NamedNode(str(value))

    quads = []
    for subject, predicate, value, graph in dataset.quads():
        if isinstance(value, rdflib.Literal):
            object_: Any = ox.Literal(str(value), datatype=iri(value.datatype) if value.datatype else None)
        else:
            object_ = iri(value)
        place = iri(graph) if graph and "default" not in str(graph) else ox.DefaultGraph()
        quads.append(ox.Quad(iri(subject), iri(predicate), object_, place))
    return set(serialize(quads, "nquads").split(b"\n")) - {b""}
