"""The open follow-ups of a customer."""

from __future__ import annotations

import streamlit as st

from components.today_list import draw_rows
from db.engine import reading
from db.language import t
from db.models import Customer
from db.policy import Actor
from db.queries.today import open_of_customer


def draw_plans(actor: Actor, customer: Customer) -> None:
    with reading(actor) as session:
        items = open_of_customer(session, customer.id)
    if not items:
        st.caption(t("None planned. Every customer deserves a dated next step."))
    draw_rows(actor, items, with_owner=True)
