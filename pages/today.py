"""What do I do now? Follow-ups by day, customers that need attention."""

import streamlit as st

from components import formats, greeting, quick_add
from components.attention import draw_attention
from components.cache import live
from components.checklist import draw_checklist
from components.shell import open_page
from components.team_today import draw_team
from components.today_list import draw_agenda
from db import clock
from db.engine import reading
from db.language import t
from db.policy import may
from db.queries.today import agenda, attention

actor = open_page("today", title="")
with reading(actor) as session:
    today = clock.today()
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="page_head"):
    heading = st.container(width="content", gap=None)
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        team = actor.role in {"admin", "manager", "viewer"} and st.segmented_control(
            t("Whose"), ["mine", "team"], default="team", format_func=lambda who: t("Mine") if who == "mine" else t("Team"),
            key="today_scope", label_visibility="collapsed", required=True, persist_state="session") == "team"
        if may(actor, "create", "follow_up") and st.button(t("Log follow-up"), type="primary", icon=":material/edit_note:", shortcut="L"):
            quick_add.open_("follow_up")
owner = None if team else actor.id
with reading(actor) as session:
    todo, attend = agenda(session, owner), attention(session, owner)
with heading:
    st.title(greeting.greeting(actor), anchor=False)
    st.caption(f"{formats.date_short(today)} · {greeting.summary(todo)}")
left, right = st.columns([1.9, 1], gap="medium")
with left:
    draw_agenda(actor, todo, with_owner=team)
    if team:
        draw_team(actor)
with right:
    draw_attention(attend)
    draw_checklist(actor)
live(actor, ("follow_up", "customer", "order"))
