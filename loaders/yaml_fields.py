"""Typed access to the fields of a YAML mapping: what is missing, unknown or of another type becomes a located fault."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from loaders.base import LossReport
from loaders.words import near_names, suggest
from loaders.yaml_records import YamlList, YamlMap, YamlText, YamlValue
from ontologies.errors import Fault

__all__ = ["MAX_TEXT", "YamlFields"]

MAX_TEXT = 4_000
"""Characters in one field of text."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,3})?")
_T = TypeVar("_T")


class YamlFields:
    """One mapping of a file, such as a record; `record_id` names it in the loss report.

    >>> from loaders.yaml_records import YamlField
    >>> report = LossReport()
    >>> n = YamlField(YamlText("twelve", 4, 6), 4, 3)
    >>> fields = YamlFields(YamlMap({"n": n}, 3, 3), "x.yaml", report)
    >>> fields.whole("n") is None
    True
    >>> print(report.faults[0])
    x.yaml:4:6: n: 'twelve' is no whole number (write digits)
    """

    def __init__(self, value: YamlMap, file: str, report: LossReport, *, record_id: str = "", prefix: str = "") -> None:
        self.value = value
        self.file = file
        self.report = report
        self.record_id = record_id
        self.prefix = prefix

    @property
    def line(self) -> int:
        """The line on which the mapping starts."""
        return self.value.line

    def has(self, name: str) -> bool:
        """Tell whether the field is given."""
        return name in self.value.fields

    def check_keys(self, allowed: Iterable[str]) -> None:
        """Report every field that is not among `allowed`, with the nearest that is."""
        known = list(allowed)
        for name, given in self.value.fields.items():
            if name not in known:
                near = near_names(name, known, limit=1)
                fix = f"did you mean {near[0]!r}?" if near else f"use one of: {', '.join(known)}"
                self._add(given.line, given.column, name[:80], "unknown field", fix)

    def text(self, name: str, *, required: bool = True) -> str:
        """Return a text, or an empty one (after reporting it, when required)."""
        given = self.value.fields.get(name)
        if given is None:
            if required:
                self.fault(name, "is missing", f"add '{name}: …'")
            return ""
        text = self._scalar(name, given.value)
        if not text and required and isinstance(given.value, YamlText):
            self.fault(name, "is empty", "fill it in")
        return text

    def choice(self, name: str, choices: Mapping[str, _T], *, required: bool = True, fix: str = "") -> _T | None:
        """Return what a word stands for, or None after reporting that it is none of `choices` (nearest ones, or `fix`)."""
        text = self.text(name, required=required)
        if not text:
            return None
        if text not in choices:
            self.fault(name, f"unknown {name} {text[:80]!r}", fix or suggest(text, choices))
            return None
        return choices[text]

    def flag(self, name: str) -> bool:
        """Return a truth value; False when not given."""
        text = self.text(name, required=False)
        if text not in ("", "true", "false"):
            self.fault(name, f"{text[:80]!r} is neither true nor false", "write true or false")
        return text == "true"

    def whole(self, name: str) -> int | None:
        """Return a whole number from 0, or None when not given."""
        text = self.text(name, required=False)
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) <= 12):
            self.fault(name, f"{text[:80]!r} is no whole number", "write digits")
            return None
        return int(text)

    def decimal(self, name: str) -> float | None:
        """Return a finite number, or None when not given."""
        text = self.text(name, required=False)
        if not text:
            return None
        value = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(value):
            self.fault(name, f"{text[:80]!r} is no number", "write a number such as 4.59")
            return None
        return value

    def texts(self, name: str) -> list[YamlText]:
        """Return the texts of a list; an empty one when not given. One bare text is a fault: lists are always lists."""
        given = self.value.fields.get(name)
        if given is None:
            return []
        if not isinstance(given.value, YamlList):
            self.fault(name, "a list was expected", "write [ … ]")
            return []
        texts: list[YamlText] = []
        for item in given.value.items:
            if isinstance(item, YamlText) and item.text.strip() and len(item.text) <= MAX_TEXT:
                texts.append(item)
            else:
                at = YamlText("", item.line, item.column)
                self.fault(name, "an item is empty, too long, or no text", "name one thing each", at=at)
        return texts

    def map(self, name: str) -> YamlFields | None:
        """Return the mapping under a field, or None when not given or no mapping."""
        given = self.value.fields.get(name)
        if given is None:
            return None
        return self._map(name, given.value)

    def maps(self, name: str) -> list[YamlFields]:
        """Return the mappings of a list; an empty list when not given."""
        given = self.value.fields.get(name)
        if given is None:
            return []
        if not isinstance(given.value, YamlList):
            self.fault(name, "a list was expected", "write '- …' for each")
            return []
        maps = (self._map(name, item) for item in given.value.items)
        return [one for one in maps if one is not None]

    def fault(self, name: str, problem: str, fix: str, at: YamlText | None = None) -> None:
        """Report something wrong with a field (at one item of it, when given)."""
        given = self.value.fields.get(name)
        place = at or (given.value if given is not None else self.value)
        self._add(place.line, place.column, name, problem, fix)

    def _add(self, line: int, column: int, name: str, problem: str, fix: str) -> None:
        fault = Fault(self.file, line, column, self.prefix + name, problem, fix)
        self.report.fault(fault, record=self.record_id, reason="faulty record")

    def _scalar(self, name: str, value: YamlValue) -> str:
        if not isinstance(value, YamlText):
            self.fault(name, "a text was expected", "write it on one line")
            return ""
        if len(value.text) > MAX_TEXT:
            self.fault(name, f"longer than {MAX_TEXT} characters", "shorten it")
            return ""
        return value.text.strip()

    def _map(self, name: str, value: YamlValue) -> YamlFields | None:
        if not isinstance(value, YamlMap):
            at = YamlText("", value.line, value.column)
            self.fault(name, "a mapping was expected", "write {key: value}", at=at)
            return None
        return YamlFields(value, self.file, self.report, record_id=self.record_id, prefix=f"{self.prefix}{name}.")
