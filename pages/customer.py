"""One page per customer: who they are, what happened, what comes next."""

import streamlit as st

from components import customer_tabs, quick_add
from components.customer_card import draw_card, draw_editor, is_edited
from components.customer_head import draw_figures, draw_name
from components.live import live
from components.navigation import go, link
from components.record import load, wanted_id
from components.shell import open_page
from components.trail import draw_trail
from db.language import t
from db.policy import may
from db.queries.customer_page import header

actor = open_page("customer", title="")
customer, figures = load(actor, "customer", wanted_id(), header)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="crumbs"):
    link("customers", t("Customers"), "chevron_left")
    draw_trail(actor, customer.id, go)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="page_head"):
    draw_name(actor, customer, figures)
    with st.container(horizontal=True, width="content"):
        if may(actor, "create", "follow_up") and st.button(t("Log follow-up"), type="primary", icon=":material/edit_note:", shortcut="L"):
            quick_add.open_("follow_up", customer_id=customer.id)
        customer_tabs.draw_menu(actor, customer)
draw_figures(actor, customer, figures)
left, right = st.columns([1.9, 1], gap="medium")
with left:
    if is_edited() and may(actor, "update", "customer"):
        draw_editor(actor, customer)
    else:
        customer_tabs.draw(actor, customer)
with right:
    draw_card(actor, customer, figures)
live(actor)
