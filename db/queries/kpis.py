"""All KPIs by key, and how to ask for their figures and for the rows behind them."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import func, select

from db.models import User
from db.policy import require
from db.queries import retention_kpis, satisfaction_kpis, value_kpis, workload_kpis
from db.queries.figures import Figure
from db.queries.filters import EVERYBODY, AnySelect, Filters, ask, frame, lookup
from db.queries.kpi import Kpi
from db.queries.periods import Period, latest, month
from db.session import CrmSession

KPIS: dict[str, Kpi] = {kpi.key: kpi for theme in (satisfaction_kpis, retention_kpis, workload_kpis, value_kpis) for kpi in theme.DECLARED}
ROW_COLUMNS = ["customer_id", "customer", "date", "value", "manager_id", "manager", "note", "counted"]
PARTS = ("all", "numerator", "rest")


def measure(session: CrmSession, key: str, as_of: date, period: Period | None = None, filters: Filters = EVERYBODY) -> Figure:
    """The figure of a period, by default the month of the as-of date; what is later than the as-of date never counts."""
    kpi = readable(session, key)
    return kpi.ask(session, as_of, (period or month(as_of)).until(as_of), filters)


def measure_each(session: CrmSession, key: str, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """The figure of each period, as it was at its end or at the as-of date."""
    kpi = readable(session, key)
    passed = [period.until(as_of) for period in periods]
    if kpi.series:
        return kpi.series(session, as_of, passed, filters)
    return [kpi.ask(session, min(as_of, max(period.start, period.last)), period, filters) for period in passed]


def by_month(session: CrmSession, key: str, as_of: date, months: int = 12, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """The last months, the running one included: month, value, numerator, denominator, n, low, high, running."""
    periods = latest(as_of, months)
    figures = measure_each(session, key, as_of, periods, filters)
    return pd.DataFrame([{"month": period.start, **vars(figure), "running": period.is_running(as_of)} for period, figure in zip(periods, figures, strict=True)])


def readable(session: CrmSession, key: str) -> Kpi:
    """The declaration, for an actor who may read what it is worked out from. Raises Forbidden."""
    kpi = KPIS[key]
    for noun in kpi.nouns:
        require(session.actor, "read", noun)
    return kpi


def rows_behind(session: CrmSession, key: str, as_of: date, period: Period | None = None, filters: Filters = EVERYBODY, *, part: str = "all",
                limit: int = 50, offset: int = 0) -> pd.DataFrame:
    """A page of the rows that a figure rests on: customer_id, customer, date, value, manager_id, manager, note, counted.

    counted: in the numerator. part: all, numerator, rest (in the denominator alone). Empty for figures without rows.
    """
    statement = _rows(session, key, as_of, period, filters, part)
    if statement is None:
        return pd.DataFrame(columns=ROW_COLUMNS)
    table = frame(session, statement.limit(limit).offset(offset))
    people = sorted({int(number) for number in table["manager_id"].dropna()})
    names = lookup(session, select(User.id, User.name).where(User.id.in_(people))) if people else {}
    table["manager"] = [names.get(number) for number in table["manager_id"]]
    return table.reindex(columns=ROW_COLUMNS)


def count_rows(session: CrmSession, key: str, as_of: date, period: Period | None = None, filters: Filters = EVERYBODY, *, part: str = "all") -> int:
    statement = _rows(session, key, as_of, period, filters, part)
    if statement is None:
        return 0
    rows = statement.order_by(None).subquery()
    return int(ask(session, select(func.count(rows.c.customer_id))).scalar_one())


def _rows(session: CrmSession, key: str, as_of: date, period: Period | None, filters: Filters, part: str) -> AnySelect | None:
    kpi = readable(session, key)
    statement = kpi.rows(session, as_of, (period or month(as_of)).until(as_of), filters) if kpi.rows else None
    if statement is None or part == "all":
        return statement
    counted = statement.selected_columns["counted"]
    return statement.where(counted if part == "numerator" else ~counted)
