"""The curated corpus: statements read in papers, trials and databases, one YAML file a topic, with two tables beside them.

`load_corpus` reads what ships with ImmunoKG, or any folder or file of the same form. Every record is checked against the
vocabulary, the terms and the tables before anything is yielded, and the faults of all files come in one error, each with
file, line, field, what is wrong and the fix.

>>> records = list(load_corpus())
>>> facts = {r.evidence.record: r for r in records if isinstance(r, Assertion)}
>>> facts["P009"].evidence.observation.phase, facts["P009"].evidence.study
('off', 'INDEX-CASE-2018')
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO

from kg.model import Assertion, Entity, Publication, Record
from loaders.base import LossReport, SourceInfo
from loaders.corpus_records import CorpusWords, read_statement
from loaders.corpus_tables import Study, read_publications, read_studies
from loaders.structure import load_structure_records
from loaders.yaml_fields import YamlFields
from loaders.yaml_records import read_yaml
from ontologies.errors import BadInput, Fault
from ontologies.terms import load_terms, read_terms

__all__ = ["INFO", "load", "load_corpus"]

INFO = SourceInfo(
    name="corpus",
    title="ImmunoKG curated corpus",
    release="1",
    licence="Apache-2.0",
    homepage="https://w3id.org/immunokg/",
    reads="a YAML file of statements, or a folder of them with publications.tsv, studies.tsv and terms/",
)
_FILE_FIELDS = ("topic", "description", "statements")


@dataclass(slots=True)
class _Corpus:
    """What all files of one corpus share while they are read."""

    report: LossReport
    source: str
    licence: str
    terms: dict[str, Entity]
    publications: dict[str, Publication] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def read_tables(self, folder: Traversable) -> None:
        """Add the tables of a folder, where it has them, to those known already."""
        publications, studies = folder / "publications.tsv", folder / "studies.tsv"
        if publications.is_file():
            with publications.open("rb") as stream:
                self.publications |= read_publications(stream, name=publications.name, report=self.report)
        if studies.is_file():
            with studies.open("rb") as stream:
                self.studies |= read_studies(
                    stream, name=studies.name, publications=self.publications, report=self.report, known=self.studies
                )

    def words(self) -> CorpusWords:
        """Return everything that a record may name."""
        return CorpusWords(self.terms, self.publications, self.studies, self.source, self.licence)

    def read_file(self, stream: IO[bytes], name: str, words: CorpusWords, limit: int | None) -> Iterator[Assertion]:
        """Yield the assertions of one file; faults go to the report."""
        document = read_yaml(stream, name=name, report=self.report)
        if document is None:
            return
        fields = YamlFields(document, name, self.report)
        fields.check_keys(_FILE_FIELDS)
        fields.text("topic")
        fields.text("description", required=False)
        if not fields.has("statements"):
            fields.fault("statements", "is missing", "add 'statements:' with one '- id: …' for each")
        for record in fields.maps("statements"):
            if limit is not None and self.report.read["records"] >= limit:
                return
            self.report.saw("records")
            record.record_id = record.text("id")
            if record.record_id:
                place = f"{name}:{record.line}"
                first = self.ids.setdefault(record.record_id, place)
                if first != place:
                    record.fault("id", f"{record.record_id!r} stands at {first} too", "give each record its own id")
            assertion = read_statement(record, words)
            if assertion is not None:
                self.report.saw("assertions")
                yield assertion


def load(
    stream: IO[bytes], *, name: str, report: LossReport | None = None, release: str = "", limit: int | None = None,
    source: str = "",
) -> Iterator[Record]:
    """Yield the entities and assertions of one YAML file, which may name the publications and studies that ship.

    `source` is the name under which the evidence is filed (``corpus`` by default). Raises `BadInput` with all faults.
    """
    del release
    report = LossReport() if report is None else report
    corpus = _shipped(report, source or INFO.name, "")
    found = list(corpus.read_file(stream, name, corpus.words(), limit))
    report.check()
    yield from _records(found, corpus)


def load_corpus(
    path: Path | None = None, *, report: LossReport | None = None, source: str = "", limit: int | None = None
) -> Iterator[Record]:
    """Yield the entities that the corpus uses, its assertions, and (for the shipped one) the structural table.

    Args:
        path: a folder of the same form as the shipped one, or one of its files (the tables beside it are read too); the
            shipped corpus when None. Tables and ``terms/*.tsv`` of a folder add to those that ship.
        report: gathers losses and decides what is fatal (see `loaders.base`).
        source: the name under which the evidence is filed; ``corpus`` when empty.
        limit: records to read at most.

    Raises:
        BadInput: lists the faults of all files.
    """
    report = LossReport() if report is None else report
    if path is None:
        corpus = _shipped(report, source or INFO.name, INFO.licence)
        folder: Traversable = files("loaders") / "corpus"
        topics = _topics(folder)
    else:
        if not path.exists():
            raise BadInput(f"{path}: no such file or folder", [Fault(str(path), problem="does not exist")])
        corpus = _shipped(report, source or INFO.name, "")
        folder = path if path.is_dir() else path.parent
        topics = _topics(folder) if path.is_dir() else [path]
        if (folder / "terms").is_dir():
            corpus.terms |= read_terms(Path(str(folder)) / "terms")
        corpus.read_tables(folder)
        if not topics:
            raise BadInput(f"{path}: no YAML file in this folder", [Fault(str(path), problem="holds no *.yaml file")])
    words = corpus.words()
    found: list[Assertion] = []
    for topic in topics:
        with topic.open("rb") as stream:
            found.extend(corpus.read_file(stream, topic.name, words, limit))
    report.check()
    yield from _records(found, corpus)
    if path is None:
        yield from _without(load_structure_records(
            corpus.publications, parents={key: study.parents[0] for key, study in corpus.studies.items() if study.parents},
            source=corpus.source, licence=INFO.licence,
        ), found)


def _shipped(report: LossReport, source: str, licence: str) -> _Corpus:
    corpus = _Corpus(report, source, licence, dict(load_terms()))
    corpus.read_tables(files("loaders") / "corpus")
    return corpus


def _topics(folder: Traversable) -> list[Traversable]:
    names = (".yaml", ".yml")
    return sorted((entry for entry in folder.iterdir() if entry.name.endswith(names)), key=lambda entry: entry.name)


def _used(found: list[Assertion]) -> set[str]:
    used: set[str] = set()
    for assertion in found:
        statement = assertion.statement
        used.update((statement.subject, statement.object), (curie for _, curie in statement.context.items()))
    return used


def _records(found: list[Assertion], corpus: _Corpus) -> Iterator[Record]:
    used = _used(found)
    corpus.report.saw("entities", len(used))
    for curie in sorted(used):
        yield corpus.terms[curie]
    yield from found


def _without(records: Iterator[Record], found: list[Assertion]) -> Iterator[Record]:
    """Leave out the entities that were yielded already."""
    used = _used(found)
    for record in records:
        if not (isinstance(record, Entity) and record.curie in used):
            yield record


