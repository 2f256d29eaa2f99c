"""The path index: all steps of a graph, ready to be searched, in memory or mapped from the view ``paths/`` of a generation.

Opening reads two headers, whatever the size of the graph; names, numbers and evidence are read where a search touches them.
What evidence says can be asked anew without building anything: `PathIndex.filtered` recounts the studies of every step by date,
source or context, and gives exactly the costs of a graph from which the other evidence was taken out.

>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> fact = Statement("HGNC:6014", "increases_activity_of", "HGNC:11368")
>>> paper = Publication("PMID:1", date="2018", precision="year")
>>> graph = Graph.from_records([Entity("HGNC:6014", "IL4", "Gene"), Entity("HGNC:11368", "STAT6", "Gene"),
...                             Assertion(fact, Evidence("supports", paper, "PMID:1", "in_vitro"))])
>>> index = PathIndex.of_graph(graph)
>>> index.node("HGNC:6014"), index.arc(0).relation, index.arc(0).support
(1, 'increases_activity_of', 1)
>>> index.filtered(EvidenceFilter(as_of="2017")).arc(0).usable
False
"""

from __future__ import annotations

import errno
import sys
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from kg.graph import Graph
from kg.tables import conditions_from_json, context_from_json
from ontologies.categories import CATEGORIES
from ontologies.errors import BackendError
from queries.coherence import Broader, Coherence, Setting, StepClass
from queries.engine import ArcTable
from queries.index.columns import Columns
from queries.index.filters import UNDATED, WEIGHT, EvidenceFilter
from queries.index.lazy import BroaderTerms, ClassTable
from queries.scoring import TABLE
from queries.step_rules import INERT, INSIDE, SHARED_PATHWAYS, WITHIN, fixed_units, relation_names

__all__ = ["VIEW", "EvidenceFilter", "IndexArc", "PathIndex", "open_index"]

VIEW = "paths"
"""The name of this view of a generation."""
_FORM = 2
"""The version of the files; an index of another version is built anew."""
_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)
_KEPT = 4
"""So many filtered forms of an index are remembered."""


@dataclass(frozen=True, slots=True)
class IndexArc:
    """One step as the index holds it: a claim with its counted studies and what it costs, in units of the engine.

    `first_date` is the day (ISO) before which nobody can have known it, empty if no evidence is dated; `usable` is False for a
    claim that is no step under the present filter.
    """

    subject: int
    relation: str
    object: int
    sign: int
    kind: int
    step_class: int
    support: int
    refute: int
    null: int
    belief: float
    first_date: str
    terms: Mapping[str, int]

    @property
    def usable(self) -> bool:
        """True for what is a step at present."""
        return not self.kind & INERT


@cache
def _category_names() -> tuple[str, ...]:
    return ("", *CATEGORIES)


class PathIndex:
    """Steps by number with everything about them; make one with `open_index`, `of_graph` or `filtered`."""

    def __init__(self, columns: Columns, table: ArcTable, derived: Mapping[str, memoryview] | None = None) -> None:
        self.columns, self.table = columns, table
        self.derived: Mapping[str, memoryview] = columns if derived is None else derived
        self.curies, self.names, self.studies = (columns.texts(name) for name in ("curie", "name", "study"))
        self.sources: tuple[str, ...] = tuple(columns.meta["sources"])
        self._base: PathIndex = self
        self._filtered: OrderedDict[EvidenceFilter, PathIndex] = OrderedDict()

    def __repr__(self) -> str:
        return f"<PathIndex: {self.table.nodes} nodes, {self.table.arcs} steps>"

    @classmethod
    def of_graph(cls, graph: Graph) -> PathIndex:
        """Return the index of a graph in memory."""
        from queries.index.build import columns_of
        from queries.index.gather import gather_graph

        return cls(*columns_of(gather_graph(graph)))

    def node(self, curie: str) -> int | None:
        """Return the number of an entity, or None when the graph does not hold it."""
        return self.curies.find(curie)

    def category(self, node: int) -> str:
        """Return the category of a node; empty where the graph does not say."""
        return _category_names()[self.table.node_kinds[node]]

    def leaving(self, node: int) -> range:
        """Return the numbers of the arcs that leave a node."""
        return range(self.table.offsets[node], self.table.offsets[node + 1])

    def tail(self, arc: int) -> int:
        """Return the node that an arc leaves."""
        return bisect_right(self.table.offsets, arc) - 1

    def arc(self, arc: int) -> IndexArc:
        """Return everything about one arc."""
        table, columns = self.table, self.derived
        weight, against = columns["support_weight"][arc], columns["against_weight"][arc]
        kind, day = table.kinds[arc], self.columns["first_day"][arc]
        parsimony, tier = fixed_units(kind)
        return IndexArc(
            subject=self.tail(arc),
            relation=relation_names()[table.relations[arc]],
            object=table.heads[arc],
            sign=table.signs[arc],
            kind=kind,
            step_class=table.classes[arc],
            support=columns["support"][arc],
            refute=columns["refute"][arc],
            null=columns["null"][arc],
            belief=(weight / WEIGHT + 0.5) / (weight / WEIGHT + against / WEIGHT + 1.0),
            first_date="" if day == UNDATED else f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}",
            terms={
                "evidence": columns["evidence"][arc],
                "conflict": columns["conflict"][arc],
                "parsimony": parsimony,
                "tier": tier,
            },
        )

    @cached_property
    def classes(self) -> Sequence[StepClass]:
        """The classes of steps by number, read when asked for."""
        return ClassTable(self.derived, self.setting, self.curies)

    def setting(self, number: int) -> Setting:
        """Return one setting: a context with conditions, as some statement has them."""
        context, _, conditions = self.columns.texts("setting")[number].partition("\t")
        return Setting(context_from_json(context), conditions_from_json(conditions))

    @cached_property
    def broader(self) -> Broader:
        """What each entity lies within, worked out when asked for."""
        return BroaderTerms(self.curies, self._within)

    def _within(self, node: int) -> list[int]:
        """Return what a node is said to lie directly within, by claims that some study supports."""
        names, table = relation_names(), self.table
        return [
            table.heads[arc]
            for arc in self.leaving(node)
            if names[table.relations[arc]] in WITHIN and self.derived["support"][arc]
        ]

    @cached_property
    def coherence(self) -> Coherence:
        """The cost of one class of steps following another."""
        return Coherence(self.classes, self.broader)

    def filtered(self, wanted: EvidenceFilter) -> PathIndex:
        """Return the index as if only the evidence that a filter keeps were there; costs O(evidence) the first time.

        Raises `ontologies.errors.BadInput` for a source that the graph does not have.
        """
        from queries.index.build import refiltered

        base = self._base
        if wanted.keeps_all:
            return base
        if wanted not in base._filtered:
            made = refiltered(base, wanted)
            made._base = base
            base._filtered[wanted] = made
            while len(base._filtered) > _KEPT:
                base._filtered.popitem(last=False)
        base._filtered.move_to_end(wanted)
        return base._filtered[wanted]


def open_index(generation: Path) -> PathIndex:
    """Return the path index of a generation of a graph directory, building it first when it is missing, damaged, or made by
    other rules.

    Where the generation cannot be written, the index is made in memory. Raises `BackendError` when the graph's own files are
    damaged or the disk is full.
    """  # noqa: D205  # the first sentence needs two lines
    from kg.generations import build_view, view_dir

    view = view_dir(generation, VIEW)
    made = _opened(view)
    if made is not None:
        return made
    from queries.index.build import columns_of, write_index
    from queries.index.gather import gather_generation

    def fill(folder: Path) -> None:
        write_index(folder, gather_generation(generation), {"rules": _rules()})

    try:
        build_view(generation, VIEW, fill, anew=view.is_dir())
    except BackendError as error:
        if not isinstance(error.__cause__, OSError) or error.__cause__.errno not in _NOT_WRITABLE:
            raise
        return PathIndex(*columns_of(gather_generation(generation)))
    made = _opened(view)
    if made is None:
        raise BackendError(f"the path index in {view} cannot be read after it was built; is another version running?")
    return made


def _opened(view: Path) -> PathIndex | None:
    """Return the index in a folder, or None when it is not there, not whole, or made by other rules."""
    from queries.index.build import COLUMNS_FILE

    try:
        columns, table = Columns.open(view / COLUMNS_FILE), ArcTable.open(view)
    except BackendError:
        return None
    whole = columns.meta.get("rules") == _rules() and table.arcs == len(columns["support"]) == len(columns["row_ends"])
    return PathIndex(columns, table) if whole and table.nodes == len(columns["curie_ends"]) else None


@cache
def _rules() -> str:
    """Return a digest of everything but the graph that an index depends on."""
    from hashlib import sha256

    from ontologies.designs import designs
    from ontologies.extractors import readers
    from ontologies.vocabulary import relations

    parts = (
        _FORM, [(r.name, int(r.sign), r.tier, r.symmetric) for r in relations().values()], list(CATEGORIES),
        [(d.name, d.weight) for d in designs().values()], [(r.name, r.precision) for r in readers().values()],
        [(w.name, w.value) for w in TABLE], sorted(SHARED_PATHWAYS), sorted(INSIDE), sys.byteorder,
    )  # fmt: skip
    return sha256(repr(parts).encode()).hexdigest()
