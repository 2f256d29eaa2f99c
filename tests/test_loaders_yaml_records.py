"""The strict YAML reader: places, plain text, and everything it refuses."""

from __future__ import annotations

import io
import time

import pytest

from loaders.base import LossReport
from loaders.yaml_records import MAX_DEPTH, MAX_FILE, YamlList, YamlMap, YamlText, YamlValue, read_yaml
from ontologies.errors import BadInput
from tests.limits import HANG


def _read(data: bytes | str) -> tuple[YamlMap | None, LossReport]:
    report = LossReport()
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return read_yaml(stream, name="x.yaml", report=report), report


def _plain(value: YamlValue) -> object:
    if isinstance(value, YamlMap):
        return {key: _plain(field.value) for key, field in value.fields.items()}
    return [_plain(item) for item in value.items] if isinstance(value, YamlList) else value.text


def test_nothing_is_guessed() -> None:
    """The words that YAML turns into truth, nothing, numbers and dates stay what was written."""
    document, report = _read(
        "phase: on\nstance: null\nanswer: no\ndate: 2018-10-10\nmonth: 2017-07\nversion: 1.10\noctal: 010\n"
        "sexagesimal: 12:30:45\nempty:\ntilde: ~\nmerge: <<\ninf: .inf\n"
    )
    assert document is not None
    assert report.faults == []
    assert _plain(document) == {
        "phase": "on", "stance": "null", "answer": "no", "date": "2018-10-10", "month": "2017-07", "version": "1.10",
        "octal": "010", "sexagesimal": "12:30:45", "empty": "", "tilde": "~", "merge": "<<", "inf": ".inf",
    }  # fmt: skip


def test_block_flow_quotes_and_comments_are_read() -> None:
    """The forms that people write mean the same thing."""
    document, _ = _read(
        "# a comment\na: {b: [1, 'two'], c: \"\\u00e9\"}\nd:\n- e: f  # another\n  g: >-\n    folded\n    text\n- h\n"
    )
    assert document is not None
    assert _plain(document) == {"a": {"b": ["1", "two"], "c": "é"}, "d": [{"e": "f", "g": "folded text"}, "h"]}


def test_values_know_their_place() -> None:
    """Line and column count from 1, for keys and values, after multi-byte characters too."""
    document, _ = _read("\ufeffé: α\nb:\n- {c: 'd'}\n")
    assert document is not None
    assert document.fields["é"].value == YamlText("α", 1, 4)
    listed = document.fields["b"].value
    assert isinstance(listed, YamlList)
    inner = listed.items[0]
    assert isinstance(inner, YamlMap)
    assert inner.fields["c"] == (YamlText("d", 3, 7, quoted=True), 3, 4)


@pytest.mark.parametrize(
    ("data", "line", "column", "problem"),
    [
        (b"", 1, 1, "the file is empty"),
        (b" \n\n", 1, 1, "the file is empty"),
        (b"# nothing\n", 1, 1, "the file is empty"),
        (b"a: b\nc: \xff\n", 2, 4, "byte 8 (0xff) is not UTF-8"),
        ("a: b".encode("utf-16"), 1, 1, "byte 0 (0xff) is not UTF-8"),
        (b"a: b\nc: d\x00\n", 2, 5, "control character U+0000"),
        (b"a: \x1b[31m", 1, 4, "control character U+001B"),
        ("a: b\u2028c: d".encode(), 1, 5, "control character U+2028"),
        (b"a: &x b\n", 1, 4, "anchor &x"),
        (b"a: *x\n", 1, 4, "alias *x"),
        (b"a: !!python/object/apply:os.system [ls]\n", 1, 4, "tag tag:yaml.org,2002:python/object/apply:os.system"),
        (b"a: !!binary aGk=\n", 1, 4, "tag tag:yaml.org,2002:binary"),
        (b"a: ! b\n", 1, 4, "tag !"),
        (b"a: 1\nb: 2\na: 3\n", 3, 1, "key 'a' is given twice (first on line 1)"),
        (b"? [a, b]\n: c\n", 1, 3, "a key must be plain text"),
        (b"a: b\n---\nc: d\n", 2, 1, "a second document ('---') in one file"),
        (b"- a\n- b\n", 1, 1, "a mapping (key: value) was expected"),
        (b"just text\n", 1, 1, "a mapping (key: value) was expected"),
        (b"a: [b\nc: d\n", 2, 2, "malformed YAML"),
        (b"a:\n\t- b\n", 2, 1, "malformed YAML"),
        (b"a: b: c\n", 1, 5, "malformed YAML"),
        (b"a: 'b\n", 2, 1, "malformed YAML"),
        (b"%YAML 9.9\n---\na: b\n", 1, 1, "malformed YAML"),
    ],
)
def test_what_is_refused(data: bytes, line: int, column: int, problem: str) -> None:
    """Each refusal names line, column and what is wrong."""
    _, report = _read(data)
    fault = report.faults[0]
    assert (fault.line, fault.column) == (line, column), fault
    assert fault.problem.startswith(problem)


def test_all_anchors_and_repeats_of_a_file_are_reported() -> None:
    """A fault that leaves the rest readable does not hide the next one."""
    _, report = _read("a: &x [1]\nb: *x\nc: 1\nc: 2\nd: !t 3\n")
    assert [fault.line for fault in report.faults] == [1, 2, 4, 5]


def test_depth_is_capped() -> None:
    """128 levels are read, 129 are refused."""
    document, report = _read("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1))
    assert document is not None
    assert report.faults == []
    document, report = _read("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert document is None
    assert report.faults[0].problem == f"nested deeper than {MAX_DEPTH} levels"


HOSTILE = {
    "too large": b"a" * (MAX_FILE + 1),
    "open lists": b"[" * 8_000_000,
    "open maps": b"{" * 8_000_000,
    "open both": b"[a: " * 2_000_000,
    "nested dashes": b"- " * 4_000_000,
    "question marks": b"? " * 4_000_000,
    "long list": b"- a\n" * 2_000_000,
    "long flow": b"[" + b"[]," * 2_600_000,
    "many keys": b"".join(b"k%d: %d\n" % (n, n) for n in range(500_000)),
    "same key": b"a: 1\n" * 1_600_000,
    "aliases": b"a: &a [x]\n" + b"".join(b"k%d: *a\n" % n for n in range(600_000)),
    "billion laughs": b"a: &a [x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 120)),
    "one long line": b"a: " + b"x " * 4_000_000,
    "colons": b"a" * 1023 + b" " * 7_000_000 + b": b",
    "comments": b"#x\n" * 2_600_000,
    "directives": b"%TAG !a! b\n" * 700_000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused(data: bytes) -> None:
    """Whatever eight megabytes hold, reading them is short, and no more than a located error."""
    started = time.perf_counter()
    try:
        faults = tuple(_read(data)[1].faults)
    except BadInput as error:
        faults = error.faults
    assert time.perf_counter() - started < HANG
    assert all(fault.problem for fault in faults)
