"""Log, plan, complete, snooze, cancel and hand over follow-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import select

from db import clock, records
from db.actions import customers
from db.batches import batches
from db.dialect import among
from db.errors import Forbidden, Invalid
from db.language import t
from db.models import Customer, FollowUp, User
from db.policy import Actor, Scope
from db.session import CrmSession

UNHAPPY = 2
"""A rating of this or less calls for a recovery follow-up."""
RECOVERY_DAYS = 2


def log(session: CrmSession, values: Mapping[str, Any], next_step: Mapping[str, Any] | None = None) -> FollowUp:
    """A follow-up that happened, with its next step if one was agreed."""
    filled = {"status": "done", "done_at": clock.now(), "owner_id": session.actor.id, **values}
    filled["subject"] = filled.get("subject") or _first_words(filled.get("content"))
    if not filled["subject"]:
        raise Invalid.because("Please write what happened.", "content")
    record = cast(FollowUp, records.create(session, "follow_up", filled))
    _settle(session, record)
    if next_step and any(next_step.values()):
        plan(session, {"customer_id": record.customer_id, "contact_id": record.contact_id, **next_step}, previous=record)
    return record


def enter(session: CrmSession, values: Mapping[str, Any]) -> FollowUp:
    """A follow-up as its status says: one that happened is logged, one to come is planned."""
    if values.get("status") == "cancelled":
        return cast(FollowUp, records.create(session, "follow_up", values))
    return log(session, values) if values.get("status") == "done" else plan(session, values)


def plan(session: CrmSession, values: Mapping[str, Any], previous: FollowUp | None = None) -> FollowUp:
    """A follow-up to come; it needs a due date."""
    filled = {"owner_id": session.actor.id, **values, "status": "planned"}
    if not filled.get("due_on"):
        raise Invalid.because("A planned follow-up needs a due date.", "due_on")
    filled["subject"] = filled.get("subject") or t("Next step")
    record = cast(FollowUp, records.create(session, "follow_up", filled))
    record.previous_id = previous.id if previous else None
    session.flush()
    return record


def plan_for(session: CrmSession, customer_ids: Iterable[int], subject: str, due_on: date | None) -> int:
    """The same follow-up for many customers, for the owner of each, else for the actor. Returns how many were planned.

    A customer with an open follow-up of this subject gets no second one. Raises Invalid without a subject or a day to come.
    """
    subject = subject.strip()
    if not subject:
        raise Invalid.because("Please say what is to be done.", "subject")
    if due_on is not None and due_on < clock.today():
        raise Invalid.because("This date lies in the past.", "due_on")
    chosen = customers.chosen(session, dict.fromkeys(customer_ids))
    waiting = _with_open(session, [customer.id for customer in chosen], subject)
    working = set(session.scalars(select(User.id).where(User.active)))
    fresh = [customer for customer in chosen if customer.id not in waiting]
    for customer in fresh:
        owner = customer.owner_id if customer.owner_id in working else session.actor.id
        plan(session, {"customer_id": customer.id, "owner_id": owner, "subject": subject, "due_on": due_on})
    return len(fresh)


def _with_open(session: CrmSession, customer_ids: list[int], subject: str) -> set[int]:
    """Those of the customers that have an open follow-up of this subject."""
    found: set[int] = set()
    for some in batches(customer_ids, 1000):
        open_ones = (among(FollowUp.customer_id, some), FollowUp.status == "planned", FollowUp.subject == subject)
        found |= set(session.scalars(select(FollowUp.customer_id).where(*open_ones)))
    return found


def complete(session: CrmSession, id_: int, values: Mapping[str, Any] | None = None, next_step: Mapping[str, Any] | None = None) -> FollowUp:
    """Tick a planned follow-up; the note, the rating and the next step are optional."""
    record = open_one(session, id_)
    records.update(session, "follow_up", id_, {"done_at": clock.now(), **(values or {}), "status": "done"})
    _settle(session, record)
    if next_step and any(next_step.values()):
        plan(session, {"customer_id": record.customer_id, "owner_id": record.owner_id, **next_step}, previous=record)
    return record


def snooze(session: CrmSession, id_: int, until: date) -> FollowUp:
    if until < clock.today():
        raise Invalid.because("This date lies in the past.", "due_on")
    return cast(FollowUp, records.update(session, "follow_up", open_one(session, id_).id, {"due_on": until}))


def cancel(session: CrmSession, id_: int) -> FollowUp:
    return cast(FollowUp, records.update(session, "follow_up", open_one(session, id_).id, {"status": "cancelled"}))


def hand_over(session: CrmSession, ids: Iterable[int], owner_id: int) -> int:
    """Give open follow-ups to a colleague who can see their customers. Returns how many moved."""
    colleague = session.get(User, owner_id)
    if colleague is None or not colleague.active:
        raise Invalid.because("This colleague does not exist or is not active.", "owner_id")
    moved = 0
    for id_ in ids:
        record = open_one(session, id_)
        if not _can_see(session, colleague, record.customer_id):
            raise Invalid.because("{name} cannot see this customer.", "owner_id", name=colleague.name)
        moved += record.owner_id != owner_id
        records.update(session, "follow_up", id_, {"owner_id": owner_id})
    return moved


def _can_see(session: CrmSession, user: User, customer_id: int) -> bool:
    from db.engine import reading

    seen = Actor(user.id, user.name, user.role, user.team_id, workspace=session.actor.workspace)
    with reading(seen) as theirs:
        return theirs.scalar(select(Customer.id).where(Customer.id == customer_id)) is not None


def open_one(session: CrmSession, id_: int) -> FollowUp:
    record = cast(FollowUp, records.get(session, "follow_up", id_))
    if session.row_scope("update", "follow_up") == Scope.NONE:
        raise Forbidden
    if record.status != "planned":
        raise Invalid.because("This follow-up is no longer open.")
    return record


def _settle(session: CrmSession, record: FollowUp) -> None:
    """What a finished follow-up sets in motion."""
    customer = session.get(Customer, record.customer_id)
    if customer is not None and customer.status == "lead" and session.row_scope("update", "customer") > Scope.NONE:
        _promote(session, customer)
    if record.rating is not None and record.rating <= UNHAPPY:
        recover(session, record.customer_id, t("Win back: rated {rating} of 5", rating=record.rating), record.contact_id, previous=record)


def _promote(session: CrmSession, lead: Customer) -> None:
    """A lead becomes a prospect, once: who logs at the same moment as a colleague waits for that and is not told of a conflict."""
    session.refresh(lead, with_for_update={"key_share": True})
    if lead.status == "lead":
        lead.status = "prospect"


def recover(session: CrmSession, customer_id: int, subject: str, contact_id: int | None = None, previous: FollowUp | None = None) -> FollowUp:
    """The recovery follow-up that an unhappy customer calls for: soon, and the owner's, whoever heard the customer."""
    customer = session.get(Customer, customer_id)
    owner = (customer.owner_id if customer else None) or (previous.owner_id if previous else None) or session.actor.id
    due_on = clock.today() + timedelta(days=RECOVERY_DAYS)
    values = {"customer_id": customer_id, "contact_id": contact_id, "owner_id": owner, "subject": subject, "due_on": due_on, "recovery": True}
    return plan(session, values, previous=previous)


def _first_words(content: Any) -> str:
    first_line = str(content or "").strip().split("\n")[0]
    return first_line if len(first_line) <= 80 else f"{first_line[:79]}…"
