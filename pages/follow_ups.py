"""All follow-ups: a list, and a month at a glance."""

import streamlit as st

from components import calendar_month, quick_add
from components.hand_over import hand_over_bar
from components.navigation import go
from components.page_head import page_head
from components.record_list import record_list
from components.shell import open_page
from db import records
from db.engine import reading
from db.language import t
from db.models import FollowUp
from db.policy import may

actor = open_page("follow_ups")
with page_head():
    view = st.segmented_control(
        t("View"),
        ["list", "month"],
        default="list",
        format_func=lambda key: t("List") if key == "list" else t("Month"),
        key="follow_ups_view",
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    if may(actor, "create", "follow_up"):
        if st.button(t("Plan"), icon=":material/event:"):
            quick_add.open_("plan")
        if st.button(t("Log follow-up"), type="primary", icon=":material/edit_note:", shortcut="L"):
            quick_add.open_("follow_up")
if view == "month":
    calendar_month.draw(actor)
else:
    opened: list[int] = []
    bar = st.container()
    _, chosen = record_list(
        actor,
        "follow_up",
        open_=opened.append,
        sort="due_on",
        views=True,
        selectable=may(actor, "update", "follow_up"),
        empty=t("Planned and finished follow-ups stand here."),
    )
    with bar:
        hand_over_bar(actor, chosen)
    if opened:
        with reading(actor) as session:
            found: FollowUp = records.get(session, "follow_up", opened[0])
        quick_add.open_("record", noun="follow_up", id=found.id) if may(actor, "update", "follow_up") else go("customer", id=found.customer_id)
