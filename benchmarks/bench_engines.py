"""All speeds of the engines in one run: RDF store, embedded Cypher store, Neo4j by push and by import, kgx, and the catalogue.

Run ``python benchmarks/bench_engines.py --kgx kgx/bin/python`` (hours at full size: 1,000,000 statements for the bulk ways,
100,000 for the others) or with ``--bulk 50000 --statements 20000``. It runs bench_rdf_store.py, bench_cypher_store.py,
bench_neo4j.py, bench_catalogue.py and kgx_peer.py one after the other and gathers their last lines. Bars: every way is at least
half as fast as the engine alone, or as a bare script that sends the same records in the same batches (ratios of at least 0.5).
`--kgx` names an interpreter that has kgx (see kgx_peer.py); without it the peer is left out, and the line says so. The last line
is JSON, ratios first.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))


def run(interpreter: str, script: str, *arguments: str) -> dict[str, Any]:
    """Run one script, show what it prints, and return its last line."""
    print(f"\n== {script} {' '.join(part for part in arguments if part)}", flush=True)
    done = subprocess.run(
        [interpreter, str(HERE / script), *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    print(done.stdout, end="", flush=True)
    if done.returncode:
        raise SystemExit(f"{script} failed with exit code {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def kgx(interpreter: str, statements: int) -> dict[str, float]:
    """Return statements a second that kgx writes as RDF and into a Neo4j started here."""
    from tests.neo4j_server import Neo4jServer

    rates = {}
    size = ("--statements", str(statements))
    found = run(interpreter, "kgx_peer.py", "rdf", *size)
    rates["kgx_rdf_per_second"] = round(found["statements"] / found["seconds"])
    with tempfile.TemporaryDirectory(prefix="bench-neo4j-") as home, Neo4jServer(Path(home), heap_mb=1024) as server:
        place = ("--uri", server.uri, "--user", server.user, "--password", server.password)
        found = run(interpreter, "kgx_peer.py", "neo4j", *size, *place)
    rates["kgx_neo4j_per_second"] = round(found["statements"] / found["seconds"])
    return rates


def ours(statements: int) -> dict[str, float]:
    """Return statements a second of our N-Quads and of our push, on a graph of the same size as kgx was given."""
    from benchmarks.bench_catalogue import graph_with
    from kg.directory import read_graph
    from queries.cypher_engine.server import ServerSettings
    from queries.export.formats import write_graph
    from queries.server import push_graph
    from tests.neo4j_server import Neo4jServer

    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        tempfile.TemporaryDirectory(prefix="bench-neo4j-") as home,
        Neo4jServer(Path(home), heap_mb=1024) as server,
    ):
        graph = read_graph(graph_with(Path(name), statements))
        began = time.perf_counter()
        write_graph(graph, Path(name) / "ours.nq", "nquads")
        written = time.perf_counter()
        push_graph(ServerSettings.from_environment(server.environment), graph)
        pushed = time.perf_counter()
    number = len(graph.statements)
    return {
        "our_nquads_per_second": round(number / (written - began)),
        "our_push_per_second": round(number / (pushed - written)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bulk", type=int, default=1_000_000, help="statements of the bulk ways")
    parser.add_argument("--statements", type=int, default=100_000, help="statements of the other ways")
    parser.add_argument("--peer", type=int, default=5_000, help="statements given to kgx")
    parser.add_argument("--kgx", help="an interpreter that has kgx")
    options = parser.parse_args()
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    here = sys.executable
    found: dict[str, Any] = {}
    if options.kgx:
        peer = kgx(options.kgx, options.peer) | ours(options.peer)
        found["ratio_nquads_over_kgx"] = round(peer["our_nquads_per_second"] / peer["kgx_rdf_per_second"], 1)
        found["ratio_push_over_kgx"] = round(peer["our_push_per_second"] / peer["kgx_neo4j_per_second"], 1)
        found["kgx"] = peer
    else:
        found["kgx"] = "left out: name an interpreter that has it with --kgx"
    found["rdf_store"] = run(here, "bench_rdf_store.py", "--statements", str(options.bulk))
    found["cypher_store"] = run(here, "bench_cypher_store.py", "--statements", str(options.statements))
    found["neo4j"] = run(here, "bench_neo4j.py", "--statements", str(options.statements), "--bulk", str(options.bulk))
    found["catalogue"] = run(here, "bench_catalogue.py", "--statements", str(options.statements))
    print(json.dumps(found | {"cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
