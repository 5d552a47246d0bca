"""The updates of an import field by field, in words: what stands there now, and what would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from db import clock
from db.choices import fields_for, labels, titles
from db.fields import Field, Kind
from db.masking import shown
from db.session import CrmSession
from db.transfer.items import Item


@dataclass(frozen=True)
class Edit:
    row: int
    record: str
    field: str
    old: str
    new: str


def edits_of(session: CrmSession, items: Iterable[Item], limit: int) -> tuple[Edit, ...]:
    """The first edits, one a changed field."""
    updates = list(islice((item for item in items if item.changes), limit))
    names = {noun: titles(session, noun, [item.id for item in updates if item.noun == noun]) for noun in {item.noun for item in updates}}
    fields = {noun: {field.key: field for field in fields_for(session, noun)} for noun in names}
    found = (
        Edit(item.rows[0], names[item.noun].get(item.id or 0, ""), field.title, _words(session, field, old), _words(session, field, new))
        for item in updates for key, (old, new) in item.changes.items() for field in (fields[item.noun][key],)
    )
    return tuple(islice(found, limit))


def _words(session: CrmSession, field: Field, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field.kind == Kind.CHOICE:
        return labels(session, field).get(value, str(value))
    if field.kind == Kind.LINK:
        return titles(session, field.target, [value]).get(value, "")
    if field.kind == Kind.INSTANT:
        return f"{clock.local(value):%Y-%m-%d %H:%M}"
    return str(shown(session.actor, field, value))
