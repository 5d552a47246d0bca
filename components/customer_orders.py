"""The orders and contracts of a customer."""

from __future__ import annotations

from components import sub_records
from components.order_lines import draw_lines
from db.models import Customer
from db.policy import Actor

KEYS = ("code", "kind", "ordered_on", "amount", "channel", "ends_on")


def draw_orders(actor: Actor, customer: Customer) -> None:
    sub_records.draw(actor, "order", {"customer_id": customer.id}, KEYS, sort="ordered_on", descending=True, below=draw_lines)
