"""Phone numbers and addresses are masked until somebody asks; the look is journalled."""

from __future__ import annotations

import streamlit as st

from components.saving import attempt
from db.actions import customers
from db.fields import Field
from db.language import t
from db.models import Customer
from db.policy import Actor, sees_personal_data


def draw(actor: Actor, customer: Customer, fields: list[Field]) -> None:
    if not fields or not sees_personal_data(actor):
        return
    opened = f"revealed_{customer.id}"
    if st.session_state.get(opened):
        for field in fields:
            st.text(f"{field.title}  {st.session_state[opened][field.key]}")
    elif st.button(
        t("Show phone and e-mail"), type="tertiary", icon=":material/visibility:", key=f"reveal_{customer.id}", help=t("The look is written to the audit log.")
    ):
        values = attempt(
            actor, "customer.reveal", lambda session: {field.key: customers.reveal(session, "customer", customer.id, field.key) for field in fields}, ""
        )
        if values is not None:
            st.session_state[opened] = values
            st.rerun()
