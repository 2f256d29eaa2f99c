"""The peer of bench_engines.py: how fast kgx writes statements as RDF. Run by an interpreter that has kgx.

``python -m venv kgx && kgx/bin/pip install kgx biolink-model``, then ``bench_engines.py --kgx kgx/bin/python``. Statements are
synthetic, as those of bench_assembly.py, in KGX's own TSV: an edge each, with a publication, knowledge level and agent type.
kgx fetches the Biolink model and a JSON-LD context when it starts; here it gets the model from the package ``biolink-model``
and the prefixes from the model, so that nothing is downloaded. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PREFIXES = {"HGNC": "http://identifiers.org/hgnc/", "PMID": "http://www.ncbi.nlm.nih.gov/pubmed/"}


def stay_offline() -> None:
    """Give kgx its model and its prefixes from what is installed."""
    import bmt.toolkit
    import requests
    import yaml

    spec = find_spec("biolink_model")
    assert spec is not None
    assert spec.submodule_search_locations
    schema = Path(next(iter(spec.submodule_search_locations))) / "schema" / "biolink_model.yaml"
    declared = yaml.safe_load(schema.read_text("utf-8"))["prefixes"]
    context = {key: value if isinstance(value, str) else value["prefix_reference"] for key, value in declared.items()} | PREFIXES
    plain = bmt.toolkit.Toolkit.__init__

    class Answer:
        status_code = 200

        def json(self) -> Any:
            return {"@context": context}

        def raise_for_status(self) -> None:
            return None

    def local(self: Any, *_: Any, **__: Any) -> None:
        plain(self, str(schema), {"predicate mappings": []})

    bmt.toolkit.Toolkit.__init__ = local
    requests.get = lambda *_, **__: Answer()


def write_tables(folder: Path, statements: int) -> list[str]:
    """Write nodes and edges in KGX's TSV and return the paths."""
    rng, genes = random.Random(20181010), max(statements // 20, 10)
    nodes, edges = folder / "peer_nodes.tsv", folder / "peer_edges.tsv"
    with nodes.open("w", encoding="utf-8") as file:
        file.write("id\tname\tcategory\n")
        file.writelines(f"HGNC:{i}\tgene {i}\tbiolink:Gene\n" for i in range(1, genes + 1))
    with edges.open("w", encoding="utf-8") as file:
        file.write("id\tsubject\tpredicate\tobject\tpublications\tknowledge_level\tagent_type\n")
        for i in range(statements):
            ends = rng.randint(1, genes), rng.randint(1, genes)
            file.write(f"e{i}\tHGNC:{ends[0]}\tbiolink:affects\tHGNC:{ends[1]}\tPMID:{i}\tobservation\tmanual_agent\n")
    return [str(nodes), str(edges)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=5_000)
    options = parser.parse_args()
    stay_offline()
    from kgx.transformer import Transformer

    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        tables = write_tables(folder, options.statements)
        output = {"format": "nt", "filename": str(folder / "peer.nt")}
        began = time.perf_counter()
        Transformer(stream=True).transform(input_args={"format": "tsv", "filename": tables}, output_args=output)
        seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"statements": options.statements, "seconds": round(seconds, 3)}) + "\n")


if __name__ == "__main__":
    main()
