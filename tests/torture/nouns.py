"""A record of every noun that people edit, and values to edit it with, from the declarations."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from db import clock, records
from db.actions import customers, editing
from db.choices import fields_for, labels
from db.engine import reading, transaction
from db.fields import Field, Kind
from db.models import NOUNS
from db.policy import Actor, may
from db.session import CrmSession

LINKS_ONLY = {"customer_tag", "not_duplicate"}
"""Made and taken away, never edited."""
CONTESTED = (Kind.TEXT, Kind.LONG_TEXT, Kind.MONEY, Kind.DECIMAL, Kind.INTEGER)
FIRST = date(2024, 1, 1)


def edited_nouns(actor: Actor) -> list[str]:
    return sorted(noun for noun in NOUNS if may(actor, "update", noun) and noun not in LINKS_ONLY)


def contested(actor: Actor, noun: str) -> list[Field]:
    """The fields that two people will write: the title first, then what takes any text or number."""
    title = NOUNS[noun].title_key
    with reading(actor) as session:
        fields = [field for field in fields_for(session, noun) if field.editable and not field.fixed and field.kind in CONTESTED]
    return sorted(fields, key=lambda field: (field.key != title, CONTESTED.index(field.kind)))


def value(field: Field, number: int) -> Any:
    """A value unlike those of the neighbouring numbers."""
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return f"{field.key} {number}"[: field.max_length or 200]
    low, high = int(field.minimum or 0), int(field.maximum or 50)
    return low + number % (high - low)


ALSO = {"due_on"}
"""Needed by an action, not by the column."""


def one(actor: Actor, noun: str) -> int:
    """The id of the noun's last record; made, with what it needs, where there is none."""
    with reading(actor) as session:
        found = session.scalar(select(func.max(NOUNS[noun].id)))
        needed = [field for field in fields_for(session, noun) if field.editable and (field.required or field.key in ALSO)]
    if found is not None:
        return int(found)
    values = {field.key: _first(actor, field) for field in needed}
    with transaction(actor, f"{noun}.create") as session:
        if noun == "attachment":
            return customers.attach(session, values["customer_id"], "offer.txt", "text/plain", b"Tea").id
        return editing.write(session, noun, None, values).id


def _first(actor: Actor, field: Field) -> Any:
    if field.kind == Kind.LINK:
        return int(actor.id or 0) if field.target == "user" else one(actor, field.target)
    if field.kind in (Kind.DATE, Kind.INSTANT):
        return FIRST if field.past else clock.today()
    if field.kind == Kind.CHOICE:
        with reading(actor) as session:
            return next(iter(labels(session, field)))
    return "tea" if field.kind == Kind.KEY else value(field, 1)


def saved(session: CrmSession, noun: str, id_: int, keys: list[str]) -> dict[str, Any]:
    record = records.get(session, noun, id_)
    return {"version": record.version, **{key: getattr(record, key) for key in keys}}
