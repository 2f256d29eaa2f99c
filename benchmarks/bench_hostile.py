"""How long bad files take to be refused, and a good one to be read: the loaders against the bound of 2 s a file.

Run ``python benchmarks/bench_hostile.py`` (some ten seconds). Every input is made here, seeded, at most 10 MB (8 MB of YAML, the
cap of a corpus file). On sound records the peer, in the same run, is bare ``json.loads`` line by line, which checks nothing;
hostile files have no peer (PyYAML's C parser alone was still busy with eight megabytes of open brackets after minutes). The
last line is JSON, ratios first.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import platform
import random
import time
from collections.abc import Callable

from loaders import curated, drugmechdb
from loaders.base import LossReport
from ontologies.errors import BadInput

BOUND = 2.0
TEN = 10_000_000


def record(number: int) -> bytes:
    """One sound DrugMechDB record with two links."""
    nodes = [
        {"id": "MESH:C582203", "label": "Drug", "name": "dupilumab"},
        {"id": "UniProt:P24394", "label": "Protein", "name": "IL4R"},
        {"id": "MESH:D003876", "label": "Disease", "name": "Atopic dermatitis"},
    ]
    links = [
        {"key": "decreases activity of", "source": "MESH:C582203", "target": "UniProt:P24394"},
        {"key": "contributes to", "source": "UniProt:P24394", "target": "MESH:D003876"},
    ]
    graph = {"_id": f"DB{number}", "disease": "Atopic dermatitis", "drug": "dupilumab"}
    head = {"directed": True, "multigraph": True, "graph": graph, "references": []}
    return json.dumps({**head, "nodes": nodes, "links": links}).encode()


def json_inputs() -> dict[str, bytes]:
    """Lines for DrugMechDB: sound, random, cut, deep, endless, empty."""
    dice = random.Random(20261122)
    one = record(0)
    return {
        "sound records": b"\n".join(record(n) for n in range(TEN // (len(one) + 8))),
        "random bytes": dice.randbytes(TEN),
        "cut records": (one[:-7] + b"\n") * (TEN // len(one)),
        "deep": b'{"a":' * (TEN // 5),
        "one line": b"x" * TEN,
        "blank": b"\n" * TEN,
    }


def yaml_inputs() -> dict[str, bytes]:
    """Files for the corpus: random, deep, many keys, aliases, endless scalar."""
    dice = random.Random(20261122)
    return {
        "random bytes": dice.randbytes(8_000_000),
        "deep": b"[" * 8_000_000,
        "many keys": b"".join(b"k%d: %d\n" % (n, n) for n in range(500_000)),
        "aliases": b"a: &a [x]\n" + b"".join(b"k%d: *a\n" % n for n in range(500_000)),
        "long scalar": b"a: " + b"x " * 3_999_000,
    }


def timed(run: Callable[[], object]) -> float:
    """Seconds until `run` returns or refuses."""
    start = time.perf_counter()
    with contextlib.suppress(BadInput):
        run()
    return time.perf_counter() - start


def read_json(data: bytes) -> None:
    """The peer: every line through the standard parser."""
    for line in io.BytesIO(data):
        json.loads(line)


def main() -> None:
    """Time all inputs through our loaders, the sound ones through the peer too, and print the worst."""
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    worst, ratio = 0.0, 0.0
    for kind, inputs, load in (("drugmechdb", json_inputs(), drugmechdb.load), ("corpus", yaml_inputs(), curated.load)):
        for name, data in inputs.items():
            ours = timed(lambda d=data, f=load: [*f(io.BytesIO(d), name="file", report=LossReport())])  # type: ignore[misc]  # mypy infers no lambda with defaults
            print(f"{kind:<11} {name:<14} {len(data) / 1e6:5.1f} MB  {ours:6.3f} s", flush=True)
            worst = max(worst, ours)
            if name == "sound records":
                peer = timed(lambda d=data: read_json(d))  # type: ignore[misc]  # mypy infers no lambda with defaults
                print(f"{'json.loads':<11} {name:<14} {len(data) / 1e6:5.1f} MB  {peer:6.3f} s")
                ratio = ours / peer
    result = {"worst_of_bound": worst / BOUND, "sound_over_json_loads": ratio, "worst_s": worst, "bound_s": BOUND}
    print(json.dumps({key: round(value, 3) for key, value in result.items()}))


if __name__ == "__main__":
    main()
