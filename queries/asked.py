"""The context of a question: where it is asked, and about whom; and whether a limited claim can be about them.

``population=child`` or ``atopic=true`` asks about people whom some claims exclude: a step that is stated only for adults, or only
for atopic patients, says less about them. Conditions are compared by variable: numbers as ranges, with UCUM units; words by their
parts ("adolescent or adult" admits an adult). What is not about the same variable never contradicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from kg.model import CONTEXT_KEYS, Condition, Context
from ontologies.errors import BadInput
from queries.quantities import conversion

__all__ = ["ALIASES", "Asked", "contradicted", "in_words", "population", "read_condition"]

ALIASES: Mapping[str, str] = {"species": "taxon", "organism": "taxon", "cell type": "cell", "pathway": "ligand"}
"""Other words for the parts of a context."""

_AGES: Mapping[str, tuple[float, float]] = {
    "infant": (0, 2), "child": (0, 18), "adolescent": (12, 18), "adult": (18, inf),
}  # fmt: skip
"""Ages in years that the words for age groups cover, as the trials of the corpus draw the lines; a child is any minor."""
_AGE_WORDS: Mapping[str, str] = {
    "children": "child", "pediatric": "child", "paediatric": "child", "minor": "child", "adolescents": "adolescent",
    "adults": "adult", "infants": "infant",
}  # fmt: skip
_PARTS = re.compile(r"(?<!\s)\s*+(?:,|/|\bor\b|\band\b|\bto\b)\s*+")
_CONDITION = re.compile(r"(?P<operator><=|>=|!=|<|>|=)?\s*+(?P<value>\S.*)")
_NUMBER = re.compile(r"(?P<value>[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:\s+(?P<unit>\S+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked(Context):
    """The context of a question with conditions on whom it is about, all of which hold together.

    >>> Asked(cell=("CL:0000625",), conditions=(Condition("atopic", "=", "true"),)).is_empty
    False
    """

    conditions: tuple[Condition, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when nothing is asked about where or whom."""
        return not self.conditions and not any(True for _ in self.items())


def in_words(asked: Context, name: Callable[[str], str]) -> dict[str, str]:
    """Return what is asked as words by kind: names of a context's parts, and what is asked of each variable.

    >>> in_words(Asked(cell=("CL:1",), conditions=(Condition("age", ">=", "12", "a"),)), {"CL:1": "T cell"}.__getitem__)
    {'cell': 'T cell', 'age': '>= 12 a'}
    """
    words = {key: ", ".join(name(c) for c in getattr(asked, key)) for key in CONTEXT_KEYS if getattr(asked, key)}
    for condition in asked.conditions if isinstance(asked, Asked) else ():
        plain = " ".join(part for part in (condition.operator, condition.value, condition.unit) if part).removeprefix("= ")
        words[condition.variable] = f"{words[condition.variable]} and {plain}" if condition.variable in words else plain
    return words


def contradicted(asked: Sequence[Condition], stated: Iterable[Condition]) -> int:
    """Return how many of the asked conditions are excluded by the stated limits of a claim.

    Alternatives (of one group) exclude only together.

    >>> contradicted([Condition("age group", "=", "child")], [Condition("age", ">=", "18", "a")])
    1
    >>> contradicted([Condition("age", "=", "30", "mo")], [Condition("age", ">=", "2", "a")])
    0
    """
    limits: dict[str, list[Condition]] = {}
    for number, condition in enumerate(stated):
        limits.setdefault(condition.group or f" {number}", []).append(condition)
    return sum(any(all(_excludes(one, limit) for limit in group) for group in limits.values()) for one in asked)


def _excludes(one: Condition, other: Condition) -> bool:
    """Tell whether two conditions cannot hold of one person."""
    first, second = one.variable.casefold(), other.variable.casefold()
    ages = {"age", "age group"}
    if first in ages and second in ages:
        years, others = _years(one), _years(other)
        return bool(years and others) and not any(_meet(a, b) for a in years for b in others)
    if first != second:
        return False
    ranges = _range(one, one.unit), _range(other, one.unit)
    if ranges[0] and ranges[1]:
        return not _meet(ranges[0], ranges[1])
    if one.unit or other.unit or {one.operator, other.operator} - {"=", "!="}:
        return False
    values, wanted = _words(one.value), _words(other.value)
    if one.operator == other.operator:
        return one.operator == "=" and values.isdisjoint(wanted)
    return values == wanted


def _words(value: str) -> frozenset[str]:
    return frozenset(part for part in _PARTS.split(value.casefold()) if part)


def _years(condition: Condition) -> list[tuple[float, float, bool, bool]]:
    """Return the ages that a condition admits, in years; an empty list when it cannot be read."""
    if condition.variable.casefold() == "age":
        found = _range(condition, "a")
        return [found] if found else []
    names = [_AGE_WORDS.get(word, word) for word in _words(condition.value)]
    if condition.operator != "=" or not all(name in _AGES for name in names):
        return []
    return [(*_AGES[name], True, False) for name in names]


def _range(condition: Condition, unit: str) -> tuple[float, float, bool, bool] | None:
    """Return the numbers that a condition admits in a unit: (low, high, low included, high included)."""
    factor = conversion(condition.unit, unit)
    try:
        value = float(condition.value) * (factor or 1.0)
    except ValueError:
        return None
    if factor is None:
        return None
    return {
        "=": (value, value, True, True), ">=": (value, inf, True, True), ">": (value, inf, False, True),
        "<=": (-inf, value, True, True), "<": (-inf, value, True, False),
    }.get(condition.operator)  # fmt: skip


def _meet(one: tuple[float, float, bool, bool], other: tuple[float, float, bool, bool]) -> bool:
    """Tell whether two ranges have a number in common."""
    low, high = max(one[0], other[0]), min(one[1], other[1])
    if low < high:
        return True
    inside = all((r[0] < low or r[2]) and (r[1] > high or r[3]) for r in (one, other))
    return low == high and inside


def read_condition(variable: str, text: str) -> Condition:
    """Read what is asked of a variable: a value, or an operator with a value and a unit.

    >>> print(read_condition("age", ">= 12 a"))
    age >= 12 a
    >>> print(read_condition("atopic", "yes"))
    atopic = true
    """
    found = _CONDITION.fullmatch(text.strip())
    if not found:
        raise BadInput(f"{variable}={text!r} says nothing; write for example {variable}=true or {variable}='>= 12 a'")
    value, operator = found["value"], found["operator"] or "="
    number = _NUMBER.fullmatch(value)
    if number:
        from ontologies.units import check_unit

        unit = number["unit"] or ""
        fix = check_unit(unit) if unit else ""
        if fix:
            raise BadInput(f"{variable}={text!r}: {unit!r} is no unit; {fix}")
        return Condition(variable, operator, number["value"], unit)
    truth = {"yes": "true", "no": "false"}.get(value.casefold(), value)
    return Condition(variable, operator, truth)


def population(text: str, known: Mapping[str, frozenset[str]]) -> Condition:
    """Return the condition that a word for a population stands for; `known` are the variables of the graph with their values.

    >>> print(population("children", {}), population("non-atopic", {"atopic": frozenset({"true"})}), sep=", ")
    age group = child, atopic = false
    """
    word = " ".join(text.split()).casefold()
    parts = [_AGE_WORDS.get(part, part) for part in _PARTS.split(word)]
    if all(part in _AGES for part in parts):
        return Condition("age group", "=", " or ".join(parts))
    bare = re.sub(r"^(?:non[- ]|not )", "", word)
    for variable, values in sorted(known.items()):
        if variable.casefold() == bare and values & {"true", "false"}:
            return Condition(variable, "=", "true" if bare == word else "false")
    bearing = [variable for variable, values in sorted(known.items()) if word in {value.casefold() for value in values}]
    if len(bearing) == 1:
        return Condition(bearing[0], "=", word)
    if bearing:
        raise BadInput(f"{text!r} can be said of {', '.join(bearing)}; ask for example {bearing[0]}={word}")
    yes = [variable for variable, values in sorted(known.items()) if values & {"true", "false"}]
    raise BadInput(f"no population is called {text!r}; use {', '.join([*_AGES, *yes])}, or a variable: VARIABLE=VALUE")
