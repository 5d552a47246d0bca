"""How long customers stay: Kaplan-Meier curves, the log-rank test and the sBG projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from warnings import catch_warnings

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

FEWEST_AT_RISK = 10


@dataclass(frozen=True)
class Curve:
    """steps: time, at_risk, lost, survival, low, high; median: the first time at which half are lost, None while more are there; ages: of all, in order."""

    steps: pd.DataFrame
    median: float | None
    n: int
    lost: int
    ages: np.ndarray

    def at(self, time: float) -> float:
        """The share still there after that time."""
        passed = self.steps[self.steps["time"] <= time]
        return float(passed["survival"].iloc[-1]) if len(passed) else 1.0

    def at_risk(self, time: float) -> int:
        """How many were observed for so long, and were still customers just before."""
        return int(len(self.ages) - np.searchsorted(self.ages, time, side="left"))

    def drawn(self) -> pd.DataFrame:
        """The steps while enough customers are at risk for the curve to mean something."""
        return self.steps[self.steps["at_risk"] >= FEWEST_AT_RISK]


def kaplan_meier(times: ArrayLike, lost: ArrayLike, weights: ArrayLike | None = None) -> Curve:
    """Kaplan and Meier, JASA 53 (1958), by SciPy; band: log-log Greenwood 95 %. Those still there are at risk at their age."""
    often = np.asarray(1 if weights is None else weights, dtype=int)
    age, gone = np.repeat(np.asarray(times, dtype=float), often), np.repeat(np.asarray(lost, dtype=bool), often)
    if not gone.any():
        return Curve(pd.DataFrame(columns=["time", "at_risk", "lost", "survival", "low", "high"]), None, len(age), 0, np.sort(age))
    found = scipy.stats.ecdf(scipy.stats.CensoredData(uncensored=age[gone], right=age[~gone])).sf
    with np.errstate(divide="ignore", invalid="ignore"), catch_warnings(action="ignore", category=RuntimeWarning):  # no band where all or none are left
        band = found.confidence_interval(confidence_level=0.95, method="log-log")
    steps = pd.DataFrame({"time": found.quantiles, "survival": found.probabilities, "low": band.low.probabilities, "high": band.high.probabilities})
    ordered, events = np.sort(age), pd.Series(age[gone]).value_counts()
    steps.insert(1, "at_risk", len(age) - np.searchsorted(ordered, steps["time"], side="left"))
    steps.insert(2, "lost", steps["time"].map(events).fillna(0).astype(int))
    steps = steps[steps["lost"] > 0].reset_index(drop=True)
    half = steps.loc[steps["survival"] <= 0.5 + 1e-12, "time"]
    return Curve(steps, float(half.iloc[0]) if len(half) else None, len(age), int(gone.sum()), ordered)


def log_rank(groups: Sequence[tuple[ArrayLike, ArrayLike]]) -> tuple[float, float] | None:
    """Chi-square and p that all groups leave alike; none below two groups or without a loss.

    Mantel 1966; Peto and Peto 1972, for any number of groups (SciPy compares two).
    """
    ages = [np.asarray(times, dtype=float) for times, _ in groups]
    gone = [np.asarray(lost, dtype=bool) for _, lost in groups]
    moments = np.unique(np.concatenate([age[lost] for age, lost in zip(ages, gone, strict=True)])) if groups else np.array([])
    if len(groups) < 2 or not len(moments):
        return None
    at_risk = np.array([[(age >= moment).sum() for age in ages] for moment in moments], dtype=float)
    events = np.array([[((age == moment) & lost).sum() for age, lost in zip(ages, gone, strict=True)] for moment in moments], dtype=float)
    n, d = at_risk.sum(axis=1), events.sum(axis=1)
    shares = at_risk / n[:, None]
    surplus = (events - d[:, None] * shares).sum(axis=0)
    scale = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0)
    spread = np.einsum("t,ti,tij->ij", scale, shares, np.eye(len(groups))[None] - shares[:, None, :])
    chi2 = float(surplus[1:] @ np.linalg.pinv(spread[1:, 1:]) @ surplus[1:])
    return chi2, float(scipy.stats.chi2.sf(chi2, len(groups) - 1))


@dataclass(frozen=True)
class Projection:
    """The shifted beta-geometric: customers differ in their chance to leave at each renewal."""

    alpha: float
    beta: float

    def survival(self, year: float) -> float:
        return float(np.exp(scipy.special.betaln(self.alpha, self.beta + year) - scipy.special.betaln(self.alpha, self.beta)))

    def retention(self, year: int) -> float:
        """The share of those of the year before who stay in that year; rises with age."""
        return (self.beta + year - 1) / (self.alpha + self.beta + year - 1)


def project(lost: ArrayLike, still_there: ArrayLike) -> Projection | None:
    """Maximum likelihood fit. lost[t]: left in year t + 1; still_there[t]: observed for t whole years and not lost. None without a loss.

    Fader and Hardie, Journal of Interactive Marketing 21 (2007).
    """
    left, stayed = np.asarray(lost, dtype=float), np.asarray(still_there, dtype=float)
    if left.sum() == 0 or stayed.sum() == 0:
        return None
    years, ages = np.arange(1, len(left) + 1), np.arange(len(stayed))

    def surprise(logs: np.ndarray) -> float:
        a, b = np.exp(np.clip(logs, -20, 20))
        whole = scipy.special.betaln(a, b)
        return -float((left * (scipy.special.betaln(a + 1, b + years - 1) - whole)).sum() + (stayed * (scipy.special.betaln(a, b + ages) - whole)).sum())

    best = scipy.optimize.minimize(surprise, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000})
    return Projection(*(float(value) for value in np.exp(best.x)))
