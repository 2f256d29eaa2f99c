"""``immunokg paths SOURCE TARGET``: the best signed paths between two things, with everything that may be asked of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from immunokg.console import Session
from immunokg.options import ISO_DATE, KEY_VALUE, shared_options

if TYPE_CHECKING:
    from queries.named_paths import FoundPaths, NamedPath

__all__ = ["command"]

_LEAST = 1e-6  # seconds of searching when opening the graph took all the time


@click.command("paths")
@click.argument("source")
@click.argument("target")
@click.option("--and-source", multiple=True, metavar="NAME", help="Start there, too. Repeatable.")
@click.option("--and-target", multiple=True, metavar="NAME", help="End there, too. Repeatable.")
@click.option(
    "--sign", type=click.Choice(("up", "down", "any")), default="any", show_default=True, help="What happens to the target."
)
@click.option("--pattern", metavar="TEXT", help="The form of a path: 'Drug -[inhibits]-> Gene -> … -> Disease'.")
@click.option("--through", multiple=True, metavar="NAME", help="Pass it. Repeatable: pass each.")
@click.option("--avoid", multiple=True, metavar="NAME", help="Never pass it. Repeatable.")
@click.option("--relation", "relations", multiple=True, metavar="NAME", help="Only this relation. Repeatable.")
@click.option("--avoid-relation", "avoid_relations", multiple=True, metavar="NAME", help="Not this relation. Repeatable.")
@click.option(
    "--tier", "tiers", type=click.Choice(("causal", "structural", "association")), multiple=True,
    help="Only relations of this tier. Repeatable.",
)  # fmt: skip
@click.option("--category", "categories", multiple=True, metavar="NAME", help="Pass only this category. Repeatable.")
@click.option("--avoid-category", "avoid_categories", multiple=True, metavar="NAME", help="Never pass it. Repeatable.")
@click.option("--source-of", "sources", multiple=True, metavar="NAME", help="Only evidence of this source. Repeatable.")
@click.option("--as-of", type=ISO_DATE, help="Only evidence surely published by then (2018-10-01, 2018-10 or 2018).")
@click.option(
    "--context", type=KEY_VALUE, multiple=True, metavar="KEY=VALUE",
    help="Leave out what is stated only for something else: taxon, cell, tissue, disease, ligand or stage. Repeatable.",
)  # fmt: skip
@click.option("--min-support", type=click.IntRange(min=0), default=0, metavar="N", help="Studies for each step, at least.")
@click.option("--min-belief", type=click.FloatRange(0, 1), default=0.0, metavar="X", help="Belief in each step, at least.")
@click.option("--hypotheses", is_flag=True, help="Steps may rest on suppositions alone.")
@click.option("--coherence/--no-coherence", default=True, show_default=True, help="Compare contexts of consecutive steps.")
@click.option("--k", type=click.IntRange(1, 100_000), default=20, show_default=True, help="Paths.")
@click.option("--max-steps", type=click.IntRange(1, 12), default=4, show_default=True, help="Steps of a path.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Stop searching then.")
@shared_options("text", "json", "csv", "tsv")
def command(
    session: Session,
    source: str,
    target: str,
    and_source: tuple[str, ...],
    and_target: tuple[str, ...],
    context: tuple[tuple[str, str], ...],
    timeout: float | None,
    **asked: Any,
) -> int:
    """Find the best signed paths from SOURCE to TARGET, each a name, synonym or CURIE.

    A path costs less the better its steps are supported, the fewer they are, and the better their contexts agree. Exits with
    1 when there is none, and says what may be loosened.

    \b
    Examples:
      immunokg paths dupilumab "alopecia areata" --sign down
      immunokg paths IL4 IFNG --tier causal --max-steps 2 --format tsv
      immunokg paths dupilumab "alopecia areata" --pattern 'Drug -| Gene -> … -> "JAK1" -> Disease'
      immunokg paths dupilumab "alopecia areata" --through IFNG --avoid JAK1 --as-of 2018-10
    """
    began = monotonic()
    from immunokg.path_finding import index_of, path_request
    from queries.paths import find

    graph = session.open_graph()
    grouped: dict[str, list[str]] = {}
    for key, value in context:
        grouped.setdefault(key, []).append(value)
    request = path_request(graph, (source, *and_source), (target, *and_target), context=grouped, **asked)
    index, written = index_of(graph), list[str]()
    write = _WRITERS[session.format]
    left = None if timeout is None else max(timeout - (monotonic() - began), _LEAST)
    found = find(index, request, timeout=left, each=lambda path: written.append(write(path, len(written) + 1)))
    _print(session, found, written)
    if found.partial:
        by_then = "these are the best paths, but there may be more" if found else "no path had been found by then"
        session.say(f"partial: the search stopped at {found.partial}; {by_then}")
    if found:
        return 0
    if not found.partial:
        from queries.path_advice import advice

        steps = f"{request.max_steps} step{'' if request.max_steps == 1 else 's'}"
        session.say(f"no path of at most {steps}: {advice(index, request)}")
    return 1


def _print(session: Session, found: FoundPaths, written: list[str]) -> None:
    """Print paths that were written one by one while the search ran, so that the time limit holds for that, too."""
    if session.format == "json":
        question = json.dumps(found.question, ensure_ascii=False)
        paths = ",\n  ".join(written)
        session.write(f'{{"question": {question},\n "paths": [{paths}],\n "partial": {json.dumps(found.partial)}}}')
    elif session.format == "text":
        session.write_lines(written)
    else:
        from queries.named_paths import COLUMNS

        session.write("".join([_table([COLUMNS], session.format), *written]))


def _text(path: NamedPath, number: int) -> str:
    first, *rest = path.details()
    return "\n".join([f"{number}. {first}", *rest, ""])


def _json(path: NamedPath, number: int) -> str:  # noqa: ARG001  # every writer is given both
    return json.dumps(path.to_dict(), ensure_ascii=False)


def _table(rows: Iterable[Sequence[Any]], form: str) -> str:
    """Return rows as lines of CSV or TSV, safe to open in a spreadsheet."""
    from immunokg.tables import safe_cell

    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=_SEPARATORS[form], lineterminator="\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return lines.getvalue()


_SEPARATORS = {"csv": ",", "tsv": "\t"}
_WRITERS: dict[str, Callable[[NamedPath, int], str]] = {
    "text": _text,
    "json": _json,
    "csv": lambda path, number: _table(path.rows(number), "csv"),
    "tsv": lambda path, number: _table(path.rows(number), "tsv"),
}
