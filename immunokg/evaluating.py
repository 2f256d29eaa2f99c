"""Reads what an evaluation needs: curated records as the yardstick, and the graph that holds them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ontologies.errors import BackendError, BadInput, Fault

if TYPE_CHECKING:
    from kg.graph import Graph
    from queries.evaluation.gold import GoldPath

__all__ = ["evaluation_graph", "read_gold"]


def read_gold(file: Path, graph: Graph | None = None) -> list[GoldPath]:
    """Return the records of a DrugMechDB file; identifiers become those of `graph`, where it merged them.

    Raises `BadInput` for a file that is not there or not what it should be.
    """
    from loaders.drugmechdb_paths import read_paths
    from queries.evaluation.gold import GoldPath

    same = {} if graph is None else {
        xref: curie for curie, entity in graph.entities.items() for xref in entity.xrefs if xref not in graph.entities
    }  # fmt: skip
    try:
        with file.open("rb") as stream:
            return [
                GoldPath(
                    path.key, path.study, same.get(path.drug, path.drug), same.get(path.disease, path.disease),
                    tuple((same.get(tail, tail), same.get(head, head), sign) for tail, head, sign in path.links),
                )
                for path in read_paths(stream, name=file.name)
            ]  # fmt: skip
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        problem = "is a folder" if isinstance(error, IsADirectoryError) else "does not exist"
        raise BadInput(f"{file}: {problem}", [Fault(str(file), problem=problem, fix="check the path")]) from None
    except OSError as error:
        raise BackendError(f"{file}: cannot be read: {error.strerror or error}") from None


def evaluation_graph(files: Iterable[Path], *, corpus: bool = True) -> Graph:
    """Return the graph of DrugMechDB files (each once), with the shipped corpus unless left out."""
    from kg.graph import Graph
    from loaders.registry import read_source

    once = {file.resolve(): file for file in files}.values()
    sources = [*([read_source("corpus")] if corpus else []), *(read_source("drugmechdb", file) for file in once)]
    return Graph.from_records(chain.from_iterable(sources))
