"""Which record a row means: by code, e-mail, phone or name and city, against the database and against the rows above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from db import clock
from db.models import NOUNS
from db.session import CrmSession
from db.transfer.handling import KEYS, OPTIONAL, Handling
from db.transfer.items import Item
from db.validation import Refused

Known = int | Item
"""A record's number, or the item of a row above that will become one."""


class Existing:
    """Compares with the records that the actor may see and with the rows above."""

    def __init__(self, session: CrmSession, noun: str, handling: Handling, in_sheet: bool = False) -> None:
        stored = handling.mode != "create"
        self.keys = [(name, KEYS[noun][name]) for name in handling.by] if stored or in_sheet else []
        self._known: dict[tuple[Any, ...], Known | None] = {}
        fields = sorted({field for _, key in self.keys for field in key.fields})
        model = NOUNS[noun]
        if fields and stored:
            for id_, *values in session.execute(select(model.id, *(getattr(model, field) for field in fields))):
                self._keep(dict(zip(fields, values, strict=True)), id_)

    def find(self, values: Mapping[str, Any]) -> Known | None:
        """By the surest key that finds anything. Raises Refused where that finds several."""
        for sign in self._signs(values):
            if sign in self._known:
                known = self._known[sign]
                if known is None:
                    raise Refused("Several records have the same “{value}”.", value=" / ".join(str(part) for part in sign[1:] if part)[:60])
                return known
        return None

    def remember(self, values: Mapping[str, Any], item: Item) -> None:
        """A new record of this file, for the rows below."""
        for sign in self._signs(values):
            self._known.setdefault(sign, item)

    def _keep(self, values: Mapping[str, Any], id_: int) -> None:
        for sign in self._signs(values):
            self._known[sign] = id_ if self._known.get(sign, id_) == id_ else None

    def _signs(self, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        for name, key in self.keys:
            for way in key.ways:
                parts = tuple(sign_of(field, values.get(field)) for field in way)
                if all(part is not None or field in OPTIONAL for field, part in zip(way, parts, strict=True)):
                    yield (name, *parts)


def sign_of(field: str, value: Any) -> Any:
    """The value as far as it tells records apart: letters without case and spaces, numbers without punctuation, moments as days."""
    if value in (None, ""):
        return None
    if field in {"phone", "mobile"}:
        digits = "".join(character for character in value if character.isdigit())
        return (digits.removeprefix("86") if len(digits) > 11 else digits) or None
    if isinstance(value, datetime):
        return clock.local(value).date()
    return "".join(value.casefold().split()) if isinstance(value, str) else value
