"""Who is away, and how many working days that takes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from db.models import Absence
from db.queries.filters import ask, lookup
from db.queries.periods import ONE_DAY, Period
from db.queries.working_days import working_days
from db.session import CrmSession


def away_on(session: CrmSession, day: date) -> dict[int, date]:
    """Who is away on the day, and the last day of that absence."""
    conditions = (Absence.starts_on <= day, Absence.ends_on >= day, Absence.deleted_at.is_(None))
    return lookup(session, select(Absence.user_id, func.max(Absence.ends_on)).where(*conditions).group_by(Absence.user_id))


def days_away(session: CrmSession, period: Period) -> dict[int, int]:
    """The working days of the period on which each person is away; absences of one person never overlap."""
    found: dict[int, int] = {}
    conditions = (Absence.starts_on < period.end, Absence.ends_on >= period.start, Absence.deleted_at.is_(None))
    for user_id, first, last in ask(session, select(Absence.user_id, Absence.starts_on, Absence.ends_on).where(*conditions)):
        part = Period(max(first, period.start), min(last + ONE_DAY, period.end))
        found[user_id] = found.get(user_id, 0) + working_days(session.organisation, part)
    return found
