"""How often customers without a contract will buy, and for how much: BG/NBD and gamma-gamma, fitted by maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize
from scipy.special import gammaln, hyp2f1

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
        r, a, b, whole = self.r, self.a, self.b, self.alpha + T
        series = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (whole + weeks))
        count: Array = (a + b + x - 1) / (a - 1) * (1 - (whole / (whole + weeks)) ** (r + x) * series) * self.alive(x, t_x, T)
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
    """None below 200 customers with a repeat purchase."""
    if customers.repeaters < FEWEST_REPEATERS:
        return None
    rows, times = np.unique(np.column_stack([customers.x, customers.t_x, customers.T]), axis=0, return_counts=True)
    x, t_x, T = rows.T
    whole, counts = x.astype(int), np.arange(x.max() + 1)

    def log_likelihood(r: float, alpha: float, a: float, b: float) -> float:
        count = (gammaln(r + counts) - gammaln(r))[whole] + r * np.log(alpha)
        beta = (gammaln(a + b) + gammaln(b + counts) - gammaln(b) - gammaln(a + b + counts))[whole]
        stay = -(r + x) * np.log(alpha + T)
        leave = np.where(x > 0, np.log(a / (b + np.maximum(x, 1) - 1)) - (r + x) * np.log(alpha + t_x), -np.inf)
        return float((times * (count + beta + np.logaddexp(stay, leave))).sum())

    return BuyingModel(*_maximise(log_likelihood, (1.0, float(np.median(T)) or 1.0, 1.0, 1.0)))


def fit_spending(customers: Histories) -> SpendModel | None:
    """On customers with repeat purchases of an amount above 0; none below 200 of them."""
    paid = (customers.x > 0) & (customers.z > 0)
    if paid.sum() < FEWEST_REPEATERS:
        return None
    x, z = customers.x[paid], customers.z[paid]

    def log_likelihood(p: float, q: float, v: float) -> float:
        size = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        return float((size + (p * x - 1) * np.log(z) + p * x * np.log(x) - (p * x + q) * np.log(x * z + v)).sum())

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


def _maximise(log_likelihood: Callable[..., float], start: tuple[float, ...]) -> tuple[float, ...]:
    """The parameters, searched on their logarithms so that they stay positive, and the likelihood reached."""
    scale = abs(log_likelihood(*start)) or 1.0

    def surprise(logs: Array) -> float:
        return -log_likelihood(*np.exp(np.clip(logs, -12, 12))) / scale

    best = optimize.minimize(surprise, np.log(start), method="L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-9})
    return *(float(value) for value in np.exp(best.x)), float(-best.fun * scale)
