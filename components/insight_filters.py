"""One filter for a whole page of figures: period, what it is compared with, team, person, tier. Kept in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from components import chart_image, formats
from components.switches import compact_list, switch
from db import clock
from db.engine import reading
from db.fields import field_of
from db.language import t
from db.models import Customer, User
from db.models.customer import TIERS
from db.policy import Actor
from db.queries.dashboard import PLAN
from db.queries.filters import Filters
from db.queries.links import link_choices
from db.queries.periods import Period, calendar_period, latest, month, previous, same_last_year

COUNTS = {"month": 24, "quarter": 12, "year": 6}
"""How many periods of each length can be looked at."""


@dataclass(frozen=True)
class Lens:
    """What a page of figures looks at."""

    today: date
    period: Period
    before: Period | None
    before_word: str
    filters: Filters
    unit: str
    compare: str

    @property
    def as_of(self) -> date:
        """The day that figures of stock are counted on: today, or the end of a finished period."""
        return min(self.today, self.period.last)

    @property
    def present(self) -> Lens:
        """The running month with the same filters: for lists to act on, whatever period is looked at."""
        return replace(self, period=month(self.today), unit="month")

    @property
    def history(self) -> list[Period]:
        return latest(self.as_of, 12)

    @property
    def caption(self) -> str:
        running = f" · {t('to date')}" if self.period.is_running(self.as_of) else ""
        return f"{formats.date_long(self.period.start)} – {formats.date_long(self.as_of)}{running}"


def lens(actor: Actor, comparing: bool = True) -> Lens:
    """Draw the filter and say what it is set to; where nothing else can be compared with, it is last year."""
    with reading(actor) as session:
        today, first_month = clock.today(), int(session.organisation.year_start)
        teams = link_choices(session, field_of(User, "team_id"))
        people = link_choices(session, field_of(Customer, "owner_id"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="insight_filters"):
        unit = switch(t("Period"), {"month": t("Month"), "quarter": t("Quarter"), "year": t("Year")}, "unit", in_address=True)
        period = _period(unit, today, first_month)
        others = {"previous": t("vs previous"), "year": t("vs last year"), "plan": t("vs plan"), "none": t("no comparison")}
        versus = compact_list(t("Compare with"), others, "versus") if comparing else "year"
        filters = _filters(actor, teams, people)
    before, word, compare = _compared(versus, period, today)
    found = Lens(today, period, before, word, filters, unit, compare)
    chart_image.seen(found.caption)
    return found


def _compared(versus: str | None, period: Period, today: date) -> tuple[Period | None, str, str]:
    """The period that figures are set against, its word on a card, and how it is asked for."""
    if versus == "year":
        return same_last_year(period, today), t("last yr"), "last_year"
    if versus == "plan":
        return period, t("plan"), PLAN
    return previous(period, today) if versus == "previous" else None, t("prev."), "previous"


def _period(unit: str, today: date, first_month: int) -> Period:
    periods = {period.start.isoformat(): period for period in reversed(latest(today, COUNTS[unit], unit, first_month))}
    chosen = compact_list(t("Which"), {start: _name(unit, period) for start, period in periods.items()}, f"which_{unit}")
    return periods.get(chosen or "") or calendar_period(today, unit, first_month)


def _name(unit: str, period: Period) -> str:
    if unit == "month":
        return formats.month(period.start)
    if unit == "quarter":
        return t("Q{quarter} {year}", quarter=(period.start.month - 1) // 3 + 1, year=period.start.year)
    return formats.year(period.start)


def _filters(actor: Actor, teams: dict[int, str], people: dict[int, str]) -> Filters:
    team = owner = None
    if actor.role in {"admin", "viewer"} and len(teams) > 1:
        team = compact_list(t("Team"), teams, "team", t("All teams"))
    if actor.role != "rep" and people:
        owner = compact_list(t("Account manager"), people, "owner", t("Everybody"), 160)
    tier = compact_list(t("Tier"), {tier: tier for tier in TIERS}, "tier", t("All tiers"), 120)
    return Filters(team_id=team, owner_id=owner, tier=tier)
