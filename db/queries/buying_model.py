"""How often customers without a contract will buy, and for how much: BG/NBD and gamma-gamma, fitted by maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

FEWEST_REPEATERS = 200
Array = np.ndarray


@dataclass(frozen=True)
class Histories:
    """Per customer: x repeat purchase days, t_x weeks from the first to the last, T weeks from the first to the cut, z mean amount of the repeat days."""

    x: Array
    t_x: Array
    T: Array
    z: Array

    @property
    def repeaters(self) -> int:
        return int((self.x > 0).sum())


@dataclass(frozen=True)
class BuyingModel:
    """BG/NBD. Fader, Hardie and Lee, Marketing Science 24(2), 2005."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = float("nan")

    def alive(self, x: Array, t_x: Array, T: Array) -> Array:
        """The probability that the customer has not left for good; 1 for one purchase, which means 'too early to tell'."""
        gone = self.a / (self.b + np.maximum(x, 1) - 1) * ((self.alpha + T) / (self.alpha + t_x)) ** (self.r + x)
        chance: Array = 1 / (1 + np.where(x > 0, gone, 0))
        return chance

    def expected(self, weeks: float, x: Array, t_x: Array, T: Array) -> Array:
        """Expected purchase days in the coming weeks."""
        return np.asarray(self.expected_of_the_living(weeks, x, T) * self.alive(x, t_x, T))

    def expected_of_the_living(self, weeks: float, x: Array, T: Array) -> Array:
        """The same for a customer who certainly has not left."""
        r, a, b, whole = self.r, self.a, self.b, self.alpha + T
        series = scipy.special.hyp2f1(r + x, b + x, a + b + x - 1, weeks / (whole + weeks))
        count: Array = (a + b + x - 1) / (a - 1) * (1 - (whole / (whole + weeks)) ** (r + x) * series)
        return count


@dataclass(frozen=True)
class SpendModel:
    """Gamma-gamma, for the mean amount of a purchase. Fader and Hardie, note 2013."""

    p: float
    q: float
    v: float
    log_likelihood: float = float("nan")

    def expected(self, x: Array, z: Array) -> Array:
        """Expected mean amount: the customer's own and everybody's, weighted by how much of the customer is known."""
        weight = self.p * x / (self.p * x + self.q - 1)
        return np.asarray((1 - weight) * self.p * self.v / (self.q - 1) + weight * np.nan_to_num(z))


def fit_buying(customers: Histories) -> BuyingModel | None:
    """None below 200 customers with a repeat purchase. Equal histories are counted once, with their number."""
    if customers.repeaters < FEWEST_REPEATERS:
        return None
    alike = pd.DataFrame({"x": customers.x, "t_x": customers.t_x, "T": customers.T}).groupby(["x", "t_x", "T"]).size()
    x, t_x, T = (alike.index.get_level_values(name).to_numpy() for name in ("x", "t_x", "T"))
    times, whole, counts = alike.to_numpy(), x.astype(int), np.arange(x.max() + 1)
    gammaln, digamma = scipy.special.gammaln, scipy.special.digamma
    again, often = x > 0, np.bincount(whole, alike.to_numpy(), len(counts))

    def log_likelihood(r: float, alpha: float, a: float, b: float) -> tuple[float, Array]:
        by_count = gammaln(r + counts) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + counts) - gammaln(b) - gammaln(a + b + counts)
        until_T, until_t = np.log(alpha + T), np.log(alpha + t_x)
        stay, leave = -(r + x) * until_T, np.where(again, np.log(a / (b + np.maximum(x, 1) - 1)) - (r + x) * until_t, -np.inf)
        either = np.logaddexp(stay, leave)
        left = np.exp(leave - either) * times
        here = times - left
        slope_r = (often * (digamma(r + counts) - digamma(r) + np.log(alpha))).sum() - (here * until_T + left * until_t).sum()
        slope_alpha = times.sum() * r / alpha - ((r + x) * (here / (alpha + T) + left / (alpha + t_x))).sum()
        both = digamma(a + b) - digamma(a + b + counts)
        slope_a = (often * both).sum() + left.sum() / a
        slope_b = (often * (both + digamma(b + counts) - digamma(b))).sum() - (left / (b + np.maximum(x, 1) - 1)).sum()
        return float((often * by_count).sum() + (times * either).sum()), np.array([slope_r, slope_alpha, slope_a, slope_b])

    return BuyingModel(*_maximise(log_likelihood, (1.0, float(np.median(T)) or 1.0, 1.0, 1.0)))


def fit_spending(customers: Histories) -> SpendModel | None:
    """On customers with repeat purchases of an amount above 0; none below 200 of them."""
    paid = (customers.x > 0) & (customers.z > 0)
    if paid.sum() < FEWEST_REPEATERS:
        return None
    x, z = customers.x[paid], customers.z[paid]
    gammaln, digamma = scipy.special.gammaln, scipy.special.digamma
    whole, counts, total = x.astype(int), np.arange(1, x.max() + 1), x * z
    often = np.bincount(whole, minlength=len(counts) + 1)[1:]

    def log_likelihood(p: float, q: float, v: float) -> tuple[float, Array]:
        sums, shape = np.log(total + v), p * x + q
        by_count = gammaln(p * counts + q) - gammaln(p * counts) - gammaln(q) + q * np.log(v)
        size = (often * by_count).sum() + (p * x * np.log(total) - np.log(z) - shape * sums).sum()
        slope_p = (often * counts * (digamma(p * counts + q) - digamma(p * counts))).sum() + (x * (np.log(total) - sums)).sum()
        slope_q = (often * (digamma(p * counts + q) - digamma(q) + np.log(v))).sum() - sums.sum()
        return float(size), np.array([slope_p, slope_q, len(x) * q / v - (shape / (total + v)).sum()])

    return SpendModel(*_maximise(log_likelihood, (2.0, 2.0, float(z.mean()))))


def unrelated(customers: Histories, most: float = 0.3) -> bool:
    """Whether number and size of the purchases are unrelated enough for the two models to be multiplied."""
    paid = (customers.x > 0) & (customers.z > 0)
    return bool(paid.sum() < 3 or abs(np.corrcoef(customers.x[paid], customers.z[paid])[0, 1]) <= most)


def present_value(buying: BuyingModel, spending: SpendModel, customers: Histories, months: int = 12, margin: float = 1.0,
                  yearly_discount: float = 0.1) -> Array:
    """margin x sum over months of expected purchases x expected amount, discounted to today."""
    ends = [month * 365.25 / 12 / 7 for month in range(months + 1)]
    sums = [np.zeros_like(customers.T), *(buying.expected(week, customers.x, customers.t_x, customers.T) for week in ends[1:])]
    factor = [(1 + yearly_discount) ** (-month / 12) for month in range(1, months + 1)]
    bought = sum(weight * (later - earlier) for weight, earlier, later in zip(factor, sums, sums[1:], strict=False))
    return np.asarray(margin * bought * spending.expected(customers.x, customers.z))


def _maximise(log_likelihood: Callable[..., tuple[float, Array]], start: tuple[float, ...]) -> tuple[float, ...]:
    """The parameters, searched on their logarithms so that they stay positive, and the likelihood reached. The function gives value and slopes."""
    scale = abs(log_likelihood(*start)[0]) or 1.0

    def surprise(logs: Array) -> tuple[float, Array]:
        values = np.exp(np.clip(logs, -12, 12))
        found, slopes = log_likelihood(*values)
        return -found / scale, -slopes * values / scale

    best = scipy.optimize.minimize(surprise, np.log(start), method="L-BFGS-B", jac=True, options={"ftol": 1e-13, "gtol": 1e-9})
    return *(float(value) for value in np.exp(best.x)), float(-best.fun * scale)
