"""What the graph does not know about a question, said in sentences: an answer that hides its gaps misleads.

Looked for on each side: trials, mechanisms, steps of the best mechanisms that rest on one study, that were seen only in animals
or only in cultured cells, or that state no context at all; reports of what happened when the drug was stopped; and, over both
sides, trials without a result and measurements that would decide.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from ontologies.designs import design
from ontologies.vocabulary import relation
from queries.explanation.answer import ClinicalFinding, EvidenceItem, Measurement, Side, SideName, Step
from queries.explanation.clinical import in_patients

__all__ = ["missing_knowledge"]

_STEPS_NAMED = 3
_PATHS_READ = 3
_RANDOMISED = frozenset({"randomized_trial", "randomized_trial_phase_2", "randomized_trial_phase_3"})
_TRIALS = _RANDOMISED | {"meta_analysis"}
_CULTURE = frozenset({"in_vitro"})
_CHALLENGED = frozenset({"off", "on_again"})


def missing_knowledge(
    clinical: Sequence[ClinicalFinding], benefit: Side, harm: Side, trials: Sequence[EvidenceItem],
    *, stopped: Container[SideName] = (), deciding: Sequence[Measurement] | None = None,
) -> tuple[str, ...]:
    """Return one sentence for each gap, those of benefit first, then those of harm, then those of both.

    Of a side whose search was `stopped` nothing is said about mechanisms: what it lacks is not known. Steps are those of the
    best three mechanisms of a side, each named once. `deciding` are the measurements on which the sides part
    (`queries.explanation.deciding`); nothing is said of them when it is None.
    """
    sides: tuple[tuple[SideName, Side], ...] = (("benefit", benefit), ("harm", harm))
    sentences = [sentence for name, side in sides for sentence in _of_side(clinical, name, side, name in stopped)]
    if trials:
        names = ", ".join(sorted({item.study for item in trials}))
        sentences.append(f"Registered trials without a result here: {names}.")
    if deciding is not None and any(path for side in (benefit, harm) for path in side.paths):
        sentences += _undecided(deciding, both=all(any(not p.hypothesis for p in side.paths) for side in (benefit, harm)))
    return tuple(dict.fromkeys(sentences))


def _of_side(clinical: Sequence[ClinicalFinding], name: SideName, side: Side, stopped: bool) -> Iterator[str]:
    yield from _of_studies(
        [f for f in clinical if f.side == name and f.evidence.stance == "supports" and in_patients(f)], name
    )
    if stopped:
        return
    firm = [path for path in side.paths if not path.hypothesis]
    if not firm:
        yield f"No mechanism here leads from the drug to {name}."
        return
    if all(path.clashes for path in firm):
        yield f"Every mechanism of {name} joins steps whose contexts contradict each other."
    if all("association" in path.goal for path in firm):
        yield f"Every mechanism of {name} ends in an association: what the last node does to the disease is not established."
    steps = {(s.subject.id, s.relation, s.object.id): s for path in firm[:_PATHS_READ] for s in path.steps if _is_finding(s)}
    yield from _of_steps(list(steps.values()), f"the best mechanisms of {name}")


def _of_studies(own: Sequence[ClinicalFinding], name: SideName) -> Iterator[str]:
    """Say what the supporting studies of a side leave open."""
    first_hand = [f for f in own if not f.evidence.recounts]
    if not own:
        yield f"No clinical study here supports {name}."
        return
    if not any(f.evidence.design in _TRIALS for f in own):
        best = max(first_hand or own, key=lambda f: f.design_weight)
        yield f"No randomised trial or meta-analysis here supports {name}; the best is: {best.design_label}."
    if not first_hand:
        yield f"Support for {name} is told by reviews only; none of the patients' own reports is here."
    elif not any(f.evidence.design in _RANDOMISED for f in first_hand):
        yield from _of_challenges({f.evidence.phase for f in own}, name)
    if first_hand and not any(f.evidence.effect for f in first_hand):
        yield f"No study that supports {name} states the size of the effect here."


def _of_challenges(phases: Container[str], name: SideName) -> Iterator[str]:
    """Say what no report, first hand or retold, tells of stopping the drug; a randomised trial has its own comparison."""
    if not any(phase in phases for phase in _CHALLENGED):
        yield f"No report that supports {name} says what happened when the drug was stopped (no dechallenge)."
    elif "on_again" not in phases:
        yield f"No report that supports {name} says what happened when the drug was given again (no rechallenge)."


def _is_finding(step: Step) -> bool:
    """Tell whether a step rests on studies, not on what things are (a drug's class, a part of a complex)."""
    return relation(step.relation).tier != "structural" and any(
        design(item.design).kind != "database" for s in step.statements for item in s.evidence
    )


def _of_steps(steps: Sequence[Step], where: str) -> Iterator[str]:
    kinds: tuple[tuple[Callable[[Step], bool], str], ...] = (
        (_is_single, "rest on a single study"),
        (_only_in_animals, "were seen in animals or their cells only"),
        (_only_in_culture, "were seen in cultured cells only"),
        (_without_context, "state no cell, tissue, disease or species in which they hold"),
    )
    for wanted, words in kinds:
        found = [step for step in steps if wanted(step)]
        if found:
            names = "; ".join(f"{s.subject.name} {s.label} {s.object.name}" for s in found[:_STEPS_NAMED])
            more = f" and {len(found) - _STEPS_NAMED} more" if len(found) > _STEPS_NAMED else ""
            yield f"Of {where}, these steps {words}: {names}{more}."


def _is_single(step: Step) -> bool:
    return step.support == 1


def _supporting(step: Step) -> list[tuple[tuple[str, ...], EvidenceItem]]:
    """Return each supporting evidence of a step with the species its statement names."""
    return [
        (tuple(statement.context.get("taxon", ())), item)
        for statement in step.statements for item in statement.evidence if item.stance == "supports"
    ]


def _only_in_animals(step: Step) -> bool:
    """Every supporting statement names a species, and none of them is human."""
    taxa = [taxa for taxa, _ in _supporting(step)]
    return bool(taxa) and all(taxa) and not any(_is_human(name) for names in taxa for name in names)


def _is_human(name: str) -> bool:
    return name.casefold() in ("human", "homo sapiens")


def _only_in_culture(step: Step) -> bool:
    designs = {item.design for _, item in _supporting(step)}
    return bool(designs) and designs <= _CULTURE


def _without_context(step: Step) -> bool:
    return not any(any(names) for statement in step.statements for names in statement.context.values())


def _undecided(deciding: Iterable[Measurement], *, both: bool) -> Iterator[str]:
    """Say whether anything on which the sides part was measured under the drug."""
    nodes = list(deciding)
    if both and not nodes:
        yield "Nothing on which both sides depend moves in opposite directions on them here: no single measurement would decide."
    elif nodes and not any(m.measured for m in nodes):
        names = ", ".join(m.node.name for m in nodes[:_STEPS_NAMED])
        yield f"Nothing that would decide between the sides was measured under the drug here ({names})."
    elif nodes and not any(m.observed for m in nodes):
        yield "What would decide between the sides was measured under the drug, but without a clear direction."
