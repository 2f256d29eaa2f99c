"""Quantities in UCUM, the unified code for units of measure: just enough of it to catch a misspelt unit.

Covered are the base units that clinical and laboratory reports use, metric prefixes, powers, products, quotients, and
annotations in braces. See https://ucum.org/ucum for the whole.
"""

from __future__ import annotations

import re

__all__ = ["check_quantity", "check_unit", "weeks"]

_METRIC = {"g", "m", "s", "L", "l", "mol", "[IU]", "[iU]", "U", "J", "Pa", "K", "Hz", "eq", "kat", "M", "Ci", "Gy", "osm", "cal"}
_PLAIN = {"a", "mo", "wk", "d", "h", "min", "%", "[ppb]", "[ppm]", "[pH]", "Cel", "[kg]", "[lb_av]", "[in_i]", "[CFU]",
          "[arb'U]", "10*", "10^", "deg", "mm[Hg]", "cal_th", "bit", "By", "Da", "kDa", "u", "[foz_us]", "[dr_av]"}
_PREFIXES = {"k", "h", "da", "d", "c", "m", "u", "n", "p", "f", "M", "G"}
_FIXES = {
    "iu/ml": "[IU]/mL", "iu/l": "[IU]/L", "ku/l": "k[IU]/L", "iu": "[IU]", "year": "a", "years": "a", "y": "a", "yr": "a",
    "months": "mo", "month": "mo", "weeks": "wk", "week": "wk", "w": "wk", "days": "d", "day": "d", "hours": "h",
    "hour": "h", "minutes": "min", "percent": "%", "ml": "mL", "cells/ul": "{cells}/uL", "score": "{score}",
    "points": "{score}", "count": "{count}", "ppb": "[ppb]", "mcg": "ug", "µg": "ug", "mm3": "mm3", "x": "1",
}
_DAYS = {"a": 365.25, "mo": 365.25 / 12, "wk": 7.0, "d": 1.0, "h": 1 / 24, "min": 1 / 1440}
_PART = re.compile(
    r"(?P<atom>[A-Za-z%]*\[[A-Za-z_'0-9]{1,12}\]|[A-Za-z%]+|10[*^])?(?P<power>[+-]?\d{1,3})?(?P<note>\{[^{}\s]{0,60}\})?"
)
_NUMBER = r"\d{1,9}(?:\.\d{1,9})?"
_QUANTITY = re.compile(rf"\A(?:[<>~]=?)?{_NUMBER}(?:(?: ?(?:-|–|to|and) ?|, ?){_NUMBER}){{0,5}} (?P<unit>\S{{1,40}})")


def check_unit(unit: str) -> str:
    """Return an empty text when `unit` is a UCUM unit, else how to mend it.

    >>> check_unit("[IU]/mL"), check_unit("10*9/L"), check_unit("{score}"), check_unit("mg/kg")
    ('', '', '', '')
    >>> check_unit("IU/mL"), check_unit("weeks")
    ("write '[IU]/mL'", "write 'wk'")
    >>> check_unit("furlong")
    'give a UCUM unit such as [IU]/mL, mg/kg, wk, % or {score}'
    """
    parts = re.split(r"[/.]", unit)
    if unit.startswith("/"):
        parts = parts[1:]
    if len(unit) <= 60 and all(_is_part(part) for part in parts):
        return ""
    better = _FIXES.get(unit.lower())
    return f"write {better!r}" if better else "give a UCUM unit such as [IU]/mL, mg/kg, wk, % or {score}"


def check_quantity(text: str) -> str:
    """Return an empty text when `text` is a number (or a range, or several) with a UCUM unit, else how to mend it.

    >>> check_quantity("6 wk"), check_quantity("24-48 wk"), check_quantity("15.5 wk"), check_quantity("12 and 28 wk")
    ('', '', '', '')
    >>> check_quantity("6 weeks")
    "write 'wk'"
    >>> check_quantity("six weeks")
    "write a number, a space and a UCUM unit: '6 wk'"
    """
    found = _QUANTITY.fullmatch(text)
    return check_unit(found["unit"]) if found else "write a number, a space and a UCUM unit: '6 wk'"


def weeks(text: str) -> tuple[tuple[float, float], ...]:
    """Return the spans of time in a quantity in weeks, each with its first and last end; empty when it is no time.

    A year is a Julian year of 365.25 days, a month its twelfth. Signs before the number (<, >=, ~) are passed over.

    >>> weeks("24 wk"), weeks("12 and 28 wk"), weeks("8-12 wk"), weeks("5 d"), weeks("300 mg")
    (((24.0, 24.0),), ((12.0, 12.0), (28.0, 28.0)), ((8.0, 12.0),), ((0.714286, 0.714286),), ())
    >>> weeks("7 mo"), weeks("3 a")
    (((30.4375, 30.4375),), ((156.535714, 156.535714),))
    """
    found = _QUANTITY.fullmatch(text)
    days = _DAYS.get(found["unit"]) if found else None
    if days is None:
        return ()
    spans = []
    for part in re.split(r" and |, ?", text.lstrip("<>~=").rpartition(" ")[0]):
        numbers = [round(float(number) * days / 7, 6) for number in re.findall(_NUMBER, part)]
        spans.append((min(numbers), max(numbers)))
    return tuple(spans)


def _is_part(part: str) -> bool:
    if part.isdecimal():
        return True
    found = _PART.fullmatch(part)
    if not found or not part:
        return False
    atom = found["atom"]
    if atom is None:
        return found["note"] is not None and found["power"] is None
    if atom in _PLAIN or atom in _METRIC:
        return True
    return any(atom.startswith(p) and atom[len(p) :] in _METRIC for p in _PREFIXES)
