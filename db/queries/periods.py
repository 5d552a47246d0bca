"""Half-open periods of days, and the periods they are compared with."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
UNITS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, order=True)
class Period:
    """From `start` up to, and without, `end`."""

    start: date
    end: date

    @property
    def last(self) -> date:
        return self.end - ONE_DAY

    @property
    def key(self) -> str:
        """The month 'YYYY-MM' it begins in."""
        return f"{self.start:%Y-%m}"

    def is_running(self, as_of: date) -> bool:
        return self.start <= as_of < self.last

    def until(self, as_of: date) -> Period:
        """What of it has passed by the end of the as-of day."""
        return Period(self.start, max(self.start, min(self.end, as_of + ONE_DAY)))

    def whole_months(self) -> int | None:
        """How many calendar months it is, if it begins and ends with one."""
        if self.start.day != 1 or self.end.day != 1:
            return None
        return months_apart(self.start, self.end)


def months_apart(first: date, second: date) -> int:
    """How many month names lie between two dates."""
    return (second.year - first.year) * 12 + second.month - first.month


def months_later(day: date, months: int) -> date:
    """The same day some months later or earlier; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month(day: date) -> Period:
    return calendar_period(day, "month")


def week(day: date) -> Period:
    """The ISO week, Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=7))


def calendar_period(day: date, unit: str, first_month: int = 1) -> Period:
    """The month, quarter or year that holds the day; years begin with `first_month`."""
    size = UNITS[unit]
    start = months_later(day.replace(day=1), -((day.month - first_month) % size))
    return Period(start, months_later(start, size))


def latest(as_of: date, count: int, unit: str = "month", first_month: int = 1) -> list[Period]:
    """The last `count` months, quarters or years, the running one included, the oldest first."""
    current = calendar_period(as_of, unit, first_month)
    return [_moved(current, -back * UNITS[unit]) for back in range(count - 1, -1, -1)]


def last_months(as_of: date, months: int = 12) -> Period:
    """The `months` calendar months up to that of the as-of date."""
    found = latest(as_of, months)
    return Period(found[0].start, found[-1].end)


def cut(period: Period, unit: str = "month", first_month: int = 1) -> Iterator[Period]:
    """The months, quarters or years that a period touches, in order; none is skipped."""
    piece = calendar_period(period.start, unit, first_month)
    while piece.start < period.end:
        yield piece
        piece = _moved(piece, UNITS[unit])


def at_month_ends(days: list[date], as_of: date) -> bool:
    """Whether every day is the last of a month or the as-of date: then months alone tell what had happened by it."""
    return all(day == as_of or (day + ONE_DAY).day == 1 for day in days)


def previous(period: Period, as_of: date) -> Period:
    """The period of the same length before; of a running period only the same days."""
    months = period.whole_months()
    if months is None:
        days = period.end - period.start
        return Period(period.start - days, period.until(as_of).end - days)
    return _same_days(period, as_of, -months)


def same_last_year(period: Period, as_of: date) -> Period:
    return _same_days(period, as_of, -12)


def _same_days(period: Period, as_of: date, months: int) -> Period:
    start = months_later(period.start, months)
    if not period.is_running(as_of):
        return Period(start, months_later(period.end, months))
    return Period(start, min(months_later(as_of, months) + ONE_DAY, months_later(period.end, months)))


def _moved(period: Period, months: int) -> Period:
    return Period(months_later(period.start, months), months_later(period.end, months))
