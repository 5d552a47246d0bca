"""The single figures of workload, for cards and series."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, true

from db import clock
from db.models import Customer, FollowUp
from db.queries.figures import NOTHING, Figure, amount, quotient, share
from db.queries.filters import EVERYBODY, AnySelect, Filters, about_customers, about_people, ask, known, lookup
from db.queries.periods import ONE_DAY, Period
from db.queries.workload import VISIT, about_follow_ups, balance, done_in, open_parts, targets, workload
from db.session import CrmSession

Conditions = tuple[ColumnElement[bool], ...]


def open_follow_ups(session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> Figure:
    n = sum(_count_open(session, as_of, filters))
    return amount(n, n)


def overdue_follow_ups(session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Open and due before the day; due on the day is not overdue, no due date never is."""
    n = sum(_count_open(session, as_of, filters, FollowUp.due_on < as_of))
    return amount(n, n)


def overdue_each(session: CrmSession, _as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """Overdue at the end of each period: due before that day, and still planned or done after it."""
    days = [period.last for period in periods]
    ended = (FollowUp.done_on > min(days), FollowUp.done_on > FollowUp.due_on)
    return _open_each(session, days, FollowUp.due_on, ONE_DAY, ended, ended, filters)


def open_each(session: CrmSession, _as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """Open at the end of each period: noted or due by then, and still planned or done after it."""
    days = [period.last for period in periods]
    return _open_each(session, days, FollowUp.open_from, timedelta(0), (FollowUp.done_on > min(days),), (FollowUp.open_from > min(days),), filters)


def _open_each(session: CrmSession, days: list[date], since: Any, lag: timedelta, ended: Conditions, begun_later: Conditions, filters: Filters) -> list[Figure]:
    """Open on a day are those planned that have begun by then, and those done that ended later, less those of them that began later.

    since, lag: the day from which a follow-up counts, never after its end. ended, begun_later: which of those done ended, and which began, after the first day.
    """
    planned, done = (FollowUp.status == "planned", since.is_not(None)), FollowUp.status == "done"
    about = about_follow_ups(filters)
    stay = (*about, known(FollowUp.customer_id, max(days)))
    begins = _by_day(session, since, *planned, *stay)
    ends = _by_day(session, FollowUp.done_on, done, *ended, *stay)
    begins_later = _by_day(session, since, done, *begun_later, *stay)
    went = _of_those_who_went(session, since, max(days), (or_(and_(*planned), and_(done, *ended)), *about))
    counts = [
        sum(n for begin, n in begins.items() if begin + lag <= day) + sum(n for end, n in ends.items() if end > day)
        - sum(n for begin, n in begins_later.items() if begin + lag > day) + sum(n for begin, end, n in went if begin + lag <= day < end)
        for day in days
    ]
    return [amount(n, n) for n in counts]


def _by_day(session: CrmSession, day: Any, *conditions: Any) -> dict[date, int]:
    return lookup(session, select(day, func.count()).select_from(FollowUp).where(*conditions).group_by(day))


def _of_those_who_went(session: CrmSession, since: Any, last: date, conditions: tuple[Any, ...]) -> list[tuple[date, date, int]]:
    """From when until when follow-ups were open with customers who were deleted since, each until the customer went; and how many."""
    spans = (since, case((FollowUp.status == "done", FollowUp.done_on)), Customer.deleted_at)
    gone = (Customer.deleted_at < clock.at(last + ONE_DAY), Customer.merged_into_id.is_(None))
    counted = select(*spans, func.count()).join(Customer, Customer.id == FollowUp.customer_id).where(*gone, *conditions).group_by(*spans)
    return [(begin, min(done or date.max, clock.local(deleted).date()), n) for begin, done, deleted, n in ask(session, counted)]


def overdue_share(session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Overdue / open with a due date; those without one are left out."""
    late = sum(_count_open(session, as_of, filters, FollowUp.due_on < as_of))
    dated = sum(_count_open(session, as_of, filters, FollowUp.due_on.is_not(None)))
    return share(late, dated, sum(_count_open(session, as_of, filters, FollowUp.due_on.is_(None))))


def _count_open(session: CrmSession, as_of: date, filters: Filters, *further: Any) -> list[int]:
    conditions = (*about_follow_ups(filters), known(FollowUp.customer_id, as_of), *further)
    return [int(ask(session, select(func.count()).select_from(FollowUp).where(*part, *conditions)).scalar_one()) for part in open_parts(as_of)]


def follow_ups_done(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    n = _count_done(session, period.until(as_of), filters)
    return amount(n, n)


def visits_done(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    n = _count_done(session, period.until(as_of), filters, FollowUp.method == VISIT)
    return amount(n, n)


def follow_ups_done_each(session: CrmSession, _as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    return _done_each(session, periods, filters)


def visits_done_each(session: CrmSession, _as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    return _done_each(session, periods, filters, FollowUp.method == VISIT)


def _done_each(session: CrmSession, periods: list[Period], filters: Filters, *further: Any) -> list[Figure]:
    """Counted by day in one question, then added up."""
    whole = Period(min(period.start for period in periods), max(period.end for period in periods))
    days = _by_day(session, FollowUp.done_on, *done_in(whole), *about_follow_ups(filters), *further)
    sums = [sum(n for day, n in days.items() if period.start <= day < period.end) for period in periods]
    return [amount(n, n) for n in sums]


def visit_attainment(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Visits of the managers with a target / their targets so far."""
    return _attainment(session, as_of, period, filters, "visits", (FollowUp.method == VISIT,))


def follow_up_attainment(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    return _attainment(session, as_of, period, filters, "follow_ups", ())


def _attainment(session: CrmSession, as_of: date, period: Period, filters: Filters, measure: str, further: tuple[Any, ...]) -> Figure:
    goals = targets(session, as_of, period, measure)
    meant = {owner: goal for owner, goal in goals.items() if filters.owner_id in (None, owner)}
    if not meant:
        return NOTHING
    return quotient(_count_done(session, period.until(as_of), filters, FollowUp.owner_id.in_(meant), *further), sum(meant.values()), n=len(meant))


def _count_done(session: CrmSession, passed: Period, filters: Filters, *further: Any) -> int:
    return int(ask(session, select(func.count()).select_from(FollowUp).where(*done_in(passed), *about_follow_ups(filters), *further)).scalar_one())


def customers_owned(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Customers with an owner / managers; those without owner are left out."""
    table = workload(session, as_of, period, filters)
    owned = table["manager_id"].notna()
    return quotient(int(table.loc[owned, "customers"].sum()), int(owned.sum()), int(table.loc[~owned, "customers"].sum()))


def load_gini(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    found = balance(workload(session, as_of, period, filters))
    return Figure(found.gini, n=found.n)


def load_variation(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    found = balance(workload(session, as_of, period, filters))
    return Figure(found.cv, n=found.n)


def load_gap(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """The highest load / the median load; none where the median is 0."""
    found = balance(workload(session, as_of, period, filters))
    return Figure(found.gap, found.highest, found.median, found.n) if found.gap is not None else Figure(None, n=found.n)


def behind_open(_session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The open follow-ups, the longest overdue first; counted: overdue."""
    planned, _ = open_parts(as_of)
    late = FollowUp.due_on < as_of
    conditions = (*planned, *about_follow_ups(filters), known(FollowUp.customer_id, as_of))
    return _rows(FollowUp.due_on, func.coalesce(late, False)).where(*conditions).order_by(func.coalesce(FollowUp.due_on, date.max), FollowUp.id)


def behind_done(_session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The follow-ups done in the period, the newest first."""
    conditions = (*done_in(period.until(as_of)), *about_follow_ups(filters))
    return _rows(FollowUp.done_on, true()).where(*conditions).order_by(FollowUp.done_on.desc(), FollowUp.id.desc())


def behind_visits(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    return behind_done(session, as_of, period, filters).where(FollowUp.method == VISIT)


def _rows(day: Any, counted: Any) -> AnySelect:
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), day.label("date"), FollowUp.rating.label("value"),
               FollowUp.owner_id.label("manager_id"), FollowUp.subject.label("note"), counted.label("counted"))
    return select(*columns).join(Customer, Customer.id == FollowUp.customer_id)


def behind_customers(_session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The customers; counted: with an owner."""
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), Customer.customer_since.label("date"), literal(1).label("value"),
               Customer.owner_id.label("manager_id"), Customer.owner_id.is_not(None).label("counted"))
    conditions = (known(Customer.id, as_of), *about_customers(filters), *about_people(Customer.owner_id, filters))
    return select(*columns).where(*conditions).order_by(Customer.name, Customer.id)
