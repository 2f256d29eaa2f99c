"""Which polarity a record may have, given its relation and stance (``polarity.tsv``).

The polarity of a record is what was seen: for mechanisms and associations the direction of the effect, for clinical
records benefit (positive) or harm (negative), ``null`` for no effect, ``unknown`` for no result yet. Only some
combinations make sense: evidence that *supports* "treats" saw benefit, evidence with stance ``null`` saw nothing. A row
for a relation by name goes before the rows of its tier.

>>> polarity_allowed("treats", "supports", "positive"), polarity_allowed("treats", "supports", "negative")
(True, False)
>>> allowed_polarities("has_adverse_event", "supports")
('negative',)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ontologies.relation_table import TIERS
from ontologies.tables import Table, read_text
from ontologies.vocabulary import relation, relations

__all__ = ["POLARITIES", "STANCES", "allowed_polarities", "denial", "polarity_allowed", "read_polarities"]

STANCES = ("supports", "refutes", "null")
POLARITIES = ("positive", "negative", "null", "unknown")

_DENIAL = re.compile(
    r"\b(?:[Nn]o|[Nn]ot|[Nn]one|[Nn]or|[Nn]either|[Nn]ever|[Cc]annot|[Ff]ailed|[Ff]ails|[Ww]ithout)\b|n't\b"
)

_COLUMNS = ("tier", "sign", "stance", "polarity", "reason")


def read_polarities(text: str, file: str = "polarity.tsv") -> dict[tuple[str, str, str], dict[str, str]]:
    """Parse the table into {(tier or relation, sign, stance): {polarity: reason}}.

    Raises `BadInput` with every fault of it, by file and line.
    """
    table = Table(file, text, _COLUMNS)
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in table:
        table.choice(row, "tier", (*TIERS, *relations()))
        table.choice(row, "sign", ("-1", "0", "1"))
        table.choice(row, "stance", STANCES)
        table.choice(row, "polarity", POLARITIES)
        if not row["reason"]:
            table.fault(row.line, "reason", "is empty", "say why the combination makes sense")
        reasons = found.setdefault((row["tier"], row["sign"], row["stance"]), {})
        if row["polarity"] in reasons:
            table.fault(row.line, "polarity", "the same combination stands above", "remove one")
        reasons[row["polarity"]] = row["reason"]
        named = relations().get(row["tier"])
        if named and str(named.sign) != row["sign"]:
            table.fault(row.line, "sign", f"{named.name} has sign {named.sign}", f"use {named.sign}")
    table.finish()
    return found


@cache
def _table() -> Mapping[tuple[str, str, str], Mapping[str, str]]:
    return read_polarities(read_text("polarity.tsv"))


def allowed_polarities(relation_name: str, stance: str) -> tuple[str, ...]:
    """Return the polarities a record of this relation and stance may have; empty for an unknown stance."""
    entry = relation(relation_name)
    sign = str(entry.sign)
    own = any((entry.name, sign, s) in _table() for s in STANCES)
    return tuple(_table().get((entry.name if own else entry.tier, sign, stance), ()))


def polarity_allowed(relation_name: str, stance: str, polarity: str) -> bool:
    """Tell whether relation, stance and polarity agree; raises `UnknownRelation` for a misspelt relation.

    >>> polarity_allowed("decreases_activity_of", "supports", "negative")
    True
    """
    return polarity in allowed_polarities(relation_name, stance)


def denial(finding: str) -> str:
    """Return the first word of a finding that denies something, or "" (a supporting finding must then be waived).

    "NO" in capitals is nitric oxide and denies nothing.

    >>> denial("No hair regrew."), denial("Hair regrew."), denial("NO rose.")
    ('No', '', '')
    """
    found = _DENIAL.search(finding)
    return found.group() if found else ""
