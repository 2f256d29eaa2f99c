"""Why there is no path: what may be loosened, found out by asking again with one thing less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

from queries.path_index import PathIndex
from queries.paths import PathRequest, find
from queries.step_rules import CLOSED, kinds_without

__all__ = ["advice"]

_LOOK = 1.0  # seconds that looking for advice may take
_FURTHER = 2  # steps more that are tried


def advice(index: PathIndex, request: PathRequest, *, seconds: float = _LOOK) -> str:
    """Return one sentence on why a request found nothing and what would find something; takes a second at most.

    >>> from kg.graph import Graph
    >>> from kg.model import Entity
    >>> index = PathIndex.of_graph(Graph.from_records([Entity("HGNC:6014", "IL4", "Gene"), Entity("MONDO:1", "x", "Disease")]))
    >>> advice(index, PathRequest(("HGNC:6014",), ("MONDO:1",)))
    'no step leaves IL4'
    """
    deadline = monotonic() + seconds
    ends = _dead_ends(index, request)
    if ends:
        return ends
    looser = []
    for words, one in _loosened(request):
        left = deadline - monotonic()
        if left <= 0:
            break
        if find(index, replace(one, k=1), timeout=left / 2):
            looser.append(words)
    if looser:
        return f"there is one {' or '.join(looser)}"
    tried = [words for words, _ in _loosened(request)]
    return f"nor is there one {', '.join(tried)}"


def _dead_ends(index: PathIndex, request: PathRequest) -> str:
    """Say what no step leaves or enters, whatever else was asked."""
    usable, table = kinds_without(), index.table
    sources = [index.node(curie) or 0 for curie in request.source]
    if not any(usable[table.kinds[arc]] for node in sources for arc in index.leaving(node)):
        name = index.names[sources[0]]
        if all(index.category(node) in CLOSED for node in sources):
            return f"no path leaves a disease or a patient, and {name} is one; ask for paths that lead to it"
        return f"no step leaves {name}" if len(sources) == 1 else "no step leaves any of the sources"
    targets = [index.node(curie) or 0 for curie in request.target]
    entering = (arc for node in targets for arc in table.in_arcs[table.in_offsets[node] : table.in_offsets[node + 1]])
    if not any(usable[table.kinds[arc]] for arc in entering):
        return f"no step leads to {index.names[targets[0]]}" if len(targets) == 1 else "no step leads to any of the targets"
    return ""


def _loosened(request: PathRequest) -> Iterator[tuple[str, PathRequest]]:
    """Yield every request that is looser in one thing, with words for it."""
    if request.max_steps + _FURTHER <= 12:
        yield f"of at most {request.max_steps + _FURTHER} steps", replace(request, max_steps=request.max_steps + _FURTHER)
    if request.sign:
        yield "with the opposite sign", replace(request, sign=-request.sign)
    blank = PathRequest((), ())
    for words, names in (
        ("without the pattern", ("pattern",)),
        ("when nothing must be passed", ("through",)),
        ("when nothing is avoided", ("avoid",)),
        ("over any relation", ("relations", "tiers", "avoid_relations")),
        ("through any category", ("categories", "avoid_categories")),
        ("from any source", ("sources",)),
        ("at any date", ("as_of",)),
        ("in any context", ("context",)),
        ("with any number of studies", ("min_support", "min_belief")),
    ):
        if any(getattr(request, name) != getattr(blank, name) for name in names):
            yield words, replace(request, **{name: getattr(blank, name) for name in names})
    if not request.hypotheses:
        yield "that rests on suppositions", replace(request, hypotheses=True)
