"""The journal as a list: when, who, what, how many rows; with undo."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import formats, messages
from components.actions import action_word, is_undoable
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


def _line(change: dict[str, Any]) -> None:
    with st.container(key=f"row_audit_{change['id']}", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        note = f" · {formats.plain(change['note'])}" if change["note"] else ""
        who = formats.plain(change["actor"]) or "Regulars"
        size = f" · {tn('{n} record', '{n} records', change['row_count'])}" if change["row_count"] else ""
        what = f"**{action_word(change['action'])}** :gray[`{change['action']}`]{note}"
        st.markdown(f"{what}  \n:small[:gray[{change['id']} · {formats.instant(change['at'])} · {who}{size}]]")
        offered = change["row_count"] and is_undoable(change)
        if offered and st.button(t("Undo"), key=f"undo_audit_{change['id']}", type="tertiary", icon=":material/undo:"):
            messages.take_back(change["id"])
