"""Read, save and delete any noun: permission, validation, conflicts, write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from db import clock, journal, short_codes
from db.choices import fields_for, labels
from db.errors import Conflict, Forbidden, Gone, Invalid, Message
from db.fields import Field, Kind
from db.models import NOUNS, ChangePayload, ChangeRow, Customer, CustomerTag, Record
from db.policy import require
from db.session import UNGUARDED, CrmSession
from db.validation import Refused, clean


def get(session: CrmSession, noun: str, id_: int | None, with_deleted: bool = False) -> Record:
    """The record; raises Gone when there is none that the actor may see."""
    require(session.actor, "read", noun)
    record = session.get(NOUNS[noun], id_, execution_options={"with_deleted": with_deleted}) if id_ is not None else None
    if record is None or (record.deleted_at and not with_deleted):
        raise Gone
    return record


def merged_into(session: CrmSession, id_: int | None) -> int | None:
    """The customer that took over a merged one, at the end of the chain, so that old links lead on; None for any other."""
    heir, seen = id_, set[int]()
    while heir and heir not in seen:
        seen.add(heir)
        heir = session.scalar(select(Customer.merged_into_id).where(Customer.id == heir), execution_options=UNGUARDED) or heir
    return heir if heir != id_ else None


def create(session: CrmSession, noun: str, values: Mapping[str, Any], skip: Iterable[str] = ()) -> Record:
    """A new record from the values of a form or a file's row. Raises Invalid with a message per field."""
    require(session.actor, "create", noun)
    record = NOUNS[noun]()
    cleaned = validated(session, noun, values, [field for field in fields_for(session, noun) if field.editable and field.key not in skip])
    assign(record, cleaned)
    short_codes.give(session, record)
    _check_unique(session, record, cleaned)
    session.add(record)
    _write(session)
    return record


def update(session: CrmSession, noun: str, id_: int, values: Mapping[str, Any], version: int | None = None) -> Record:
    """Change the given fields. `version` is what the form was opened with: fields that somebody else changed
    since raise Conflict if I changed them too, and keep the other's value if I did not."""
    require(session.actor, "update", noun)
    record = get(session, noun, id_)
    known = [field for field in fields_for(session, noun) if field.key in values and field.editable]
    cleaned = validated(session, noun, values, known)
    _check_fixed(record, cleaned, known)
    if version is not None and version != record.version:
        cleaned = _merged(session, record, cleaned, version)
    _check_unique(session, record, cleaned)
    assign(record, cleaned)
    _write(session)
    return record


def _write(session: CrmSession) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid.because("There is such a record already.") from error


def _check_fixed(record: Record, values: Mapping[str, Any], fields: Iterable[Field]) -> None:
    changed = [field.key for field in fields if field.fixed and values[field.key] != value_of(record, field)]
    if changed:
        raise Invalid({key: Message("This cannot be changed later.") for key in changed})


def validated(
    session: CrmSession, noun: str, values: Mapping[str, Any], fields: Iterable[Field], words: Mapping[str, dict[str, str]] | None = None
) -> dict[str, Any]:
    """The clean value of every field; raises Invalid with all problems at once.

    words: the allowed codes of choice fields, where many rows are checked with the same.
    """
    cleaned: dict[str, Any] = {}
    problems: dict[str, Message] = {}
    for field in fields:
        try:
            codes = (words or {}).get(field.key) or labels(session, field) if field.kind in {Kind.CHOICE, Kind.CHOICES} else None
            if field.key in values or field.required:
                cleaned[field.key] = clean(field, values.get(field.key), codes)
        except Refused as refused:
            problems[field.key] = refused.message
    if problems:
        raise Invalid(problems)
    return cleaned


def assign(record: Record, values: Mapping[str, Any]) -> None:
    """Put clean values on a record; those of users' own fields into their JSON."""
    own = {attribute.key for attribute in type(record).__mapper__.column_attrs}
    custom = {key: journal.encode(value) for key, value in values.items() if key not in own}
    for key, value in values.items():
        if key in own and getattr(record, key) != value:
            setattr(record, key, value)
    before = (getattr(record, "custom", None) or {}) if custom else {}
    if custom and {**before, **custom} != before:
        record.custom = {**before, **custom}  # type: ignore[attr-defined]


def value_of(record: Record, field: Field) -> Any:
    """The field's value; those of users' own fields are read back from their JSON."""
    if not field.custom:
        return getattr(record, field.key)
    kept = (getattr(record, "custom", None) or {}).get(field.key)
    if kept is None:
        return None
    return date.fromisoformat(kept) if field.kind == Kind.DATE else Decimal(kept) if field.kind == Kind.MONEY else kept


def _check_unique(session: CrmSession, record: Record, values: Mapping[str, Any]) -> None:
    for field in fields_for(session, type(record).__tablename__):
        value = values.get(field.key)
        if field.unique and value and value != getattr(record, field.key) and _is_taken(session, record, field.key, value):
            raise Invalid.because("“{value}” is already in use.", field.key, value=value)
        if field.unique and value and record.id is None and _is_taken(session, record, field.key, value):
            raise Invalid.because("“{value}” is already in use.", field.key, value=value)


def _is_taken(session: CrmSession, record: Record, key: str, value: Any) -> bool:
    """Whether any row has the value, seen by the actor or not, in the recycle bin or not."""
    model = type(record)
    with session.no_autoflush:
        statement = select(model.id).where(getattr(model, key) == value, model.id != (record.id or 0)).limit(1)
        return session.scalar(statement, execution_options=UNGUARDED) is not None


def _merged(session: CrmSession, record: Record, mine: dict[str, Any], version: int) -> dict[str, Any]:
    """My values less those that only somebody else changed since `version`; raises Conflict where both did."""
    shown = _changed_since(session, record, version)
    conflicts, result = {}, {}
    for key, value in mine.items():
        theirs = _kept(record, key)
        untouched = key in shown and journal.encode(value) == shown[key]
        if key in shown and not untouched and journal.encode(value) != journal.encode(theirs):
            conflicts[key] = (value, theirs)
        if not untouched:
            result[key] = value
    if conflicts:
        raise Conflict(conflicts)
    return result


def _kept(record: Record, key: str) -> Any:
    return getattr(record, key) if hasattr(record, key) else (getattr(record, "custom", None) or {}).get(key)


def _changed_since(session: CrmSession, record: Record, version: int) -> dict[str, Any]:
    """For each field changed since that version: the value the form was opened with."""
    rows = (
        select(ChangePayload.before, ChangePayload.after)
        .join(ChangeRow)
        .where(ChangeRow.noun == type(record).__tablename__, ChangeRow.record_id == record.id, ChangeRow.verb == "update")
        .order_by(ChangeRow.id.desc())
        .limit(200)
    )
    found: dict[str, Any] = {}
    for before, after in session.execute(rows, execution_options=UNGUARDED):
        if before is None or before.get("version", 0) < version:
            break
        found.update(before)
        own, now = before.get("custom") or {}, (after or {}).get("custom") or {}
        found.update({key: own.get(key) for key in own.keys() | now.keys() if own.get(key) != now.get(key)})
    return found


def delete(session: CrmSession, noun: str, id_: int) -> Record:
    """Move a record, and what hangs on a customer, to the recycle bin."""
    require(session.actor, "delete", noun)
    record = get(session, noun, id_)
    at = clock.now()
    for item in (*_followers(session, record), record):
        item.deleted_at = at
    session.flush()
    return record


def _followers(session: CrmSession, record: Record) -> list[Record]:
    if type(record).__tablename__ not in {"customer", "order"}:
        return []
    key = f"{type(record).__tablename__}_id"
    models = [model for model in NOUNS.values() if hasattr(model, key)]
    return [row for model in models for row in session.scalars(select(model).where(getattr(model, key) == record.id))]


def restore(session: CrmSession, noun: str, id_: int) -> Record:
    """Bring a record back from the recycle bin, with what was deleted together with it."""
    require(session.actor, "delete", noun)
    record = get(session, noun, id_, with_deleted=True)
    at, key = record.deleted_at, f"{noun}_id"
    if at is None:
        return record
    models = [model for model in NOUNS.values() if hasattr(model, key)] if noun in {"customer", "order"} else []
    for model in models:
        same = select(model).where(getattr(model, key) == id_, model.deleted_at == at)
        for row in session.scalars(same, execution_options={"with_deleted": True}):
            row.deleted_at = None
    record.deleted_at = None
    if isinstance(record, Customer):
        record.merged_into_id = None
    session.flush()
    return record


def set_tags(session: CrmSession, customer_id: int, tag_ids: Iterable[int]) -> None:
    """Let the customer carry exactly these tags."""
    get(session, "customer", customer_id)
    if not session.writes:
        raise Forbidden
    now = {row.tag_id: row for row in session.scalars(select(CustomerTag).where(CustomerTag.customer_id == customer_id))}
    wanted = set(tag_ids)
    for tag_id in wanted - now.keys():
        session.add(CustomerTag(customer_id=customer_id, tag_id=tag_id))
    for tag_id in now.keys() - wanted:
        session.delete(now[tag_id])
    session.flush()
