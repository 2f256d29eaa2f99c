"""``immunokg load NAME FILE…``: one source into a graph directory, with a report of what could not be kept."""

from __future__ import annotations

import os
from pathlib import Path

import click

from immunokg.console import Session
from immunokg.options import shared_options
from loaders.base import LossReport, Mode

__all__ = ["command"]


@click.command("load")
@click.argument("name")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="Graph directory [default: IMMUNOKG_GRAPH].")
@click.option("--dry-run", is_flag=True, help="Read and report; write nothing.")
@click.option("--report", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="Form of the loss report.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Take every loss for a fault.")
@click.option("--lenient", is_flag=True, help="Skip faulty records instead of refusing the file.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Read at most N records of each file.")
@shared_options(graph=False)
def command(
    session: Session,
    name: str,
    files: tuple[Path, ...],
    into: Path | None,
    dry_run: bool,
    form: str,
    strict: bool,
    lenient: bool,
    limit: int | None,
) -> int:
    """Load FILEs of the source NAME into a graph directory, beside what it holds ('-' is standard input).

    A directory that does not exist yet is made and holds the curated corpus too. Loading a source again replaces it. The
    loss report goes to standard output. With --lenient, exits with 1 when records were skipped.

    \b
    Examples:
      immunokg load drugmechdb indication_paths.jsonl --into mine.ikg
      immunokg load drugmechdb indication_paths.jsonl --dry-run --report json
      immunokg load corpus my_facts.yaml --into mine.ikg
    """
    from immunokg.building import load_into, read_records
    from ontologies.errors import BadInput

    if strict and lenient:
        raise BadInput("--strict and --lenient exclude each other; give one of them")
    mode: Mode = "strict" if strict else "lenient" if lenient else "normal"
    report = LossReport(mode=mode)
    if dry_run:
        with session.progress("reading"):
            for _ in read_records(name, files, report=report, limit=limit):
                pass
    else:
        target = into or (Path(graph) if (graph := os.environ.get("IMMUNOKG_GRAPH")) else None)
        if target is None:
            raise BadInput("the built-in graph is the corpus alone; name a directory to load into: --into mine.ikg")
        with session.progress("loading"):
            manifest = load_into(target, name, files, report=report, limit=limit)
        counts = ", ".join(f"{number} {what}" for what, number in manifest.counts.items())
        session.say(f"{target}: {counts}")
    if form == "json":
        import json

        session.write(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        session.write(str(report))
    return 1 if report.faults else 0
