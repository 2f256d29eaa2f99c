"""A seeded graph of the shape of Hetionet v1.0: its node kinds, its kinds of edges and their numbers, heavy-tailed degrees.

Hetionet v1.0 has 47,031 nodes of 11 kinds and 2,250,197 edges of 24 kinds (Himmelstein et al. 2017, doi:10.7554/eLife.26726;
https://github.com/hetio/hetionet). Nothing of its content is used: ends are drawn at random, each node with a popularity that
is log-normal over all its edges and again for each kind of edge, so that hubs of many thousand neighbours arise as there.
Every edge can be walked both ways: an arc and its reverse, of the same sign and cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

NODES = {
    "Gene": 20945, "Biological Process": 11381, "Side Effect": 5734, "Molecular Function": 2884, "Pathway": 1822,
    "Compound": 1552, "Cellular Component": 1391, "Symptom": 438, "Anatomy": 402, "Pharmacologic Class": 345, "Disease": 137,
}  # fmt: skip
EDGES = {
    ("Anatomy", "Gene"): (102240, 526407, 97848),
    ("Compound", "Gene"): (11571, 21102, 18756),
    ("Compound", "Side Effect"): (138944,),
    ("Compound", "Disease"): (390, 755),
    ("Compound", "Compound"): (6486,),
    ("Disease", "Gene"): (12623, 7623, 7731),
    ("Disease", "Anatomy"): (3602,),
    ("Disease", "Symptom"): (3357,),
    ("Disease", "Disease"): (543,),
    ("Gene", "Gene"): (61690, 147164, 265672),
    ("Gene", "Biological Process"): (559504,),
    ("Gene", "Cellular Component"): (73566,),
    ("Gene", "Molecular Function"): (97222,),
    ("Gene", "Pathway"): (84372,),
    ("Pharmacologic Class", "Compound"): (1029,),
}
_SPREAD, _SPREAD_OF_KIND = 0.8, 0.7  # sigma of the log-normal popularities
_CLASSES = 500  # different contexts


@dataclass(frozen=True)
class Shape:
    """The arcs, sorted by tail, as numpy columns; `first` gives the first node of each kind."""

    nodes: int
    tails: Any
    heads: Any
    signs: Any
    costs: Any
    relations: Any
    classes: Any
    node_costs: Any
    first: dict[str, tuple[int, int]]

    @property
    def arcs(self) -> int:
        """Number of arcs: twice the number of edges."""
        return len(self.heads)


def generate(seed: int, *, nodes: float = 1.0, edges: float = 1.0) -> Shape:
    """Return the graph with `nodes` times as many nodes and `edges` times as many edges as Hetionet, no edge twice."""
    rng = np.random.default_rng(seed)
    first, total = {}, 0
    for kind, number in NODES.items():
        size = max(round(number * nodes), 1)
        first[kind] = (total, total + size)
        total += size
    _spread_rounding(first, total, round(sum(NODES.values()) * nodes))
    total = max(end for _, end in first.values())
    popularity = np.exp(rng.normal(0.0, _SPREAD, total))
    tails, heads, relations = [], [], []
    relation = 0
    for (kind, other), numbers in EDGES.items():
        wanted = [max(round(number * edges), 1) for number in numbers]
        ends = _edges(rng, popularity, first[kind], first[other], sum(wanted), same=kind == other)
        cuts = np.cumsum([0, *wanted])
        for start, stop in pairwise(cuts.tolist()):
            tails.append(ends[0][start:stop])
            heads.append(ends[1][start:stop])
            relations.append(np.full(stop - start, relation, dtype=np.uint16))
            relation += 1
    one, other_end = np.concatenate(tails), np.concatenate(heads)
    kinds = np.concatenate(relations)
    del tails, heads, relations
    number = len(one)
    belief = rng.beta(6, 2, number)  # most edges well supported, some weakly
    cost = np.rint((0.5 - np.log(np.clip(belief, 0.05, 0.999))) * 1e6).astype(np.uint32)
    sign = np.where(rng.random(number) < 0.65, 1, -1).astype(np.int8)
    context = rng.integers(0, _CLASSES, number, dtype=np.uint32)
    both = np.concatenate([one, other_end])
    order = np.argsort(both, kind="stable")
    back = np.concatenate([other_end, one])
    degree = np.bincount(both, minlength=total)
    return Shape(
        nodes=total,
        tails=both[order],
        heads=back[order],
        signs=np.tile(sign, 2)[order],
        costs=np.tile(cost, 2)[order],
        relations=np.tile(kinds, 2)[order],
        classes=np.tile(context, 2)[order],
        node_costs=np.rint(0.25e6 * np.log(np.maximum(degree, 1))).astype(np.uint32),
        first=first,
    )


def pairs(shape: Shape, number: int, seed: int) -> list[tuple[int, int]]:
    """Return (compound, disease) pairs that no edge joins."""
    rng = np.random.default_rng(seed)
    offsets = np.searchsorted(shape.tails, np.arange(shape.nodes + 1))
    found: list[tuple[int, int]] = []
    while len(found) < number:
        drug, disease = (int(rng.integers(*shape.first[kind])) for kind in ("Compound", "Disease"))
        near = shape.heads[offsets[drug] : offsets[drug + 1]]
        if len(near) and disease not in near and (drug, disease) not in found:
            found.append((drug, disease))
    return found


def _edges(
    rng: Any, popularity: Any, one: tuple[int, int], other: tuple[int, int], wanted: int, *, same: bool
) -> tuple[Any, Any]:
    """Draw `wanted` different pairs between two kinds of nodes, popular ones more often, in random order."""
    weights = [_cumulated(rng, popularity[a:b]) for a, b in (one, other)]
    width = other[1] - other[0]
    keys = np.empty(0, dtype=np.int64)
    while len(keys) < wanted:
        more = int((wanted - len(keys)) * 1.3) + 100
        left, right = (np.searchsorted(w, rng.random(more)) for w in weights)
        if same:
            left, right = np.minimum(left, right), np.maximum(left, right)
            keep = left != right
            left, right = left[keep], right[keep]
        keys = np.unique(np.concatenate([keys, left.astype(np.int64) * width + right]))
    keys = rng.permutation(keys)[:wanted]
    return (keys // width + one[0]).astype(np.uint32), (keys % width + other[0]).astype(np.uint32)


def _cumulated(rng: Any, popularity: Any) -> Any:
    weights = popularity * np.exp(rng.normal(0.0, _SPREAD_OF_KIND, len(popularity)))
    total = np.cumsum(weights)
    total /= total[-1]
    total[-1] = 1.0
    return total


def _spread_rounding(first: dict[str, tuple[int, int]], total: int, wanted: int) -> None:
    """Let the last kind take what rounding lost, so that the number of nodes is the one asked for."""
    kind, (start, end) = list(first.items())[-1]
    first[kind] = (start, max(end + wanted - total, start + 1))
