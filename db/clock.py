"""One clock: 'now' is UTC, 'today' is the day in the organisation's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_zone: ContextVar[str] = ContextVar("zone", default="UTC")
_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta())


def now() -> datetime:
    return datetime.now(UTC) + _shift.get()


def today() -> date:
    return local(now()).date()


def zone() -> ZoneInfo:
    return ZoneInfo(_zone.get())


def use_zone(name: str) -> None:
    _zone.set(name if name in available_zones() else "UTC")


@cache
def available_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def local(instant: datetime) -> datetime:
    """The instant on the organisation's wall clock."""
    return instant.astimezone(zone())


def at(day: date, clock_time: time = time()) -> datetime:
    """The UTC instant of a local day and time."""
    return datetime.combine(day, clock_time, zone()).astimezone(UTC)


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Let 'now' start from the given instant (class time travel, tests)."""
    token = _shift.set(instant - datetime.now(UTC))
    try:
        yield
    finally:
        _shift.reset(token)
