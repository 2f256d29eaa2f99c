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


def kgx(interpreter: str, statements: int) -> dict[str, Any]:
    """Return statements a second that kgx, and we, write as RDF; into Neo4j it is bench_neo4j.py that compares."""
    from benchmarks.bench_catalogue import graph_with
    from kg.directory import read_graph
    from queries.export.formats import write_graph

    found = run(interpreter, "kgx_peer.py", "--statements", str(statements))
    peer = found["statements"] / found["seconds"]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        graph = read_graph(graph_with(Path(name), statements))
        began = time.perf_counter()
        write_graph(graph, Path(name) / "ours.nq", "nquads")
        ours = len(graph.statements) / (time.perf_counter() - began)
    return {"ratio_nquads_over_kgx": round(ours / peer, 1), "ours_per_second": round(ours), "kgx_per_second": round(peer)}


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
    found["kgx"] = kgx(options.kgx, options.peer) if options.kgx else "left out: name an interpreter that has it with --kgx"
    found["rdf_store"] = run(here, "bench_rdf_store.py", "--statements", str(options.bulk))
    found["cypher_store"] = run(here, "bench_cypher_store.py", "--statements", str(options.statements))
    found["neo4j"] = run(
        here, "bench_neo4j.py", "--push", str(options.statements), "--csv", str(options.bulk),
        *(("--kgx", options.kgx) if options.kgx else ()),
    )  # fmt: skip
    found["catalogue"] = run(here, "bench_catalogue.py", "--statements", str(options.statements))
    print(json.dumps(found | {"cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
