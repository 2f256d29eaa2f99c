"""How fast and how large: one million synthetic statements with two million evidences into a graph directory.

Run ``python benchmarks/bench_assembly.py`` (about a minute) or with ``--statements 50000`` for a quick look. The input is
made here, seeded, as raw Parquet tables. Two runs are compared, each in a process of its own: ours (the whole of
`kg.directory.build_graph`: identifiers, digests, merging, counts per study at two levels, refinements, conflicts, content
digest, sorted Parquet, manifest, sync) and a bare DuckDB prototype that only normalises, groups and counts. The last line
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

ROOT = Path(__file__).resolve().parent.parent
BOUND_SECONDS, BOUND_MEGABYTES = 30.0, 4096.0

RELATIONS = ("increases_activity_of", "decreases_activity_of", "increases_expression_of", "decreases_expression_of",
             "positively_regulates", "negatively_regulates", "phosphorylates", "binds", "recruits", "correlated_with",
             "associated_with", "regulates")  # fmt: skip
DESIGNS = ("in_vitro", "in_vivo", "ex_vivo", "cohort", "case_control", "review", "randomized_trial", "gwas")


def _pick(values: tuple[str, ...], salt: str) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"[{listed}][1 + (hash(i, '{salt}') % {len(values)})::INTEGER]"


def generate(folder: Path, statements: int, seed: int) -> None:
    """Write the raw tables: two findings for each of `statements` statements, entities with exact matches, publications."""
    import duckdb

    con = duckdb.connect(config={"threads": 2, "memory_limit": "2GB"})
    genes, papers = max(statements // 20, 10), max(statements // 5, 10)
    at = "'{}'".format
    con.execute(f"""COPY (
        SELECT 'HGNC:' || i AS id, 'gene ' || i AS name, 'Gene' AS category,
            ['SYN' || i, 'gene number ' || i] AS synonyms, ['NCBIGene:' || i, 'MESH:C' || lpad(i::VARCHAR, 9, '0')] AS xrefs,
            'synthetic' AS source
        FROM range(1, {genes + 1}) r(i)) TO {at(folder / "entities.parquet")}""").fetchall()
    con.execute(f"""COPY (
        SELECT 'PMID:' || i AS key, i::VARCHAR AS pmid,
            CASE WHEN i % 3 = 0 THEN '10.1000/' || i ELSE '' END AS doi, 'Paper ' || i AS title, 'J Synth' AS journal,
            (1980 + i % 45)::VARCHAR AS date, 'year' AS precision
        FROM range(1, {papers + 1}) r(i)
        UNION ALL
        SELECT 'DOI:10.1000/' || i, '', '10.1000/' || i, '', '', (1980 + i % 45)::VARCHAR, 'year'
        FROM range(300, {papers + 1}, 300) r(i)) TO {at(folder / "publications.parquet")}""").fetchall()
    con.execute(f"""COPY (
        WITH s AS (SELECT i, hash(i, '{seed}') AS h FROM range(0, {statements}) r(i)),
        statement AS (
            SELECT i,
                CASE WHEN i % 10 = 0 THEN 'NCBIGene:' ELSE 'HGNC:' END || (1 + hash(h, 's') % {genes}) AS subject,
                {_pick(RELATIONS, "relation")} AS relation,
                'HGNC:' || (1 + hash(h, 'o') % {genes}) AS object,
                CASE WHEN i % 3 = 0 THEN '{{}}'
                    ELSE '{{"taxon":["NCBITaxon:9606"],"cell":["CL:' || lpad((hash(h, 'c') % 200)::VARCHAR, 7, '0') || '"]}}'
                END AS context,
                CASE WHEN i % 20 = 0
                    THEN '[{{"variable":"dose","operator":">=","value":"' || (hash(h, 'd') % 500) || '","unit":"mg","group":""}}]'
                    ELSE '[]' END AS conditions
            FROM s
        ),
        finding AS (SELECT *, hash(i, e) AS f FROM statement, range(0, 2) r(e))
        SELECT subject, relation, object, context, conditions,
            CASE WHEN f % 100 < 80 THEN 'supports' WHEN f % 100 < 92 THEN 'refutes' ELSE 'null' END AS stance,
            'PMID:' || (1 + hash(f, 'p') % {papers}) AS publication,
            CASE WHEN f % 7 = 0 THEN 'TRIAL-' || (f % 5000) ELSE 'PMID:' || (1 + hash(f, 'p') % {papers}) END AS study,
            f % 50 = 0 AS recounts,
            {_pick(DESIGNS, "design").replace("hash(i,", "hash(f,")} AS design,
            'Finding ' || i || ' of reading ' || e || ', in our own words.' AS finding,
            (f % 400)::BIGINT AS n, 'observation' AS knowledge_level, 'synthetic' AS source, 'row ' || i AS record
        FROM finding) TO {at(folder / "assertions.parquet")} (ROW_GROUP_SIZE 100000)""").fetchall()


def ours(folder: Path) -> dict[str, Any]:
    """Build a graph directory with our assembly."""
    from kg.directory import Source, build_graph

    steps: dict[str, float] = {}
    started = last = time.perf_counter()

    def checkpoint(name: str) -> None:
        nonlocal last
        now = time.perf_counter()
        steps[name], last = round(now - last, 2), now

    tables = {name: [folder / f"{name}.parquet"] for name in ("assertions", "entities", "publications")}
    source = Source("synthetic", tables=tables)
    manifest = build_graph(folder / "bench.ikg", [source], memory="2GB", threads=2, checkpoint=checkpoint)
    return {"seconds": time.perf_counter() - started, "counts": manifest.counts, "steps": steps, "digest": manifest.digest}


def peer(folder: Path) -> dict[str, Any]:
    """Do the least that an assembly can be: normalise, digest, group, count studies, write."""
    import duckdb

    started = time.perf_counter()
    config: dict[str, Any] = {"threads": 2, "memory_limit": "2GB", "preserve_insertion_order": False}
    config["temp_directory"] = str(folder)
    con = duckdb.connect(config=config)
    con.execute(f"CREATE TABLE same AS SELECT unnest(xrefs) AS old, id AS new FROM '{folder}/entities.parquet'").fetchall()
    con.execute(f"""CREATE TABLE finding AS
        SELECT sha256(concat_ws(chr(10),
            coalesce(s.new, r.subject), relation, coalesce(o.new, r.object), context, conditions)) AS id, r.*
        FROM '{folder}/assertions.parquet' r
        LEFT JOIN same s ON s.old = r.subject
        LEFT JOIN same o ON o.old = r.object""").fetchall()
    con.execute(f"""COPY (SELECT id, any_value(subject), any_value(relation), any_value(object),
        any_value(context), any_value(conditions),
        count(DISTINCT study) FILTER (stance = 'supports') AS support, count(DISTINCT study) FILTER (stance = 'refutes') AS refute
        FROM finding GROUP BY id ORDER BY id) TO '{folder}/peer-statements.parquet'""").fetchall()
    con.execute(f"COPY (SELECT * FROM finding ORDER BY id) TO '{folder}/peer-evidence.parquet'").fetchall()
    [(number,)] = con.execute(f"SELECT count(*) FROM '{folder}/peer-statements.parquet'").fetchall()
    return {"seconds": time.perf_counter() - started, "counts": {"statements": number}}


def _run(name: str, folder: Path) -> dict[str, Any]:
    """Run one of the two in a fresh process and watch the memory of its whole tree."""
    import psutil

    command = [sys.executable, __file__, "--worker", name, "--folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    watched, peak = psutil.Process(process.pid), 0
    while process.poll() is None:
        total = 0
        for one in [watched, *_children(watched)]:
            try:
                total += one.memory_info().rss
            except psutil.Error:
                continue
        peak = max(peak, total)
        time.sleep(0.02)
    assert process.stdout is not None
    if process.returncode:
        raise SystemExit(f"{name} failed with exit code {process.returncode}")
    result: dict[str, Any] = json.loads(process.stdout.read().splitlines()[-1])
    return result | {"megabytes": round(peak / 1e6)}


def _children(process: Any) -> list[Any]:
    import psutil

    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20181010)
    parser.add_argument("--worker", choices=("ours", "peer"))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps({"ours": ours, "peer": peer}[options.worker](options.folder)))
        return
    import duckdb

    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, {versions}")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        started = time.perf_counter()
        generate(folder, options.statements, options.seed)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"input: {options.statements:,} statements, {2 * options.statements:,} evidences, "
              f"{size:.0f} MB of Parquet, made in {time.perf_counter() - started:.1f} s")
        results = {worker: _run(worker, folder) for worker in ("peer", "ours")}
    for worker, result in results.items():
        print(f"{worker}: {result['seconds']:.1f} s, peak {result['megabytes']:,} MB, {result['counts']}")
    print(f"steps of ours: {results['ours']['steps']}")
    mine, bare = results["ours"], results["peer"]
    print(json.dumps({
        "seconds_over_bare_duckdb": round(mine["seconds"] / bare["seconds"], 2),
        "megabytes_over_bare_duckdb": round(mine["megabytes"] / bare["megabytes"], 2),
        "seconds_over_bound": round(mine["seconds"] / BOUND_SECONDS, 3),
        "megabytes_over_bound": round(mine["megabytes"] / BOUND_MEGABYTES, 3),
        "seconds": round(mine["seconds"], 2), "megabytes": mine["megabytes"],
        "bare_seconds": round(bare["seconds"], 2), "bare_megabytes": bare["megabytes"],
        "statements": mine["counts"]["statements"], "evidence": mine["counts"]["evidence"], "cores": os.cpu_count(),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
