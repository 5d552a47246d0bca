"""Customers that need a look today, each with its reason and what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, literal, or_, select

from db import clock
from db.models import Customer, FollowUp, Order
from db.queries.today import AHEAD, SHOWN
from db.session import CrmSession

TERM_AHEAD = 45
UNHAPPY_DAYS = 30
LOW = literal(2, literal_execute=True)
"""Written into the statement, as the index of the unhappy names it."""


@dataclass(frozen=True)
class Attention:
    """A customer that needs a look: why, and the value that is usual."""

    kind: str
    customer_id: int
    customer: str
    number: int
    usual: int | None = None
    on: date | None = None


def attention(session: CrmSession, owner_id: int | None, each: int = 4) -> dict[str, tuple[int, list[Attention]]]:
    """By reason: how many customers, and the first few of them."""
    return {
        "unhappy": _unhappy(session, owner_id, each),
        "silent": _silent(session, owner_id, each),
        "ending": _ending(session, owner_id, each),
        "birthday": _birthdays(session, owner_id, each),
    }


def _mine(owner_id: int | None) -> list[ColumnElement[bool]]:
    return [Customer.owner_id == owner_id] if owner_id else []


def _silent(session: CrmSession, owner_id: int | None, each: int) -> tuple[int, list[Attention]]:
    today = clock.today()
    late = (Customer.contact_due_on < today, *_mine(owner_id), or_(Customer.next_contact_on.is_(None), Customer.next_contact_on < today))
    rows = session.execute(
        select(Customer.id, Customer.name, Customer.last_contact_at, Customer.cadence_days, Customer.tier, Customer.contact_due_on)
        .where(*late)
        .order_by(Customer.tier.asc().nulls_last(), Customer.contact_due_on, Customer.id)
        .limit(each)
    )
    found = [
        Attention("silent", id_, name, _silent_days(last, due), cadence or session.organisation.cadence_of(tier), due)
        for id_, name, last, cadence, tier, due in rows
    ]
    return session.scalar(select(func.count()).select_from(Customer).where(*late)) or 0, found


def _silent_days(last: datetime | None, due: date | None) -> int:
    """Days since the last contact; of a customer never contacted, since the first one was due."""
    since = clock.local(last).date() if last else due or clock.today()
    return (clock.today() - since).days


def _unhappy(session: CrmSession, owner_id: int | None, each: int) -> tuple[int, list[Attention]]:
    since = clock.today() - timedelta(days=UNHAPPY_DAYS)
    low = (FollowUp.rating <= LOW, FollowUp.done_on >= since, *_mine(owner_id))
    grouped = (
        select(Customer.id, Customer.name, func.min(FollowUp.rating), func.max(FollowUp.done_on))
        .join(Customer, Customer.id == FollowUp.customer_id)
        .where(*low)
        .group_by(Customer.id, Customer.name)
    )
    rows = session.execute(grouped.order_by(func.max(FollowUp.done_on).desc(), Customer.id).limit(each))
    total = session.scalar(select(func.count(func.distinct(FollowUp.customer_id))).join(Customer, Customer.id == FollowUp.customer_id).where(*low)) or 0
    return total, [Attention("unhappy", id_, name, rating or 0, None, on) for id_, name, rating, on in rows]


def _ending(session: CrmSession, owner_id: int | None, each: int) -> tuple[int, list[Attention]]:
    today = clock.today()
    soon = (Order.kind == "contract", Order.ended_on.is_(None), Order.ends_on >= today, Order.ends_on <= today + timedelta(days=TERM_AHEAD), *_mine(owner_id))
    joined = select(Customer.id, Customer.name, Order.ends_on).join(Customer, Customer.id == Order.customer_id).where(*soon)
    rows = session.execute(joined.order_by(Order.ends_on, Order.id).limit(each))
    total = session.scalar(select(func.count()).select_from(Order).join(Customer, Customer.id == Order.customer_id).where(*soon)) or 0
    return total, [Attention("ending", id_, name, (on - today).days, None, on) for id_, name, on in rows if on]


def _birthdays(session: CrmSession, owner_id: int | None, each: int) -> tuple[int, list[Attention]]:
    days = [clock.today() + timedelta(days=ahead) for ahead in range(AHEAD + 1)]
    at = {day.month * 100 + day.day: day for day in days}
    wanted = (Customer.birthday_mmdd.in_(at), *_mine(owner_id))
    rows = session.execute(select(Customer.id, Customer.name, Customer.birthday_mmdd).where(*wanted).limit(SHOWN)).all()
    found = sorted(
        (Attention("birthday", id_, name, (at[mmdd] - clock.today()).days, None, at[mmdd]) for id_, name, mmdd in rows if mmdd), key=lambda item: item.number
    )
    return len(found), found[:each]
