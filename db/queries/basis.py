"""Which customers retention by contracts, and retention by purchases, is about: a setting for each kind of customer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from db.models import Customer
from db.session import CrmSession

SETTINGS = {"company": "company_basis", "person": "person_basis"}
"""Kind of customer: the setting that says how its retention is counted."""


def kinds_counted(session: CrmSession, basis: str) -> list[str]:
    """The kinds of customers whose retention is counted by 'contract' or by 'purchase'."""
    return [kind for kind, setting in SETTINGS.items() if getattr(session.organisation, setting) in ("both", basis)]


def counted_by(session: CrmSession, basis: str, customer_id: Any) -> list[ColumnElement[bool]]:
    """The condition on rows of a customer; none where every kind counts."""
    kinds = kinds_counted(session, basis)
    return [] if len(kinds) == len(SETTINGS) else [customer_id.in_(select(Customer.id).where(Customer.kind.in_(kinds)))]
