"""Reads what an evaluation needs: curated records as the yardstick, and the graph that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ontologies.errors import BackendError, BadInput, Fault

if TYPE_CHECKING:
    from kg.graph import Graph
    from loaders.indra_labels import EvidenceIndex, LabelledEvidence
    from ontologies.extractors import Reader
    from queries.evaluation.calibration import ReaderEvaluation
    from queries.evaluation.gold import GoldPath

__all__ = ["evaluation_graph", "label_evaluation", "read_gold"]


def read_gold(file: Path, graph: Graph | None = None) -> list[GoldPath]:
    """Return the records of a DrugMechDB file; identifiers become those of `graph`, where it merged them.

    Raises `BadInput` for a file that is not there or not what it should be.
    """
    from loaders.drugmechdb_paths import read_paths
    from queries.evaluation.gold import GoldPath

    same = {} if graph is None else {
        xref: curie for curie, entity in graph.entities.items() for xref in entity.xrefs if xref not in graph.entities
    }  # fmt: skip
    with _opened(file) as stream:
        return [
            GoldPath(
                path.key, path.study, same.get(path.drug, path.drug), same.get(path.disease, path.disease),
                tuple((same.get(tail, tail), same.get(head, head), sign) for tail, head, sign in path.links),
            )
            for path in read_paths(stream, name=file.name)
        ]  # fmt: skip


def evaluation_graph(files: Iterable[Path], *, corpus: bool = True) -> Graph:
    """Return the graph of DrugMechDB files (each once), with the shipped corpus unless left out."""
    from kg.graph import Graph
    from loaders.registry import read_source

    once = {file.resolve(): file for file in files}.values()
    sources = [*([read_source("corpus")] if corpus else []), *(read_source("drugmechdb", file) for file in once)]
    return Graph.from_records(chain.from_iterable(sources))


def label_evaluation(
    labels: Path | None, statements: Sequence[Path], gold: Path | None, *, sampled: str, source: str, seed: int
) -> ReaderEvaluation:
    """Return the rates of readers and their test: cross-validated on `labels`, or scored on `gold`.

    Raises `BadInput` when neither is given, when no label of a file can be joined, or for faulty files.
    """
    from ontologies.extractors import readers
    from queries.evaluation.calibration import estimate_readers, evaluate_readers, score_readers

    if labels is None and gold is None:
        raise BadInput("there is nothing to test: give --labels FILE, or --gold FILE to score the shipped rates on it")
    index = _statements(statements)
    known: Mapping[str, Reader]
    if labels is not None:
        found, lost = _labels(labels, index, sampled)
        if gold is None:
            return evaluate_readers(found, unjoined=lost, seed=seed, source=source)
        known = {reader.name: reader for reader in estimate_readers(found, source=source)}
    else:
        known = readers()
    assert gold is not None
    found, lost = _labels(gold, index, sampled)
    return score_readers(found, known, unjoined=lost, seed=seed)


def _statements(files: Sequence[Path]) -> EvidenceIndex:
    from loaders.indra_labels import evidence_by_hash

    index: dict[int, list[tuple[str, str, str]]] = {}
    for file in files:
        with _opened(file) as stream:
            for key, rows in evidence_by_hash(stream, name=file.name).items():
                index.setdefault(key, []).extend(rows)
    return index


def _labels(file: Path, index: EvidenceIndex, sampled: str) -> tuple[list[LabelledEvidence], int]:
    from loaders.indra_labels import read_labels

    with _opened(file) as stream:
        found, lost = read_labels(stream, index, name=file.name, sampled=sampled)
    if not found:
        raise BadInput(f"{file}: none of its {lost} labels names an evidence of the statements; give them with --statements")
    return found, lost


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """Open a file for reading; errors of the file system become ours."""
    try:
        with file.open("rb") as stream:
            yield stream
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        problem = "is a folder" if isinstance(error, IsADirectoryError) else "does not exist"
        raise BadInput(f"{file}: {problem}", [Fault(str(file), problem=problem, fix="check the path")]) from None
    except OSError as error:
        raise BackendError(f"{file}: cannot be read: {error.strerror or error}") from None
