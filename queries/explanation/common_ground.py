"""What both sides share and where they part: the fork, the states that mechanisms of both pass, and that in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from math import fsum

from kg.graph import Graph
from ontologies.vocabulary import relation
from queries.explanation.answer import Fork, Node, Path, SharedState
from queries.explanation.conditions import condition_groups
from queries.explanation.dag import State, firm_paths, path_shares, states_of

__all__ = ["condition_groups", "fork", "parting", "shared_states"]

_ARROW = {1: "↑", -1: "↓"}
_DIGITS = 6


def fork(benefit: Sequence[Path], harm: Sequence[Path]) -> Fork | None:
    """Return the deepest state that every path of both sides passes, or None when a side has no path that rests on evidence.

    A state is a node with its direction; the source going up is passed by all, so there is always a fork at depth 0 at least.
    Depth counts steps from the source on the best benefit path.
    """
    sides = [[path for _, path in firm_paths(paths)] for paths in (benefit, harm)]
    if not all(sides):
        return None
    shared = set.intersection(*(set(states_of(path)) for path in chain(*sides)))
    first = sides[0][0]
    depth, (node, state) = max(
        (place, (node, state)) for place, (node, state) in enumerate(_nodes_of(first)) if (node.id, state) in shared
    )
    return Fork(node, state, depth)


def shared_states(benefit: Sequence[Path], harm: Sequence[Path], *, graph: Graph | None = None) -> tuple[SharedState, ...]:
    """Return every state that some path of both sides passes, the nearest to the drug first, then by how much passes it.

    The shares are of the path mass of the firm paths of each side (`queries.explanation.dag.path_shares`); `depth` is the
    least number of steps from the drug on any of them. States of one depth are ordered by the chance that a mechanism of
    benefit and one of harm, each drawn by its mass, both pass. States with both shares 1 are the prefix that all mechanisms
    have in common; the last of them is the fork.

    With the graph, what is one action of the drug by structure is also read as one: where the drug acts on a receptor, and
    other mechanisms name the ligands of that receptor instead ("dupilumab blocks IL4R", "dupilumab inhibits signaling of IL4"),
    a state with these as its `members` stands before them, and a path counts once whichever it names.
    """
    sides = [[path for _, path in firm_paths(paths)] for paths in (benefit, harm)]
    if not all(sides):
        return ()
    passed = [[(set(states_of(path)), share) for path, share in zip(s, path_shares(s), strict=True)] for s in sides]
    nodes: dict[State, Node] = {}
    depths: dict[State, int] = {}
    for path in chain(*sides):
        for place, (node, state) in enumerate(_nodes_of(path)):
            key = (node.id, state)
            nodes.setdefault(key, node)
            depths[key] = min(place, depths.get(key, place))

    def through(wanted: set[State]) -> tuple[float, float]:
        first, second = (fsum(share for states, share in paths if states & wanted) for paths in passed)
        return round(first, _DIGITS), round(second, _DIGITS)

    both = set.intersection(*(set().union(*(states for states, _ in paths)) for paths in passed))
    found = [SharedState(nodes[key], key[1], depths[key], *through({key})) for key in both]
    if graph is not None:
        for receptor, states in _one_action(graph, sides[0][0].steps[0].subject.id, set(nodes)):
            shares = through(states)
            if all(shares):
                named = sorted(states, key=lambda s: (s[0] != receptor, -sum(through({s})), s))
                shown = Node(receptor, graph.name(receptor), graph.entities[receptor].category)
                members = tuple(nodes[state] for state in named)
                found.append(SharedState(shown, named[0][1], min(depths[s] for s in states), *shares, members))
    return tuple(sorted(found, key=_nearest))


def parting(fork: Fork | None, shared: Sequence[SharedState]) -> str:
    """Say in one or two sentences where the sides part; empty when one of them has no mechanism.

    >>> drug, il4 = Node("DRUGBANK:DB12159", "dupilumab", "Drug"), Node("HGNC:6014", "IL4", "Gene")
    >>> print(parting(Fork(drug, 1, 0), [SharedState(drug, 1, 0, 1.0, 1.0), SharedState(il4, -1, 1, 0.784, 1.0)]))
    All mechanisms of harm and 78 % of benefit's path mass run through IL4 ↓ and part behind it.
    """
    if fork is None:
        return ""
    if fork.depth:
        return f"All mechanisms of both sides run through {fork.node.name} {_ARROW[fork.state]} and part behind it."
    deeper = sorted((s for s in shared if s.depth), key=lambda s: (-s.benefit_share * s.harm_share, not s.members))
    if not deeper:
        return f"The sides part at {fork.node.name} itself: no later state is on mechanisms of both."
    first, *others = deeper
    words = [f"{_carried(first)} run through {_named(first)} and part behind it."]
    alone = next((s for s in others if not s.members), None)
    if first.members and alone is not None:
        words.append(f"Taken by itself, {_named(alone)} carries {_carried(alone).replace('All', 'all')}.")
    return " ".join(words)


def _carried(state: SharedState) -> str:
    """Say how much of each side runs through a state: "All mechanisms of harm and 78 % of benefit's path mass"."""
    shares = sorted((("benefit", state.benefit_share), ("harm", state.harm_share)), key=lambda pair: -pair[1])
    if shares[1][1] == 1:
        return "All mechanisms of both sides"
    words = [
        f"{'All' if not place else 'all'} mechanisms of {side}" if share == 1 else f"{_percent(share)} of {side}'s path mass"
        for place, (side, share) in enumerate(shares)
    ]
    return " and ".join(words)


def _named(state: SharedState) -> str:
    name = f"{state.node.name} {_ARROW[state.state]}"
    others = [node.name for node in state.members if node.id != state.node.id]
    return f"{name} (read as one with {_listed(others)}, which act through it)" if others else name


def _percent(share: float) -> str:
    return "under 1 %" if share < 0.005 else f"{100 * share:.0f} %"


def _nodes_of(path: Path) -> list[tuple[Node, int]]:
    return [(path.steps[0].subject, 1), *((step.object, step.state) for step in path.steps)]


def _nearest(shared: SharedState) -> tuple[int, bool, float, str, int]:
    return (shared.depth, not shared.members, -shared.benefit_share * shared.harm_share, shared.node.id, shared.state)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _one_action(graph: Graph, drug: str, states: Iterable[State]) -> list[tuple[str, set[State]]]:
    """Return each receptor that the drug acts on with the states that name this same action, if at least two do.

    Taken together are the receptor (a chain), the complexes it is part of, and the cytokines that raise the activity of one of
    these, as far as the drug acts on each of them itself and in the same direction. Parts of one complex that the drug
    hits apart (two kinases) stay apart.
    """
    raised: dict[str, set[str]] = {}
    acts: dict[str, set[int]] = {}
    wholes: dict[str, set[str]] = {}
    for claim, record in graph.claims.items():
        word = relation(claim.relation)
        if not record.counts.support or word.tier not in ("causal", "structural"):
            continue
        if claim.relation == "part_of":
            wholes.setdefault(claim.subject, set()).add(claim.object)
        elif word.tier == "causal" and claim.subject == drug and word.sign:
            acts.setdefault(claim.object, set()).add(word.sign)
        elif word.tier == "causal" and word.sign > 0 and "Cytokine" in _roles(graph, claim.subject):
            raised.setdefault(claim.object, set()).add(claim.subject)
    found = []
    for receptor in sorted(acts):
        if "Receptor" not in _roles(graph, receptor):
            continue
        units = {receptor, *wholes.get(receptor, ())}
        same = units.union(*(raised.get(unit, ()) for unit in units)) & set(acts)
        for sign in acts[receptor]:
            named = {state for state in states if state[1] == sign and state[0] in same and sign in acts[state[0]]}
            if len(named) > 1:
                found.append((receptor, named))
    return found


def _roles(graph: Graph, curie: str) -> tuple[str, ...]:
    entity = graph.entities.get(curie)
    return tuple(entity.roles) if entity else ()
