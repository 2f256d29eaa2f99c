"""The Cypher store of a large graph: building it, against bare scripts on the same records, and the first and later questions.

Run ``python benchmarks/bench_cypher_store.py`` (100,000 synthetic statements, some minutes) or with ``--statements 10000``. The
graph is that of ``bench_assembly.py``, seeded. Ours is the whole of `kg.cypher_store.ensure_cypher_store`: rows out of the graph,
the store filled in another process, closed, counted, synced and renamed. The bare scripts use the library directly, in one
process, on records that are ready in memory and in batches of the same size: once with transactions of ``UNWIND … CREATE``,
once with the library's bulk interface. Each runs in a process of its own; the start of the Java machine is in every time. The
last line is JSON, ratios first.
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
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BOUND = 0.5
BATCH = 5000
KINDS = ("Entity", "Statement", "Evidence", "Publication", "Condition")


def prepare(folder: Path) -> dict[str, Any]:
    """Build the graph directory and write the records that all of them send."""
    from kg.directory import Source, build_graph, read_graph
    from kg.property_graph import links_of, nodes_of

    tables = {name: [folder / f"{name}.parquet"] for name in ("assertions", "entities", "publications")}
    manifest = build_graph(folder / "bench.ikg", [Source("synthetic", tables=tables)], memory="2GB", threads=2)
    graph = read_graph(folder / "bench.ikg")
    counts = []
    for name, rows in (("nodes", nodes_of(graph)), ("links", links_of(graph))):
        with (folder / name).open("w", encoding="utf-8") as stream:
            counts.append(sum(1 for row in rows if stream.write(json.dumps(row) + "\n")))
    return {"counts": manifest.counts, "nodes": counts[0], "links": counts[1]}


def ours(folder: Path) -> dict[str, Any]:
    """Build the view as the first Cypher query does."""
    from kg.cypher_store import ensure_cypher_store
    from kg.directory import read_graph, resolve

    graph, generation = read_graph(folder / "bench.ikg"), resolve(folder / "bench.ikg")
    started = time.perf_counter()
    path = ensure_cypher_store(generation, lambda: graph)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "bytes": sum(file.stat().st_size for file in path.iterdir())}


def transactions(folder: Path) -> dict[str, Any]:
    """Send the records with UNWIND and CREATE, a transaction for each batch, ends found by the indexes."""
    library: Any = import_module("arcadedb_embedded")
    nodes, links = _records(folder)
    started = time.perf_counter()
    database = library.create_database(str(folder / "transactions"))
    for kind in KINDS:
        database.command("sql", f"CREATE VERTEX TYPE {kind}")
        database.command("sql", f"CREATE PROPERTY {kind}.id STRING")
        database.command("sql", f"CREATE INDEX ON {kind} (id) UNIQUE")
    for labels, rows in nodes.items():
        text = f"UNWIND $rows AS row CREATE (n:{':'.join(labels)}) SET n = row"
        for batch in _batches(rows):
            with database.transaction():
                database.command("opencypher", text, {"rows": batch})
    for (kind, start, end), rows in links.items():
        ends = f"MATCH (a:{start} {{id: row.a}}), (b:{end} {{id: row.b}})"
        text = f"UNWIND $rows AS row {ends} CREATE (a)-[r:{kind}]->(b) SET r = row.p"
        for batch in _batches(rows):
            with database.transaction():
                database.command("opencypher", text, {"rows": [{"a": a, "b": b, "p": p} for a, b, p in batch]})
    database.close()
    return {"seconds": time.perf_counter() - started}


def bulk(folder: Path) -> dict[str, Any]:
    """Send the records through the library's bulk interface, and make the indexes at the end."""
    library: Any = import_module("arcadedb_embedded")
    nodes, links = _records(folder)
    started = time.perf_counter()
    database = library.create_database(str(folder / "bulk"))
    for name in {label for labels in nodes for label in labels}:
        database.command("sql", f"CREATE VERTEX TYPE {name}")
    database.command("sql", "ALTER TYPE Gene SUPERTYPE +Entity")
    for kind, _, _ in links:
        database.command("sql", f"CREATE EDGE TYPE `{kind}` IF NOT EXISTS")
    places: dict[tuple[str, str], str] = {}
    with database.graph_batch(batch_size=100_000) as batch:
        for labels, rows in nodes.items():
            for some in _batches(rows):
                made = batch.create_vertices(labels[-1], some)
                places.update(zip(((labels[0], row["id"]) for row in some), made, strict=True))
        for (kind, start, end), rows in links.items():
            for some in _batches(rows):
                heads, tails = ([places[what, row[side]] for row in some] for what, side in ((start, 0), (end, 1)))
                batch.new_edges(heads, kind, tails, [row[2] for row in some])
    for kind in KINDS:
        database.command("sql", f"CREATE PROPERTY {kind}.id STRING")
        database.command("sql", f"CREATE INDEX ON {kind} (id) UNIQUE")
    database.close()
    return {"seconds": time.perf_counter() - started}


def asking(folder: Path) -> dict[str, Any]:
    """Start, ask for the first time, ask again, and ask many times."""
    from kg.cypher_store import ensure_cypher_store
    from kg.directory import read_graph, resolve
    from queries.cypher_engine.embedded import EmbeddedCypher

    path = ensure_cypher_store(resolve(folder / "bench.ikg"), lambda: read_graph(folder / "bench.ikg"))
    text = "MATCH (g:Gene {id: $id})-[r]->(t:Gene) WHERE r.asserted RETURN t.id, r.relation, r.support ORDER BY t.id"
    two = "MATCH (g:Gene {id: $id})-[r]->(:Gene)-[s]->(t:Gene) WHERE r.asserted AND s.asserted RETURN count(DISTINCT t) AS n"
    with EmbeddedCypher(path, timeout=120) as engine:

        def ask(query: str, number: int) -> float:
            begun = time.perf_counter()
            engine.query(query, {"id": f"HGNC:{number}"})
            return (time.perf_counter() - begun) * 1000

        first, second = ask(text, 1), ask(text, 2)
        one_hop = [ask(text, number) for number in range(3, 203)]
        two_hops = [ask(two, number) for number in range(3, 103)]
        rows = 20_000
        begun = time.perf_counter()
        engine.query("MATCH (e:Evidence) RETURN e.id, e.study, e.stance, e.publication LIMIT $rows", {"rows": rows})
        read = rows / (time.perf_counter() - begun)
    return {
        "first_ms": first, "second_ms": second, "one_hop_p50_ms": statistics.median(one_hop),
        "two_hops_p50_ms": statistics.median(two_hops), "rows_per_second": read,
    }  # fmt: skip


def _records(folder: Path) -> tuple[dict[tuple[str, ...], list[Any]], dict[tuple[str, str, str], list[Any]]]:
    """Return the records by labels, and by type and kinds of ends."""
    nodes: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    links: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    with (folder / "nodes").open(encoding="utf-8") as stream:
        for labels, properties in map(json.loads, stream):
            nodes[tuple(labels)].append(properties)
    with (folder / "links").open(encoding="utf-8") as stream:
        for kind, start, end, properties in map(json.loads, stream):
            links[kind, start[0], end[0]].append((start[1], end[1], properties))
    return nodes, links


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


WORKERS = {"prepare": prepare, "ours": ours, "bulk": bulk, "transactions": transactions, "asking": asking}


def _run(name: str, folder: Path) -> dict[str, Any]:
    """Run a worker in a fresh process and watch the memory of its whole tree."""
    import psutil

    command = [sys.executable, __file__, "--worker", name, "--folder", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "ARCADEDB_JVM_ARGS": "-Xmx1024m -XX:+UseSerialGC"}
    with (folder / f"{name}.txt").open("w+", encoding="utf-8") as stream:
        process = psutil.Popen(command, stdout=stream, stderr=subprocess.STDOUT, cwd=folder, env=environment)
        peak = 0
        while process.poll() is None:
            total = 0
            for one in [process, *_children(process)]:
                try:
                    total += one.memory_info().rss
                except psutil.Error:
                    continue
            peak = max(peak, total)
            time.sleep(0.05)
        stream.seek(0)
        said = stream.read().splitlines()
        if process.returncode:
            raise SystemExit(f"{name} failed with exit code {process.returncode}: {said[-1:]}")
        result: dict[str, Any] = json.loads(next(line for line in reversed(said) if line.startswith("{")))
    return result | {"megabytes": round(peak / 1e6)}


def _children(process: Any) -> list[Any]:
    import psutil

    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=20181010)
    parser.add_argument("--worker", choices=sorted(WORKERS))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.worker:
        print(f"\n{json.dumps(WORKERS[options.worker](options.folder))}", flush=True)
        return
    sys.path.insert(0, str(ROOT))
    from benchmarks.bench_assembly import generate

    versions = f"Python {platform.python_version()}, ArcadeDB {version('arcadedb-embedded')}"
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, {versions}")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        generate(folder, options.statements, options.seed)
        results = {worker: _run(worker, folder) for worker in WORKERS}
    made, asked = results["prepare"], results["asking"]
    records = made["nodes"] + made["links"]
    print(f"graph: {made['counts']}: {made['nodes']:,} nodes, {made['links']:,} relationships")
    for worker in ("ours", "bulk", "transactions"):
        seconds = results[worker]["seconds"]
        print(f"{worker}: {seconds:.1f} s, {records / seconds:,.0f} records/s, peak {results[worker]['megabytes']:,} MB")
    print(
        f"first query {asked['first_ms']:.0f} ms with the start, second {asked['second_ms']:.0f} ms; one hop p50 "
        f"{asked['one_hop_p50_ms']:.1f} ms, two hops {asked['two_hops_p50_ms']:.1f} ms; {asked['rows_per_second']:,.0f} rows/s"
    )
    mine = results["ours"]["seconds"]
    rates = {f"rate_over_bare_{name}": round(results[name]["seconds"] / mine, 2) for name in ("transactions", "bulk")}
    print(json.dumps({
        **rates, "rate_over_bound": round(rates["rate_over_bare_transactions"] / BOUND, 2),
        "records_per_second": round(records / mine), "seconds": round(mine, 1), "megabytes": results["ours"]["megabytes"],
        **{f"{name}_seconds": round(results[name]["seconds"], 1) for name in ("transactions", "bulk")},
        **{name: round(asked[name], 1) for name in ("first_ms", "second_ms", "one_hop_p50_ms", "two_hops_p50_ms")},
        "rows_per_second": round(asked["rows_per_second"]), "store_megabytes": round(results["ours"]["bytes"] / 1e6),
        "nodes": made["nodes"], "relationships": made["links"], "statements": options.statements, "cores": os.cpu_count(),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
