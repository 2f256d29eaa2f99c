"""``immunokg evaluate``: how right the answers are, against curated paths and human labels."""

from __future__ import annotations

from pathlib import Path

import click

from immunokg.console import Session
from immunokg.options import shared_options

__all__ = ["command"]


@click.group("evaluate")
def command() -> None:
    """Measure how right the answers are, beside baselines and with intervals.

    \b
    Examples:
      immunokg evaluate paths --data drugmechdb_paths.jsonl.gz
      immunokg evaluate paths --data mine.jsonl.gz --gold others.jsonl.gz --format json
      immunokg evaluate readers --labels labels.jsonl.gz --statements statements.json.gz
    """


@command.command("paths")
@click.option("--data", type=click.Path(path_type=Path), metavar="FILE",
              help="DrugMechDB records (JSON lines) that make the graph; may be left out beside --gold.")  # fmt: skip
@click.option("--gold", type=click.Path(path_type=Path), metavar="FILE",
              help="Ask about the pairs of these records instead of those of --data.")  # fmt: skip
@click.option("--k", type=click.IntRange(1, 1000), default=10, show_default=True, help="Paths ranked for each pair.")
@click.option("--max-steps", type=click.IntRange(2, 12), default=6, show_default=True, help="Steps of a path.")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="Ask about N pairs only, drawn with --seed.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of sample, random ranking and intervals.")
@click.option("--corpus/--no-corpus", default=True, show_default=True, help="The shipped corpus is part of the graph.")
@shared_options("text", "json", graph=False)
def _paths(
    session: Session, data: Path | None, gold: Path | None, k: int, max_steps: int, sample: int | None, seed: int, *, corpus: bool
) -> None:
    """Rank paths for curated drug-disease pairs while what their own records say is hidden, and score them.

    The graph is the corpus, --data and, if given, --gold; for each pair all its records are hidden, wherever they stand.
    Nodes between drug and disease and their directions are compared, not relations. Baselines (no answer, shortest paths,
    rare nodes first, hubs first, random) rank the same paths.

    \b
    Examples:
      immunokg evaluate paths --data drugmechdb_paths.jsonl.gz
      immunokg evaluate paths --data drugmechdb_paths.jsonl.gz --sample 200 --no-corpus
      immunokg evaluate paths --data mine.jsonl.gz --gold others.jsonl.gz --format json
    """
    from immunokg.evaluating import evaluation_graph, read_gold
    from ontologies.errors import BadInput
    from queries.evaluation.paths import evaluate_paths

    files = [file for file in (gold, data) if file is not None]
    if not files:
        raise BadInput("there is nothing to ask about: give DrugMechDB records with --data FILE or --gold FILE")
    with session.progress("reading"):
        graph = evaluation_graph(files, corpus=corpus)
        asked, *rest = (read_gold(file, graph) for file in files)
        others = rest[0] if rest else []
    with session.progress("asking"):
        found = evaluate_paths(graph, asked, others=others, k=k, max_steps=max_steps, sample=sample, seed=seed)
    if session.format == "json":
        import json

        session.write(json.dumps(found.to_dict(), indent=2))
    else:
        from queries.evaluation.report import to_text

        session.write(to_text(found))


@command.command("readers")
@click.option("--labels", type=click.Path(path_type=Path), metavar="FILE",
              help="Curators' labels (JSON lines, or a TSV sample of one reader).")  # fmt: skip
@click.option("--statements", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
              help="INDRA statements (JSON) that name the reader of each labelled evidence. Repeatable.")  # fmt: skip
@click.option("--gold", type=click.Path(path_type=Path), metavar="FILE",
              help="Score the rates (of --labels, else those that ship) on these labels.")  # fmt: skip
@click.option("--sampled", default="reach", show_default=True, metavar="READER", help="The reader of a TSV sample.")
@click.option("--source", default="", metavar="TEXT", help="What the column 'source' of the TSV table shall say.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of folds and intervals.")
@shared_options("text", "json", "tsv", graph=False)
def _readers(
    session: Session, labels: Path | None, statements: tuple[Path, ...], gold: Path | None, sampled: str, source: str, seed: int
) -> None:
    """Estimate how often each reader is right, and test the rates on labels they did not see.

    Prints the rates with intervals, and Brier score, log loss, AUROC and a reliability table beside those of a constant
    guess. --format tsv writes the table that beliefs are computed with (ontologies/extractors.tsv).

    \b
    Examples:
      immunokg evaluate readers --labels labels.jsonl.gz --statements statements.json.gz
      immunokg evaluate readers --gold reach_sample.tsv.gz
    """
    from immunokg.evaluating import label_evaluation
    from queries.evaluation.reader_report import to_text, to_tsv

    with session.progress("estimating"):
        found = label_evaluation(labels, statements, gold, sampled=sampled, source=source, seed=seed)
    if session.format == "json":
        import json

        session.write(json.dumps(found.to_dict(), indent=2))
    elif session.format == "tsv":
        session.write(to_tsv(found.readers))
    else:
        session.write(to_text(found))
