"""All follow-ups: a list, and a month at a glance."""

import streamlit as st

from components import calendar_month, follow_up_list, quick_add
from components.page_head import page_head
from components.shell import open_page
from components.switches import switch
from db.language import t
from db.policy import may

actor = open_page("follow_ups")
with page_head():
    view = switch(t("View"), {"list": t("List"), "month": t("Calendar")}, "follow_ups_view")
    if may(actor, "create", "follow_up"):
        if st.button(t("Plan"), icon=":material/event:"):
            quick_add.open_("plan")
        if st.button(t("Log follow-up"), type="primary", icon=":material/edit_note:", shortcut="L"):
            quick_add.open_("follow_up")
if view == "month":
    calendar_month.draw(actor)
else:
    follow_up_list.draw(actor)
