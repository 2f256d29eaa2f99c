"""Paths between any two things, asked for by name: signed, filtered, patterned, the k cheapest, exactly.

`find` is the whole of it; ``immunokg paths`` and `KnowledgeGraph.paths` call it. What may be a step and what it costs is as in an
explanation (docs/explanations.md); what differs is that any target is one goal, and that everything can be asked for: direction,
nodes to pass and to avoid, a pattern (`queries.patterns`), relations, tiers, sources, date, context, least support.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import islice, pairwise
from time import monotonic
from typing import Any

from kg.model import Context
from ontologies.categories import CATEGORIES, is_a
from ontologies.categories import category as find_category
from ontologies.errors import BadInput, UnknownRelation
from ontologies.vocabulary import nearest, relation, relations
from queries.engine import UNIT, FoundPath, OutOfRoom, OutOfTime, PathQuery, find_paths
from queries.explanation.shown import Node
from queries.named_paths import FoundPaths, NamedPath, NamedStep
from queries.path_index import EvidenceFilter, IndexArc, PathIndex
from queries.pattern_automaton import NamedNode, automaton_of
from queries.patterns import Pattern, relations_named
from queries.pausing import without_collection
from queries.state_graph import notes_of
from queries.step_rules import (
    ASSOCIATION,
    DRUG_CATEGORIES,
    DRUG_TO_DRUG,
    HYPOTHESIS,
    OF_DRUG,
    category_number,
    kinds_without,
    relation_names,
)

__all__ = ["PathRequest", "find"]

_STATES = frozenset({"Disease", "PhenotypicFeature", "Case"})
_MANY = 200_000


@dataclass(frozen=True, slots=True)
class PathRequest:
    """Everything that can be asked of a search for paths, by CURIE; the defaults ask for any path.

    `sign` is what happens to the target: +1 up, -1 down, 0 either. `through` must all be passed, `avoid` never. `relations`
    and `avoid_relations` take names of relations, tiers, or words for a sign (`queries.patterns`). `categories` are those that
    inner nodes may have, `avoid_categories` those they may not. `sources` (of evidence), `as_of` and `context` leave evidence
    out, and studies are counted without it; `min_support` (studies) and `min_belief` are for each step. Without `coherence`
    contexts of consecutive steps are not compared; with `hypotheses` steps may rest on suppositions alone.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    sign: int = 0
    k: int = 20
    max_steps: int = 4
    pattern: Pattern | None = None
    through: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    avoid_relations: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    avoid_categories: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    as_of: str = ""
    context: Context = field(default_factory=Context)
    min_support: int = 0
    min_belief: float = 0.0
    coherence: bool = True
    hypotheses: bool = False


def find(
    index: PathIndex,
    request: PathRequest,
    *,
    timeout: float | None = None,
    each: Callable[[NamedPath], None] = lambda _: None,
) -> FoundPaths:
    """Return the k cheapest loopless paths that a request asks for, in the order of their cost.

    Of equal cost, the shorter path comes first. When `timeout` (seconds) passes, or more partial paths would have to be held
    than there is room for, the paths found so far are returned and marked `partial`; they are the best ones, in order. `each`
    is called with every path as it is found, in the time of the search.

    Raises `BadInput` for a request that contradicts itself: a source that is a target, a node to pass that is to be avoided, a
    pattern whose ends do not fit, a bound below one; `UnknownRelation` for a relation, tier or category that does not exist.

    >>> from kg.graph import Graph
    >>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
    >>> names = {"HGNC:6014": "IL4", "HGNC:11368": "STAT6", "HGNC:4172": "GATA3"}
    >>> facts = [Statement("HGNC:6014", "increases_activity_of", "HGNC:11368"),
    ...          Statement("HGNC:11368", "increases_expression_of", "HGNC:4172")]
    >>> evidence = Evidence("supports", Publication("PMID:1"), "PMID:1", "in_vitro")
    >>> index = PathIndex.of_graph(Graph.from_records(
    ...     [*(Entity(curie, name, "Gene") for curie, name in names.items()), *(Assertion(f, evidence) for f in facts)]))
    >>> find(index, PathRequest(("HGNC:6014",), ("HGNC:4172",)))
    <1 path>
      1.   1.81  IL4 -> STAT6 -> GATA3
    """
    deadline = None if timeout is None else monotonic() + timeout - _tidying(timeout)
    _check(index, request)
    chosen = index.filtered(EvidenceFilter(request.as_of, request.sources, request.context))
    query = _query(chosen, request)
    paths: list[NamedPath] = []
    partial = ""
    with without_collection():  # around the handlers: a search that was stopped is let go of before collecting begins again
        try:
            for found in islice(_search(chosen, query, request, deadline), request.k):
                paths.append(_named(chosen, found, coherence=request.coherence))
                each(paths[-1])
        except OutOfTime:
            partial = "the time limit"
        except OutOfRoom:
            partial = "the limit of memory"
    return FoundPaths(tuple(paths), _asked(index, request), partial)


def _tidying(timeout: float) -> float:
    """Return the seconds before the time limit at which a search stops, because letting go of a large one takes time too."""
    return min(0.06, timeout / 5) + timeout / 25


def _search(index: PathIndex, query: PathQuery, request: PathRequest, deadline: float | None) -> Iterator[FoundPath]:
    """Yield the paths in one direction, or in either, cheapest first."""
    wanted = (request.sign,) if request.sign else (1, -1)
    streams = [
        find_paths(index.table, replace(query, goals=dict.fromkeys(query.goals, way)), deadline=deadline) for way in wanted
    ]
    if request.coherence:
        streams = [index.coherence.settle(stream, index.table.classes.__getitem__) for stream in streams]
    return merge(*streams, key=lambda found: (found.cost, len(found.arcs), found.arcs))


def _check(index: PathIndex, request: PathRequest) -> None:
    """Refuse what contradicts itself."""
    named = (*request.source, *request.target, *request.through, *request.avoid)
    missing = [curie for curie in named if index.node(curie) is None]
    if missing:
        raise BadInput(f"the graph has no {missing[0]}")
    if not request.source or not request.target:
        raise BadInput("name at least one source and one target")
    if request.k < 1 or request.max_steps < 1 or request.max_steps > 12:
        raise BadInput(f"k must be at least 1 and max_steps from 1 to 12 (got k={request.k}, max_steps={request.max_steps})")
    for first, second, words in (
        (request.source, request.target, "is both source and target"),
        (request.through, request.avoid, "is to be passed and to be avoided"),
        (request.source, request.avoid, "is a source and to be avoided"),
        (request.target, request.avoid, "is a target and to be avoided"),
        (request.through, request.source, "is a source and to be passed"),
    ):
        both = sorted(set(first) & set(second))
        if both:
            raise BadInput(f"{_name(index, both[0])} {words}; ask for different things")
    pattern = request.pattern
    if pattern and pattern.least_steps > request.max_steps:
        raise BadInput(
            f"the pattern needs at least {pattern.least_steps} steps, and paths of at most {request.max_steps} were asked for"
        )


def _name(index: PathIndex, curie: str) -> str:
    node = index.node(curie)
    return f"{index.names[node]!r}" if node is not None else curie


def _query(index: PathIndex, request: PathRequest) -> PathQuery:
    nodes = {curie: index.node(curie) or 0 for curie in (*request.source, *request.target, *request.through, *request.avoid)}
    sources, targets = request.source, request.target
    if request.pattern:
        sources = _fitting(index, sources, request.pattern, first=True)
        _fitting(index, targets, request.pattern, first=False)  # targets that do not fit still end paths
    away = () if request.hypotheses else (HYPOTHESIS,)
    clinical = all(index.category(nodes[curie]) in _STATES for curie in targets)
    return PathQuery(
        sources={nodes[curie]: 1 for curie in sources},
        goals={nodes[curie]: 1 for curie in targets},
        max_steps=request.max_steps,
        avoid=frozenset(nodes[curie] for curie in request.avoid),
        inner_kinds=kinds_without(ASSOCIATION, *away),
        last_kinds=kinds_without(*away, *((OF_DRUG,) if clinical else ())),
        inner_nodes=_category_flags(request),
        relations=_relations(request),
        arc_mask=_mask(index, request, [nodes[curie] for curie in sources]),
        pair_cost=index.coherence.pair_cost if request.coherence else None,
        automaton=automaton_of(
            request.pattern, [_named_node(index, curie) for curie in request.through], _pattern_nodes(index, request.pattern)
        ),
    )


def _named_node(index: PathIndex, curie: str) -> NamedNode:
    node = index.node(curie) or 0
    return NamedNode(node, curie, index.category(node))


def _pattern_nodes(index: PathIndex, pattern: Pattern | None) -> list[NamedNode]:
    named = sorted({curie for node in pattern.nodes for curie in node.entities}) if pattern else []
    missing = [curie for curie in named if index.node(curie) is None]
    if missing:
        raise BadInput(f"the pattern names {missing[0]}, which the graph does not hold")
    return [_named_node(index, curie) for curie in named]


def _fitting(index: PathIndex, curies: Sequence[str], pattern: Pattern, *, first: bool) -> tuple[str, ...]:
    """Return the ends that fit those of the pattern; raises BadInput when none does."""
    end = pattern.nodes[0] if first else pattern.nodes[-1]
    fitting = tuple(curie for curie in curies if end.admits(curie, index.category(index.node(curie) or 0)))
    if not fitting:
        one = _named_node(index, curies[0])
        place, kind = ("begins", "source") if first else ("ends", "target")
        raise BadInput(
            f"the pattern {place} with {end.text}, and the {kind} {index.names[one.number]!r} is a {one.category or 'thing'}"
        )
    return fitting


def _category_flags(request: PathRequest) -> bytes | None:
    """Return by node kind which nodes may stand inside a path."""
    if not request.categories and not request.avoid_categories:
        return None
    allowed = [find_category(name).name for name in request.categories]
    refused = [find_category(name).name for name in request.avoid_categories]
    flags = bytearray(256)
    flags[0] = not allowed
    for name in CATEGORIES:
        fits = not allowed or any(is_a(name, wanted) for wanted in allowed)
        flags[category_number(name)] = fits and not any(is_a(name, other) for other in refused)
    return bytes(flags)


def _relations(request: PathRequest) -> frozenset[int] | None:
    """Return the numbers of the relations that may be used; None for all."""
    if not request.relations and not request.avoid_relations and not request.tiers:
        return None
    chosen = frozenset(range(len(relation_names())))
    if request.relations:
        chosen &= frozenset().union(*(_numbers(word) for word in request.relations))
    if request.tiers:
        tiers = sorted({word.tier for word in relations().values()})
        for tier in request.tiers:
            if tier not in tiers:
                raise UnknownRelation(tier, tiers, kind="tier")
        chosen &= frozenset(n for n, name in enumerate(relation_names()) if relation(name).tier in request.tiers)
    return chosen.difference(*(_numbers(word) for word in request.avoid_relations))


def _numbers(word: str) -> frozenset[int]:
    found = relations_named(word)
    if found is None:
        raise UnknownRelation(word, nearest(word, relations()))
    return found


def _mask(index: PathIndex, request: PathRequest, sources: Sequence[int]) -> memoryview | None:
    """Return which arcs may be used: those of enough support, without what a drug's class repeats; None for all."""
    repeated = _repeated(index, sources)
    if not repeated and request.min_support <= 1 and not request.min_belief:
        return None
    mask = bytearray(b"\1") * index.table.arcs
    if request.min_support > 1 or request.min_belief:
        mask = _enough(index, request)
    for arc in repeated:
        mask[arc] = 0
    return memoryview(mask)


def _enough(index: PathIndex, request: PathRequest) -> bytearray:
    columns = index.derived
    support, weights, against = columns["support"], columns["support_weight"], columns["against_weight"]
    half, one = 10**9 / 2, 10**9
    if index.table.arcs > _MANY:
        import numpy as np

        weight, other = np.asarray(weights), np.asarray(against)
        belief = (weight + half) / (weight + other + one)
        found: Any = (np.asarray(support) >= request.min_support) & (belief >= request.min_belief)
        return bytearray(found.astype("u1").tobytes())
    return bytearray(
        studies >= request.min_support and (weight + half) / (weight + other + one) >= request.min_belief
        for studies, weight, other in zip(support, weights, against, strict=True)
    )


def _repeated(index: PathIndex, sources: Sequence[int]) -> list[int]:
    """Return the arcs by which a class (or combination, or ingredient) of the sources only does what they do themselves."""
    names, table, usable = relation_names(), index.table, kinds_without()
    members: dict[int, list[int]] = {}
    for source in sources:
        for arc in index.leaving(source):
            drug = index.category(table.heads[arc]) in DRUG_CATEGORIES
            if drug and names[table.relations[arc]] in DRUG_TO_DRUG and usable[table.kinds[arc]]:
                members.setdefault(table.heads[arc], []).append(source)
    return [
        arc
        for group, drugs in members.items()
        for arc in index.leaving(group)
        if all(_does(index, drug, table.heads[arc], table.signs[arc]) for drug in drugs)
    ]


def _does(index: PathIndex, node: int, head: int, sign: int) -> bool:
    usable = kinds_without()
    table = index.table
    return any(
        table.heads[arc] == head and table.signs[arc] == sign and usable[table.kinds[arc]] for arc in index.leaving(node)
    )


def _named(index: PathIndex, found: FoundPath, *, coherence: bool) -> NamedPath:
    """Put names, studies and costs to the arcs of a path."""
    arcs = [index.arc(number) for number in found.arcs]
    classes = [arc.step_class for arc in arcs]
    between = index.coherence.costs(classes) if coherence else [0] * len(arcs)
    clashes = _clashes(index, arcs, classes) if coherence else [""] * len(arcs)
    steps, state = [], 1
    for place, arc in enumerate(arcs):
        state *= arc.sign
        passed = index.table.node_costs[arc.subject] if place else 0
        terms = {**arc.terms, "specificity": passed, "coherence": between[place]}
        steps.append(
            NamedStep(
                _node(index, arc.subject), arc.relation, relation(arc.relation).label, _node(index, arc.object), arc.sign, state,
                arc.support, arc.refute, arc.null, round(arc.belief, 6), arc.first_date, sum(terms.values()) / UNIT,
                {name: value / UNIT for name, value in terms.items()}, clashes[place],
            )
        )  # fmt: skip
    notes = [note for arc in arcs for note in notes_of(arc.kind)]
    if coherence:
        notes += _lost_ligands(index, arcs)
    if any(arc.kind & HYPOTHESIS for arc in arcs):
        notes.append("a step rests on suppositions alone")
    total = {name: round(sum(step.terms[name] for step in steps), 6) for name in steps[0].terms}
    return NamedPath(round(sum(step.cost for step in steps), 6), state, total, tuple(steps), tuple(notes))


def _lost_ligands(index: PathIndex, arcs: Sequence[IndexArc]) -> Iterator[str]:
    """Say where a path leaves a shared signalling node under no stated ligand, for which it stands after coherent ones."""
    for first, second in pairwise(arcs):
        if index.coherence.loses_ligand(first.step_class, second.step_class):
            ligands = " or ".join(sorted(_name_or_curie(index, c) for c in index.classes[first.step_class].values("ligand")))
            yield f"under {ligands} up to {index.names[first.object]}, under no stated ligand after it"


def _clashes(index: PathIndex, arcs: Sequence[IndexArc], classes: Sequence[int]) -> list[str]:
    """Say in words at each step what it contradicts of one before it."""
    words: list[list[str]] = [[] for _ in arcs]
    for key, first, second in index.coherence.contradictions(classes):
        before, after = (
            " or ".join(sorted(_name_or_curie(index, c) for c in index.classes[classes[place]].values(key)))
            for place in (first, second)
        )
        words[second].append(f"at {index.names[arcs[second].subject]}: {key} is {before} before and {after} after")
    return ["; ".join(one) for one in words]


def _name_or_curie(index: PathIndex, curie: str) -> str:
    node = index.node(curie)
    return index.names[node] if node is not None else curie


def _node(index: PathIndex, number: int) -> Node:
    return Node(index.curies[number], index.names[number], index.category(number))


def _asked(index: PathIndex, request: PathRequest) -> dict[str, Any]:
    """Return the request in plain values, without what was left at its default; entities as {id, name, category}."""
    from dataclasses import asdict

    asked: dict[str, Any] = {}
    blank = PathRequest((), ())
    for name, value in asdict(request).items():
        if name in ("source", "target", "through", "avoid"):
            if value:
                asked[name] = [asdict(_node(index, index.node(curie) or 0)) for curie in value]
        elif name == "pattern":
            if request.pattern:
                asked[name] = request.pattern.text
        elif name == "context":
            if not request.context.is_empty:
                asked[name] = {key: list(found) for key, found in value.items() if found}
        elif name in ("k", "max_steps", "sign") or value != getattr(blank, name):
            asked[name] = sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value
    return asked
