"""How happy are the customers, with whom, and what do the unhappy say?"""

import streamlit as st

from components import satisfaction_charts as draw
from components.cache import live
from components.insight_filters import lens
from components.kpi_card import cards
from components.shell import open_page

actor = open_page("satisfaction")
view = lens(actor)
st.caption(view.caption)
cards(actor, ("csat_mean", "csat_top_two", "nps", "ces_mean", "follow_up_rating"), view, columns=5)
kind = draw.kind_switch()
left, right = st.columns([1.4, 1], gap="medium")
with left:
    draw.by_month(actor, view, kind)
with right:
    draw.by_group(actor, view, kind)
left, right = st.columns([1, 1.4], gap="medium")
with left:
    draw.spread(actor, view, kind)
with right:
    draw.comments(actor, view, kind)
live(actor, draw.NOUNS)
