"""About whom a question is asked: which limits of claims exclude these people, and what a word for a population means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Condition, Context
from ontologies.errors import BadInput
from queries.asked import Asked, contradicted, population, read_condition
from queries.coherence import Setting, excluded, mismatch
from queries.quantities import conversion
from queries.scoring import MISMATCH

CHILD = Condition("age group", "=", "child")
KNOWN = {
    "atopic": frozenset({"true", "false"}), "severity": frozenset({"severe", "mild"}), "course": frozenset({"refractory"}),
    "itch": frozenset({"severe"}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "stated", "excludes"),
    [
        ("age group = child", "age group = adult", True),
        ("age group = child", "age group = adolescent or adult", False),
        ("age group = child", "age >= 18 a", True),
        ("age group = child", "age >= 12 a", False),
        ("age group = adult", "age < 18 a", True),
        ("age group = adult", "age <= 18 a", False),
        ("age = 10 a", "age >= 12 a", True),
        ("age = 150 mo", "age >= 12 a", False),
        ("age = 143 mo", "age >= 12 a", True),
        ("age group = child", "severity = severe", False),
        ("atopic = true", "atopic = false", True),
        ("atopic = true", "Atopic = true", False),
        ("severity = severe", "severity = moderate to severe", False),
        ("severity = mild", "severity = moderate to severe", True),
        ("severity != severe", "severity = severe", True),
        ("blood eosinophils = 200 /uL", "blood eosinophils >= 300 /mm3", True),
        ("blood eosinophils = 0.4 /nL", "blood eosinophils >= 300 /mm3", False),
        ("serum total IgE < 200 [IU]/mL", "serum total IgE >= 200 k[IU]/L", True),
        ("serum total IgE <= 200 [IU]/mL", "serum total IgE >= 200 k[IU]/L", False),
        ("serum total IgE < 200 [IU]/mL", "serum total IgE >= 200 mg", False),
        ("age group = elderly", "age < 18 a", False),
    ],
)
def test_who_is_excluded(asked: str, stated: str, excludes: bool) -> None:
    """Ages meet across words and numbers, numbers across units, words by their parts; another variable never excludes."""
    both = [_condition(text) for text in (asked, stated)]
    assert bool(contradicted(both[:1], both[1:])) == excludes
    assert bool(contradicted(both[1:], both[:1])) == excludes


def _condition(text: str) -> Condition:
    """Read "variable operator value unit"; a variable may have spaces."""
    for operator in (">=", "<=", "!=", "<", ">", "="):
        before, found, after = text.partition(f" {operator} ")
        if found:
            number, _, unit = after.partition(" ")
            return Condition(before, operator, number, unit) if number[0].isdigit() else Condition(before, operator, after)
    raise AssertionError(text)


def test_alternatives_exclude_only_together() -> None:
    """A claim for adults or for severe disease still holds for a child with severe disease."""
    either = [Condition("age group", "=", "adult", group="1"), Condition("severity", "=", "severe", group="1")]
    assert not contradicted([CHILD], either)
    assert contradicted([CHILD], [Condition("age group", "=", "adult", group="1"), Condition("age", ">=", "18", "a", "1")])


numbers = st.integers(0, 40).map(str)
ranges = st.builds(Condition, st.just("age"), st.sampled_from(("=", ">=", ">", "<=", "<")), numbers, st.just("a"))


@given(ranges, ranges)
def test_ranges_exclude_each_other_as_numbers_do(one: Condition, other: Condition) -> None:
    """Two ranges exclude each other exactly when no half year is in both."""
    tests = {"=": float.__eq__, ">=": float.__ge__, ">": float.__gt__, "<=": float.__le__, "<": float.__lt__}
    ages = [half / 2 for half in range(-2, 90)]
    shared = any(all(tests[c.operator](age, float(c.value)) for c in (one, other)) for age in ages)
    assert bool(contradicted([one], [other])) != shared


def test_a_step_for_others_costs() -> None:
    """A step stated only for adults costs when children are asked about; one stated for both does not."""
    adults = Setting(Context(), (Condition("age group", "=", "adult"),))
    asked = Asked(conditions=(CHILD,))
    assert mismatch([adults], asked) == MISMATCH["condition"]
    assert mismatch([adults, Setting(Context())], asked) == 0.0
    assert (excluded(adults, asked), excluded(Setting(Context()), asked)) == (True, False)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("child", "age group = child"), ("Adults", "age group = adult"),
        ("adolescents or adults", "age group = adolescent or adult"),
        ("atopic", "atopic = true"), ("non-atopic", "atopic = false"), ("not atopic", "atopic = false"),
        ("refractory", "course = refractory"),
    ],
)  # fmt: skip
def test_words_for_populations(word: str, meaning: str) -> None:
    """Age groups, what patients are or are not, and values that one variable has."""
    assert str(population(word, KNOWN)) == meaning


@pytest.mark.parametrize(("word", "said"), [("severe", "itch, severity"), ("tall", "no population is called 'tall'")])
def test_populations_are_never_guessed(word: str, said: str) -> None:
    """A word of two variables, or of none, is refused with what would do."""
    with pytest.raises(BadInput, match=said):
        population(word, KNOWN)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [(">= 200 [IU]/mL", "v >= 200 [IU]/mL"), ("yes", "v = true"), ("<12 a", "v < 12 a"), ("severe", "v = severe")],
)
def test_values_are_read(text: str, meaning: str) -> None:
    """A value, or an operator with a number and a unit."""
    assert str(read_condition("v", text)) == meaning


def test_a_unit_that_is_none_is_refused() -> None:
    """A misspelt unit is told with the right one."""
    with pytest.raises(BadInput, match="write 'a'"):
        read_condition("age", ">= 12 years")


@pytest.mark.parametrize(
    ("unit", "other", "factor"),
    [
        ("wk", "d", 7.0), ("a", "mo", 12.0), ("mg/kg", "ug/g", 1.0), ("10*9/L", "/nL", 1.0), ("%", "{share}", 0.01),
        ("a", "kg", None),
    ],
)  # fmt: skip
def test_units_are_converted(unit: str, other: str, factor: float | None) -> None:
    """What measures the same compares; what does not does not."""
    assert conversion(unit, other) == (pytest.approx(factor) if factor is not None else None)
