"""Is the work spread fairly, and is anybody drowning?"""

import streamlit as st

from components import workload_charts as draw, workload_moves
from components.insight_filters import lens
from components.kpi_card import cards
from components.live import live
from components.shell import open_page
from components.workload_room import room_panel
from components.workload_table import full_table

actor = open_page("workload")
workload_moves.draw()
view = lens(actor)
st.caption(view.caption)
cards(actor, ("load_gap", "load_gini", "open_follow_ups", "overdue_follow_ups", "follow_ups_done", "utilisation"), view)
table = draw.table_of(actor, view)
for first, second in ((draw.load_bars, draw.open_bars), (draw.targets, draw.capacity_bars)):
    left, right = st.columns(2, gap="medium")
    with left:
        first(actor, table)
    with right:
        second(actor, table)
left, right = st.columns(2, gap="medium")
with left:
    draw.fairness(actor, table)
with right:
    room_panel(actor, view.today)
full_table(actor, table, view)
live(actor)
