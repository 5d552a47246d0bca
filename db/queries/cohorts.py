"""Cohort matrices: who came when, and how many are still here month after month."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import func, select

from db.dialect import month_of
from db.models import Order
from db.queries.contracts import lifetimes
from db.queries.filters import EVERYBODY, Filters, ask, frame
from db.queries.periods import ONE_DAY, Period, calendar_period, cut, months_apart
from db.queries.purchases import purchases
from db.session import CrmSession

COLUMNS = ["cohort", "months_after", "size", "active", "share"]


def purchase_cohorts(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, cohorts: int | None = 24) -> pd.DataFrame:
    """Row: month of the first purchase; cell: customers who bought in the month that many months after: cohort, months_after, size, active, share.

    Months that have not ended by the as-of date are left out, months without a purchase are 0. cohorts: only the latest ones.
    """
    month = month_of(Order.ordered_on)
    bought = select(Order.customer_id, month.label("month")).where(*purchases(session, filters, as_of)).group_by(Order.customer_id, month).subquery()
    first = func.min(bought.c.month).over(partition_by=bought.c.customer_id)
    each = select(first.label("first"), bought.c.month).subquery()
    table = frame(session, select(each.c.first, each.c.month, func.count().label("active")).group_by(each.c.first, each.c.month))
    active = {(_first_day(first), _first_day(month)): int(n) for first, month, n in table.itertuples(index=False)}
    return _matrix(as_of, cohorts, {first: active[first, first] for first, _ in active}, lambda first, period: active.get((first, period.start), 0))


def contract_cohorts(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, cohorts: int | None = 24) -> pd.DataFrame:
    """Row: month of the first contract's start; cell: customers still under contract at the end of the month that many months after; never rises."""
    spans = lifetimes(session, filters, as_of).subquery()
    months = (month_of(spans.c.first), month_of(spans.c.last))
    left: dict[date, dict[str, int]] = {}
    for first, last, n in ask(session, select(*months, func.count()).group_by(*months)):
        left.setdefault(_first_day(first), {})[last] = n
    sizes = {first: sum(ends.values()) for first, ends in left.items()}
    return _matrix(as_of, cohorts, sizes, lambda first, period: sum(n for last, n in left[first].items() if last > period.key))


def column_averages(matrix: pd.DataFrame) -> pd.Series:
    """The share of each column: active of all cohorts seen so far / their customers."""
    sums = matrix.groupby("months_after")[["active", "size"]].sum()
    return sums["active"] / sums["size"]


def _matrix(as_of: date, cohorts: int | None, sizes: dict[date, int], active: object) -> pd.DataFrame:
    rows = []
    for first in sorted(sizes)[-cohorts if cohorts else None :]:
        for period in cut(Period(first, as_of + ONE_DAY)):
            if period.last <= as_of:
                here = active(first, period)  # type: ignore[operator]
                rows.append((first, months_apart(first, period.start), sizes[first], here, here / sizes[first]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _first_day(month: str) -> date:
    return calendar_period(date.fromisoformat(f"{month}-01"), "month").start
