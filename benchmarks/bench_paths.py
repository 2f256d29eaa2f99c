"""The 20 best loopless paths of at most 4 steps, against scipy's Yen, igraph and networkx on the same graph in the same run.

The graph is generated, seeded, in the shape of Hetionet (`hetionet_shape.py`); questions are unrelated drug-disease pairs.
Ours answers with signs, with and without coherence costs between steps, from the memory-mapped file. The peers know neither
signs nor a bound on length: for the comparison of answers ours runs without signs too, and the costs of the peers' paths of
at most 4 steps must be the first ones of ours. Then: 3, 5 and 6 steps; a graph of PrimeKG's size (129,375 nodes, 8.1 million
arcs); growth at the same density up to 100 million arcs; the pure-Python search; the first explanation of a fresh process.

    pip install scipy igraph        (peers; igraph is GPL and therefore no dependency of the project)
    python benchmarks/bench_paths.py [--pairs 200] [--no-growth] [--no-peers]

Takes about 6 minutes and 10 GB of memory with everything on. The last line is JSON, ratios first.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from hetionet_shape import Shape, generate, pairs

from queries.engine import find_paths
from queries.engine.arcs import ArcTable, write_arcs
from queries.engine.query import PathQuery

TARGET_P50, TARGET_P95 = 1.5, 4.0  # milliseconds
K, STEPS = 20, 4
Engine: TypeAlias = Literal["auto", "python", "kernel"]
SEED = 20261122


def main() -> None:
    """Run every part and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--no-growth", action="store_true", help="leave out the graphs above 4.5 million arcs")
    parser.add_argument("--no-peers", action="store_true", help="leave out scipy, igraph and networkx")
    parser.add_argument("--peer", nargs=3, metavar=("NAME", "FOLDER", "PAIRS"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        print(json.dumps(run_peer(asked.peer[0], Path(asked.peer[1]), int(asked.peer[2]))))
        return
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="bench-paths-") as name:
        folder = Path(name)
        shape = generate(SEED)
        print(f"Hetionet-shaped: {shape.nodes:,} nodes, {shape.arcs:,} arcs, largest degree {_largest(shape):,}")
        table = stored(shape, folder / "hetionet", figures)
        questions = pairs(shape, asked.pairs + 20, SEED)
        warm, questions = questions[:20], questions[20:]
        for steps in (3, STEPS, 5, 6):
            for coherence in (False, True):
                label = f"{steps} steps, coherence {'on' if coherence else 'off'}"
                p50, p95 = latency(table, warm, questions, steps, coherence, label)
                if steps == STEPS:
                    figures["p50_ms_coherence" if coherence else "p50_ms"] = p50
                    figures["p95_ms_coherence" if coherence else "p95_ms"] = p95
                else:
                    figures[f"p50_ms_{steps}_steps{'_coherence' if coherence else ''}"] = p50
                    figures[f"p95_ms_{steps}_steps{'_coherence' if coherence else ''}"] = p95
        figures["p50_ms_python"], _ = latency(
            table, warm[:1], questions[:5], STEPS, False, f"{STEPS} steps, coherence off, pure Python", engine="python"
        )
        if not asked.no_peers:
            figures |= peers(shape, folder, questions)
        figures |= {"nodes": shape.nodes, "arcs": shape.arcs, "pairs": len(questions), "k": K, "max_steps": STEPS}
        del shape, table
        if not asked.no_growth:
            figures |= growth(folder, figures["p50_ms"], asked.pairs)
    figures |= fresh_process()
    figures |= {"within_target": figures["p50_ms"] <= TARGET_P50 and figures["p95_ms"] <= TARGET_P95}
    figures |= {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    first = ("p50_ms", "p95_ms", "ratio_scipy", "ratio_igraph", "ratio_networkx")
    print(json.dumps({**{key: figures[key] for key in first if key in figures}, **figures}))


def stored(shape: Shape, folder: Path, figures: dict[str, Any], *, signed: bool = True, label: str = "") -> ArcTable:
    """Write the graph as an arc table, open it memory-mapped, note how long opening took, and touch every page once."""
    folder.mkdir()
    signs = shape.signs if signed else np.ones_like(shape.signs)
    write_arcs(
        folder, shape.nodes, shape.tails, shape.heads, signs, shape.costs,
        relations=shape.relations, classes=shape.classes, node_costs=shape.node_costs,
    )  # fmt: skip
    start = time.perf_counter()
    table = ArcTable.open(folder)
    figures[f"open_ms{label}"] = round((time.perf_counter() - start) * 1000, 2)
    np.frombuffer(table.data, dtype=np.uint8)[::4096].max()  # warm: every page of the file has been touched once
    return table


def coherence_cost() -> Callable[[int, int], int]:
    """Return a fixed cost for each pair of contexts: most agree, some disagree in a little, some in much."""
    choices = np.array([0, 0, 0, 0, 0, 0, 0, 0, 250_000, 250_000, 500_000, 1_000_000, 2_000_000])
    drawn = choices[np.random.default_rng(SEED).integers(0, len(choices), (500, 500))].tolist()
    return lambda first, second: 0 if first == second else int(drawn[first][second])


def latency(
    table: ArcTable, warm: list[tuple[int, int]], questions: list[tuple[int, int]], steps: int, coherence: bool, label: str,
    *, engine: Engine = "auto",
) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds over the questions, each asked once for each sign in turn."""
    cost = coherence_cost() if coherence else None

    def ask(drug: int, disease: int, sign: int) -> int:
        query = PathQuery({drug: 1}, {disease: sign}, max_steps=steps, pair_cost=cost)
        return len(list(islice(find_paths(table, query, engine=engine), K)))

    for drug, disease in warm:
        ask(drug, disease, 1)
    took, found = [], 0
    for number, (drug, disease) in enumerate(questions):
        start = time.perf_counter()
        found += ask(drug, disease, 1 if number % 2 else -1)
        took.append((time.perf_counter() - start) * 1000)
    again = []
    if engine == "auto":
        for number, (drug, disease) in enumerate(questions):
            start = time.perf_counter()
            ask(drug, disease, 1 if number % 2 else -1)
            again.append((time.perf_counter() - start) * 1000)
    p50, p95 = round(statistics.median(took), 3), round(sorted(took)[max(round(len(took) * 0.95) - 1, 0)], 3)
    second = f"; all asked again p50 {statistics.median(again):.3f} ms" if again else ""
    print(f"  {label:45} p50 {p50:9.3f} ms  p95 {p95:9.3f} ms  ({len(took)} questions, {found} paths{second})", flush=True)
    return p50, p95


def peers(shape: Shape, folder: Path, questions: list[tuple[int, int]]) -> dict[str, Any]:
    """Time each peer in a process of its own on the first questions, and compare its answers with ours."""
    np.savez(folder / "arcs.npz", tails=shape.tails, heads=shape.heads, costs=_weights(shape), nodes=shape.nodes)
    (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    plain = stored(shape, folder / "unsigned", {}, signed=False)
    figures: dict[str, Any] = {}
    for name, number in (("scipy", 7), ("igraph", 3), ("networkx", 2)):
        done = subprocess.run(
            [sys.executable, __file__, "--peer", name, str(folder), str(number)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{name} failed:\n{done.stderr}")
        told = json.loads(done.stdout.splitlines()[-1])
        ours = []
        for drug, disease in questions[-20:]:  # warm, as the peers are: their graph is in memory before they are asked
            list(islice(find_paths(plain, PathQuery({drug: 1}, {disease: 1}, max_steps=STEPS)), K))
        for (drug, disease), costs in zip(questions, told["costs"], strict=False):
            query = PathQuery({drug: 1}, {disease: 1}, max_steps=STEPS)
            start = time.perf_counter()
            found = list(islice(find_paths(plain, query), K))
            ours.append(time.perf_counter() - start)
            expected = [path.cost + int(shape.node_costs[drug]) for path in found][: len(costs)]
            if expected != costs:
                raise SystemExit(f"{name} answers otherwise: {costs} against {expected}")
        peer, own = statistics.median(told["seconds"]), statistics.median(ours)
        figures[f"ratio_{name}"] = round(peer / own)
        figures[f"{name}_s"] = round(peer, 3)
        print(f"  {name} {told['version']}, k = {told['k']}: median {peer:.2f} s of {len(told['seconds'])} questions; ours on")
        print(f"    the same, k = {K}: {own * 1000:.3f} ms; ratio {peer / own:,.0f}")
        equal = sum(map(len, told["costs"]))
        print(f"    {equal} of its paths have at most {STEPS} steps: all cost the same as ours", flush=True)
    return figures


def run_peer(name: str, folder: Path, number: int) -> dict[str, Any]:
    """In a process of its own: answer the first questions with a peer; costs (in 1e-6) of paths of at most 4 steps."""
    with np.load(folder / "arcs.npz") as stored_arcs:
        arcs = {key: stored_arcs[key] for key in stored_arcs.files}
    questions = [(int(a), int(b)) for a, b in json.loads((folder / "questions.json").read_text(encoding="utf-8"))][:number]
    k, version, ask = _PEERS[name](arcs)
    seconds, costs = [], []
    for drug, disease in questions:
        start = time.perf_counter()
        paths = list(ask(drug, disease))
        seconds.append(time.perf_counter() - start)
        costs.append([round(cost * 1e6) for cost, steps in paths if steps <= STEPS])
    return {"seconds": seconds, "costs": costs, "k": k, "version": version}


Asker = Callable[[int, int], Iterator[tuple[float, int]]]


def _scipy(arcs: dict[str, Any]) -> tuple[int, str, Asker]:
    import scipy
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import yen

    nodes = int(arcs["nodes"])
    offsets = np.searchsorted(arcs["tails"], np.arange(nodes + 1)).astype(np.int32)  # yen takes 32-bit indices only
    matrix = csr_array((arcs["costs"], arcs["heads"].astype(np.int32), offsets), shape=(nodes, nodes))

    def ask(drug: int, disease: int) -> Iterator[tuple[float, int]]:
        costs, before = yen(matrix, drug, disease, K, return_predecessors=True)
        for cost, row in zip(costs, before, strict=True):
            node, steps = disease, 0
            while node != drug:
                node, steps = int(row[node]), steps + 1
            yield float(cost), steps

    return K, scipy.__version__, ask


def _igraph(arcs: dict[str, Any]) -> tuple[int, str, Asker]:
    import igraph

    graph = igraph.Graph(int(arcs["nodes"]), np.stack([arcs["tails"], arcs["heads"]], axis=1), directed=True)
    weights = arcs["costs"].tolist()

    def ask(drug: int, disease: int) -> Iterator[tuple[float, int]]:
        for path in graph.get_k_shortest_paths(drug, to=disease, k=K, weights=weights, output="epath"):
            yield sum(weights[edge] for edge in path), len(path)

    return K, igraph.__version__, ask


def _networkx(arcs: dict[str, Any]) -> tuple[int, str, Asker]:
    import networkx as nx

    graph: Any = nx.DiGraph()
    graph.add_weighted_edges_from(zip(arcs["tails"].tolist(), arcs["heads"].tolist(), arcs["costs"].tolist(), strict=True))

    def ask(drug: int, disease: int) -> Iterator[tuple[float, int]]:
        for path in islice(nx.shortest_simple_paths(graph, drug, disease, weight="weight"), 5):
            yield nx.path_weight(graph, path, "weight"), len(path) - 1

    return 5, nx.__version__, ask


_PEERS = {"scipy": _scipy, "igraph": _igraph, "networkx": _networkx}


def growth(folder: Path, base: float, number: int) -> dict[str, Any]:
    """Ask the same on a graph of PrimeKG's size and on larger and larger ones of Hetionet's density."""
    figures: dict[str, Any] = {}
    sizes = {"primekg": (129_375 / 47_031, 8.1e6 / 4_500_394), "20m": (20e6 / 4_500_394,) * 2, "100m": (100e6 / 4_500_394,) * 2}
    for label, (nodes, edges) in sizes.items():
        shape = generate(SEED, nodes=nodes, edges=edges)
        questions = pairs(shape, number + 20, SEED)
        table = stored(shape, folder / label, figures, label=f"_{label}")
        figures[f"arcs_{label}"], figures[f"nodes_{label}"] = shape.arcs, shape.nodes
        print(f"{label}: {shape.nodes:,} nodes, {shape.arcs:,} arcs, opened in {figures[f'open_ms_{label}']} ms")
        del shape
        for coherence in (False, True):
            told = f"{STEPS} steps, coherence {'on' if coherence else 'off'}"
            p50, p95 = latency(table, questions[:20], questions[20:], STEPS, coherence, told)
            end = f"{label}{'_coherence' if coherence else ''}"
            figures[f"p50_ms_{end}"], figures[f"p95_ms_{end}"] = p50, p95
        figures[f"p50_{label}_to_4.5m"] = round(figures[f"p50_ms_{label}"] / base, 2)
        del table
    return figures


def fresh_process() -> dict[str, float]:
    """Time the first explanation in a new process and the same one again, on the built-in graph."""
    script = (
        "import time, immunokg as ikg; ikg.open().graph\n"
        "for _ in range(2):\n"
        "    start = time.perf_counter(); g = ikg.open() if not _ else g\n"
        "    g.explain('dupilumab', 'alopecia areata'); print(time.perf_counter() - start)\n"
    )
    subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)  # builds the graph if it is not there
    runs = []
    for _ in range(5):
        start = time.perf_counter()
        told = subprocess.run([sys.executable, "-c", script.replace("; ikg.open().graph", "")], capture_output=True, check=True)
        whole = time.perf_counter() - start
        first, warm = (float(line) for line in told.stdout.split())
        runs.append((first - warm, first, warm, whole))
    above, first, warm, whole = (round(statistics.median(column), 3) for column in zip(*runs, strict=True))
    print(f"shipped graph, fresh process: first {first} s, warm {warm} s, {above} s above warm (target 1 s); process {whole} s")
    return {"first_above_warm_s": above, "first_s": first, "warm_s": warm}


def _weights(shape: Shape) -> Any:
    """Cost of an arc with that of leaving its tail, as the peers have no costs of nodes (ours pays none at the source)."""
    return (shape.costs.astype(np.float64) + shape.node_costs[shape.tails]) / 1e6


def _largest(shape: Shape) -> int:
    return int(np.bincount(shape.tails).max())


if __name__ == "__main__":
    random.seed(SEED)
    main()
