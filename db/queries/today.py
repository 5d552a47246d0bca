"""What to do now: open follow-ups by day, and customers that need attention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from db import clock
from db.models import Customer, FollowUp, User
from db.queries.absences import away_on
from db.queries.filters import lookup
from db.queries.workload import managers
from db.session import CrmSession

AHEAD = 7
SHOWN = 30


@dataclass(frozen=True)
class ToDo:
    id: int
    subject: str
    method: str | None
    customer_id: int
    customer: str
    due_on: date
    due_time: time | None
    owner: str
    owner_id: int | None
    recovery: bool = False


@dataclass(frozen=True)
class Agenda:
    overdue: list[ToDo]
    today: list[ToDo]
    ahead: list[ToDo]
    counts: tuple[int, int, int]
    done_today: int


def agenda(session: CrmSession, owner_id: int | None) -> Agenda:
    """Open follow-ups of one owner, or of everybody the actor may see when owner_id is None."""
    today = clock.today()
    spans = ((None, today - timedelta(days=1)), (today, today), (today + timedelta(days=1), today + timedelta(days=AHEAD)))
    groups = [_open_between(session, owner_id, first, last) for first, last in spans]
    counts = tuple(
        len(group) if len(group) < SHOWN else _count_between(session, owner_id, first, last) for group, (first, last) in zip(groups, spans, strict=True)
    )
    return Agenda(groups[0], groups[1], groups[2], counts, _done_on(session, owner_id, today))  # type: ignore[arg-type]


def _span(owner_id: int | None, first: date | None, last: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [FollowUp.status == "planned", FollowUp.due_on <= last]
    conditions += [FollowUp.due_on >= first] if first else []
    return conditions + ([FollowUp.owner_id == owner_id] if owner_id else [])


def _open_between(session: CrmSession, owner_id: int | None, first: date | None, last: date) -> list[ToDo]:
    return _to_dos(session, _span(owner_id, first, last))


def open_of_customer(session: CrmSession, customer_id: int) -> list[ToDo]:
    return _to_dos(session, [FollowUp.customer_id == customer_id, FollowUp.status == "planned", FollowUp.due_on.is_not(None)])


def _to_dos(session: CrmSession, conditions: list[ColumnElement[bool]]) -> list[ToDo]:
    columns = (
        FollowUp.id,
        FollowUp.subject,
        FollowUp.method,
        FollowUp.customer_id,
        Customer.name.label("customer"),
        FollowUp.due_on,
        FollowUp.due_time,
        User.name.label("owner"),
        FollowUp.owner_id,
        FollowUp.recovery,
    )
    statement = select(*columns).join(Customer, Customer.id == FollowUp.customer_id).outerjoin(User, User.id == FollowUp.owner_id)
    ordered = statement.where(*conditions).order_by(FollowUp.due_on, FollowUp.due_time.nulls_last(), FollowUp.id).limit(SHOWN)
    rows: list[Any] = list(session.execute(ordered))
    return [ToDo(**{**row._mapping, "owner": row.owner or ""}) for row in rows]


def _count_between(session: CrmSession, owner_id: int | None, first: date | None, last: date) -> int:
    return session.scalar(select(func.count()).select_from(FollowUp).where(*_span(owner_id, first, last))) or 0


def _done_on(session: CrmSession, owner_id: int | None, day: date) -> int:
    statement = select(func.count()).select_from(FollowUp).where(FollowUp.status == "done", FollowUp.done_on == day)
    return session.scalar(statement.where(FollowUp.owner_id == owner_id) if owner_id else statement) or 0


@dataclass(frozen=True)
class Day:
    """One person's day: open follow-ups due before it and on it, those done on it; away: the last day of an absence."""

    id: int
    name: str
    overdue: int
    due: int
    done: int
    away: date | None


def day_of_everybody(session: CrmSession) -> list[Day]:
    """For the manager's Today: every account manager the actor sees, and whoever else has work due; the most overdue first."""
    today = clock.today()
    overdue = _by_owner(session, FollowUp.status == "planned", FollowUp.due_on < today)
    due = _by_owner(session, FollowUp.status == "planned", FollowUp.due_on == today)
    done = _by_owner(session, FollowUp.status == "done", FollowUp.done_on == today)
    names, away = managers(session), away_on(session, today)
    others = lookup(session, select(User.id, User.name).where(User.id.in_((overdue.keys() | due.keys() | done.keys()) - names.keys())))
    days = [Day(id_, name, overdue.get(id_, 0), due.get(id_, 0), done.get(id_, 0), away.get(id_)) for id_, name in (names | others).items()]
    return sorted(days, key=lambda day: (-day.overdue, -day.due, day.name))


def _by_owner(session: CrmSession, *conditions: ColumnElement[bool]) -> dict[int, int]:
    """One question each: joined by OR over partial indexes, SQLite found no plan for them at size."""
    counted = select(FollowUp.owner_id, func.count()).where(*conditions, FollowUp.owner_id.is_not(None)).group_by(FollowUp.owner_id)
    return {owner: n for owner, n in session.execute(counted) if owner is not None}


def logged_today(session: CrmSession, limit: int = 20) -> list[Any]:
    """The latest follow-ups that anybody finished today."""
    columns = (
        FollowUp.id,
        FollowUp.subject,
        FollowUp.method,
        FollowUp.done_at,
        FollowUp.rating,
        FollowUp.customer_id,
        Customer.name.label("customer"),
        User.name.label("owner"),
    )
    statement = select(*columns).join(Customer, Customer.id == FollowUp.customer_id).outerjoin(User, User.id == FollowUp.owner_id)
    return list(session.execute(statement.where(FollowUp.status == "done", FollowUp.done_on == clock.today()).order_by(FollowUp.done_at.desc()).limit(limit)))


def open_recoveries(session: CrmSession, limit: int = SHOWN) -> tuple[int, list[ToDo]]:
    """How many attempts to win an unhappy customer back are still to be made, and the first of them."""
    conditions: list[ColumnElement[bool]] = [FollowUp.status == "planned", FollowUp.recovery == true(), FollowUp.due_on.is_not(None)]
    found = _to_dos(session, conditions)[:limit]
    return len(found) if len(found) < limit else session.scalar(select(func.count()).select_from(FollowUp).where(*conditions)) or 0, found


def due_between(session: CrmSession, first: date, last: date) -> list[ToDo]:
    return _open_between(session, None, first, last)


def per_day(session: CrmSession, first: date, last: date) -> dict[date, tuple[int, int]]:
    """How many follow-ups are due and how many were done on each day of a span."""
    due = select(FollowUp.due_on, func.count()).where(FollowUp.status == "planned", FollowUp.due_on.between(first, last)).group_by(FollowUp.due_on)
    done = select(FollowUp.done_on, func.count()).where(FollowUp.status == "done", FollowUp.done_on.between(first, last)).group_by(FollowUp.done_on)
    open_, finished = {day: n for day, n in session.execute(due)}, {day: n for day, n in session.execute(done)}
    return {day: (open_.get(day, 0), finished.get(day, 0)) for day in open_.keys() | finished.keys() if day}
