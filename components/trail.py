"""Previous and next: a customer's page walks the list that the user came from."""

from __future__ import annotations

from typing import Any

import streamlit as st

from db.engine import reading
from db.language import t
from db.policy import Actor
from db.queries.lists import ListQuery, ids

TRAIL = "regulars.trail"


def remember(query: ListQuery) -> None:
    st.session_state[TRAIL] = {"search": query.search, "filters": dict(query.filters), "sort": query.sort, "descending": query.descending}


def draw_trail(actor: Actor, id_: int, go: Any) -> None:
    """Buttons to the neighbours in the list, with the place in it."""
    trail = st.session_state.get(TRAIL)
    if not trail:
        return
    with reading(actor) as session:
        around = ids(session, "customer", ListQuery(**trail), limit=2000)
    if id_ not in around:
        return
    place = around.index(id_)
    with st.container(horizontal=True, width="content", vertical_alignment="center", gap="xsmall", key="trail"):
        st.caption(f"{place + 1} / {len(around)}{'+' if len(around) == 2000 else ''}")
        if st.button(t("Previous"), icon=":material/keyboard_arrow_up:", type="tertiary", shortcut="K", disabled=place == 0, key="trail_previous"):
            go("customer", id=around[place - 1])
        if st.button(t("Next"), icon=":material/keyboard_arrow_down:", type="tertiary", shortcut="J", disabled=place == len(around) - 1, key="trail_next"):
            go("customer", id=around[place + 1])
