"""The recycle bin is emptied of what has lain there long enough."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from db import clock, erasure
from db.engine import reading, transaction
from db.models import NOUNS, Customer
from db.policy import SYSTEM
from db.undo import DEPTH

DAYS = 30
KEPT = {"user", "option", "custom_field", "organisation"}
"""The journal and old records name these; they stay in the bin."""


def empty_daily(workspace: str, _day: str) -> None:
    empty_bin(workspace)


def empty_bin(workspace: str) -> int:
    """Remove for good whatever was deleted more than 30 days ago, with what hangs on it; returns how many records went.

    What other records still name stays until they go too.
    """
    count = sum(_empty(workspace, noun) for noun in sorted(NOUNS.keys() - KEPT, key=DEPTH.__getitem__))
    if count:
        erasure.settle(workspace)
    return count


def _empty(workspace: str, noun: str) -> int:
    gone, last = 0, 0
    while ids := _overdue(workspace, noun, last):
        with transaction(SYSTEM.inside(workspace), "bin.empty") as session:
            gone += erasure.remove(session, noun, ids)
        last = ids[-1]
    return gone


def _overdue(workspace: str, noun: str, after: int) -> list[int]:
    model = NOUNS[noun]
    alone = [model.merged_into_id.is_(None)] if issubclass(model, Customer) else []  # whoever was merged goes with the customer it was merged into
    old = (model.deleted_at < clock.now() - timedelta(days=DAYS), model.id > after, *alone)
    statement = select(model.id).where(*old).order_by(model.id).limit(erasure.BATCH)
    with reading(SYSTEM.inside(workspace)) as session:
        return list(session.scalars(statement, execution_options={"with_deleted": True}))
