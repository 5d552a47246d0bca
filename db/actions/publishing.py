"""Closing a month: its figures are kept as they stood, and later edits no longer reach them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from db import clock, journal
from db.engine import reading, transaction
from db.errors import Unavailable
from db.models import Organisation, PublishedFigure
from db.policy import SYSTEM
from db.queries.filters import Filters
from db.queries.kpis import KPIS, measure
from db.queries.periods import Period, month
from db.queries.workload import managers
from db.session import CrmSession


def month_to_publish(session: CrmSession) -> str | None:
    """The month 'YYYY-MM' that ended last, if the product was in use by then."""
    ended = month(clock.today().replace(day=1) - timedelta(days=1))
    since = session.scalars(select(Organisation.created_at)).first()
    return ended.key if since is not None and clock.local(since).date() < ended.end else None


def period_named(key: str) -> Period:
    """The month 'YYYY-MM'. Raises Unavailable when it is none, or has not ended."""
    try:
        found = month(date.fromisoformat(f"{key}-01"))
    except ValueError as error:
        raise Unavailable("{key} is no month; write it like 2026-10.", key=key[:20]) from error
    if found.end > clock.today():
        raise Unavailable("{key} has not ended yet; only finished months are published.", key=key)
    return found


def publish(workspace: str, key: str) -> None:
    """Keep every KPI of a finished month, of everybody and of each active account manager. What was published stays as it is."""
    with reading(SYSTEM.inside(workspace)) as session:
        period = period_named(key)
        rows = [row for owner in (None, *managers(session)) for row in _figures(session, period, owner)]
    with transaction(SYSTEM.inside(workspace), "figures.publish") as session:
        kept = select(PublishedFigure.kpi, PublishedFigure.owner_id).where(PublishedFigure.month == period.start)
        there = {(kpi, owner) for kpi, owner in session.execute(kept)}
        session.add_all(PublishedFigure(**row, published_at=clock.now()) for row in rows if (row["kpi"], row["owner_id"]) not in there)
        journal.record_event(session, key)


def _figures(session: CrmSession, period: Period, owner: int | None) -> list[dict[str, Any]]:
    figures = {key: measure(session, key, period.last, period, Filters(owner_id=owner)) for key in KPIS}
    return [{"kpi": key, "month": period.start, "owner_id": owner, "figure": asdict(figure)} for key, figure in figures.items()]
