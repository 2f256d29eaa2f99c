"""How sure a side is: its status, and one sentence that says what it rests on.

*observed*: a study in patients given the drug (or its class, named) supports the side; *predicted*: mechanisms only, or what
was seen in animals or in tissue; *hypothesised*: suppositions only; *none*: nothing in the graph. A side without clinical
evidence is never worded as a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from queries.explanation.answer import ClinicalFinding, Side
from queries.explanation.clinical import counted_studies, in_patients
from queries.explanation.shown import Path, SideName

__all__ = ["side_of"]


def side_of(
    name: SideName, clinical: Sequence[ClinicalFinding], paths: tuple[Path, ...], k: int, *, stopped: bool
) -> Side:
    """Decide the status of a side and say in one sentence what it rests on; a stopped search never reads as "none"."""
    own = [f for f in clinical if f.side == name and not f.note.startswith("in combination") and f.design_weight > 0]
    support, against = counted_studies(own, "supports"), counted_studies(own, "refutes", "null")
    for_it = {f.evidence.counted_as for f in own if f.evidence.stance == "supports" and in_patients(f)}
    firm = [path for path in paths if not path.hypothesis]
    number = f"the {k} best mechanisms" if len(firm) == k else _many(len(firm), "mechanism")
    mechanisms = f"{number}, {_coherence(firm)}" if firm else "no mechanism that rests on evidence"
    if stopped:
        mechanisms = f"the search for mechanisms was stopped (by then {mechanisms})"
    if support:
        return Side("observed", f"{_observed(own, support, against, for_it)}; {mechanisms}.", paths)
    looked = f" ({_many(len(against), 'study', 'studies')} looked and found none or the opposite)" if against else ""
    outside = any(f.evidence.stance == "supports" and not in_patients(f) for f in own)
    looked += ", though it was seen in animals or in tissue" if outside else ""
    if firm or outside:
        return Side("predicted", f"Predicted only: no clinical study in this graph reports {name}{looked}; {mechanisms}.", paths)
    if paths or any(f.side == name and f.evidence.stance == "supports" and in_patients(f) for f in clinical):
        return Side("hypothesised", f"Hypothesised only: suppositions, no study and no supported mechanism{looked}.", paths)
    if stopped:
        return Side("none", f"Not known: no clinical study in this graph reports {name}{looked}; {mechanisms}.", paths)
    return Side("none", f"Nothing in this graph: no clinical study reports {name}{looked} and no mechanism leads to it.", paths)


def _observed(
    own: Sequence[ClinicalFinding], support: AbstractSet[str], against: AbstractSet[str], for_it: AbstractSet[str]
) -> str:
    """Say how many studies support a side and how many only speak against it; one that does both is counted once."""
    told = all(f.evidence.recounts for f in own if f.evidence.stance == "supports" and in_patients(f))
    words = f"Observed in {_many(len(support), 'study', 'studies')}"
    if told:
        words = f"Observed in studies that {_many(len(support), 'review retells', 'reviews retell')}"
    both, only = len(against & support), len(against - for_it)
    if both:
        which = "which" if len(support) == 1 else f"{both} of them"
        words += f" ({which} also found something that speaks against it)"
    if only:
        words += f", against {_many(only, 'study', 'studies')} that found none or the opposite"
    return words


def _coherence(firm: Sequence[Path]) -> str:
    """Say how many of the mechanisms join no contexts that contradict each other."""
    coherent = sum(not path.clashes for path in firm)
    if coherent in (0, len(firm)):
        every = "all " if len(firm) > 1 else ""
        return f"{every}{'without' if coherent else 'with'} contradicting contexts"
    return f"{coherent} of them without contradicting contexts"


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
