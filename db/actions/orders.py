"""Orders and their lines: the amount of an order that has lines is their sum."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any, cast

from sqlalchemy import select

from db import records
from db.errors import Invalid
from db.models import Order, OrderLine, Product
from db.session import CrmSession

CENT = Decimal("0.01")


def line_amount(quantity: Decimal, price: Decimal, discount: Decimal) -> Decimal:
    """What a line comes to, to the cent; half a cent counts as one."""
    exact = quantity * price * (100 - discount) / 100
    return (exact + CENT / 2).quantize(CENT, ROUND_FLOOR)


def lines_of(session: CrmSession, order_id: int) -> list[OrderLine]:
    return list(session.scalars(select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.id)))


def update(session: CrmSession, id_: int, values: Mapping[str, Any], version: int | None = None) -> Order:
    """Change an order; its amount only as long as it has no lines."""
    order = cast(Order, records.get(session, "order", id_))
    shown = order.amount
    changed = cast(Order, records.update(session, "order", id_, values, version))
    if changed.amount != shown and lines_of(session, id_):
        raise Invalid.because("The amount is the sum of the lines; please change those.", "amount")
    return changed


def add_line(session: CrmSession, values: Mapping[str, Any]) -> OrderLine:
    """A new line of an order; without a price it takes the product's."""
    order = cast(Order, records.get(session, "order", values.get("order_id")))
    line = cast(OrderLine, records.create(session, "order_line", {**_priced(session, values), "customer_id": order.customer_id}))
    _sum_up(session, order)
    return line


def update_line(session: CrmSession, id_: int, values: Mapping[str, Any], version: int | None = None) -> OrderLine:
    line = cast(OrderLine, records.update(session, "order_line", id_, _priced(session, values), version))
    _sum_up(session, cast(Order, records.get(session, "order", line.order_id)))
    return line


def delete_line(session: CrmSession, id_: int) -> OrderLine:
    line = cast(OrderLine, records.delete(session, "order_line", id_))
    _sum_up(session, cast(Order, records.get(session, "order", line.order_id)))
    return line


def _priced(session: CrmSession, values: Mapping[str, Any]) -> dict[str, Any]:
    product = session.get(Product, values["product_id"]) if values.get("product_id") and values.get("price") is None else None
    return {**values, "price": product.price} if product else dict(values)


def _sum_up(session: CrmSession, order: Order) -> None:
    lines = lines_of(session, order.id)
    if lines:
        records.update(session, "order", order.id, {"amount": sum(line_amount(line.quantity, line.price, line.discount) for line in lines)})
