"""One filter for a whole page of figures: period, what it is compared with, team, person, tier. Kept in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from components import formats
from db import clock
from db.engine import reading
from db.fields import field_of
from db.language import t
from db.models import Customer, User
from db.policy import Actor
from db.queries.filters import Filters
from db.queries.links import link_choices
from db.queries.periods import Period, calendar_period, latest, previous, same_last_year

UNITS = ("month", "quarter", "year")


@dataclass(frozen=True)
class Lens:
    """What a page of figures looks at."""

    as_of: date
    period: Period
    before: Period | None
    before_word: str
    filters: Filters
    unit: str
    compare: str

    @property
    def history(self) -> list[Period]:
        return latest(min(self.as_of, self.period.last), 12)

    @property
    def caption(self) -> str:
        last = min(self.as_of, self.period.last)
        running = f" · {t('to date')}" if self.period.is_running(self.as_of) else ""
        return f"{formats.date_long(self.period.start)} – {formats.date_long(last)}{running}"


def lens(actor: Actor, with_person: bool = True) -> Lens:
    """Draw the filter and say what it is set to."""
    with reading(actor) as session:
        today, first_month = clock.today(), int(session.organisation.year_start)
        teams = link_choices(session, field_of(User, "team_id"))
        people = link_choices(session, field_of(Customer, "owner_id")) if with_person else {}
    with st.container(horizontal=True, vertical_alignment="bottom", key="insight_filters"):
        words = {"month": t("Month"), "quarter": t("Quarter"), "year": t("Year")}
        unit = (
            st.segmented_control(
                t("Period"),
                UNITS,
                default="month",
                format_func=lambda code: words[code],
                key="unit",
                label_visibility="collapsed",
                required=True,
                bind="query-params",
            )
            or "month"
        )
        period = _period(unit, today, first_month)
        comparison = {"previous": t("vs previous"), "year": t("vs last year"), "none": t("no comparison")}
        versus = st.selectbox(
            t("Compare with"),
            list(comparison),
            format_func=lambda code: comparison[code],
            key="versus",
            label_visibility="collapsed",
            bind="query-params",
            width=150,
        )
        filters = _filters(actor, teams, people)
    before = {"previous": previous, "year": same_last_year}[versus](period, today) if versus in {"previous", "year"} else None
    return Lens(
        today,
        period,
        before,
        t("prev.") if versus == "previous" else t("last yr") if before else "",
        filters,
        unit,
        "last_year" if versus == "year" else "previous",
    )


def _period(unit: str, today: date, first_month: int) -> Period:
    periods = list(reversed(latest(today, {"month": 24, "quarter": 12, "year": 6}[unit], unit, first_month)))
    names = {period.start.isoformat(): period for period in periods}
    chosen = st.selectbox(
        t("Which"),
        list(names),
        format_func=lambda start: _name(unit, names[start]),
        key=f"which_{unit}",
        label_visibility="collapsed",
        bind="query-params",
        width=150,
    )
    return names.get(chosen or "") or calendar_period(today, unit, first_month)


def _name(unit: str, period: Period) -> str:
    if unit == "month":
        return formats.month(period.start)
    if unit == "quarter":
        return t("Q{quarter} {year}", quarter=(period.start.month - 1) // 3 + 1, year=period.start.year)
    return formats.year(period.start)


def _filters(actor: Actor, teams: dict[int, str], people: dict[int, str]) -> Filters:
    team = owner = None
    if actor.role in {"admin", "viewer"} and len(teams) > 1:
        team = st.selectbox(
            t("Team"),
            list(teams),
            index=None,
            format_func=lambda id_: teams[id_],
            key="team",
            placeholder=t("All teams"),
            label_visibility="collapsed",
            bind="query-params",
            width=150,
        )
    if actor.role != "rep" and people:
        owner = st.selectbox(
            t("Account manager"),
            list(people),
            index=None,
            format_func=lambda id_: people[id_],
            key="owner",
            placeholder=t("Everybody"),
            label_visibility="collapsed",
            bind="query-params",
            width=160,
        )
    tier = st.selectbox(
        t("Tier"), ["A", "B", "C"], index=None, key="tier", placeholder=t("All tiers"), label_visibility="collapsed", bind="query-params", width=120
    )
    return Filters(team_id=team, owner_id=owner, tier=tier)
