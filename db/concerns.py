"""Which changes concern an actor: an answer, or a page, need not be made anew because colleagues write about customers whom the actor does not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from db import standing
from db.derived import FOLLOWERS
from db.dialect import among
from db.models import Attachment, ChangePayload, ChangeRow, Contact, Customer
from db.policy import Actor, Scope, scope
from db.session import UNGUARDED, CrmSession

OF_CUSTOMERS = {model.__tablename__ for model in FOLLOWERS} - {Contact.__tablename__, Attachment.__tablename__}
"""Nouns whose rows are seen by whoever sees the customer. Duplicates are looked for by contacts, and erased people in files, of all customers."""
MANY = 1000
"""After so many changes it is not asked any more which of them concern whom."""


@dataclass(frozen=True)
class Known:
    """newest: the change up to which it was asked; versions: by noun the last change that concerns."""

    newest: int
    versions: Mapping[str, int]


_known: dict[tuple[Any, ...], Known] = {}


def visibility(actor: Actor) -> tuple[Any, ...]:
    """What decides which rows an actor sees: two actors with the same key may share an answer."""
    widest = scope(actor, "read", "customer")
    if widest == Scope.TEAM and actor.team_id:
        return actor.workspace, actor.role, "team", actor.team_id
    return actor.workspace, actor.role, "all" if widest == Scope.ALL else "own", None if widest == Scope.ALL else actor.id


def versions(session: CrmSession) -> Mapping[str, int]:
    """The number of the last change of every noun that concerns the session's actor.

    A change of customers, users or settings concerns everybody, so it does not matter that a customer changes hands later.
    """
    everything, seen = standing.versions(session), (standing.place(session), *visibility(session.actor))
    newest, before = max(everything.values()), _known.get(seen)
    if scope(session.actor, "read", "customer") == Scope.ALL or (before and newest < before.newest):
        return everything
    if before and newest == before.newest:
        return before.versions
    found = Known(newest, _later(session, before, everything) if before else everything)
    _known[seen] = found
    return found.versions


def _later(session: CrmSession, before: Known, everything: Mapping[str, int]) -> Mapping[str, int]:
    """What was known, and the changes since. After a restore the change that was the newest is gone, and everything counts anew."""
    columns = (ChangeRow.change_id, ChangeRow.noun, ChangeRow.customer_id, ChangeRow.verb, ChangePayload.before)
    since = select(*columns).outerjoin(ChangePayload, ChangePayload.change_row_id == ChangeRow.id).where(ChangeRow.change_id >= before.newest)
    rows = session.execute(since.order_by(ChangeRow.change_id).limit(MANY), execution_options=UNGUARDED).all()
    if len(rows) == MANY or rows[0].change_id != before.newest:
        return everything
    customers = {row.customer_id for row in rows}
    mine = set(session.scalars(select(Customer.id).where(among(Customer.id, customers)), execution_options={"with_deleted": True})) | {None}
    later = {row.noun: row.change_id for row in rows if row.customer_id in mine or _concerns_all(row)}
    return {**before.versions, **later}


def _concerns_all(row: Any) -> bool:
    return row.noun not in OF_CUSTOMERS or row.verb == "erase" or (row.verb == "update" and "customer_id" in row.before)


def forget() -> None:
    """Another database stands in the place of the one before (tests)."""
    _known.clear()
