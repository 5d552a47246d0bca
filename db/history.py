"""What happened, and how to take it back: audit, field history, recycle bin; `undo` stands in its own file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from db import journal, records
from db.errors import Forbidden
from db.models import NOUNS, Change, ChangePayload, ChangeRow, Customer, Record, User
from db.policy import Scope, scope
from db.session import UNGUARDED, CrmSession
from db.undo import is_sent_by_customer, undo

__all__ = ["audit", "changes_around", "changes_of", "is_sent_by_customer", "recycle_bin", "undo"]

PLUMBING = {*journal.PLUMBING, "created_at", "created_by_id", "id"}


def changes_of(session: CrmSession, noun: str, id_: int, limit: int = 50) -> list[dict[str, Any]]:
    """The history of one record that the actor may see, newest first."""
    records.get(session, noun, id_, with_deleted=True)
    return _entries(session, _joined().where(ChangeRow.noun == noun, ChangeRow.record_id == id_).order_by(ChangeRow.id.desc()).limit(limit))


def changes_around(session: CrmSession, customer_id: int, limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
    """Everything that was changed on a customer, on those that were merged into it, and what hangs on them, newest first."""
    records.get(session, "customer", customer_id)
    merged = session.scalars(select(Customer.id).where(Customer.merged_into_id == customer_id), execution_options=UNGUARDED)
    around = _joined().where(ChangeRow.customer_id.in_([customer_id, *merged]))
    return _entries(session, around.order_by(ChangeRow.change_id.desc(), ChangeRow.id.desc()).limit(limit).offset(offset))


def _joined() -> Select[Any]:
    columns = (
        Change.id,
        Change.at,
        Change.actor_id,
        Change.action,
        ChangeRow.noun,
        ChangeRow.record_id,
        ChangeRow.verb,
        ChangePayload.before,
        ChangePayload.after,
    )
    return select(*columns).join(ChangeRow, ChangeRow.change_id == Change.id).outerjoin(ChangePayload, ChangePayload.change_row_id == ChangeRow.id)


def _entries(session: CrmSession, statement: Select[Any]) -> list[dict[str, Any]]:
    rows = session.execute(statement, execution_options=UNGUARDED).all()
    names = _names(session, {row.actor_id for row in rows})
    return [{**row._mapping, "actor": names.get(row.actor_id, ""), "fields": _fields(row.before, row.after)} for row in rows]


def _names(session: CrmSession, ids: set[int | None]) -> dict[int | None, str]:
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids - {None})), execution_options={"with_deleted": True})
    return {id_: name for id_, name in rows}


def _fields(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[tuple[str, Any, Any]]:
    keys = [key for key in (after or before or {}) if key not in PLUMBING]
    pairs = [(key, (before or {}).get(key), (after or {}).get(key)) for key in keys]
    return [pair for pair in pairs if pair[1] != pair[2] and not (pair[1] in (None, "", {}, []) and pair[2] in (None, "", {}, []))]


def audit(session: CrmSession, limit: int = 50, offset: int = 0, actor_id: int | None = None, action: str = "") -> list[dict[str, Any]]:
    """All changes, newest first; a manager sees those of the team."""
    within = scope(session.actor, "read", "audit")
    if within == Scope.NONE:
        raise Forbidden
    statement = select(Change.id, Change.at, Change.actor_id, Change.action, Change.note, Change.row_count, Change.undoes_id).order_by(Change.id.desc())
    if within == Scope.TEAM:
        statement = statement.where(Change.actor_id.in_(session.visible_owners(within)))
    if actor_id:
        statement = statement.where(Change.actor_id == actor_id)
    if action:
        statement = statement.where(Change.action == action)
    rows = session.execute(statement.limit(limit).offset(offset), execution_options=UNGUARDED).all()
    names = _names(session, {row.actor_id for row in rows})
    return [{**row._mapping, "actor": names.get(row.actor_id, "")} for row in rows]


def recycle_bin(session: CrmSession, noun: str, limit: int = 50, offset: int = 0) -> list[Record]:
    """Deleted records of a noun that the actor may see, newest first."""
    model = NOUNS[noun]
    statement = select(model).where(model.deleted_at.is_not(None)).order_by(model.deleted_at.desc()).limit(limit).offset(offset)
    return list(session.scalars(statement, execution_options={"with_deleted": True}))
