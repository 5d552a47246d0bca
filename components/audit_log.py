"""The journal as a list: when, who, what, how many rows; with undo."""

from __future__ import annotations

import streamlit as st

from components import formats, messages
from components.actions import action_word
from db.engine import reading
from db.history import audit
from db.language import t, tn
from db.policy import Actor

PAGE = 50


def draw_audit(actor: Actor) -> None:
    number = st.session_state.get("audit_page", 0)
    with reading(actor) as session:
        changes = audit(session, limit=PAGE + 1, offset=number * PAGE)
    for change in changes[:PAGE]:
        _line(change)
    if not changes:
        st.info(t("Nothing was changed yet."))
    with st.container(horizontal=True):
        if number and st.button(t("Newer"), icon=":material/chevron_left:"):
            _turn(number - 1)
        if len(changes) > PAGE and st.button(t("Older"), icon=":material/chevron_right:"):
            _turn(number + 1)


def _turn(number: int) -> None:
    st.session_state["audit_page"] = number
    st.rerun()


def _line(change: dict) -> None:  # type: ignore[type-arg]
    with st.container(key=f"row_audit_{change['id']}", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        rows = tn("{n} record", "{n} records", change["row_count"])
        note = f" · {formats.plain(change['note'])}" if change["note"] else ""
        st.markdown(f":gray[{change['id']}] **{action_word(change['action'])}** :gray[`{change['action']}`]{note}  \n:gray[{formats.instant(change['at'])} · {formats.plain(change['actor']) or 'Regulars'} · {rows}]")
        if change["row_count"] and change["actor_id"] and st.button(t("Undo"), key=f"undo_audit_{change['id']}", type="tertiary", icon=":material/undo:"):
            messages.take_back(change["id"])
