"""Digests: documented text, independent of labels, order, process and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identity import claim_id, conditions_text, context_text, evidence_id, statement_id
from kg.model import Condition, Context, Statement
from ontologies.errors import MalformedCurie, UnknownRelation
from tests.strategies import conditions, contexts, texts

DUPILUMAB, IL4R = "DRUGBANK:DB12159", "HGNC:6015"


def test_the_hashed_text_is_the_documented_one() -> None:
    """Another program can compute the digest of a statement from the module's text alone."""
    text = "\n".join(  # noqa: FLY002 (one line each, as documented)
        (
            "statement",
            "http://identifiers.org/drugbank/DB12159",
            "https://w3id.org/immunokg/decreases_activity_of",
            "http://identifiers.org/hgnc/6015",
            "@taxon http://purl.obolibrary.org/obo/NCBITaxon_9606",
            "?IgE\t>=\t200\t[IU]/mL",
        )
    )
    made = statement_id(
        DUPILUMAB, "decreases_activity_of", IL4R, [("taxon", "NCBITaxon:9606")], [("IgE", ">=", "200", "[IU]/mL", "")]
    )
    assert made == sha256(text.encode()).hexdigest()


def test_claims_and_statements_differ() -> None:
    """A statement without context is not its claim, and an evidence depends on its statement."""
    assert claim_id(DUPILUMAB, "treats", IL4R) != statement_id(DUPILUMAB, "treats", IL4R)
    assert evidence_id("0" * 64, []) != evidence_id("1" * 64, [])


def test_symmetric_claims_have_one_digest() -> None:
    """The smaller IRI comes first for a symmetric relation only."""
    assert claim_id(IL4R, "correlated_with", "HGNC:6014") == claim_id("HGNC:6014", "correlated_with", IL4R)
    assert claim_id(IL4R, "regulates", "HGNC:6014") != claim_id("HGNC:6014", "regulates", IL4R)


@given(contexts(), st.randoms(use_true_random=False))
def test_context_order_does_not_matter(context: Context, random: object) -> None:
    """Shuffled and repeated parts give one text."""
    items = list(context.items()) * 2
    random.shuffle(items)  # type: ignore[attr-defined]  # hypothesis' Random is untyped
    assert context_text(items) == context_text(context.items())


@given(st.lists(conditions(), max_size=5), st.randoms(use_true_random=False))
def test_condition_order_does_not_matter(limits: list[Condition], random: object) -> None:
    """Shuffled conditions give one digest."""
    shuffled = limits[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' Random is untyped
    one, other = (Statement(DUPILUMAB, "treats", IL4R, conditions=tuple(order)) for order in (limits, shuffled))
    assert one.id == other.id


@given(texts, texts)
def test_values_cannot_forge_lines(variable: str, value: str) -> None:
    """Tabs and line ends inside a value are escaped, so that two conditions never look like one."""
    text = conditions_text([(variable, "=", value, "", "")])
    assert text.count("\n") == 0
    assert text.count("\t") == 3


def test_escapes_are_injective() -> None:
    """A tab and the two characters that stand for it differ."""
    assert evidence_id("0" * 64, [("finding", "a\tb")]) != evidence_id("0" * 64, [("finding", "a\\tb")])


@pytest.mark.parametrize(
    ("subject", "relation", "error"), [("GENE", "treats", MalformedCurie), (DUPILUMAB, "heals", UnknownRelation)]
)
def test_bad_names_raise(subject: str, relation: str, error: type[Exception]) -> None:
    """A digest is never made of something unknown."""
    with pytest.raises(error):
        statement_id(subject, relation, IL4R)


def test_ids_are_the_same_in_every_process(repo_root: Path) -> None:
    """Two processes with different hash seeds give the ids of this one."""
    script = (
        "from kg.model import *\n"
        "s = Statement('DRUGBANK:DB12159', 'treats', 'HGNC:6015', Context(cell=('CL:0000625', 'CL:0000084')),"
        " (Condition('a', '=', '1', '', 'x'), Condition('b', '=', '2', '', 'x')))\n"
        "print(s.id, Assertion(s, Evidence('null', Publication('PMID:1'), 'PMID:1', 'cohort', n=3)).evidence_id)"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(repo_root)},
        ).stdout
        for seed in ("0", "99")
    }  # fmt: skip
    assert len(printed) == 1
