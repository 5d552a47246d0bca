"""Orders: rows with the same code are lines of one order."""

from __future__ import annotations

from collections.abc import Mapping, Set
from decimal import Decimal
from functools import cached_property
from typing import Any

from db import records
from db.actions.orders import line_amount
from db.errors import Invalid, Message
from db.fields import field_of
from db.models import OrderLine
from db.session import CrmSession
from db.transfer import links
from db.transfer.columns import LINE
from db.transfer.items import Item
from db.transfer.reading import Readers
from db.transfer.shape import Shape


class OrderShape(Shape):
    """One row an order; rows with the same code are lines of one order."""

    fills = frozenset({"ordered_on", "starts_on"})
    joins_itself = True
    line_fields = tuple(field_of(OrderLine, key) for key in LINE)

    def __init__(self, session: CrmSession, noun: str, readers: Readers, mapped: Set[str]) -> None:
        super().__init__(session, noun, readers, mapped)
        self.code_of: dict[int, str] = {}
        self.first: dict[str, tuple[dict[str, Any], Item]] = {}

    @cached_property
    def prices(self) -> Mapping[int, Any]:
        return links.prices(self.session)

    def build_update(self, item: Item, values: dict[str, Any]) -> None:
        """The lines of an order that exists stay as they are."""
        item.mains.append({key: value for key, value in values.items() if key not in LINE})

    def build(self, item: Item, values: dict[str, Any]) -> None:
        line = {key: values.pop(key) for key in LINE if key in values}
        code = values.get("code", "")
        self.code_of[item.rows[0]] = code
        if line:
            item.children.append(("order_line", self._line(line)))
        if code in self.first:
            self._join(item, values, *self.first[code])
            return
        if code:
            self.first[code] = (dict(values), item)
        if values.get("kind") == "contract" and ("starts_on" in values) != ("ordered_on" in values):
            values["starts_on"] = values["ordered_on"] = values.get("starts_on") or values["ordered_on"]
        item.mains.append(values)

    def _line(self, line: dict[str, Any]) -> dict[str, Any]:
        if "price" not in line and self.prices.get(line.get("product_id", 0)) is not None:
            line["price"] = self.prices[line["product_id"]]
        return records.validated(self.session, "order_line", line, self.line_fields)

    def _join(self, item: Item, values: dict[str, Any], first: dict[str, Any], order: Item) -> None:
        message = Message("Differs from row {row}, which has the same code.", {"row": order.rows[0]})
        if differing := {key: message for key, value in values.items() if first.get(key) != value}:
            raise Invalid(differing)
        if not item.children:
            raise Invalid.because("“{value}” is already in use.", "code", value=values["code"])
        item.joins = order

    def finish(self, items: list[Item], problems: dict[int, dict[str, Message]]) -> None:
        """Half an order is a wrong one: where a row was refused, all rows of its order are. Amounts left empty are those of the lines."""
        broken = {self.code_of.get(row) for row in problems} - {None, ""}
        for item in [item for item in items if item.verb == "create" and item.mains[0].get("code") in broken]:
            items.remove(item)
            problems.update({row: {"": Message("Another row of this order was refused.")} for row in item.rows})
        for item in items:
            if item.verb == "create" and "amount" not in item.mains[0] and item.children:
                item.mains[0]["amount"] = sum(_value(line) for _, line in item.children)


def _value(line: Mapping[str, Any]) -> Any:
    return line_amount(line.get("quantity", Decimal(1)), line["price"], line.get("discount", Decimal(0)))
