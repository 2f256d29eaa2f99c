"""How fast a large graph becomes an RDF store: from Parquet into Oxigraph, beside the engine's own bulk load.

Run ``python benchmarks/bench_rdf_store.py`` (1,000,000 statements, over half an hour, 30 GB of disk) or with ``--statements
100000``. The graph is that of ``bench_assembly.py``, seeded. Each step has a process of its own: *ours*
(`kg.triplestore.ensure_store`: Parquet read, RDF written, store filled, flushed and synced), and the engine alone on the same
N-Quads, ready on disk, flushed and synced too: in one ``bulk_load`` of the file (*engine*), and in the batches that ours gives
it (*engine_in_batches*). Memory is the peak of the process. The last line is JSON, ratios first; a ratio is the engine's
seconds over ours, 1 when we cost nothing; those of the processor count its seconds instead, which other programs disturb less.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BOUND_RATIO = 0.5


def build_graph(folder: Path) -> dict[str, Any]:
    """Build the graph directory and not its store."""
    from kg.directory import Source, build_graph

    tables = {name: [folder / f"{name}.parquet"] for name in ("assertions", "entities", "publications")}
    manifest = build_graph(folder / "bench.ikg", [Source("synthetic", tables=tables)], memory="2GB", threads=2)
    return {"counts": manifest.counts}


def ours(folder: Path) -> dict[str, Any]:
    """Build the store of the generation as the first question does."""
    from kg.directory import resolve
    from kg.graph import Graph
    from kg.triplestore import ensure_store

    def never() -> Graph:
        raise AssertionError("a large graph is never read into memory")

    generation = resolve(folder / "bench.ikg")
    started = time.perf_counter()
    store = ensure_store(generation, never)
    seconds = time.perf_counter() - started
    quads = json.loads((store.parent / "form.json").read_text())["quads"]
    return {"seconds": seconds, "quads": quads} | _emptied(store.parent)


def text(folder: Path) -> dict[str, Any]:
    """Write the N-Quads that the engine alone is given; the seconds are those of reading Parquet and writing RDF."""
    from kg.directory import resolve
    from kg.rdf_rows import generation_source
    from kg.rdf_write import nquads

    started = time.perf_counter()
    with (folder / "ready.nq").open("wb") as file:
        for piece in nquads(generation_source(resolve(folder / "bench.ikg"))):
            file.write(piece)
    return {"seconds": time.perf_counter() - started, "bytes": (folder / "ready.nq").stat().st_size}


def engine(folder: Path) -> dict[str, Any]:
    """Load the ready file in one call."""
    import pyoxigraph as ox

    return _filled(folder, lambda store: store.bulk_load(path=folder / "ready.nq", format=ox.RdfFormat.N_QUADS))


def engine_in_batches(folder: Path) -> dict[str, Any]:
    """Load the ready file in batches of the size that ours have."""
    import pyoxigraph as ox

    from kg.triplestore import BATCH

    def fill(store: ox.Store) -> None:
        with (folder / "ready.nq").open("rb") as file:
            while batch := file.read(BATCH) + file.readline():
                store.bulk_load(batch, format=ox.RdfFormat.N_QUADS)

    return _filled(folder, fill)


def _filled(folder: Path, fill: Any) -> dict[str, Any]:
    import pyoxigraph as ox

    from kg.generations import sync_tree

    target = folder / "engine"
    started = time.perf_counter()
    store = ox.Store(str(target))
    fill(store)
    store.flush()
    quads = len(store)
    del store
    sync_tree(target)
    return {"seconds": time.perf_counter() - started, "quads": quads} | _emptied(target)


def _emptied(folder: Path) -> dict[str, Any]:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    shutil.rmtree(folder)
    return {"bytes": size}


WORKERS = {worker.__name__: worker for worker in (build_graph, text, engine, ours, engine_in_batches)}


def _run(name: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--worker", name, "--folder", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if "seconds" in result:
        quads = f"{result['quads']:,} quads, " if "quads" in result else ""
        print(f"{name}: {result['seconds']:.1f} s, {quads}{result['bytes'] / 1e6:,.0f} MB on disk, "
              f"peak {result['megabytes']:,} MB, processor {result['processor']:.1f} s", flush=True)  # fmt: skip
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20181010)
    parser.add_argument("--worker", choices=sorted(WORKERS))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.worker:
        import resource

        result = WORKERS[options.worker](options.folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
        print(json.dumps(result | {"megabytes": round(peak), "processor": time.process_time()}))
        return
    import pyoxigraph

    sys.path.insert(0, str(ROOT))
    from benchmarks.bench_assembly import generate

    versions = f"Python {platform.python_version()}, pyoxigraph {pyoxigraph.__version__}"
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, {versions}")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        generate(folder, options.statements, options.seed)
        results = {worker: _run(worker, folder) for worker in WORKERS}
    if len({results[worker]["quads"] for worker in ("engine", "ours", "engine_in_batches")}) != 1:
        raise SystemExit("the stores differ in size")
    mine, alone, batches = (results[worker] for worker in ("ours", "engine", "engine_in_batches"))
    print(f"graph: {results['build_graph']['counts']}")
    print(json.dumps({
        "ratio_engine": round(alone["seconds"] / mine["seconds"], 3),
        "ratio_engine_in_batches": round(batches["seconds"] / mine["seconds"], 3),
        "ratio_over_bound": round(alone["seconds"] / mine["seconds"] / BOUND_RATIO, 3),
        "processor_ratio_engine": round(alone["processor"] / mine["processor"], 3),
        "processor_ratio_engine_in_batches": round(batches["processor"] / mine["processor"], 3),
        "megabytes_over_engine": round(mine["megabytes"] / alone["megabytes"], 3),
        "seconds": round(mine["seconds"], 1), "engine_seconds": round(alone["seconds"], 1),
        "engine_in_batches_seconds": round(batches["seconds"], 1), "text_seconds": round(results["text"]["seconds"], 1),
        "megabytes": mine["megabytes"], "engine_megabytes": alone["megabytes"], "quads": mine["quads"],
        "nquads_bytes": results["text"]["bytes"], "statements": options.statements, "cores": os.cpu_count(),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
