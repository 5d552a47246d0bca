"""The manager's part of Today: everybody's day and what was logged today."""

from __future__ import annotations

import streamlit as st

from components import filters, formats
from components.cache import ask
from components.icons import method_icon
from components.navigation import go, link
from db.language import t, tn
from db.policy import Actor
from db.queries.today import Day, day_of_everybody, logged_today, open_recoveries

SHOWN = 12


def draw_team(actor: Actor) -> None:
    days, logged = ask(actor, day_of_everybody), ask(actor, logged_today)
    if days:
        _everybody(days)
    if logged:
        st.markdown(f"**{t('Logged today')}** :gray[{len(logged)}]")
        with st.container(border=True, gap="xsmall"):
            for row in logged:
                with st.container(horizontal=True, key=f"row_logged_{row.id}", vertical_alignment="center"):
                    st.markdown(f"{method_icon(row.method)} **{formats.plain(row.subject)}** :gray[{formats.plain(row.owner or '')}]")
                    link("customer", row.customer, id=row.customer_id)


def draw_recoveries(actor: Actor) -> None:
    """Unhappy customers whom somebody is to win back, the longest due first; nothing where there are none."""
    waiting, recoveries = ask(actor, open_recoveries, limit=5)
    if not recoveries:
        return
    st.markdown(f"**{t('Unhappy customers to win back')}** :gray[{formats.number(waiting)}]")
    with st.container(border=True, gap="xsmall"):
        for item in recoveries:
            with st.container(horizontal=True, key=f"row_recovery_{item.id}", horizontal_alignment="distribute", vertical_alignment="center"):
                link("customer", item.customer, id=item.customer_id)
                st.caption(t("{who} · due {day}", who=item.owner or t("No owner"), day=formats.day_month(item.due_on)))


def _everybody(days: list[Day]) -> None:
    st.markdown(f"**{t('By person')}** :gray[{len(days)}]")
    unfolded = len(days) <= SHOWN or st.session_state.get("unfold_people")
    with st.container(border=True, gap="xsmall", key="people_today"):
        for day in days if unfolded else days[:SHOWN]:
            _row(day)
    rest = t("Show {count} more", count=formats.number(len(days) - SHOWN))
    if not unfolded and st.button(rest, key="unfold_people_button", type="tertiary", icon=":material/expand_more:"):
        st.session_state["unfold_people"] = True
        st.rerun()


def _row(day: Day) -> None:
    """A name that leads to the person's open follow-ups, and the three numbers of the day."""
    with st.container(horizontal=True, key=f"row_person_{day.id}", vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        if st.button(formats.plain(day.name), key=f"person_{day.id}", type="tertiary", help=t("To their open follow-ups")):
            _show_open(day.id)
        st.markdown(" ".join(_badges(day)), width="content")


def _badges(day: Day) -> list[str]:
    away = [formats.badge(t("away until {day}", day=formats.day_month(day.away)), "violet")] if day.away else []
    overdue = [formats.badge(tn("{n} overdue", "{n} overdue", day.overdue), "orange")] if day.overdue else []
    due = formats.badge(tn("{n} due today", "{n} due today", day.due), "blue" if day.due else "gray")
    done = formats.badge(tn("{n} done", "{n} done", day.done), "green" if day.done else "gray")
    return [*away, *overdue, due, done]


def _show_open(person: int) -> None:
    """The list of follow-ups, narrowed to what this person still has to do, the most urgent first."""
    filters.clear("follow_up")
    st.session_state[filters.key_of("follow_up", "owner_id")] = [person]
    st.session_state[filters.key_of("follow_up", "status")] = ["planned"]
    st.session_state["follow_up.sort"] = ("due_on", False)
    st.session_state["follow_ups_view"] = "list"
    go("follow_ups")
