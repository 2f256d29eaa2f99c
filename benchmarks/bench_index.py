"""The path index of a large graph: building, opening, filtering by date, and the first and following questions.

Run ``python benchmarks/bench_index.py`` (200,000 synthetic statements, a few minutes with the graph) or with
``--statements 1000000``. The graph is that of ``bench_assembly.py``, seeded. Building and asking run in processes of their own;
memory is the peak of the process. The last line is JSON, ratios first.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BOUND_OPEN_MS = 50.0


def build_graph(folder: Path) -> dict[str, Any]:
    """Build the graph directory and not its index."""
    from kg.directory import Source, build_graph

    tables = {name: [folder / f"{name}.parquet"] for name in ("assertions", "entities", "publications")}
    manifest = build_graph(folder / "bench.ikg", [Source("synthetic", tables=tables)], memory="2GB", threads=2)
    return {"counts": manifest.counts}


def build_index(folder: Path) -> dict[str, Any]:
    """Build the index as the first question does."""
    from kg.directory import resolve
    from queries.path_index import VIEW, open_index

    generation = resolve(folder / "bench.ikg")
    started = time.perf_counter()
    index = open_index(generation)
    seconds = time.perf_counter() - started
    size = sum(path.stat().st_size for path in (generation / VIEW).iterdir())
    return {"seconds": seconds, "bytes": size, "nodes": index.table.nodes, "arcs": index.table.arcs}


def ask(folder: Path) -> dict[str, Any]:
    """Open, ask, filter, ask again."""
    import random

    from kg.directory import resolve

    generation = resolve(folder / "bench.ikg")
    from queries.path_index import EvidenceFilter, open_index
    from queries.paths import PathRequest, find

    open_index(generation)  # modules are imported, and the rules read, before the clock starts
    started = time.perf_counter()
    index = open_index(generation)
    opened = time.perf_counter() - started
    rng = random.Random(20181010)
    leaving = [node for node in range(index.table.nodes) if index.leaving(node)]
    pairs = [tuple(index.curies[node] for node in rng.sample(leaving, 2)) for _ in range(40)]

    def answer(pair: tuple[str, ...], **more: Any) -> float:
        begun = time.perf_counter()
        find(index, PathRequest(pair[:1], pair[1:], sign=1, **more), timeout=30)
        return (time.perf_counter() - begun) * 1000

    first = answer(pairs[0])
    warm = [answer(pair) for pair in pairs[1:]]
    started = time.perf_counter()
    index.filtered(EvidenceFilter(as_of="2010"))
    filtered = time.perf_counter() - started
    dated = [answer(pair, as_of="2010") for pair in pairs[1:]]
    return {
        "open_ms": opened * 1000, "first_ms": first, "p50_ms": statistics.median(warm), "filter_seconds": filtered,
        "p50_dated_ms": statistics.median(dated),
    }  # fmt: skip


WORKERS = {"build_graph": build_graph, "build_index": build_index, "ask": ask}


def _run(name: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--worker", name, "--folder", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=20181010)
    parser.add_argument("--worker", choices=sorted(WORKERS))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.worker:
        import resource

        result = WORKERS[options.worker](options.folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
        print(json.dumps(result | {"megabytes": round(peak)}))
        return
    sys.path.insert(0, str(ROOT))
    from benchmarks.bench_assembly import generate

    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        generate(folder, options.statements, options.seed)
        results = {worker: _run(worker, folder) for worker in WORKERS}
    built, asked = results["build_index"], results["ask"]
    print(f"graph: {results['build_graph']['counts']}")
    print(f"index: {built['nodes']:,} nodes, {built['arcs']:,} steps, {built['bytes'] / 1e6:.0f} MB, "
          f"built in {built['seconds']:.1f} s, peak {built['megabytes']:,} MB")
    print(f"opened in {asked['open_ms']:.2f} ms; first question {asked['first_ms']:.0f} ms, then p50 {asked['p50_ms']:.1f} ms")
    print(f"filtered by date in {asked['filter_seconds']:.2f} s, then p50 {asked['p50_dated_ms']:.1f} ms; "
          f"peak {asked['megabytes']:,} MB")
    print(json.dumps({
        "open_over_bound": round(asked["open_ms"] / BOUND_OPEN_MS, 4),
        "filter_over_build": round(asked["filter_seconds"] / built["seconds"], 3),
        "open_ms": round(asked["open_ms"], 3), "build_seconds": round(built["seconds"], 2), "build_megabytes": built["megabytes"],
        "filter_seconds": round(asked["filter_seconds"], 3), "first_ms": round(asked["first_ms"], 1),
        "p50_ms": round(asked["p50_ms"], 2), "p50_dated_ms": round(asked["p50_dated_ms"], 2),
        "nodes": built["nodes"], "arcs": built["arcs"], "statements": options.statements,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
