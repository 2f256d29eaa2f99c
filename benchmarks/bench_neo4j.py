"""How fast a graph comes into Neo4j: pushed over Bolt, and as CSV through the import tool; each against the bare thing.

Run ``python benchmarks/bench_neo4j.py`` (some ten minutes), or ``--push 10000 --csv 100000`` for a quick look. It makes graphs
like those of ``bench_assembly.py`` and starts real servers as the tests do (Java and Maven are needed).

* push: `queries.server.push_graph` (rows made from the graph, compared, written, read back and verified) against a bare script
  that has the same records ready and sends them in the same transactions. Bar: no less than half of its rate.
* CSV: `queries.export.neo4j_csv.write_neo4j_csv` from a graph directory plus ``neo4j-admin database import`` against the
  import of ready files. Bar: no less than half of its rate.
* peer: kgx's Neo4j sink, which writes one node for each entity and one relationship for each statement and no evidence.
  ``--kgx PYTHON`` names an interpreter that has ``kgx`` and ``biolink-model``; ``--kgx new`` makes one in a folder that goes.

The last line is JSON, ratios first.
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

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.bench_assembly import generate  # noqa: E402 (ROOT must be importable first)
from kg.directory import Source, build_graph, read_graph, resolve  # noqa: E402 (ROOT must be importable first)
from kg.graph import Graph  # noqa: E402 (ROOT must be importable first)
from queries.cypher_engine.server import ServerSettings  # noqa: E402 (ROOT must be importable first)
from tests.neo4j_server import VERSION, Neo4jServer  # noqa: E402 (ROOT must be importable first)

BATCH = 5_000


def directory(folder: Path, statements: int, seed: int) -> Path:
    """Build a graph directory of so many statements."""
    raw = folder / f"raw-{statements}"
    raw.mkdir()
    generate(raw, statements, seed)
    tables = {name: [raw / f"{name}.parquet"] for name in ("assertions", "entities", "publications")}
    build_graph(folder / f"{statements}.ikg", [Source("synthetic", tables=tables)], memory="2GB", threads=2)
    return folder / f"{statements}.ikg"


def bare(graph: Graph, server: Neo4jServer) -> tuple[float, int]:
    """Send ready records in the transactions of a push, and nothing else; return seconds and rows."""
    import neo4j

    from queries.server.differences import Differences, in_transactions
    from queries.server.texts import constraints

    ready = list(in_transactions(Differences(graph, lambda _: (), (), most=BATCH).batches(), BATCH))
    started = time.perf_counter()
    with (
        neo4j.GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver,
        driver.session(database=server.database) as session,
    ):
        for text in constraints().values():
            session.run(text).consume()
        for batches in ready:

            def unit(transaction: neo4j.ManagedTransaction, batches: list[Any] = batches) -> None:
                for batch in batches:
                    transaction.run(batch.text, rows=batch.rows).consume()

            session.execute_write(unit)
    return time.perf_counter() - started, sum(len(batch.rows) for batches in ready for batch in batches)


def ours(graph: Graph, server: Neo4jServer) -> tuple[float, float, int]:
    """Push the graph twice; return the seconds of both and the rows."""
    from queries.server import push_graph

    settings = ServerSettings.from_environment(server.environment)
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        report = push_graph(settings, graph, batch=BATCH, digest="benchmark")
        seconds.append(time.perf_counter() - started)
    assert not report.changed
    return seconds[0], seconds[1], sum(report.rows.values())


def kgx(graph: Graph, server: Neo4jServer, python: str, folder: Path) -> tuple[float, int, int]:
    """Write the graph as KGX files and let kgx push them; return seconds, records sent, and statements that arrived."""
    from ontologies.categories import category
    from ontologies.vocabulary import relation

    nodes, edges = folder / "kgx_nodes.jsonl", folder / "kgx_edges.jsonl"
    with nodes.open("w", encoding="utf-8") as file:
        for entity in graph.entities.values():
            node = {"id": entity.curie, "name": entity.name, "category": [category(entity.category).biolink]}
            file.write(json.dumps(node | {"synonym": list(entity.synonyms), "xref": list(entity.xrefs)}) + "\n")
    with edges.open("w", encoding="utf-8") as file:
        for sid, statement in graph.statements.items():
            papers = sorted({e.publication.key for e in graph.evidence[sid]})
            row: dict[str, Any] = {
                "id": sid, "subject": statement.subject, "predicate": f"ikg:{statement.relation}", "object": statement.object,
                "knowledge_level": "observation", "agent_type": "manual_agent", "publications": papers,
                "sign": int(relation(statement.relation).sign), "taxon": list(statement.context.taxon),
            }  # fmt: skip
            file.write(json.dumps(row) + "\n")
    script = str(Path(__file__).with_name("kgx_push.py"))
    done = subprocess.run(
        [python, script, str(nodes), str(edges)], env=os.environ | server.environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"kgx failed:\n{done.stderr[-2000:]}")
    ((arrived,),) = server.run("MATCH ()-[r]->() RETURN count(r)")
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"]), len(graph.entities) + len(graph.statements), int(arrived)


def kgx_python(wanted: str, folder: Path) -> str:
    """Return an interpreter with kgx, or nothing and the reason on the screen."""
    if wanted == "new":
        python = folder / "kgx" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", str(folder / "kgx")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "kgx", "biolink-model"], check=True)
        return str(python)
    if not wanted:
        print("peer kgx: not measured; give --kgx new, or --kgx PYTHON for an interpreter that has it")
        return ""
    look = "import importlib.util as u; assert u.find_spec('kgx')"
    found = subprocess.run([wanted, "-c", look], check=False, capture_output=True)
    if found.returncode:
        print(f"peer kgx: not measured; {wanted} has no kgx")
        return ""
    return wanted


def push(folder: Path, statements: int, seed: int, python: str) -> dict[str, Any]:
    graph = read_graph(directory(folder, statements, seed))
    results: dict[str, Any] = {"push_statements": len(graph.statements)}
    with Neo4jServer(folder / "bare", heap_mb=1024) as server:
        bare_seconds, rows = bare(graph, server)
    print(f"bare script: {bare_seconds:.1f} s for {rows:,} rows, {rows / bare_seconds:,.0f} rows/s", flush=True)
    with Neo4jServer(folder / "ours", heap_mb=1024) as server:
        first, again, written = ours(graph, server)
    assert written == rows
    print(f"push neo4j: {first:.1f} s, verified, {rows / first:,.0f} rows/s; again, unchanged: {again:.1f} s", flush=True)
    results |= {
        "rate_over_bare_script": round(bare_seconds / first, 3), "push_seconds": round(first, 2),
        "push_again_seconds": round(again, 2), "bare_seconds": round(bare_seconds, 2), "push_rows": rows,
    }  # fmt: skip
    if python:
        with Neo4jServer(folder / "peer", heap_mb=1024) as server:
            seconds, sent, arrived = kgx(graph, server, python, folder)
        print(f"kgx: {seconds:.1f} s for {sent:,} records ({sent / seconds:,.0f}/s); {arrived:,} of "
              f"{len(graph.statements):,} statements arrived, none of the {sum(map(len, graph.evidence.values())):,} evidences")
        results |= {
            "rows_per_second_over_kgx": round(rows / first / (sent / seconds), 2),
            "statements_per_second_over_kgx": round(seconds / first, 3), "kgx_seconds": round(seconds, 2),
        }  # fmt: skip
    return results


def csv_import(folder: Path, statements: int, seed: int) -> dict[str, Any]:
    from queries.export.neo4j_csv import write_neo4j_csv

    generation = resolve(directory(folder, statements, seed))
    started = time.perf_counter()
    write_neo4j_csv(generation, folder / "csv")
    export = time.perf_counter() - started
    size = sum(path.stat().st_size for path in (folder / "csv").iterdir()) / 1e6
    print(f"export neo4j-csv: {export:.1f} s, {size:,.0f} MB", flush=True)
    server = Neo4jServer(folder / "import")
    started = time.perf_counter()
    said = server.admin("database", "import", "full", "neo4j", "@import.args", cwd=folder / "csv", heap_mb=2048)
    tool = time.perf_counter() - started
    numbers = [line.strip() for line in said.splitlines() if line.strip().endswith(("nodes", "relationships", "properties"))]
    print(f"import tool on ready files: {tool:.1f} s ({', '.join(numbers[-3:])})", flush=True)
    return {
        "csv_rate_over_ready_csv": round(tool / (export + tool), 3), "export_seconds": round(export, 2),
        "import_seconds": round(tool, 2), "csv_statements": statements,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--push", type=int, default=100_000, help="statements to push; 0 for none")
    parser.add_argument("--csv", type=int, default=1_000_000, help="statements to export and import; 0 for none")
    parser.add_argument("--kgx", default="", metavar="PYTHON", help="an interpreter with kgx, or `new`")
    parser.add_argument("--seed", type=int, default=20181010)
    options = parser.parse_args()
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, Neo4j {VERSION}")
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        if options.push:
            results |= push(folder, options.push, options.seed, kgx_python(options.kgx, folder))
        if options.csv:
            results |= csv_import(folder, options.csv, options.seed)
    ratios = ("rate_over_bare_script", "csv_rate_over_ready_csv", "rows_per_second_over_kgx", "statements_per_second_over_kgx")
    order = [*(name for name in ratios if name in results), *(name for name in results if name not in ratios)]
    print(json.dumps({name: results[name] for name in order} | {"cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
