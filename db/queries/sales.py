"""Orders and amounts: by month, manager, product, channel; new customers; targets reached."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, Subquery, and_, case, func, literal, select, true, type_coerce

from db.dialect import month_of
from db.models import Customer, Order, OrderLine, Product
from db.queries.figures import NOTHING, Figure, amount, quotient
from db.queries.filters import EVERYBODY, AnySelect, Filters, about, about_customers, about_people, ask, attribute_of, frame, happened, known, lookup
from db.queries.labels import labelled
from db.queries.periods import Period, cut, months_later
from db.queries.purchases import CENTS
from db.queries.workload import targets
from db.session import CrmSession

DISCOUNT = type_coerce(OrderLine.discount, BigInteger)
LINE_CENTS = (type_coerce(OrderLine.quantity, BigInteger) * type_coerce(OrderLine.price, BigInteger) * (10_000 - DISCOUNT) + 500_000) // 1_000_000
"""A line's amount, rounded to hundredths as on the invoice: quantity, price and discount are kept in hundredths."""


def ordered(as_of: date, period: Period, filters: Filters) -> list[ColumnElement[bool]]:
    passed = period.until(as_of)
    return [Order.ordered_on >= passed.start, Order.ordered_on < passed.end, happened(Order), *about(Order, filters)]


def sales(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """The amount of the period's orders; n: orders. No value without orders."""
    cents, orders = ask(session, select(func.sum(CENTS), func.count()).select_from(Order).where(*ordered(as_of, period, filters))).one()
    return amount(int(cents) / 100 if orders else None, int(orders))


def sales_each(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """Added up by day in one question."""
    whole = Period(min(period.start for period in periods), max(period.end for period in periods))
    columns = (Order.ordered_on, func.sum(CENTS), func.count())
    days = ask(session, select(*columns).where(*ordered(as_of, whole, filters)).group_by(Order.ordered_on)).all()
    within = [[(cents, n) for day, cents, n in days if period.start <= day < period.end] for period in periods]
    return [amount(sum(int(cents) for cents, _ in part) / 100 if part else None, sum(n for _, n in part)) for part in within]


def average_order(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    total = sales(session, as_of, period, filters)
    return quotient(total.value or 0.0, total.n)


def sales_by(session: CrmSession, as_of: date, period: Period, by: str, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """One row a group, the largest first, months in order and none skipped: group, label, orders, customers, amount, share.

    by: month, manager, channel, place, product, product_line, tier, region, industry, kind.
    """
    if by in {"product", "product_line"}:
        return _shared(labelled(session, frame(session, _by_product(as_of, period, filters, by)), by))
    if by == "month":
        return _shared(_all_months(frame(session, _by_month(as_of, period, filters)), period.until(as_of)))
    own = {"manager": Order.account_owner_id, "channel": Order.channel, "place": Order.place}
    group = own[by] if by in own else attribute_of(Order, by)
    columns = (func.count().label("orders"), func.count(Order.customer_id.distinct()).label("customers"), func.sum(CENTS).label("amount"))
    statement = select(group.label("group"), *columns).where(*ordered(as_of, period, filters)).group_by(group).order_by(func.sum(CENTS).desc())
    return _shared(labelled(session, frame(session, statement), by))


def _by_month(as_of: date, period: Period, filters: Filters) -> AnySelect:
    columns = (func.count().label("orders"), func.sum(CENTS).label("amount"))
    days = select(Order.ordered_on.label("day"), *columns).where(*ordered(as_of, period, filters)).group_by(Order.ordered_on).subquery()
    month = month_of(days.c.day)
    return select(month.label("group"), func.sum(days.c.orders).label("orders"), func.sum(days.c.amount).label("amount")).group_by(month)


def _by_product(as_of: date, period: Period, filters: Filters, by: str) -> AnySelect:
    group = OrderLine.product_id if by == "product" else Product.product_line_id
    columns = (func.count(OrderLine.order_id.distinct()).label("orders"), func.count(OrderLine.customer_id.distinct()).label("customers"),
               func.sum(LINE_CENTS).label("amount"))
    joined = select(group.label("group"), *columns).select_from(Order).join(OrderLine, OrderLine.order_id == Order.id)
    if by == "product_line":
        joined = joined.join(Product, Product.id == OrderLine.product_id)
    return joined.where(*ordered(as_of, period, filters), happened(OrderLine)).group_by(group).order_by(func.sum(LINE_CENTS).desc())


def _all_months(table: pd.DataFrame, passed: Period) -> pd.DataFrame:
    table = table.set_index("group").reindex([piece.key for piece in cut(passed)], fill_value=0).rename_axis("group").reset_index()
    table.insert(1, "label", table["group"])
    return table


def _shared(table: pd.DataFrame) -> pd.DataFrame:
    table["amount"] = table["amount"].astype(float) / 100
    total = table["amount"].sum()
    return table.assign(share=table["amount"] / total if total else None)


def new_customers(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Customers whose 'customer since' lies in the period."""
    n = int(ask(session, select(func.count(Customer.id)).where(*_new(as_of, period, filters))).scalar_one())
    return amount(n, n)


def new_customers_each(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """Counted by day in one question, then added up."""
    whole = Period(min(period.start for period in periods), max(period.end for period in periods))
    days = lookup(session, select(Customer.customer_since, func.count()).where(*_new(as_of, whole, filters)).group_by(Customer.customer_since))
    sums = [sum(n for day, n in days.items() if period.start <= day < period.end) for period in periods]
    return [amount(n, n) for n in sums]


def _new(as_of: date, period: Period, filters: Filters) -> list[ColumnElement[bool]]:
    passed = period.until(as_of)
    within = [Customer.customer_since >= passed.start, Customer.customer_since < passed.end]
    return [*within, known(Customer.id, passed.last), *about_customers(filters), *about_people(Customer.owner_id, filters)]


def sales_attainment(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """The amount of the managers with a sales target / their targets so far."""
    goals = targets(session, as_of, period, "sales")
    meant = [owner for owner in goals if filters.owner_id in (None, owner)]
    if not meant:
        return NOTHING
    cents = ask(session, select(func.sum(CENTS)).where(*ordered(as_of, period, filters), Order.account_owner_id.in_(meant))).scalar_one()
    return quotient(int(cents or 0) / 100, sum(goals[owner] for owner in meant), n=len(meant))


def purchase_revenue(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> tuple[Figure, Figure]:
    """Gross and net revenue retention of customers who bought a year before: turnover then and now; new customers are left out."""
    passed = period.until(as_of)
    before = Period(months_later(passed.start, -12), months_later(passed.end, -12))
    each = _then_and_now(before, passed, filters)
    least = func.sum(func.coalesce(_smaller(each.c.then, each.c.now), 0))
    kept, now, then, n = ask(session, select(least, func.sum(each.c.now), func.sum(each.c.then), func.count()).select_from(each).where(each.c.then > 0)).one()
    values = [int(value or 0) / 100 for value in (kept, now, then)]
    return quotient(values[0], values[2], n=int(n)), quotient(values[1], values[2], n=int(n))


def _then_and_now(before: Period, now: Period, filters: Filters) -> Subquery:
    parts = {"then": before, "now": now}
    amounts = [func.sum(case((and_(Order.ordered_on >= part.start, Order.ordered_on < part.end), CENTS), else_=0)).label(name) for name, part in parts.items()]
    within = (Order.ordered_on >= before.start, Order.ordered_on < now.end)
    return select(Order.customer_id, *amounts).where(*within, happened(Order), *about(Order, filters)).group_by(Order.customer_id).subquery()


def _smaller(first: Any, second: Any) -> Any:
    return case((second < first, second), else_=first)


def behind_sales(_session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The orders of the period, the newest first."""
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), Order.ordered_on.label("date"), (CENTS / 100.0).label("value"),
               Order.account_owner_id.label("manager_id"), Order.code.label("note"), true().label("counted"))
    joined = select(*columns).join(Customer, Customer.id == Order.customer_id).where(*ordered(as_of, period, filters))
    return joined.order_by(Order.ordered_on.desc(), Order.id.desc())


def behind_new_customers(_session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), Customer.customer_since.label("date"), literal(1).label("value"),
               Customer.owner_id.label("manager_id"), true().label("counted"))
    return select(*columns).where(*_new(as_of, period, filters)).order_by(Customer.customer_since.desc(), Customer.id)
