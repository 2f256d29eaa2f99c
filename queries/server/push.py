"""Writing a graph into a Neo4j database: idempotent, mended by a second run, verified, and careful with what is not ours.

A push compares what the server has with the graph and writes the difference: everything the first time, nothing when nothing
changed, and the rest when a push was interrupted. Then all is read back and compared. Nodes of ours are those with the label
``ImmunoKG``; labels, properties and relationships that other people added to them stay. The node ``(:ImmunoKGPush)`` says
which graph was pushed, and whether the push came to its end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kg.digest import content_digest
from kg.graph import Graph
from kg.property_graph import KINDS, OURS, condition_key, links_of, nodes_of
from queries.cypher_engine.server_settings import ServerSettings
from queries.server.ahead import Ahead
from queries.server.database import Database, open_database
from queries.server.differences import Differences, in_transactions
from queries.server.prune import prune as remove
from queries.server.prune import revive
from queries.server.report import Progress, PushReport
from queries.server.rows import Tallies, tally, total_digest
from queries.server.survey import check_foreign, read_keys, take_stock
from queries.server.texts import PUSH, constraints
from queries.server.verify import check_equal

__all__ = ["push_graph"]

_AHEAD = 2


def push_graph(
    settings: ServerSettings,
    graph: Graph,
    *,
    prune: bool = False,
    batch: int = 5_000,
    resume: bool = True,
    progress: Progress = lambda _stage, _done, _total: None,
    digest: str | None = None,
    patience: float = 30.0,
    open_driver: Callable[..., Any] | None = None,
) -> PushReport:
    """Make a database hold the graph, and return what was done.

    Args:
        settings: the database.
        graph: what it shall hold.
        prune: also remove what is ours there and not in the graph. What other people's relationships hold is kept and named.
        batch: rows of a transaction.
        resume: build on what is there; False writes every row again.
        progress: called with a stage, the rows done and the rows of the stage (as far as they are known).
        digest: that of the graph's content, if it is known.
        patience: seconds for which a transaction is tried again, also when the server is gone for a moment.
        open_driver: takes the place of ``neo4j.GraphDatabase.driver``.

    Raises:
        BackendError: the server is not there or was lost (what was written stays, and the next push mends it), nodes of other
            people stand in the way, another push runs, or what was read back differs.
        BadInput: the graph holds what no property graph can.
    """
    digest = digest or content_digest(graph)
    with open_database(settings, patience=patience, open_driver=open_driver) as database:
        check_foreign(database, graph)
        standing = {name for [name] in database.read("SHOW CONSTRAINTS YIELD name")}
        for name, text in constraints().items():
            if name not in standing:
                database.schema(text)
        push = _Push(database, graph, batch, progress, digest)
        return push.run(prune=prune, anew=not resume)


class _Push:
    """One push, with what its steps share."""

    def __init__(self, database: Database, graph: Graph, batch: int, progress: Progress, digest: str) -> None:
        self._database, self._graph, self._batch, self._progress, self._digest = database, graph, batch, progress, digest
        self._total = _least_rows(graph)

    def run(self, *, prune: bool, anew: bool) -> PushReport:
        before, complete = self._last()
        resumed = before == self._digest and not complete
        there, expected = self._there()
        equal = {kind for kind in there if there[kind] == expected.get(kind)} if not anew else set()
        if there and equal == there.keys() | expected.keys():
            if not (before == self._digest and complete):
                self._database.begin(self._digest)
                self._database.end(_size(expected))
            return self._report(expected, counters={}, resumed=resumed)
        self._database.begin(self._digest)
        revived = revive(self._database, self._graph, batch=self._batch)
        differences = Differences(
            self._graph,
            lambda kinds: read_keys(self._database, kinds),
            there.keys() | revived,
            equal,
            anew=anew,
            most=self._batch,
        )
        self._write(differences)
        leftovers = differences.leftovers
        removed, kept = remove(self._database, leftovers if prune else {}, batch=self._batch)
        found, left = take_stock(self._database, self._shown("verifying"), leftovers)
        check_equal(self._database, self._graph, differences.tallies, found, leftovers)
        self._database.end(_size(found))
        return self._report(
            found, written=+differences.written, removed=removed, leftovers=left, kept=kept,
            counters=dict(self._database.counters), resumed=resumed,
        )  # fmt: skip

    def _last(self) -> tuple[str, bool]:
        """Return what the last push said of itself: the digest of its graph, and whether it came to its end."""
        marks = self._database.read(f"MATCH (p:{PUSH} {{id: 'immunokg'}}) RETURN p.digest, p.complete")
        return (str(marks[0][0]), bool(marks[0][1])) if marks else ("", False)

    def _there(self) -> tuple[Tallies, Tallies]:
        """Return the tallies of the server and of the graph, both empty when the server has nothing of ours."""
        [[number]] = self._database.read(f"MATCH (n:{OURS}) RETURN count(n)")
        if not number:
            return {}, {}
        there, _ = take_stock(self._database, self._shown("reading"))
        return there, tally(nodes_of(self._graph), links_of(self._graph))

    def _write(self, differences: Differences) -> None:
        done, shown = 0, self._shown("writing")
        with Ahead(in_transactions(differences.batches(), self._batch), depth=_AHEAD) as transactions:
            for batches in transactions:
                self._database.write(*((batch.text, batch.rows) for batch in batches))
                done += sum(len(batch.rows) for batch in batches if not batch.delete)
                shown(done)

    def _shown(self, stage: str) -> Callable[[int], None]:
        return lambda done: self._progress(stage, done, max(done, self._total))

    def _report(self, found: Tallies, **parts: Any) -> PushReport:
        rows = {kind: found[kind].count for kind in (*KINDS, *sorted(found)) if kind in found}
        return PushReport(total_digest(found), rows, **parts)


def _size(tallies: Tallies) -> int:
    return sum(tally.count for tally in tallies.values())


def _least_rows(graph: Graph) -> int:
    """Return how many rows a push has at least: all but what links statements among themselves."""
    mentioned = {end for s in graph.statements.values() for end in (s.subject, s.object)}
    papers = {e.publication.key for found in graph.evidence.values() for e in found}
    conditions = {condition_key(c) for s in graph.statements.values() for c in s.conditions}
    evidence = sum(map(len, graph.evidence.values()))
    nodes = len(graph.entities.keys() | mentioned) + len(graph.statements) + evidence + len(papers) + len(conditions)
    return nodes + 3 * len(graph.statements) + 2 * evidence + sum(len(s.conditions) for s in graph.statements.values())
