"""Who carries how much: customers, open and overdue follow-ups, visits against targets, and how evenly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, case, func, or_, select

from db import clock
from db.dialect import days_between
from db.models import Customer, FollowUp, Target, User
from db.policy import Scope
from db.queries.absences import away_on
from db.queries.filters import EVERYBODY, AnySelect, Filters, about, about_customers, about_people, ask, happened, known, lookup, told_once
from db.queries.periods import ONE_DAY, Period, cut
from db.queries.statistics import gini, lorenz, variation
from db.queries.working_days import share_gone
from db.session import CrmSession

VISIT, COMPLAINT = "visit", "complaint"
COLUMNS = ("customers", "load", "open", "overdue", "undated", "days_overdue", "done", "visits", "complaints")


def managers(session: CrmSession, filters: Filters = EVERYBODY) -> dict[int, str]:
    """The active account managers whose work the actor may see; those without any work too."""
    conditions = [User.active, User.role == "rep", User.deleted_at.is_(None), *about_people(User.id, filters)]
    within = session.row_scope("read", "follow_up")
    if within < Scope.ALL:
        conditions.append(User.id.in_(session.visible_owners(within)))
    return lookup(session, select(User.id, User.name).where(*conditions).order_by(User.name, User.id))


def workload(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """One row a manager, zeros included, and one without owner (manager_id None) where there is such work.

    customers, load (weighted by tier as the organisation says), open, overdue, undated, days_overdue as of the day; done and visits
    in the period; complaints: heard in the period or still open; away: the last day of an absence that runs on the day.
    """
    return told_once(session, _workload, as_of, period, filters)


def _workload(session: CrmSession, as_of: date, period: Period, filters: Filters) -> pd.DataFrame:
    rows: dict[int | None, dict[str, int]] = {}
    for owner, tier, n in ask(session, _owned(as_of, filters)):
        _add(rows, owner, customers=n, load=n * session.organisation.load_of(tier))
    for part in open_parts(as_of):
        for owner, still_open, overdue, undated, days, complaints in ask(session, _open(part, as_of, filters)):
            _add(rows, owner, open=still_open, overdue=overdue, undated=undated, days_overdue=days, complaints=complaints)
    for owner, done, visits, complaints in ask(session, _done(period.until(as_of), filters)):
        _add(rows, owner, done=done, visits=visits, complaints=complaints)
    table, away = _table(session, rows, filters), away_on(session, as_of)
    table["away"] = [None if owner is pd.NA else away.get(int(owner)) for owner in table["manager_id"]]
    return table


def _add(rows: dict[int | None, dict[str, int]], owner: int | None, **counts: int | None) -> None:
    row = rows.setdefault(owner, dict.fromkeys(COLUMNS, 0))
    for key, count in counts.items():
        row[key] += int(count or 0)


def _table(session: CrmSession, rows: dict[int | None, dict[str, int]], filters: Filters) -> pd.DataFrame:
    expected = managers(session, filters)
    others = [owner for owner in rows if owner is not None and owner not in expected]
    names = expected | lookup(session, select(User.id, User.name).where(User.id.in_(others))) if others else expected
    nothing = dict.fromkeys(COLUMNS, 0)
    table = [{"manager_id": owner, "manager": name, **rows.get(owner, nothing)} for owner, name in names.items()]
    table += [{"manager_id": None, "manager": None, **rows[None]}] if None in rows else []
    return pd.DataFrame(table, columns=["manager_id", "manager", *COLUMNS]).astype({"manager_id": "Int64"})


def _owned(as_of: date, filters: Filters) -> AnySelect:
    there = or_(Customer.created_at < clock.at(as_of + ONE_DAY), Customer.customer_since <= as_of)
    conditions = (there, known(Customer.id, as_of), *about_customers(filters), *about_people(Customer.owner_id, filters))
    return select(Customer.owner_id, Customer.tier, func.count()).where(*conditions).group_by(Customer.owner_id, Customer.tier)


def open_parts(as_of: date) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """Follow-ups that were open at the end of the day: still planned, or done later; noted or due by then. Two conditions, each with its index."""
    return [FollowUp.status == "planned", there(as_of)], [FollowUp.status == "done", FollowUp.done_on > as_of, there(as_of)]


def there(day: date) -> ColumnElement[bool]:
    """Follow-ups that were noted or due by the end of the day."""
    return FollowUp.open_from <= day


def _open(part: list[ColumnElement[bool]], as_of: date, filters: Filters) -> AnySelect:
    late = FollowUp.due_on < as_of
    columns = (func.count(), func.sum(case((late, 1), else_=0)), func.sum(case((FollowUp.due_on.is_(None), 1), else_=0)),
               func.sum(case((late, days_between(FollowUp.due_on, as_of)), else_=0)), _complaints())
    return select(FollowUp.owner_id, *columns).where(*part, *about_follow_ups(filters), known(FollowUp.customer_id, as_of)).group_by(FollowUp.owner_id)


def _done(passed: Period, filters: Filters) -> AnySelect:
    visits = func.sum(case((FollowUp.method == VISIT, 1), else_=0))
    return select(FollowUp.owner_id, func.count(), visits, _complaints()).where(*done_in(passed), *about_follow_ups(filters)).group_by(FollowUp.owner_id)


def _complaints() -> ColumnElement[int]:
    return func.sum(case((FollowUp.outcome == COMPLAINT, 1), else_=0))


def done_in(passed: Period) -> list[ColumnElement[bool]]:
    return [FollowUp.status == "done", FollowUp.done_on >= passed.start, FollowUp.done_on < passed.end]


def about_follow_ups(filters: Filters) -> list[ColumnElement[bool]]:
    return [happened(FollowUp), *about(FollowUp, filters, FollowUp.owner_id)]


@dataclass(frozen=True)
class Balance:
    """gini and cv of the load, the mean, the largest load against the median, and the Lorenz curve; over managers, zeros included.

    n: how many people that is; highest, median: what the gap is made of.
    """

    gini: float | None
    cv: float | None
    mean: float | None
    gap: float | None
    curve: list[tuple[float, float]]
    n: int
    highest: float | None
    median: float | None


def balance(table: pd.DataFrame, column: str = "load") -> Balance:
    """How evenly a column of the `workload` table is spread. Customers without owner are nobody's load, and who is on leave does not count."""
    loads = table.loc[table["manager_id"].notna() & table["away"].isna(), column].astype(float)
    highest, middle = (float(loads.max()), float(loads.median())) if len(loads) > 1 else (None, None)
    return Balance(gini(loads.tolist()), variation(loads.tolist()), float(loads.mean()) if len(loads) else None,
                   highest / middle if highest is not None and middle else None, lorenz(loads.tolist()), len(loads), highest, middle)


def with_targets(session: CrmSession, table: pd.DataFrame, as_of: date, period: Period) -> pd.DataFrame:
    """The workload table with the targets of the period so far and what was reached: done_target, done_reached, visits_target, visits_reached."""
    for column, measure in (("done", "follow_ups"), ("visits", "visits")):
        goals = targets(session, as_of, period, measure)
        table[f"{column}_target"] = [goals.get(owner) for owner in table["manager_id"].astype(object).where(table["manager_id"].notna(), None)]
        table[f"{column}_reached"] = [done / goal if goal else None for done, goal in zip(table[column], table[f"{column}_target"], strict=True)]
    return table


def targets(session: CrmSession, as_of: date, period: Period, measure: str) -> dict[int, float]:
    """The target of each manager for the part of the period that has passed: in a running month in proportion to its working days."""
    found: dict[int, float] = {}
    meant = (Target.measure == measure, Target.month >= period.start.replace(day=1), Target.month < period.end)
    shares = {piece.key: share_gone(session.organisation, piece, as_of) for piece in cut(period.until(as_of))}
    for owner, day, value in ask(session, select(Target.user_id, Target.month, Target.value).where(*meant, Target.deleted_at.is_(None))):
        found[owner] = found.get(owner, 0.0) + float(value) * shares.get(f"{day:%Y-%m}", 0.0)
    return found
