"""Paths asked for by name: names and words become a request, the index of the graph is opened, and nothing else is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ontologies.errors import BadInput

if TYPE_CHECKING:
    from immunokg.knowledge_graph import KnowledgeGraph
    from queries.path_index import PathIndex
    from queries.paths import PathRequest

__all__ = ["index_of", "path_request"]

SIGNS = {"up": 1, "down": -1, "any": 0}


def index_of(graph: KnowledgeGraph) -> PathIndex:
    """Return the path index of a graph: mapped from its directory, or made in memory and kept."""
    found: PathIndex | None = graph.__dict__.get("_path_index")
    if found is None:
        from queries.path_index import PathIndex, open_index

        found = open_index(graph._generation) if graph.path is not None else PathIndex.of_graph(graph.graph)
        graph.__dict__["_path_index"] = found
    return found


def path_request(
    graph: KnowledgeGraph,
    source: str | Sequence[str],
    target: str | Sequence[str],
    *,
    sign: int | str = 0,
    k: int = 20,
    max_steps: int = 4,
    pattern: str | None = None,
    through: str | Sequence[str] = (),
    avoid: str | Sequence[str] = (),
    relations: str | Sequence[str] = (),
    avoid_relations: str | Sequence[str] = (),
    tiers: str | Sequence[str] = (),
    categories: str | Sequence[str] = (),
    avoid_categories: str | Sequence[str] = (),
    sources: str | Collection[str] = (),
    as_of: str | None = None,
    context: Mapping[str, str | Sequence[str]] | None = None,
    min_support: int = 0,
    min_belief: float = 0.0,
    coherence: bool = True,
    hypotheses: bool = False,
) -> PathRequest:
    """Return a request with every name resolved.

    `sign` is +1, -1, 0 or ``up``, ``down``, ``any``. Everything that is a sequence may be given as one text. Raises
    `UnknownName` and `AmbiguousName` for names, `BadInput` for a pattern that cannot be read or a sign that is none.
    """
    from immunokg.asking import read_context
    from queries.asked import Asked
    from queries.paths import PathRequest
    from queries.patterns import parse_pattern

    index = index_of(graph)

    def resolve(name: str) -> str:
        text = name.strip()
        return text if ":" in text and index.node(text) is not None else graph.resolve(name)

    direction = SIGNS.get(sign, sign) if isinstance(sign, str) else sign
    if direction not in (1, -1, 0):
        raise BadInput(f"sign {sign!r} is none; use up, down or any")
    return PathRequest(
        source=tuple(dict.fromkeys(resolve(name) for name in _several(source))),
        target=tuple(dict.fromkeys(resolve(name) for name in _several(target))),
        sign=int(direction),
        k=k,
        max_steps=max_steps,
        pattern=parse_pattern(pattern, resolve) if pattern else None,
        through=tuple(dict.fromkeys(resolve(name) for name in _several(through))),
        avoid=tuple(dict.fromkeys(resolve(name) for name in _several(avoid))),
        relations=_several(relations),
        avoid_relations=_several(avoid_relations),
        tiers=_several(tiers),
        categories=_several(categories),
        avoid_categories=_several(avoid_categories),
        sources=frozenset(_several(sources)),
        as_of=as_of or "",
        context=read_context(graph, context or {}) or Asked(),
        min_support=min_support,
        min_belief=min_belief,
        coherence=coherence,
        hypotheses=hypotheses,
    )


def _several(given: str | Collection[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
