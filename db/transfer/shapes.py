"""The nouns whose rows are more than one record, or leave something to be filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from functools import cached_property
from typing import Any

from db.errors import Invalid
from db.session import CrmSession
from db.transfer import links
from db.transfer.columns import AUTHOR, FIRST, LAST, TAGS, WRITTEN
from db.transfer.items import Item
from db.transfer.order_shape import OrderShape
from db.transfer.reading import Readers
from db.transfer.shape import Shape
from db.transfer.survey_shape import SurveyShape
from db.transfer.tree_shape import TreeShape

CHINESE = re.compile(r"[\u4e00-\u9fff]")


class CustomerShape(Shape):
    def ready(self, item: Item, values: dict[str, Any]) -> None:
        item.children += [("customer_tag", {"tag_id": tag_id}) for tag_id in values.pop(TAGS, ())]


class ContactShape(Shape):
    fills = frozenset({"name"})

    def ready(self, item: Item, values: dict[str, Any]) -> None:
        """Names in two columns: the family name first and without a space where they are Chinese."""
        first, last = values.pop(FIRST, ""), values.pop(LAST, "")
        if "name" not in values and (first or last):
            values["name"] = f"{first} {last}".strip() if f"{first}{last}".isascii() or not CHINESE.search(first + last) else f"{last}{first}"


class FollowUpShape(Shape):
    fills = frozenset({"subject", "status", "owner_id", "done_at", "content"})

    def ready(self, item: Item, values: dict[str, Any]) -> None:
        """An old note keeps its author, if only by name, and its date."""
        author, written_at = values.pop(AUTHOR, None), values.pop(WRITTEN, None)
        if isinstance(author, str):
            values["content"] = f"{values.get('content', '')}\n— {author}".strip()
        elif author is not None:
            item.stamps["created_by_id"] = author
        if written_at is not None:
            item.stamps["created_at"] = written_at
            if not values.keys() & {"done_at", "due_on", "status"}:
                values["done_at"] = written_at
        if "subject" not in values and "content" in values:
            values["subject"] = values["content"].split("\n")[0][:80]

    def build(self, item: Item, values: dict[str, Any]) -> None:
        values.setdefault("status", "done" if "done_at" in values else "planned")
        if values["status"] == "done" and "done_at" not in values:
            raise Invalid.because("A done follow-up needs the day on which it was done.", "done_at")
        if values["status"] == "planned" and "due_on" not in values:
            raise Invalid.because("A planned follow-up needs a due date.", "due_on")
        self.fill_person(values, "owner_id")
        if "owner_id" not in self.mapped and "created_by_id" in item.stamps:
            values["owner_id"] = item.stamps["created_by_id"]
        item.mains.append(values)


class InvitationShape(Shape):
    fills = frozenset({"state"})

    def build(self, item: Item, values: dict[str, Any]) -> None:
        values.setdefault("state", "answered" if "answered_on" in values else "sent")
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


SHAPES = {"customer": CustomerShape, "contact": ContactShape, "follow_up": FollowUpShape, "order": OrderShape, "order_line": OrderLineShape,
          "survey_response": SurveyShape, "survey_invitation": InvitationShape, "product_line": TreeShape}


def shape_of(session: CrmSession, noun: str, readers: Readers, mapped: Set[str]) -> Shape:
    """mapped: the fields that the file has columns for."""
    return SHAPES.get(noun, Shape)(session, noun, readers, mapped)
