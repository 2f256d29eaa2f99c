"""Statement, RDF, statement, property graph, statement: ten thousand graphs go all the way round (docs/reliability.md, T10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from kg.graph import Graph
from kg.model import Entity
from kg.property_graph import graph_from, links_of, nodes_of
from kg.rdf import from_quads, read_rdf, to_quads, write_rdf
from tests.random_graphs import random_graph
from tests.strategies import graphs

pytestmark = pytest.mark.untraced

BLOCK = 500
BLOCKS = 20


def _listed(graph: Graph) -> Graph:
    """Return the graph with the lists of every entity sorted and without repeats: RDF has no order."""
    def listed(entity: Entity) -> Entity:
        roles, synonyms, xrefs, close = (
            tuple(sorted(set(part))) for part in (entity.roles, entity.synonyms, entity.xrefs, entity.close_matches)
        )
        return replace(entity, roles=roles, synonyms=synonyms, xrefs=xrefs, close_matches=close)

    return replace(graph, entities={curie: listed(entity) for curie, entity in graph.entities.items()})


@pytest.mark.parametrize("block", range(BLOCKS))
def test_nothing_is_lost_on_the_way_round(block: int) -> None:
    """A graph read from its quads, and then from its nodes and relationships, is the graph; no triple stands in two graphs."""
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        graph = random_graph(seed)
        quads = list(to_quads(graph))
        assert len({quad.triple for quad in quads}) == len(quads), seed
        first = from_quads(quads)
        assert first == _listed(graph), seed
        assert graph_from(nodes_of(first), links_of(first)) == first, seed


@given(graphs())
def test_text_and_both_forms_agree(graph: Graph) -> None:
    """The same through N-Quads text, on graphs with any text in any field."""
    back = graph_from(nodes_of(graph), links_of(graph))
    assert back == graph
    assert read_rdf(write_rdf(back, "nquads"), "nquads") == _listed(graph)
