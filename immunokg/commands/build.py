"""``immunokg build``: the corpus, and the sources named, into a graph directory."""

from __future__ import annotations

from pathlib import Path

import click

from immunokg.console import Session
from immunokg.options import KEY_VALUE, shared_options

__all__ = ["command"]


@click.command("build")
@click.option(
    "--from", "sources", type=KEY_VALUE, multiple=True, metavar="NAME=FILE",
    help="Also this file of a source (see `immunokg sources`). Repeatable.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Graph directory to write [default: the built-in graph].")
@shared_options("text", "json", graph=False)
def command(session: Session, sources: tuple[tuple[str, str], ...], out: Path | None) -> int:
    """Build a graph directory from the curated corpus and the given sources, and validate it.

    A graph that stands there stays until the new one is whole. Without --out the built-in graph is built, of the corpus
    alone.

    \b
    Examples:
      immunokg build
      immunokg build --out mine.ikg
      immunokg build --from drugmechdb=indication_paths.jsonl --out mine.ikg
    """
    from immunokg.building import build_checked, corpus_sources, refuse_builtin, user_sources
    from loaders.base import LossReport
    from ontologies.errors import BadInput

    if out is None:
        if sources:
            raise BadInput("the built-in graph is the corpus alone; name a directory: --out mine.ikg")
        from immunokg.home import builtin_graph
        from kg.directory import read_manifest

        with session.progress("building"):
            out = builtin_graph(say=session.detail)
        manifest = read_manifest(out)
    else:
        refuse_builtin(out)
        report = LossReport()
        files: dict[str, list[Path]] = {}
        for name, file in sources:
            files.setdefault(name, []).append(Path(file))
        with session.progress("building"):
            added = [source for name in files for source in user_sources(name, files[name], report=report)]
            manifest = build_checked(out, [*corpus_sources(), *added])
        if not report.is_empty:
            session.say(str(report))
    if session.format == "json":
        import json

        session.write(json.dumps({"path": str(out), **manifest.to_dict()}, ensure_ascii=False, indent=2))
    else:
        counts = ", ".join(f"{number} {what}" for what, number in manifest.counts.items())
        session.write(f"{out}: {counts}\ndigest {manifest.digest}")
    return 0
