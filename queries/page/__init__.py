"""An explanation as a page that a researcher reads: what is claimed, for and against, and who found it.

`to_text` is for the terminal, `to_markdown` for notes and papers; `queries.page.html.to_html` is the same page for a browser.
Names stand in the prose, never identifiers; every claim has a number that leads to its citation at the end.
"""

from __future__ import annotations

from queries.explanation.answer import Explanation
from queries.page.markdown import render_markdown
from queries.page.terminal import render_text
from queries.page.whole import page_blocks

__all__ = ["to_markdown", "to_text"]


def to_text(explanation: Explanation, *, width: int = 100, color: bool = False, why: bool = False) -> str:
    """Return the page for a terminal of `width` columns; with `why` every step shows its studies and its cost."""
    return render_text(page_blocks(explanation, why=why), width=width, color=color)


def to_markdown(explanation: Explanation, *, why: bool = False) -> str:
    """Return the page as Markdown; with `why` every step shows its studies and its cost."""
    return render_markdown(page_blocks(explanation, why=why))
