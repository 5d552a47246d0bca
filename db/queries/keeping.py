"""Whose personal data is due for a look: consent too old or withdrawn, a date that has passed, nobody heard for too long."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, func, or_, select

from db import clock
from db.models import Customer
from db.session import CrmSession

CONTACT_DATA = ("phone", "mobile", "email", "im", "address")
SHOWN = 200
REASONS = ("withdrawn", "passed", "consent", "silent")


def cutoff(session: CrmSession) -> date:
    """What lies before this day is older than the organisation keeps personal data."""
    before: date = (pd.Timestamp(clock.today()) - pd.DateOffset(months=session.organisation.retention_months)).date()
    return before


def conditions(session: CrmSession) -> dict[str, tuple[ColumnElement[bool], Any]]:
    """By reason: which customers it concerns, and the date that says since when."""
    today, before = clock.today(), cutoff(session)
    kept = or_(*(getattr(Customer, key).is_not(None) for key in CONTACT_DATA))
    person = (Customer.kind == "person") & Customer.erased_on.is_(None) & or_(Customer.keep_until.is_(None), Customer.keep_until < today)
    old = (Customer.consent_basis == "consent") & Customer.consent_withdrawn_on.is_(None) & (Customer.consent_on < before)
    never = Customer.last_contact_at.is_(None) & (Customer.created_at < clock.at(before))
    return {
        "withdrawn": (Customer.consent_withdrawn_on.is_not(None) & Customer.erased_on.is_(None) & kept, Customer.consent_withdrawn_on),
        "passed": ((Customer.keep_until < today) & Customer.erased_on.is_(None), Customer.keep_until),
        "consent": (person & old, Customer.consent_on),
        "silent": (person & or_(Customer.last_contact_at < clock.at(before), never), func.coalesce(Customer.last_contact_at, Customer.created_at)),
    }


def counts(session: CrmSession) -> dict[str, int]:
    """How many customers each reason concerns."""
    return {reason: session.scalar(select(func.count()).select_from(Customer).where(condition)) or 0 for reason, (condition, _) in conditions(session).items()}


def due(session: CrmSession, reason: str, limit: int = SHOWN) -> pd.DataFrame:
    """The customers whom a reason concerns, the longest due first: customer_id, customer, since (a date or an instant)."""
    condition, since = conditions(session)[reason]
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), since.label("since"))
    rows = session.execute(select(*columns).where(condition).order_by(since, Customer.id).limit(limit))
    return pd.DataFrame(rows.all(), columns=["customer_id", "customer", "since"])
