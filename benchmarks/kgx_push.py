"""kgx's Neo4j sink as a peer of `benchmarks/bench_neo4j.py`; runs in an interpreter that has ``kgx`` and ``biolink-model``.

Run ``python kgx_push.py NODES.jsonl EDGES.jsonl`` with ``NEO4J_URI``, ``NEO4J_USER`` and ``NEO4J_PASSWORD`` set; prints the
seconds as JSON. Importing kgx would fetch the Biolink model and JSON-LD contexts from the network: the file of the package
and empty contexts are given instead.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace


def main() -> None:
    bmt, model = importlib.import_module("bmt"), importlib.import_module("biolink_model")
    schema = str(Path(next(iter(model.__path__))) / "schema" / "biolink_model.yaml")
    start = bmt.Toolkit.__init__
    bmt.Toolkit.__init__ = functools.partialmethod(start, schema, {"predicate mappings": []})
    nothing = SimpleNamespace(json=lambda: {"@context": {}})
    setattr(importlib.import_module("requests"), "get", lambda *_arguments, **_options: nothing)  # noqa: B010  # the JSON-LD contexts
    transformer = importlib.import_module("kgx.transformer").Transformer(stream=True)
    source = {"format": "jsonl", "filename": sys.argv[1:3]}
    sink = {
        "format": "neo4j", "uri": os.environ["NEO4J_URI"], "username": os.environ["NEO4J_USER"],
        "password": os.environ["NEO4J_PASSWORD"],
    }  # fmt: skip
    started = time.perf_counter()
    transformer.transform(source, sink)
    print(json.dumps({"seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
