"""What happened, and how to take it back: audit, field history, undo, recycle bin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from db import journal, records
from db.engine import transaction
from db.errors import Conflict, Forbidden, Gone, Invalid
from db.models import NOUNS, Change, ChangePayload, ChangeRow, Record, User
from db.policy import Actor, Scope, scope
from db.session import UNGUARDED, CrmSession

PLUMBING = {*journal.PLUMBING, "created_at", "created_by_id", "id"}


def changes_of(session: CrmSession, noun: str, id_: int, limit: int = 50) -> list[dict[str, Any]]:
    """The history of one record that the actor may see, newest first."""
    records.get(session, noun, id_, with_deleted=True)
    return _entries(session, _joined().where(ChangeRow.noun == noun, ChangeRow.record_id == id_).order_by(ChangeRow.id.desc()).limit(limit))


def changes_around(session: CrmSession, customer_id: int, limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
    """Everything that was changed on a customer and what hangs on it, newest first."""
    records.get(session, "customer", customer_id)
    return _entries(
        session, _joined().where(ChangeRow.customer_id == customer_id).order_by(ChangeRow.change_id.desc(), ChangeRow.id.desc()).limit(limit).offset(offset)
    )


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


def undo(actor: Actor, change_id: int, force: bool = False) -> int | None:
    """Take back one change as a change of its own; undoing an undo is a redo. Returns its number.

    Raises Conflict (field -> now, before) where somebody changed the row since, unless `force`;
    Forbidden where the actor may not write the rows or the change is another's and not the team's.
    """
    with transaction(actor, "undo", undoes=change_id) as session:
        change = _undoable(session, change_id)
        rows = session.execute(
            select(ChangeRow, ChangePayload)
            .outerjoin(ChangePayload, ChangePayload.change_row_id == ChangeRow.id)
            .where(ChangeRow.change_id == change.id)
            .order_by(ChangeRow.id.desc()),
            execution_options=UNGUARDED,
        ).all()
        session.info["note"] = change.action
        held = _preloaded(session, [row for row, _ in rows])  # noqa: F841  keeps the records in the session's weak map
        conflicts: dict[str, tuple[Any, Any]] = {}
        for row, payload in rows:
            conflicts.update(_take_back(session, row, payload, force))
        if conflicts:
            raise Conflict(conflicts)
        _flush_or_explain(session)
    number: int | None = session.info.get("change_id")
    return number


def _undoable(session: CrmSession, change_id: int) -> Change:
    change = session.get(Change, change_id, execution_options=UNGUARDED)
    if change is None:
        raise Gone
    if change.actor_id is None and session.actor.role != "system":
        raise Invalid.because("This change cannot be undone.")
    mine = change.actor_id is not None and change.actor_id == session.actor.id
    within = scope(session.actor, "read", "audit")
    team_s = within == Scope.TEAM and change.actor_id in session.visible_owners(within)
    if not (mine or team_s or within == Scope.ALL):
        raise Forbidden
    if session.scalar(select(Change.id).where(Change.undoes_id == change_id).limit(1), execution_options=UNGUARDED):
        raise Invalid.because("This was already undone.")
    return change


def _preloaded(session: CrmSession, rows: list[ChangeRow]) -> list[Record]:
    """All records of a change in few questions."""
    found: list[Record] = []
    for start in range(0, len(rows), 1000):
        ids: dict[str, list[int]] = {}
        for row in rows[start : start + 1000]:
            ids.setdefault(row.noun, []).append(row.record_id or 0)
        for noun, numbers in ids.items():
            found += session.scalars(select(NOUNS[noun]).where(NOUNS[noun].id.in_(numbers)), execution_options={"with_deleted": True})
    return found


def _take_back(session: CrmSession, row: ChangeRow, payload: ChangePayload | None, force: bool) -> dict[str, tuple[Any, Any]]:
    if payload is None or row.record_id is None:
        raise Invalid.because("This change cannot be undone.")
    model = NOUNS[row.noun]
    record = session.get(model, row.record_id, execution_options={"with_deleted": True})
    if row.verb == "delete":
        session.add(model(**_decoded(model, payload.before or {})))
        return {}
    if record is None:
        raise Gone
    after = {key: value for key, value in (payload.after or {}).items() if key not in PLUMBING}
    now = {key: journal.encode(getattr(record, key)) for key in after}
    changed = {key: (now[key], (payload.before or {}).get(key)) for key in after if now[key] != after[key]}
    if changed and not force:
        return changed
    if row.verb == "create":
        session.delete(record)
    else:
        _put_back(record, {key: (payload.before or {}).get(key) for key in after})
    return {}


def _put_back(record: Record, before: Mapping[str, Any]) -> None:
    for key, value in _decoded(type(record), before).items():
        setattr(record, key, value)


def _decoded(model: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    columns = {attribute.key: attribute.columns[0] for attribute in model.__mapper__.column_attrs}
    return {key: journal.decode(columns[key], value) for key, value in values.items() if key in columns}


def _flush_or_explain(session: CrmSession) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Invalid.because("Later records depend on this; undo those first.") from error


def recycle_bin(session: CrmSession, noun: str, limit: int = 50, offset: int = 0) -> list[Record]:
    """Deleted records of a noun that the actor may see, newest first."""
    model = NOUNS[noun]
    statement = select(model).where(model.deleted_at.is_not(None)).order_by(model.deleted_at.desc()).limit(limit).offset(offset)
    return list(session.scalars(statement, execution_options={"with_deleted": True}))
