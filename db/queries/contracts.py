"""Contracts seen at the turn of days: who was a customer there, and what a month of their contracts was worth."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Subquery, and_, case, func, or_, select, type_coerce

from db import clock
from db.models import Customer, Order
from db.queries.basis import counted_by
from db.queries.filters import AnySelect, Filters, about, ask, happened
from db.queries.periods import Period
from db.session import CrmSession

MONTHLY = func.coalesce(type_coerce(Order.monthly_amount, BigInteger), 0)


def contracts(session: CrmSession, filters: Filters) -> list[ColumnElement[bool]]:
    """The contracts of the customers whose retention is counted by them."""
    return [*every_contract(filters), *counted_by(session, "contract", Order.customer_id)]


def every_contract(filters: Filters) -> list[ColumnElement[bool]]:
    return [Order.kind == "contract", happened(Order), *about(Order, filters)]


def in_force(day: date) -> ColumnElement[bool]:
    """Contracts in force as the day begins; one that starts on it counts, so that a renewal leaves no gap."""
    return and_(Order.runs_from <= day, Order.runs_until >= day)


def ended_in(period: Period) -> ColumnElement[bool]:
    """Contracts whose last day lies in the period."""
    return and_(Order.runs_until >= period.start, Order.runs_until < period.end)


def membership(session: CrmSession, filters: Filters, days: list[date]) -> Subquery:
    """One row a customer: for each day whether they already were one as it began (at_0, at_1 ...) and the monthly amount then (worth_0 ...)."""
    columns: list[Any] = [Order.customer_id.label("customer_id")]
    for number, day in enumerate(days):
        was_one = and_(func.min(Order.runs_from) < day, func.max(case((in_force(day), 1), else_=0)) == 1)
        columns.append(case((was_one, 1), else_=0).label(f"at_{number}"))
        columns.append(func.sum(case((in_force(day), MONTHLY), else_=0)).label(f"worth_{number}"))
    return select(*columns).where(*contracts(session, filters)).group_by(Order.customer_id).subquery()


def deletions() -> Subquery:
    """When customers were deleted."""
    return select(Customer.id.label("id"), Customer.deleted_at.label("deleted_at")).where(Customer.deleted_at.is_not(None)).subquery()


def not_deleted_before(deleted: Subquery, day: date) -> ColumnElement[bool]:
    return or_(deleted.c.deleted_at.is_(None), deleted.c.deleted_at >= clock.at(day))


def lifetimes(session: CrmSession, filters: Filters, as_of: date, *extra: Any) -> AnySelect:
    """One row a customer who ever had a contract: first day, last day of the last contract (date.max while one runs on)."""
    last = func.max(Order.runs_until)
    columns = (Order.customer_id.label("customer_id"), func.min(Order.runs_from).label("first"), last.label("last"), *extra)
    return select(*columns).where(*contracts(session, filters), Order.runs_from <= as_of).group_by(Order.customer_id)


def any_contract(session: CrmSession) -> bool:
    """Whether any contract is kept at all: what the retention page opens with."""
    return ask(session, select(Order.id).where(Order.kind == "contract").limit(1)).first() is not None
