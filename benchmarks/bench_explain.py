"""What one question costs: wall time and peak memory of whole `immunokg` processes, against bare Python.

Runs each command several times (interpreter start included) on the built graph, prints the medians, and ends with one line
of JSON, ratios first. Targets: explain at most 1.2 s and 250 MB, --help at most 150 ms.

    python benchmarks/bench_explain.py [runs]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python": ["-c", "pass"],
    "help": ["-m", "immunokg", "--help"],
    "search": ["-m", "immunokg", "search", "Dupixent"],
    "sparql": ["-m", "immunokg", "sparql", "SELECT ?d { ?d ikg:decreases_activity_of HGNC:6015 }"],
    "explain": ["-m", "immunokg", "explain", "dupilumab", "alopecia areata"],
}
TARGETS = {"explain_s": 1.2, "explain_mb": 250.0, "help_s": 0.15}


def measure(arguments: list[str]) -> tuple[float, float]:
    """Return wall seconds and peak resident megabytes of one process."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed with {process.returncode}")
    scale = 2**20 if sys.platform == "darwin" else 1024
    return wall, usage.ru_maxrss / scale


def main(runs: int) -> None:
    """Measure every command and print the figures."""
    measure(COMMANDS["explain"])  # builds the graph if it is not there
    figures: dict[str, float] = {}
    for name, arguments in COMMANDS.items():
        seen = [measure(arguments) for _ in range(runs)]
        figures[f"{name}_s"] = round(statistics.median(wall for wall, _ in seen), 4)
        figures[f"{name}_mb"] = round(max(peak for _, peak in seen), 1)
        print(f"{name:8} {figures[f'{name}_s'] * 1000:7.0f} ms  {figures[f'{name}_mb']:6.0f} MB")
    ratios = {f"{name}_of_target": round(figures[name] / target, 3) for name, target in TARGETS.items()}
    ratios["explain_to_python"] = round(figures["explain_s"] / figures["python_s"], 1)
    print(json.dumps({**ratios, **figures, "runs": runs, "python": sys.version.split()[0]}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
