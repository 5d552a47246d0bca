"""Erase a person: the record stays countable, whoever it was is gone from rows, journal and search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import delete, func, or_, select, update

from db import clock, derived, journal, match_keys
from db.base import OfCustomer, Record
from db.erasure.removal import LOOSE, remove
from db.erasure.traces import Traces, forget_notes, same_elsewhere, sweep, told
from db.fields import Field, Kind, derived_from, fields_of
from db.models import NOUNS, ChangePayload, ChangeRow, Contact, Customer
from db.session import UNGUARDED, CrmSession

TYPED = {Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL}
REFERENCES = {"sheet", "wave"}
"""What was typed, but names a round or a sheet and no person."""
IN_THE_BIN_TOO = {"with_deleted": True}
PARTS = tuple(noun for noun, model in NOUNS.items() if issubclass(model, OfCustomer) and noun != "attachment")


@dataclass(frozen=True)
class Held:
    """What is held about a person: how many records of each noun, how many lines of the journal, and who else bears the same number or address."""

    records: dict[str, int]
    entries: int
    elsewhere: list[tuple[str, int, str]]


def held(session: CrmSession, person: Record) -> Held:
    own = own_records(session, person, with_files=True)
    counts: dict[str, int] = {}
    for record in own:
        counts[record.__tablename__] = counts.get(record.__tablename__, 0) + 1
    entries = session.scalar(select(func.count()).select_from(ChangeRow).where(_lines(session, person)), execution_options=UNGUARDED) or 0
    return Held(counts, entries, list(same_elsewhere(session, traces_of(session, person, own), {(row.__tablename__, row.id) for row in own})))


def own_records(session: CrmSession, person: Record, with_files: bool = False) -> list[Record]:
    """The person, and of a customer everything that hangs on it, in the bin or not."""
    if isinstance(person, Contact):
        return [person]
    ids = known_as(session, person)
    found: list[Record] = list(session.scalars(select(Customer).where(Customer.id.in_(ids)), execution_options=IN_THE_BIN_TOO))
    for noun in (*PARTS, *(("attachment",) if with_files else ())):
        model: Any = NOUNS[noun]
        found += session.scalars(select(model).where(model.customer_id.in_(ids)).order_by(model.id), execution_options=IN_THE_BIN_TOO)
    return found


def known_as(session: CrmSession, person: Record) -> list[int]:
    """The customer, and the customers that were merged into it."""
    found, merged = [person.id], [person.id]
    while merged:
        merged = list(session.scalars(select(Customer.id).where(Customer.merged_into_id.in_(merged)), execution_options=IN_THE_BIN_TOO))
        found += merged
    return found


def _lines(session: CrmSession, person: Record) -> Any:
    if isinstance(person, Contact):
        return (ChangeRow.noun == person.__tablename__) & (ChangeRow.record_id == person.id)
    ids = known_as(session, person)
    return or_((ChangeRow.noun == person.__tablename__) & ChangeRow.record_id.in_(ids), ChangeRow.customer_id.in_(ids))


def traces_of(session: CrmSession, person: Record, own: list[Record]) -> Traces:
    """What the person is called now and was called ever; of a customer, its contacts too."""
    payloads = select(ChangePayload).join(ChangeRow, ChangeRow.id == ChangePayload.change_row_id)
    past = session.scalars(payloads.where(_lines(session, person), ChangeRow.noun.in_(("customer", "contact"))), execution_options=UNGUARDED)
    pairs = [pair for payload in past for pair in told(payload)]
    for record in own:
        if isinstance(record, Customer | Contact):
            pairs += [(field.key, getattr(record, field.key)) for field in fields_of(type(record))]
    return Traces.of(pairs)


def erase_person(session: CrmSession, person: Record) -> None:
    """Blank the person's records, forget their history, redact their name and numbers elsewhere. The change that says so holds none of it."""
    own = own_records(session, person)
    traces = traces_of(session, person, own)
    customer_id = person.id if isinstance(person, Customer) else cast(Contact, person).customer_id
    touched = known_as(session, person) if isinstance(person, Customer) else [customer_id]
    if isinstance(person, Customer):
        model: Any = NOUNS["attachment"]
        files = session.scalars(select(model.id).where(model.customer_id.in_(touched)), execution_options=IN_THE_BIN_TOO).all()
        remove(session, "attachment", files)
    for record in own:
        session.expunge(record)
        session.execute(update(type(record)).where(type(record).id == record.id).values(blanked(record)), execution_options=LOOSE)
        journal.record_erasure(session, record.__tablename__, record.id, customer_id)
    lines = select(ChangeRow.id).where(_lines(session, person))
    session.execute(delete(ChangePayload).where(ChangePayload.change_row_id.in_(lines)), execution_options=LOOSE)
    sweep(session, traces)
    forget_notes(session, traces, {code for record in own if (code := getattr(record, "code", None)) and not _is_ours(record, code)})
    session.expire_all()
    derived.refresh_search(session, touched)
    match_keys.refresh(session, touched)


def blanked(record: Record) -> dict[str, Any]:
    """The columns of a record without what people typed and without personal data; what was picked, counted or dated stays."""
    model = type(record)
    values = {field.key: _blank(record, field) for field in fields_of(model) if _tells(field)}
    for key, value in (("custom", {}), ("erased_on", clock.today())):
        if hasattr(record, key):
            values[key] = value
    columns = {attribute.key: attribute.columns[0] for attribute in model.__mapper__.column_attrs}
    after = SimpleNamespace(**{key: getattr(record, key) for key in columns} | values)
    model.derive(cast(Record, after))
    worked_out = {key: getattr(after, key) for key, column in columns.items() if derived_from(column) and getattr(after, key) != getattr(record, key)}
    return {**values, **worked_out, "version": record.version + 1, "updated_at": clock.now()}


def _tells(field: Field) -> bool:
    return field.personal or (field.kind in TYPED and field.key not in REFERENCES)


def _blank(record: Record, field: Field) -> Any:
    """A required name becomes the short code; a code that people made up becomes one of ours."""
    if not (field.required or field.unique):
        return None
    code = str(getattr(record, "code", "") or f"{record.prefix}-{record.id:04d}")
    return code if _is_ours(record, code) else f"{record.prefix}-{record.id:04d}-X"


def _is_ours(record: Record, code: str) -> bool:
    return re.fullmatch(rf"{record.prefix}-\d+", code) is not None
