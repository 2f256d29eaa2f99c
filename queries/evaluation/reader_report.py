"""The evaluation of readers as a page of text, and the table of their rates as it ships."""

from __future__ import annotations

from collections.abc import Sequence

from ontologies.extractors import COLUMNS, Reader
from queries.evaluation.calibration import Forecast, ReaderEvaluation
from queries.evaluation.metrics import Estimate

__all__ = ["to_text", "to_tsv"]


def to_tsv(readers: Sequence[Reader]) -> str:
    r"""Return the table ``extractors.tsv``.

    >>> to_tsv([Reader("pooled", 2, 1, 0.5, 0.1, 0.9, "two labels")])
    'reader\tlabelled\tcorrect\tprecision\tlow\thigh\tsource\npooled\t2\t1\t0.5000\t0.1000\t0.9000\ttwo labels\n'
    """
    rows = [
        (r.name, str(r.labelled), str(r.correct), f"{r.precision:.4f}", f"{r.low:.4f}", f"{r.high:.4f}", r.source)
        for r in readers
    ]
    return "".join("\t".join(row) + "\n" for row in (COLUMNS, *rows))


def to_text(found: ReaderEvaluation) -> str:
    """Return the evaluation as a page of text, which says plainly what does not beat the constant guess."""
    lines = [
        f"{found.labels} labels of {found.groups} statements, {found.correct} right; {found.unjoined} more could not be joined.",
        f"Base rate {found.base_rate:.3f}; Brier score of guessing just that {found.constant_brier:.3f}.",
        f"Predictions: {found.how}. 95 % intervals: {found.samples} bootstrap samples over statements, seed {found.seed}.",
        "",
        "reader       labels   right  share   estimate",
        *(
            f"{r.name:<12} {r.labelled:>6} {r.correct:>7}  "
            f"{r.correct / r.labelled if r.labelled else 0:.3f}   {r.precision:.3f} [{r.low:.3f}, {r.high:.3f}]"
            for r in found.readers
        ),
        "",
        f"{'prediction':<17}{'Brier':<24}{'Brier - constant':<27}{'log loss':<24}AUROC",
        *(
            f"{f.name:<17}{_number(f.brier):<24}{_number(f.against_constant, '+'):<27}{_number(f.log_loss):<24}{_number(f.auroc)}"
            for f in found.forecasts
        ),
        "",
        *(line for f in found.forecasts if f.name != "constant" for line in _verdict(f)),
    ]
    for f in found.forecasts:
        if f.name != "constant":
            lines += ["", f"Reliability of the prediction by {f.name}", "predicted between   labels   mean    right"]
            for b in f.reliability:
                lines.append(f"{b.low:.2f} and {b.high:.2f}       {b.labels:>6}   {b.predicted:.3f}   {_number(b.observed)}")
    return "\n".join(lines) + "\n"


def _verdict(forecast: Forecast) -> list[str]:
    if forecast.beats_constant:
        return [f"By {forecast.name}: better than the constant guess (the interval of the difference is below 0)."]
    if forecast.against_constant.low is not None and forecast.against_constant.low > 0:
        return [f"By {forecast.name}: worse than the constant guess."]
    return [f"By {forecast.name}: not shown to beat the constant guess (the interval of the difference holds 0)."]


def _number(estimate: Estimate, sign: str = "") -> str:
    if estimate.value is None:
        return "-"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:{sign}.4f}"
    return f"{estimate.value:{sign}.4f} [{estimate.low:{sign}.4f}, {estimate.high:{sign}.4f}]"
