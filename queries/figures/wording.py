"""How a step is worded and signed in a figure: the form of its arrow head, its studies, its conditions in short words."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from queries.explanation.answer import SideName, Step
from queries.figures.font_metrics import clean_text

__all__ = ["Form", "badges_of", "condition_words", "form_of", "is_hypothesis", "percent", "plural", "share_words", "studies_of"]

#: The head of an arc: pointed, bar, or ring; hollow for associations, which are no cause.
Form: TypeAlias = Literal["raises", "lowers", "part", "goes with more", "goes with less"]


def is_hypothesis(step: Step) -> bool:
    """Tell whether nothing but suppositions supports the step."""
    designs = [e.design for s in step.statements for e in s.evidence if e.stance == "supports"]
    return step.verdict == "hypothesis" or (bool(designs) and all("hypothesis" in d.lower() for d in designs))


def form_of(step: Step) -> tuple[Form, bool]:
    """Return the arrow head, by the sign unless the relation is structural, and whether its direction is assumed."""
    from ontologies.errors import UnknownRelation
    from ontologies.vocabulary import relation

    try:
        known = relation(step.relation)
    except UnknownRelation:
        return ("raises" if step.sign > 0 else "lowers"), False
    if known.tier == "structural" or not step.sign:
        return "part", False
    if known.tier == "association":
        return ("goes with more" if step.sign > 0 else "goes with less"), not known.sign
    return ("raises" if step.sign > 0 else "lowers"), False


def studies_of(step: Step) -> str:
    """Return the study label: "3", "3/1" with studies against, "3/1 ∅2" with studies that found no effect."""
    text = f"{step.support}/{step.refute}" if step.refute else f"{step.support}"
    return f"{text} ∅{step.null}" if step.null else text


def badges_of(step: Step) -> tuple[tuple[str, ...], bool]:
    """Return the conditions of a step in short words, and whether they bind only some of its statements."""
    wanted: list[str] = []
    supporting = [s for s in step.statements if s.support]
    for statement in supporting:
        for condition in statement.conditions:
            words = condition_words(condition)
            if words not in wanted:
                wanted.append(words)
    return tuple(wanted), not all(s.conditions for s in supporting)


_UNITS: Final = {"a": "years", "mo": "months", "wk": "weeks", "d": "days"}


def condition_words(condition: str) -> str:
    """Return a condition as a reader would write it: signs for comparisons, unit codes as words.

    >>> condition_words("serum total IgE >= 200 [IU]/mL"), condition_words("age < 18 a"), condition_words("atopic = false")
    ('serum total IgE ≥ 200 IU/mL', 'age < 18 years', 'not atopic')
    >>> condition_words("severity = severe"), condition_words("atopic dermatitis = true")
    ('severity: severe', 'atopic dermatitis')
    """
    text = clean_text(condition).replace(">=", "≥").replace("<=", "≤").replace("!=", "≠").replace("[IU]", "IU")
    text = re.sub(r"(?<!\s)\s*+\{[^{}]*+\}", "", text)
    text = re.sub(r"(?<=\d )(a|mo|wk|d)\b(?!/)", lambda unit: _UNITS[unit[0]], text)
    text = re.sub(r"^(.*) = false$", r"not \1", text)
    return text.removesuffix(" = true").replace(" = ", ": ")


def plural(word: str, number: int) -> str:
    """Return a noun that ends in y (or "study") as the number asks.

    >>> plural("study", 1), plural("study", 2)
    ('study', 'studies')
    """
    return word if number == 1 else word.removesuffix("y") + "ies"


def share_words(shares: tuple[tuple[SideName, float], ...]) -> str:
    """Return shares of path mass in words; nothing of a side that has none.

    >>> share_words((("benefit", 0.786), ("harm", 1.0)))
    "79 % of benefit's path mass, 100 % of harm's"
    """
    words = [f"{percent(share)} of {side}'s" for side, share in shares if share > 0]
    return ", ".join([words[0] + " path mass", *words[1:]]) if words else ""


def percent(share: float) -> str:
    """Return a share as a whole percentage; "under 1 %" for the least.

    >>> percent(0.786), percent(1.0), percent(0.001)
    ('79 %', '100 %', 'under 1 %')
    """
    return "under 1 %" if share < 0.005 else f"{100 * share:.0f} %"
