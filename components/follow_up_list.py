"""The list of follow-ups: a click edits one, ticked ones are handed over."""

from __future__ import annotations

import streamlit as st

from components import quick_add
from components.hand_over import hand_over_bar
from components.navigation import go
from components.record_list import record_list
from db import records
from db.engine import reading
from db.language import t
from db.policy import Actor, may


def draw(actor: Actor) -> None:
    opened: list[int] = []
    may_edit = may(actor, "update", "follow_up")
    bar = st.container()
    empty = t("Planned and finished follow-ups stand here.")
    _, chosen = record_list(actor, "follow_up", open_=opened.append, sort="done_at", views=True, selectable=may_edit, empty=empty)
    with bar:
        hand_over_bar(actor, chosen)
    if opened and may_edit:
        quick_add.open_("record", noun="follow_up", id=opened[0])
    elif opened:
        with reading(actor) as session:
            customer_id = records.get(session, "follow_up", opened[0]).customer_id  # type: ignore[attr-defined]
        go("customer", id=customer_id)
