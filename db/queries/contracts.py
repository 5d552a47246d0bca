"""Contracts seen at the turn of days: who was a customer there, and what a month of their contracts was worth."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Subquery, and_, case, func, or_, select, type_coerce

from db import clock
from db.models import Customer, Order
from db.queries.basis import counted_by
from db.queries.filters import AnySelect, Filters, about, ask, happened
from db.session import CrmSession

START = func.coalesce(Order.starts_on, Order.ordered_on)
LAST_DAY = func.coalesce(Order.ended_on, Order.ends_on)
"""The day it was ended, else the end of its term; a contract with neither runs on."""
MONTHLY = func.coalesce(type_coerce(Order.monthly_amount, BigInteger), 0)


def contracts(session: CrmSession, filters: Filters) -> list[ColumnElement[bool]]:
    """The contracts of the customers whose retention is counted by them."""
    return [*every_contract(filters), *counted_by(session, "contract", Order.customer_id)]


def every_contract(filters: Filters) -> list[ColumnElement[bool]]:
    return [Order.kind == "contract", happened(Order), *about(Order, filters)]


def in_force(day: date) -> ColumnElement[bool]:
    """Contracts in force as the day begins; one that starts on it counts, so that a renewal leaves no gap."""
    return and_(day >= START, or_(LAST_DAY.is_(None), day <= LAST_DAY))


def membership(session: CrmSession, filters: Filters, days: list[date]) -> Subquery:
    """One row a customer: for each day whether they already were one as it began (at_0, at_1 ...) and the monthly amount then (worth_0 ...)."""
    columns: list[Any] = [Order.customer_id.label("customer_id")]
    for number, day in enumerate(days):
        was_one = and_(func.min(START) < day, func.max(case((in_force(day), 1), else_=0)) == 1)
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
    last = func.max(func.coalesce(LAST_DAY, date.max))
    columns = (Order.customer_id.label("customer_id"), func.min(START).label("first"), last.label("last"), *extra)
    return select(*columns).where(*contracts(session, filters), as_of >= START).group_by(Order.customer_id)


def any_contract(session: CrmSession) -> bool:
    """Whether any contract is kept at all: what the retention page opens with."""
    return ask(session, select(Order.id).where(Order.kind == "contract").limit(1)).first() is not None
