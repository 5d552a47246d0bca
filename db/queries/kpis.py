"""The declaration of a KPI; cards, charts, explain panels, command line, exports and documentation read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from db.policy import require
from db.queries.figures import Figure
from db.queries.filters import EVERYBODY, AnySelect, Filters
from db.queries.periods import Period, latest, month
from db.session import CrmSession

Question = Callable[[CrmSession, date, Period, Filters], Figure]
Rows = Callable[[CrmSession, date, Period, Filters], AnySelect]
Series = Callable[[CrmSession, date, list[Period], Filters], list[Figure]]


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """unit: percent (value is a ratio), points, number, money, index (0-100), nps, days; better: 'up', 'down' or ''.

    ask: the figure of a period; rows: the select of the rows behind it; series: many periods at once, where that is cheaper;
    nouns: the tables it reads. Words are English sentences of the catalogue.
    """

    key: str
    label: str
    unit: str
    better: str
    question: str
    formula: str
    source: str
    nouns: tuple[str, ...]
    ask: Question
    rows: Rows | None = None
    series: Series | None = None
    pitfalls: str = ""
    target: float | None = None
    decimals: int = 1
    theme: str = ""


KPIS: dict[str, Kpi] = {}


def declare(*kpis: Kpi) -> None:
    KPIS.update({kpi.key: kpi for kpi in kpis})


def measure(session: CrmSession, key: str, as_of: date, period: Period | None = None, filters: Filters = EVERYBODY) -> Figure:
    """The figure of a period, by default the month of the as-of date; what is later than the as-of date never counts."""
    kpi = _readable(session, key)
    return kpi.ask(session, as_of, (period or month(as_of)).until(as_of), filters)


def measure_each(session: CrmSession, key: str, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """The figure of each period, as it was at its end or at the as-of date."""
    kpi = _readable(session, key)
    passed = [period.until(as_of) for period in periods]
    if kpi.series:
        return kpi.series(session, as_of, passed, filters)
    return [kpi.ask(session, min(as_of, max(period.start, period.last)), period, filters) for period in passed]


def by_month(session: CrmSession, key: str, as_of: date, months: int = 12, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """The last months, the running one included: month, value, numerator, denominator, n, low, high, running."""
    periods = latest(as_of, months)
    figures = measure_each(session, key, as_of, periods, filters)
    return pd.DataFrame([{"month": period.start, **vars(figure), "running": period.is_running(as_of)} for period, figure in zip(periods, figures, strict=True)])


def _readable(session: CrmSession, key: str) -> Kpi:
    kpi = KPIS[key]
    for noun in kpi.nouns:
        require(session.actor, "read", noun)
    return kpi
