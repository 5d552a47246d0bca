"""Take records out of their tables with what hangs on them, and their values out of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import delete, select, update

from db import journal
from db.base import Record
from db.batches import batches
from db.models import NOUNS, Attachment, Blob, ChangePayload, ChangeRow
from db.session import UNGUARDED, CrmSession
from db.undo import DEPTH

BATCH = 500
LOOSE = {**UNGUARDED, "synchronize_session": False}
HANGING = {"customer": ("customer_id", "other_id", "merged_into_id"), "order": ("order_id",), "tag": ("tag_id",)}
"""What names such a record in one of these columns goes with it."""
FORGOTTEN = {"contact", "follow_up"}
"""Other records forget that they named one of these; whatever else is still named stays."""
Doomed = dict[str, dict[int, int | None]]
"""By noun: the ids that go, each with its customer."""


def remove(session: CrmSession, noun: str, ids: Sequence[int]) -> int:
    """Remove up to BATCH records of a noun for good, unless others still name them; returns how many went, hanging ones not counted."""
    free = sorted(set(ids) - _still_named(session, noun, ids))
    doomed = _with_hanging(session, noun, free)
    for name, rows in doomed.items():
        if name in FORGOTTEN:
            _let_go(session, name, list(rows), doomed)
    digests = _digests(session, doomed)
    for name in sorted(doomed, key=lambda name: -DEPTH[name]):
        for some in batches(doomed[name], BATCH):
            session.execute(delete(NOUNS[name]).where(NOUNS[name].id.in_(some)), execution_options=LOOSE)
        forget(session, name, doomed[name])
        for id_, customer_id in doomed[name].items():
            journal.record_erasure(session, name, id_, customer_id)
    drop_blobs(session, digests)
    return len(free)


@cache
def _naming(noun: str) -> tuple[tuple[type[Record], str, bool], ...]:
    """Every column that may name a record of this noun: its model, its key, and whether it may be empty."""
    columns = ((model, attribute.key, attribute.columns[0]) for model in NOUNS.values() for attribute in model.__mapper__.column_attrs)
    return tuple((model, key, bool(column.nullable)) for model, key, column in columns for link in column.foreign_keys if link.column.table.name == noun)


def _hangs(noun: str, key: str) -> bool:
    return key in HANGING.get(noun, ())


def _still_named(session: CrmSession, noun: str, ids: Sequence[int]) -> set[int]:
    named: set[int] = set()
    for model, key, may_be_empty in _naming(noun):
        if not _hangs(noun, key) and not (noun in FORGOTTEN and may_be_empty):
            named |= set(session.scalars(select(getattr(model, key)).where(getattr(model, key).in_(ids)).distinct(), execution_options=UNGUARDED))
    return named


def _with_hanging(session: CrmSession, noun: str, ids: Sequence[int]) -> Doomed:
    doomed: Doomed = {noun: _with_customers(session, NOUNS[noun], NOUNS[noun].id.in_(ids))} if ids else {}
    for model, key, _ in _naming(noun) if ids else ():
        if _hangs(noun, key) and (found := _with_customers(session, model, getattr(model, key).in_(ids))):
            doomed.setdefault(model.__tablename__, {}).update(found)
    return doomed


def _with_customers(session: CrmSession, model: Any, condition: Any) -> dict[int, int | None]:
    customer = model.id if model.__tablename__ == "customer" else getattr(model, "customer_id", None)
    rows = session.execute(select(model.id, *([customer.label("of")] if customer is not None else [])).where(condition), execution_options=UNGUARDED)
    return {row[0]: row[1] if customer is not None else None for row in rows}


def _let_go(session: CrmSession, noun: str, ids: Sequence[int], doomed: Doomed) -> None:
    """Records that stay no longer name those that go, as a change of theirs; among those that go it is only done."""
    for model, key, _ in _naming(noun):
        leaving = doomed.get(model.__tablename__, {})
        for some in batches(ids, BATCH):
            naming = select(model).where(getattr(model, key).in_(some))
            for record in session.scalars(naming, execution_options={"with_deleted": True}).all():
                if record.id not in leaving:
                    setattr(record, key, None)
        for some in batches(leaving, BATCH):
            session.execute(update(model).where(model.id.in_(some)).values({key: None}), execution_options=LOOSE)
    session.flush()


def forget(session: CrmSession, noun: str, ids: Iterable[int]) -> None:
    """Take the values before and after every change of these records out of the journal; the chain holds without them."""
    for some in batches(ids, BATCH):
        rows = select(ChangeRow.id).where(ChangeRow.noun == noun, ChangeRow.record_id.in_(some))
        session.execute(delete(ChangePayload).where(ChangePayload.change_row_id.in_(rows)), execution_options=LOOSE)


def _digests(session: CrmSession, doomed: Doomed) -> set[str]:
    ids = list(doomed.get("attachment", ()))
    chosen = (select(Attachment.digest).where(Attachment.id.in_(some)) for some in batches(ids, BATCH))
    return {digest for statement in chosen for digest in session.scalars(statement, execution_options=UNGUARDED)}


def drop_blobs(session: CrmSession, digests: Iterable[str]) -> None:
    """Delete the content of files that nothing is attached by any more."""
    for some in batches(digests, BATCH):
        used = select(Attachment.digest).where(Attachment.digest.in_(some))
        session.execute(delete(Blob).where(Blob.digest.in_(some), Blob.digest.not_in(used)), execution_options=LOOSE)
