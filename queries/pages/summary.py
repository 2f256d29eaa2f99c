"""The top of the page: the question, the answer in a paragraph, and how sure each side is with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from queries.answer import ClinicalFinding, Explanation, Side, SideName
from queries.blocks import GLUE, Block, FigurePlace, Heading, Paragraph, Text, Verdict, joined, plain
from queries.pages.references import Citations, cited, identifier
from queries.pages.words import asked_for, condition, count, listed, name, story

__all__ = ["summary"]

_BOTH = "Both were seen in clinical studies: {drug} helped some patients with {disease} and harmed others."
_HELPED = "{Drug} helped in clinical studies of {disease}. "
_HARMED = "{Drug} did harm in clinical studies of {disease}. "
_SEEN = {
    ("observed", "observed"): _BOTH,
    ("observed", "predicted"): _HELPED + "Harm was not seen there; mechanisms predict it.",
    ("predicted", "observed"): _HARMED + "Benefit was not seen there; mechanisms predict it.",
    ("observed", "hypothesised"): _HELPED + "Harm was not seen there; it is only supposed.",
    ("hypothesised", "observed"): _HARMED + "Benefit was not seen there; it is only supposed.",
    ("observed", "none"): _HELPED + "Nothing here speaks for harm.",
    ("none", "observed"): _HARMED + "Nothing here speaks for benefit.",
    ("none", "none"): "Nothing in this graph speaks for a benefit or a harm of {drug} in {disease}.",
}
_UNSEEN = "No clinical study here shows that {drug} helps or harms in {disease}: what follows is {what}, not a finding."
_BEST_SHOWN = 2


def summary(explanation: Explanation, citations: Citations) -> Iterator[Block]:
    """Yield the question, what is partial, both verdicts, and the place of the figure."""
    question = explanation.question
    yield Heading(1, f"{name(question.source)} and {name(question.target)}: what speaks for benefit, what for harm", "top")
    stopped = [side for side, part in _sides(explanation) if part.partial]
    if stopped:
        yield Paragraph(
            f"PARTIAL ANSWER. The search for mechanisms to {listed(stopped)} was stopped before it was done; "
            "better ones may exist.",
            warning=True,
        )
    yield Paragraph(_in_short(explanation))
    yield from _limits(explanation)
    for side, part in _sides(explanation):
        yield Verdict(side, part.status, tuple(_rests_on(explanation, side, part, citations)))
    yield FigurePlace()


def _sides(explanation: Explanation) -> tuple[tuple[SideName, Side], tuple[SideName, Side]]:
    return ("benefit", explanation.benefit), ("harm", explanation.harm)


def _in_short(explanation: Explanation) -> str:
    drug, disease = name(explanation.question.source), name(explanation.question.target)
    pair = (explanation.benefit.status, explanation.harm.status)
    what = "a prediction from mechanisms" if "predicted" in pair else "what authors supposed"
    sentence = _SEEN.get(pair, _UNSEEN)
    if pair == ("none", "none") and (explanation.benefit.partial or explanation.harm.partial):
        sentence = "It is not known whether {drug} helps or harms in {disease}: the search was stopped before it found anything."
    return sentence.format(drug=drug, Drug=drug[:1].upper() + drug[1:], disease=disease, what=what)


def _limits(explanation: Explanation) -> Iterator[Block]:
    question = explanation.question
    forms = [name(node) for node in question.targets if node.id != question.target.id]
    if forms:
        yield Paragraph(f"Taken in with {name(question.target)}: {', '.join(forms)}.")
    if question.context:
        yield Paragraph(f"Asked for: {'; '.join(asked_for(question.context))}.")
    if question.as_of:
        yield Paragraph(
            f"As known on {question.as_of}: {count(question.left_out_later, 'evidence', 'evidences')} "
            f"{'is' if question.left_out_later == 1 else 'are'} later and left out, {question.left_out_undated:,} "
            f"{'is' if question.left_out_undated == 1 else 'are'} left out for want of a date."
        )
    if question.without_studies:
        yield Paragraph(
            f"Without {listed(plain((identifier(key),)) for key in question.without_studies)} and all that retells or may retell "
            f"{'it' if len(question.without_studies) == 1 else 'them'}: "
            f"{count(question.left_out_studies, 'evidence', 'evidences')} left out."
        )


def _rests_on(explanation: Explanation, side: SideName, part: Side, citations: Citations) -> Iterator[Text]:
    """Yield the sentences of a verdict: its own, the strongest studies, the best mechanism."""
    yield part.sentence
    strongest: dict[str, ClinicalFinding] = {}
    targets = {node.id for node in explanation.question.targets}
    for finding in explanation.clinical:
        if finding.side != side or finding.evidence.stance != "supports" or finding.evidence.recounts:
            continue
        if finding.object.id in targets:
            known = strongest.setdefault(finding.design_label, finding)
            if (finding.evidence.n or 0) > (known.evidence.n or 0):
                strongest[finding.design_label] = finding
    if strongest:
        shown = [_study(finding, citations) for finding in list(strongest.values())[:_BEST_SHOWN]]
        yield joined([joined(["Strongest:", joined(shown, "; ")]), "."], "")
    firm = [path for path in part.paths if not path.hypothesis]
    if firm:
        goal = f" ({firm[0].goal})" if not firm[0].goal.startswith("the disease itself") else ""
        told = [
            cited(words, citations.cite(i for s in step.statements for i in s.evidence if i.stance == "supports"))
            for words, step in zip(story(firm[0]), firm[0].steps, strict=True)
        ]
        yield joined([joined(["Best mechanism:", name(firm[0].steps[0].subject), *told]), f"{goal}."], "")


def _study(finding: ClinicalFinding, citations: Citations) -> Text:
    notes = [f"n{GLUE}={GLUE}{finding.evidence.n:,}"] if finding.evidence.n else []
    notes += map(condition, finding.conditions)
    return cited(finding.design_label + (f" ({', '.join(notes)})" if notes else ""), citations.cite([finding.evidence]))
