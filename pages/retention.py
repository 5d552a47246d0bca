"""Who comes back, who left, and who is about to?"""

import streamlit as st

from components import retention_charts as draw
from components.cache import ask, live
from components.insight_filters import lens
from components.kpi_card import cards
from components.shell import open_page
from db.queries.contracts import any_contract

actor = open_page("retention")
view = lens(actor)
st.caption(view.caption)
kind = draw.kind_switch(ask(actor, any_contract, nouns=("order",)))
if kind == "purchases":
    cards(actor, ("repeat_purchase_rate", "active_share", "dormancy_rate", "reactivation_rate", "activity_rate"), view, columns=5)
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        draw.cohort_heat(actor, view)
    with right:
        draw.stage_areas(actor, view)
    left, right = st.columns([1, 1.6], gap="medium")
    with left:
        draw.rfm_heat(actor, view)
    with right:
        draw.likely_lost(actor, view)
else:
    cards(actor, ("retention_rate", "churn_rate", "gross_revenue_retention", "net_revenue_retention", "contract_customers"), view, columns=5)
    for first, second in ((draw.movements, draw.survival), (draw.revenue, draw.reasons)):
        left, right = st.columns(2, gap="medium")
        with left:
            first(actor, view)
        with right:
            second(actor, view)
    draw.cohort_heat(actor, view, contracts=True)
live(actor, draw.NOUNS)
