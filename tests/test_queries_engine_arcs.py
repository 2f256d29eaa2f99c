"""The arc table: the same file whichever way it is made, and no damage to it that is not an error with a fix."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ontologies.errors import BackendError
from queries.engine import ArcTable, PathQuery, find_paths, write_arcs
from queries.engine.arcs import FILE
from queries.engine.kernel import load
from queries.engine.layout import HEADER
from tests.path_cases import random_table

COLUMNS = ("kinds", "relations", "classes", "node_costs", "node_kinds")


def columns(table: ArcTable) -> dict[str, Any]:
    """Return what `build` was given."""
    tails = [node for node in range(table.nodes) for _ in range(table.offsets[node + 1] - table.offsets[node])]
    names = ("heads", "signs", "costs", *COLUMNS)
    return {"nodes": table.nodes, "tails": tails, **{name: getattr(table, name).tolist() for name in names}}


@pytest.fixture
def table() -> ArcTable:
    return random_table(random.Random(3), 40, 300)


@pytest.mark.parametrize("seed", range(30))
def test_every_way_to_make_a_table_makes_the_same_bytes(tmp_path: Path, seed: int) -> None:
    """From lists, from numpy arrays, written out of memory in small pieces, and read again."""
    chance = random.Random(seed)
    table = random_table(chance, chance.randint(1, 12), chance.choice((0, 1, chance.randint(2, 60))))
    given = columns(table)
    arrays: dict[str, Any] = {name: np.array(value, dtype=np.int64) for name, value in given.items() if name != "nodes"}
    arrays["nodes"] = table.nodes
    write_arcs(tmp_path / "b", **arrays, chunk=chance.choice((1, 3, 1000)))
    table.write(tmp_path / "a")
    assert ArcTable.build(**given).data == table.data
    assert ArcTable.build(**arrays).data == table.data
    assert ArcTable.open(tmp_path / "a").data == table.data
    assert ArcTable.open(tmp_path / "b").data == table.data
    assert sorted(path.name for path in tmp_path.glob("*/*")) == [FILE, FILE]


def test_a_table_without_nodes(tmp_path: Path) -> None:
    """Nothing in, nothing out, also through a file."""
    ArcTable.build(0, [], [], [], []).write(tmp_path)
    table = ArcTable.open(tmp_path)
    assert (table.nodes, table.arcs, list(find_paths(table, PathQuery({}, {}, 5)))) == (0, 0, [])


def test_columns_say_what_was_given(table: ArcTable) -> None:
    """Rows and reverse rows hold each arc once; reverse rows ascend by the cost of the arc and of leaving its tail."""
    tails = columns(table)["tails"]
    assert sorted(table.in_arcs) == list(range(table.arcs))
    for node in range(table.nodes):
        row = range(table.in_offsets[node], table.in_offsets[node + 1])
        numbers = [table.in_arcs[at] for at in row]
        assert {table.heads[arc] for arc in numbers} <= {node}
        assert [table.in_tails[at] for at in row] == [tails[arc] for arc in numbers]
        paid = [(table.costs[arc] + table.node_costs[tails[arc]], arc) for arc in numbers]
        assert paid == sorted(paid)


def test_columns_left_out_are_zero() -> None:
    """Kinds, relations, classes and what nodes cost."""
    table = ArcTable.build(2, [0], [1], [-1], [9])
    assert [getattr(table, name).tolist() for name in COLUMNS] == [[0], [0], [0], [0, 0], [0, 0]]
    assert table.class_count == 1


def test_a_table_cannot_be_changed(table: ArcTable) -> None:
    """Its columns are read-only."""
    with pytest.raises(TypeError):
        table.costs[0] = 1


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "tails": ({"tails": [1, 0]}, "ascend"),
    "head": ({"heads": [0, 2]}, "no node"),
    "tail": ({"tails": [0, 2]}, "no node"),
    "sign": ({"signs": [1, 0]}, "signs"),
    "cost": ({"costs": [1, -1]}, "costs?:"),
    "large cost": ({"costs": [1, 2**32]}, "costs?:"),
    "kind": ({"kinds": [0, 256]}, "kinds?:"),
    "relation": ({"relations": [0, 65536]}, "relations?:"),
    "length": ({"heads": [1]}, "places"),
    "node costs": ({"node_costs": [1]}, "places"),
    "sum": ({"costs": [1, 2**32 - 1], "node_costs": [1, 1]}, "fit 32 bits together"),
}


@pytest.mark.parametrize("made", [list, np.array], ids=["lists", "arrays"])
@pytest.mark.parametrize(("given", "message"), WRONG.values(), ids=WRONG.keys())
def test_wrong_columns_are_refused(
    tmp_path: Path, made: Callable[[list[int]], Any], given: dict[str, list[int]], message: str
) -> None:
    """Each with what is wrong; no file is left behind."""
    good = {"tails": [0, 1], "heads": [1, 0], "signs": [1, 1], "costs": [1, 1]}
    arguments = {name: made(value) for name, value in {**good, **given}.items()}
    with pytest.raises(ValueError, match=message):
        ArcTable.build(2, **arguments)
    with pytest.raises(ValueError, match=message):
        write_arcs(tmp_path, 2, **arguments)
    assert list(tmp_path.iterdir()) == []


def test_more_nodes_than_numbers() -> None:
    """Nodes and arcs have 32-bit numbers."""
    with pytest.raises(ValueError, match="at most"):
        ArcTable.build(2**32, [], [], [], [])


def _broken(tmp_path: Path, table: ArcTable, change: Callable[[bytearray], object]) -> Path:
    data = bytearray(table.data)
    change(data)
    (tmp_path / FILE).write_bytes(data)
    return tmp_path


@pytest.mark.parametrize("kept", [0, 1, 100, HEADER - 1, HEADER, HEADER + 1, -1])
def test_a_file_cut_short(tmp_path: Path, table: ArcTable, kept: int) -> None:
    """Wherever it was cut, opening says so and what to do."""
    folder = _broken(tmp_path, table, lambda data: data.__delitem__(slice(kept, None)))
    with pytest.raises(BackendError, match="build it again"):
        ArcTable.open(folder)


def test_a_file_that_goes_on(tmp_path: Path, table: ArcTable) -> None:
    """Bytes after the end are no arc table."""
    with pytest.raises(BackendError, match="bytes long"):
        ArcTable.open(_broken(tmp_path, table, lambda data: data.extend(b"more")))


def test_no_file(tmp_path: Path) -> None:
    """A folder without index is a backend error with the fix."""
    with pytest.raises(BackendError, match="build the path index again"):
        ArcTable.open(tmp_path)


@pytest.mark.parametrize("at", [*range(180), HEADER - 1])
def test_a_damaged_header(tmp_path: Path, table: ArcTable, at: int) -> None:
    """Whichever byte of the header changes, the file is refused."""
    folder = _broken(tmp_path, table, lambda data: data.__setitem__(at, data[at] ^ 0x41))
    with pytest.raises(BackendError, match="build it again"):
        ArcTable.open(folder)


@pytest.mark.parametrize("engine", ["python", "kernel"])
def test_damage_inside_is_an_error_or_unseen_but_never_a_crash(tmp_path: Path, table: ArcTable, engine: Any) -> None:
    """The sections have no checksum, so that opening is fast; a search that meets nonsense says so."""
    if engine == "kernel" and load() is None:
        pytest.skip("no kernel: tests/test_queries_engine_exact.py says whether there should be one")
    chance, refused = random.Random(9), 0
    for _ in range(400):
        def change(data: bytearray) -> None:
            for _ in range(chance.choice((1, 3, 200))):
                data[chance.randrange(HEADER, len(data))] = chance.choice((0, 255, chance.randrange(256)))

        damaged = ArcTable.open(_broken(tmp_path, table, change))
        query = PathQuery({0: 1, 5: -1}, {7: 1, 9: -1}, chance.randint(2, 6), class_costs=memoryview(bytes(400)).cast("I"))
        try:
            for _, _path in zip(range(50), find_paths(damaged, query, engine=engine), strict=False):
                pass
        except BackendError as error:
            refused += "damaged" in str(error)
    assert refused > 100


def test_writing_replaces_the_file_at_once(tmp_path: Path, table: ArcTable) -> None:
    """Who has the old file open keeps it whole."""
    table.write(tmp_path)
    old = ArcTable.open(tmp_path)
    ArcTable.build(2, [0], [1], [1], [3]).write(tmp_path)
    assert old.data == table.data
    assert ArcTable.open(tmp_path).arcs == 1
