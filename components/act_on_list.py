"""Customers that call for the same step, each with its reason: tick some and plan a follow-up for all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from components import formats, openings
from components.navigation import link
from components.pager import page_number
from components.saving import attempt, saved_already
from db import clock
from db.actions import follow_ups
from db.language import t, tn
from db.policy import Actor, may
from db.session import CrmSession

More = Callable[[list[int]], bool]
SHOWN = 8
SOON = 2
"""Days until the follow-up is due, unless another day is chosen."""


def act_on_list(actor: Actor, rows: pd.DataFrame, *, key: str, subject: str, more: More | None = None) -> None:
    """Draw the rows, a page at a time, with a tick for those who may plan follow-ups.

    rows: customer_id, customer, reason, and `value` where there is one; one row a customer, not empty.
    key: the list's own name on its page; subject: what the follow-up says unless it is changed;
    more: draws what else one may do with the ticked ones, and tells whether it was done.
    """
    turn = openings.turn(key)
    ticks = {int(id_): f"tick.{key}.{turn}.{id_}" for id_ in rows["customer_id"]} if may(actor, "create", "follow_up") else {}
    place = st.container(gap="xsmall")
    number = page_number(len(rows), SHOWN, f"{key}.page")
    with place:
        for row in rows.iloc[(number - 1) * SHOWN : number * SHOWN].to_dict("records"):
            _row(row, key, ticks.get(int(row["customer_id"])))
    if ticks:
        chosen = [id_ for id_, tick in ticks.items() if st.session_state.get(tick)]
        _bar(actor, chosen, ticks, key, turn, subject, more)


def _row(row: dict[Any, Any], key: str, tick: str | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False, key=f"row_{key}_{row['customer_id']}"):
        if tick:
            st.checkbox(formats.plain(row["customer"]), key=tick, label_visibility="collapsed", persist_state="session")
        with st.container(gap=None):
            link("customer", row["customer"], id=row["customer_id"])
            st.caption(formats.plain(row["reason"]))
        if row.get("value") is not None:
            st.badge(str(row["value"]), color="gray")


def _bar(actor: Actor, chosen: list[int], ticks: dict[int, str], key: str, turn: str, subject: str, more: More | None) -> None:
    """What is to be done, by when, and for whom; nothing but a way to tick all while no row is ticked."""
    if not chosen:
        words = t("Tick all {n}", n=len(ticks))
        st.button(words, key=f"{key}.all", type="tertiary", icon=":material/done_all:", on_click=_tick_all, args=(tuple(ticks.values()),))
        return
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", gap="small", key=f"act_{key}"):
        what = st.text_input(t("What is to be done"), subject, max_chars=200, key=f"{key}.{turn}.subject", width=260)
        soon = clock.today() + timedelta(days=SOON)
        due_on = st.date_input(t("Due date"), soon, min_value=clock.today(), format="YYYY-MM-DD", key=f"{key}.{turn}.due_on", width=150)
        words = tn("Create a follow-up for {n} customer", "Create follow-ups for these {n}", len(chosen))
        pressed = st.button(words, key=f"{key}.create", icon=":material/event:")
        done = more(chosen) if more else False
    typed = {"chosen": chosen, "subject": what or "", "due_on": due_on}
    if done or (_plan(actor, key, turn, typed) if pressed else saved_already(actor, key, turn, typed)) is not None:
        openings.next_turn(key)
        st.rerun()


def _tick_all(ticks: tuple[str, ...]) -> None:
    for tick in ticks:
        st.session_state[tick] = True


def _plan(actor: Actor, key: str, turn: str, typed: dict[str, Any]) -> Any:
    def work(session: CrmSession) -> int:
        return follow_ups.plan_for(session, typed["chosen"], typed["subject"], typed["due_on"])

    return attempt(actor, "follow_up.plan", work, _planned, form=key, number=turn, typed=typed)


def _planned(count: int) -> str:
    return tn("{n} follow-up planned", "{n} follow-ups planned", count) if count else t("Nothing planned: each of them has this follow-up open already.")
