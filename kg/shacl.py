"""Validation of a graph's RDF against ``ontologies/shapes.ttl``, with every violation located.

>>> from kg.model import Assertion, Entity, Evidence, Publication, Statement
>>> drug, gene = Entity("DRUGBANK:DB12159", "dupilumab", "Drug"), Entity("HGNC:6015", "IL4R", "Gene")
>>> step = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015")
>>> paper = Publication("PMID:1")
>>> graph = Graph.from_records([drug, gene, Assertion(step, Evidence("supports", paper, "PMID:1", "in_vitro", record="M1"))])
>>> [(v.shape, v.record, v.message) for v in check_shapes(graph)]
[('ikg:PublicationShape', 'M1', 'a publication has a PMID, DOI, PMCID or NCT number, or is a database record ...')]

The built-in corpus (60,768 triples) takes 0.5 s and as much to make the triples; pyshacl takes 11 s and 4 s to load them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.graph import Graph
from ontologies.prefixes import NS

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.shacl_shapes import Data, Shape

__all__ = ["Violation", "check_quads", "check_shapes"]

_ABOUT = ("supports", "refutes", "found_no_effect")
_REFERRING = ("publication", "study", "parent_study", "condition", "any_of", "context", "has_statement")


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault that a shape found.

    `statement` is the id of the statement it touches and `record` the record it came from, both empty when there is none;
    `focus` is the IRI of the faulty node, `path` the property, `value` the value that offends (empty for a missing one).

    >>> print(Violation("ikg:EvidenceShape", "urn:e", "ikg:phase", "of", "in", "a phase", record="M7"))
    M7: ikg:phase 'of': a phase (ikg:EvidenceShape, sh:in)
    """

    shape: str
    focus: str
    path: str
    value: str
    component: str
    message: str
    statement: str = ""
    record: str = ""

    def __str__(self) -> str:
        place = self.record or self.statement or self.focus
        said = " ".join(part for part in (self.path, f"{self.value!r}" if self.value else "") if part)
        return f"{place}: {said}{': ' if said else ''}{self.message} ({self.shape}, sh:{self.component})"


def check_shapes(graph: Graph) -> Iterator[Violation]:
    """Yield every violation of our shapes in the RDF of a graph, shape by shape; none means that it conforms."""
    from kg.rdf import to_quads

    return check_quads(to_quads(graph))


def check_quads(quads: Iterable[ox.Quad], *, shapes: str | None = None) -> Iterator[Violation]:
    """Yield every violation in quads, all graphs merged; `shapes` is Turtle text, ours by default.

    Raises `BadInput` for shapes with constraints that are not covered (see `kg.shacl_shapes`).
    """
    from kg.shacl_shapes import Data, read_shapes

    compiled = _our_shapes() if shapes is None else read_shapes(shapes)
    data = Data(quads)
    for shape in compiled:
        for focus in shape.targets(data):
            for found in shape.check(data, focus):
                statement, record = _place(data, focus)
                yield Violation(
                    shape.name, found.focus, found.path, found.value, found.component, found.message, statement, record
                )


@cache
def _our_shapes() -> tuple[Shape, ...]:
    from importlib.resources import files

    from kg.shacl_shapes import read_shapes

    return read_shapes((files("ontologies") / "shapes.ttl").read_text(encoding="utf-8"))


def _place(data: Data, focus: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> tuple[str, str]:
    """Return the id of a statement that a node belongs to and the record behind it, by the shortest way."""
    nodes = [focus]
    for _ in range(3):
        for node in nodes:
            for stance in _ABOUT:
                for statement in data.objects(node, NS.IKG + stance):
                    return _id(statement), _record(data, node)
            if _id(node):
                return _id(node), _record(data, *(e for s in _ABOUT for e in data.subjects(NS.IKG + s).get(node, [])))
            for statement in data.objects(node, NS.IKG + "has_statement"):
                return _place(data, statement)
        ends = [NS.RDF + "subject", NS.RDF + "object", *(NS.IKG + name for name in _REFERRING)]
        nodes = [s for node in nodes for end in ends for s in data.subjects(end).get(node, [])][:100]
    return "", ""


def _id(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    value = getattr(node, "value", "")
    return value[len(NS.STATEMENT) :] if value.startswith(NS.STATEMENT) else ""


def _record(data: Data, *evidence: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    records = {getattr(r, "value", "") for node in evidence for r in data.objects(node, NS.IKG + "record")}
    return ", ".join(sorted(records))
