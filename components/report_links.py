"""The addresses of reports on paper; the screen writes them, the printed page reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from components.addresses import number_in
from db import clock
from db.queries.filters import Filters
from db.queries.periods import Period
from db.queries.turnover import View

LONGEST = timedelta(days=366 * 2)


def daily_address(day: date, owner_id: int | None) -> str:
    return f"/print/daily?{urlencode({'day': day.isoformat(), **({'owner': owner_id} if owner_id else {})})}"


def report_address(key: str, period: Period, filters: Filters) -> str:
    narrowed = {"team": filters.team_id, "owner": filters.owner_id, "tier": filters.tier}
    asked = {"from": period.start.isoformat(), "to": period.last.isoformat(), **{name: value for name, value in narrowed.items() if value}}
    return f"/print/{key}?{urlencode(asked)}"


def day_of(asked: Mapping[str, str]) -> tuple[date, int | None]:
    """The day and the person that an address names; today and everybody where it names none."""
    return min(_date(asked.get("day")) or clock.today(), clock.today()), number_in(asked.get("owner"))


def view_of(asked: Mapping[str, str]) -> View:
    """What a printed report looks at; this month where the address names no sound period."""
    today = clock.today()
    first, last = _date(asked.get("from")) or today.replace(day=1), _date(asked.get("to")) or today
    last = min(max(last, first), first + LONGEST)
    tier = asked.get("tier")
    filters = Filters(number_in(asked.get("team")), number_in(asked.get("owner")), tier[:10] if tier else None)
    return View(today, Period(first, last + timedelta(days=1)), filters)


def _date(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1900 < found.year < 2200 else None
