r"""A small, strict YAML reader for untrusted files: values with their line and column, and nothing surprising.

It reads mappings, lists and text, block or flow, with comments. It refuses anchors, aliases, tags, several documents, a key
given twice, keys that are no plain text, nesting beyond `MAX_DEPTH`, control characters, text that is not UTF-8, and files
beyond `MAX_FILE` bytes or `MAX_VALUES` values. Every scalar stays text: what ``on``, ``no``, ``null`` or ``2018-10``
mean is for the field that holds them to say, never for YAML.

>>> import io
>>> report = LossReport()
>>> document = read_yaml(io.BytesIO(b"phase: on\ntaxon: [human, no]"), name="x.yaml", report=report)
>>> document.fields["phase"].value.text, document.fields["phase"].value.line
('on', 1)
>>> [item.text for item in document.fields["taxon"].value.items]
['human', 'no']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple, TypeAlias

from loaders.base import LossReport
from loaders.streams import read_capped
from ontologies.errors import Fault

__all__ = [
    "MAX_DEPTH",
    "MAX_FILE",
    "MAX_VALUES",
    "YamlField",
    "YamlList",
    "YamlMap",
    "YamlText",
    "YamlValue",
    "read_yaml",
]

MAX_DEPTH = 128
"""Levels of nesting in one file."""
MAX_FILE = 8 * 1024**2
"""Bytes in one file: 8 MB."""
MAX_VALUES = 200_000
"""Keys and values in one file."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class YamlText:
    """A scalar as it was written (`quoted` tells ``'null'`` from ``null``); empty for ``key:`` with nothing behind it."""

    text: str
    line: int
    column: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class YamlList:
    """A list of values."""

    items: list[YamlValue]
    line: int
    column: int


class YamlField(NamedTuple):
    """The value of a key, and where the key stands."""

    value: YamlValue
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class YamlMap:
    """A mapping of text keys to values."""

    fields: dict[str, YamlField]
    line: int
    column: int


YamlValue: TypeAlias = "YamlText | YamlList | YamlMap"


def read_yaml(stream: IO[bytes], *, name: str, report: LossReport) -> YamlMap | None:
    """Return the mapping that a file holds, or None after reporting why it holds none.

    Duplicate keys, anchors, aliases and tags are reported one by one and reading goes on; after malformed YAML nothing more
    is read. Raises `BadInput` for a file beyond the caps.
    """
    data = read_capped(stream, name=name, cap=MAX_FILE)
    text = _decode(data, name, report)
    if text is None:
        return None
    document = _Reader(text, name, report).document()
    if document is None or isinstance(document, YamlMap):
        return document
    report.fault(Fault(name, document.line, document.column, problem="a mapping (key: value) was expected"))
    return None


def _decode(data: bytes, name: str, report: LossReport) -> str | None:
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        place = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        report.fault(Fault(name, line, column, problem=place, fix="save the file as UTF-8"))
        return None
    bad = _FORBIDDEN.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        problem = f"control character U+{ord(bad.group()):04X}"
        report.fault(Fault(name, line, column, problem=problem, fix="remove it"))
        return None
    if not text.strip():
        report.fault(Fault(name, 1, 1, problem="the file is empty"))
        return None
    return text


class _StopError(Exception):
    """A fault after which the rest of the file means nothing."""


@dataclass(slots=True)
class _Open:
    """A list or mapping being read."""

    value: YamlList | YamlMap
    key: YamlText | None = None
    expects_key: bool = True


@dataclass(slots=True)
class _Reader:
    """Builds values from the events of libyaml's parser (of PyYAML's own where libyaml is missing)."""

    text: str
    name: str
    report: LossReport
    stack: list[_Open] = field(default_factory=list)
    root: YamlValue | None = None

    def document(self) -> YamlValue | None:
        import yaml

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        parser: Any = None
        seen = documents = 0
        try:
            parser = loader(self.text)
            while parser.check_event():
                event = parser.get_event()
                seen += 1
                if seen > MAX_VALUES:
                    self._fault(event, f"more than {MAX_VALUES} values", "split the file")
                    return None
                kind = type(event).__name__
                if kind == "DocumentStartEvent":
                    documents += 1
                    if documents > 1:
                        self._fault(event, "a second document ('---') in one file", "use one file for each")
                        return self.root
                self._take(kind, event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.report.fault(Fault(
                self.name, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0,
                problem=f"malformed YAML: {error.problem or error.context}", fix="check indentation, quotes and brackets",
            ))
            return None
        except yaml.YAMLError as error:
            problem = f"malformed YAML: {error}".splitlines()[0]
            self.report.fault(Fault(self.name, problem=problem, fix="check indentation, quotes and brackets"))
            return None
        except _StopError:
            return None
        finally:
            if parser is not None:
                parser.dispose()
        if self.root is None:
            self.report.fault(Fault(self.name, 1, 1, problem="the file is empty"))
        return self.root

    def _take(self, kind: str, event: Any) -> None:
        if kind == "ScalarEvent":
            self._refuse_marks(event)
            mark = event.start_mark
            self._put(YamlText(event.value, mark.line + 1, mark.column + 1, bool(event.style)))
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._refuse_marks(event)
            self._open(kind == "MappingStartEvent", event)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.stack.pop()
        elif kind == "AliasEvent":
            self._fault(event, f"alias *{event.anchor[:80]}", "write the value out")
            mark = event.start_mark
            self._put(YamlText("", mark.line + 1, mark.column + 1))

    def _open(self, mapping: bool, event: Any) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if len(self.stack) >= MAX_DEPTH:
            self._fault(event, f"nested deeper than {MAX_DEPTH} levels", "flatten the record")
            raise _StopError
        value: YamlMap | YamlList = YamlMap({}, line, column) if mapping else YamlList([], line, column)
        self._put(value)
        self.stack.append(_Open(value))

    def _put(self, value: YamlValue) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if isinstance(top.value, YamlList):
            top.value.items.append(value)
        elif top.expects_key:
            if not isinstance(value, YamlText):
                self.report.fault(Fault(self.name, value.line, value.column, problem="a key must be plain text"))
                raise _StopError
            top.key, top.expects_key = value, False
        else:
            self._set(top, value)

    def _set(self, top: _Open, value: YamlValue) -> None:
        key, top.expects_key = top.key, True
        assert key is not None
        assert isinstance(top.value, YamlMap)
        first = top.value.fields.get(key.text)
        if first is not None:
            problem = f"key {key.text[:80]!r} is given twice (first on line {first.line})"
            self.report.fault(Fault(self.name, key.line, key.column, key.text[:80], problem, "keep one"))
        else:
            top.value.fields[key.text] = YamlField(value, key.line, key.column)

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor is not None:
            self._fault(event, f"anchor &{event.anchor[:80]}", "remove it: every value is written out")
        if event.tag is not None:
            self._fault(event, f"tag {event.tag[:80]}", "remove it: the field says what the value is")

    def _fault(self, event: Any, problem: str, fix: str) -> None:
        mark = event.start_mark
        self.report.fault(Fault(self.name, mark.line + 1, mark.column + 1, problem=problem, fix=fix))
