"""Hours: what account managers have, what their follow-ups take, and who can look after more customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, func, or_, select, true

from db.models import Customer, FollowUp, User
from db.queries.absences import days_away
from db.queries.figures import NOTHING, Figure, quotient
from db.queries.filters import EVERYBODY, AnySelect, Filters, ask, known, lookup
from db.queries.periods import ONE_DAY, Period
from db.queries.working_days import hours_a_day, working_days
from db.queries.workload import about_follow_ups, done_in, managers, open_parts, there
from db.session import CrmSession

AHEAD = timedelta(weeks=4)
HEAVY = 1.5
"""A load above so many times the mean is worth a review."""


def available(session: CrmSession, period: Period, people: Iterable[int]) -> dict[int, float]:
    """Hours of each person in the period: weekly hours by working day, less the working days away."""
    wanted, days, away = list(people), working_days(session.organisation, period), days_away(session, period)
    weekly = lookup(session, select(User.id, User.weekly_hours).where(User.id.in_(wanted)))
    return {id_: hours_a_day(session.organisation, float(weekly[id_])) * (days - away.get(id_, 0)) for id_ in wanted}


def booked(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> dict[int | None, float]:
    """Hours that follow-ups take by owner: those done in the period and the open ones due in it, up to the as-of day.

    Where no duration was noted, the organisation's usual one counts.
    """
    passed = period.until(as_of)
    hours = dict(_hours(session, done_in(passed), filters))
    for part in open_parts(as_of):
        for owner, more in _hours(session, [*part, *_due_in(passed), known(FollowUp.customer_id, as_of)], filters):
            hours[owner] = hours.get(owner, 0.0) + more
    return hours


def _hours(session: CrmSession, conditions: list[ColumnElement[bool]], filters: Filters) -> list[tuple[int | None, float]]:
    statement = select(FollowUp.owner_id, func.sum(_minutes(session))).where(*conditions, *about_follow_ups(filters)).group_by(FollowUp.owner_id)
    return [(owner, float(minutes) / 60) for owner, minutes in ask(session, statement)]


def _minutes(session: CrmSession) -> Any:
    return func.coalesce(FollowUp.duration_minutes, session.organisation.follow_up_minutes)


def _due_in(period: Period) -> list[ColumnElement[bool]]:
    return [FollowUp.due_on >= period.start, FollowUp.due_on < period.end]


def with_hours(session: CrmSession, table: pd.DataFrame, as_of: date, period: Period, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """The workload table with available_hours, booked_hours and utilisation (a ratio; none without hours) of the account managers."""
    have, need = available(session, period.until(as_of), managers(session, filters)), booked(session, as_of, period, filters)
    owners = [None if owner is pd.NA else int(owner) for owner in table["manager_id"]]
    table["available_hours"] = [have.get(owner) if owner is not None else None for owner in owners]
    table["booked_hours"] = [need.get(owner, 0.0) for owner in owners]
    table["utilisation"] = [taken / hours if hours else None for taken, hours in zip(table["booked_hours"], table["available_hours"], strict=True)]
    return table


def utilisation(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Hours booked / hours available, over the active account managers; none while nothing is booked. Left out: people without hours."""
    have = available(session, period.until(as_of), managers(session, filters))
    need = booked(session, as_of, period, filters)
    able = [id_ for id_, hours in have.items() if hours > 0]
    taken = sum(need.get(id_, 0.0) for id_ in able)
    if not taken:
        return NOTHING
    return quotient(taken, sum(have[id_] for id_ in able), len(have) - len(able), len(able))


def behind_utilisation(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The follow-ups that take the hours, the newest first; value: minutes."""
    passed = period.until(as_of)
    later = and_(FollowUp.status == "done", FollowUp.done_on > as_of)
    still_open = and_(or_(FollowUp.status == "planned", later), there(as_of), *_due_in(passed), known(FollowUp.customer_id, as_of))
    day = func.coalesce(FollowUp.done_on, FollowUp.due_on)
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), day.label("date"), _minutes(session).label("value"),
               FollowUp.owner_id.label("manager_id"), FollowUp.subject.label("note"), true().label("counted"))
    conditions = (or_(and_(*done_in(passed)), still_open), FollowUp.owner_id.in_(list(managers(session, filters))), *about_follow_ups(filters))
    return select(*columns).join(Customer, Customer.id == FollowUp.customer_id).where(*conditions).order_by(day.desc(), FollowUp.id.desc())


@dataclass(frozen=True)
class Room:
    """Whether an account manager can take some more average customers, and what would come of it.

    verdict: 'yes', 'away', 'heavy' (the load would pass one and a half times the mean) or 'hours' (too few free hours).
    free_hours: of the next four weeks, after the follow-ups already due; free_after: with the further customers as well.
    """

    manager: str
    verdict: str
    load_after: float
    mean_after: float
    free_hours: float
    free_after: float
    away_until: date | None = None


def room_for(session: CrmSession, table: pd.DataFrame, as_of: date, more: int = 5) -> list[Room]:
    """Who can take so many more customers, first those who can, the lightest load first. `table`: all of `workload`, unfiltered.

    An average customer weighs the mean weight of those owned and takes the mean hours of the last four weeks.
    """
    people = table[table["manager_id"].isin(list(managers(session)))]
    owned = int(people["customers"].sum())
    if not owned:
        return []
    weight, hours = more * float(people["load"].sum()) / owned, more * _hours_used(session, as_of) / owned
    mean, free = float(people["load"].mean()), _free(session, as_of, [int(id_) for id_ in people["manager_id"]])
    found = [_room(row, free[int(row["manager_id"])], weight, hours, mean + weight / len(people)) for row in people.to_dict("records")]
    return sorted(found, key=lambda room: (room.verdict != "yes", room.load_after, -room.free_after, room.manager))


def _room(row: Mapping[Any, Any], free: float, weight: float, hours: float, mean: float) -> Room:
    after = float(row["load"]) + weight
    away = row["away"] if isinstance(row["away"], date) else None
    verdict = "away" if away else "heavy" if after > HEAVY * mean else "hours" if free - hours < 0 else "yes"
    return Room(row["manager"], verdict, after, mean, free, free - hours, away)


def _hours_used(session: CrmSession, as_of: date) -> float:
    """Hours that follow-ups took in the four weeks up to the day."""
    return sum(hours for owner, hours in _hours(session, done_in(Period(as_of - AHEAD + ONE_DAY, as_of + ONE_DAY)), EVERYBODY) if owner is not None)


def _free(session: CrmSession, as_of: date, people: list[int]) -> dict[int, float]:
    """Hours of the next four weeks less the open follow-ups due by their end, the overdue ones included."""
    ahead = Period(as_of + ONE_DAY, as_of + ONE_DAY + AHEAD)
    planned, _ = open_parts(as_of)
    due = dict(_hours(session, [*planned, FollowUp.due_on < ahead.end, known(FollowUp.customer_id, as_of)], EVERYBODY))
    return {id_: hours - due.get(id_, 0.0) for id_, hours in available(session, ahead, people).items()}
