"""Planned follow-ups as an iCalendar file, for the calendar that people carry with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event
from sqlalchemy import select

from db import clock
from db.choices import titles
from db.models import FollowUp
from db.policy import require
from db.session import CrmSession
from db.transfer.cells import without_controls

MOST = 10_000


def planned(session: CrmSession, mine: bool = True) -> bytes:
    """What is planned with a date: the actor's own, or everything that the actor may see and export. Raises Forbidden."""
    require(session.actor, "read" if mine else "export", "follow_up")
    statement = select(FollowUp).where(FollowUp.status == "planned", FollowUp.due_on.is_not(None)).order_by(FollowUp.due_on, FollowUp.id).limit(MOST)
    found = list(session.scalars(statement.where(FollowUp.owner_id == session.actor.id) if mine else statement))
    calendar = Calendar()
    calendar.add("prodid", "-//Regulars//Regulars//EN")
    calendar.add("version", "2.0")
    for event in _events(session, found):
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _events(session: CrmSession, found: Iterable[FollowUp]) -> Iterable[Event]:
    found = list(found)
    names = titles(session, "customer", [row.customer_id for row in found])
    return [_event(row, names.get(row.customer_id, ""), session.organisation.follow_up_minutes) for row in found]


def _event(row: FollowUp, customer: str, minutes: int) -> Event:
    event = Event()
    assert row.due_on is not None
    event.add("uid", f"regulars-follow-up-{row.id}")
    event.add("dtstamp", row.updated_at)
    event.add("summary", without_controls(" · ".join(filter(None, (row.subject, customer)))))
    if row.due_time is None:
        event.add("dtstart", row.due_on)
        event.add("dtend", row.due_on + timedelta(days=1))
    else:
        start = clock.at(row.due_on, row.due_time)
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(minutes=row.duration_minutes or minutes))
    if row.content:
        event.add("description", without_controls(row.content))
    return event
