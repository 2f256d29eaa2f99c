"""The graph itself: statements with their evidence, and the directory that keeps them.

The unit is the *statement with its evidence*, not the edge. A statement says what is claimed, where it holds and for whom;
an evidence says who found it, how, when, and whether it supports. Statements that differ only in context or conditions roll
up to one *claim*, and every yes or no is a claim's:

>>> from kg import Assertion, Evidence, Graph, Publication, Statement
>>> step = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
>>> def finding(stance: str, pmid: str) -> Assertion:
...     return Assertion(step, Evidence(stance, Publication(f"PMID:{pmid}"), f"PMID:{pmid}", "in_vitro"))
>>> graph = Graph.from_records([finding("supports", "1"), finding("refutes", "2"), finding("refutes", "3")])
>>> counts = graph.claims[step.claim].counts
>>> counts.support, counts.refute, counts.verdict, counts.asserted
(1, 2, 'mostly refuted', False)

Where to look: `kg.model` (the values), `kg.identity` (their digests), `kg.belief` (counting studies), `kg.equivalence` (what
is the same), `kg.graph` (a graph in memory), `kg.assembly` (the same at scale), `kg.directory` (on disk), `kg.validate`
(the rules), `kg.rdf` and `kg.digraph` (other forms). Names below that need pyarrow or duckdb are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.belief import Counts
from kg.graph import ClaimRecord, Graph
from kg.model import Assertion, Claim, Condition, Context, Effect, Entity, Evidence, Observation, Publication, Statement

if TYPE_CHECKING:
    from kg.directory import Manifest, Source, build_graph, read_graph, read_manifest
    from kg.validate import Finding

__all__ = [
    "Assertion",
    "Claim",
    "ClaimRecord",
    "Condition",
    "Context",
    "Counts",
    "Effect",
    "Entity",
    "Evidence",
    "Finding",
    "Graph",
    "Manifest",
    "Observation",
    "Publication",
    "Source",
    "Statement",
    "build_graph",
    "read_graph",
    "read_manifest",
]

_LAZY = {
    "Finding": "kg.validate",
    "Manifest": "kg.manifest",
    "Source": "kg.manifest",
    "build_graph": "kg.directory",
    "read_graph": "kg.directory",
    "read_manifest": "kg.directory",
}


def __getattr__(name: str) -> Any:
    """Import the rest when it is asked for."""
    if name not in _LAZY:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
