"""Everything one customer's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from db import clock
from db.models import Contact, Customer, CustomerTag, FollowUp, Order, Question, SurveyResponse, Tag, User
from db.session import CrmSession


@dataclass(frozen=True)
class Header:
    """The figures above a customer's timeline."""

    turnover: Decimal
    orders: int
    last_order_on: date | None
    open_follow_ups: int
    next_step: FollowUp | None
    rating: float | None
    ratings: int
    typical_gap_days: int | None
    owner: str
    tags: list[tuple[int, str, str]]
    previous_owner: str = ""


def header(session: CrmSession, customer: Customer) -> Header:
    own = Order.customer_id == customer.id
    turnover, orders, last_order = session.execute(select(func.coalesce(func.sum(Order.amount), 0), func.count(), func.max(Order.ordered_on)).where(own)).one()
    planned = (FollowUp.customer_id == customer.id, FollowUp.status == "planned")
    next_step = session.scalars(select(FollowUp).where(*planned).order_by(FollowUp.due_on, FollowUp.id).limit(1)).first()
    rated = (FollowUp.customer_id == customer.id, FollowUp.status == "done")
    mean, count, contacts, first, last = session.execute(
        select(func.avg(FollowUp.rating), func.count(FollowUp.rating), func.count(), func.min(FollowUp.done_on), func.max(FollowUp.done_on)).where(*rated)
    ).one()
    gap = (last - first).days // (contacts - 1) if contacts > 2 and first and last else None
    tags = session.execute(
        select(Tag.id, Tag.name, Tag.colour).join(CustomerTag, CustomerTag.tag_id == Tag.id).where(CustomerTag.customer_id == customer.id).order_by(Tag.name)
    )
    return Header(
        Decimal(turnover),
        orders,
        last_order,
        session.scalar(select(func.count()).select_from(FollowUp).where(*planned)) or 0,
        next_step,
        float(mean) if mean is not None else None,
        count,
        gap,
        _name_of(session, customer.owner_id),
        [(id_, name, colour) for id_, name, colour in tags],
        _name_of(session, customer.previous_owner_id),
    )


def _name_of(session: CrmSession, user_id: int | None) -> str:
    user = session.get(User, user_id, execution_options={"with_deleted": True}) if user_id else None
    return user.name if user else ""


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    kind: str
    at: datetime | date
    title: str
    text: str
    who: str
    id: int
    method: str = ""
    rating: int | None = None
    amount: Decimal | None = None
    status: str = ""


def timeline(session: CrmSession, customer_id: int, kinds: frozenset[str] = frozenset({"follow_up", "order", "survey"}), limit: int = 30) -> list[Event]:
    """What happened with a customer, newest first."""
    events: list[Event] = []
    for kind, question in {"follow_up": _follow_ups, "order": _orders, "survey": _answers}.items():
        events += question(session, customer_id, limit) if kind in kinds else []
    return sorted(events, key=lambda event: (*_place(event.at), event.id), reverse=True)[:limit]


def _place(moment: datetime | date) -> tuple[date, float]:
    """The day on the organisation's clock; within it, what has no time of day comes before what has one."""
    if not isinstance(moment, datetime):
        return moment, 0.0
    return clock.local(moment).date(), moment.timestamp()


def _follow_ups(session: CrmSession, customer_id: int, limit: int) -> list[Event]:
    statement = (
        select(FollowUp, User.name)
        .outerjoin(User, User.id == FollowUp.owner_id)
        .where(FollowUp.customer_id == customer_id, FollowUp.status == "done")
        .order_by(FollowUp.done_at.desc(), FollowUp.id.desc())
        .limit(limit)
    )
    return [
        Event(
            "follow_up",
            row.done_at or row.created_at,
            row.subject,
            row.content if row.content and row.content != row.subject else "",
            owner or "",
            row.id,
            row.method or "",
            row.rating,
            None,
            row.outcome or "",
        )
        for row, owner in session.execute(statement)
    ]


def _orders(session: CrmSession, customer_id: int, limit: int) -> list[Event]:
    statement = select(Order).where(Order.customer_id == customer_id).order_by(Order.ordered_on.desc(), Order.id.desc()).limit(limit)
    return [
        Event("order", row.ordered_on, row.code, row.notes or "", "", row.id, row.channel or "", None, row.amount, row.kind)
        for row in session.scalars(statement)
    ]


def _answers(session: CrmSession, customer_id: int, limit: int) -> list[Event]:
    statement = (
        select(SurveyResponse, Question)
        .join(Question, Question.id == SurveyResponse.question_id)
        .where(SurveyResponse.customer_id == customer_id)
        .order_by(SurveyResponse.answered_on.desc(), SurveyResponse.id.desc())
        .limit(limit)
    )
    return [
        Event("survey", row.answered_at, question.text, row.comment or "", "", row.id, row.channel or "", None, None, f"{row.score}/{question.scale_max}")
        for row, question in session.execute(statement)
    ]


def contacts(session: CrmSession, customer_id: int) -> list[Contact]:
    return list(session.scalars(select(Contact).where(Contact.customer_id == customer_id).order_by(Contact.name).limit(100)))


def planned(session: CrmSession, customer_id: int) -> list[Any]:
    statement = (
        select(FollowUp, User.name).outerjoin(User, User.id == FollowUp.owner_id).where(FollowUp.customer_id == customer_id, FollowUp.status == "planned")
    )
    return list(session.execute(statement.order_by(FollowUp.due_on, FollowUp.id).limit(50)))
