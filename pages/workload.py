"""Is the work spread fairly, and is anybody drowning?"""

import streamlit as st

from components import workload_charts as draw
from components.cache import live
from components.insight_filters import lens
from components.kpi_card import cards
from components.shell import open_page

actor = open_page("workload")
view = lens(actor)
st.caption(view.caption)
cards(actor, ("load_gini", "open_follow_ups", "overdue_follow_ups", "follow_ups_done", "visits_done"), view, columns=5)
table = draw.table_of(actor, view)
for first, second in ((draw.load_bars, draw.open_bars), (draw.targets, draw.fairness)):
    left, right = st.columns(2, gap="medium")
    with left:
        first(table)
    with right:
        second(table)
draw.full_table(table)
live(actor, draw.NOUNS)
