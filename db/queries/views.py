"""Saved views that an actor may use."""

from __future__ import annotations

from sqlalchemy import select

from db.models import SavedView
from db.session import CrmSession


def views_of(session: CrmSession, noun: str) -> list[SavedView]:
    return list(session.scalars(select(SavedView).where(SavedView.noun == noun).order_by(SavedView.shared, SavedView.name).limit(20)))
