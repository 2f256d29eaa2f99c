"""The values everything is made of: statements, their evidence, and the publications behind it.

All are frozen, compare by value, and hold identifiers as CURIEs. A `Statement` says *what* is claimed and where it holds
(context) and for whom (conditions); an `Evidence` says *who found it*, how, when, and whether it supports. What describes
one study only (dose, week, phase, age) is an `Observation` of the evidence and never part of the statement's identity.

>>> s = Statement("DRUGBANK:DB12159", "decreases_activity_of", "HGNC:6015", Context(taxon=("NCBITaxon:9606",)))
>>> tuple(s.claim)
('DRUGBANK:DB12159', 'decreases_activity_of', 'HGNC:6015')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Literal, NamedTuple, TypeAlias

from kg.identity import evidence_id, statement_id
from ontologies.entity import Entity
from ontologies.prefixes import expand
from ontologies.vocabulary import relation

__all__ = [
    "CONTEXT_KEYS",
    "Assertion",
    "Claim",
    "Condition",
    "Context",
    "Effect",
    "Entity",
    "Evidence",
    "Observation",
    "Precision",
    "Publication",
    "Record",
    "Stance",
    "Statement",
    "evidence_fields",
    "last_day",
    "with_curies",
]

Stance: TypeAlias = Literal["supports", "refutes", "null"]
Precision: TypeAlias = Literal["day", "month", "year", "release", "unknown"]

CONTEXT_KEYS = ("taxon", "cell", "tissue", "disease", "ligand", "stage")


class Claim(NamedTuple):
    """Subject, relation and object alone: the roll-up of all statements that differ only in context or conditions."""

    subject: str
    relation: str
    object: str


@dataclass(frozen=True, slots=True)
class Context:
    """Where a statement holds; each part is a sorted tuple of CURIEs, empty when not stated.

    `ligand` also takes pathways (a step that holds under IFN-gamma signalling).

    >>> Context(cell=("CL:0000625", "CL:0000084")).cell
    ('CL:0000084', 'CL:0000625')
    >>> Context().is_empty
    True
    """

    taxon: tuple[str, ...] = ()
    cell: tuple[str, ...] = ()
    tissue: tuple[str, ...] = ()
    disease: tuple[str, ...] = ()
    ligand: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for key in CONTEXT_KEYS:
            object.__setattr__(self, key, tuple(sorted(set(getattr(self, key)))))

    @property
    def is_empty(self) -> bool:
        """True when nothing is stated about where the claim holds."""
        return not any(getattr(self, key) for key in CONTEXT_KEYS)

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield (key, CURIE) pairs in canonical order."""
        for key in CONTEXT_KEYS:
            for curie in getattr(self, key):
                yield key, curie

    def includes(self, other: Context) -> bool:
        """Tell whether this context states everything that `other` states (and perhaps more).

        >>> Context(taxon=("NCBITaxon:9606",), cell=("CL:0000625",)).includes(Context(cell=("CL:0000625",)))
        True
        """
        return set(other.items()) <= set(self.items())


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """One limit on whom a claim is about; conditions of one non-empty `group` are alternatives, all others hold together.

    `value` is text in canonical form (numbers as Python's ``repr`` of the shortest float or int, truth as true/false);
    `unit` is UCUM.

    >>> print(Condition("baseline serum total IgE", ">=", "200", "[IU]/mL"))
    baseline serum total IgE >= 200 [IU]/mL
    """

    variable: str
    operator: str
    value: str
    unit: str = ""
    group: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.variable, self.operator, self.value, self.unit) if part)


def _canonical_conditions(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Sort, drop duplicates, and name groups of alternatives by their content (a group of one is no group)."""
    groups: dict[str, set[Condition]] = {}
    for condition in conditions:
        groups.setdefault(condition.group, set()).add(replace(condition, group=""))
    alone = groups.pop("", set())
    for group in [g for g in groups.values() if len(g) == 1]:
        alone |= group
    several = sorted({tuple(sorted(g)) for g in groups.values() if len(g) > 1})
    named = [replace(c, group=str(number)) for number, group in enumerate(several, 1) for c in group]
    return tuple(sorted(alone)) + tuple(named)


def _limits(conditions: Iterable[Condition]) -> set[frozenset[Condition]]:
    """Return the limits that all hold together, each as the set of its alternatives, whatever their group is called."""
    groups: dict[str, set[Condition]] = {}
    limits: set[frozenset[Condition]] = set()
    for condition in conditions:
        if condition.group:
            groups.setdefault(condition.group, set()).add(replace(condition, group=""))
        else:
            limits.add(frozenset((condition,)))
    return limits | {frozenset(group) for group in groups.values()}


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim with the context and the conditions under which it is made.

    Equality is identity: two statements are equal when their `id` is (labels never count). A symmetric relation is kept in
    one direction, groups of alternative conditions are renamed canonically, and a misspelt relation raises
    `ontologies.errors.UnknownRelation` at once.

    >>> a = Statement("HGNC:6014", "increases_activity_of", "HGNC:6190")
    >>> b = Statement("HGNC:6014", "increases_activity_of", "HGNC:6190", Context(cell=("CL:0000546",)))
    >>> a.id == b.id, a.claim == b.claim, b.refines(a), a.refines(b)
    (False, True, True, False)
    """

    subject: str
    relation: str
    object: str
    context: Context = field(default_factory=Context)
    conditions: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", _canonical_conditions(self.conditions))
        if relation(self.relation).symmetric and expand(self.object) < expand(self.subject):
            first, last = self.object, self.subject
            object.__setattr__(self, "subject", first)
            object.__setattr__(self, "object", last)

    @property
    def id(self) -> str:
        """The SHA-256 (64 hexadecimal digits) over expanded IRIs, canonical context and conditions."""
        return statement_id(
            self.subject,
            self.relation,
            self.object,
            tuple(self.context.items()),
            tuple((c.variable, c.operator, c.value, c.unit, c.group) for c in self.conditions),
        )

    @property
    def claim(self) -> Claim:
        """The subject, relation and object without context and conditions."""
        return Claim(self.subject, self.relation, self.object)

    def refines(self, other: Statement) -> bool:
        """Tell whether this statement makes the same claim under strictly more context or conditions than `other`."""
        return (
            self.claim == other.claim
            and self != other
            and self.context.includes(other.context)
            and _limits(other.conditions) <= _limits(self.conditions)
        )


@dataclass(frozen=True, slots=True)
class Publication:
    """A citable thing: a paper, a registered trial, or a record of a database with its release.

    `key` is the CURIE shown (PMID, else DOI, PMC, clinicaltrials, else a database record); `date` is ISO 8601 cut to its
    `precision` (``2018-10-10``, ``2018-10``, ``2018``) and empty when unknown; for a database record the `release` is
    named and `date` is the day of the release where it is stated.

    >>> Publication("DOI:10.1001/jamadermatol.2018.2976", date="2018-10-10", precision="day").last_day
    '2018-10-10'
    >>> Publication("PMID:1", date="2018", precision="year").last_day
    '2018-12-31'
    >>> Publication("PMID:1").last_day is None
    True
    """

    key: str
    pmid: str = ""
    doi: str = ""
    pmcid: str = ""
    nct: str = ""
    title: str = ""
    journal: str = ""
    date: str = ""
    precision: Precision = "unknown"
    database: str = ""
    release: str = ""

    @property
    def last_day(self) -> str | None:
        """The last day that the date allows, or None when undated (used by ``as_of``)."""
        return last_day(self.date)

    @property
    def year(self) -> int | None:
        """The year of publication, or None when unknown."""
        return int(self.date[:4]) if self.date else None


def last_day(date: str) -> str | None:
    """Return the last day an ISO date of any precision allows, or None for an empty one.

    >>> last_day("2018-02"), last_day("2018"), last_day("")
    ('2018-02-28', '2018-12-31', None)
    """
    if not date:
        return None
    if len(date) == 4:
        return f"{date}-12-31"
    if len(date) == 7:
        from calendar import monthrange

        return f"{date}-{monthrange(int(date[:4]), int(date[5:7]))[1]:02d}"
    return date


@dataclass(frozen=True, slots=True)
class Observation:
    """What describes one study only; every part is text, empty when not stated, quantities with UCUM units (``6 wk``).

    `phase` is ``before``, ``on``, ``off`` (dechallenge) or ``on_again`` (rechallenge).
    """

    phase: str = ""
    dose: str = ""
    time: str = ""
    age: str = ""
    onset_age: str = ""
    sex: str = ""
    start: str = ""
    duration: str = ""
    arm: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect size with its interval; `measure` names it (odds ratio, responders), `unit` is UCUM."""

    measure: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None:
                object.__setattr__(self, name, float(number))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding of one study about one statement.

    `stance` is ``supports``, ``refutes`` or ``null`` (looked for, not found). `study` is the key by which studies are
    counted, `parent_study` the trial a sub-study belongs to; `recounts` marks a review that retells patients of other
    reports. `design` is a term of ``ontologies/study_designs.tsv``. `finding` is one sentence in our own words, `quote`
    the text of a paper that a user loaded, with `quote_start` its offset. `source` names the loader (``corpus``,
    ``drugmechdb``) and `record` the row or record it came from.
    """

    stance: Stance
    publication: Publication
    study: str
    design: str
    finding: str = ""
    parent_study: str = ""
    recounts: bool = False
    design_detail: str = ""
    n: int | None = None
    effect: Effect = field(default_factory=Effect)
    observation: Observation = field(default_factory=Observation)
    knowledge_level: str = "not_provided"
    agent_type: str = "manual_agent"
    confidence: str = ""
    polarity: str = ""
    waiver: str = ""
    quote: str = ""
    quote_start: int | None = None
    section: str = ""
    extractor: str = ""
    source: str = ""
    record: str = ""
    licence: str = ""

    @property
    def root_study(self) -> str:
        """The key that counts: the parent trial of a sub-study, else the study itself."""
        return self.parent_study or self.study


@dataclass(frozen=True, slots=True)
class Assertion:
    """A statement with one piece of evidence for or against it: the unit that loaders yield.

    >>> paper = Publication("PMID:23034652")
    >>> a = Assertion(Statement("HGNC:6015", "part_of", "ikg:type-ii-il4-receptor"),
    ...               Evidence("supports", paper, "PMID:23034652", "review"))
    >>> len(a.evidence_id)
    64
    """

    statement: Statement
    evidence: Evidence

    @property
    def evidence_id(self) -> str:
        """SHA-256 over the statement id and everything the evidence says."""
        return evidence_id(self.statement.id, evidence_fields(self.evidence))


Record: TypeAlias = Entity | Assertion


def evidence_fields(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    """Flatten an evidence into sorted (name, text) pairs without the empty ones, as identity and storage use them.

    >>> evidence_fields(Evidence("null", Publication("PMID:1"), "PMID:1", "cohort", n=3))[1]
    ('design', 'cohort')
    """
    pairs: list[tuple[str, str]] = []
    for part in fields(evidence):
        value = getattr(evidence, part.name)
        if part.name == "publication":
            pairs.append(("publication", value.key))
        elif part.name in ("effect", "observation"):
            pairs.extend(
                (f"{part.name}_{inner.name}", _text(getattr(value, inner.name)))
                for inner in fields(value)
                if getattr(value, inner.name) not in ("", None)
            )
        elif value is not None and value is not False and value != "":
            pairs.append((part.name, _text(value)))
    return tuple(sorted(pairs))


def _text(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)


def with_curies(statement: Statement, mapping: dict[str, str]) -> Statement:
    """Return the statement with every identifier replaced by its preferred one (unmapped ones stay)."""
    context = Context(
        **{key: tuple(mapping.get(c, c) for c in getattr(statement.context, key)) for key in CONTEXT_KEYS}
    )
    return replace(
        statement,
        subject=mapping.get(statement.subject, statement.subject),
        object=mapping.get(statement.object, statement.object),
        context=context,
    )
