"""Counting studies for and against, and the one derived belief.

Rules, in the order they are applied to all evidence of a statement or of a claim:

1. Evidence is grouped by its *root study* (a sub-study counts as its trial): two findings of one study count once.
2. A supposition in support (design ``hypothesis``, weight 0) is left out as soon as one finding supports; then a review
   that only recounts other reports, as soon as one report of its own is there.
3. A study is *supporting* if any of its findings supports, *refuting* if any refutes, *null* if any looked and found
   nothing; a study with mixed findings stands in each of these counts, and weighs once on each side.
4. The weight of a finding is that of its design (``ontologies/study_designs.tsv``; a hypothesis weighs 0), times the rate of
   its reader if a machine read it (``ontologies/extractors.tsv``); the weight of a study is that of its best finding.
5. ``belief = (S + 1/2) / (S + R + N + 1)`` with S, R, N the summed weights: the posterior mean of a Bernoulli rate under
   Jeffreys' prior (Jeffreys 1946, doi:10.1098/rspa.1946.0056), where a study of weight w counts as w trials. It is 1/2 with
   no weight at all, and one supporting against three refuting studies of equal weight w is below 1/2 for every w.
6. The *verdict* is a word that never hides the other side; a claim may be *asserted* (drawn as a plain triple, printed
   as "yes") only if more studies support it than refute it or found nothing, their weight is greater too, and some
   of that support is more than a hypothesis.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kg.model import Evidence
from ontologies.designs import design
from ontologies.extractors import precision

__all__ = ["Counts", "Verdict", "count", "summarise", "weight"]

Verdict: TypeAlias = Literal[
    "supported", "mostly supported", "contested", "mostly refuted", "refuted", "not found", "hypothesis", "no evidence"
]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many studies support, refute, or looked in vain; their summed weights; the derived belief in [0, 1]."""

    support: int = 0
    refute: int = 0
    null: int = 0
    support_weight: float = 0.0
    against_weight: float = 0.0

    @property
    def belief(self) -> float:
        """The posterior mean of rule 5.

        >>> round(Counts(1, 3, 0, 1.0, 3.0).belief, 2)
        0.3
        """
        return (self.support_weight + 0.5) / (self.support_weight + self.against_weight + 1.0)

    @property
    def verdict(self) -> Verdict:
        """The word of rule 6.

        >>> Counts(1, 3, 0, 1.0, 3.0).verdict, Counts(0, 0, 2, 0.0, 1.0).verdict
        ('mostly refuted', 'not found')
        """
        against = self.refute + self.null
        if not self.support:
            return "refuted" if self.refute else "not found" if self.null else "no evidence"
        if not self.support_weight and not against:
            return "hypothesis"
        if not against:
            return "supported"
        if self.support > against and self.support_weight > self.against_weight:
            return "mostly supported"
        if self.support < against and self.support_weight < self.against_weight:
            return "mostly refuted"
        return "contested"

    @property
    def asserted(self) -> bool:
        """True when the claim may be printed as a plain "yes" (rule 6).

        >>> Counts(1, 3, 0, 1.0, 0.3).asserted, Counts(2, 0, 0, 0.4, 0.0).asserted, Counts(1).asserted
        (False, True, False)
        """
        return self.verdict in ("supported", "mostly supported")


def count(evidence: Iterable[Evidence]) -> Counts:
    """Count the studies behind evidence of one statement or one claim.

    >>> from kg.model import Publication
    >>> one = Evidence("supports", Publication("PMID:30292824"), "INDEX-CASE-2018", "case_report")
    >>> count([one, one]).support
    1
    """
    return summarise((e.root_study, e.stance, weight(e), e.recounts) for e in evidence)


def weight(evidence: Evidence) -> float:
    """Return what one finding weighs (rule 4).

    >>> from kg.model import Publication
    >>> paper = Publication("PMID:1")
    >>> read = Evidence("supports", paper, "PMID:1", "in_vitro", extractor="REACH", agent_type="text_mining_agent")
    >>> 0 < weight(read) < design("in_vitro").weight
    True
    """
    return round(design(evidence.design).weight * precision(evidence.extractor, evidence.agent_type), 9)


def summarise(findings: Iterable[tuple[str, str, float, bool]]) -> Counts:
    """Count studies from (root study, stance, weight of the finding, recounts) rows.

    >>> summarise([("A", "supports", 1.0, False), ("B", "supports", 0.3, True)]).support
    1
    """
    rows = list(findings)
    if any(weight > 0 and stance == "supports" for _, stance, weight, _ in rows):
        rows = [row for row in rows if row[2] > 0 or row[1] != "supports"]
    if any(not recounts for *_, recounts in rows):
        rows = [row for row in rows if not row[3]]
    weights: dict[str, float] = {}
    stances: dict[str, set[str]] = {"supports": set(), "refutes": set(), "null": set()}
    for study, stance, weight, _ in rows:
        weights[study] = max(weight, weights.get(study, 0.0))
        stances[stance].add(study)
    against = [weights[s] for s in stances["refutes"] | stances["null"]]
    return Counts(
        support=len(stances["supports"]),
        refute=len(stances["refutes"]),
        null=len(stances["null"]),
        support_weight=round(sum(sorted(weights[s] for s in stances["supports"]), 0.0), 9),
        against_weight=round(sum(sorted(against), 0.0), 9),
    )
