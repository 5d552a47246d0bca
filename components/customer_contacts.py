"""The people at a customer: list, add, edit."""

from __future__ import annotations

import streamlit as st

from components import sub_records
from components.files_out import download
from components.personal_data import draw_for_contact
from db.language import t
from db.models import Customer
from db.policy import Actor, may
from db.transfer.vcards import vcards

KEYS = ("name", "position", "decision_role", "phone", "email")


def draw_contacts(actor: Actor, customer: Customer) -> None:
    with st.container(key="contacts"):
        sub_records.draw(actor, "contact", {"customer_id": customer.id}, KEYS, sort="name", below=draw_for_contact)
    if may(actor, "export", "contact"):
        id_ = customer.id
        download(t("Contacts as vCards"), lambda session: vcards(session, id_), t("Contacts"), "vcf", f"vcards_{id_}")
