"""The table of weights: complete, justified, and the one that the documentation prints."""

from __future__ import annotations

from pathlib import Path

from kg.model import CONTEXT_KEYS
from queries.scoring import CLASH, CONTRADICTION, MISMATCH, TABLE, WEIGHTS

TERMS = {"evidence", "conflict", "specificity", "parsimony", "tier", "coherence", "question"}


def test_every_weight_has_its_meaning_and_reason() -> None:
    """No number without a sentence on what it weighs and one on why; none below 0."""
    assert len({row.name for row in TABLE}) == len(TABLE)
    for row in TABLE:
        assert row.value >= 0
        assert len(row.meaning) > 10
        assert len(row.reason) > 20
        assert row.term in TERMS


def test_every_dimension_of_context_is_weighed() -> None:
    """Clashes and misses know every part of a context, misses also the limits on whom a claim is about."""
    assert set(CLASH) == set(CONTEXT_KEYS)
    assert set(MISMATCH) == {*CONTEXT_KEYS, "condition"}


def test_a_contradiction_of_ligands_costs_more_than_a_step() -> None:
    """An incoherent short path never saves what one more step costs."""
    assert CLASH["ligand"] * WEIGHTS["coherence"] > WEIGHTS["parsimony"] + WEIGHTS["evidence"]
    assert all(CLASH[key] >= CLASH["disease"] for key in CONTRADICTION)


def test_the_documentation_prints_the_table(repo_root: Path) -> None:
    """Every row, word for word, and every term is explained."""
    page = (repo_root / "docs" / "explanations.md").read_text("utf-8")
    for row in TABLE:
        assert f"| {row.term} | {row.name} | {row.value:g} | {row.meaning} | {row.reason} |" in page
    for term in TERMS:
        assert f"* **{term}**:" in page
