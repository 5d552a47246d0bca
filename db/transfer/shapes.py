"""What a row becomes for the nouns whose rows are more than one record, or leave something to be filled in."""

from __future__ import annotations

import uuid
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
from db.transfer.columns import LINE, TAGS
from db.transfer.items import Item
from db.transfer.reading import Readers
from db.validation import Refused


class Shape:
    """One row, one record."""

    fills: frozenset[str] = frozenset()
    """Fields that get a value though the file has no column for them."""

    def __init__(self, session: CrmSession, noun: str, readers: Readers, mapped: Set[str]) -> None:
        self.session, self.noun, self.readers, self.mapped = session, noun, readers, mapped

    def build(self, item: Item, values: dict[str, Any]) -> None:
        """Turn the row's values into the item's records. Raises Refused or Invalid."""
        item.mains.append(values)

    def keep(self, item: Item, items: list[Item]) -> None:
        items.append(item)

    def finish(self, items: list[Item], problems: dict[int, dict[str, Message]]) -> None:
        """After the last row."""

    def fill_person(self, values: dict[str, Any], key: str) -> None:
        """Where the file has no column for the person in charge, it is the customer's owner."""
        if key not in self.mapped:
            values[key] = self.owners.get(values.get("customer_id", 0))

    @cached_property
    def owners(self) -> Mapping[int, int | None]:
        return links.owners(self.session)


class CustomerShape(Shape):
    def build(self, item: Item, values: dict[str, Any]) -> None:
        item.children += [("customer_tag", {"tag_id": tag_id}) for tag_id in values.pop(TAGS, ())]
        item.mains.append(values)


class FollowUpShape(Shape):
    fills = frozenset({"subject", "status", "owner_id"})

    def build(self, item: Item, values: dict[str, Any]) -> None:
        values.setdefault("status", "done" if "done_at" in values else "planned")
        if values["status"] == "done" and "done_at" not in values:
            raise Invalid.because("A done follow-up needs the day on which it was done.", "done_at")
        if values["status"] == "planned" and "due_on" not in values:
            raise Invalid.because("A planned follow-up needs a due date.", "due_on")
        if "subject" not in values and "content" in values:
            values["subject"] = values["content"].split("\n")[0][:80]
        self.fill_person(values, "owner_id")
        item.mains.append(values)


class OrderLineShape(Shape):
    fills = frozenset({"customer_id"})

    @cached_property
    def customers(self) -> Mapping[int, int]:
        return links.customers_of_orders(self.session)

    def build(self, item: Item, values: dict[str, Any]) -> None:
        if "order_id" in values:
            values["customer_id"] = self.customers[values["order_id"]]
        item.mains.append(values)


class OrderShape(Shape):
    """One row an order; rows with the same code are lines of one order."""

    fills = frozenset({"ordered_on", "starts_on"})
    line_fields = tuple(field_of(OrderLine, key) for key in LINE)

    def __init__(self, session: CrmSession, noun: str, readers: Readers, mapped: Set[str]) -> None:
        super().__init__(session, noun, readers, mapped)
        self.code_of: dict[int, str] = {}
        self.first: dict[str, tuple[dict[str, Any], Item]] = {}

    @cached_property
    def prices(self) -> Mapping[int, Any]:
        return links.prices(self.session)

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

    def keep(self, item: Item, items: list[Item]) -> None:
        if item.joins is None:
            items.append(item)
        else:
            item.joins.rows += item.rows
            item.joins.children += item.children

    def finish(self, items: list[Item], problems: dict[int, dict[str, Message]]) -> None:
        """Half an order is a wrong one: where a row was refused, all rows of its order are. Amounts left empty are those of the lines."""
        broken = {self.code_of.get(row) for row in problems} - {None, ""}
        for item in [item for item in items if item.mains[0].get("code") in broken]:
            items.remove(item)
            problems.update({row: {"": Message("Another row of this order was refused.")} for row in item.rows})
        for item in items:
            if "amount" not in item.mains[0] and item.children:
                item.mains[0]["amount"] = sum(_value(line) for _, line in item.children)


def _value(line: Mapping[str, Any]) -> Any:
    return line_amount(line.get("quantity", Decimal(1)), line["price"], line.get("discount", Decimal(0)))


class SurveyShape(Shape):
    """One row a sheet, with a column per question; or one row an answer, with the columns question and score."""

    fills = frozenset({"sheet", "manager_id", "question_id", "score"})

    def __init__(self, session: CrmSession, noun: str, readers: Readers, mapped: Set[str]) -> None:
        super().__init__(session, noun, readers, mapped)
        self.sheets: dict[Any, str] = {}

    def build(self, item: Item, values: dict[str, Any]) -> None:
        answers = {key: values.pop(key) for key in [key for key in values if isinstance(key, int)]}
        if "question_id" in values and "score" in values:
            question_id = values.pop("question_id")
            try:
                answers[question_id] = self.readers.score(question_id, values.pop("score"))
            except Refused as refused:
                raise Invalid({"score": refused.message}) from refused
        if not answers:
            raise Refused("Please answer at least one question.")
        self.fill_person(values, "manager_id")
        values.setdefault("sheet", self._sheet(values, len(answers) > 1))
        item.mains += [{**values, "question_id": question_id, "score": score} for question_id, score in answers.items()]

    def _sheet(self, values: Mapping[str, Any], whole: bool) -> str:
        """Answers of one customer at one moment belong together; a row with several answers is a sheet of its own."""
        moment = object() if whole else (values.get("customer_id"), values.get("answered_at"))
        return self.sheets.setdefault(moment, uuid.uuid4().hex[:12])


class TreeShape(Shape):
    """A record may be part of another one of the same file, above or below it."""

    def __init__(self, session: CrmSession, noun: str, readers: Readers, mapped: Set[str]) -> None:
        super().__init__(session, noun, readers, mapped)
        self.waiting: list[tuple[Item, str]] = []

    def build(self, item: Item, values: dict[str, Any]) -> None:
        name = values.pop("parent_id", None)
        known = self.readers.directory(self.noun)
        if name and known.knows(name):
            values["parent_id"] = known.find(name)
        item.mains.append(values)
        if name and "parent_id" not in values:
            self.waiting.append((item, name))

    def finish(self, items: list[Item], problems: dict[int, dict[str, Message]]) -> None:
        """Put parents before their parts; what has no parent in the file, or is part of itself, is refused."""
        wanted = {id(item): name for item, name in self.waiting}
        placed = [item for item in items if id(item) not in wanted]
        by_name = {item.mains[0].get("name"): item for item in placed}
        left = [item for item in items if id(item) in wanted]
        while ready := [item for item in left if wanted[id(item)] in by_name]:
            for item in ready:
                item.parent = by_name[wanted[id(item)]]
            placed += ready
            by_name.update({item.mains[0].get("name"): item for item in ready})
            left = [item for item in left if item.parent is None]
        for item in left:
            problems[item.rows[0]] = {"parent_id": Message("There is no “{value}”, or you may not see it.", {"value": wanted[id(item)][:60]})}
        items[:] = placed


SHAPES = {"customer": CustomerShape, "follow_up": FollowUpShape, "order": OrderShape, "order_line": OrderLineShape, "survey_response": SurveyShape,
          "product_line": TreeShape}


def shape_of(session: CrmSession, noun: str, readers: Readers, mapped: Set[str]) -> Shape:
    """mapped: the fields that the file has columns for."""
    return SHAPES.get(noun, Shape)(session, noun, readers, mapped)
