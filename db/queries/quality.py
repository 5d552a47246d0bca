"""How complete and how fresh the customers are, by manager and by field; and what is wrong with which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Float, and_, case, cast, func, literal, not_, or_, select

from db import clock
from db.derived import cadence
from db.dialect import days_between
from db.fields import Field
from db.models import Customer, User
from db.models.customer import weighed
from db.queries.filters import lookup
from db.session import CrmSession

POOR = 60
"""A customer less complete than so many percent is worth a look."""
STALE_AFTER = 2
"""Freshness falls from 100 on the due day to 0 this many cadences later."""
OLDEST = 120
NOBODY = 0
SHOWN = 200
FAULTS = ("stale", "incomplete", "orphaned", "unassigned", "impossible")


@dataclass(frozen=True)
class Quality:
    """people: manager_id, manager, customers, complete, fresh (mean percentages), by name; gaps: key, title, missing, of, most missing first."""

    people: pd.DataFrame
    gaps: pd.DataFrame

    @property
    def customers(self) -> int:
        return int(self.people["customers"].sum())

    def mean(self, key: str) -> float | None:
        """Over all customers for whom the score exists."""
        known = self.people[self.people[key].notna()]
        weights = known["customers"]
        return float((known[key].astype(float) * weights).sum() / weights.sum()) if weights.sum() else None


def is_missing(field: Field) -> ColumnElement[bool]:
    empty: ColumnElement[bool] = getattr(Customer, field.key).is_(None)
    if field.or_key:
        empty = and_(empty, getattr(Customer, field.or_key).is_(None))
    return and_(empty, Customer.kind == field.of_kind) if field.of_kind else empty


def freshness(session: CrmSession) -> Any:
    """100 until the cadence wants a contact, then falling; empty where no contact is ever wanted."""
    late = cast(days_between(Customer.contact_due_on, literal(clock.today().isoformat())), Float)
    falling = 100 - 100 * late / (STALE_AFTER * cadence(session.organisation))
    return case((Customer.contact_due_on >= clock.today(), 100.0), (Customer.contact_due_on.is_(None), None), (falling <= 0, 0.0), else_=falling)


def quality(session: CrmSession) -> Quality:
    """One pass over the customers that the actor sees and whose personal data is not erased."""
    fields = weighed()
    counted = [func.sum(case((is_missing(field), 1), else_=0)).label(field.key) for field in fields]
    kinds = sorted({field.of_kind for field in fields if field.of_kind})
    whole = [func.sum(case((Customer.kind == kind, 1), else_=0)).label(f"of_{kind}") for kind in kinds]
    scores = (func.count().label("customers"), func.avg(cast(Customer.completeness, Float)).label("complete"), func.avg(freshness(session)).label("fresh"))
    owner: Any = func.coalesce(Customer.owner_id, NOBODY)  # read through an index of owners, the rows would come in an order that costs twice the time
    result = session.execute(select(owner.label("manager_id"), *scores, *counted, *whole).where(Customer.erased_on.is_(None)).group_by(owner))
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    names = lookup(session, select(User.id, User.name))
    frame["manager"] = [names.get(owner) for owner in frame["manager_id"]]
    frame = frame.sort_values("manager", na_position="last")
    gaps = [{"key": field.key, "title": field.title, "missing": int(frame[field.key].sum()), "of": int(frame[_whole(field)].sum())} for field in fields]
    return Quality(frame[["manager_id", "manager", "customers", "complete", "fresh"]], pd.DataFrame(gaps).sort_values("missing", ascending=False))


def _whole(field: Field) -> str:
    """The column that counts the customers for whom a field matters."""
    return f"of_{field.of_kind}" if field.of_kind else "customers"


def impossible() -> dict[str, ColumnElement[bool]]:
    """Values that cannot be true, each with its name."""
    today = clock.today()
    return {
        "born": or_(Customer.birthday > today, Customer.birthday < date(today.year - OLDEST, 1, 1)),
        "since": Customer.customer_since > today,
        "consent": Customer.consent_withdrawn_on < Customer.consent_on,
        "email": and_(Customer.email.is_not(None), not_(Customer.email.like("%_@_%._%"))),
        "contact": Customer.last_contact_at > clock.now() + timedelta(days=1),
    }


def faults() -> dict[str, tuple[ColumnElement[bool], Any]]:
    """By kind: which customers have the fault, and the column by which the worst come first."""
    left = select(User.id).where(User.active.is_(False))
    wrong = impossible()
    return {
        "stale": ((Customer.contact_due_on < clock.today()) & Customer.next_contact_on.is_(None), Customer.contact_due_on),
        "incomplete": ((Customer.completeness < POOR) & Customer.erased_on.is_(None), Customer.completeness),
        "orphaned": (Customer.owner_id.in_(left), Customer.name),
        "unassigned": (Customer.owner_id.is_(None), Customer.name),
        "impossible": (or_(*wrong.values()), Customer.name),
    }


def counts(session: CrmSession) -> dict[str, int]:
    """How many customers have each fault."""
    return {kind: session.scalar(select(func.count()).select_from(Customer).where(condition)) or 0 for kind, (condition, _) in faults().items()}


def with_fault(session: CrmSession, kind: str, limit: int = SHOWN) -> list[Customer]:
    """The customers with a fault, the worst first."""
    condition, order = faults()[kind]
    return list(session.scalars(select(Customer).where(condition).order_by(order, Customer.id).limit(limit)))


def without(session: CrmSession, key: str, limit: int = SHOWN) -> list[Customer]:
    """Customers who lack a field that matters, the most valuable tier first."""
    field = next(field for field in weighed() if field.key == key)
    wanted = select(Customer).where(is_missing(field), Customer.erased_on.is_(None)).order_by(Customer.tier.asc().nulls_last(), Customer.name, Customer.id)
    return list(session.scalars(wanted.limit(limit)))


def what_is_wrong(session: CrmSession, ids: Sequence[int]) -> dict[int, list[str]]:
    """The names of the impossible values of these customers."""
    wrong = impossible()
    marks = (case((condition, 1), else_=0).label(name) for name, condition in wrong.items())
    rows = session.execute(select(Customer.id, *marks).where(Customer.id.in_(ids)))
    return {row[0]: [name for name, mark in zip(wrong, row[1:], strict=True) if mark] for row in rows}
