"""``immunokg explain SOURCE TARGET``: the two-sided explanation as a page, Markdown, JSON, and a figure."""

from __future__ import annotations

from pathlib import Path

import click

from immunokg.console import Session
from immunokg.options import ISO_DATE, KEY_VALUE, shared_options

__all__ = ["command"]


@click.command("explain")
@click.argument("source")
@click.argument("target")
@click.option("--k", type=click.IntRange(1, 1000), default=20, show_default=True, help="Mechanisms for each side.")
@click.option("--max-steps", type=click.IntRange(1, 12), default=6, show_default=True, help="Steps of a mechanism.")
@click.option("--as-of", type=ISO_DATE, help="Only evidence surely published by then (2018-10-01, 2018-10 or 2018).")
@click.option(
    "--context", type=KEY_VALUE, multiple=True, metavar="KEY=VALUE",
    help="Where the question is asked: taxon, cell, tissue, disease, ligand or stage, as a name or CURIE. Repeatable.",
)  # fmt: skip
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Stop searching then.")
@click.option("--figure", type=click.Path(path_type=Path, dir_okay=False), help="Also draw it: .svg, .pdf or .png.")
@shared_options("text", "markdown", "json")
def command(
    session: Session,
    source: str,
    target: str,
    k: int,
    max_steps: int,
    as_of: str | None,
    context: tuple[tuple[str, str], ...],
    timeout: float | None,
    figure: Path | None,
) -> int:
    """Explain why the drug SOURCE helps, and why it harms, in the disease TARGET.

    Both are names, synonyms or CURIEs. Prints the clinical evidence for and against by study design, the best mechanisms
    to benefit and to harm with their studies, where the two part, under which conditions each holds, and what is missing.
    Exits with 1 when the graph holds nothing for either side.

    \b
    Examples:
      immunokg explain dupilumab "alopecia areata"
      immunokg explain Dupixent "alopecia areata" --as-of 2018-10-01
      immunokg explain infliximab psoriasis --format json
      immunokg explain dupilumab "alopecia areata" --figure why.svg
    """
    if figure is not None:
        from immunokg.pictures import check_name

        check_name(figure)
    graph = session.open_graph()
    answer = graph.explain(
        source, target, k=k, max_steps=max_steps, as_of=as_of, context=_grouped(context), timeout=timeout
    )
    nothing = answer.benefit.status == answer.harm.status == "none"
    if session.format == "json":
        import json

        session.write(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    elif session.format == "markdown":
        from queries.page import to_markdown

        session.write(to_markdown(answer))
    else:
        from queries.page import to_text

        session.write(to_text(answer, width=session.width, color=session.color))
    if figure is not None:
        if answer.benefit.paths or answer.harm.paths:
            from queries.figures import draw

            draw(answer, figure)
            session.say(f"figure: {figure}")
        else:
            session.say("no figure: there is no mechanism to draw")
    return 1 if nothing else 0


def _grouped(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return grouped
