"""Small pure statistics. None stands for 'no value': nothing to divide by, nothing observed."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist

import numpy as np
import scipy

Z95 = NormalDist().inv_cdf(0.975)
Interval = tuple[float | None, float | None]
UNKNOWN: Interval = (None, None)


def wilson(part: int, whole: int) -> Interval:
    """95 % score interval of a rate. Wilson, JASA 22 (1927)."""
    if not whole:
        return UNKNOWN
    rate, z2 = part / whole, Z95**2
    centre = (rate + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z95 * sqrt(rate * (1 - rate) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return max(0.0, centre - half), min(1.0, centre + half)


def mean_interval(total: float, squares: float, n: int) -> Interval:
    """95 % interval of a mean from the sum, the sum of squares and n; none below two values."""
    if n < 2:
        return UNKNOWN
    half = Z95 * sqrt(max(0.0, (squares - total**2 / n) / (n - 1)) / n)
    return total / n - half, total / n + half


def net_promoter_score(promoters: int, passives: int, detractors: int) -> float | None:
    """From -100 to 100. Reichheld, Harvard Business Review, December 2003."""
    n = promoters + passives + detractors
    return 100 * (promoters - detractors) / n if n else None


def net_promoter_interval(promoters: int, passives: int, detractors: int) -> Interval:
    """95 % adjusted Wald interval: 3/4, 3/2 and 3/4 are added to the counts. Rocks, American Statistician 70(4), 2016."""
    if not promoters + passives + detractors:
        return UNKNOWN
    score, error = _adjusted_score(promoters, passives, detractors)
    return max(-100.0, 100 * (score - Z95 * error)), min(100.0, 100 * (score + Z95 * error))


def net_promoters_differ(first: tuple[int, int, int], second: tuple[int, int, int]) -> bool:
    """Whether two scores differ beyond chance. Lewis and Sauro, 2021."""
    (score_1, error_1), (score_2, error_2) = _adjusted_score(*first), _adjusted_score(*second)
    return abs(score_1 - score_2) > Z95 * sqrt(error_1**2 + error_2**2)


def _adjusted_score(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    n = promoters + passives + detractors + 3
    p, d = (promoters + 0.75) / n, (detractors + 0.75) / n
    return p - d, sqrt((p + d - (p - d) ** 2) / n)


def gini(values: Sequence[float]) -> float | None:
    """0 is equal, at most (n - 1) / n; population form. Gini 1912."""
    ordered = np.sort(np.asarray(values, dtype=float))
    n, total = len(ordered), float(ordered.sum())
    if n < 2 or total <= 0:
        return None
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float((ranks * ordered).sum() / (n * total))


def variation(values: Sequence[float]) -> float | None:
    """The coefficient of variation: population standard deviation / mean."""
    if len(values) < 2 or sum(values) <= 0:
        return None
    return float(scipy.stats.variation(np.asarray(values, dtype=float)))


def lorenz(values: Sequence[float]) -> list[tuple[float, float]]:
    """Points (share of the people, share of the load), from the least to the most loaded."""
    ordered = np.sort(np.asarray(values, dtype=float))
    if not len(ordered) or ordered.sum() <= 0:
        return []
    shares = np.cumsum(ordered) / ordered.sum()
    people = np.arange(1, len(ordered) + 1) / len(ordered)
    return [(0.0, 0.0), *((float(x), float(y)) for x, y in zip(people, shares, strict=True))]


def growth(now: float | None, before: float | None) -> float | None:
    """(now - before) / before; none where there was nothing, or a loss, before."""
    return (now - before) / before if now is not None and before is not None and before > 0 else None


def quantiles(values: Sequence[float], shares: Sequence[float], weights: Sequence[int] | None = None) -> list[float] | None:
    """Quantiles by linear interpolation; `weights` says how often each value occurs."""
    found = np.asarray(values, dtype=float) if weights is None else np.repeat(np.asarray(values, dtype=float), weights)
    return [float(value) for value in np.quantile(found, shares)] if len(found) else None


def median_and_p90(values: Sequence[float]) -> list[float] | None:
    return quantiles(values, (0.5, 0.9))


def annual_churn(monthly: float) -> float:
    """The churn of a year from that of a month: 1 - (1 - m)^12, never 12 m."""
    return 1 - (1 - monthly) ** 12


def lifetime_multiple(retention: float, discount: float) -> float | None:
    """r / (1 + d - r): what a yearly margin of 1 is worth over a customer's life, first paid in a year. Gupta and Lehmann 2005."""
    return retention / (1 + discount - retention) if 1 + discount > retention else None


def simple_lifetime_value(margin: float, retention: float, discount: float) -> float | None:
    multiple = lifetime_multiple(retention, discount)
    return None if multiple is None else margin * multiple
