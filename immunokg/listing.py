"""The statements of a graph in words: the table of ``immunokg subgraph``."""

from __future__ import annotations

from typing import Any

from kg.graph import Graph

__all__ = ["statement_rows"]


def statement_rows(graph: Graph) -> list[tuple[Any, ...]]:
    """Return the statements in words, one row each, with the studies counted for and against.

    >>> statement_rows(Graph({}, {}, {}))
    []
    """
    rows = []
    for sid, s in graph.statements.items():
        counts, verdict = graph.counts(sid), graph.claims[s.claim].counts.verdict
        context = "; ".join(f"{key}: {graph.name(curie)}" for key, curie in s.context.items())
        conditions = "; ".join(str(condition) for condition in s.conditions)
        rows.append(
            (graph.name(s.subject), s.relation, graph.name(s.object), counts.support, counts.refute, counts.null,
             verdict, context, conditions, sid)
        )  # fmt: skip
    return sorted(rows)
