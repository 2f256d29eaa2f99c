"""Heights of the items of a layered picture, by Graphviz `dot` through pygraphviz.

Only numbers go in and come out: items are empty boxes of a fixed height, so that no label can reach Graphviz (where
`<…>` would be markup) and no font is looked for.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ontologies.errors import BackendError, MissingPart

__all__ = ["Item", "Link", "heights"]

_LOCK = threading.Lock()
_EMPTY_FONTS = Path(__file__).with_name("fonts.conf")


@dataclass(frozen=True, slots=True)
class Item:
    """A box, study label or lane: its height in points and the group it is kept together with ("" for none)."""

    name: str
    height: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two items in neighbouring columns; the heavier a link, the straighter it is drawn."""

    tail: str
    head: str
    weight: int = 1


@contextmanager
def _without_fonts() -> Iterator[None]:
    """Give fontconfig an empty configuration: else it searches the system's fonts and may print a warning."""
    with _LOCK:
        before = os.environ.get("FONTCONFIG_FILE")
        if before is None:
            os.environ["FONTCONFIG_FILE"] = str(_EMPTY_FONTS)
        try:
            yield
        finally:
            if before is None:
                os.environ.pop("FONTCONFIG_FILE", None)


def _pygraphviz() -> Any:
    try:
        import pygraphviz
    except ImportError as error:
        raise MissingPart("pygraphviz (the layout of figures)", "pip install 'pygraphviz>=2.0.4'") from error
    return pygraphviz


def heights(items: Sequence[Item], links: Iterable[Link], *, between: float = 4.0) -> dict[str, float]:
    """Return the vertical position of the middle of each item, in points, growing downwards from about 0.

    Items of one column are at least `between` points apart; groups keep to bands of their own. The answer depends on the
    order of the arguments only.

    Raises `ontologies.errors.MissingPart` without pygraphviz, `BackendError` if Graphviz gives no position.

    >>> ys = heights([Item("IL4", 10), Item("IL13", 10), Item("IL4R", 10)], [Link("IL4", "IL4R"), Link("IL13", "IL4R")])
    >>> abs(ys["IL4"] - ys["IL13"]) > 13.9
    True
    """
    with _without_fonts():
        graph = _pygraphviz().AGraph(
            directed=True,
            strict=False,
            rankdir="LR",
            newrank="true",
            nodesep=f"{between / 72:.4f}",
            ranksep="0.3",
            remincross="true",
            splines="false",
        )
        graph.node_attr.update(shape="box", label="", fixedsize="true", width="0.1")
        groups: dict[str, list[str]] = {}
        for item in items:
            graph.add_node(item.name, height=f"{item.height / 72:.4f}")
            if item.group:
                groups.setdefault(item.group, []).append(item.name)
        for number, link in enumerate(links):
            graph.add_edge(link.tail, link.head, key=str(number), weight=str(link.weight))
        for name in sorted(groups):
            graph.add_subgraph(groups[name], name=f"cluster_{name}", margin="2")
        try:
            graph.layout("dot")
            return {item.name: -float(graph.get_node(item.name).attr["pos"].split(",")[1]) for item in items}
        except (ValueError, OSError, TypeError, AttributeError) as error:
            raise BackendError(f"Graphviz could not lay out the figure: {error}") from error
        finally:
            graph.close()
