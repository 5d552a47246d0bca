"""Silence: how long since the last contact, by tier, and which key accounts it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import case, func, select

from db import clock
from db.models import Customer
from db.queries.filters import EVERYBODY, Filters, about_customers, about_people
from db.session import CrmSession

SPANS = {"month": 30, "quarter": 91, "half": 182}


@dataclass(frozen=True)
class Quiet:
    id: int
    name: str
    days: int
    usual: int


def tiers_by_silence(session: CrmSession, as_of: date, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """Customers by tier and time since the last contact: tier, span (month, quarter, half, longer, never), n."""
    edges = [(Customer.last_contact_at >= clock.at(as_of - timedelta(days=days)), span) for span, days in SPANS.items()]
    span = case((Customer.last_contact_at.is_(None), "never"), *edges, else_="longer").label("span")
    counted = select(Customer.tier, span, func.count().label("n")).where(*_about(filters)).group_by(Customer.tier, span)
    return pd.DataFrame(session.execute(counted).all(), columns=["tier", "span", "n"])


def quiet_key_accounts(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, limit: int = 20) -> list[Quiet]:
    """Tier A customers whose cadence has passed, the longest silent first."""
    late = (
        select(Customer)
        .where(Customer.tier == "A", Customer.contact_due_on < as_of, *_about(filters))
        .order_by(Customer.contact_due_on, Customer.id)
        .limit(limit)
    )
    return [Quiet(row.id, row.name, _silent_days(row, as_of), row.cadence_days or session.organisation.cadence_a) for row in session.scalars(late)]


def _silent_days(customer: Customer, as_of: date) -> int:
    since = clock.local(customer.last_contact_at).date() if customer.last_contact_at else customer.customer_since or as_of
    return (as_of - since).days


def _about(filters: Filters) -> list:  # type: ignore[type-arg]
    return [*about_customers(filters), *about_people(Customer.owner_id, filters)]
