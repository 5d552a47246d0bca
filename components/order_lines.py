"""The lines of an order: product, quantity, price, discount. Their sum is the order's amount."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import formats, sub_records
from db.actions.orders import lines_of
from db.engine import reading
from db.language import t
from db.policy import Actor

KEYS = ("product_id", "quantity", "price", "discount", "cost")


def draw_lines(actor: Actor, order: Any) -> None:
    with reading(actor) as session:
        some = bool(lines_of(session, order.id))
        currency = session.organisation.currency
    with st.container(key=f"lines_{order.id}", border=True):
        st.markdown(f"**{t('Order lines')}**" + (f" :gray[{formats.plain(formats.money_exact(order.amount, currency))}]" if some else ""))
        sub_records.draw(actor, "order_line", {"order_id": order.id, "customer_id": order.customer_id}, KEYS, sort="id")
        st.caption(t("A line without a price takes the product's. With lines, the amount of the order is their sum."))
