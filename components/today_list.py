"""The to-do list of Today: tick, what, customer, when, snooze."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from components import formats, quick_add
from components.icons import method_icon
from components.navigation import link
from components.saving import attempt
from db import clock
from db.actions import follow_ups
from db.language import t
from db.policy import Actor, may
from db.queries.today import Agenda, ToDo

FOLDED = 8


def draw_agenda(actor: Actor, agenda: Agenda, with_owner: bool) -> None:
    sections = ((t("Overdue"), agenda.overdue), (t("Today"), agenda.today), (t("Next 7 days"), agenda.ahead))
    if not any(items for _, items in sections):
        _all_clear(actor)
    for (title, items), total in zip(sections, agenda.counts, strict=True):
        if items:
            st.markdown(f"**{title}** :gray[{formats.number(total)}]")
            if _draw_folded(actor, title, items, with_owner) and total > len(items):
                link("follow_ups", t("All {count} of them", count=formats.number(total)), "arrow_forward")


def _draw_folded(actor: Actor, title: str, items: list[ToDo], with_owner: bool) -> bool:
    """A long section shows its first rows until the rest is asked for, so that the next section stays in sight. Returns whether all are shown."""
    unfolded = f"unfold_{title}"
    everything = len(items) <= FOLDED or st.session_state.get(unfolded)
    draw_rows(actor, items if everything else items[:FOLDED], with_owner)
    rest = t("Show {count} more", count=formats.number(len(items) - FOLDED))
    if not everything and st.button(rest, key=f"{unfolded}_button", type="tertiary", icon=":material/expand_more:"):
        st.session_state[unfolded] = True
        st.rerun()
    return bool(everything)


def draw_rows(actor: Actor, items: list[ToDo], with_owner: bool) -> None:
    if items:
        with st.container(border=True, gap="xsmall"):
            for item in items:
                _row(actor, item, with_owner)


def _all_clear(actor: Actor) -> None:
    with st.container(border=True):
        st.markdown(f"**{t('Nothing is waiting for you')}**")
        st.caption(t("Planned follow-ups appear here on their day. Plan the next step with each one you log."))
        if may(actor, "create", "follow_up") and st.button(t("Plan a follow-up"), icon=":material/event:"):
            quick_add.open_("plan")
            st.rerun()


def _row(actor: Actor, item: ToDo, with_owner: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"row_{item.id}", gap="small", wrap=False):
        may_act = may(actor, "update", "follow_up")
        done = t("Done: {what}", what=formats.plain(item.subject))
        if may_act and st.button(done, key=f"tick_{item.id}", icon=":material/radio_button_unchecked:", type="tertiary"):
            _tick(actor, item)
        with st.container(gap=None):
            st.markdown(f"{method_icon(item.method)} **{formats.plain(item.subject)}**" + (f" :gray[{formats.plain(item.owner)}]" if with_owner else ""))
            link("customer", item.customer, id=item.customer_id)
        st.markdown(" ".join([*_recovery(item), _due(item)]), width="content")
        if may_act:
            _row_menu(actor, item)


def _recovery(item: ToDo) -> list[str]:
    return [formats.badge(t("Recovery"), "red", "sentiment_dissatisfied")] if item.recovery else []


def _due(item: ToDo) -> str:
    today = clock.today()
    colour = "orange" if item.due_on < today else "blue" if item.due_on == today else "gray"
    words = formats.lateness(item.due_on) if item.due_on < today else formats.date_short(item.due_on)
    if item.due_on == today:
        words = item.due_time.strftime("%H:%M") if item.due_time else t("today")
    return formats.badge(words, colour)


def _tick(actor: Actor, item: ToDo) -> None:
    if attempt(actor, "follow_up.complete", lambda session: follow_ups.complete(session, item.id), t("Done")) is not None:
        st.rerun()


def _row_menu(actor: Actor, item: ToDo) -> None:
    today = clock.today()
    days = {"tomorrow": today + timedelta(days=1), "monday": today + timedelta(days=7 - today.weekday()), "week": today + timedelta(days=7)}
    words = {"tomorrow": t("Tomorrow"), "monday": t("Next Monday"), "week": t("In a week"), "note": t("Done with a note …"), "cancel": t("Cancel it")}
    choice = st.menu_button(t("More"), list(words), key=f"menu_{item.id}", icon=":material/snooze:", type="tertiary", format_func=lambda code: words[code])
    if choice in days:
        done = attempt(
            actor,
            "follow_up.snooze",
            lambda session: follow_ups.snooze(session, item.id, days[choice]),
            t("Moved to {day}", day=formats.date_short(days[choice])),
        )
    elif choice == "cancel":
        done = attempt(actor, "follow_up.cancel", lambda session: follow_ups.cancel(session, item.id), t("Cancelled"))
    elif choice == "note":
        quick_add.open_("complete", id=item.id, customer_id=item.customer_id)
        done = True
    else:
        return
    if done is not None:
        st.rerun()
