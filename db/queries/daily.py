"""A day of work: what each account manager did, what came in, and what is planned for tomorrow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from db import clock
from db.choices import labels
from db.fields import field_of
from db.models import NOUNS, Customer, FollowUp, Order, Question, SurveyResponse, User
from db.policy import require
from db.queries.filters import EVERYBODY, AnySelect, Filters, lookup
from db.queries.periods import ONE_DAY
from db.queries.purchases import CENTS
from db.queries.workload import managers
from db.session import CrmSession

COMPLAINT = "complaint"
SHOWN = 50
COUNTS = ("customers", "done", "complaints", "planned", "orders", "amount", "contracts", "answers", "unhappy")


@dataclass(frozen=True)
class Day:
    """people: manager_id, manager and the counts, one row a person and one for nobody where there is such; the lists hold the first rows of each kind.

    Counts: customers (new), done, complaints, planned (for the day after), orders, amount, contracts, answers, unhappy.
    """

    day: date
    people: pd.DataFrame
    follow_ups: pd.DataFrame
    planned: pd.DataFrame
    customers: pd.DataFrame
    orders: pd.DataFrame
    answers: pd.DataFrame

    def count(self, key: str) -> float:
        return float(self.people[key].sum()) if len(self.people) else 0.0


def daily(session: CrmSession, day: date, owner_id: int | None = None) -> Day:
    """The day of one person, or of everybody whose work the actor may see."""
    for noun in ("customer", "follow_up", "order", "survey_response"):
        require(session.actor, "read", noun)
    return Day(
        day,
        _people(session, day, owner_id),
        _follow_ups(session, day, owner_id),
        _planned(session, day, owner_id),
        _customers(session, day, owner_id),
        _orders(session, day, owner_id),
        _answers(session, day, owner_id),
    )


def _people(session: CrmSession, day: date, owner_id: int | None) -> pd.DataFrame:
    rows: dict[int | None, dict[str, float]] = {}
    for keys, owner, columns, conditions in _counted(day, owner_id):
        for found in session.execute(select(owner, *columns).where(*conditions).group_by(owner)):
            row = rows.setdefault(found[0], dict.fromkeys(COUNTS, 0.0))
            row.update({key: float(value or 0) for key, value in zip(keys, found[1:], strict=True)})
    for row in rows.values():
        row["amount"] /= 100
    expected: dict[int | None, str] = dict(managers(session, Filters(owner_id=owner_id) if owner_id else EVERYBODY).items())
    others = [owner for owner in rows if owner is not None and owner not in expected]
    names = expected | (lookup(session, select(User.id, User.name).where(User.id.in_(others))) if others else {})
    table = [{"manager_id": owner, "manager": name, **rows.get(owner, dict.fromkeys(COUNTS, 0.0))} for owner, name in names.items()]
    table += [{"manager_id": None, "manager": None, **rows[None]}] if None in rows else []
    return pd.DataFrame(table, columns=["manager_id", "manager", *COUNTS])


def _counted(day: date, owner_id: int | None) -> Iterable[tuple[tuple[str, ...], Any, tuple[Any, ...], list[ColumnElement[bool]]]]:
    """Each kind of event: the counts that it gives, whose it is, how it is counted, and which rows are meant."""
    contract = case((Order.kind == "contract", 1), else_=0)
    complaint, unhappy = case((FollowUp.outcome == COMPLAINT, 1), else_=0), case((SurveyResponse.unhappy, SurveyResponse.sheet))
    yield ("customers",), Customer.owner_id, (func.count(),), _new_on(day, owner_id)
    yield ("done", "complaints"), FollowUp.owner_id, (func.count(), func.sum(complaint)), _done_on(day, owner_id)
    yield ("planned",), FollowUp.owner_id, (func.count(),), _due_on(day + ONE_DAY, owner_id)
    yield ("orders", "amount", "contracts"), Order.account_owner_id, (func.count(), func.sum(CENTS), func.sum(contract)), _ordered_on(day, owner_id)
    sheets = (func.count(SurveyResponse.sheet.distinct()), func.count(unhappy.distinct()))
    yield ("answers", "unhappy"), SurveyResponse.account_owner_id, sheets, _answered_on(day, owner_id)


def _within(column: Any, day: date) -> ColumnElement[bool]:
    return and_(column >= clock.at(day), column < clock.at(day + ONE_DAY))


def _whose(column: Any, owner_id: int | None) -> list[ColumnElement[bool]]:
    return [column == owner_id] if owner_id else []


def _new_on(day: date, owner_id: int | None) -> list[ColumnElement[bool]]:
    """Customers since the day; of those without such a date, the ones entered on it."""
    return [
        or_(Customer.customer_since == day, and_(Customer.customer_since.is_(None), _within(Customer.created_at, day))),
        *_whose(Customer.owner_id, owner_id),
    ]


def _done_on(day: date, owner_id: int | None) -> list[ColumnElement[bool]]:
    return [FollowUp.status == "done", FollowUp.done_on == day, *_whose(FollowUp.owner_id, owner_id)]


def _due_on(day: date, owner_id: int | None) -> list[ColumnElement[bool]]:
    return [FollowUp.status == "planned", FollowUp.due_on == day, *_whose(FollowUp.owner_id, owner_id)]


def _ordered_on(day: date, owner_id: int | None) -> list[ColumnElement[bool]]:
    return [Order.ordered_on == day, *_whose(Order.account_owner_id, owner_id)]


def _answered_on(day: date, owner_id: int | None) -> list[ColumnElement[bool]]:
    return [_within(SurveyResponse.answered_at, day), *_whose(SurveyResponse.account_owner_id, owner_id)]


def _frame(session: CrmSession, statement: AnySelect) -> pd.DataFrame:
    result = session.execute(statement.limit(SHOWN))
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def _follow_ups(session: CrmSession, day: date, owner_id: int | None) -> pd.DataFrame:
    """customer_id, at (local), customer, subject, method, outcome, rating, manager; the words of codes in the current language."""
    columns = (
        FollowUp.customer_id,
        FollowUp.done_at.label("at"),
        Customer.name.label("customer"),
        FollowUp.subject,
        FollowUp.method,
        FollowUp.outcome,
        FollowUp.rating,
        User.name.label("manager"),
    )
    joined = select(*columns).join(Customer, Customer.id == FollowUp.customer_id).outerjoin(User, User.id == FollowUp.owner_id)
    table = _frame(session, joined.where(*_done_on(day, owner_id)).order_by(FollowUp.done_at, FollowUp.id))
    table["at"] = [_clock_time(at) for at in table["at"]]
    return _in_words(session, table, "follow_up", ("method", "outcome"))


def _clock_time(at: datetime | None) -> str | None:
    return f"{clock.local(at):%H:%M}" if at is not None and at == at else None


def _planned(session: CrmSession, day: date, owner_id: int | None) -> pd.DataFrame:
    columns = (
        FollowUp.customer_id,
        FollowUp.due_time.label("at"),
        Customer.name.label("customer"),
        FollowUp.subject,
        FollowUp.method,
        User.name.label("manager"),
    )
    joined = select(*columns).join(Customer, Customer.id == FollowUp.customer_id).outerjoin(User, User.id == FollowUp.owner_id)
    table = _frame(session, joined.where(*_due_on(day + ONE_DAY, owner_id)).order_by(FollowUp.due_time.nulls_last(), FollowUp.id))
    table["at"] = [f"{at:%H:%M}" if at is not None and at == at else None for at in table["at"]]
    return _in_words(session, table, "follow_up", ("method",))


def _customers(session: CrmSession, day: date, owner_id: int | None) -> pd.DataFrame:
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), Customer.tier, Customer.source, User.name.label("manager"))
    table = _frame(session, select(*columns).outerjoin(User, User.id == Customer.owner_id).where(*_new_on(day, owner_id)).order_by(Customer.id))
    return _in_words(session, table, "customer", ("source",))


def _orders(session: CrmSession, day: date, owner_id: int | None) -> pd.DataFrame:
    columns = (Order.customer_id, Order.code, Customer.name.label("customer"), Order.kind, Order.amount, Order.channel, User.name.label("manager"))
    joined = select(*columns).join(Customer, Customer.id == Order.customer_id).outerjoin(User, User.id == Order.account_owner_id)
    table = _frame(session, joined.where(*_ordered_on(day, owner_id)).order_by(Order.amount.desc(), Order.id))
    return _in_words(session, table, "order", ("kind", "channel"))


def _answers(session: CrmSession, day: date, owner_id: int | None) -> pd.DataFrame:
    columns = (
        SurveyResponse.customer_id,
        Customer.name.label("customer"),
        Question.text.label("question"),
        SurveyResponse.score,
        Question.scale_max.label("best"),
        SurveyResponse.comment,
        SurveyResponse.unhappy,
        User.name.label("manager"),
    )
    joined = select(*columns).join(Customer, Customer.id == SurveyResponse.customer_id).join(Question, Question.id == SurveyResponse.question_id)
    whose = joined.outerjoin(User, User.id == SurveyResponse.account_owner_id).where(*_answered_on(day, owner_id))
    return _frame(session, whose.order_by(SurveyResponse.unhappy.desc(), SurveyResponse.answered_at, SurveyResponse.id))


def _in_words(session: CrmSession, table: pd.DataFrame, noun: str, keys: tuple[str, ...]) -> pd.DataFrame:
    for key in keys:
        words = labels(session, field_of(NOUNS[noun], key))
        table[key] = [words.get(code, code) for code in table[key]]
    return table
