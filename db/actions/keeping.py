"""What one does with personal data that is due: keep it for longer, or remove the contact data."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from db import clock, records
from db.actions.customers import chosen
from db.models import Customer
from db.queries.keeping import CONTACT_DATA
from db.session import CrmSession


def keep_longer(session: CrmSession, ids: Iterable[int]) -> int:
    """Looked at and still needed: due again after the organisation's retention. Returns how many."""
    until = (pd.Timestamp(clock.today()) + pd.DateOffset(months=session.organisation.retention_months)).date()
    return len([records.update(session, "customer", customer.id, {"keep_until": until}) for customer in _each(session, ids)])


def remove_contact_data(session: CrmSession, ids: Iterable[int]) -> int:
    """Whoever withdrew consent is not to be written to or called any more. Returns how many."""
    return len([records.update(session, "customer", customer.id, dict.fromkeys(CONTACT_DATA)) for customer in _each(session, ids)])


def _each(session: CrmSession, ids: Iterable[int]) -> list[Customer]:
    return list(chosen(session, dict.fromkeys(ids)))
