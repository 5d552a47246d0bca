"""The people at a customer: list, add, edit."""

from __future__ import annotations

import streamlit as st

from components import sub_records
from components.personal_data import draw_for_contact
from db.models import Customer
from db.policy import Actor

KEYS = ("name", "position", "decision_role", "phone", "email")


def draw_contacts(actor: Actor, customer: Customer) -> None:
    with st.container(key="contacts"):
        sub_records.draw(actor, "contact", {"customer_id": customer.id}, KEYS, sort="name", below=draw_for_contact)
