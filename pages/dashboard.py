"""Are we on plan? One screen for the manager; a wall mode that refreshes itself."""

import streamlit as st

from components import dashboard_charts as draw, workload_charts
from components.insight_filters import lens
from components.kpi_card import cards
from components.live import live
from components.page_head import page_head
from components.shell import open_page
from components.wall import draw_switch
from db.engine import reading
from db.queries.dashboard import CARDS

actor = open_page("dashboard")
with page_head():
    draw_switch()
view = lens(actor)
st.caption(view.caption)
headline = st.container()
found = cards(actor, CARDS, view)
with reading(actor) as session:
    currency = session.organisation.currency
with headline:
    draw.draw_headline(found, currency, view.compare)
left, right = st.columns([1.7, 1], gap="medium")
with left:
    draw.sales_columns(actor, view)
with right:
    workload_charts.targets(actor, workload_charts.table_of(actor, view))
left, right = st.columns([1, 1], gap="medium")
with left:
    draw.tiers_and_recency(actor, view.present)
with right:
    draw.quiet_accounts(actor, view.present)
live(actor)
