"""Take back a change, whatever it was: an edit, a bulk assignment, a deletion, a whole import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field as member
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from db import journal
from db.batches import batches
from db.dialect import among
from db.engine import transaction
from db.errors import Conflict, Forbidden, Gone, Invalid
from db.fields import fields_of
from db.models import NOUNS, Base, Change, ChangePayload, ChangeRow, Record
from db.policy import Actor, Scope, scope
from db.session import UNGUARDED, CrmSession

BATCH = 5000
KEPT = {*journal.PLUMBING, "created_at", "created_by_id", "id"}
"""Columns that are no content: they are not compared and not put back."""
DEPTH = {table.name: depth for depth, table in enumerate(Base.metadata.sorted_tables)}
"""A table stands after the tables that it links to."""
FROM_CUSTOMERS = {"lead.receive", "survey.answer"}
"""What customers send through public pages; when they want no surveys, that stands."""
Entry = tuple[ChangeRow, ChangePayload | None]


@dataclass
class Steps:
    """What has to happen to take back a batch of rows; edits are made on the way.

    held: the records of the batch, because the session keeps only what somebody holds.
    """

    held: list[Record]
    back: list[Record] = member(default_factory=list)
    gone: list[Record] = member(default_factory=list)
    conflicts: dict[str, tuple[Any, Any]] = member(default_factory=dict)


def undo(actor: Actor, change_id: int, force: bool = False) -> int | None:
    """Take back one change as a change of its own; undoing an undo is a redo. Returns its number.

    Raises Conflict (field -> now, before) where somebody changed the row since, unless `force`;
    Forbidden where the actor may not write the rows or the change is another's and not the team's, Gone where the actor may not even see them.
    """
    with transaction(actor, "undo", undoes=change_id) as session:
        session.info["taking_back"] = True
        session.info["note"] = _undoable(session, change_id).action
        conflicts: dict[str, tuple[Any, Any]] = {}
        for entries in _backwards(session, change_id):
            steps = _steps(session, entries, force)
            conflicts.update(steps.conflicts)
            if not conflicts:
                _take(session, steps)
            session.expunge_all()
        if conflicts:
            raise Conflict(conflicts)
    number: int | None = session.info.get("change_id")
    return number


def is_sent_by_customer(actor_id: int | None, action: str) -> bool:
    """Whether nobody of the house made the change: a manager of the team that it fell to may take it back."""
    return actor_id is None and action in FROM_CUSTOMERS


def _undoable(session: CrmSession, change_id: int) -> Change:
    change = session.get(Change, change_id, execution_options=UNGUARDED)
    if change is None:
        raise Gone
    sent = is_sent_by_customer(change.actor_id, change.action)
    if change.actor_id is None and not sent and session.actor.role != "system":
        raise Invalid.because("This change cannot be undone.")
    mine = change.actor_id is not None and change.actor_id == session.actor.id
    within = scope(session.actor, "read", "audit")
    team_s = within == Scope.TEAM and (sent or change.actor_id in session.visible_owners(within))  # of what was sent, each row is checked as it is written
    if not (mine or team_s or within == Scope.ALL):
        raise Forbidden
    if session.scalar(select(Change.id).where(Change.undoes_id == change_id).limit(1), execution_options=UNGUARDED):
        raise Invalid.because("This was already undone.")
    return change


def _backwards(session: CrmSession, change_id: int) -> Iterator[list[Entry]]:
    """The rows of a change, the last first: all at once, or in batches where there are many."""
    below = None
    statement = select(ChangeRow, ChangePayload).outerjoin(ChangePayload, ChangePayload.change_row_id == ChangeRow.id)
    statement = statement.where(ChangeRow.change_id == change_id).order_by(ChangeRow.id.desc()).limit(BATCH)
    while rows := session.execute(statement.where(ChangeRow.id < below) if below else statement, execution_options=UNGUARDED).all():
        below = rows[-1][0].id
        yield [(row, payload) for row, payload in rows]


def _steps(session: CrmSession, entries: Sequence[Entry], force: bool) -> Steps:
    steps = Steps(_preloaded(session, [row for row, _ in entries]))
    with session.no_autoflush:
        for row, payload in entries:
            _take_back(session, steps, row, payload, force)
    return steps


def _preloaded(session: CrmSession, rows: list[ChangeRow]) -> list[Record]:
    """All records of a change in few questions."""
    found: list[Record] = []
    for some in batches(rows, 1000):
        ids: dict[str, list[int]] = {}
        for row in some:
            ids.setdefault(row.noun, []).append(row.record_id or 0)
        for noun, numbers in ids.items():
            found += session.scalars(select(NOUNS[noun]).where(among(NOUNS[noun].id, numbers)), execution_options={"with_deleted": True})
    return found


def _take_back(session: CrmSession, steps: Steps, row: ChangeRow, payload: ChangePayload | None, force: bool) -> None:
    if payload is None or row.record_id is None or row.verb == "erase":
        raise Invalid.because("This change cannot be undone.")
    model = NOUNS[row.noun]
    before = _decoded(model, payload.before or {})
    if row.verb == "delete":
        steps.back.append(model(**before))
        return
    record = session.get(model, row.record_id, execution_options={"with_deleted": True})
    if record is None:
        raise Gone
    after = {key: value for key, value in _decoded(model, payload.after or {}).items() if key not in KEPT}
    changed = {key for key, value in after.items() if getattr(record, key) != value}
    if changed and not force:
        steps.conflicts.update({key: (journal.encode(getattr(record, key)), journal.encode(before.get(key))) for key in changed})
    elif row.verb == "create":
        steps.gone.append(record)
    else:
        for key in after:
            setattr(record, key, before.get(key))


def _decoded(model: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    columns = {attribute.key: attribute.columns[0] for attribute in model.__mapper__.column_attrs}
    return {key: journal.decode(columns[key], value) for key, value in values.items() if key in columns}


def _take(session: CrmSession, steps: Steps) -> None:
    """Write the steps in an order that keeps every link whole: first what others need, last what needs others."""
    try:
        for records in _waves(steps.back):
            session.add_all(records)
            session.flush()
        session.flush()
        for records in reversed(list(_waves(steps.gone))):
            for record in records:
                session.delete(record)
            session.flush()
    except IntegrityError as error:
        raise Invalid.because("Later records depend on this; undo those first.") from error


def _waves(records: Sequence[Record]) -> Iterator[list[Record]]:
    """The records in an order in which they may be written: noun by noun, and in a noun first those that others are part of."""
    ordered = sorted(records, key=lambda record: (DEPTH[record.__tablename__], record.id))
    for noun, group in groupby(ordered, key=lambda record: record.__tablename__):
        own_links = [field.key for field in fields_of(NOUNS[noun]) if field.target == noun]
        waiting = {record.id: record for record in group}
        while waiting:
            ready = [record for record in waiting.values() if not any(getattr(record, key) in waiting for key in own_links)] or list(waiting.values())
            yield ready
            for record in ready:
                del waiting[record.id]
