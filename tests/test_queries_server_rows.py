"""Without a server: how rows are compared and told apart, what a pass over a graph sends, and how a push reports."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from random import Random

import pytest

from kg.graph import Graph
from kg.property_graph import KINDS, labels, links_of, nodes_of, types
from queries.server.ahead import Ahead
from queries.server.differences import Batch, Differences, in_transactions
from queries.server.report import PushReport
from queries.server.rows import link_row, node_row, tally, total_digest
from queries.server.texts import read_links, read_nodes, write_links, write_nodes
from tests.random_graphs import random_graph


def test_the_digest_does_not_depend_on_the_order() -> None:
    """Rows in any order add up to the same, and any change of a row, or one more of the same, does not."""
    graph = random_graph(3)
    nodes, links = list(nodes_of(graph)), list(links_of(graph))
    whole = total_digest(tally(nodes, links))
    Random(1).shuffle(nodes)
    assert total_digest(tally(nodes, reversed(links))) == whole
    assert total_digest(tally(nodes[1:], links)) != whole
    assert total_digest(tally([*nodes, nodes[0]], links)) != whole
    changed = nodes[0]._replace(properties={**nodes[0].properties, "id": "another"})
    assert total_digest(tally([changed, *nodes[1:]], links)) != whole


def test_values_that_look_alike_differ() -> None:
    """1, 1.0, true and '1' are four values, an absent property is none, and -0.0 is not 0.0."""
    digests = {node_row("Evidence", ["Evidence"], {"id": "x", "n": n})[1] for n in (1, 1.0, True, "1", None, 0.0, -0.0, ["1"])}
    assert len(digests) == 8
    assert node_row("Evidence", [], {"id": "x", "n": None}) == node_row("Evidence", [], {"id": "x"})


def test_keys_tell_relationships_apart() -> None:
    """Relations are known by their statement, conditions by their group, all others by their ends."""
    assert link_row("TREATS", "a", "b", {"statement_id": "s", "sign": 1})[0] == ("a", "b", "s")
    assert link_row("HAS_CONDITION", "a", "b", {"group": ""})[0] == ("a", "b", "")
    assert link_row("FROM", "a", "b", {})[0] == ("a", "b")


def test_keys_that_somebody_broke_are_keys_still() -> None:
    """An id that is missing, a number or a list does not stop the comparison."""
    assert [node_row("Entity", [], {"id": key})[0] for key in (None, 1, ["x"])] == [None, "1", "['x']"]


def pushed(graph: Graph) -> list[tuple[str, object, bytes]]:
    """Return what a server would tell after a push."""
    found = [(node.labels[0], *node_row(node.labels[0], node.labels, node.properties)) for node in nodes_of(graph)]
    return found + [(k.type, *link_row(k.type, k.start[1], k.end[1], k.properties)) for k in links_of(graph)]


def test_only_what_differs_is_sent() -> None:
    """Against an empty server everything is sent, against an equal one nothing, against another graph what differs."""
    one, other = random_graph(1), random_graph(2)
    everything = pushed(one)

    def read(kinds: Collection[str]) -> Iterator[tuple[str, object, bytes]]:
        return (row for row in everything if row[0] in kinds)

    there = {kind for kind, _, _ in everything}
    first = Differences(one, lambda _: (), ())
    assert sum(len(batch.rows) for batch in first.batches()) == len(everything)
    same = Differences(one, read, there)
    assert list(same.batches()) == []
    assert same.leftovers == {}
    second = Differences(other, read, there)
    sent = sum(len(batch.rows) for batch in second.batches())
    known = {(kind, key): digest for kind, key, digest in everything}
    assert sent == sum(known.get((kind, key)) != digest for kind, key, digest in pushed(other))
    gone = {(kind, key) for kind, key, _ in everything} - {(kind, key) for kind, key, _ in pushed(other)}
    assert {(kind, key) for kind, keys in second.leftovers.items() for key in keys} == gone


def test_a_changed_row_names_what_is_gone() -> None:
    """A row that the server has otherwise is sent with null for every property of ours that it lacks."""
    graph = random_graph(1)
    known = [("Entity", next(iter(graph.entities)), b"another digest")]
    differences = Differences(graph, lambda kinds: known if "Entity" in kinds else [], {"Entity"})
    (batch,) = [batch for batch in differences.batches() if " REMOVE n:" in batch.text]
    (row,) = batch.rows
    assert row.keys() == KINDS["Entity"].keys()
    assert None in row.values()


def test_every_kind_has_its_texts() -> None:
    """Each kind of node and each type of relationship can be written and read, and names nothing that is not in the tables."""
    for kind in KINDS:
        assert f"(n:ImmunoKG:{kind})" in read_nodes(kind)
        assert write_nodes((kind,), whole=True).startswith(f"UNWIND $rows AS r MERGE (n:ImmunoKG:{kind} {{id: r.id}})")
    for kind in types():
        assert f":{kind}]" in read_links(kind)
        assert f"[l:{kind}" in write_links(kind)
    assert not labels() & types()


def test_transactions_have_at_most_so_many_rows() -> None:
    """Small batches come together in their order; a large one stays alone."""
    batches = [Batch("FROM", str(number), [None] * size) for number, size in enumerate((3, 1, 5, 2, 2, 2))]
    found = list(in_transactions(batches, 5))
    assert [[len(one.rows) for one in group] for group in found] == [[3, 1], [5], [2, 2], [2]]
    assert [one for group in found for one in group] == batches


def test_what_is_made_ahead_arrives_with_its_error() -> None:
    """Items come in order, an error comes in its place, and the thread is gone afterwards, also when nobody reads on."""

    def items() -> Iterator[int]:
        yield from range(5)
        raise ValueError("broken")

    with Ahead(items(), depth=1) as ahead:
        made = iter(ahead)
        assert [next(made) for _ in range(5)] == [0, 1, 2, 3, 4]
        with pytest.raises(ValueError, match="broken"):
            next(made)
    with Ahead(iter(range(1000)), depth=1) as ahead:
        assert next(iter(ahead)) == 0
    assert not [thread for thread in threading.enumerate() if thread.name == "immunokg-ahead"]


def test_a_report_reads_well() -> None:
    """Numbers, what was done, what is left, and what is held by others, each on a line."""
    report = PushReport(
        "0" * 64,
        {"Entity": 1, "FROM": 2000},
        written={"FROM": 1},
        removed={"Entity": 2},
        leftovers={"Statement": 1},
        kept=tuple(f"Entity HGNC:{number}" for number in range(12)),
        counters={"relationships_created": 1},
        resumed=True,
    )
    assert report.lines() == [
        "1 node and 2,000 relationships on the server, verified",
        "an interrupted push of this graph was taken up",
        "written: 1 relationship",
        "removed: 2 nodes",
        "no longer in the graph, and left there: 1 node; --prune removes them",
        "no longer in the graph, but held by relationships that are not ours: "
        + ", ".join(f"Entity HGNC:{number}" for number in range(10))
        + ", …; labelled ImmunoKGRetired from now on",
    ]
