"""The options that choose a part of the graph, shared by ``subgraph`` and ``export``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from immunokg.knowledge_graph import KnowledgeGraph
from immunokg.options import read_text_argument
from ontologies.errors import BadInput

__all__ = ["part_options", "select_part"]

_TIERS = ("causal", "structural", "association", "clinical")


def part_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--around``, ``--hops``, ``--tier``, ``--explain`` and ``--query``."""
    options = (
        click.option("--around", multiple=True, metavar="NAME", help="Around this entity (name or CURIE). Repeatable."),
        click.option("--hops", type=click.IntRange(0, 10), default=1, show_default=True, help="Statements away from it."),
        click.option("--tier", type=click.Choice(_TIERS), multiple=True, help="Only statements of this tier. Repeatable."),
        click.option("--explain", "explained", nargs=2, metavar="SOURCE TARGET", help="What this explanation rests on."),
        click.option("--query", metavar="TEXT|@FILE|-", help="What the rows of this SPARQL query name."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def select_part(
    graph: KnowledgeGraph,
    *,
    around: Sequence[str] = (),
    hops: int = 1,
    tiers: Sequence[str] = (),
    explained: tuple[str, str] | None = None,
    query: str | None = None,
    as_of: str | None = None,
    whole: bool = False,
) -> KnowledgeGraph:
    """Return the part that the options choose; the whole graph when none is given and `whole` allows it.

    Raises `BadInput` unless exactly one of around, explain and query is given.
    """
    chosen = [name for name, value in (("--around", around), ("--explain", explained), ("--query", query)) if value]
    if len(chosen) > 1:
        raise BadInput(f"{' and '.join(chosen)} exclude each other; give one of them")
    if not chosen and not whole:
        raise BadInput("say which part: --around NAME, --explain SOURCE TARGET, or --query TEXT")
    if tiers and not around:
        raise BadInput("--tier limits a walk; give it together with --around NAME")
    if query:
        part = graph.subgraph(query=read_text_argument(query))
        return part.as_of(as_of) if as_of else part
    if explained:
        return graph.subgraph(paths=graph.explain(*explained, as_of=as_of))
    dated = graph.as_of(as_of) if as_of else graph
    return dated.subgraph(around=around, hops=hops, tiers=tiers) if around else dated
