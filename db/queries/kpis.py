"""All KPIs by key, and how to ask for their figures and for the rows behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import func, select

from db.models import Customer, Team, User
from db.policy import require
from db.queries import retention_kpis, satisfaction_kpis, value_kpis, workload_kpis
from db.queries.figures import Figure
from db.queries.filters import ATTRIBUTES, EVERYBODY, AnySelect, Filters, ask, frame, lookup
from db.queries.kpi import Kpi
from db.queries.periods import Period, latest, month
from db.queries.workload import managers
from db.session import CrmSession

KPIS: dict[str, Kpi] = {kpi.key: kpi for theme in (satisfaction_kpis, retention_kpis, workload_kpis, value_kpis) for kpi in theme.DECLARED}
ROW_COLUMNS = ["customer_id", "customer", "date", "value", "manager_id", "manager", "note", "counted"]
PARTS = ("all", "numerator", "rest")
GROUPS: dict[str, tuple[str, Any]] = {
    "manager": ("owner_id", Customer.owner_id), "team": ("team_id", User.team_id),
    **{key: (key, getattr(Customer, key)) for key in ATTRIBUTES},
}
"""What a figure can be asked for in turn: the filter, and the column of its values."""


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


def by_group(session: CrmSession, key: str, as_of: date, by: str, period: Period | None = None, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """The same question for each group in turn: group, label, value, numerator, denominator, n, left_out, low, high.

    by: manager, team, tier, region, industry, kind. Customers without the attribute belong to no group.
    """
    part, column = GROUPS[by]
    groups: dict[Any, Any] = {}
    if by == "manager":
        groups = dict(managers(session, filters))
    else:
        found = session.scalars(select(column).where(column.is_not(None)).distinct().order_by(column))
        names = lookup(session, select(Team.id, Team.name)) if by == "team" else {}
        groups = {group: names.get(group, group) for group in found}
    figures = [(group, label, measure(session, key, as_of, period, replace(filters, **{part: group}))) for group, label in groups.items()]
    return pd.DataFrame([{"group": group, "label": label, **vars(figure)} for group, label, figure in figures])


def _readable(session: CrmSession, key: str) -> Kpi:
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
    kpi = _readable(session, key)
    statement = kpi.rows(session, as_of, (period or month(as_of)).until(as_of), filters) if kpi.rows else None
    if statement is None or part == "all":
        return statement
    counted = statement.selected_columns["counted"]
    return statement.where(counted if part == "numerator" else ~counted)
