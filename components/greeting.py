"""The first lines of the day: who, when, how much."""

from __future__ import annotations

import streamlit as st

from components import formats, quick_add
from components.switches import switch
from db import clock
from db.language import t, tn
from db.policy import Actor, may
from db.queries.today import Agenda


def greeting(actor: Actor) -> str:
    hour = clock.local(clock.now()).hour
    if hour < 12:
        return t("Good morning, {name}", name=actor.name)
    return t("Good afternoon, {name}", name=actor.name) if hour < 18 else t("Good evening, {name}", name=actor.name)


def summary(agenda: Agenda) -> str:
    overdue, today, ahead = agenda.counts
    parts = [tn("{n} overdue", "{n} overdue", overdue)] if overdue else []
    parts += [tn("{n} due today", "{n} due today", today), tn("{n} coming up", "{n} coming up", ahead)]
    return t(", ").join(parts)


def whose(actor: Actor) -> bool:
    """Whether the team's day is shown; account managers see their own."""
    if actor.role not in {"admin", "manager", "viewer"}:
        return False
    return switch(t("Whose"), {"mine": t("Mine"), "team": t("Team")}, "today_scope", "team") == "team"


def draw_head(actor: Actor) -> tuple[bool, st.delta_generator.DeltaGenerator]:
    """The head of Today; returns whether the team is meant, and the place for the greeting."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="page_head"):
        heading = st.container(width="content", gap=None)
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            team = whose(actor)
            if may(actor, "create", "follow_up") and st.button(t("Log follow-up"), type="primary", icon=":material/edit_note:", shortcut="L"):
                quick_add.open_("follow_up")
    return team, heading


def draw_greeting(actor: Actor, agenda: Agenda) -> None:
    st.title(formats.plain(greeting(actor)), anchor=False)
    st.caption(f"{formats.date_short(clock.today())} · {summary(agenda)}")
