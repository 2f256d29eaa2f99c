"""How an answer and its parts show themselves in a notebook and at the prompt."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from queries.page.blocks import GLUE, clean
from queries.page.words import chain, count, share

if TYPE_CHECKING:
    from queries.explanation.answer import Dag, Explanation, Path, Side

__all__ = ["describe_dag", "describe_path", "describe_side", "figure_or_none", "mime_bundle"]


def describe_path(path: Path) -> str:
    """Return a mechanism in one line, with its cost and what makes it doubtful."""
    if not path.steps:
        return f"<Path cost {path.score:.2f}: no steps>"
    marks = ["supposed"] if path.hypothesis else []
    marks += ["contexts contradict"] if path.clashes else []
    tail = f" ({', '.join(marks)})" if marks else ""
    return clean(f"<Path cost {path.score:.2f}: {chain(path)}{tail}>").replace(GLUE, " ")


def describe_side(side: Side) -> str:
    """Return how sure a side is and its best mechanism, in two lines at most."""
    best = f"\n  best: {describe_path(side.paths[0])}" if side.paths else ""
    stopped = ", search stopped" if side.partial else ""
    return f"<Side {side.status}, {count(len(side.paths), 'mechanism')}{stopped}>{best}"


def describe_dag(dag: Dag) -> str:
    """Return how large a merged side is and the steps that most depends on, one line each."""
    states = {(arc.step.object.id, arc.step.state) for arc in dag.arcs}
    lines = [f"<Dag of {count(len(dag.arcs), 'step')} to {count(len(states), 'state')}>"]
    for arc in sorted(dag.arcs, key=lambda arc: -arc.necessity)[:5]:
        step = arc.step
        lines.append(f"  {share(arc.necessity):>5} {step.subject.name} {step.label} {step.object.name}")
    return _clean_lines(lines)


def _clean_lines(lines: Iterable[str]) -> str:
    """Return lines as one text with whatever a terminal would obey taken out of each."""
    return "\n".join(clean(line).replace(GLUE, " ") for line in lines)


def figure_or_none(explanation: Explanation) -> str | None:
    """Return the figure as SVG, or None where there is no mechanism, or nothing to draw with."""
    if not (explanation.benefit.paths or explanation.harm.paths) or find_spec("pygraphviz") is None:
        return None
    from ontologies.errors import ImmunoKGError
    from queries.figures import svg_text

    try:
        return svg_text(explanation)
    except (ImmunoKGError, ImportError, OSError):
        return None


def mime_bundle(
    explanation: Explanation, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
) -> dict[str, Any]:
    """Return the forms in which a notebook may show the answer: plain text, Markdown, HTML, and the figure as SVG.

    `include` and `exclude` are the media types wanted and not wanted, as Jupyter passes them.
    """
    from queries.page import to_markdown
    from queries.page.html import to_fragment

    wanted = {"text/plain", "text/markdown", "text/html", "image/svg+xml"}
    wanted = (wanted & set(include) if include else wanted) - set(exclude or ())
    figure = figure_or_none(explanation) if wanted & {"text/html", "image/svg+xml"} else None
    bundle: dict[str, Any] = {}
    if "text/plain" in wanted:
        bundle["text/plain"] = repr(explanation)
    if "text/markdown" in wanted:
        bundle["text/markdown"] = to_markdown(explanation)
    if "text/html" in wanted:
        bundle["text/html"] = to_fragment(explanation, figure_svg=figure)
    if "image/svg+xml" in wanted and figure is not None:
        bundle["image/svg+xml"] = figure
    return bundle
