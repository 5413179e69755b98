"""Bounds that hold at every moment at once, however often one looks.

A canary is looked at every second. An ordinary test at 5 % would then condemn most healthy ones
sooner or later; these bounds are confidence *sequences*: the chance that one of them is ever wrong,
over all sample sizes, is at most ``alpha``.

Sources: H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of
Mathematical Statistics 41 (1970), for the method of mixtures; S. R. Howard, A. Ramdas, J.
McAuliffe, J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of
Statistics 49 (2021), for the beta-binomial mixture; S. R. Howard, A. Ramdas, "Sequential estimation
of quantiles with applications to A/B testing and best-arm identification", Bernoulli 28 (2022), for
reading quantiles from bounds on the distribution function; I. Waudby-Smith, D. Arbour, R. Sinha,
E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
Annals of Statistics 52 (2024), for means.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final

_GROWTH: Final = math.log(1.05)
"""Times are counted in bins whose bounds grow by a twentieth."""
_LAST_BIN: Final = 300
"""About 38 minutes; whatever takes longer is counted there."""
_ROUNDS: Final = 60
_QUANTILE_WEIGHT: Final = 20.0


def bin_of(ms: float) -> int:
    """Return the bin in which a time of ``ms`` milliseconds is counted."""
    return 0 if ms <= 1.0 else min(int(math.log(ms) / _GROWTH) + 1, _LAST_BIN)


def bin_ceiling(number: int) -> float:
    """Return the longest time, in ms, that is counted in a bin."""
    return math.inf if number >= _LAST_BIN else math.exp(number * _GROWTH)


def bin_floor(number: int) -> float:
    """Return the time, in ms, from which on a bin counts."""
    return 0.0 if number <= 0 else math.exp((number - 1) * _GROWTH)


def proportion_bounds(hits: int, total: int, alpha: float) -> tuple[float, float]:
    """Return bounds on the chance behind ``hits`` of ``total``.

    By Ville's inequality the beta-binomial likelihood ratio of the true chance exceeds
    ``1 / alpha`` with probability ``alpha`` at most, at any time; what exceeds it is out.
    """
    if total <= 0:
        return 0.0, 1.0
    evidence = _mixture(hits, total, 0.5, 0.5)
    limit = -math.log(alpha)

    def excluded(chance: float) -> bool:
        return evidence - _log_likelihood(hits, total, chance) >= limit

    centre = hits / total
    low = 0.0 if hits == 0 else _edge(0.0, centre, excluded)
    high = 1.0 if hits == total else _edge(1.0, centre, excluded)
    return low, high


def quantile_bounds(bins: Mapping[int, int], quantile: float, alpha: float) -> tuple[float, float]:
    """Return bounds on a quantile of the times that ``bins`` count, in ms.

    Below the quantile lies a share of ``quantile``: a time is out as soon as the share up to it
    is proven to be another. What bins blur widens the bounds.
    """
    total = sum(bins.values())
    if total == 0:
        return 0.0, math.inf
    limit = -math.log(alpha)
    a = _QUANTILE_WEIGHT * quantile
    b = _QUANTILE_WEIGHT - a
    low, high = 0.0, math.inf
    below = 0
    for number in sorted(bins):
        below += bins[number]
        evidence = _mixture(below, total, a, b) - _log_likelihood(below, total, quantile)
        if evidence < limit:
            continue
        if below < quantile * total:
            low = bin_ceiling(number)
        else:
            high = bin_ceiling(number)
            break
    # Where even the first time lies beyond the quantile's reach, none of the empty bins is above.
    first = min(bins)
    if low == 0.0 and _none_below(total, quantile, a, b) >= limit:
        low = bin_floor(first)
    return low, high


def quantile_of(bins: Mapping[int, int], quantile: float) -> float | None:
    """Return the quantile as it was seen, in ms (the ceiling of its bin)."""
    total = sum(bins.values())
    below = 0
    for number in sorted(bins):
        below += bins[number]
        if below >= quantile * total:
            return min(bin_ceiling(number), 1e9)
    return None


def mean_bounds(
    count: int, total: float, squares: float, alpha: float, *, planned: int
) -> tuple[float, float]:
    """Return bounds on a mean from the count, sum and sum of squares of what was seen.

    Asymptotic, so not for a handful; narrowest at about ``planned`` observations.
    """
    if count < 2:
        return -math.inf, math.inf
    mean = total / count
    variance = max(squares / count - mean * mean, 0.0) * count / (count - 1)
    log_alpha = -2 * math.log(alpha)
    rho = (log_alpha + math.log(log_alpha) + 1) / max(planned, 1)
    inner = count * rho + 1
    half = math.sqrt(
        variance * 2 * inner / (count * count * rho) * math.log(math.sqrt(inner) / alpha)
    )
    return mean - half, mean + half


def _mixture(hits: int, total: int, a: float, b: float) -> float:
    return _log_beta(a + hits, b + total - hits) - _log_beta(a, b)


def _log_likelihood(hits: int, total: int, chance: float) -> float:
    misses = total - hits
    if (hits and chance <= 0.0) or (misses and chance >= 1.0):
        return -math.inf
    return (hits * math.log(chance) if hits else 0.0) + (
        misses * math.log1p(-chance) if misses else 0.0
    )


def _none_below(total: int, quantile: float, a: float, b: float) -> float:
    return _mixture(0, total, a, b) - _log_likelihood(0, total, quantile)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _edge(outer: float, inner: float, excluded: Callable[[float], bool]) -> float:
    """Return where exclusion ends between ``outer``, which is out, and ``inner``, which is not."""
    for _ in range(_ROUNDS):
        middle = (outer + inner) / 2
        if excluded(middle):
            outer = middle
        else:
            inner = middle
    return outer
