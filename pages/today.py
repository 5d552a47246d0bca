"""What do I do now? Follow-ups by day, customers that need attention."""

import streamlit as st

from components import greeting
from components.attention import draw_attention
from components.cache import ask
from components.checklist import draw_checklist
from components.job_troubles import draw_troubles
from components.live import live
from components.shell import open_page
from components.team_today import draw_recoveries, draw_team
from components.today_list import draw_agenda
from db.queries.attention import attention
from db.queries.today import agenda

actor = open_page("today", title="")
team, heading = greeting.draw_head(actor)
owner = None if team else actor.id
todo, found = (ask(actor, question, owner) for question in (agenda, attention))
with heading:
    greeting.draw_greeting(actor, todo)
left, right = st.columns([1.9, 1], gap="medium")
with left:
    draw_agenda(actor, todo, with_owner=team)
    if team:
        draw_team(actor)
with right:
    if team:
        draw_recoveries(actor)
    draw_attention(found)
    draw_checklist(actor)
    draw_troubles(actor)
live(actor)
