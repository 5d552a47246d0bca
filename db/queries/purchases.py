"""Customers without a contract: whether they buy again, and how long they keep silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, Integer, case, cast, distinct, extract, func, select, type_coerce
from sqlalchemy.orm import aliased

from db.dialect import days_between, month_of
from db.models import Customer, Order
from db.queries.basis import counted_by
from db.queries.figures import NOTHING, Figure, share
from db.queries.filters import EVERYBODY, AnySelect, Filters, about, about_customers, about_people, ask, frame, happened
from db.queries.periods import UNITS, Period, at_month_ends, calendar_period, latest, months_later
from db.queries.statistics import quantiles
from db.session import CrmSession

CENTS = type_coerce(Order.amount, BigInteger)
WINDOWS = (30, 90, 180, 365)
"""Days within which a first purchase may be followed by a second one."""


def purchases(session: CrmSession, filters: Filters, as_of: date) -> list[ColumnElement[bool]]:
    return [Order.kind == "purchase", Order.ordered_on <= as_of, happened(Order), *about(Order, filters),
            *counted_by(session, "purchase", Order.customer_id)]


def buyers(session: CrmSession, filters: Filters, as_of: date, *extra: Any) -> AnySelect:
    """One row a customer: first and last purchase day. Two receipts on one day are one purchase."""
    columns = (Order.customer_id.label("customer_id"), func.min(Order.ordered_on).label("first"), func.max(Order.ordered_on).label("last"))
    return select(*columns, *extra).where(*purchases(session, filters, as_of)).group_by(Order.customer_id)


def repeat_rate(session: CrmSession, as_of: date, _period: Period | None = None, filters: Filters = EVERYBODY) -> Figure:
    """Customers with purchases on two days or more / customers with a purchase. Farris et al., ch. 5."""
    each = _with_second(session, as_of, filters).subquery()
    again, total = ask(session, select(func.count(each.c.second), func.count()).select_from(each)).one()
    return share(int(again), int(total))


def repeat_rates(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """The repeat purchase rate as it was at the end of each period, from the months of first and second purchase."""
    days = [period.last for period in periods]
    if not at_month_ends(days, as_of):
        return [repeat_rate(session, day, None, filters) for day in days]
    each = _with_second(session, as_of, filters).subquery()
    months = (month_of(each.c.first), month_of(each.c.second))
    rows = ask(session, select(*months, func.count()).group_by(*months)).all()
    return [_repeated_by(rows, f"{day:%Y-%m}") for day in days]


def _repeated_by(rows: Sequence[Any], month: str) -> Figure:
    again = sum(n for _, second, n in rows if second and second <= month)
    return share(again, sum(n for first, _, n in rows if first <= month))


def repeat_within(session: CrmSession, as_of: date, days: int, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """By month of the first purchase: customers, repeated (second purchase day at most `days` after the first), rate.

    Only customers whose first purchase is old enough to tell.
    """
    table = repeat_by_entry(session, as_of, filters, (days,))
    return table[table["customers"] > 0].drop(columns="days").reset_index(drop=True)


def repeat_by_entry(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, windows: Sequence[int] = WINDOWS,
                    months: int | None = None) -> pd.DataFrame:
    """`repeat_within` for several windows in one question: month ('YYYY-MM'), days, customers (old enough to tell), repeated, rate.

    months: only the latest ones, each of which is there, with 0 customers if need be.
    """
    by_day = _seconds_by_day(session, as_of, filters, windows)
    names = sorted(set(by_day["month"])) if months is None else [period.key for period in latest(as_of, months)]
    rows = []
    for days in windows:
        seen = by_day[by_day["day"] <= as_of - timedelta(days=days)].groupby("month")[["customers", f"within_{days}"]].sum()
        for name, found in seen.reindex(names, fill_value=0).iterrows():
            customers, repeated = int(found["customers"]), int(found[f"within_{days}"])
            rows.append((name, days, customers, repeated, repeated / customers if customers else None))
    return pd.DataFrame(rows, columns=["month", "days", "customers", "repeated", "rate"])


def _seconds_by_day(session: CrmSession, as_of: date, filters: Filters, windows: Sequence[int]) -> pd.DataFrame:
    """By day of the first purchase: month, customers, and for each window how many bought again within it."""
    each = _with_second(session, as_of, filters).subquery()
    gap = days_between(each.c.first, each.c.second)
    within = [func.sum(case((gap <= days, 1), else_=0)).label(f"within_{days}") for days in windows]
    table = frame(session, select(each.c.first.label("day"), func.count().label("customers"), *within).group_by(each.c.first))
    return table.assign(month=[f"{day:%Y-%m}" for day in table["day"]]).astype({"customers": int, **{column.name: int for column in within}})


def _with_second(session: CrmSession, as_of: date, filters: Filters) -> AnySelect:
    """One row a buyer: first and second purchase day. They stand with the customer; of a channel or product they are looked up."""
    if filters.channel is None and filters.product_id is None:
        narrowed = (*about_customers(filters), *about_people(Customer.owner_id, filters), *counted_by(session, "purchase", Customer.id))
        second = case((Customer.second_purchase_on <= as_of, Customer.second_purchase_on))
        return select(Customer.first_purchase_on.label("first"), second.label("second")).where(Customer.first_purchase_on <= as_of, *narrowed)
    customers, further = buyers(session, filters, as_of).subquery(), aliased(Order)
    later = (further.kind == "purchase", further.customer_id == customers.c.customer_id, further.ordered_on > customers.c.first)
    second_day = select(func.min(further.ordered_on)).where(*later, happened(further), further.ordered_on <= as_of, *about(further, filters)).scalar_subquery()
    return select(customers.c.first, second_day.label("second"))


def repeat_within_90(session: CrmSession, as_of: date, _period: Period | None = None, filters: Filters = EVERYBODY) -> Figure:
    """Of the customers who bought first 90 to 455 days ago, a year of them, those who bought again within 90 days."""
    by_day = _seconds_by_day(session, as_of, filters, (90,))
    newest, oldest = as_of - timedelta(days=90), as_of - timedelta(days=455)
    seen = by_day[(by_day["day"] <= newest) & (by_day["day"] > oldest)]
    return share(int(seen["within_90"].sum()), int(seen["customers"].sum()))


def gaps(session: CrmSession, as_of: date, filters: Filters = EVERYBODY) -> list[float] | None:
    """Median, 75 % and 90 % quantile of the days between two purchases of a customer."""
    days = select(Order.customer_id, Order.ordered_on.label("day")).where(*purchases(session, filters, as_of)).distinct().subquery()
    before = func.lag(days.c.day).over(partition_by=days.c.customer_id, order_by=days.c.day)
    pairs = select(days_between(before, days.c.day).label("gap")).subquery()
    table = frame(session, select(pairs.c.gap, func.count().label("n")).where(pairs.c.gap.is_not(None)).group_by(pairs.c.gap))
    return quantiles(list(table["gap"]), (0.5, 0.75, 0.9), list(table["n"]))


def activity(session: CrmSession, as_of: date, unit: str = "quarter", count: int = 8, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """Customers who bought in a period, and of these in the next: start_on, active, retained, rate, low, high. The next one must have ended."""
    first_month, size = int(session.organisation.year_start), UNITS[unit]
    bucket = _bucket(first_month, size)
    since = latest(as_of, count, unit, first_month)[0].start
    bought = select(Order.customer_id, bucket.label("bucket")).where(*purchases(session, filters, as_of), Order.ordered_on >= since).distinct().subquery()
    following = func.lead(bought.c.bucket).over(partition_by=bought.c.customer_id, order_by=bought.c.bucket)
    pairs = select(bought.c.bucket, case((following == bought.c.bucket + 1, 1), else_=0).label("again")).subquery()
    statement = select(pairs.c.bucket, func.count().label("active"), func.sum(pairs.c.again).label("retained")).group_by(pairs.c.bucket)
    found = {row.bucket: (int(row.active), int(row.retained)) for row in ask(session, statement)}
    rows = []
    for period in latest(as_of, count, unit, first_month):
        active, again = found.get((period.start.year * 12 + period.start.month - first_month) // size, (0, 0))
        ended = calendar_period(period.end, unit, first_month).last <= as_of
        rate = share(again, active) if ended else NOTHING
        rows.append({"start_on": period.start, "active": active, "retained": again if ended else None, "rate": rate.value, "low": rate.low, "high": rate.high})
    return pd.DataFrame(rows)


def activity_rate(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY, months: int = 3) -> Figure:
    """Bought in the three months before and again in the three months up to the end of the period / bought in the three months before."""
    end = period.until(as_of).end
    middle, start = months_later(end, -months), months_later(end, -2 * months)
    flags = [func.max(case((test, 1), else_=0)) for test in (Order.ordered_on < middle, Order.ordered_on >= middle)]
    bought = select(*(flag.label(name) for flag, name in zip(flags, ("before", "after"), strict=True)))
    each = bought.where(*purchases(session, filters, as_of), Order.ordered_on >= start, Order.ordered_on < end).group_by(Order.customer_id).subquery()
    both, before = ask(session, select(func.sum(each.c.before * each.c.after), func.sum(each.c.before)).select_from(each)).one()
    return share(int(both or 0), int(before or 0))


def _bucket(first_month: int, size: int) -> ColumnElement[int]:
    names = cast(extract("year", Order.ordered_on), Integer) * 12 + cast(extract("month", Order.ordered_on), Integer)
    return (names - first_month) // size


def behind_repeat_rate(session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The buyers, the latest first purchase first; value: purchase days."""
    customers = buyers(session, filters, as_of, func.count(distinct(Order.ordered_on)).label("days")).subquery()
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), customers.c.first.label("date"), customers.c.days.label("value"),
               Customer.owner_id.label("manager_id"), (customers.c.days > 1).label("counted"))
    return select(*columns).join(customers, customers.c.customer_id == Customer.id).order_by(customers.c.first.desc(), Customer.id)
