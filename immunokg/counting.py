"""What a graph holds, counted by kind: the content of ``immunokg stats``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from kg.graph import Graph
from ontologies.vocabulary import relation

__all__ = ["count_graph"]


def count_graph(graph: Graph) -> dict[str, Any]:
    """Return totals, and entities by category, statements by relation and tier, claims by verdict, evidence by kind.

    >>> count_graph(Graph({}, {}, {}))["totals"]["statements"]
    0
    """
    evidence = [e for found in graph.evidence.values() for e in found]
    papers = {e.publication.key: e.publication for e in evidence}
    statements = graph.statements.values()
    conflicts = {frozenset((c, other)) for c, record in graph.claims.items() for other in record.conflicts}
    return {
        "totals": {
            "entities": len(graph.entities),
            "statements": len(graph.statements),
            "claims": len(graph.claims),
            "evidence": len(evidence),
            "studies": len({e.root_study for e in evidence}),
            "publications": len(papers),
            "conflicting claims": len(conflicts),
            "statements with context": sum(not s.context.is_empty for s in statements),
            "statements with conditions": sum(bool(s.conditions) for s in statements),
        },
        "entities_by_category": _table(e.category for e in graph.entities.values()),
        "statements_by_tier": _table(relation(s.relation).tier for s in statements),
        "statements_by_relation": _table(s.relation for s in statements),
        "claims_by_verdict": _table(record.counts.verdict for record in graph.claims.values()),
        "evidence_by_stance": _table(e.stance for e in evidence),
        "evidence_by_design": _table(e.design for e in evidence),
        "evidence_by_source": _table(e.source or "not stated" for e in evidence),
        "publications_by_precision_of_date": _table(p.precision for p in papers.values()),
    }


def _table(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))
