"""Which evidence counts: filters by date, source and context."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model import Context, last_day

__all__ = ["UNDATED", "WEIGHT", "EvidenceFilter", "day_number"]

UNDATED = 0xFFFFFFFF
"""The day of an evidence without a date."""
WEIGHT = 10**9
"""Weights of studies are whole numbers of billionths, so that their sums are exact."""


@dataclass(frozen=True, slots=True)
class EvidenceFilter:
    """What is left out: evidence not surely published by `as_of`, of other `sources`, or stated for other than `context`.

    An evidence is stated for something else when its statement names, in a dimension that `context` names too, only values
    that neither equal nor lie within nor contain one of those asked for. What states nothing is kept.
    """

    as_of: str = ""
    sources: frozenset[str] = frozenset()
    context: Context = field(default_factory=Context)

    @property
    def keeps_all(self) -> bool:
        """True when nothing is left out."""
        return not self.as_of and not self.sources and self.context.is_empty


def day_number(date: str) -> int:
    """Return the last day that an ISO date allows as a number such as 20181010; `UNDATED` for none.

    >>> day_number("2018-02"), day_number("") == UNDATED
    (20180228, True)
    """
    day = last_day(date)
    return int(day.replace("-", "")) if day else UNDATED
