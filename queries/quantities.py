"""Quantities with UCUM units, made comparable: just enough to say that 15 mo is less than 2 a and 300 /uL is 300 /mm3.

Known are the units of `ontologies.units` that measure time, mass, volume, amount, activity or a share; any other atom is a
dimension of its own, so that it compares with itself only. Annotations in braces measure nothing: ``{score}`` is a plain number.
A year is the Julian one of 365.25 days and a month a twelfth of it, as in UCUM (https://ucum.org/ucum).
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["conversion"]

_Dimensions = tuple[tuple[str, int], ...]

_ATOMS: dict[str, tuple[float, str, int]] = {
    "s": (1.0, "s", 1), "min": (60.0, "s", 1), "h": (3600.0, "s", 1), "d": (86400.0, "s", 1), "wk": (604800.0, "s", 1),
    "mo": (2629800.0, "s", 1), "a": (31557600.0, "s", 1), "g": (1.0, "g", 1), "m": (1.0, "m", 1), "L": (1e-3, "m", 3),
    "l": (1e-3, "m", 3), "mol": (1.0, "mol", 1), "[IU]": (1.0, "[IU]", 1), "[iU]": (1.0, "[IU]", 1), "U": (1.0, "U", 1),
    "%": (1e-2, "", 0), "[ppm]": (1e-6, "", 0), "[ppb]": (1e-9, "", 0), "10*": (10.0, "", 0), "10^": (10.0, "", 0),
}  # fmt: skip
_METRIC = {"s", "g", "m", "L", "l", "mol", "[IU]", "[iU]", "U"}
_PREFIXES = {"k": 1e3, "h": 1e2, "da": 1e1, "d": 1e-1, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15,
             "M": 1e6, "G": 1e9}  # fmt: skip
_PART = re.compile(r"(?P<atom>[A-Za-z%]*\[[^\]]*\]|[A-Za-z%]+|10[*^])?(?P<power>[+-]?\d{1,3})?(?:\{[^{}]*\})?")


def conversion(unit: str, other: str) -> float | None:
    """Return the factor that turns a number of `unit` into one of `other`; None when they measure different things.

    >>> conversion("wk", "d"), conversion("/uL", "/mm3"), conversion("k[IU]/L", "[IU]/mL")
    (7.0, 1.0, 1.0)
    >>> conversion("a", "mg") is None, conversion("{score}", "")
    (True, 1.0)
    """
    (factor, measures), (against, same) = _base(unit), _base(other)
    return round(factor / against, 12) if measures == same else None


@lru_cache(maxsize=1024)
def _base(unit: str) -> tuple[float, _Dimensions]:
    """Return what one of a unit is in base units, and what it measures."""
    factor, found = 1.0, dict[str, int]()
    for place, product in enumerate(unit.split("/")):
        for part in product.split("."):
            scale, dimension, power = _part(part)
            sign = -1 if place else 1
            factor *= scale**sign
            if dimension:
                found[dimension] = found.get(dimension, 0) + sign * power
    return factor, tuple(sorted((name, power) for name, power in found.items() if power))


def _part(text: str) -> tuple[float, str, int]:
    if text.isdecimal():
        return float(text), "", 0
    found = _PART.fullmatch(text)
    atom = found["atom"] if found else text
    if not atom:
        return 1.0, "", 0
    power = int(found["power"] or 1) if found else 1
    scale, dimension, own = _atom(atom)
    return scale**power, dimension, own * power


def _atom(atom: str) -> tuple[float, str, int]:
    if atom in _ATOMS:
        return _ATOMS[atom]
    for prefix, scale in _PREFIXES.items():
        if atom.startswith(prefix) and atom[len(prefix) :] in _METRIC:
            base, dimension, power = _ATOMS[atom[len(prefix) :]]
            return scale**1 * base, dimension, power
    return 1.0, atom, 1
