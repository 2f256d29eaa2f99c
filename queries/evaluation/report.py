"""An evaluation of rankings as plain text: what was asked, the table of measures, the lead over the shortest paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from queries.evaluation.metrics import Estimate
from queries.evaluation.paths import MethodScore, PathEvaluation

__all__ = ["FOR_ORIENTATION", "to_text"]

FOR_ORIENTATION = (
    "For orientation, not like for like: KGML-xDTD ranks whole 3-hop paths in its own graph at hit@1 0.059, hit@10 0.193 and "
    "mrr 0.109 (Ma et al. 2023, doi:10.1093/gigascience/giad057, table 3)."
)

_SIGNED = ("hit@1", "hit@k", "mrr")
_UNSIGNED = ("hit@1 unsigned", "hit@k unsigned", "mrr unsigned")
_NODES = ("best precision", "best recall", "best f1", "union precision", "union recall", "union f1")


def to_text(found: PathEvaluation) -> str:
    """Return the evaluation as a page of text."""
    left_out = "; ".join(f"{number} {reason}" for reason, number in found.left_out.items()) or "none"
    lines = [
        f"{found.records} curated records; {found.questions} drug-disease pairs of {found.drugs} drugs are asked about.",
        f"Records left out: {left_out}. Pairs whose drug or disease the graph lacks: {found.unknown_ends}.",
        f"All records of a pair are hidden while it is asked about. k = {found.k}, at most {found.max_steps} steps, benefit",
        f"side, firm steps only. 95 % intervals: {found.samples} bootstrap samples over drugs, seed {found.seed}.",
        "",
        f"coverage  {_number(found.coverage)}  pairs with any path",
        f"signed    {_number(found.signed)}  pairs with a curated path that has a sign at every link",
        f"elsewhere {_number(found.elsewhere)}  … whose links, with their signs, are all said by records of other pairs too",
        f"possible  {_number(found.possible)}  … and make a path by the rules of the search: no ranking can hit more",
        "",
        f"Paths over all pairs (hit@k with k = {found.k}; the nodes between drug and disease, with their directions)",
        *_table(found.methods, _SIGNED),
        "",
        "The same with directions left out",
        *_table(found.methods, _UNSIGNED),
        "",
        "Nodes between drug and disease over all pairs: of the best path, and of the k best together",
        *_table(found.methods, _NODES),
        "",
        "Directions of nodes shared with the curated paths, where these have one",
        *_table(found.methods, ("best sign accuracy", "union sign accuracy")),
        "",
        "Over the covered pairs only",
        *_table(found.methods, (*_SIGNED, "best f1", "union f1"), covered=True),
        "",
        "Lead over the shortest paths, over all pairs (paired)",
        *_lead(found.methods, (*_SIGNED, "best f1", "union f1")),
        "",
        FOR_ORIENTATION,
    ]
    return "\n".join(lines) + "\n"


def _table(methods: Sequence[MethodScore], measures: Sequence[str], *, covered: bool = False) -> list[str]:
    return _columns(measures, {m.method: m.covered if covered else m.everywhere for m in methods})


def _lead(methods: Sequence[MethodScore], measures: Sequence[str]) -> list[str]:
    return _columns(measures, {m.method: m.lead for m in methods if m.lead}, sign="+")


def _columns(measures: Sequence[str], rows: Mapping[str, Mapping[str, Estimate]], sign: str = "") -> list[str]:
    width = 21 if not sign else 24
    head = "method".ljust(10) + "".join(measure.ljust(width) for measure in measures)
    body = [
        name.ljust(10) + "".join(_number(values[measure], sign).ljust(width) for measure in measures)
        for name, values in rows.items()
    ]
    return [line.rstrip() for line in (head, *body)]


def _number(estimate: Estimate, sign: str = "") -> str:
    """Return a value with its interval, or a dash.

    >>> _number(Estimate(0.1234, 0.1, 0.15)), _number(Estimate(None))
    ('0.123 [0.100, 0.150]', '-')
    """
    if estimate.value is None:
        return "-"
    value = f"{estimate.value:{sign}.3f}"
    if estimate.low is None or estimate.high is None:
        return value
    return f"{value} [{estimate.low:{sign}.3f}, {estimate.high:{sign}.3f}]"
