"""Reports read as challenge tests: what happened on the drug, off it, and on it again, weighed by the questions of Naranjo.

The scale of Naranjo et al. (1981; PMID:7249508, doi:10.1038/clpt.1981.154) asks ten questions about a suspected adverse
reaction and adds points: 9 and more is *definite*, 5 to 8 *probable*, 1 to 4 *possible*, 0 and less *doubtful*. It was made
for harm. For benefit the same questions are asked of the response (came on the drug, went off it, came back on it again), and
the reading says that this is an adaptation. A question that the graph cannot answer is "not stated" and gets no points, so
the sum is what the record supports, not what a clinician with the chart would reach.

A stance in phase ``off`` or ``on_again`` is about the drug's effect: *supports* means that the effect went when the drug was
stopped (or came back with it), *null* or *refutes* that it did not. A study that supports an effect in phase ``on`` and
refutes it there too had patients in whom it went away although the drug was continued.

For harm the word of the WHO-UMC system is given beside (criteria as reprinted in PMC:PMC6039921): *probable* when it went off
the drug (and in nobody on it) and no other cause is recorded, or when it came back with the drug; else *possible*. *Certain*
is never given: what it asks beyond that (a definitive event, other causes excluded) a graph cannot know.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.graph import Graph
from kg.model import Evidence
from ontologies.designs import design
from queries.explanation.answer import Challenge, ClinicalFinding, SideName
from queries.explanation.clinical import duration_text, effect_text, evidence_item

__all__ = ["GO_TOGETHER", "LEAST_POINTS", "MOST_POINTS", "NARANJO", "REMISSION", "category_of", "challenges", "indications"]

NARANJO = (
    # question for harm, question for benefit, points for yes, points for no
    ("Are there earlier conclusive reports of this reaction?", "Are there earlier reports of this response?", 1, 0),
    ("Did it appear after the drug was given?", "Did the response come after the drug was given?", 2, -1),
    ("Did it improve when the drug was stopped?", "Was the response lost when the drug was stopped?", 1, 0),
    ("Did it come back when the drug was given again?", "Did the response come back when the drug was given again?", 2, -1),
    ("Are there other causes that could alone explain it?", "Are there other causes that could alone explain it?", -1, 2),
    ("Did it come back on placebo?", "Did the response come back on placebo?", -1, 1),
    ("Was the drug found in toxic concentrations?", "Was the drug's level in the effective range?", 1, 0),
    ("Did it grow with the dose, or shrink with less?", "Did the response grow with the dose, or shrink with less?", 1, 0),
    ("Was there a like reaction to the same or a like drug before?", "Was there a like response to a like drug before?", 1, 0),
    ("Was it confirmed by objective evidence?", "Was the response confirmed by a measurement?", 1, 0),
)
"""The ten questions in our words, for harm and for benefit, with the scale's points for yes and for no (unknown is 0)."""

REMISSION = "ikg:remission"
"""The phenotype that stands for a disease clearing in its own course."""

LEAST_POINTS = sum(min(yes, no, 0) for _, _, yes, no in NARANJO)
MOST_POINTS = sum(max(yes, no, 0) for _, _, yes, no in NARANJO)

_NOT_STATED = "not stated"
_ORDER = {"before": 0, "on": 1, "off": 2, "on_again": 3}
_PHASE = {"before": "before", "on": "on", "off": "off", "on_again": "on again"}
_WORDS: Mapping[SideName, Mapping[str, str]] = {
    "harm": {"on": "reaction", "off": "went away", "on_again": "came back", "stays": "stayed", "not": "did not come back"},
    "benefit": {"on": "response", "off": "relapse", "on_again": "response", "stays": "no relapse", "not": "no response"},
}
_HAIR: Mapping[SideName, Mapping[str, str]] = {
    "harm": {"on": "hair loss", "off": "regrowth", "on_again": "hair loss", "stays": "no regrowth", "not": "no hair loss"},
    "benefit": {"on": "regrowth", "off": "shed", "on_again": "regrowth", "stays": "hair kept", "not": "no regrowth"},
}
_HAIR_NAME = re.compile(r"alopecia|hair loss|effluvium", re.IGNORECASE)
_GIVEN_FOR = frozenset({"treats", "applied_to_treat"})
GO_TOGETHER = frozenset({
    "associated_with", "coexists_with", "increases_risk_of", "positively_correlated_with", "affects_risk_for", "correlated_with",
})
"""Relations that say two conditions go together, whatever the reason."""

_OBJECTIVE = re.compile(r"\b(?:SALT|EASI|PASI|SCORAD|IGA|UAS7|CDAI|DLQI|score|scalp covered|C-peptide)\b", re.IGNORECASE)
_TISSUE = re.compile(r"\b(?:biops|histolog|microscop|endoscop)", re.IGNORECASE)
_WEEKS = {"h": 1 / 168, "d": 1 / 7, "wk": 1.0, "mo": 365.25 / 12 / 7, "a": 365.25 / 7}


def category_of(points: int) -> str:
    """Return the scale's word for a sum of points.

    >>> [category_of(n) for n in (0, 1, 4, 5, 8, 9)]
    ['doubtful', 'possible', 'possible', 'probable', 'probable', 'definite']
    """
    return "definite" if points >= 9 else "probable" if points >= 5 else "possible" if points >= 1 else "doubtful"


def challenges(graph: Graph, source: str, clinical: Sequence[ClinicalFinding]) -> tuple[Challenge, ...]:
    """Return the reports in which the drug was stopped, given again, or continued while the effect went away.

    `clinical` are the findings on the drug and the disease (`queries.explanation.clinical.clinical_findings`); a study gives
    one entry for each side it is on. Retold reports count as a measurement of the same study, never as a phase. Reports that
    state no such phase get no entry. A review that retells others is read only where it is all there is of the study. Best
    readings first.

    Points are those of Naranjo et al. 1981 (PMID:7249508); for benefit the reading is an adaptation, and says so.
    """
    grouped: dict[tuple[str, SideName], list[tuple[ClinicalFinding, Evidence]]] = defaultdict(list)
    for finding in clinical:
        for evidence in graph.evidence.get(finding.statement, ()):
            if evidence_item(evidence) == finding.evidence:
                grouped[evidence.root_study, finding.side].append((finding, evidence))
    other = _other_causes(graph, source, clinical)
    found = [
        challenge
        for (study, side), rows in grouped.items()
        for challenge in _challenge(study, side, rows, clinical, other)
    ]
    sides = {"benefit": 0, "harm": 1}
    return tuple(sorted(found, key=lambda c: (-c.points, sides[c.side], c.evidence[0].date, c.study)))


def _challenge(
    study: str, side: SideName, rows: Sequence[tuple[ClinicalFinding, Evidence]], clinical: Sequence[ClinicalFinding],
    other: Mapping[tuple[SideName, str], str],
) -> Iterator[Challenge]:
    first_hand = [evidence for _, evidence in rows if not evidence.recounts]
    own = [e for e in first_hand or [evidence for _, evidence in rows] if e.observation.phase in _ORDER]
    outcomes = {(evidence.observation.phase, evidence.stance == "supports") for evidence in own}
    continued = ("on", True) in outcomes and any(e.observation.phase == "on" and e.stance == "refutes" for e in own)
    if not continued and not any(phase in ("off", "on_again") for phase, _ in outcomes):
        return
    own.sort(key=lambda e: (_ORDER[e.observation.phase], e.stance == "refutes", _weeks(e.observation.time), e.finding))
    finding = rows[0][0]
    answers = (
        _earlier(study, side, own, clinical),
        _answer(outcomes, "on"),
        _stopped(outcomes, continued),
        _answer(outcomes, "on_again"),
        _causes(rows, other),
        (None, _NOT_STATED),
        (None, _NOT_STATED),
        (None, _NOT_STATED),
        (None, _NOT_STATED),
        _measured([evidence for _, evidence in rows]),
    )
    items = tuple(
        (harm if side == "harm" else benefit, text, 0 if said is None else yes if said else no)
        for (harm, benefit, yes, no), (said, text) in zip(NARANJO, answers, strict=True)
    )
    points = sum(item[2] for item in items)
    words = (_HAIR if _HAIR_NAME.search(finding.object.name) else _WORDS)[side]
    sequence = _sequence(own, words)
    yield Challenge(
        study=study,
        side=side,
        sequence=sequence,
        items=items,
        points=points,
        category=category_of(points),
        reading=_reading(finding, items, sequence, outcomes, max((e.n or 1) for e in own), continued=continued),
        evidence=tuple(evidence_item(evidence) for evidence in own),
    )


def _sequence(own: Sequence[Evidence], words: Mapping[str, str]) -> tuple[str, ...]:
    """Return what happened in order; a report without a time is left out where the same is told with one."""
    timed = {(e.observation.phase, e.stance) for e in own if e.observation.time or e.observation.duration}
    return tuple(dict.fromkeys(
        _moment(evidence, words)
        for evidence in own
        if evidence.observation.time or evidence.observation.duration
        or (evidence.observation.phase, evidence.stance) not in timed
    ))


def _moment(evidence: Evidence, words: Mapping[str, str]) -> str:
    """Return one part of the sequence, such as "off 2 months: shed"."""
    observation = evidence.observation
    time = duration_text(observation.time or observation.duration)
    phase = " ".join(part for part in (_PHASE[observation.phase], time) if part)
    supports = evidence.stance == "supports"
    if observation.phase == "before":
        return f"{phase}: {words['on'] if supports else words['not']}"
    if observation.phase == "on" and evidence.stance == "refutes":
        return f"continued{f' {time}' if time else ''}: {words['off'] if words['off'] != 'relapse' else 'lost'}"
    if observation.phase == "off":
        return f"{phase}: {words['off'] if supports else words['stays']}"
    return f"{phase}: {words[observation.phase] if supports else words['not']}"


def _weeks(time: str) -> float:
    """Return the first number of a stored time in weeks; a time that is not stated comes first."""
    found = re.match(r"(?:[<>~]=?)?([0-9]+(?:\.[0-9]+)?)", time)
    return float(found[1]) * _WEEKS.get(time.rpartition(" ")[2], 1.0) if found and " " in time else 0.0


def _answer(outcomes: set[tuple[str, bool]], phase: str) -> tuple[bool | None, str]:
    if (phase, True) in outcomes:
        return True, "yes, in some and not in others" if (phase, False) in outcomes and phase != "on" else "yes"
    if (phase, False) in outcomes:
        return False, "no"
    return None, _NOT_STATED


def _stopped(outcomes: set[tuple[str, bool]], continued: bool) -> tuple[bool | None, str]:
    said, text = _answer(outcomes, "off")
    if said is None and continued:
        return False, "no: it went away although the drug was continued"
    return said, f"{text}; elsewhere it went away although the drug was continued" if continued else text


def _earlier(
    study: str, side: SideName, own: Sequence[Evidence], clinical: Sequence[ClinicalFinding]
) -> tuple[bool | None, str]:
    """Answer whether another study had reported the same by then; without a date it cannot be said."""
    dates = sorted(e.publication.date for e in own if e.publication.date)
    if not dates:
        return None, _NOT_STATED
    before = {
        row.evidence.counted_as
        for row in clinical
        if row.side == side and row.evidence.stance == "supports" and not row.evidence.recounts
        and row.evidence.counted_as != study and row.evidence.date < dates[0][: len(row.evidence.date)]
        and row.evidence.date != "unknown" and design(row.evidence.design).kind == "clinical"
        and not row.note.startswith("in combination") and row.evidence.study not in {e.study for e in own}
    }
    if not before:
        return False, "none in this graph"
    return True, f"yes: {len(before)} in this graph"


def _causes(
    rows: Sequence[tuple[ClinicalFinding, Evidence]], other: Mapping[tuple[SideName, str], str]
) -> tuple[bool | None, str]:
    """Answer from what is recorded: another drug given with it, or a known course; that there is none is never known."""
    together = sorted({finding.subject.name for finding, _ in rows if finding.note.startswith("in combination")})
    if together:
        return True, f"yes: given as {', '.join(together)}"
    side = rows[0][0].side
    own = [other[side, finding.object.id] for finding, _ in rows if (side, finding.object.id) in other]
    known = own or [text for (on, _), text in other.items() if on == side]
    return (True, f"yes: {known[0]}") if known else (None, _NOT_STATED)


def _other_causes(
    graph: Graph, source: str, clinical: Iterable[ClinicalFinding]
) -> dict[tuple[SideName, str], str]:
    """Return what else could bring the change, by side and goal: remission in its course, or the disease that is treated."""
    goals = {finding.object.id for finding in clinical}
    treated = {disease: rank for rank, disease in enumerate(indications(graph, source)) if disease not in goals}
    together: list[tuple[int, str, str]] = []
    causes: dict[tuple[SideName, str], str] = {}
    for claim, record in graph.claims.items():
        if not record.counts.support:
            continue
        if claim.relation == "has_phenotype" and claim.subject in goals and claim.object == REMISSION:
            causes["benefit", claim.subject] = f"{graph.name(claim.subject)} can remit in its own course"
        for disease, goal in ((claim.subject, claim.object), (claim.object, claim.subject)):
            if claim.relation in GO_TOGETHER and goal in goals and disease in treated:
                text = f"{graph.name(disease)}, for which the drug is given, goes with {graph.name(goal)} itself"
                together.append((treated[disease], text, goal))
    for _, text, goal in sorted(together):
        causes.setdefault(("harm", goal), text)
    return causes


def indications(graph: Graph, source: str) -> list[str]:
    """Return the diseases for which a drug is given (it treats them, or is applied to), most studied first.

    >>> indications(Graph({}, {}, {}), "DRUGBANK:DB12159")
    []
    """
    studies: dict[str, int] = {}
    for claim, record in graph.claims.items():
        entity = graph.entities.get(claim.object)
        given = claim.subject == source and claim.relation in _GIVEN_FOR and record.counts.support
        if given and entity is not None and entity.category == "Disease":
            studies[claim.object] = studies.get(claim.object, 0) + record.counts.support
    return sorted(studies, key=lambda disease: (-studies[disease], disease))


def _measured(evidence: Iterable[Evidence]) -> tuple[bool | None, str]:
    """Answer from recorded scores and biopsies; a report that states none is not said to have measured nothing."""
    rows = list(evidence)
    texts = sorted({effect_text(e.effect) for e in rows if _OBJECTIVE.search(e.effect.measure)})
    texts += ["biopsy or the like"] if any(_TISSUE.search(e.finding) for e in rows) else []
    return (True, f"yes: {'; '.join(texts)}") if texts else (None, _NOT_STATED)


def _reading(
    finding: ClinicalFinding, items: Sequence[tuple[str, str, int]], sequence: Sequence[str],
    outcomes: set[tuple[str, bool]], patients: int, *, continued: bool,
) -> str:
    points = sum(item[2] for item in items)
    how = (
        "Read by the questions of Naranjo et al. 1981"
        if finding.side == "harm"
        else "Read in the manner of Naranjo, for benefit (an n-of-1 reading; the scale was made for adverse reactions)"
    )
    number = f"{points} point{'' if points in (1, -1) else 's'}"
    parts = [f"{how}: {number}, {category_of(points)} ({'; '.join(sequence)})."]
    if ("off", True) in outcomes and ("on_again", True) in outcomes:
        parts.append("Positive dechallenge and positive rechallenge.")
    elif ("off", True) in outcomes:
        parts.append("Positive dechallenge; no positive rechallenge stated.")
    elif ("on_again", True) in outcomes:
        parts.append("Positive rechallenge; no positive dechallenge stated.")
    elif continued:
        parts.append("Negative dechallenge: it went away although the drug was continued, which speaks against the drug.")
    elif ("off", False) in outcomes:
        parts.append("Negative dechallenge: it stayed when the drug was stopped.")
    if continued and ("off", True) in outcomes:
        parts.append("In some it went away although the drug was continued, which speaks against the drug.")
    if ("on_again", False) in outcomes and ("on_again", True) not in outcomes:
        parts.append("Negative rechallenge: it did not come back.")
    if finding.side == "harm":
        other = items[4][2] < 0
        probable = ("on_again", True) in outcomes or (("off", True) in outcomes and not other and not continued)
        parts.append(f"In the words of WHO-UMC: {'probable' if probable else 'possible'}.")
    if patients > 1:
        parts.append("This is a group; the scale is meant for one patient.")
    if finding.evidence.recounts:
        parts.append("Retold by a review.")
    if finding.note.startswith("class"):
        parts.append(f"Evidence on the {finding.note.partition(';')[0]}.")
    elif finding.note.startswith("in combination"):
        parts.append(f"Given {finding.note.partition(';')[0]}.")
    silent = sum(text == _NOT_STATED for _, text, _ in items)
    parts.append(f"{silent} of the {len(items)} questions are not answered by the graph and count nothing.")
    return " ".join(parts)
