"""``immunokg explain SOURCE TARGET``: the two-sided explanation as a page, Markdown, HTML, JSON, and a figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from immunokg.console import Session
from immunokg.options import ISO_DATE, KEY_VALUE, shared_options

if TYPE_CHECKING:
    from queries.explanation.answer import Explanation

__all__ = ["command"]


@click.command("explain")
@click.argument("source")
@click.argument("target")
@click.option("--k", type=click.IntRange(1, 1000), default=20, show_default=True, help="Mechanisms for each side.")
@click.option("--max-steps", type=click.IntRange(1, 12), default=6, show_default=True, help="Steps of a mechanism.")
@click.option("--as-of", type=ISO_DATE, help="Only evidence surely published by then (2018-10-01, 2018-10 or 2018).")
@click.option(
    "--context", type=KEY_VALUE, multiple=True, metavar="KEY=VALUE",
    help="Where and in whom the question is asked: species (or taxon), cell, tissue, disease, ligand or stage, as a name or "
    "CURIE, or population, as words (population=child). Repeatable.",
)  # fmt: skip
@click.option("--versus", metavar="NAME", help="Compare with another drug: what only one of the two reaches.")
@click.option(
    "--observed", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE",
    help="Hold measured markers (a table: name, up or down, study) against both sides; - is standard input.",
)  # fmt: skip
@click.option(
    "--without-study", multiple=True, metavar="KEY",
    help="Leave out a study (PMID:…, DOI:…, NCT… or its name) and all that may retell it. Repeatable.",
)  # fmt: skip
@click.option("--why", is_flag=True, help="Show the studies and the cost of every step.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Stop searching then.")
@click.option("--figure", type=click.Path(path_type=Path, dir_okay=False), help="Also draw it: .svg, .pdf or .png.")
@shared_options("text", "markdown", "html", "json")
def command(
    session: Session,
    source: str,
    target: str,
    figure: Path | None,
    why: bool,
    **asked: Any,
) -> int:
    """Explain why the drug SOURCE helps, and why it harms, in the disease TARGET.

    Both are names, synonyms or CURIEs. Prints how sure each side is; in whom and when; the clinical evidence for and against
    by study design; the best mechanisms to benefit and to harm with their studies, where the two part and their weakest
    steps; rivals; what would decide; and what is missing. Exits with 1 when the graph holds nothing for either side.

    \b
    Examples:
      immunokg explain dupilumab "alopecia areata"
      immunokg explain Dupixent "alopecia areata" --as-of 2018-10-01
      immunokg explain dupilumab "alopecia areata" --versus prednisone --why
      immunokg explain dupilumab "alopecia areata" --format html > why.html
      immunokg explain infliximab psoriasis --format json
      immunokg explain dupilumab "alopecia areata" --figure why.svg
    """
    if figure is not None:
        from immunokg.pictures import check_name

        check_name(figure)
    answer = session.open_graph().explain(source, target, **_arguments(asked))
    session.write(_page(session, answer, why=why))
    if figure is not None:
        if answer.benefit.paths or answer.harm.paths:
            from queries.figures import draw

            draw(answer, figure)
            session.say(f"figure: {figure}")
        else:
            session.say("no figure: there is no mechanism to draw")
    return 1 if answer.benefit.status == answer.harm.status == "none" else 0


def _arguments(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `KnowledgeGraph.explain`; what was not asked is not passed."""
    observed = asked.pop("observed")
    if observed is not None:
        asked["observed"] = _standard_input() if str(observed) == "-" else observed
    asked["context"] = _grouped(asked["context"])
    optional = {"versus", "without_study"}
    return {name: value for name, value in asked.items() if value or name not in optional}


def _standard_input() -> str:
    from immunokg.options import read_text_argument

    return read_text_argument("-")


def _page(session: Session, answer: Explanation, *, why: bool) -> str:
    if session.format == "json":
        import json

        return json.dumps(answer.to_dict(), ensure_ascii=False, indent=2)
    if session.format == "html":
        from queries.page.html import to_html

        return to_html(answer, figure_svg=_drawn(session, answer))
    if session.format == "markdown":
        from queries.page import to_markdown

        return to_markdown(answer, why=why)
    from queries.page import to_text

    return to_text(answer, width=session.width, color=session.color, why=why)


def _drawn(session: Session, answer: Explanation) -> str | None:
    """Return the figure as SVG, or None where there is nothing to draw or nothing to draw with."""
    if not (answer.benefit.paths or answer.harm.paths):
        return None
    from ontologies.errors import MissingPart
    from queries.figures import svg_text

    try:
        return svg_text(answer)
    except MissingPart as error:
        session.say(f"no figure in the page: {error}")
        return None


def _grouped(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return grouped
