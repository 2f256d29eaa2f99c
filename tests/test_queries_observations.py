"""Tables of measured directions: every form that people write is read, every fault is named with line and column."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontologies.errors import AmbiguousName, BackendError, BadInput, UnknownName
from ontologies.grounding import builtin_grounder
from queries.explanation.observations import DOWN, MAX_BYTES, MAX_FAULTS, MAX_LINE, MAX_ROWS, UP, Observations, read_observations
from tests.limits import HANG


def resolve(name: str) -> str:
    """A graph of four names."""
    known = {"il4": "HGNC:6014", "interleukin 4": "HGNC:6014", "il13": "HGNC:5973", "ccl26": "HGNC:10625", "a;b": "HGNC:1"}
    if name == "eczema":
        raise AmbiguousName(name, [("atopic dermatitis", "MONDO:0004980"), ("eczematoid dermatitis", "HP:0000964")])
    if name.casefold() not in known:
        raise UnknownName(name)
    return known[name.casefold()]


def read(text: str | bytes | Path) -> Observations:
    """Read against that graph."""
    return read_observations(text, resolve, name="markers.tsv")


def ways(text: str | bytes) -> dict[str, int]:
    """The direction of each node."""
    return {marker.node: marker.direction for marker in read(text).markers}


def faults(source: str | bytes) -> list[str]:
    """The faults as they are printed."""
    with pytest.raises(BadInput) as raised:
        read(source)
    return [str(fault) for fault in raised.value.faults]


NUMBERS = "write up or down: a ratio below 1 and a negative logarithm both mean down"
BOTH = {"HGNC:6014": -1, "HGNC:5973": 1}


@pytest.mark.parametrize(
    "text",
    [
        "IL4\tdown\nIL13\tup\n",
        "IL4,down\nIL13,up",
        "IL4;decreased;S1\nIL13;+\n",
        "entity\tdirection\tstudy\nIL4\tdown\tS1\nIL13\tup\t\n",
        "direction,log2FC,gene\r\ndown,-1.7,IL4\r\nup,2,IL13\r\n",
        "\ufeffgene,change\rIL4,-\rIL13,+\r",
        "# a comment\n\n  # another\nIL4\t\u2212\nIL13\t\u2191\n\n",
        '"IL4","Down-regulated"\n "IL13" , "INCREASED"\n',
        "IL4\tdown\t\t\t\nIL13\tup\t \n",
        b"\xef\xbb\xbfIL4\tdown\r\nIL13\tup",
    ],
)  # fmt: skip
def test_forms_that_people_write(text: str | bytes) -> None:
    """Delimiters, headers in any order, quotes, comments, byte order marks and line ends of all systems."""
    assert ways(text) == BOTH


@pytest.mark.parametrize(("words", "direction"), [(UP, 1), (DOWN, -1)])
def test_every_word_of_direction(words: frozenset[str], direction: int) -> None:
    """All words are read in any case, and none means both."""
    assert all(ways(f"IL4\t{word.upper()}\n") == {"HGNC:6014": direction} for word in words)
    assert not UP & DOWN


def test_names_that_cannot_be_used_are_told_apart() -> None:
    """Unknown and ambiguous names are listed once, and are not fatal."""
    seen = read("IL4\tdown\nKRT85\tup\nKRT85\tup\neczema\tdown\n")
    assert (seen.unknown, seen.contested) == (("KRT85",), ())
    assert seen.ambiguous == ("eczema (atopic dermatitis MONDO:0004980, eczematoid dermatitis HP:0000964)",)
    assert [marker.node for marker in seen.markers] == ["HGNC:6014"]


def test_repeats_count_once_under_any_name() -> None:
    """Two names of one node in one direction are one marker, with both studies and lines."""
    (marker,) = read("IL4\tdown\tA\nInterleukin 4\tdown\tB\nIL4\tdown\tA\n").markers
    assert (marker.name, marker.studies, marker.lines) == ("IL4", ("A", "B"), (1, 2, 3))


def test_contradictions() -> None:
    """Both ways in one study is a fault; in two studies the marker is contested and left out."""
    seen = read("IL4\tdown\tA\nInterleukin 4\tup\tB\nIL13\tup\n")
    assert (seen.contested, [m.node for m in seen.markers]) == (("IL4",), ["HGNC:5973"])
    assert faults("IL4\tdown\tA\nIL13\tup\nInterleukin 4\tup\tA\n") == [
        "markers.tsv:3:1: direction: Interleukin 4 is up here and down on line 1 (keep one, or name the two studies)"
    ]
    assert len(faults("IL4\tup\nIL4\tdown\n")) == 1


def test_all_faults_at_once_with_their_places() -> None:
    """Each bad cell is named by line and column, with what to do."""
    text = 'entity\tdirection\nIL4\n\tup\nIL4\tsideways\n  IL4\t0.5\nIL4\tunchanged\nIL4\tup\tA\tB\n"IL4\tup\nIL4\tu\x00p\n'
    assert faults(text) == [
        "markers.tsv:2:4: direction: is missing (write up or down)",
        "markers.tsv:3:1: entity: is missing (name what was measured)",
        "markers.tsv:4:5: direction: 'sideways' is no direction (write up or down)",
        f"markers.tsv:5:7: direction: '0.5' is a number ({NUMBERS})",
        "markers.tsv:6:5: direction: 'unchanged' says that nothing changed (leave out the row: only directions are tested)",
        "markers.tsv:7:8: 4 cells where there are 2 columns (quote the name)",
        'markers.tsv:8:1: the quotes of this cell do not close before the next cell (write "…")',
        "markers.tsv:9:6: control character U+0000 (remove it)",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "entity\tdirection\n", "\ufeff"])
def test_tables_without_markers_are_faults(text: str) -> None:
    """An empty test would say nothing without saying so."""
    assert "holds no marker" in faults(text)[0]


def test_headers_without_a_column_of_markers() -> None:
    """A header must name what was measured."""
    assert faults("who,direction\nIL4,up\n")[0].startswith("markers.tsv:1:1: entity: the header names no column")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("IL4\tdown\n".encode("utf-16"), ":1:1: the file is UTF-16"),
        ("IL4\tdown\nIL-4R\u03b1\tup\n".encode("iso-8859-7"), ":2:6: byte 0xe1 is not UTF-8"),
        (b"\x00" * 100, ":1:1: control character U+0000"),
        (b"\xff" * 100, ":1:1: byte 0xff is not UTF-8"),
        ("\ud800\tup", "is not UTF-8"),
    ],
)  # fmt: skip
def test_wrong_encodings(data: bytes | str, words: str) -> None:
    """Bytes that are no UTF-8 text are named by place, and the fix is to save as UTF-8."""
    assert words in faults(data)[0]


HOSTILE = {
    "ten megabytes": b"a" * 10_000_000,
    "quotes": b'"' * MAX_BYTES,
    "commas": b" ," * (MAX_BYTES // 2),
    "tabs": b"\t" * MAX_BYTES,
    "lines": b"a\n" * (MAX_BYTES // 2),
    "pairs of quotes": b'"a""' * 1_000_000,
    "random": random.Random(20261122).randbytes(MAX_BYTES),
    "rows": b"IL4\tup\n" * (MAX_BYTES // 7),
    "line ends": b"\r" * MAX_BYTES,
    "comments": b"#\n" * (MAX_BYTES // 2),
    "long cell": b"IL4\t" + b"+" * (MAX_LINE - 10),
    "open quotes": (b'"' + b'""' * 4990 + b"\n") * 100,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_end_soon_with_few_faults(data: bytes) -> None:
    """Whatever is in the file, the answer is a short error."""
    start = time.monotonic()
    found = faults(data)
    assert time.monotonic() - start < HANG
    assert 1 <= len(found) <= MAX_FAULTS
    assert all(len(fault) < 300 for fault in found)


def test_many_unknown_names_end_soon() -> None:
    """A whole genome of names that the graph lacks is no reason to look for similar ones."""
    grounder = builtin_grounder()
    start = time.monotonic()
    text = "\n".join(f"GENE{number}\tup" for number in range(MAX_ROWS))
    seen = read_observations(text, lambda name: grounder.ground(name, suggest=False).curie)
    assert len(seen.unknown) == MAX_ROWS
    assert time.monotonic() - start < HANG
    assert "more than" in faults("\n".join(f"GENE{number}\tup" for number in range(MAX_ROWS + 1)))[0]


def test_files(tmp_path: Path) -> None:
    """A path is read and named; what is no file is bad input, what cannot be read a failure of the system."""
    table = tmp_path / "table.csv"
    table.write_text("IL4,sideways\n")
    with pytest.raises(BadInput, match=r"table\.csv:1:5"):
        read(table)
    with pytest.raises(BadInput, match="does not exist"):
        read(tmp_path / "none.tsv")
    with pytest.raises(BadInput, match="is a directory"):
        read(tmp_path)
    with pytest.raises((BackendError, BadInput)):
        read(Path("a\0b"))


@given(st.binary(max_size=300) | st.text(max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_read_or_refused(data: bytes | str) -> None:
    """Nothing but our own error, whatever the input."""
    try:
        seen = read(data)
    except BadInput as error:
        refused = len(error.faults)
        used = 0
    else:
        refused = 0
        used = len(seen.markers + seen.unknown + seen.ambiguous + seen.contested)
    assert (refused > 0) is not (used > 0)


CELLS = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=8).map(str.strip).filter(bool)


@given(
    st.dictionaries(CELLS.filter(lambda cell: not cell.startswith("#")), st.sampled_from(["up", "down"]), min_size=1, max_size=6),
    st.sampled_from("\t,;"), st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip
@settings(deadline=None, max_examples=200)
def test_quoted_tables_come_back_whole(rows: dict[str, str], delimiter: str, end: str) -> None:
    """What is written with quotes is read as it was, whatever delimiter and line end."""
    lines = [f'"{name.replace(chr(34), chr(34) * 2)}"{delimiter}{way}' for name, way in rows.items()]
    if any(mark in lines[0] for mark in "\t,;" if mark != delimiter):
        lines.insert(0, f"entity{delimiter}direction")
    seen = read_observations(end.join(lines), lambda name: name)
    assert {marker.node: marker.direction for marker in seen.markers} == {n: 1 if w == "up" else -1 for n, w in rows.items()}
