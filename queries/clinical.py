"""Clinical evidence on a drug and a condition: every study, by side and by stance, best designs first.

A finding belongs to *benefit* when its relation lowers the disease (or moves a manifestation the good way) and to *harm* when
it does the opposite; whether the study supports, refutes or found nothing stands beside it. Taken in are the drug itself,
combinations it is part of and classes it belongs to (both named), and the severity forms of the condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.graph import Graph
from kg.model import Evidence, Statement
from ontologies.designs import design
from ontologies.vocabulary import relation
from queries.answer import ClinicalFinding, EvidenceItem, Node
from queries.state_graph import DRUG_CATEGORIES, Goal

__all__ = [
    "clinical_findings",
    "context_in_words",
    "counted_studies",
    "evidence_item",
    "node",
    "related_drugs",
    "trials_without_result",
]


def node(graph: Graph, curie: str) -> Node:
    """Return an entity as it is shown; an id that the graph does not describe is its own name."""
    entity = graph.entities.get(curie)
    return Node(curie, entity.name, entity.category) if entity else Node(curie, curie, "")


def evidence_item(evidence: Evidence) -> EvidenceItem:
    """Return an evidence as it is shown; the date of a database record is its release."""
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
    if word.tier != "clinical" or not word.sign:
        return
    for evidence in graph.evidence.get(sid, ()):
        kind = design(evidence.design)
        if kind.kind == "hypothesis":
            continue
        yield ClinicalFinding(
            side="benefit" if word.sign == goal.benefit else "harm",
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
            note="; ".join(part for part in (note, "retells other reports" if evidence.recounts else "") if part),
        )


def counted_studies(findings: Iterable[ClinicalFinding], *stances: str) -> frozenset[str]:
    """Return the studies with one of these stances; reviews that retell others count only where no study of that stance does.

    One case in which a drug did nothing does not silence a review of the studies in which it worked.
    """
    rows = [row for row in findings if row.evidence.stance in stances]
    first_hand = [row for row in rows if not row.evidence.recounts]
    return frozenset(row.evidence.study for row in first_hand or rows)


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
