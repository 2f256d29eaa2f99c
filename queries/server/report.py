"""What a push did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kg.property_graph import KINDS
from queries.server.texts import RETIRED

__all__ = ["Progress", "PushReport"]

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with the stage (``reading``, ``writing``, ``verifying``), how many rows are done, and how many there are."""

_MOST = 10


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push found and did; the server holds the graph, which was read back and compared.

    `rows` counts what the graph states by kind of node and type of relationship. `written` are rows that were sent because
    they were missing or different, `removed` those that were pruned, `leftovers` those of ours that are no longer in the graph
    and stay because nobody asked for pruning, all by kind. `kept` names nodes that are gone from the graph and are held by
    relationships of other people: they lost our labels and have ``ImmunoKGRetired``. `counters` are the server's own
    (``nodes_created``, …): none when nothing changed. `resumed` tells that a push of this graph had been interrupted.

    >>> report = PushReport("0" * 64, {"Entity": 2, "SUBJECT": 1}, written={"Entity": 2, "SUBJECT": 1})
    >>> report.changed, report.lines()[0]
    (True, '2 nodes and 1 relationship on the server, verified')
    """

    digest: str
    rows: Mapping[str, int]
    written: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    leftovers: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    counters: Mapping[str, int] = field(default_factory=dict)
    resumed: bool = False

    @property
    def changed(self) -> bool:
        """True when anything was written or removed."""
        return any(self.counters.values()) or bool(self.written or self.removed or self.kept)

    def lines(self) -> list[str]:
        """Return the report for people."""
        found = [f"{_counted(self.rows)} on the server, verified"]
        if self.resumed:
            found.append("an interrupted push of this graph was taken up")
        if self.written:
            found.append(f"written: {_counted(self.written)}")
        if self.removed:
            found.append(f"removed: {_counted(self.removed)}")
        if not self.changed:
            found.append("nothing had to be changed")
        if self.leftovers:
            found.append(f"no longer in the graph, and left there: {_counted(self.leftovers)}; --prune removes them")
        if self.kept:
            some = ", ".join(self.kept[:_MOST]) + (", …" if len(self.kept) > _MOST else "")
            found.append(
                f"no longer in the graph, but held by relationships that are not ours: {some}; labelled {RETIRED} from now on"
            )
        return found


def _counted(rows: Mapping[str, int]) -> str:
    nodes = sum(number for kind, number in rows.items() if kind in KINDS)
    links = sum(rows.values()) - nodes
    parts = [_plural(nodes, "node")] * bool(nodes) + [_plural(links, "relationship")] * bool(links)
    return " and ".join(parts) or "nothing"


def _plural(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
