"""Explanations that are no mechanism: what else could make a drug seem to help or to harm, each with what speaks for it.

A rival is named only when the graph holds something that speaks to it: a disease that goes with the target, a known course of
the target, a side that rests on reports alone, other treatment in the same patients. What speaks against stands beside:
controlled comparisons, effects that went and came back with the drug, earlier treatments that had failed. The kinds are the
usual ones of clinical epidemiology: comorbidity, confounding by indication, course of the disease, selective reporting,
other treatment, regression to the mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.graph import Graph
from kg.model import Evidence, Statement
from ontologies.designs import design
from queries.explanation.answer import ClinicalFinding, EvidenceItem, Rival, SideName
from queries.explanation.challenge import GO_TOGETHER, REMISSION, indications
from queries.explanation.clinical import counted_studies, duration_text, evidence_item, in_patients

__all__ = ["rivals"]

_REPORTS = frozenset({"case_report", "case_series", "n_of_1_rechallenge", "pharmacovigilance"})
_UNCONTROLLED = _REPORTS | {"open_label_trial"}
_RANDOMISED = frozenset({
    "meta_analysis", "randomized_trial", "randomized_trial_phase_2", "randomized_trial_phase_3", "biomarker_substudy",
})


_OBSERVED_COMPARISON = frozenset({"cohort", "case_control"})
_RELATIVE = re.compile(r"\b(?:ratio|relative risk|risk difference)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Question:
    """The question with what several rivals look at."""

    graph: Graph
    source: str
    targets: frozenset[str]
    clinical: tuple[ClinicalFinding, ...]
    first: str

    @cached_property
    def target(self) -> str:
        return self.graph.name(self.first)

    @cached_property
    def drug(self) -> str:
        return self.graph.name(self.source)

    def support(self, side: SideName, *, designs: Iterable[str] = (), phases: Iterable[str] = ()) -> list[EvidenceItem]:
        """First-hand findings that support a side, of these designs and phases if any are named; combinations left out."""
        wanted, when = set(designs), set(phases)
        return [
            row.evidence
            for row in self.clinical
            if row.side == side and row.evidence.stance == "supports" and not row.evidence.recounts
            and in_patients(row) and not row.note.startswith("in combination")
            and (not wanted or row.evidence.design in wanted) and (not when or row.evidence.phase in when)
        ]

    @cached_property
    def indications(self) -> list[str]:
        """The diseases for which the drug is given, most studied first; none when the target is one of them."""
        given = indications(self.graph, self.source)
        return [] if self.targets.intersection(given) else given

    @cached_property
    def near(self) -> list[tuple[str, Statement]]:
        """The statements about a target, found in one pass."""
        return [
            (sid, statement) for sid, statement in self.graph.statements.items()
            if statement.subject in self.targets or statement.object in self.targets
        ]

    def evidence(self, wanted: Callable[[Statement], bool]) -> list[tuple[Statement, Evidence]]:
        """Evidence of the statements about a target that `wanted` accepts, suppositions left out, best designs first."""
        rows = [
            (statement, evidence)
            for sid, statement in self.near
            if wanted(statement)
            for evidence in self.graph.evidence.get(sid, ())
            if design(evidence.design).kind != "hypothesis"
        ]
        return sorted(
            rows, key=lambda row: (-design(row[1].design).weight, row[1].publication.date, row[1].study, row[1].finding)
        )

    def together(self, disease: str) -> list[tuple[Statement, Evidence]]:
        """What links a disease and a target, in either direction."""
        return self.evidence(
            lambda s: s.relation in GO_TOGETHER
            and ((s.subject == disease and s.object in self.targets) or (s.object == disease and s.subject in self.targets))
        )

    @cached_property
    def course(self) -> list[tuple[Statement, Evidence]]:
        """What is known of the target clearing in its own course."""
        rows = self.evidence(lambda s: s.relation == "has_phenotype" and s.object == REMISSION and s.subject in self.targets)
        return sorted(rows, key=lambda row: row[0].subject != self.first)  # what is known of the target itself before its forms


def rivals(
    graph: Graph, source: str, targets: Sequence[str], clinical: Sequence[ClinicalFinding]
) -> tuple[Rival, ...]:
    """Return the rival explanations of what was seen under the drug, each with the evidence for and against it.

    `targets` are the disease and its severity forms (the first is named), `clinical` the findings on them. A side without a
    supporting study has nothing to be explained away and gets no rival.

    >>> rivals(Graph({}, {}, {}), "DRUGBANK:DB12159", ["MONDO:0005340"], ())
    ()
    """
    if not targets:
        return ()
    question = _Question(graph, source, frozenset(targets), tuple(clinical), targets[0])
    return tuple(
        rival
        for find in (_comorbidity, _by_indication, _course, _flare, _other_treatment, _regression, _reporting)
        for rival in find(question)
    )


def _split(rows: Iterable[tuple[Statement, Evidence]]) -> tuple[tuple[EvidenceItem, ...], tuple[EvidenceItem, ...]]:
    """Return what supports and what does not, as shown."""
    found = list(rows)
    return (
        _distinct(evidence_item(e) for _, e in found if e.stance == "supports"),
        _distinct(evidence_item(e) for _, e in found if e.stance != "supports"),
    )


def _distinct(items: Iterable[EvidenceItem]) -> tuple[EvidenceItem, ...]:
    """Drop repeats of a finding (a record may stand under several severity forms)."""
    return tuple({(item.publication, item.finding): item for item in items}.values())


def _strongest(items: Sequence[EvidenceItem]) -> str:
    """Return the first stated effect in brackets, or nothing."""
    return next((f" ({item.effect})" for item in items if item.effect), "")


def _strongest_of(asked: _Question, linked: Mapping[str, Sequence[tuple[Statement, Evidence]]]) -> str:
    """Return the first stated effect in brackets, with the disease that it is of where there are several."""
    for disease, rows in linked.items():
        effect = next((item.effect for item in _split(rows)[0] if item.effect), "")
        if effect:
            return f" ({asked.graph.name(disease)}: {effect})" if len(linked) > 1 else f" ({effect})"
    return ""


def _compares(item: EvidenceItem) -> bool:
    """Tell whether a study compared patients on the drug with others: by lot, or by a ratio against those without it."""
    return item.design in _RANDOMISED or (item.design in _OBSERVED_COMPARISON and bool(_RELATIVE.search(item.effect)))


def _against(items: Sequence[EvidenceItem], words: Mapping[str, str]) -> str:
    """Return " Against it: …" from what is there: a comparison, a loss off the drug, a return on it again."""
    there = {
        "compared": any(_compares(item) for item in items),
        "off": any(item.phase == "off" for item in items),
        "on_again": any(item.phase == "on_again" for item in items),
    }
    reasons = [text for key, text in words.items() if there.get(key, bool(text))]
    return f" Against it: {'; '.join(reasons)}." if reasons else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _comorbidity(asked: _Question) -> Iterator[Rival]:
    if not asked.support("benefit"):
        return
    linked = {disease: rows for disease in asked.indications if _split(rows := asked.together(disease))[0]}
    if not linked:
        return
    speaks_for, against = _split(row for rows in linked.values() for row in rows)
    names = [asked.graph.name(disease) for disease in linked]
    free = {
        name: row.evidence
        for row in asked.clinical
        if row.side == "benefit" and row.evidence.stance == "supports" and not row.evidence.recounts
        for name in names
        if any(_says_free_of(condition, name) for condition in row.conditions)
    }
    joined = _listed(names)
    sentence = (
        f"{_capital(joined)}, for which {asked.drug} is given, {'goes' if len(names) == 1 else 'go'} with {asked.target}"
        f"{_strongest_of(asked, linked)}: {asked.target} may improve because {names[0]} does, "
        f"not because {asked.drug} acts on it."
    )
    if free:
        sentence += f" Against it: patients without {_listed(list(free))} responded too."
    yield Rival("comorbidity", sentence, speaks_for, _distinct([*against, *free.values()]))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _says_free_of(condition: str, disease: str) -> bool:
    variable, _, value = condition.partition(" = ")
    return value == "false" and variable.casefold() in disease.casefold()


def _by_indication(asked: _Question) -> Iterator[Rival]:
    harmed = asked.support("harm")
    if not harmed:
        return
    linked = {
        disease: rows
        for disease in asked.indications
        if _split(rows := [row for row in asked.together(disease) if not _from_target(row[0], disease)])[0]
    }
    if not linked:
        return
    speaks_for, against = _split(row for rows in linked.values() for row in rows)
    names = _listed([asked.graph.name(disease) for disease in linked])
    controlled = [item for item in harmed if _compares(item) or item.phase == "on_again"]
    sentence = (
        f"Those who get {asked.drug} have {names}, which {'goes' if len(linked) == 1 else 'go'} with {asked.target} by "
        f"{'itself' if len(linked) == 1 else 'themselves'}{_strongest_of(asked, linked)}: "
        f"{asked.target} on the drug may come from the disease it is given for."
    )
    sentence += (
        _against(controlled, {
            "compared": "a comparison with patients who did not get it", "on_again": "its return on re-exposure",
        })
        or " No comparison with like patients who did not get the drug stands against it here."
    )
    yield Rival("confounding by indication", sentence, speaks_for, _distinct([*against, *controlled]))


def _from_target(statement: Statement, disease: str) -> bool:
    """Tell whether a statement says that the target raises the risk of the disease, not the other way round."""
    return statement.relation == "increases_risk_of" and statement.object == disease


def _course(asked: _Question) -> Iterator[Rival]:
    helped = asked.support("benefit")
    if not asked.course or not helped:
        return
    speaks_for, against = _split(asked.course)
    if not speaks_for:
        return
    returned = asked.support("benefit", phases=("off", "on_again"))
    controlled = asked.support("benefit", designs=_RANDOMISED)
    long = _long_ill(asked, {item.study for item in helped})
    sentence = (
        f"{_capital(asked.target)} can clear in its own course{_strongest(speaks_for)}, so recovery on the drug may be chance."
    )
    sentence += _against([*controlled, *returned], {
        "compared": "a controlled comparison found more than the course alone",
        "off": "the effect was lost when the drug was stopped",
        "on_again": "the effect came back when the drug was given again",
        "long": long[0][0] if long else "",
    })
    yield Rival(
        "course of the disease", sentence, speaks_for,
        _distinct([*against, *controlled, *returned, *(item for _, item in long)]),
    )


def _long_ill(asked: _Question, studies: set[str]) -> list[tuple[str, EvidenceItem]]:
    """Return what tells that a patient of these studies had had the target for years, with the words for it."""
    found = []
    for statement, evidence in asked.evidence(lambda s: s.object in asked.targets):
        seen = evidence.observation
        if evidence.study in studies and seen.onset_age and seen.age and evidence.stance == "supports":
            words = (
                f"a patient had had {asked.graph.name(statement.object)} since the age of {duration_text(seen.onset_age)} "
                f"when treated at {duration_text(seen.age)}"
            )
            found.append((words, evidence_item(evidence)))
    return found


def _flare(asked: _Question) -> Iterator[Rival]:
    harmed = asked.support("harm")
    if not harmed:
        return
    continued = [
        row.evidence for row in asked.clinical
        if row.side == "harm" and row.evidence.stance == "refutes" and row.evidence.phase == "on" and not row.evidence.recounts
    ]
    course, _ = _split(asked.course)
    if not continued and not course:
        return
    against = [item for item in harmed if item.phase in ("off", "on_again") or _compares(item)]
    sentence = f"{_capital(asked.target)} comes and goes by itself, so a flare on the drug may be chance."
    if continued:
        sentence += " For it: in some the reaction went away although the drug was continued."
    sentence += _against(against, {
        "compared": "a comparison found more on the drug",
        "off": "it went when the drug was stopped",
        "on_again": "it came back when the drug was given again",
    })
    yield Rival("natural flare", sentence, _distinct([*continued, *course]), _distinct(against))


def _other_treatment(asked: _Question) -> Iterator[Rival]:
    combined = [
        row for row in asked.clinical
        if row.note.startswith("in combination") and row.evidence.stance == "supports" and row.side == "benefit"
    ]
    alone = asked.support("benefit")
    studies = {item.study for item in alone}
    before = [
        (statement, evidence)
        for statement, evidence in asked.evidence(lambda s: s.object in asked.targets and s.subject != asked.source)
        if evidence.study in studies and evidence.observation.phase == "before" and evidence.stance != "supports"
    ]
    if not (combined or (alone and before)):
        return
    parts = []
    if combined:
        names = ", ".join(sorted({row.subject.name for row in combined}))
        parts.append(f"In some reports {asked.drug} was one part of a treatment ({names}), and the other part may have done it.")
    if before:
        names = ", ".join(sorted({asked.graph.name(statement.subject) for statement, _ in before}))
        parts.append(
            f"Against a late effect of earlier treatment: what the same patients had got before ({names}) had done nothing."
        )
    yield Rival(
        "other treatment", " ".join(parts), _distinct(row.evidence for row in combined),
        _distinct(evidence_item(evidence) for _, evidence in before),
    )


def _regression(asked: _Question) -> Iterator[Rival]:
    returned = asked.support("benefit", phases=("off", "on_again"))
    loose = [item for item in asked.support("benefit", designs=_UNCONTROLLED) if item not in returned]
    course, _ = _split(asked.course)
    if not loose or not course:
        return
    controlled = asked.support("benefit", designs=_RANDOMISED)
    reports = len({item.counted_as for item in loose})
    sentence = (
        f"Treatment is started when a disease that comes and goes is at its worst, so it would look better later anyway: "
        f"{reports} of the studies that support benefit {'has' if reports == 1 else 'have'} no comparison."
    )
    sentence += _against([*controlled, *returned], {
        "compared": "a controlled comparison supports benefit too",
        "off": "the effect was lost when the drug was stopped, which a return to the mean would not do",
        "on_again": "the effect came back when the drug was given again",
    })
    yield Rival("regression to the mean", sentence, _distinct(loose), _distinct([*controlled, *returned]))


def _reporting(asked: _Question) -> Iterator[Rival]:
    sides: tuple[SideName, ...] = ("benefit", "harm")
    for side in sides:
        rows = [row for row in asked.clinical if row.side == side and not row.note.startswith("in combination")]
        told = asked.support(side)
        if not told or any(item.design not in _REPORTS for item in told):
            continue
        number = len(counted_studies(rows, "supports"))
        studies = "study that supports" if number == 1 else "studies that support"
        sentence = (
            f"All evidence for {side} is reports of patients ({number} {studies} it, no trial or cohort): what is striking gets "
            f"published, and how often nothing happened is not known."
        )
        against = [
            row.evidence for row in rows if row.evidence.stance != "supports" and row.evidence.design not in _REPORTS
        ]
        if against:
            sentence += " Controlled studies that looked did not find it."
        yield Rival("selective reporting", sentence, _distinct(told), _distinct(against))
