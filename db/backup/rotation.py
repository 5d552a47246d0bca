"""Which backups stay: 7 daily, 4 weekly, 12 monthly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

A_DAY = timedelta(days=1)
KEPT: tuple[tuple[int, Callable[[datetime], object]], ...] = (
    (7, lambda at: at.date()), (4, lambda at: at.isocalendar()[:2]), (12, lambda at: (at.year, at.month)),
)


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """All of the last 24 hours, then the newest of each of the last 7 days, 4 weeks and 12 months that have one."""
    newest_first = sorted(moments, reverse=True)
    stay = {moment for moment in newest_first if newest_first[0] - moment < A_DAY}
    for number, period in KEPT:
        newest_of_period: dict[object, datetime] = {}
        for moment in newest_first:
            newest_of_period.setdefault(period(moment), moment)
        stay.update(list(newest_of_period.values())[:number])
    return stay
