"""The tags of a customer, set in place."""

from __future__ import annotations

import streamlit as st

from components.saving import attempt
from db import records
from db.engine import reading
from db.language import t
from db.models import Customer
from db.policy import Actor, may
from db.queries.customer_page import Header
from db.queries.links import tag_choices


def draw_tags(actor: Actor, customer: Customer, figures: Header) -> None:
    if not may(actor, "update", "customer_tag"):
        return
    with reading(actor) as session:
        tags = tag_choices(session)
    if not tags:
        return
    now = [id_ for id_, _, _ in figures.tags]
    with st.container(border=True, key="tags"):
        chosen = st.multiselect(
            t("Tags"),
            list(tags),
            default=[id_ for id_ in now if id_ in tags],
            format_func=lambda id_: tags[id_],
            key=f"tags_{customer.id}_{now}",
            placeholder=t("Choose"),
        )
        if (
            set(chosen) != set(now)
            and attempt(actor, "customer.tag", lambda session: records.set_tags(session, customer.id, chosen), t("Tags saved")) is not None
        ):
            st.rerun()
