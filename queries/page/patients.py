"""What was seen in patients: in whom and when, the clinical studies by design, and reports read as challenge tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from queries.explanation.answer import Challenge, ClinicalFinding, ConditionGroup, EvidenceItem, Explanation, SideName, TimePoint
from queries.explanation.clinical import counted_studies
from queries.page.blocks import BREAK, Block, Bullets, Heading, Item, Paragraph, Strong, Table, Text, joined
from queries.page.references import Citations, cited
from queries.page.words import STANCE, condition, count, name, phase, state

__all__ = ["challenge_tests", "clinical_studies", "clinical_table", "in_whom"]

_PHASES = {"before": -1, "off": 1, "on_again": 2}
_TELLING = ("", "limit", "predictor")  # kinds of condition that say by themselves in whom a finding holds
_TOLD = 2  # findings told at a condition; of more only the citations
_CAPTIONS = {
    "supports": "Studies that found {side}",
    "refutes": "Studies that speak against {side}",
    "null": "Studies that looked for {side} and found no effect",
}


def in_whom(explanation: Explanation, citations: Citations, *, why: bool) -> Iterator[Block]:
    """Yield the conditions under which findings hold, those of one variable together, and what moved when.

    What is a limit of a finding, or predicts it, is told; of the rest (what the patients happened to have, the course) only who
    found it, unless `why`, since the clinical table tells it.
    """
    if explanation.conditions:
        yield Heading(2, "In whom, and when", "whom")
        yield Bullets(tuple(_conditions(explanation, citations, why=why)))
    if explanation.timeline:
        yield Heading(2 if not explanation.conditions else 3, "In order of time", "time")
        yield Table(
            "What was seen to move, by weeks since the start of the drug",
            ("weeks", "what", "what was found"),
            tuple(_time_rows(explanation, citations)),
            frozenset({0}),
        )


def _conditions(explanation: Explanation, citations: Citations, *, why: bool) -> Iterator[Item]:
    studies = _by_study(explanation)
    told: set[str] = set()
    for variable, groups in groupby(explanation.conditions, key=lambda group: group.variable or group.condition):
        rows = [_condition(group, studies, told, citations, why=why) for group in groups]
        if len(rows) == 1:
            yield rows[0]
        else:
            yield Item(condition(variable), tuple(rows))


def _condition(
    group: ConditionGroup, studies: dict[str, tuple[EvidenceItem, ...]], told: set[str], citations: Citations, *, why: bool
) -> Item:
    """Return one condition with who found what under it; what was told under another condition is cited alone."""
    found = group.evidence or tuple(
        item for study in (*group.studies, *group.against) for item in studies.get(study, (_unknown(study),))
    )
    counts = f"{group.side}, {count(len(group.studies), 'study', 'studies')}" if group.studies or group.against else group.side
    counts += f" for, {len(group.against)} against or without effect" if group.against else ""
    counts += ", by a mechanism" if group.kind == "mechanism" else ""
    line = cited(f"{condition(group.condition)} ({counts})", citations.cite(found))
    fresh = [text for text in group.findings if text not in told]
    if not why and (group.kind not in _TELLING or len(fresh) > _TOLD):
        return Item(line)
    told.update(fresh)
    details = tuple(
        Item(cited(text, citations.cite(item for item in found if item.finding and item.finding in text))) for text in fresh
    )
    return Item(line, details, "" if group.kind in _TELLING and len(details) <= _TOLD else "what was found")


def _by_study(explanation: Explanation) -> dict[str, tuple[EvidenceItem, ...]]:
    """Return every evidence of the answer by its study."""
    steps = [step for side in (explanation.benefit, explanation.harm) for path in side.paths for step in path.steps]
    items = [finding.evidence for finding in explanation.clinical]
    items += [item for step in steps for statement in step.statements for item in statement.evidence]
    found: dict[str, dict[EvidenceItem, None]] = {}
    for item in items:
        found.setdefault(item.study, {})[item] = None
    return {study: tuple(several) for study, several in found.items()}


def _unknown(study: str) -> EvidenceItem:
    """Return an evidence for a study of which the answer holds no more than its key."""
    return EvidenceItem(study, study, "", "", "supports", "")


def _time_rows(explanation: Explanation, citations: Citations) -> Iterator[tuple[Text, ...]]:
    """Yield what moved at each time, one row a publication; what the clinical table tells is cited alone."""
    clinical = {finding.evidence.finding for finding in explanation.clinical}
    rows: dict[tuple[float, str], list[TimePoint]] = {}
    for point in explanation.timeline:
        rows.setdefault((point.weeks, point.evidence.publication), []).append(point)
    for (weeks, _), points in rows.items():
        moved = dict.fromkeys(
            state(point.node, point.direction) if point.direction else name(point.node) for point in points
        )
        findings = dict.fromkeys(point.evidence.finding for point in points if point.evidence.finding not in clinical)
        cite = citations.cite(point.evidence for point in points)
        told = [*findings] or ["told below, by study design"]
        yield f"{weeks:.1f}" if weeks < 20 and weeks % 1 else f"{weeks:.0f}", ", ".join(moved), joined(
            [*told[:-1], cited(told[-1], cite)], BREAK
        )


def clinical_studies(explanation: Explanation, citations: Citations) -> Iterator[Block]:
    """Yield the clinical findings of each side by study design; for, against and no effect stand in tables of their own."""
    yield Heading(2, "Clinical evidence, by study design", "clinical")
    if not explanation.clinical:
        yield Paragraph("No clinical study of the two in this graph.")
    sides: tuple[SideName, ...] = ("benefit", "harm")
    for side in sides:
        rows = [finding for finding in explanation.clinical if finding.side == side]
        if not rows:
            continue
        yield Heading(3, f"{side.capitalize()}: {_tally(rows)}")
        for stance in STANCE:
            told = [row for row in rows if row.evidence.stance == stance]
            if told:
                yield clinical_table(explanation, told, side, stance, citations)


    if explanation.comparisons:
        yield Heading(3, "Against other drugs: which helps more, not whether either helps")
        yield Table(
            "Comparisons with other drugs",
            ("claim", "design", "n", "what was found"),
            tuple(_comparison(row, citations) for row in explanation.comparisons),
            frozenset({2}),
        )


def _comparison(row: ClinicalFinding, citations: Citations) -> tuple[Text, ...]:
    stance = {"supports": "", "refutes": " (spoken against)", "null": " (no difference seen)"}[row.evidence.stance]
    claim = f"{name(row.subject)} {row.relation.replace('_', ' ')} {name(row.object)}{stance}"
    notes = "; ".join(part for part in (row.evidence.effect, row.evidence.arm, *map(condition, row.conditions), row.note) if part)
    found = row.evidence.finding + (f" ({notes})" if notes else "")
    size = "" if row.evidence.n is None else f"{row.evidence.n:,}"
    return claim, row.design_label, size, cited(found, citations.cite([row.evidence]))


def _tally(rows: Sequence[ClinicalFinding]) -> str:
    words = (("supports", "for"), ("refutes", "against"), ("null", "no effect"))
    alone = [row for row in rows if not row.note.startswith("in combination")]
    counts = [f"{_counted(alone, stance)} {word}" for stance, word in words]
    combined = len(rows) - len(alone)
    return "studies " + ", ".join(counts) + (f"; {combined} more in combination" if combined else "")


def _counted(rows: Sequence[ClinicalFinding], stance: str) -> int:
    """Return how many studies took a stance, as the verdict counts them.

    A review that itself stands for a side does not speak against it where it tells of a case that went the other way.
    """
    studies = counted_studies(rows, stance)
    if stance == "supports":
        return len(studies)
    told = {row.evidence.counted_as for row in rows if row.evidence.stance == "supports" and row.evidence.recounts}
    return len(studies - (told - counted_studies(rows, "supports")))


def clinical_table(
    explanation: Explanation, rows: Sequence[ClinicalFinding], side: SideName, stance: str, citations: Citations,
    *, before: str = "the drug",
) -> Table:
    """Return clinical findings of one side and stance as a table, the findings of one study and design in one row.

    `before` names the drug before which a finding was made, where the rows are of another drug that patients had before it.
    """
    caption = _CAPTIONS[stance].format(side=side)
    studies: dict[tuple[str, str, int | None], list[ClinicalFinding]] = {}
    for row in rows:
        studies.setdefault((row.evidence.study, row.design_label, row.evidence.n), []).append(row)
    effects = any(row.evidence.effect for row in rows)
    header = ("design", "n", *(("effect (interval)",) if effects else ()), "what was found")
    lines = []
    for (_, label, n), findings in studies.items():
        effect = "; ".join(dict.fromkeys(f.evidence.effect for f in findings if f.evidence.effect))
        size = "" if n is None else f"{n:,}"
        lines.append((label, size, *((effect,) if effects else ()), _findings(explanation, findings, citations, before)))
    return Table(caption, header, tuple(lines), frozenset({1}))


def _findings(
    explanation: Explanation, findings: Iterable[ClinicalFinding], citations: Citations, before: str
) -> Text:
    own = {finding.evidence.study for finding in explanation.clinical}
    notes: dict[tuple[str, str], dict[str, None]] = {}
    cites: dict[str, list[EvidenceItem]] = {}
    for finding in sorted(findings, key=lambda finding: _PHASES.get(finding.evidence.phase, 0)):
        other = name(finding.object) if finding.object.id != explanation.question.target.id else ""
        earlier = before if before == "the drug" or finding.evidence.study in own else "another drug"
        told = [other, _seen(finding.evidence, earlier), *map(condition, finding.conditions), finding.note]
        key = finding.evidence.finding, finding.evidence.phase
        notes.setdefault(key, {}).update(dict.fromkeys(part for part in told if part))
        cites.setdefault(finding.evidence.finding, []).append(finding.evidence)
    return joined(
        [
            cited(text + (f" ({'; '.join(told)})" if told else ""), citations.cite(cites[text]))
            for (text, _), told in notes.items()
        ],
        BREAK,
    )


def _seen(item: EvidenceItem, before: str) -> str:
    """Return in which arm, phase and time of a treatment something was seen; what says nothing new is left out."""
    when = f"before {before}" if item.phase == "before" else phase(item) if item.phase != "on" else ""
    return ", ".join(part for part in (item.arm, when) if part)


def challenge_tests(explanation: Explanation, citations: Citations, *, why: bool) -> Iterator[Block]:
    """Yield the reports of what happened on the drug, off it and on it again; with `why` the questions and their points."""
    if not explanation.challenges:
        return
    yield Heading(2, "On the drug, off it, on it again", "challenge")
    yield Bullets(tuple(_challenge(test, citations, why=why) for test in explanation.challenges))


def _challenge(test: Challenge, citations: Citations, *, why: bool) -> Item:
    told = all(moment in test.reading for moment in test.sequence)
    order = "" if told else f" ({'; '.join(test.sequence)})"
    lead = f"{test.side.capitalize()}, {test.category}{order}."
    items = tuple(Item(f"{question} {answer}: {points:+d}") for question, answer, points in test.items) if why else ()
    reading = cited(test.reading, citations.cite(test.evidence))
    return Item(joined([(Strong(lead),), reading]), items, "questions and points")
