"""What a row becomes: one record, unless a noun says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import cached_property
from typing import Any

from db.errors import Message
from db.session import CrmSession
from db.transfer import links
from db.transfer.items import Item
from db.transfer.reading import Readers


class Shape:
    """One row, one record."""

    fills: frozenset[str] = frozenset()
    """Fields that get a value though the file has no column for them."""
    joins_itself = False
    """Whether rows that mean the same new record are put together by `build`."""

    def __init__(self, session: CrmSession, noun: str, readers: Readers, mapped: Set[str]) -> None:
        self.session, self.noun, self.readers, self.mapped = session, noun, readers, mapped
        self.known_owners: dict[int, int | None] = {}
        """Of customers that the same file makes."""

    def ready(self, item: Item, values: dict[str, Any]) -> None:
        """Fill in and set apart what holds for new and existing records alike. Raises Refused."""

    def build_update(self, item: Item, values: dict[str, Any]) -> None:
        """What the row says of a record that exists, or that a row above makes."""
        item.mains.append(values)

    def build(self, item: Item, values: dict[str, Any]) -> None:
        """Turn the row's values into the item's records. Raises Refused or Invalid."""
        item.mains.append(values)

    def keep(self, item: Item, items: list[Item]) -> None:
        if item.joins is None:
            items.append(item)
            return
        item.joins.rows += item.rows
        item.joins.children += [child for child in item.children if child not in item.joins.children or child[0] == "order_line"]
        for values in item.mains:
            item.joins.mains[0] |= {key: value for key, value in values.items() if item.joins.mains[0].get(key) in (None, "")}

    def finish(self, items: list[Item], problems: dict[int, dict[str, Message]]) -> None:
        """After the last row."""

    def fill_person(self, values: dict[str, Any], key: str) -> None:
        """Where the file has no column for the person in charge, it is the customer's owner."""
        if key not in self.mapped:
            id_ = values.get("customer_id", 0)
            values[key] = self.known_owners[id_] if id_ in self.known_owners else self.owners.get(id_)

    @cached_property
    def owners(self) -> Mapping[int, int | None]:
        return links.owners(self.session)
