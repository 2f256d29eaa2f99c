"""The top of the page: the question, the answer in a paragraph, and how sure each side is with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from queries.explanation.answer import ClinicalFinding, Explanation, Side, SideName
from queries.explanation.clinical import in_patients
from queries.page.blocks import GLUE, Block, FigurePlace, Heading, Paragraph, Text, Verdict, joined, plain
from queries.page.references import Citations, cited, identifier
from queries.page.words import asked_for, condition, count, listed, name, story

__all__ = ["summary"]

_EXPECTED = {"predicted": "mechanisms predict it", "hypothesised": "it is only supposed"}
_STOPPED = "It is not known whether {drug} helps or harms in {disease}: the search was stopped before it found anything."
_NEITHER = "Nothing in this graph speaks for a benefit or a harm of {drug} in {disease}."
_UNSEEN = "No clinical study here shows that {drug} helps or harms in {disease}: what follows is {what}, not a finding."
_BEST_SHOWN = 2
_OTHERS_SHOWN = 2  # diseases for which people took the drug that harmed
_PREVENTED = frozenset({"preventative_for_condition"})
_WORSENED = frozenset({"exacerbates_condition"})


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
    """Return the answer in a sentence or two: what was seen in patients, else what is expected, and by what."""
    drug, disease = name(explanation.question.source), name(explanation.question.target)
    benefit, harm = explanation.benefit.status, explanation.harm.status
    if benefit == harm == "none":
        sentence = _NEITHER
        if explanation.benefit.partial or explanation.harm.partial:
            sentence = _STOPPED
        return sentence.format(drug=drug, disease=disease)
    if "observed" not in (benefit, harm):
        what = "a prediction from mechanisms" if "predicted" in (benefit, harm) else "what authors supposed"
        combined = any(_combined(finding) and finding.evidence.stance == "supports" for finding in explanation.clinical)
        return _UNSEEN.format(drug=f"{drug} by itself" if combined else drug, disease=disease, what=what)
    better = _seen(explanation, "benefit") if benefit == "observed" else None
    worse = _seen(explanation, "harm") if harm == "observed" else None
    if better and worse:
        again = "it" if better.drug == worse.drug else worse.drug
        what = "" if better.what == worse.what else f" {worse.what}"
        return (
            f"In clinical studies {better.what} {better.became} on {better.drug} in some patients, "
            f"and{what} {worse.became} on {again} in others{worse.whom}."
        )
    seen = better or worse
    assert seen is not None
    other, status = ("harm", harm) if better else ("benefit", benefit)
    expected = _EXPECTED.get(status)
    rest = f"{other.capitalize()} was not seen there; {expected}." if expected else f"Nothing here speaks for {other}."
    some = " in some patients" if worse else ""
    return f"In clinical studies {seen.what} {seen.became} on {seen.drug}{some}{seen.whom}. {rest}"


def _combined(finding: ClinicalFinding) -> bool:
    return finding.note.startswith("in combination")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen in patients of one side, in words: what became how, on what, and in whom."""

    what: str
    became: str
    drug: str
    whom: str = ""


def _seen(explanation: Explanation, side: SideName) -> _Seen:
    """Put what patients showed into words: the disease where a study saw that move, else its signs; the drug, else its class.

    Harm is mostly that the disease arose in people who took the drug for another one: these others are named.
    """
    question = explanation.question
    targets = {node.id for node in question.targets}
    own = [
        finding for finding in explanation.clinical
        if finding.side == side and finding.evidence.stance == "supports" and in_patients(finding)
        and not _combined(finding)
    ]
    own = [finding for finding in own if finding.object.id in targets] or own
    direct = [finding for finding in own if not finding.note.startswith("class:")] or own
    signs = dict.fromkeys(name(finding.object) for finding in direct if finding.object.id not in targets)
    drug, disease = name(question.source), name(question.target)
    if direct and direct[0].note.startswith("class:"):
        drug = f"drugs of its class ({listed(dict.fromkeys(name(finding.subject) for finding in direct))})"
    what = f"signs of {disease} ({listed(signs)})" if signs else disease
    if side == "benefit":
        prevented = [finding.relation in _PREVENTED for finding in direct]
        became = "improved" if not any(prevented) else "was prevented" if all(prevented) else "improved or was prevented"
        return _Seen(what, became, drug)
    worsened = bool(signs) or (bool(direct) and all(finding.relation in _WORSENED for finding in direct))
    forms = {name(node) for node in question.targets}
    others = dict.fromkeys(place for f in direct for place in f.context.get("disease", ()) if place not in forms)
    told = listed([*others][:_OTHERS_SHOWN] + (["others"] if len(others) > _OTHERS_SHOWN else []))
    became = "grew worse" if worsened else "arose or grew worse"
    return _Seen(what, became, drug, f" (among them people with {told})" if told else "")


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
    alone: dict[str, ClinicalFinding] = {}
    combined: dict[str, ClinicalFinding] = {}
    targets = {node.id for node in explanation.question.targets}
    for finding in explanation.clinical:
        if finding.side != side or finding.evidence.stance != "supports" or finding.evidence.recounts:
            continue
        if finding.object.id in targets:
            strongest = combined if _combined(finding) else alone
            known = strongest.setdefault(finding.design_label, finding)
            if (finding.evidence.n or 0) > (known.evidence.n or 0):
                strongest[finding.design_label] = finding
    lead, strongest = ("Strongest:", alone) if alone else ("Only together with another drug:", combined)
    if strongest:
        shown = [_study(finding, citations) for finding in list(strongest.values())[:_BEST_SHOWN]]
        yield joined([joined([lead, joined(shown, "; ")]), "."], "")
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
