"""Clinical evidence on a drug and a condition: every study, by side and by stance, best designs first.

A finding belongs to *benefit* when its relation lowers the disease (or moves a manifestation the good way) and to *harm* when
it does the opposite; whether the study supports, refutes or found nothing stands beside it. Taken in are the drug itself,
combinations it is part of and classes it belongs to (both named), and the severity forms of the condition. A comparison of
two drugs is neither: it says which helps more, not whether either helps, and is told apart (`comparisons`). A registered
trial is a plan, not a finding (`trials_without_result`). What was seen in animals or in tissue outside the body is listed and
said to be that, and counts as no clinical study (`in_patients`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.graph import Graph
from kg.model import Effect, Evidence, Statement
from ontologies.designs import design
from ontologies.vocabulary import relation
from queries.explanation.answer import ClinicalFinding, EvidenceItem, Node, SideName
from queries.state_graph import DRUG_CATEGORIES, Goal

__all__ = [
    "canonical_number",
    "clinical_findings",
    "comparisons",
    "context_in_words",
    "counted_studies",
    "duration_text",
    "effect_text",
    "evidence_item",
    "in_patients",
    "node",
    "related_drugs",
    "trials_without_result",
]

_UNIT_WORDS = {
    "1": "", "%": "%", "{score}": "points", "[IU]/mL": "IU/mL", "10*-3/a": "per 1,000 person-years",
    "d": "days", "wk": "weeks", "mo": "months", "a": "years",
}
_TIME_WORDS = {"h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}


def node(graph: Graph, curie: str) -> Node:
    """Return an entity as it is shown; an id that the graph does not describe is its own name."""
    entity = graph.entities.get(curie)
    return Node(curie, entity.name, entity.category) if entity else Node(curie, curie, "")


def effect_text(effect: Effect) -> str:
    """Return an effect size with its interval and unit as text, empty when none is stated.

    The interval is the one that the study gives (95 % as a rule; its level is not stored).

    >>> effect_text(Effect("relative risk", 4.59, 2.46, 8.57, "1"))
    'relative risk 4.59 (2.46 to 8.57)'
    >>> effect_text(Effect("SALT improvement on drug", 2.2, unit="{score}"))
    'SALT improvement on drug 2.2 points'
    >>> effect_text(Effect("median change", -22.5, unit="%")), effect_text(Effect())
    ('median change -22.5%', '')
    >>> effect_text(Effect("complete regrowth (15 of 26)", 57.7, unit="%"))
    'complete regrowth 57.7% (15 of 26)'
    """
    if effect.value is None and effect.low is None and effect.high is None:
        return effect.measure
    unit = _UNIT_WORDS.get(effect.unit, effect.unit.strip("{}") if effect.unit.startswith("{") else effect.unit)
    unit = f" {unit}" if unit and unit != "%" else unit
    low, high = (None if bound is None else canonical_number(bound) for bound in (effect.low, effect.high))
    span = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}" if high else ""
    if effect.value is None:
        return f"{effect.measure} {span}{unit}".strip()
    if not span and effect.measure.endswith(")"):
        measure, _, counts = effect.measure.rpartition(" (")
        return f"{measure} {canonical_number(effect.value)}{unit} ({counts}"
    return f"{effect.measure} {canonical_number(effect.value)}{unit}{f' ({span})' if span else ''}".strip()


def canonical_number(value: float) -> str:
    """Return a number as it was stated: whole ones without a point, others with all their digits.

    >>> canonical_number(8.0), canonical_number(-22.5), canonical_number(39224.0)
    ('8', '-22.5', '39224')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def duration_text(quantity: str) -> str:
    """Return a stored time in words; what is no time stays as it is.

    >>> duration_text("6 wk"), duration_text("1 a"), duration_text("12 and 28 wk"), duration_text("weekly")
    ('6 weeks', '1 year', '12 and 28 weeks', 'weekly')
    """
    number, _, unit = quantity.rpartition(" ")
    word = _TIME_WORDS.get(unit, "")
    if not number or not word:
        return quantity
    return f"{number} {word}" if number == "1" else f"{number} {word}s"


def evidence_item(evidence: Evidence) -> EvidenceItem:
    """Return an evidence as it is shown; the date of a database record is its release.

    >>> from kg.model import Publication
    >>> paper = Publication("PMID:1", date="2020", precision="year")
    >>> evidence_item(Evidence("supports", paper, "PMID:1", "cohort", effect=Effect("hazard ratio", 2.0, 1.5, 2.5, "1"))).effect
    'hazard ratio 2 (1.5 to 2.5)'
    """
    paper = evidence.publication
    return EvidenceItem(
        publication=paper.key,
        study=evidence.study,
        design=evidence.design,
        date=paper.date or paper.release or "unknown",
        stance=evidence.stance,
        finding=evidence.finding,
        title=paper.title,
        journal=paper.journal or paper.database,
        n=evidence.n,
        phase=evidence.observation.phase,
        time=evidence.observation.time,
        dose=evidence.observation.dose,
        recounts=evidence.recounts,
        effect=effect_text(evidence.effect),
        arm=evidence.observation.arm,
        part_of=evidence.root_study if evidence.root_study != evidence.study else "",
    )


def context_in_words(graph: Graph, statement: Statement) -> dict[str, tuple[str, ...]]:
    """Return a statement's context with names in place of identifiers."""
    words: dict[str, tuple[str, ...]] = {}
    for key, curie in statement.context.items():
        words[key] = (*words.get(key, ()), graph.name(curie))
    return words


def related_drugs(graph: Graph, source: str) -> dict[str, str]:
    """Return the source, the combinations and classes it stands in, each with the note to print ("" for itself).

    A class is followed one step up only, so that a finding on "TNF inhibitors" reaches infliximab, named as such.
    """
    related = {source: ""}
    for claim, record in graph.claims.items():
        if claim.subject != source or not record.counts.support:
            continue
        kind = graph.entities[claim.object].category if claim.object in graph.entities else ""
        if kind not in DRUG_CATEGORIES:
            continue
        if claim.relation == "part_of":
            related[claim.object] = f"in combination: {graph.name(claim.object)}"
        elif claim.relation == "is_a":
            related[claim.object] = f"class: {graph.name(claim.object)}"
    return related


def clinical_findings(graph: Graph, source: str, goals: Iterable[Goal]) -> tuple[ClinicalFinding, ...]:
    """Return every clinical finding on the source and the goals, benefit first, then by weight of design, date and study."""
    drugs = related_drugs(graph, source)
    wanted = {goal.id: goal for goal in goals}
    found = [
        finding
        for sid, statement in graph.statements.items()
        if statement.subject in drugs and statement.object in wanted
        for finding in _findings(graph, sid, statement, drugs[statement.subject], wanted[statement.object])
    ]
    order = {"benefit": 0, "harm": 1}
    return tuple(
        sorted(
            found,
            key=lambda f: (
                order[f.side], -f.design_weight, f.evidence.date, f.evidence.study, f.statement, f.evidence.finding
            ),
        )
    )


def _findings(
    graph: Graph, sid: str, statement: Statement, note: str, goal: Goal
) -> Iterator[ClinicalFinding]:
    word = relation(statement.relation)
    if word.tier == "clinical" and word.sign:
        yield from _rows(graph, sid, statement, note, "benefit" if word.sign == goal.benefit else "harm")


def _rows(graph: Graph, sid: str, statement: Statement, note: str, side: SideName) -> Iterator[ClinicalFinding]:
    """Yield one row for each evidence of a statement that is no supposition."""
    for evidence in graph.evidence.get(sid, ()):
        kind = design(evidence.design)
        if kind.kind == "hypothesis":
            continue
        yield ClinicalFinding(
            side=side,
            subject=node(graph, statement.subject),
            relation=statement.relation,
            object=node(graph, statement.object),
            statement=sid,
            conditions=tuple(str(c) for c in statement.conditions),
            context=context_in_words(graph, statement),
            evidence=evidence_item(evidence),
            design_label=kind.label,
            design_weight=kind.weight,
            level=str(kind.level),
            note="; ".join(filter(None, (
                note,
                "retells other reports" if evidence.recounts else "",
                "" if _in_patients(evidence.design, evidence.observation.phase) else "not in patients, so not counted",
            ))),
        )


def comparisons(graph: Graph, source: str, targets: Iterable[str]) -> tuple[ClinicalFinding, ...]:
    """Return the comparisons of the source (or its combinations and classes) with another drug in a target.

    Each is a row whose subject did better than its object where the stance is "supports", and no different where it is
    "null". The rows say which of two drugs helps more, so they are never counted for or against either side; their side is
    benefit because efficacy is what is compared. A comparison whose disease is not stated is left out.
    """
    drugs, wanted = related_drugs(graph, source), set(targets)
    found = [
        row
        for sid, statement in graph.statements.items()
        if statement.relation == "more_effective_than"
        and (statement.subject in drugs or statement.object in drugs)
        and wanted.intersection(statement.context.disease)
        for row in _rows(graph, sid, statement, drugs.get(statement.subject) or drugs.get(statement.object, ""), "benefit")
    ]
    return tuple(
        sorted(found, key=lambda f: (-f.design_weight, f.evidence.date, f.evidence.study, f.statement, f.evidence.finding))
    )


def in_patients(finding: ClinicalFinding) -> bool:
    """Tell whether a finding was made in patients (or tells of them), not in animals or in tissue outside the body.

    A drug that cured mice of a disease has not been seen to help anybody. What was taken from patients on the drug (a biopsy
    with a phase of treatment) is theirs.
    """
    return _in_patients(finding.evidence.design, finding.evidence.phase)


def _in_patients(how: str, phase: str) -> bool:
    kind = design(how)
    return kind.kind != "experimental" or (kind.human and bool(phase))


def counted_studies(findings: Iterable[ClinicalFinding], *stances: str) -> frozenset[str]:
    """Return the studies in patients with one of these stances; reviews that retell others count only where no study does.

    What was published of a part of a study (its biomarkers, one of its cohorts) counts with that study, once.

    One case in which a drug did nothing does not silence a review of the studies in which it worked.
    """
    rows = [row for row in findings if row.evidence.stance in stances and in_patients(row)]
    first_hand = [row for row in rows if not row.evidence.recounts]
    return frozenset(row.evidence.counted_as for row in first_hand or rows)


def trials_without_result(graph: Graph, source: str, targets: Sequence[str]) -> tuple[EvidenceItem, ...]:
    """Return the registered trials of the source in a target for which the graph holds no clinical result."""
    reported: set[str] = set()
    registered: dict[str, EvidenceItem] = {}
    for sid, statement in graph.statements.items():
        if statement.subject != source or statement.object not in targets:
            continue
        for evidence in graph.evidence.get(sid, ()):
            keys = {evidence.study, evidence.root_study, *evidence.publication.nct.split("|")} - {""}
            if statement.relation == "in_clinical_trials_for":
                registered[evidence.root_study] = evidence_item(evidence)
            elif relation(statement.relation).tier == "clinical":
                reported |= keys
    return tuple(item for study, item in sorted(registered.items()) if study not in reported)
