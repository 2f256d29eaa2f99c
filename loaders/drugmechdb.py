"""DrugMechDB: curated paths from a drug through its targets to the disease it is given for, as JSON lines.

One line is one record: ``{"graph": {_id, drug, disease, …}, "nodes": [{id, label, name}], "links": [{key, source,
target}]}`` (the node-link form of networkx). Each link becomes one assertion whose study is the record, so that a record
read twice, or curated by hand elsewhere under the same key, counts once.

* Predicates become relations by the column ``drugmechdb`` of the relation table; inverted ones (``caused by``) are
  turned round, and what is said of things outside a relation's domain is said by the relation that fits them.
* Identifiers get the preferred spelling; those that a shipped term declares as its own or as an exact match become that
  term (``MESH:C582203`` and dupilumab are one node). Those off their pattern are dropped with the links that touch them.
* Names, labels and close identifiers of one thing are gathered over the whole file and its entity is yielded at the
  end: the most frequent name and label win (then the first in alphabetical order), so order never matters.
* The record's own pair of drug and disease carries no predicate, and is not made a statement: a path says how a drug
  works, and only an explicit ``treats`` link says that it treats. Nor does the disease become the context of the steps,
  which the database states without one.

>>> import io, json
>>> record = {"graph": {"_id": "DB12159_MESH_D003876_1", "drug": "dupilumab", "disease": "Atopic dermatitis"},
...           "nodes": [{"id": "MESH:C582203", "label": "Drug", "name": "dupilumab"},
...                     {"id": "UniProt:P24394", "label": "Protein", "name": "Interleukin-4 receptor subunit alpha"}],
...           "links": [{"key": "decreases activity of", "source": "MESH:C582203", "target": "UniProt:P24394"}]}
>>> records = list(load(io.BytesIO(json.dumps(record).encode()), name="one.jsonl"))
>>> records[0].statement.claim
Claim(subject='DRUGBANK:DB12159', relation='decreases_activity_of', object='HGNC:6015')
>>> [str(entity) for entity in records[1:]]
['dupilumab (DRUGBANK:DB12159)', 'IL4R (HGNC:6015)']
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import BinaryIO, NamedTuple

from kg.model import Assertion, Entity, Evidence, Precision, Publication, Record, Statement
from loaders.base import LossReport, SourceInfo
from loaders.json_records import JsonFields, read_json_lines
from loaders.streams import read_chunks, read_lines
from ontologies.errors import BadInput, Fault, MalformedCurie, UnknownRelation
from ontologies.polarity import allowed_polarities
from ontologies.prefixes import normalize
from ontologies.terms import load_terms
from ontologies.vocabulary import Relation, by_drugmechdb, fitting, nearest

__all__ = ["CATEGORIES", "INFO", "MAX_LINKS", "MAX_MALFORMED", "MAX_NODES", "as_curie", "load"]

INFO = SourceInfo(
    name="drugmechdb",
    title="DrugMechDB: curated mechanisms of drugs",
    release="DrugMechDB b83cc5d (2026-07-02)",
    licence="CC0-1.0",
    homepage="https://github.com/SuLab/DrugMechDB-agentic",
    reads="JSON lines, one record (path) a line, plain or gzip",
)
CATEGORIES: Mapping[str, str] = {
    "BiologicalProcess": "BiologicalProcess",
    "Cell": "Cell",
    "CellularComponent": "CellularComponent",
    "ChemicalSubstance": "ChemicalEntity",
    "Disease": "Disease",
    "Drug": "Drug",
    "GeneFamily": "GeneFamily",
    "GrossAnatomicalStructure": "AnatomicalEntity",
    "MacromolecularComplex": "MacromolecularComplex",
    "MolecularActivity": "MolecularActivity",
    "OrganismTaxon": "OrganismTaxon",
    "Pathway": "Pathway",
    "PhenotypicFeature": "PhenotypicFeature",
    "Protein": "Gene",
}
"""The category of each node label; a protein and its gene are one thing here."""
MAX_NODES = 2_000
"""Nodes in one record (the largest published one has a few dozen)."""
MAX_LINKS = 5_000
"""Links in one record."""
MAX_MALFORMED = 1_000
"""Malformed identifiers in one file, unless they are less than half of all."""

_MALFORMED = "malformed identifier"
_RECORD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,150}")
_ISOFORM = re.compile(r"(UniProtKB:[A-Z0-9]{6,10})-\d{1,3}")
_RELEASE_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_USED = {"graph", "nodes", "links", "directed", "multigraph", "_file", "_group"}
_NOT_KEPT = {"references", "comment"}


class _Node(NamedTuple):
    """One thing as one record has it."""

    curie: str
    name: str
    category: str


@dataclass(slots=True)
class _Gathered:
    """What the whole file says of one thing that no shipped term covers."""

    names: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    synonyms: set[str] = field(default_factory=set)
    close: set[str] = field(default_factory=set)


def load(
    stream: BinaryIO, *, name: str, report: LossReport | None = None, release: str = "", limit: int | None = None
) -> Iterator[Record]:
    """Yield the assertions of a DrugMechDB file record by record, then the entities they use.

    Args:
        stream: JSON lines, plain or gzip; read once.
        name: what faults call the file.
        report: gathers losses and decides what is fatal (see `loaders.base`); a fresh one in normal mode when None.
        release: the release of the database, such as ``DrugMechDB b83cc5d (2026-07-02)``; a day in it dates the evidence.
        limit: records to read at most.

    Raises:
        BadInput: the file is not what it should be; lists all faults, up to the hundredth.
    """
    report = LossReport() if report is None else report
    reader = _Reader(name, report, release or INFO.release)
    try:
        lines = read_lines(read_chunks(stream, name=name), name=name)
        for record in read_json_lines(lines, name=name, report=report):
            yield from reader.record(JsonFields(record, name, report))
            if limit is not None and report.read["records"] >= limit:
                break
        if not report.read["records"] and not report.faults:
            report.fault(Fault(name, 1, 1, problem="the file holds no records", fix="fetch it again"))
        report.check()
    except BadInput as error:
        raise report.joined(error) from None
    yield from reader.entities()


def as_curie(identifier: str) -> str:
    """Return the CURIE that the graph uses for an identifier: preferred spelling, proteins of isoforms, shipped terms.

    Raises `MalformedCurie` for an identifier that is off its pattern.

    >>> as_curie("MESH:C582203"), as_curie("UniProt:P24394-2")
    ('DRUGBANK:DB12159', 'HGNC:6015')
    """
    curie = normalize(identifier)
    isoform = _ISOFORM.fullmatch(curie)
    curie = isoform[1] if isoform else curie
    return _exact().get(curie, curie)


@cache
def _exact() -> Mapping[str, str]:
    return {xref: term.curie for term in load_terms().values() for xref in term.xrefs}


class _Reader:
    """Reads records one by one and remembers what entities they used."""

    def __init__(self, file: str, report: LossReport, release: str) -> None:
        self.file = file
        self.report = report
        self.release = release
        self.terms = load_terms()
        self.lines: dict[str, int] = {}
        self.used: set[str] = set()
        self.gathered: dict[str, _Gathered] = {}

    def record(self, fields: JsonFields) -> Iterator[Record]:
        """Yield the assertions of one record."""
        key = fields.text("graph", "_id")
        if not key:
            return
        if not _RECORD_ID.fullmatch(key):
            fields.fault(("graph", "_id"), f"{key[:80]!r} is no record id", "use letters, digits, '_', '.' and '-'")
            return
        if key in self.lines:
            fields.fault(("graph", "_id"), f"record {key!r} stands on line {self.lines[key]} too", "keep one")
            return
        fields.record_id = key
        self.lines[key] = fields.line
        self.report.saw("records")
        for unused in sorted(fields.keys() - _USED):
            self.report.ignore(f"{unused} (not kept)" if unused in _NOT_KEPT else "unknown field (not kept)")
        nodes = self._nodes(fields)
        if nodes is not None:
            yield from self._links(fields, nodes, self._evidence(fields))

    def entities(self) -> Iterator[Entity]:
        """Yield every entity that an assertion used, sorted by CURIE."""
        for curie in sorted(self.used):
            self.report.saw("entities")
            term = self.terms.get(curie)
            if term is not None:
                yield term
                continue
            what = self.gathered[curie]
            name = _most(what.names)
            yield Entity(
                curie, name, _most(what.categories), synonyms=tuple(sorted((what.synonyms | set(what.names)) - {name})),
                close_matches=tuple(sorted(what.close)), source=self.release,
            )

    def _nodes(self, fields: JsonFields) -> dict[str, _Node | None] | None:
        """Return the nodes by the id that the record uses; None stands for one that had to be dropped."""
        count = fields.length("nodes", cap=MAX_NODES)
        if count is None:
            return None
        nodes: dict[str, _Node | None] = {}
        for index in range(count):
            self.report.saw("nodes")
            at = ("nodes", index)
            identifier, label, name = fields.texts(at, ("id", "label", "name"))
            if identifier:
                nodes[identifier] = self._node(fields, at, identifier, label, name) if label and name else None
        return nodes

    def _node(self, fields: JsonFields, at: tuple[str, int], identifier: str, label: str, name: str) -> _Node | None:
        category = CATEGORIES.get(label)
        if category is None:
            fix = f"did you mean {' or '.join(map(repr, nearest(label, CATEGORIES)[:3]))}?"
            fields.fault((*at, "label"), f"unknown label {label[:80]!r}", fix)
            return None
        curie = self._curie(fields, (*at, "id"), identifier)
        if not curie:
            return None
        term = self.terms.get(curie)
        if term is not None:
            return _Node(curie, name, term.category)
        what = self.gathered.setdefault(curie, _Gathered())
        what.names[name] += 1
        what.categories[category] += 1
        what.synonyms.update(fields.text_list(*at, "alt_names"))
        for number, other in enumerate(fields.text_list(*at, "alt_ids")):
            what.close.add(self._curie(fields, (*at, "alt_ids", number), other))
        what.close -= {"", curie}
        return _Node(curie, name, category)

    def _curie(self, fields: JsonFields, at: tuple[str | int, ...], identifier: str) -> str:
        """Return the CURIE that the graph uses, or an empty text after reporting a malformed identifier."""
        try:
            curie = normalize(identifier)
            used = as_curie(identifier)
        except MalformedCurie as error:
            fields.drop(_MALFORMED, at, identifier, error.message)
            if self.report.counts["dropped", _MALFORMED] > max(MAX_MALFORMED, self.report.read["nodes"] // 2):
                problem = f"more than {MAX_MALFORMED} identifiers, and more than half of all, are malformed"
                raise BadInput(problem, [Fault(self.file, fields.line, problem=problem, fix="is this DrugMechDB?")]) from None
            return ""
        isoform = _ISOFORM.fullmatch(curie)
        if isoform:
            fields.change("isoform read as its protein", at, identifier, isoform[1])
        return used

    def _links(
        self, fields: JsonFields, nodes: Mapping[str, _Node | None], evidence: Evidence
    ) -> Iterator[Assertion]:
        told: set[tuple[str, str, str]] = set()
        for index in range(fields.length("links", cap=MAX_LINKS) or 0):
            self.report.saw("links")
            at = ("links", index)
            predicate, source, target = link = fields.texts(at, ("key", "source", "target"))
            if not all(link):
                continue
            found = self._relation(fields, at, predicate)
            missing = [part for part, end in (("source", source), ("target", target)) if end not in nodes]
            for part in missing:
                problem = f"{fields.text(*at, part)[:80]!r} is no node of this record"
                fields.fault((*at, part), problem, "declare it under nodes")
            if found is None or missing:
                continue
            first, last = nodes[source], nodes[target]
            if first is None or last is None:
                fields.drop("link to a dropped node", at, f"{source} {predicate} {target}")
            elif link in told:
                fields.drop("link repeated in its record", at, f"{source} {predicate} {target}")
            else:
                told.add(link)
                words = f"{first.name} {predicate} {last.name}"
                relation, inverted = found
                statement = self._statement(fields, at, words, relation, *((last, first) if inverted else (first, last)))
                if statement is not None:
                    self.report.saw("assertions")
                    polarity = allowed_polarities(statement.relation, "supports")[-1]
                    yield Assertion(statement, replace(evidence, quote=words, section=f"links[{index}]", polarity=polarity))

    def _relation(self, fields: JsonFields, at: tuple[str, int], predicate: str) -> tuple[Relation, bool] | None:
        try:
            return by_drugmechdb(predicate)
        except UnknownRelation as error:
            fix = f"did you mean {' or '.join(map(repr, error.valid[:3]))}?"
            fields.fault((*at, "key"), f"unknown predicate {predicate[:80]!r}", fix)
            return None

    def _statement(
        self, fields: JsonFields, at: tuple[str, int], words: str, relation: Relation, subject: _Node, object_: _Node
    ) -> Statement | None:
        if subject.curie == object_.curie:
            fields.drop("link from a thing to itself", at, words)
            return None
        better = fitting(relation.name, subject.category, object_.category)
        kinds = f"{subject.category} {better.name} {object_.category}"
        if not better.admits(subject.category, object_.category):
            fields.drop("no relation fits subject and object", at, words, kinds)
            return None
        if better is not relation:
            fields.change("said by the relation that fits subject and object", at, words, kinds)
        self.used.update((subject.curie, object_.curie))
        return Statement(subject.curie, better.name, object_.curie)

    def _evidence(self, fields: JsonFields) -> Evidence:
        """Return what all evidence of a record shares."""
        key = fields.record_id
        day = _RELEASE_DAY.search(self.release)
        precision: Precision = "release" if day else "unknown"
        names = [name for name in (fields.text("graph", part, required=False) for part in ("drug", "disease")) if name]
        publication = Publication(
            f"db:DrugMechDB/{key}", title=f"DrugMechDB path {' - '.join(names)}".rstrip(), date=day.group() if day else "",
            precision=precision, database="DrugMechDB", release=self.release,
        )
        return Evidence(
            "supports", publication, f"DB:DrugMechDB:{key}", "database", parent_study="DB:DrugMechDB",
            knowledge_level="knowledge_assertion", source=INFO.name, record=key, licence=INFO.licence,
        )


def _most(counts: Counter[str]) -> str:
    """Return the most frequent text, the first in alphabetical order among equals."""
    return min(counts, key=lambda text: (-counts[text], text))
