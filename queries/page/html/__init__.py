"""An explanation as one HTML file: no script, nothing loaded from elsewhere, light and dark, narrow and on paper.

`to_html` is a whole document, `to_fragment` the same as an element to put into another page or a notebook.
"""

from __future__ import annotations

from queries.explanation.answer import Explanation
from queries.page.html.body import render_html
from queries.page.html.picture import inline_svg
from queries.page.html.style import style_sheet
from queries.page.references import identifier
from queries.page.whole import page_blocks
from queries.page.words import asked_for, count, name

__all__ = ["POLICY", "to_fragment", "to_html"]

#: What a browser may load and run for the page: nothing but its own style.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def to_html(explanation: Explanation, *, figure_svg: str | None = None) -> str:
    """Return the page as one self-contained HTML document, with the figure (`queries.figures.svg_text`) inside when given.

    Every text is escaped; control characters and marks that turn the reading direction are replaced. Raises
    `ontologies.errors.BadInput` when `figure_svg` is no SVG.
    """
    from html import escape

    from queries.page.blocks import clean

    question = explanation.question
    title = escape(clean(f"{name(question.source)} and {name(question.target)}: benefit and harm"))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{title} (ImmunoKG)</title>\n"
        f"<style>\n{_page_ground()}{style_sheet()}</style>\n</head>\n<body>\n"
        f'<main class="ikg">\n{_inside(explanation, figure_svg, "")}\n</main>\n</body>\n</html>\n'
    )


def to_fragment(explanation: Explanation, *, figure_svg: str | None = None) -> str:
    """Return the page as one HTML element with its style, for a notebook or another page; its identifiers are its own."""
    import hashlib

    draft = _inside(explanation, figure_svg, "")
    mark = f"ikg-{hashlib.sha256(draft.encode('utf-8', 'replace')).hexdigest()[:10]}-"
    return f'<div class="ikg"><style>{style_sheet()}</style>\n{_inside(explanation, figure_svg, mark)}\n</div>'


def _page_ground() -> str:
    from queries.page.html.style import COLOURS

    light, dark = COLOURS["paper"]
    at_night = f"@media (prefers-color-scheme: dark) {{ body {{ background: {dark}; }} }}"
    return f"body {{ margin: 0; background: {light}; }}\n{at_night}\n"


def _inside(explanation: Explanation, figure_svg: str | None, mark: str) -> str:
    picture = inline_svg(figure_svg) if figure_svg else ""
    body = render_html(page_blocks(explanation, why=True), picture=picture, mark=mark)
    return f"{body}\n{_footer(explanation)}"


def _footer(explanation: Explanation) -> str:
    """Return what makes the answer repeatable: version, graph, question, and how to cite it."""
    from html import escape

    from queries.page.blocks import clean

    question = explanation.question
    asked = [f"{name(question.source)} in {name(question.target)}", f"the {count(question.k, 'best mechanism')} of each side"]
    asked += [f"at most {count(question.max_steps, 'step')}"]
    asked += [f"as known on {question.as_of}"] if question.as_of else []
    asked += asked_for(question.context)
    left_out = ", ".join(str(identifier(key)) for key in question.without_studies)
    asked += [f"without {left_out}"] if left_out else []
    made = " ".join(part for part in ("ImmunoKG", _version()) if part)
    graph = f", graph {explanation.graph_digest}" if explanation.graph_digest else ""
    lines = (
        f"Question: {'; '.join(asked)}.",
        f"Answered by {made}{graph}.",
        "To cite: name the publications above for what they found, and ImmunoKG, its version and graph for joining them.",
        "A research tool, no medical advice: a mechanism found by search is a prediction, never a finding.",
    )
    return "<footer>" + "".join(f"<p>{escape(clean(line))}</p>" for line in lines) + "</footer>"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("immunokg")
    except PackageNotFoundError:
        return ""
