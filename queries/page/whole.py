"""The page of an explanation: one list of blocks that the terminal, Markdown and HTML renderings print.

The order is that of a reader's questions: what is asked, what is the answer, in whom and when, who saw it, by which
mechanisms, what else may explain it, what would decide, what is missing, and who said so.
"""

from __future__ import annotations

from collections.abc import Iterator

from queries.explanation.answer import Explanation
from queries.page.blocks import Block, Heading, Paragraph
from queries.page.judgement import compared, deciding, gaps, measured_markers, rivals
from queries.page.mechanisms import Steps, mechanisms, parting
from queries.page.patients import challenge_tests, clinical_studies, in_whom
from queries.page.references import Citations
from queries.page.summary import summary

__all__ = ["page_blocks"]


def page_blocks(explanation: Explanation, *, why: bool = False) -> Iterator[Block]:
    """Yield the page of an explanation; with `why` every step shows its studies and the terms of its cost."""
    citations = Citations()
    steps = Steps(citations, why=why)
    yield from summary(explanation, citations)
    yield from in_whom(explanation, citations, why=why)
    yield from clinical_studies(explanation, citations)
    yield from challenge_tests(explanation, citations, why=why)
    yield from parting(explanation)
    yield from mechanisms(explanation, "benefit", steps)
    yield from mechanisms(explanation, "harm", steps)
    yield from rivals(explanation, citations, why=why)
    yield from compared(explanation, steps)
    yield from deciding(explanation, citations)
    yield from measured_markers(explanation, why=why)
    yield from gaps(explanation, citations)
    references = citations.references()
    if references is not None:
        yield Heading(2, "References", "references")
        yield references
    if explanation.graph_digest:
        yield Paragraph(f"Answered from the graph {explanation.graph_digest[:12]}.", note=True)
