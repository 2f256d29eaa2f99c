"""How long each question of the catalogue takes on each engine: on the shipped graph, and with 100,000 statements beside it.

Run ``python benchmarks/bench_catalogue.py`` (some minutes) or with ``--statements 5000 --rounds 3``. The larger graph is the
corpus together with synthetic statements (seeded, made by bench_assembly.py), so that the default and example parameters of
every question meet something. Each question is asked in turn on Oxigraph, ArcadeDB and a real Neo4j started here, once to
warm up and then `--rounds` times, fewer for one that takes long; p50 and p95 are over the medians of all questions. The rows
of the engines must be equal. rdflib, the peer for SPARQL, answers on the shipped graph in the same run. The last line is
JSON, ratios first.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

_ENOUGH = 10.0  # seconds of rounds, after which a slow question is not asked again
Asked = Callable[[str], Any]


def graph_with(folder: Path, statements: int) -> Path:
    """Build the corpus, with synthetic statements beside it unless there are none to add."""
    from benchmarks.bench_assembly import generate
    from immunokg.building import corpus_sources
    from kg.directory import Source, build_graph

    sources = corpus_sources()
    if statements:
        generate(folder, statements, 20181010)
        tables = {name: [folder / f"{name}.parquet"] for name in ("assertions", "entities", "publications")}
        sources.append(Source("synthetic", tables=tables))
    path = folder / "bench.ikg"
    build_graph(path, sources)
    return path


def timed(asked: Asked, rounds: int) -> tuple[dict[str, list[float]], dict[str, tuple[Any, ...]]]:
    """Return the seconds of every question and round, and its rows."""
    from queries.catalogue import questions

    seconds: dict[str, list[float]] = {}
    rows: dict[str, tuple[Any, ...]] = {}
    for name in questions():
        rows[name] = asked(name).rows
        seconds[name] = []
        for _ in range(rounds):
            if sum(seconds[name]) > _ENOUGH:
                break
            began = time.perf_counter()
            asked(name)
            seconds[name].append(time.perf_counter() - began)
    return seconds, rows


def summary(seconds: dict[str, list[float]]) -> dict[str, float]:
    """Return p50 and p95 over the medians of all questions, in milliseconds."""
    every = [median(found) * 1000 for found in seconds.values()]
    return {"p50_ms": round(median(every), 2), "p95_ms": round(quantiles(every, n=20)[-1], 2)}


def ask_all(path: Path, rounds: int, server: Any, *, peer: bool) -> dict[str, dict[str, list[float]]]:
    """Ask everything everywhere and stop when two engines differ."""
    import immunokg as ikg
    from queries.catalogue import RdflibAsker, ask, question, questions
    from queries.cypher_engine.server import ServerSettings
    from queries.server import push_graph

    os.environ.update(server.environment)
    graph = ikg.open(path)
    push_graph(ServerSettings.from_environment(os.environ), graph.graph, prune=True)
    given: dict[str, dict[str, Any]] = {}
    for name in questions():
        given[name] = {parameter.name: parameter.example for parameter in question(name).parameters if parameter.required}

    def engine_asked(engine: str) -> Asked:
        return lambda name: graph.query(name, engine=engine, timeout=600, **given[name])

    engines = {engine: engine_asked(engine) for engine in ("oxigraph", "arcadedb", "neo4j")}
    if peer:
        other = RdflibAsker(graph.rdflib())
        engines["rdflib"] = lambda name: ask(question(name), other, given[name])
    times, first = {}, dict[str, tuple[Any, ...]]()
    for name, asked in engines.items():
        times[name], rows = timed(asked, 1 if name == "rdflib" else rounds)
        print(f"{name}: {summary(times[name])}", flush=True)
        first = first or rows
        if different := [q for q in rows if not same(rows[q], first[q])]:
            raise SystemExit(f"{name} gives other rows than oxigraph for: {', '.join(different)}")
    graph.close()
    return times


def same(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    """Compare rows with tolerance for the last digits of sums."""
    from math import isclose

    return len(left) == len(right) and all(
        a == b or (isinstance(a, float) and isinstance(b, float) and isclose(a, b, rel_tol=1e-9))
        for one, other in zip(left, right, strict=True)
        for a, b in zip(one, other, strict=True)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    from tests.neo4j_server import VERSION, Neo4jServer

    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, Neo4j {VERSION}")
    figures: dict[str, Any] = {}
    for size in dict.fromkeys((0, options.statements)):
        with tempfile.TemporaryDirectory(prefix="bench-") as name, tempfile.TemporaryDirectory(prefix="bench-neo4j-") as home:
            folder = Path(name)
            os.environ["IMMUNOKG_HOME"] = str(folder / "home")
            path = graph_with(folder, size)
            with Neo4jServer(Path(home), heap_mb=2048) as server:
                times = ask_all(path, options.rounds, server, peer=not size)
        label = f"corpus_and_{size}" if size else "corpus"
        print(f"\n{label}: milliseconds, median of {options.rounds}")
        for question in next(iter(times.values())):
            print(f"  {question:45}", *(f"{engine} {median(found[question]) * 1000:9.2f}" for engine, found in times.items()))
        figures[label] = {engine: summary(found) for engine, found in times.items()}
    shipped, large = figures["corpus"], figures.get(f"corpus_and_{options.statements}", figures["corpus"])
    print(json.dumps({
        "rdflib_over_oxigraph_p50": round(shipped["rdflib"]["p50_ms"] / shipped["oxigraph"]["p50_ms"], 2),
        "arcadedb_over_neo4j_p50_large": round(large["arcadedb"]["p50_ms"] / large["neo4j"]["p50_ms"], 2),
        **figures, "rounds": options.rounds, "cores": os.cpu_count(),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
