"""The beta distribution, as far as shrunken rates need it: the fit of a prior to groups of counts, and quantiles.

Groups (readers) have rates drawn from one Beta(a, b); each group's count of successes is then beta-binomial. `fit_prior`
chooses a and b where the marginal likelihood of all counts is greatest (empirical Bayes); the posterior of a group is
Beta(a + successes, b + failures).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, lgamma, log

__all__ = ["fit_prior", "quantile"]

_GRID = 60
_LEAST, _MOST = log(1.0), log(1e4)  # a + b, the number of labels the prior is worth


def fit_prior(counts: Iterable[tuple[int, int]]) -> tuple[float, float]:
    """Return (a, b) of the beta prior that makes (labelled, correct) counts most likely; a + b lies in [1, 10,000].

    Fewer than two groups do not say how much groups differ: then Jeffreys' prior (1/2, 1/2) is returned.

    >>> a, b = fit_prior([(100, 90), (100, 80), (100, 95)])
    >>> round(a / (a + b), 2), 5 < a + b < 100
    (0.88, True)
    >>> fit_prior([(100, 90)])
    (0.5, 0.5)
    """
    groups = [(n, k) for n, k in counts if n]
    if len(groups) < 2:
        return 0.5, 0.5

    def likelihood(mean: float, size: float) -> float:
        a, b = mean * size, (1 - mean) * size
        prior = lgamma(a) + lgamma(b) - lgamma(size)
        return sum(lgamma(a + k) + lgamma(b + n - k) - lgamma(size + n) - prior for n, k in groups)

    low, high, least, most = 0.001, 0.999, _LEAST, _MOST
    best = (0.5, 1.0)
    for _ in range(6):  # each round looks closer around the best of the last
        means = [low + (high - low) * step / _GRID for step in range(_GRID + 1)]
        sizes = [exp(least + (most - least) * step / _GRID) for step in range(_GRID + 1)]
        best = max(((m, s) for m in means for s in sizes), key=lambda pair: (likelihood(*pair), -pair[1]))
        wide, deep = (high - low) / _GRID, (most - least) / _GRID
        low, high = max(0.001, best[0] - wide), min(0.999, best[0] + wide)
        least, most = max(_LEAST, log(best[1]) - deep), min(_MOST, log(best[1]) + deep)
    return best[0] * best[1], (1 - best[0]) * best[1]


def quantile(share: float, a: float, b: float) -> float:
    """Return the value below which Beta(a, b) lies with probability `share`, to ten decimals.

    >>> round(quantile(0.5, 1, 1), 6), round(quantile(0.025, 9.5, 1.5), 4)
    (0.5, 0.6187)
    """
    low, high = 0.0, 1.0
    while high - low > 1e-11:
        middle = (low + high) / 2
        if _incomplete(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _incomplete(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function, by its continued fraction (Lentz's method)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    tiny = 1e-300
    value, c, d = 1.0, 1.0, 0.0
    for step in range(1000):
        m = step // 2
        if step == 0:
            term = 1.0
        elif step % 2 == 0:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / ((1 + term * d) or tiny)
        c = (1 + term / c) or tiny
        value *= c * d
        if abs(1 - c * d) < 1e-14:
            break
    return front * (value - 1)
