"""How sure a side is: its status, and one sentence that says what it rests on.

*observed*: a clinical study of the drug (or of its class, named) supports the side; *predicted*: mechanisms only;
*hypothesised*: suppositions only; *none*: nothing in the graph. A side without clinical evidence is never worded as a fact.
"""

from __future__ import annotations

from collections.abc import Sequence

from queries.answer import ClinicalFinding, Side
from queries.clinical import counted_studies
from queries.shown import Path, SideName

__all__ = ["side_of"]


def side_of(
    name: SideName, clinical: Sequence[ClinicalFinding], paths: tuple[Path, ...], k: int, *, stopped: bool
) -> Side:
    """Decide the status of a side and say in one sentence what it rests on; a stopped search never reads as "none"."""
    own = [f for f in clinical if f.side == name and not f.note.startswith("in combination") and f.design_weight > 0]
    support, against = counted_studies(own, "supports"), counted_studies(own, "refutes", "null")
    firm = [path for path in paths if not path.hypothesis]
    coherent = sum(not path.clashes for path in firm)
    number = f"the {k} best mechanisms" if len(firm) == k else _many(len(firm), "mechanism")
    mechanisms = (
        f"{number}, {coherent} of them without contradicting contexts" if firm else "no mechanism that rests on evidence"
    )
    if stopped:
        mechanisms = f"the search for mechanisms was stopped ({mechanisms} by then)"
    if support:
        against_words = f", against {_many(len(against), 'study', 'studies')} that found none or the opposite" if against else ""
        return Side("observed", f"Observed in {_many(len(support), 'study', 'studies')}{against_words}; {mechanisms}.", paths)
    looked = f" ({_many(len(against), 'study', 'studies')} looked and found none or the opposite)" if against else ""
    if firm:
        return Side("predicted", f"Predicted only: no clinical study in this graph reports {name}{looked}; {mechanisms}.", paths)
    if paths or any(f.side == name and f.evidence.stance == "supports" for f in clinical):
        return Side("hypothesised", f"Hypothesised only: suppositions, no study and no supported mechanism{looked}.", paths)
    if stopped:
        return Side("none", f"Not known: no clinical study in this graph reports {name}{looked}; {mechanisms}.", paths)
    return Side("none", f"Nothing in this graph: no clinical study reports {name}{looked} and no mechanism leads to it.", paths)


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
