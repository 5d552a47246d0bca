"""How happy are the customers, with whom, and what do the unhappy say?"""

import streamlit as st

from components import response_charts, satisfaction_charts as draw, satisfaction_lists, satisfaction_spread
from components.insight_filters import lens
from components.kpi_card import cards
from components.live import live
from components.shell import open_page

actor = open_page("satisfaction")
view = lens(actor)
st.caption(view.caption)
cards(actor, ("csat_mean", "csat_top_two", "nps", "ces_mean", "follow_up_rating", "response_rate"), view)
kind = draw.kind_switch()
left, right = st.columns([1.4, 1], gap="medium")
with left:
    draw.by_month(actor, view, kind)
with right:
    draw.by_group(actor, view, kind)
left, right = st.columns([1.4, 1], gap="medium")
with left:
    satisfaction_spread.draw(actor, view, kind)
with right:
    response_charts.response(actor, view)
left, right = st.columns([1.4, 1], gap="medium")
with left:
    draw.comments(actor, view, kind)
with right:
    satisfaction_lists.unhappy_key_accounts(actor, view.present)
left, right = st.columns([1.4, 1], gap="medium")
with left:
    satisfaction_lists.satisfied_but_silent(actor, view.present)
with right:
    response_charts.index(actor, view)
live(actor)
