"""A month of follow-ups: what is due and what was done, day by day."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import streamlit as st

from components import formats
from components.files_out import download
from components.today_list import draw_rows
from db import clock
from db.engine import reading
from db.language import t
from db.policy import Actor
from db.queries.today import due_between, per_day
from db.transfer.calendar_file import planned


def draw(actor: Actor) -> None:
    with reading(actor) as session:
        today = clock.today()
    first = st.session_state.setdefault("calendar_month", today.replace(day=1))
    _month_buttons(first, today)
    last = date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
    with reading(actor) as session:
        counts = per_day(session, first, last)
    day = _grid(first, last, today, counts)
    if day:
        with reading(actor) as session:
            items = due_between(session, day, day)
        st.markdown(f"**{formats.date_short(day)}**")
        if items:
            draw_rows(actor, items, with_owner=True)
        else:
            st.caption(t("Nothing is due on this day."))
    download(t("My plan as a calendar file"), planned, t("Follow-ups"), "ics", "my_plan")


def _month_buttons(first: date, today: date) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="calendar_head"):
        if st.button(t("Previous month"), icon=":material/chevron_left:", type="tertiary", key="month_back"):
            _show((first - timedelta(days=1)).replace(day=1))
        st.markdown(f"**{formats.month(first)}**")
        if st.button(t("Next month"), icon=":material/chevron_right:", type="tertiary", key="month_on"):
            _show((first + timedelta(days=32)).replace(day=1))
        if first != today.replace(day=1) and st.button(t("This month"), type="tertiary", key="month_now"):
            _show(today.replace(day=1))


def _show(first: date) -> None:
    st.session_state["calendar_month"] = first
    st.session_state.pop("calendar_day", None)
    st.rerun()


def _grid(first: date, last: date, today: date, counts: dict[date, tuple[int, int]]) -> date | None:
    """Seven columns of days; a click on a day chooses it."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    with st.container(key="calendar", gap="xsmall"):
        for week in weeks:
            columns = st.columns(7, gap="xsmall", wrap=False)
            for column, day in zip(columns, week, strict=True):
                with column:
                    _day(day, first <= day <= last, today, counts.get(day, (0, 0)))
    chosen: date | None = st.session_state.get("calendar_day")
    return chosen


def _day(day: date, inside: bool, today: date, count: tuple[int, int]) -> None:
    due, done = count
    label = f"{formats.weekday(day)} {day.day}" if inside else str(day.day)
    marks = (f" :{'orange' if day < today else 'blue'}-badge[{due}]" if due else "") + (f" :green[✓{done}]" if done else "")
    kind = "primary" if st.session_state.get("calendar_day") == day else "secondary" if day == today else "tertiary"
    if st.button(f"{label}{marks}", key=f"day_{day.isoformat()}", type=kind, disabled=not inside, width="stretch"):  # type: ignore[arg-type]
        st.session_state["calendar_day"] = day
        st.rerun()
