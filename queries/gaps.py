"""What the graph does not know about a question, said in sentences: an answer that hides its gaps misleads."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from queries.answer import ClinicalFinding, EvidenceItem, Side, SideName

__all__ = ["missing_knowledge"]

_WEAK_LINKS_SHOWN = 3


def missing_knowledge(
    clinical: Sequence[ClinicalFinding], benefit: Side, harm: Side, trials: Sequence[EvidenceItem],
    *, stopped: Container[SideName] = (),
) -> tuple[str, ...]:
    """Return one sentence for each gap: no trial, no mechanism, steps that rest on one study, trials without a result.

    Of a side whose search was `stopped` nothing is said about mechanisms: what it lacks is not known.
    """
    sides: tuple[tuple[SideName, Side], ...] = (("benefit", benefit), ("harm", harm))
    sentences = [sentence for name, side in sides for sentence in _of_side(clinical, name, side, name in stopped)]
    if trials:
        names = ", ".join(sorted({item.study for item in trials}))
        sentences.append(f"Registered trials without a result here: {names}.")
    return tuple(sentences)


def _of_side(clinical: Sequence[ClinicalFinding], name: SideName, side: Side, stopped: bool) -> Iterator[str]:
    own = [f for f in clinical if f.side == name and f.evidence.stance == "supports"]
    if not own:
        yield f"No clinical study here supports {name}."
    elif not any("random" in f.design_label.lower() or "meta" in f.design_label.lower() for f in own):
        yield f"No randomised trial or meta-analysis here supports {name}; the best is: {own[0].design_label}."
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
    weak = [step for step in firm[0].steps if step.support == 1]
    for step in weak[:_WEAK_LINKS_SHOWN]:
        yield (
            f"The best mechanism of {name} rests on a single study where {step.subject.name} {step.label} {step.object.name}."
        )
