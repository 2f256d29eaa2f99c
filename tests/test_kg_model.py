"""The values: canonical on construction, equal when they say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import (
    Assertion,
    Condition,
    Context,
    Effect,
    Evidence,
    Publication,
    Statement,
    evidence_fields,
    last_day,
    with_curies,
)
from kg.tables import conditions_from_json, conditions_json, context_from_json, context_json
from ontologies.errors import UnknownRelation
from tests.strategies import conditions, contexts, evidences, statements

IL4, IL4R = "HGNC:6014", "HGNC:6015"


def test_context_is_canonical() -> None:
    """The parts of a context are sorted and stand once."""
    context = Context(cell=("CL:0000625", "CL:0000084", "CL:0000625"))
    assert context.cell == ("CL:0000084", "CL:0000625")
    assert list(context.items()) == [("cell", "CL:0000084"), ("cell", "CL:0000625")]


def test_symmetric_relations_have_one_direction() -> None:
    """A correlated with B is B correlated with A; an activation is not turned."""
    assert Statement(IL4R, "correlated_with", IL4) == Statement(IL4, "correlated_with", IL4R)
    assert Statement(IL4R, "increases_activity_of", IL4) != Statement(IL4, "increases_activity_of", IL4R)


def test_misspelt_relations_fail_at_once() -> None:
    """A statement cannot be made with a relation that the vocabulary lacks; near names are listed."""
    with pytest.raises(UnknownRelation, match="decreases_activity_of"):
        Statement(IL4, "decreases_activty_of", IL4R)


def test_groups_of_conditions_are_named_by_content() -> None:
    """What a group of alternatives is called does not matter, and a group of one is no group."""
    atopy, ige = Condition("atopy", "=", "true", "", "x"), Condition("IgE", ">=", "200", "[IU]/mL", "x")
    named = Statement(IL4, "regulates", IL4R, conditions=(atopy, ige, Condition("age", "<", "12", "a", "alone")))
    ige, atopy, age = replace(ige, group="k"), replace(atopy, group="k"), Condition("age", "<", "12", "a")
    other = Statement(IL4, "regulates", IL4R, conditions=(age, ige, atopy))
    assert named == other
    assert named.id == other.id
    assert [c.group for c in named.conditions] == ["", "1", "1"]


def test_refines_compares_limits_not_group_numbers() -> None:
    """A statement with one more group of alternatives refines, although the groups are numbered anew."""
    a, b, c, d = (Condition(name, "=", "true", "", group) for name, group in zip("abcd", "ggkk", strict=True))
    less, more = Statement(IL4, "regulates", IL4R, conditions=(c, d)), Statement(IL4, "regulates", IL4R, conditions=(a, b, c, d))
    assert more.refines(less)
    assert not less.refines(more)
    assert not more.refines(more)


@given(statements(), statements(), statements())
def test_refines_is_a_strict_order(a: Statement, b: Statement, c: Statement) -> None:
    """Nothing refines itself, no two refine each other, and what refines a refinement refines."""
    assert not a.refines(a)
    assert not (a.refines(b) and b.refines(a))
    if a.refines(b) and b.refines(c):
        assert a.refines(c)


@given(statements())
def test_statements_are_fixed_points(statement: Statement) -> None:
    """Making a statement from its own parts gives an equal one."""
    again = Statement(*statement.claim, statement.context, statement.conditions)
    assert again == statement
    assert again.id == statement.id


@given(contexts(), st.lists(conditions(), max_size=4))
def test_json_forms_come_back(context: Context, limits: list[Condition]) -> None:
    """Contexts and conditions survive their JSON text."""
    stated = Statement(IL4, "regulates", IL4R, context, tuple(limits))
    assert context_from_json(context_json(context)) == context
    assert conditions_from_json(conditions_json(stated.conditions)) == stated.conditions


def test_zero_is_stated() -> None:
    """A study of nobody and an effect of nothing are not the same as an unstated number."""
    paper = Publication("PMID:1")
    zero = dict(evidence_fields(Evidence("null", paper, "PMID:1", "cohort", n=0, quote_start=0, effect=Effect("ratio", 0))))
    assert (zero["n"], zero["quote_start"], zero["effect_value"]) == ("0", "0", "0.0")
    assert "n" not in dict(evidence_fields(Evidence("null", paper, "PMID:1", "cohort")))


def test_effects_hold_floats() -> None:
    """A whole number and the equal float are one effect, so that storage does not change an evidence."""
    assert Effect("ratio", 3, 1, 5) == Effect("ratio", 3.0, 1.0, 5.0)
    assert repr(Effect("ratio", 3).value) == "3.0"


@given(statements(), evidences())
def test_evidence_ids_cover_everything(statement: Statement, evidence: Evidence) -> None:
    """Evidences that differ in what they say have different ids."""
    one = Assertion(statement, evidence)
    for other in (replace(evidence, finding=evidence.finding + "."), replace(evidence, n=(evidence.n or 0) + 1)):
        assert Assertion(statement, other).evidence_id != one.evidence_id


@pytest.mark.parametrize(
    ("date", "last"),
    [("2018-10-10", "2018-10-10"), ("2018-02", "2018-02-28"), ("2020-02", "2020-02-29"), ("2018", "2018-12-31"), ("", None)],
)
def test_last_day(date: str, last: str | None) -> None:
    """A bare year counts as its last day, a month as its last; undated is none."""
    assert last_day(date) == last


def test_with_curies_replaces_everywhere() -> None:
    """Subject, object and context follow the mapping, and a symmetric statement is turned anew."""
    statement = Statement("UniProtKB:P24394", "correlated_with", IL4, Context(ligand=("UniProtKB:P24394",)))
    changed = with_curies(statement, {"UniProtKB:P24394": IL4R})
    assert changed == Statement(IL4, "correlated_with", IL4R, Context(ligand=(IL4R,)))


def test_publications_have_years() -> None:
    """The year is read from a date of any precision."""
    assert Publication("PMID:1", date="2018-10", precision="month").year == 2018
    assert Publication("PMID:1").year is None
