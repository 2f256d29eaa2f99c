"""Are limits kept and is the next query answered soon? Every resource bomb of the tests, on Oxigraph, ArcadeDB and a real Neo4j.

Run ``python benchmarks/bench_bombs.py`` (about 20 minutes), with ``--seconds 1`` (five), or for one ``--engine``. The bombs
are those of tests/test_sparql_engine_bombs.py and tests/test_cypher_engine_bombs.py, every kind in four sizes, each with
the same limit of time. Printed for each engine: how the bombs ended; how many ended later than a tenth (or 0.1 s) after
their limit, and the worst; and how long a simple query took right after each (bound: 1 s). Neo4j with its own limits is the
peer of the embedded engine in the same run. A limit of more than six seconds lets the embedded engine have a process in
reserve, as its standard limit of 30 does. The last line is JSON, ratios first.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

_SIDE = 40  # entities of the dense graph, each with a relationship to every other
Asked = Callable[..., Any]


def bombs_of(texts: dict[str, list[str]], ask: Asked, simple: str, seconds: float) -> dict[str, Any]:
    """Send every bomb, and a simple query after each, and return what was seen."""
    from queries.query_errors import QueryError, QueryStopped

    ends: Counter[str] = Counter()
    over, after = dict[str, float](), dict[str, float]()
    ask(simple, timeout=60)
    for name, sizes in texts.items():
        for size, text in enumerate(sizes, 1):
            began = time.perf_counter()
            try:
                ask(text, timeout=seconds)
                end = "answered"
            except QueryError:
                end = "refused"
            except QueryStopped as stop:
                end = "stopped at the limit" if f"after {seconds:g} s" in str(stop) else "stopped for its size"
            used = time.perf_counter() - began
            began = time.perf_counter()
            ask(simple, timeout=60)
            ends[end] += 1
            over[f"{name} {size}"], after[f"{name} {size}"] = used - seconds, time.perf_counter() - began
            if over[f"{name} {size}"] > max(0.1 * seconds, 0.1) or after[f"{name} {size}"] > 1:
                print(f"  {name} {size}: {end}, used {used:.2f} s, next after {after[f'{name} {size}']:.2f} s", flush=True)
    late = sum(each > max(0.1 * seconds, 0.1) for each in over.values())
    ranked = sorted(after.values())
    return {
        "bombs": len(over), **dict(sorted(ends.items())), "late": late, "worst_overrun_s": round(max(over.values()), 3),
        "next_p50_s": round(median(ranked), 4), "next_p95_s": round(ranked[int(0.95 * len(ranked))], 3),
        "next_worst_s": round(ranked[-1], 3), "next_over_1_s": sum(each > 1 for each in ranked),
    }  # fmt: skip


@contextmanager
def oxigraph(folder: Path) -> Iterator[tuple[Asked, str]]:
    """Yield the SPARQL process over the graph of the package."""
    import immunokg as ikg
    from kg.triplestore import ensure_store
    from queries.sparql_engine.worker import SparqlWorker

    with ikg.open() as graph, SparqlWorker(ensure_store(folder, lambda: graph.graph), memory_mb=1024) as worker:
        yield worker.query, "ASK { ?s a biolink:Gene }"


@contextmanager
def arcadedb(folder: Path) -> Iterator[tuple[Asked, str]]:
    """Yield the embedded engine over a dense store."""
    from kg.cypher_store import StoreProcess
    from kg.property_graph import Link, Node
    from queries.cypher_engine.embedded import EmbeddedCypher

    ends = [("Entity", f"HGNC:{number}") for number in range(1, _SIDE + 1)]
    nodes = [Node(("Entity",), {"id": curie}) for _, curie in ends]
    links = [Link("AFFECTS", start, end, {}) for start in ends for end in ends if start != end]
    with StoreProcess(memory_mb=512, small=True) as process:
        process.fill(folder / "store", {("Entity",)}, {"AFFECTS"}, nodes, links)
    with EmbeddedCypher(folder / "store", memory_mb=256) as engine:
        yield engine.query, "MATCH (n) RETURN count(n) AS n"


@contextmanager
def neo4j(folder: Path) -> Iterator[tuple[Asked, str]]:
    """Yield a server with the same dense graph."""
    from neo4j import GraphDatabase

    from queries.cypher_engine.server import ServerCypher, ServerSettings
    from tests.neo4j_server import Neo4jServer

    with Neo4jServer(folder, heap_mb=1024) as server:
        settings = ServerSettings.from_environment(server.environment)
        with GraphDatabase.driver(settings.uri, auth=(settings.user, settings.password)) as driver:
            driver.execute_query(
                "UNWIND range(1, $n) AS i CREATE (:Entity {id: 'HGNC:' + i}) WITH count(*) AS all "
                "MATCH (a:Entity), (b:Entity) WHERE a <> b CREATE (a)-[:AFFECTS]->(b)", n=_SIDE,
            )  # fmt: skip
        with ServerCypher(settings) as engine:
            yield engine.query, "MATCH (n) RETURN count(n) AS n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=7.0, help="the limit of every bomb")
    parser.add_argument("--engine", choices=("oxigraph", "arcadedb", "neo4j"), help="one engine only")
    options = parser.parse_args()
    from tests.test_cypher_engine_bombs import BOMBS as CYPHER
    from tests.test_sparql_engine_bombs import BOMBS as SPARQL

    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    found: dict[str, dict[str, Any]] = {}
    for name, texts, opened in (("oxigraph", SPARQL, oxigraph), ("arcadedb", CYPHER, arcadedb), ("neo4j", CYPHER, neo4j)):
        if options.engine in (None, name):
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                os.environ["IMMUNOKG_HOME"] = str(Path(folder) / "home")
                with opened(Path(folder)) as (ask, simple):
                    print(f"{name}, limit {options.seconds:g} s", flush=True)
                    found[name] = bombs_of(texts, ask, simple, options.seconds)
                    print(f"  {found[name]}", flush=True)
    ratios = {}
    if len(found) == 3:
        ratios = {"arcadedb_over_neo4j_next_p95": round(found["arcadedb"]["next_p95_s"] / found["neo4j"]["next_p95_s"], 2)}
    print(json.dumps(ratios | found | {"seconds": options.seconds, "cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
