"""Every commit is one Change: audit, history, undo, recycle bin and data version come from it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, TextClause, event, func, inspect, select, text
from sqlalchemy.orm import Session

from db import clock
from db.base import Base, OfCustomer
from db.batches import batches
from db.fields import journalled_keys
from db.insertion import insert_all
from db.models import NOUNS, Change, ChangePayload, ChangeRow, Customer, JournalHead
from db.session import UNGUARDED, CrmSession

FIRST_DIGEST = "0" * 64
BATCH = 5000
PLUMBING = {"version", "updated_at"}
"""Columns that every write moves; alone they are no change."""
PLAIN = {str, int, bool, type(None)}

Line = tuple[dict[str, Any], dict[str, Any]]
"""A row of `change_row` and its row of `change_payload`."""
Seal = tuple[str, str]
"""The salt and the digest of a line."""
Noted = dict[tuple[str, int], tuple[tuple[Any, ...], Seal]]
"""By noun and number: a note, and its seal."""


def encode(value: Any) -> Any:
    """A value as the journal's JSON keeps it."""
    if type(value) in PLAIN:
        return value
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value) if isinstance(value, Decimal) else value


def decode(column: Any, value: Any) -> Any:
    """The journal's JSON back into the column's own type."""
    if value is None:
        return None
    kind = getattr(column.type, "impl_instance", column.type).python_type if not hasattr(column.type, "process_result_value") else None
    name = type(column.type).__name__
    if name in {"Money", "Hundredths"}:
        return Decimal(value)
    if name == "Instant":
        return datetime.fromisoformat(value)
    return cast(Any, kind).fromisoformat(value) if kind in {date, time} else value


@event.listens_for(CrmSession, "after_flush")
def _collect(session: CrmSession, _context: Any) -> None:
    for record in session.new:
        _note(session, record, "create", None, _snapshot(record, "create"))
    for record in session.deleted:
        _note(session, record, "delete", _snapshot(record, "delete"), None)
    for record in session.dirty:
        before, after = _difference(record) if _kept(record) else ({}, {})
        if after.keys() - PLUMBING:
            before["version"], after["version"] = record.version - 1, record.version
            _note(session, record, "update", before, after)


def _model(record: Any) -> type[Base]:
    return cast(type[Base], type(record))


def _kept(record: Any) -> bool:
    return isinstance(record, Base) and type(record).journalled


def _snapshot(record: Any, verb: str) -> dict[str, Any]:
    if not _kept(record):
        return {}
    if verb == "create":  # what was not set is empty
        loaded = vars(record)
        return {key: encode(loaded.get(key)) for key in journalled_keys(_model(record))}
    return {key: encode(getattr(record, key)) for key in journalled_keys(_model(record))}


def _difference(record: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    attributes = inspect(record).attrs
    for key in journalled_keys(_model(record)):
        history = attributes[key].history
        if history.added and history.added != history.deleted:
            before[key], after[key] = encode(history.deleted[0] if history.deleted else None), encode(history.added[0])
    return before, after


def _note(session: CrmSession, record: Any, verb: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    if not _kept(record):
        return
    notes = session.info.setdefault("journal", {})
    key = (type(record).__tablename__, record.id)
    if key in notes:
        verb, before, after = _joined(notes[key], verb, before, after)
    customer_id = record.id if isinstance(record, Customer) else record.customer_id if isinstance(record, OfCustomer) else None
    notes[key] = (verb, before, after, customer_id)


def noted(model: type[Base], rows: Iterable[Mapping[str, Any]]) -> Noted:
    """What the journal will say of new rows, by column; worked out before they are written."""
    noun, keys = model.__tablename__, journalled_keys(model)
    found: Noted = {}
    for row in rows:
        customer_id = row["id"] if model is Customer else row.get("customer_id") if issubclass(model, OfCustomer) else None
        note = ("create", None, {key: encode(row[key]) for key in keys}, customer_id)
        found[noun, row["id"]] = (note, _sealed(noun, row["id"], *note))
    return found


def note_created(session: CrmSession, lines: Noted) -> None:
    """Rows were inserted without an object for each."""
    session.info.setdefault("journal", {}).update({key: note for key, (note, _) in lines.items()})
    session.info.setdefault("noted", {}).update(lines)


def _joined(earlier: tuple[Any, ...], verb: str, before: Any, after: Any) -> tuple[str, Any, Any]:
    """Two flushes of one transaction are one change of the record."""
    first_verb, first_before, first_after, _ = earlier
    if verb == "delete":
        return ("none", None, None) if first_verb == "create" else ("delete", {**before, **(first_before or {})}, None)
    return first_verb, None if first_before is None else {**before, **first_before}, {**(first_after or {}), **after}


def touched(session: CrmSession) -> list[tuple[str, int, int | None, dict[str, Any], dict[str, Any]]]:
    """What the transaction changed so far, record by record: noun, id, customer, before, after. Bulk loads are not among it."""
    notes = session.info.get("journal", {})
    return [(noun, id_, customer, before or {}, after or {}) for (noun, id_), (_, before, after, customer) in notes.items() if id_ is not None]


def seal(session: CrmSession, action: str, note: str | None = None, undoes: int | None = None) -> int | None:
    """Write the transaction's Change, chained to the one before; None when there is nothing to undo."""
    session.flush()
    rows = [(key, values) for key, values in session.info.pop("journal", {}).items() if values[0] != "none"]
    if not rows and not session.info.pop("event", False):
        return None
    head = _take_head(session)
    written = [_line(session, head.change_id + 1, key, values) for key, values in rows]
    change = _write_change(session, head, action, note, undoes, [row["digest"] for row, _ in written], len(rows))
    if not written:
        return None
    _write_rows(session, written)
    return change


def record_event(session: CrmSession, note: str | None = None) -> None:
    """Something happened that changes no record, such as a sign-in: it becomes a Change without rows."""
    session.info["event"] = True
    session.info["note"] = note or session.info.get("note")


def record_load(session: CrmSession, noun: str, summary: dict[str, Any]) -> None:
    """Rows of a noun were loaded in bulk: one line without a record stands for them all."""
    session.info.setdefault("journal", {})[(noun, None)] = ("load", None, summary, None)


def record_erasure(session: CrmSession, noun: str, id_: int, customer_id: int | None) -> None:
    """A record's values were taken away for good: the line says which, and holds none of them."""
    session.info.setdefault("journal", {})[(noun, id_)] = ("erase", None, None, customer_id)


def _take_head(session: CrmSession) -> JournalHead:
    head = session.scalars(select(JournalHead).with_for_update(), execution_options=UNGUARDED).first()
    if head is None:
        head = JournalHead(id=1, change_id=0, digest=FIRST_DIGEST)
        session.add(head)
    return head


def _write_change(session: CrmSession, head: JournalHead, action: str, note: str | None, undoes: int | None, digests: list[str], count: int) -> int:
    head.change_id += 1
    change = Change(id=head.change_id, at=clock.now(), actor_id=session.actor.id, action=action, undoes_id=undoes, row_count=count)
    if note:
        change.note, change.note_salt = note, secrets.token_hex(16)
        change.note_digest = note_digest(change.note_salt, note)
    head.digest = change.digest = chain_digest(head.digest, change, digests)
    session.add(change)
    session.flush()
    return head.change_id


def _write_rows(session: CrmSession, written: list[Line]) -> None:
    first = (session.scalar(select(func.max(ChangeRow.id)), execution_options=UNGUARDED) or 0) + 1
    for number, (row, payload) in enumerate(written, first):
        row["id"] = payload["change_row_id"] = number
    connection = Session.connection(session)
    for batch in batches(written, BATCH):
        insert_all(connection, ChangeRow, [row for row, _ in batch])
        insert_all(connection, ChangePayload, [payload for _, payload in batch])


def _line(session: CrmSession, change_id: int, key: tuple[str, int], note: tuple[Any, ...]) -> Line:
    """The line of a record, with the seal that was worked out before, unless the record changed since."""
    before, sealed = session.info.get("noted", {}).get(key, (None, None))
    salt, digest = sealed if sealed and before is note else _sealed(*key, *note)
    (noun, id_), (verb, old, new, customer_id) = key, note
    row = {"change_id": change_id, "noun": noun, "record_id": id_, "customer_id": customer_id, "verb": verb, "digest": digest}
    return row, {"salt": salt, "before": old, "after": new}


def _sealed(noun: str, id_: int, verb: str, before: Any, after: Any, customer_id: int | None) -> Seal:
    salt = secrets.token_hex(16)
    return salt, row_digest(salt, noun, id_, customer_id, verb, before, after)


def row_digest(salt: str, noun: str, id_: int | None, customer_id: int | None, verb: str, before: Any, after: Any) -> str:
    return _sha256(salt, noun, id_, customer_id, verb, before, after)


def note_digest(salt: str, note: str) -> str:
    return _sha256(salt, note)


def chain_digest(previous: str, change: Change, digests: Iterable[str]) -> str:
    """The digest of a change after the one with the digest `previous`; digests: of its rows, in order."""
    return _sha256(previous, change.id, change.at.isoformat(), change.actor_id, change.action, change.note_digest, change.undoes_id, list(digests))


_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def _sha256(*parts: Any) -> str:
    return hashlib.sha256(_canonical(parts).encode()).hexdigest()


def last_at(session: Session) -> datetime | None:
    """When the last change was written."""
    return session.scalar(select(func.max(Change.at)), execution_options=UNGUARDED)


def versions(session: Session) -> dict[str, int]:
    """The number of the last change of every noun: what a cached answer was true for."""
    answer = session.execute(_latest_of_each(session.get_bind().dialect), execution_options=UNGUARDED).one()
    return {noun: number or 0 for noun, number in zip(NOUNS, answer, strict=True)}


@cache
def _latest_of_each(dialect: Dialect) -> TextClause:
    """Spelled out once: it is asked for every page, and to look up how it is spelled would take longer than to answer it."""
    latest = [select(func.max(ChangeRow.change_id)).where(ChangeRow.noun == noun).scalar_subquery() for noun in NOUNS]
    return text(str(select(*latest).compile(dialect=dialect, compile_kwargs={"literal_binds": True})))
