"""Which backups stay: so many daily, weekly and monthly ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

A_DAY = timedelta(days=1)
PERIODS: tuple[Callable[[datetime], object], ...] = (lambda at: at.date(), lambda at: at.isocalendar()[:2], lambda at: (at.year, at.month))


class Keep(NamedTuple):
    daily: int = 7
    weekly: int = 4
    monthly: int = 12


def kept(moments: Iterable[datetime], keep: Keep = Keep()) -> set[datetime]:  # noqa: B008  it cannot be altered
    """All of the last 24 hours, then the newest of each of the last days, weeks and months that have one."""
    newest_first = sorted(moments, reverse=True)
    stay = {moment for moment in newest_first if newest_first[0] - moment < A_DAY}
    for number, period in zip(keep, PERIODS, strict=True):
        newest_of_period: dict[object, datetime] = {}
        for moment in newest_first:
            newest_of_period.setdefault(period(moment), moment)
        stay.update(list(newest_of_period.values())[:number])
    return stay
