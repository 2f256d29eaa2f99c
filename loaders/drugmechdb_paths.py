"""DrugMechDB records as curated paths: what a ranking of mechanisms is compared with.

`loaders.drugmechdb` turns records into statements and has to leave out what no relation of ours fits. A yardstick may not
be cut to fit what is measured with it, so this reader keeps every node and every link of a record, in the direction in
which the curators drew it: from the drug to the disease.

* A link's sign is that of the relation that the table gives for its predicate (+1 more, -1 less). It is 0, not known, for
  relations without a direction (``located in``) and for predicates that are read backwards (``caused by``).
* Identifiers are those that the loader uses (preferred spelling, proteins of isoforms, shipped terms); one that is off its
  pattern stays as it is written: it is a node that nobody can find.
* The drug is the record's ``drug_mesh`` or ``drugbank`` if a node of it has that id, else the only node labelled Drug,
  else empty; the disease likewise.

>>> import io, json
>>> record = {"graph": {"_id": "DB12159_MESH_D003876_1", "drug_mesh": "MESH:C582203", "disease_mesh": "MESH:D003876"},
...           "nodes": [{"id": "MESH:C582203", "label": "Drug", "name": "dupilumab"},
...                     {"id": "UniProt:P24394", "label": "Protein", "name": "IL-4R alpha"},
...                     {"id": "MESH:D003876", "label": "Disease", "name": "atopic dermatitis"}],
...           "links": [{"key": "decreases activity of", "source": "MESH:C582203", "target": "UniProt:P24394"},
...                     {"key": "contributes to", "source": "UniProt:P24394", "target": "MESH:D003876"}]}
>>> [path] = read_paths(io.BytesIO(json.dumps(record).encode()), name="one.jsonl")
>>> path.drug, path.disease
('DRUGBANK:DB12159', 'MONDO:0004980')
>>> path.links
(('DRUGBANK:DB12159', 'HGNC:6015', -1), ('HGNC:6015', 'MONDO:0004980', 1))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from loaders.base import LossReport
from loaders.drugmechdb import MAX_LINKS, MAX_NODES, as_curie
from loaders.json_records import JsonFields, read_json_lines
from loaders.streams import read_chunks, read_lines
from ontologies.errors import BadInput, Fault, MalformedCurie, UnknownRelation
from ontologies.vocabulary import by_drugmechdb

__all__ = ["CuratedPath", "read_paths"]


@dataclass(frozen=True, slots=True)
class CuratedPath:
    """One record: its key, the study key of the evidence it gave, its two ends, and its links as (tail, head, sign)."""

    key: str
    study: str
    drug: str
    disease: str
    links: tuple[tuple[str, str, int], ...]
    names: Mapping[str, str]


def read_paths(stream: BinaryIO, *, name: str, report: LossReport | None = None) -> Iterator[CuratedPath]:
    """Yield every record of a DrugMechDB file (JSON lines, plain or gzip) as a curated path, in the order of the file.

    Raises:
        BadInput: the file is not what it should be; lists all faults, up to the hundredth.
    """
    report = LossReport() if report is None else report
    count = 0
    try:
        lines = read_lines(read_chunks(stream, name=name), name=name)
        for record in read_json_lines(lines, name=name, report=report):
            count += 1
            path = _path(JsonFields(record, name, report))
            if path is not None:
                yield path
        if not count and not report.faults:
            report.fault(Fault(name, 1, 1, problem="the file holds no records", fix="fetch it again"))
        report.check()
    except BadInput as error:
        raise report.joined(error) from None


def _path(fields: JsonFields) -> CuratedPath | None:
    key = fields.text("graph", "_id")
    nodes, links = fields.length("nodes", cap=MAX_NODES), fields.length("links", cap=MAX_LINKS)
    if not key or nodes is None or links is None:
        return None
    curies: dict[str, str] = {}
    labels: dict[str, str] = {}
    names: dict[str, str] = {}
    for index in range(nodes):
        identifier, label, name = fields.texts(("nodes", index), ("id", "label", "name"))
        if identifier:
            curies[identifier] = curie = _curie(identifier)
            labels[curie] = label
            names.setdefault(curie, name)
    found: dict[tuple[str, str, int], None] = {}
    for index in range(links):
        predicate, source, target = fields.texts(("links", index), ("key", "source", "target"))
        if source in curies and target in curies and source != target:
            found[curies[source], curies[target], _sign(predicate)] = None
    drugs = [part for name in ("drug_mesh", "drugbank") for part in _ids(fields, name)]
    return CuratedPath(
        key, f"DB:DrugMechDB:{key}", _end(drugs, curies, labels, "Drug"),
        _end(_ids(fields, "disease_mesh"), curies, labels, "Disease"), tuple(found), names,
    )  # fmt: skip


def _curie(identifier: str) -> str:
    try:
        return as_curie(identifier)
    except MalformedCurie:
        return identifier


def _sign(predicate: str) -> int:
    """Return the sign of a predicate along its link; 0 when it says none, is read backwards, or is unknown."""
    try:
        relation, inverted = by_drugmechdb(predicate)
    except UnknownRelation:
        return 0
    return 0 if inverted else relation.sign


def _ids(fields: JsonFields, name: str) -> list[str]:
    return [part.strip() for part in fields.text("graph", name, required=False).split(",") if part.strip()]


def _end(declared: list[str], curies: Mapping[str, str], labels: Mapping[str, str], label: str) -> str:
    for identifier in declared:
        curie = curies.get(identifier, "") or _curie(identifier)
        if curie in labels:
            return curie
    labelled = [curie for curie, its in labels.items() if its == label]
    return labelled[0] if len(labelled) == 1 else ""
