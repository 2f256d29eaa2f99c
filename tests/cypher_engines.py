"""The embedded Cypher engine for the tests: one Java machine for a whole session, and stores that many tests ask.

The fixtures `cypher_store` (the store of the small graph) and `embedded` (an engine over it) are shared by all tests of a
session; `store_process` builds and reads stores of a test's own without another start of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.cypher_store import StoreProcess
from kg.graph import Graph
from kg.property_graph import Link, Node
from queries.cypher_engine.embedded import EmbeddedCypher

__all__ = ["cypher_store", "dense_store", "embedded", "store_process"]


@pytest.fixture(scope="session")
def store_process() -> Iterator[StoreProcess]:
    """Yield a process that builds and reads stores."""
    with StoreProcess(memory_mb=512, small=True) as process:
        yield process


@pytest.fixture(scope="session")
def cypher_store(store_process: StoreProcess, small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the store of the small graph."""
    path = tmp_path_factory.mktemp("cypher") / "store"
    store_process.build(path, small_graph)
    return path


@pytest.fixture(scope="session")
def embedded(cypher_store: Path) -> Iterator[EmbeddedCypher]:
    """Yield an engine over the small graph."""
    with EmbeddedCypher(cypher_store, timeout=20, memory_mb=512) as engine:
        yield engine


@pytest.fixture(scope="session")
def dense_store(store_process: StoreProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store in which each of 40 entities affects every other: paths without end."""
    path = tmp_path_factory.mktemp("dense") / "store"
    ends = [("Entity", f"HGNC:{number}") for number in range(1, 41)]
    nodes = [Node(("Entity",), {"id": curie}) for _, curie in ends]
    links = [Link("AFFECTS", start, end, {}) for start in ends for end in ends if start != end]
    store_process.fill(path, {("Entity",)}, {"AFFECTS"}, nodes, links)
    return path
