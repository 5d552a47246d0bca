"""Working days of the organisation, and targets in proportion to them."""

from __future__ import annotations

from datetime import date

import numpy as np

from db.models import Organisation
from db.queries.periods import Period


def working_days(organisation: Organisation, period: Period) -> int:
    """Days of the period on which the organisation works, holidays taken off."""
    week = [str(day) in organisation.working_days for day in range(1, 8)]
    if not any(week) or period.end <= period.start:
        return 0
    return int(np.busday_count(period.start, period.end, weekmask=week, holidays=sorted(organisation.holiday_dates)))


def share_gone(organisation: Organisation, period: Period, as_of: date) -> float:
    """The part of the period's working days that has passed, today included; 1 when it is over or has none."""
    total = working_days(organisation, period)
    return working_days(organisation, period.until(as_of)) / total if total else 1.0


def hours_a_day(organisation: Organisation, weekly_hours: float) -> float:
    """Weekly hours spread over the days of the week on which the organisation works."""
    return weekly_hours / len(organisation.working_days) if organisation.working_days else 0.0
