"""What sample is wanted, and when its present is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

from db import clock
from db.errors import Invalid

BUSY_MONTHS = (0.75, 0.6, 1.1, 1.05, 1.0, 0.95, 0.8, 0.85, 1.15, 1.05, 1.2, 1.3)
"""New Year and the spring festival are quiet, the end of the year is busy."""
BUSY_WEEKDAYS = (1.1, 1.15, 1.1, 1.05, 1.0, 0.25, 0.12)
BUSIEST = max(BUSY_MONTHS) * max(BUSY_WEEKDAYS)


@dataclass(frozen=True)
class Plan:
    """The same plan gives the same company; `now` is its present, cut to the hour."""

    customers: int
    years: int
    managers: int
    seed: int
    language: str
    now: datetime

    @cached_property
    def today(self) -> date:
        return clock.local(self.now).date()

    @cached_property
    def start(self) -> date:
        return self.today - timedelta(days=365 * self.years)

    @cached_property
    def days(self) -> int:
        return (self.today - self.start).days

    def chance(self, *names: object) -> Random:
        """A source of chance of its own for each part, so that one part does not move the others."""
        return Random("/".join(map(str, (self.seed, *names))))  # noqa: S311  plausible, not secret


def present(day: date | None = None) -> datetime:
    """The hour that a sample ends in: the running one, or the evening of a day in the past."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    if day is not None and day > clock.today():
        raise Invalid.because("This date lies in the future.", "date")
    return hour if day is None else min(hour, clock.at(day, time(19)))


def is_busy(chance: Random, day: date) -> bool:
    """Whether something that could happen on this day does, by season and weekday."""
    return chance.random() * BUSIEST < BUSY_MONTHS[day.month - 1] * BUSY_WEEKDAYS[day.weekday()]


def busy_day(chance: Random, first: date, days: int) -> date:
    """A day of the span, more likely a busy one."""
    while True:
        day = first + timedelta(days=int(days * chance.random()))
        if is_busy(chance, day) or days < 2:
            return day


def working_day(day: date) -> date:
    """The day itself, or one of the days after its weekend: not always the Monday."""
    return day + timedelta(days=2 + day.toordinal() // 7 % 4) if day.weekday() > 4 else day
