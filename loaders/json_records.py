r"""JSON lines from untrusted files: one located fault for each line that is no plain JSON object.

Refused: text that is not UTF-8, nesting beyond `MAX_DEPTH`, a key given twice, NaN and infinities, numbers of thousands of
digits, and lone surrogates (``"\ud800"``), which no other program could read back.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

from loaders.base import MAX_FAULTS, LossReport
from loaders.streams import Line
from ontologies.errors import Fault

__all__ = ["MAX_DEPTH", "MAX_TEXT", "JsonFields", "JsonRecord", "find_column", "read_json_lines"]

MAX_DEPTH = 128
"""Levels of nesting in one record."""

MAX_TEXT = 1_000
"""Characters in one field of text."""

_BRACES = bytes.maketrans(b"{}", b"[]")
_NOT_BRACES = bytes(set(range(256)) - set(b"[]{}"))
_LOCATE_LIMIT = 1 << 16
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class JsonRecord(NamedTuple):
    """One object with its line number and text (the text serves to find columns for faults)."""

    line: int
    value: dict[str, Any]
    text: str


class _RefusedError(ValueError):
    """A value that JSON allows or Python would accept, and we do not."""


def read_json_lines(lines: Iterable[Line], *, name: str, report: LossReport) -> Iterator[JsonRecord]:
    """Yield the object on each line; a line that holds none goes to the report as a fault and is skipped.

    >>> from loaders.streams import Line
    >>> report = LossReport()
    >>> list(read_json_lines([Line(1, 0, b'{"id": NaN}')], name="d.jsonl", report=report))
    []
    >>> print(report.faults[0])
    d.jsonl:1:8: NaN is no JSON (give a number, or leave the field out)
    """
    for number, offset, data in lines:
        found = _parse(data, number, offset, name)
        if isinstance(found, Fault):
            report.fault(found, reason="line is no JSON object")
        else:
            yield found


class JsonFields:
    """Typed access to the fields of one record; what is missing or of another type becomes a located fault.

    Paths are given as steps: ``fields.text("nodes", 2, "id")``. Set `record_id` once it is known, for the report.

    >>> report = LossReport()
    >>> fields = JsonFields(JsonRecord(1, {"id": 7}, '{"id": 7}'), "d.jsonl", report)
    >>> fields.text("id")
    ''
    >>> print(report.faults[0])
    d.jsonl:1:8: id: a text was expected, not a number (write "…")
    """

    def __init__(self, record: JsonRecord, file: str, report: LossReport) -> None:
        self.record = record
        self.file = file
        self.report = report
        self.line = record.line
        self.record_id = ""

    def keys(self) -> set[str]:
        """Return the names of the record's fields."""
        return set(self.record.value)

    def text(self, *path: str | int, required: bool = True) -> str:
        """Return a text, or an empty one after reporting that it is missing, empty or no text."""
        value = self._value(path)
        if value is None:
            if required:
                self.fault(path, "is missing", 'write "…"')
        elif not isinstance(value, str):
            self.fault(path, f"a text was expected, not {_kind(value)}", 'write "…"')
        elif len(value) > MAX_TEXT:
            self.fault(path, f"longer than {MAX_TEXT} characters", "shorten it")
        elif _CONTROL.search(value):
            self.fault(path, "holds a control character", "remove it")
        elif value.strip():
            return value.strip()
        elif required:
            self.fault(path, "is empty", "fill it in")
        return ""

    def texts(self, at: tuple[str | int, ...], names: tuple[str, str, str]) -> tuple[str, str, str]:
        """Return three texts of the object at a path (all empty after reporting that it is no object)."""
        value = self._value(at)
        if not isinstance(value, dict):
            self.fault(at, f"an object was expected, not {_kind(value)}", f"write {{{', '.join(names)}}}")
            return "", "", ""
        first, second, third = names
        return self.text(*at, first), self.text(*at, second), self.text(*at, third)

    def text_list(self, *path: str | int) -> list[str]:
        """Return the texts of a list that need not be there."""
        value = self._value(path)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(path, f"a list was expected, not {_kind(value)}", "write […]")
            return []
        return [text for index in range(min(len(value), MAX_TEXT)) if (text := self.text(*path, index))]

    def length(self, *path: str | int, cap: int) -> int | None:
        """Return the length of a list, or None after reporting that it is missing, no list, or longer than `cap`."""
        value = self._value(path)
        if not isinstance(value, list):
            problem = "is missing" if value is None else f"a list was expected, not {_kind(value)}"
            self.fault(path, problem, "write […]")
        elif len(value) > cap:
            self.fault(path, f"holds more than {cap} items", "split the record")
        else:
            return len(value)
        return None

    def fault(self, path: Sequence[str | int], problem: str, fix: str) -> None:
        """Report that the value at a path is wrong."""
        column = find_column(self.record, path) if len(self.report.faults) < MAX_FAULTS else 0
        fault = Fault(self.file, self.line, column, _field(path), problem, fix)
        self.report.fault(fault, record=self.record_id, reason="faulty field")

    def drop(self, reason: str, path: Sequence[str | int], value: str, detail: str = "") -> None:
        """Report that the value at a path was left out."""
        self.report.drop(
            reason, file=self.file, line=self.line, record=self.record_id, field=_field(path), value=value[:400],
            detail=detail[:400],
        )

    def change(self, reason: str, path: Sequence[str | int], value: str, detail: str = "") -> None:
        """Report that the value at a path was kept in another form."""
        self.report.change(
            reason, file=self.file, line=self.line, record=self.record_id, field=_field(path), value=value[:400],
            detail=detail[:400],
        )

    def _value(self, path: Sequence[str | int]) -> Any:
        value: Any = self.record.value
        for step in path:
            if isinstance(step, str):
                value = value.get(step) if isinstance(value, dict) else None
            else:
                value = value[step] if isinstance(value, list) and step < len(value) else None
        return value


def find_column(record: JsonRecord, path: Sequence[str | int]) -> int:
    """Return the column (from 1) of the value at `path` inside the record's line, or 0 when it cannot be told.

    >>> record = JsonRecord(1, {"links": [{"key": "treats"}]}, '{"links": [{"key": "treats"}]}')
    >>> find_column(record, ["links", 0, "key"])
    20
    """
    text = record.text
    if len(text) > _LOCATE_LIMIT:
        return 0
    decoder = json.JSONDecoder()

    def skip(at: int) -> int:
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        return at

    try:
        at = skip(0)
        for step in path:
            at = skip(at + 1)
            index = 0
            while text[at] not in "]}":
                key: str | int = index
                if text[at] == '"' and isinstance(step, str):
                    key, at = decoder.raw_decode(text, at)
                    at = skip(skip(at) + 1)
                if key == step:
                    break
                _, at = decoder.raw_decode(text, at)
                at = skip(at)
                if text[at] == ",":
                    at = skip(at + 1)
                index += 1
            else:
                return 0
    except (ValueError, IndexError, RecursionError):
        return 0
    return at + 1


def _parse(data: bytes, number: int, offset: int, name: str) -> JsonRecord | Fault:
    try:
        text = data.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        place = f"byte {offset + error.start} (0x{data[error.start]:02x}) is not UTF-8"
        column = len(data[: error.start].decode("utf-8", "replace")) + 1
        return Fault(name, number, column, problem=place, fix="save the file as UTF-8")
    if _too_deep(data):
        return Fault(name, number, problem=f"nested deeper than {MAX_DEPTH} levels", fix="flatten the record")
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_number)
        if "\\u" in text or "\\U" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        return Fault(name, number, error.pos + 1, problem=f"malformed JSON: {error.msg}", fix=_fix(text, error))
    except UnicodeEncodeError:
        return Fault(name, number, problem="a lone surrogate (half a character) in a text", fix="write the character")
    except _RefusedError as error:
        problem, fix, needle = error.args
        return Fault(name, number, text.find(needle) + 1, problem=problem, fix=fix)
    except (ValueError, RecursionError) as error:
        return Fault(name, number, problem=f"malformed JSON: {error}".splitlines()[0][:200], fix="mend the line")
    if not isinstance(value, dict):
        return Fault(name, number, 1, problem=f"a JSON object was expected, not {_kind(value)}",
                     fix="give one {…} on each line")
    return JsonRecord(number, value, text)


def _too_deep(data: bytes) -> bool:
    """Tell whether brackets nest deeper than the cap: each pass of ``replace`` removes exactly one level."""
    if data.count(b"[") + data.count(b"{") <= MAX_DEPTH:
        return False
    bare = _without_strings(data).translate(_BRACES, _NOT_BRACES)
    for _ in range(MAX_DEPTH):
        less = bare.replace(b"[]", b"")
        if len(less) == len(bare):
            break
        bare = less
    return bare.count(b"[") > MAX_DEPTH or b"[]" in bare


def _without_strings(data: bytes) -> bytes:
    parts = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
    return b"".join(parts[::2])


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RefusedError(f"key {key[:80]!r} is given twice", "keep one", json.dumps(key))
            seen.add(key)
    return value


def _constant(text: str) -> NoReturn:
    raise _RefusedError(f"{text} is no JSON", "give a number, or leave the field out", text)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _RefusedError(f"number {text[:20]} is too large", "give a finite number", text)
    return value


def _field(path: Sequence[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def _fix(text: str, error: json.JSONDecodeError) -> str:
    if error.pos >= len(text):
        return "the line ends too early: is the file cut off?"
    return f"look at {text[max(0, error.pos - 10) : error.pos + 15]!r}"
