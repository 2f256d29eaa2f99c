"""Parts of a graph, with their evidence: around entities, of an explanation, or named by the rows of a query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ontologies.errors import BadInput

if TYPE_CHECKING:
    from immunokg.knowledge_graph import KnowledgeGraph
    from queries.explanation.answer import Explanation

__all__ = ["part_of"]


def part_of(
    graph: KnowledgeGraph,
    *,
    around: str | Iterable[str] | None = None,
    paths: Explanation | None = None,
    query: str | None = None,
    hops: int = 1,
    tiers: Sequence[str] = (),
) -> KnowledgeGraph:
    """Return the part that exactly one of `around`, `paths` and `query` names; raises `BadInput` otherwise.

    >>> from immunokg import open_graph
    >>> "HGNC:6015" in part_of(open_graph(), around="IL4R").entities
    True
    """
    from immunokg.knowledge_graph import KnowledgeGraph
    from queries import subgraph
    from queries.sparql_engine.terms import Truth

    if sum(given is not None for given in (around, paths, query)) != 1:
        raise BadInput("give exactly one of around=, paths= and query=")
    if paths is not None:
        return KnowledgeGraph(subgraph.of_explanation(graph.graph, paths))
    if query is not None:
        answer = graph.sparql(query)
        if isinstance(answer, Truth):
            raise BadInput("an ASK query names nothing; SELECT entities or statements")
        return KnowledgeGraph(subgraph.of_rows(graph.graph, answer))
    assert around is not None
    names = [around] if isinstance(around, str) else around
    centres = [graph.resolve(name) for name in names]
    return KnowledgeGraph(subgraph.around(graph.graph, centres, hops=hops, tiers=tiers))
