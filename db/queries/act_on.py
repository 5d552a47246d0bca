"""Customers to act on now: likely lost and valuable, or about to run out of contract; without a planned follow-up."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from sqlalchemy import ColumnElement, case, func, or_, select

from db.models import Customer, FollowUp, Order
from db.queries.contracts import MONTHLY, contracts, in_force
from db.queries.filters import EVERYBODY, Filters, frame, known
from db.queries.stages import Limits, buyer_columns, spenders
from db.session import CrmSession

ENDING_DAYS = 60
LIKELY_LOST = ("at_risk", "dormant")


def without_plan() -> ColumnElement[bool]:
    """Customers to whom no step is promised yet."""
    return Customer.id.not_in(select(FollowUp.customer_id).where(FollowUp.status == "planned", FollowUp.deleted_at.is_(None)))


def likely_lost(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, limit: int = 24) -> pd.DataFrame:
    """At risk or dormant, those who spent most first: customer_id, customer, date (last purchase), value (spent so far), manager_id."""
    customers = spenders(session, as_of, filters)
    stages = Limits.of(session).when(customers.c.last, as_of)
    silent = or_(*(stages[stage] for stage in LIKELY_LOST))
    statement = select(*buyer_columns(customers)).join(customers, customers.c.customer_id == Customer.id).where(silent, without_plan())
    return frame(session, statement.order_by(customers.c.spent.desc(), Customer.id).limit(limit))


def contracts_ending(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, days: int = ENDING_DAYS, limit: int = 24) -> pd.DataFrame:
    """Customers whose last contract, signed renewals included, ends within `days`; the largest monthly amount first.

    customer_id, customer, date (its end), value (a month), manager_id.
    """
    worth = func.sum(case((in_force(as_of), MONTHLY), else_=0)).label("worth")
    last = func.max(Order.runs_until).label("last")
    counted = (*contracts(session, filters), known(Order.customer_id, as_of))
    customers = select(Order.customer_id, last, worth).where(*counted).group_by(Order.customer_id).having(func.min(Order.runs_from) <= as_of).subquery()
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), customers.c.last.label("date"), (customers.c.worth / 100.0).label("value"),
               Customer.owner_id.label("manager_id"))
    soon = (customers.c.last >= as_of, customers.c.last <= as_of + timedelta(days=days), without_plan())
    statement = select(*columns).join(customers, customers.c.customer_id == Customer.id).where(*soon)
    return frame(session, statement.order_by(customers.c.worth.desc(), customers.c.last, Customer.id).limit(limit))
