"""JSON lines: one located fault for every line that is no plain object."""

from __future__ import annotations

import time

import pytest

from loaders.base import LossReport
from loaders.json_records import MAX_DEPTH, JsonFields, JsonRecord, find_column, read_json_lines
from loaders.streams import Line
from ontologies.errors import BadInput
from tests.limits import HANG


def _read(data: bytes, number: int = 1) -> tuple[list[JsonRecord], LossReport]:
    report = LossReport()
    return list(read_json_lines([Line(number, 0, data)], name="d", report=report)), report


@pytest.mark.parametrize(
    ("data", "column", "problem"),
    [
        (b'{"a": "b', 7, "malformed JSON: Unterminated string"),
        (b'{"a": 1,}', 9, "malformed JSON"),
        (b"[1]", 1, "a JSON object was expected, not a list"),
        (b'"a"', 1, "a JSON object was expected, not a text"),
        (b"null", 1, "a JSON object was expected, not null"),
        (b'{"a": 1} {"b": 2}', 10, "malformed JSON: Extra data"),
        (b'{"a": 1, "a": 2}', 2, "key 'a' is given twice"),
        (b'{"x": {"b": 1, "b": 1}}', 8, "key 'b' is given twice"),
        (b'{"a": NaN}', 7, "NaN is no JSON"),
        (b'{"a": -Infinity}', 7, "-Infinity is no JSON"),
        (b'{"a": 1e999}', 7, "number 1e999 is too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", 0, "malformed JSON"),
        (b'{"a": "\\ud800"}', 0, "a lone surrogate"),
        (b'{"a": "\xff"}', 8, "byte 7 (0xff) is not UTF-8"),
        ('{"é": "'.encode() + b"\xff", 8, "byte 8 (0xff) is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), 1, "byte 0 (0xff) is not UTF-8"),
        (b'{"a": "\x00"}', 8, "malformed JSON: Invalid control character"),
        (b"{'a': 1}", 2, "malformed JSON"),
        (b"\x00\x01\x02", 1, "malformed JSON"),
    ],
)
def test_what_is_refused(data: bytes, column: int, problem: str) -> None:
    """Each refusal names line, column and what is wrong."""
    records, report = _read(data, 5)
    assert records == []
    (fault,) = report.faults
    assert (fault.file, fault.line, fault.column) == ("d", 5, column)
    assert fault.problem.startswith(problem)


@pytest.mark.parametrize("opening", [b'{"a":', b"["], ids=["objects", "lists"])
def test_depth_is_capped(opening: bytes) -> None:
    """128 levels are read, 129 are refused, and a hundred thousand do not overflow the stack."""
    closing = {b'{"a":': b"}", b"[": b"]"}[opening]

    def nested(levels: int) -> bytes:
        return b'{"x": ' + opening * (levels - 1) + b"1" + closing * (levels - 1) + b"}"

    assert len(_read(nested(MAX_DEPTH))[0]) == 1
    for levels in (MAX_DEPTH + 1, 1_000, 100_000):
        records, report = _read(nested(levels))
        assert records == []
        assert report.faults[0].problem == f"nested deeper than {MAX_DEPTH} levels"


def test_brackets_in_strings_are_no_depth() -> None:
    """Only structure counts, also behind escaped quotes and backslashes."""
    text = b'{"a": "' + b'[{\\"[\\\\' * 300 + b'"}'
    assert len(_read(text)[0]) == 1


def test_a_byte_order_mark_is_skipped_on_the_first_line_only() -> None:
    """Editors write one; elsewhere it is a fault."""
    assert len(_read(b'\xef\xbb\xbf{"a": 1}')[0]) == 1
    assert _read(b'\xef\xbb\xbf{"a": 1}', 2)[0] == []


@pytest.mark.parametrize(
    ("path", "column"),
    [(["a"], 7), (["b", 1, "c"], 26), (["b", 1], 20), (["z"], 0), (["b", 9], 0), (["a", "x"], 0), ([], 1)],
)
def test_columns_of_values(path: list[str | int], column: int) -> None:
    """A fault inside a record points at the value; a path that leads nowhere gives 0."""
    text = '{"a": 12, "b": [3, {"c": "x"}]}'
    assert find_column(JsonRecord(1, {}, text), path) == column


def test_fields_are_typed() -> None:
    """Every wrong field is reported with its place, and reading goes on."""
    report = LossReport()
    value = {"a": 1, "b": "  ", "c": "x" * 1001, "d": "a\x00b", "e": ["x", 2], "f": {"id": "1"}, "g": [1, 2, 3]}
    fields = JsonFields(JsonRecord(4, value, ""), "d", report)
    assert [fields.text(name) for name in "abcd"] == [""] * 4
    assert fields.text("zz", required=False) == ""
    assert fields.text_list("e") == ["x"]
    assert fields.text_list("a") == []
    assert fields.texts(("f",), ("id", "label", "name")) == ("1", "", "")
    assert fields.texts(("a",), ("id", "label", "name")) == ("", "", "")
    assert fields.length("g", cap=3) == 3
    assert fields.length("g", cap=2) is None
    assert fields.length("f", cap=2) is None
    assert fields.length("no", cap=2) is None
    assert [(fault.field, fault.problem) for fault in report.faults] == [
        ("a", "a text was expected, not a number"),
        ("b", "is empty"),
        ("c", "longer than 1000 characters"),
        ("d", "holds a control character"),
        ("e[1]", "a text was expected, not a number"),
        ("a", "a list was expected, not a number"),
        ("f.label", "is missing"),
        ("f.name", "is missing"),
        ("a", "an object was expected, not a number"),
        ("g", "holds more than 2 items"),
        ("f", "a list was expected, not an object"),
        ("no", "is missing"),
    ]
    assert {fault.line for fault in report.faults} == {4}


def test_ten_megabytes_of_junk_end_early() -> None:
    """After a hundred faulty lines reading stops."""
    started = time.perf_counter()
    lines = (Line(number, 0, b'{"a":') for number in range(1, 2_000_000))
    with pytest.raises(BadInput) as caught:
        list(read_json_lines(lines, name="d", report=LossReport()))
    assert caught.value.truncated
    assert time.perf_counter() - started < HANG
