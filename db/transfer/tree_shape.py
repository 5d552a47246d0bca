"""Records that are part of others of their own noun."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from db.errors import Message
from db.session import CrmSession
from db.transfer.items import Item
from db.transfer.reading import Readers
from db.transfer.shape import Shape


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
                item.links["parent_id"] = by_name[wanted[id(item)]]
            placed += ready
            by_name.update({item.mains[0].get("name"): item for item in ready})
            left = [item for item in left if not item.links]
        for item in left:
            problems[item.rows[0]] = {"parent_id": Message("There is no “{value}”, or you may not see it.", {"value": wanted[id(item)][:60]})}
        items[:] = placed
