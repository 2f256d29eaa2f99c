"""An explanation as a page that a researcher reads: what is claimed, for and against, and who found it.

`to_text` is for the terminal, `to_markdown` for notes and papers. Names stand in the prose, never identifiers; every claim
has a number that leads to its citation at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from queries.answer import ClinicalFinding, EvidenceItem, Explanation, Path, Side, SideName, Step
from queries.blocks import Block, Bullets, Heading, Paragraph, Table, render_markdown, render_text
from queries.clinical import counted_studies

__all__ = ["to_markdown", "to_text"]

_DETAILED = 3  # mechanisms shown step by step; the others as one line
_ARROW = {1: "→", -1: "⊣"}
_STATE = {1: "↑", -1: "↓"}
_TERMS = ("evidence", "conflict", "specificity", "parsimony", "tier", "question", "coherence")


def to_text(explanation: Explanation, *, width: int = 100, color: bool = False) -> str:
    """Return the page for a terminal of `width` columns."""
    return render_text(_blocks(explanation), width=width, color=color)


def to_markdown(explanation: Explanation) -> str:
    """Return the page as Markdown."""
    return render_markdown(_blocks(explanation))


class _References:
    """Numbers citations in the order they are first used."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []

    def cite(self, items: Iterable[EvidenceItem]) -> str:
        numbers = sorted({self._number(item) for item in items})
        return f"[{', '.join(map(str, numbers))}]" if numbers else ""

    def _number(self, item: EvidenceItem) -> int:
        if item.publication not in self._numbers:
            self._numbers[item.publication] = len(self._numbers) + 1
            source = ", ".join(part for part in (item.journal, item.date) if part)
            title = f"{item.title.rstrip('.')}. " if item.title else ""
            self._texts.append(f"{title}{source}. {_readable_id(item.publication)}")
        return self._numbers[item.publication]

    def blocks(self) -> Iterable[Block]:
        if self._texts:
            yield Heading(2, "References")
            yield Bullets(tuple((text, ()) for text in self._texts), numbered=True)


def _readable_id(key: str) -> str:
    prefix, _, local = key.partition(":")
    return {"DOI": f"doi:{local}", "PMID": f"PMID {local}", "PMC": local, "clinicaltrials": local}.get(prefix, local)


def _blocks(explanation: Explanation) -> Iterable[Block]:
    references = _References()
    yield from _summary(explanation)
    yield from _clinical(explanation, references)
    yield from _mechanisms("benefit", explanation.benefit, references)
    yield from _mechanisms("harm", explanation.harm, references)
    if explanation.conditions:
        yield Heading(2, "In whom, and when")
        yield Bullets(
            tuple((f"{group.condition} ({group.side})", group.findings) for group in explanation.conditions)
        )
    if explanation.hypotheses:
        yield Heading(2, "What authors supposed")
        yield Bullets(
            tuple((f"{item.finding} {references.cite([item])}", ()) for item in explanation.hypotheses)
        )
    if explanation.missing:
        yield Heading(2, "What is missing")
        yield Bullets(tuple((sentence, ()) for sentence in explanation.missing))
    yield from references.blocks()


def _summary(explanation: Explanation) -> Iterable[Block]:
    question = explanation.question
    yield Heading(1, f"{question.source.name} and {question.target.name}: what speaks for benefit, what for harm")
    forms = [node.name for node in question.targets if node.id != question.target.id]
    if forms:
        yield Paragraph(f"Taken in with {question.target.name}: {', '.join(forms)}.")
    if question.context:
        yield Paragraph("Asked for: " + "; ".join(f"{key} {value}" for key, value in question.context.items()) + ".")
    if question.as_of:
        yield Paragraph(
            f"As known on {question.as_of}: {question.left_out_later} evidences are later and left out, "
            f"{question.left_out_undated} are left out for want of a date."
        )
    yield Paragraph(f"BENEFIT {explanation.benefit.status}. {explanation.benefit.sentence}")
    yield Paragraph(f"HARM {explanation.harm.status}. {explanation.harm.sentence}")
    fork = explanation.fork
    if fork is not None and fork.depth:
        yield Paragraph(
            f"Both sides run through {fork.node.name} {_STATE[fork.state]} (step {fork.depth}) and part after it."
        )
    elif fork is not None:
        yield Paragraph(f"The sides part at {fork.node.name} itself: no later state is on every path of both.")


def _clinical(explanation: Explanation, references: _References) -> Iterable[Block]:
    yield Heading(2, "Clinical evidence, by study design")
    if not explanation.clinical:
        yield Paragraph("None in this graph.")
    sides: tuple[SideName, ...] = ("benefit", "harm")
    for side in sides:
        rows = [finding for finding in explanation.clinical if finding.side == side]
        if not rows:
            continue
        yield Heading(3, f"{side.capitalize()}: {_tally(rows)}")
        yield Table(
            ("design", "stance", "n", "finding"),
            tuple(
                (
                    finding.design_label,
                    {"supports": "for", "refutes": "against", "null": "no effect"}[finding.evidence.stance],
                    "" if finding.evidence.n is None else str(finding.evidence.n),
                    _finding_text(explanation, finding, references),
                )
                for finding in rows
            ),
        )


def _tally(rows: Sequence[ClinicalFinding]) -> str:
    words = (("supports", "for"), ("refutes", "against"), ("null", "no effect"))
    alone = [row for row in rows if not row.note.startswith("in combination")]
    counts = [f"{len(counted_studies(alone, stance))} {word}" for stance, word in words]
    combined = len(rows) - len(alone)
    return "studies " + ", ".join(counts) + (f"; {combined} more in combination" if combined else "")


def _finding_text(explanation: Explanation, finding: ClinicalFinding, references: _References) -> str:
    parts = [finding.evidence.finding]
    phase = {"off": "off drug", "on_again": "on again", "before": "before"}.get(finding.evidence.phase, "")
    other = finding.object.name if finding.object.id != explanation.question.target.id else ""
    notes = [part for part in (other, phase, *finding.conditions, finding.note) if part]
    if notes:
        parts.append(f"({'; '.join(notes)})")
    parts.append(references.cite([finding.evidence]))
    return " ".join(parts)


def _mechanisms(name: SideName, side: Side, references: _References) -> Iterable[Block]:
    yield Heading(2, f"Mechanisms to {name}")
    if not side.paths:
        yield Paragraph("None in this graph.")
        return
    yield Paragraph(
        "Lower cost is better: evidence + conflict + specificity + parsimony + tier + question + coherence. Numbers at a "
        "step are studies for/against. Mechanisms whose contexts contradict come after all others."
    )
    firm, supposed = ([path for path in side.paths if path.hypothesis is wanted] for wanted in (False, True))
    if firm:
        yield _listed(firm, references)
    if supposed:
        yield Heading(3, f"To {name}, if a supposition is true")
        yield _listed(supposed, references)


def _listed(paths: Sequence[Path], references: _References) -> Bullets:
    """List paths, the first ones step by step."""
    return Bullets(
        tuple(
            (_path_line(path), (*_path_details(path, references), *also) if rank < _DETAILED else also)
            for rank, (path, also) in enumerate(_chains(paths))
        ),
        numbered=True,
    )


def _chains(paths: Sequence[Path]) -> list[tuple[Path, tuple[str, ...]]]:
    """Print paths through the same states once, the best first, with a line for each further choice of relations."""
    chains: dict[tuple[tuple[str, int], ...], list[Path]] = {}
    for path in paths:
        chains.setdefault(tuple((step.object.id, step.state) for step in path.steps), []).append(path)
    return [(first, tuple(_other_relations(first, path) for path in others)) for first, *others in chains.values()]


def _other_relations(first: Path, other: Path) -> str:
    changed = [
        f"{step.subject.name} {step.label} {step.object.name}"
        for was, step in zip(first.steps, other.steps, strict=True)
        if step.relation != was.relation
    ]
    return f"also with cost {other.score:.2f}: {', '.join(changed)}"


def _path_line(path: Path) -> str:
    chain = path.steps[0].subject.name
    for step in path.steps:
        chain += f" {_ARROW[step.sign]} {step.object.name} {_STATE[step.state]}"
    marks = [path.goal] if not path.goal.startswith("the disease itself") or ";" in path.goal else []
    if path.clashes:
        marks.append("contexts contradict")
    return f"{chain}  [cost {path.score:.2f}]" + (f" ({'; '.join(marks)})" if marks else "")


def _path_details(path: Path, references: _References) -> tuple[str, ...]:
    terms = " + ".join(f"{name} {path.terms[name]:.2f}" for name in _TERMS if path.terms.get(name))
    lines = [f"cost {path.score:.2f} = {terms}"]
    lines += [_step_line(step, references) for step in path.steps]
    lines += [f"contexts contradict {clash}" for clash in path.clashes]
    return tuple(lines)


def _step_line(step: Step, references: _References) -> str:
    evidence = [item for statement in step.statements for item in statement.evidence]
    supporting = references.cite(item for item in evidence if item.stance == "supports")
    against = references.cite(item for item in evidence if item.stance != "supports")
    supposed = " (supposed)" if step.verdict == "hypothesis" else ""
    line = f"{step.subject.name} {step.label} {step.object.name}{supposed}: {step.support}/{step.refute + step.null} {supporting}"
    if against:
        line += f" against {against}"
        if step.disagreeing_contexts:
            line += f" ({' | '.join(step.disagreeing_contexts)})"
    if step.opposed:
        studies = "study finds" if step.opposed == 1 else "studies find"
        line += f"; {step.opposed} {studies} the opposite {references.cite(step.opposed_evidence)}"
    places = sorted({name for s in step.statements for names in s.context.values() for name in names})
    limits = sorted({condition for s in step.statements for condition in s.conditions})
    if places:
        line += f"; in {', '.join(places)}"
    if limits:
        line += f"; if {' or '.join(limits)}"
    return line
