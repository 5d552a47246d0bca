"""The single figures of workload, for cards and series."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, literal_column, or_, select, true

from db.models import Customer, FollowUp
from db.queries.figures import NOTHING, Figure, amount, quotient, share
from db.queries.filters import EVERYBODY, AnySelect, Filters, about_customers, about_people, ask, known, lookup
from db.queries.periods import Period
from db.queries.workload import VISIT, about_follow_ups, balance, done_in, open_parts, targets, there, workload
from db.session import CrmSession

Test = Callable[[date], ColumnElement[bool]]


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
    not_in_time = or_(FollowUp.done_on.is_(None), FollowUp.done_on > FollowUp.due_on)
    return _open_each(session, days, lambda day: FollowUp.due_on < day, filters, FollowUp.due_on < max(days), not_in_time)


def open_each(session: CrmSession, _as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """Open at the end of each period: noted or due by then, and still planned or done after it."""
    return _open_each(session, [period.last for period in periods], there, filters)


def _open_each(session: CrmSession, days: list[date], test: Test, filters: Filters, *further: ColumnElement[bool]) -> list[Figure]:
    """test: when a follow-up counts, which is from one day on."""
    sums, about = dict.fromkeys(sorted(days), 0), about_follow_ups(filters)
    stay = known(FollowUp.customer_id, max(days))
    for part in ([FollowUp.status == "planned"], [FollowUp.status == "done", FollowUp.done_on > min(days)]):
        is_done = len(part) > 1
        for found in (_of_those_who_stay(session, list(sums), test, is_done, [*part, *further, *about, stay]),
                      _of_those_who_went(session, list(sums), test, is_done, [*part, *further, *about, ~stay])):
            for day, n in zip(sums, found, strict=True):
                sums[day] += n
    return [amount(sums[day], sums[day]) for day in days]


def _of_those_who_stay(session: CrmSession, days: list[date], test: Test, is_done: bool, conditions: list[Any]) -> list[int]:
    """Grouped by the first and the last of the days on which each was open, in one number: one look at the rows, however many days."""
    size = len(days)
    begins = _first(days, test)
    ends = _first(days, lambda day: FollowUp.done_on <= day) if is_done else literal(size)
    counted = select((begins * (size + 1) + ends).label("span"), func.count().label("n")).select_from(FollowUp).where(*conditions).group_by("span")
    spans = [(*divmod(span, size + 1), n) for span, n in ask(session, counted)]
    return [sum(n for begin, end, n in spans if begin <= place < end) for place in range(size)]


def _first(days: list[date], test: Test, low: int = 0, high: int | None = None) -> ColumnElement[int]:
    """The place of the first day on which the test holds, found by halving; their number where it never does."""
    high = len(days) if high is None else high
    if low == high:
        return literal_column(str(low))
    middle = (low + high) // 2
    return case((test(days[middle]), _first(days, test, low, middle)), else_=_first(days, test, middle + 1, high))


def _of_those_who_went(session: CrmSession, days: list[date], test: Test, is_done: bool, conditions: list[Any]) -> list[int]:
    """Follow-ups with customers who were deleted since: day by day, since each customer counts until their own."""
    open_then = [and_(test(day), known(FollowUp.customer_id, day), *((FollowUp.done_on > day,) if is_done else ())) for day in days]
    counted = select(*(func.sum(case((test, 1), else_=0)) for test in open_then)).select_from(FollowUp).where(*conditions)
    return [int(n or 0) for n in ask(session, counted).one()]


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
    conditions = (*done_in(whole), *about_follow_ups(filters), *further)
    days = lookup(session, select(FollowUp.done_on, func.count()).where(*conditions).group_by(FollowUp.done_on))
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
