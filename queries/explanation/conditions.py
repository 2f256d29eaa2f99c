"""In whom, and when: what was found of a drug in a condition, grouped by what the patients had and when they were looked at.

`condition_groups` reads the limits of the clinical findings ("baseline serum total IgE >= 200 [IU]/mL", "atopic = false"), the
predictors of response, what the studies say of their patients (age, sex, another disease), the form of the disease, the
course (on, off and on again; weeks since the start), and the limits of the steps of the mechanisms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from kg.graph import Graph
from kg.model import Evidence, Statement
from ontologies.units import weeks
from queries.explanation.answer import ClinicalFinding, ConditionGroup, EvidenceItem, SideName
from queries.explanation.clinical import duration_text, evidence_item
from queries.explanation.dag import firm_paths
from queries.explanation.shown import Path

__all__ = ["condition_groups"]

#: Names under which the same trait of patients is stated, to the name that is shown.
_SAME: Final = {
    "atopic": "atopy",
    "atopic dermatitis": "atopy",
    "extrinsic atopic dermatitis": "atopy",
    "personal or familial atopy": "atopy",
    "age group": "age",
    "baseline serum total IgE": "serum total IgE",
}
_ATOPIC: Final = "MONDO:0004980"  # atopic dermatitis as the patients' other disease says that they are atopic
_KINDS: Final = ("predictor", "limit", "patients", "form", "course", "mechanism")
_COURSE: Final = ("before", "on", "off", "on_again")
_PHASES: Final = {"before": "before the drug", "on": "on the drug", "off": "off it", "on_again": "on it again"}
_ADULT: Final = 18.0  # years; below it patients are counted as children
_YEAR: Final = 365.25 / 7


@dataclass(frozen=True, slots=True)
class _Row:
    """One finding under one condition."""

    kind: str
    variable: str
    value: str
    condition: str
    side: SideName
    text: str
    item: EvidenceItem
    order: float = 0.0


def condition_groups(
    graph: Graph, source: str, targets: Iterable[str], clinical: Iterable[ClinicalFinding], *,
    benefit: Sequence[Path] = (), harm: Sequence[Path] = (),
) -> tuple[ConditionGroup, ...]:  # fmt: skip
    """Group what was found by the condition it was found under, so that "in whom" and "when" are answered.

    Groups of one variable follow each other, those with a predictor first, then what the claims are limited to, what the
    patients had, the form of the disease, the course, the steps of the mechanisms (if `benefit` and `harm` are given: a step
    counts where every study behind it is limited so). A study that retells others is named only where no other is.
    """
    wanted = tuple(targets)
    findings = [(finding, _source_of(graph, finding)) for finding in clinical]
    rows = [
        *_predictors(graph, source, frozenset(wanted)),
        *(row for finding, found in findings for row in _limits(graph, finding, found, wanted)),
        *_courses(findings),
        *_times(findings),
        *_mechanisms(graph, "benefit", benefit),
        *_mechanisms(graph, "harm", harm),
    ]
    groups: dict[tuple[str, str, str, SideName], list[_Row]] = {}
    for row in rows:
        kind = "limit" if row.kind == "patients" else row.kind
        value = row.condition if row.kind in ("predictor", "mechanism") else row.value
        groups.setdefault((kind, row.variable, value, row.side), []).append(row)
    first: dict[str, int] = {}
    for row in rows:
        first[row.variable] = min(_KINDS.index(row.kind), first.get(row.variable, len(_KINDS)))
    made = [_group(found) for found in groups.values()]
    return tuple(
        sorted(made, key=lambda g: (first[g.variable], g.variable, g.side, _KINDS.index(g.kind), g.value, g.condition))
    )


def _group(rows: Sequence[_Row]) -> ConditionGroup:
    """Join the findings of one condition; what retells others is left out where there is more."""
    own = [row for row in rows if not row.item.recounts] or list(rows)
    own.sort(key=lambda row: (row.order, row.item.date, row.item.study, row.text))
    best = min(rows, key=lambda row: _KINDS.index(row.kind))
    support = {row.item.counted_as for row in own if row.item.stance == "supports"}
    return ConditionGroup(
        condition=best.condition,
        side=best.side,
        findings=tuple(dict.fromkeys(row.text for row in own)),
        studies=tuple(sorted(support)),
        variable=best.variable,
        value=best.value,
        kind=best.kind,
        against=tuple(sorted({row.item.counted_as for row in own} - support)),
        evidence=tuple(dict.fromkeys(row.item for row in own)),
    )


def _source_of(graph: Graph, finding: ClinicalFinding) -> Evidence | None:
    """Return the evidence that a finding shows, for what is not shown of it (age, sex)."""
    shown = finding.evidence
    for evidence in graph.evidence.get(finding.statement, ()):
        item = evidence_item(evidence)
        if (item.study, item.finding, item.phase, item.time) == (shown.study, shown.finding, shown.phase, shown.time):
            return evidence
    return None


def _predictors(graph: Graph, source: str, targets: frozenset[str]) -> Iterator[_Row]:
    """Yield what predicts response to the source in a target, or that there is none."""
    for sid, statement in graph.statements.items():
        if statement.object != source or not targets.intersection(statement.context.disease):
            continue
        if statement.relation not in ("predicts_response_to", "predicts_nonresponse_to"):
            continue
        word = "response" if statement.relation == "predicts_response_to" else "no response"
        name = graph.name(statement.subject)
        stated = list(_stated(statement))
        limits = " and ".join(said for _, said in stated)
        variable = stated[0][0] if stated else _SAME.get(name, name)
        label = f"{name} predicts {word}" + (f" ({limits})" if limits else "")
        for evidence in graph.evidence.get(sid, ()):
            yield _Row("predictor", variable, limits or word, label, "benefit", evidence.finding, evidence_item(evidence))


def _limits(graph: Graph, finding: ClinicalFinding, found: Evidence | None, targets: Sequence[str]) -> Iterator[_Row]:
    """Yield what a clinical finding is limited to, and what is said of its patients and the form of their disease."""
    statement = graph.statements.get(finding.statement)
    text = finding.evidence.finding + (f" ({finding.note})" if finding.note.startswith("in combination") else "")

    def row(kind: str, variable: str, value: str, condition: str) -> _Row:
        return _Row(kind, variable, value, condition, finding.side, text, finding.evidence)

    if statement is not None:
        for variable, said in _stated(statement):
            value = said.partition(" = ")[2] if said.count(" = ") == 1 and " and " not in said else said
            yield row("limit", variable, value, said)
        for disease in statement.context.disease:
            if disease in targets:
                continue
            name = graph.name(disease)
            yield row("patients", "atopy" if disease == _ATOPIC else "other disease", name, f"with {name}")
        if len(targets) > 1 and statement.object in targets[1:]:
            name = graph.name(statement.object)
            yield row("form", "form of the disease", name, name)
    if found is not None:
        group = _age_group(found.observation.age)
        if group:
            yield row("patients", "age", group, f"age group = {group}")
        if found.observation.sex:
            yield row("patients", "sex", found.observation.sex, f"sex = {found.observation.sex}")


def _age_group(age: str) -> str:
    spans = weeks(age)
    if not spans:
        return ""
    years = [end / _YEAR for span in spans for end in span]
    return "child" if max(years) < _ADULT else "adult" if min(years) >= _ADULT else "child and adult"


def _courses(findings: Sequence[tuple[ClinicalFinding, Evidence | None]]) -> Iterator[_Row]:
    """Yield the findings of each study that looked off the drug or on it again, in the order of the phases."""
    studies: dict[tuple[str, SideName], list[ClinicalFinding]] = {}
    for finding, _ in findings:
        if finding.evidence.phase in _COURSE and not finding.evidence.recounts:
            studies.setdefault((finding.evidence.study, finding.side), []).append(finding)
    for rows in studies.values():
        phases = [phase for phase in _COURSE if any(row.evidence.phase == phase for row in rows)]
        if not {"off", "on_again"}.intersection(phases):
            continue
        course = ", ".join(_PHASES[phase] for phase in phases)
        for finding in rows:
            phase = finding.evidence.phase
            text = f"{_PHASES[phase]}: {finding.evidence.finding}"
            yield _Row("course", "course of treatment", course, course, finding.side, text, finding.evidence,
                       _COURSE.index(phase))  # fmt: skip


def _times(findings: Sequence[tuple[ClinicalFinding, Evidence | None]]) -> Iterator[_Row]:
    """Yield the findings that say how long the drug had been given, one group a side, named by its first and last week."""
    timed: dict[SideName, list[tuple[float, float, ClinicalFinding]]] = {}
    for finding, _ in findings:
        spans = weeks(finding.evidence.time)
        if spans and finding.evidence.phase in ("", "on") and finding.evidence.stance == "supports":
            timed.setdefault(finding.side, []).append((spans[0][0], spans[-1][1], finding))
    for side, found in timed.items():
        first, last = min(row[0] for row in found), max(row[1] for row in found)
        span = f"{first:.0f} wk" if first == last else f"{first:.0f} to {last:.0f} wk"
        for start, _, finding in found:
            text = f"{duration_text(finding.evidence.time)}: {finding.evidence.finding}"
            yield _Row("course", "time on the drug", span, f"seen {span} after the start", side, text, finding.evidence, start)


def _mechanisms(graph: Graph, side: SideName, paths: Sequence[Path]) -> Iterator[_Row]:
    """Yield the limits of the steps that hold for no one else: every supporting statement of the claim has one."""
    seen: set[tuple[str, str, str]] = set()
    for _, path in firm_paths(paths):
        for step in path.steps:
            claim = (step.subject.id, step.relation, step.object.id)
            supporting = [s for s in step.statements if s.support]
            if claim in seen or not supporting or not all(s.conditions for s in supporting):
                continue
            seen.add(claim)
            words = f"{step.subject.name} {step.label} {step.object.name}"
            for shown in supporting:
                yield from _step_limits(graph.statements.get(shown.id), side, shown.evidence, words)


def _step_limits(
    statement: Statement | None, side: SideName, evidence: Sequence[EvidenceItem], words: str
) -> Iterator[_Row]:
    for variable, said in _stated(statement) if statement is not None else ():
        for item in evidence:
            yield _Row("mechanism", variable, said, f"{words} (if {said})", side, item.finding, item)


def _stated(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield each variable that a statement is limited in with its limits in words: "age < 18 a and age >= 12 a"."""
    limits: dict[str, list[str]] = {}
    for group, alternatives in groupby(sorted(statement.conditions, key=lambda c: c.group), key=lambda c: c.group):
        for some in [list(alternatives)] if group else [[condition] for condition in alternatives]:
            variable = _SAME.get(some[0].variable, some[0].variable)
            limits.setdefault(variable, []).append(" or ".join(str(condition) for condition in some))
    for variable, said in limits.items():
        yield variable, " and ".join(said)

