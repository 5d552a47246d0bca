"""Lifecycle stages of customers without a contract: how long since the last purchase.

'Lost' is a rule, nobody observes it. Schmittlein, Morrison and Colombo, Management Science 33 (1987).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Subquery, and_, case, func, select, true

from db.models import Customer, Order
from db.queries.figures import Figure, share
from db.queries.filters import EVERYBODY, AnySelect, Filters, about_customers, about_people, ask, frame, known
from db.queries.periods import Period, latest
from db.queries.purchases import CENTS, buyers, purchases
from db.session import CrmSession

STAGES = ("active", "at_risk", "dormant", "lost")


@dataclass(frozen=True)
class Limits:
    """The last day, counted from the last purchase, of each stage; 'lost' follows."""

    active: int = 90
    at_risk: int = 180
    dormant: int = 365

    @classmethod
    def from_gaps(cls, quarter: float, tenth: float) -> Limits:
        """A start from the customers' own gaps: P75, P90 and twice P90."""
        return cls(round(quarter), round(tenth), round(2 * tenth))

    def when(self, last: Any, day: date) -> dict[str, ColumnElement[bool]]:
        """The condition of each stage on the day of the last purchase."""
        active, at_risk, dormant = (day - timedelta(days=days) for days in (self.active, self.at_risk, self.dormant))
        return {"active": last >= active, "at_risk": and_(last < active, last >= at_risk),
                "dormant": and_(last < at_risk, last >= dormant), "lost": last < dormant}


USUAL = Limits()


def stages(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, limits: Limits = USUAL) -> dict[str, int]:
    """Customers in each stage; `prospect` never bought, `new` bought first within the active limit (a flag beside the stage)."""
    customers = buyers(filters, as_of).where(known(Order.customer_id, as_of)).subquery()
    counts = [func.sum(case((condition, 1), else_=0)).label(stage) for stage, condition in limits.when(customers.c.last, as_of).items()]
    new = func.sum(case((customers.c.first >= as_of - timedelta(days=limits.active), 1), else_=0)).label("new")
    row = ask(session, select(*counts, new, func.count().label("buyers")).select_from(customers)).mappings().one()
    found = {key: int(row[key] or 0) for key in (*STAGES, "new")}
    return found | {"prospect": _customers(session, as_of, filters) - int(row["buyers"])}


def _customers(session: CrmSession, as_of: date, filters: Filters) -> int:
    conditions = [known(Customer.id, as_of), *about_customers(filters), *about_people(Customer.owner_id, filters)]
    return int(ask(session, select(func.count(Customer.id)).where(*conditions)).scalar_one())


def stages_by_month(session: CrmSession, as_of: date, months: int = 12, filters: Filters = EVERYBODY, limits: Limits = USUAL) -> pd.DataFrame:
    """The stages at the end of each month, the last one at the as-of date: month, active, at_risk, dormant, lost."""
    periods = latest(as_of, months)
    days = [min(period.last, as_of) for period in periods]
    last = [func.max(case((Order.ordered_on <= day, Order.ordered_on))).label(f"last_{number}") for number, day in enumerate(days)]
    alive = [func.max(case((known(Order.customer_id, day), 1), else_=0)).label(f"known_{number}") for number, day in enumerate(days)]
    customers = select(*last, *(alive if _any_deleted(session) else ())).where(*purchases(filters, as_of)).group_by(Order.customer_id).subquery()
    columns = []
    for number, day in enumerate(days):
        here = customers.c[f"known_{number}"] == 1 if f"known_{number}" in customers.c else true()
        for stage, condition in limits.when(customers.c[f"last_{number}"], day).items():
            columns.append(func.sum(case((and_(condition, here), 1), else_=0)).label(f"{stage}_{number}"))
    row = ask(session, select(*columns).select_from(customers)).mappings().one()
    return pd.DataFrame([{"month": period.start, **{stage: int(row[f"{stage}_{number}"] or 0) for stage in STAGES}} for number, period in enumerate(periods)])


def _any_deleted(session: CrmSession) -> bool:
    return ask(session, select(Customer.id).where(Customer.deleted_at.is_not(None)).limit(1)).first() is not None


def active_share(session: CrmSession, as_of: date, _period: Period | None = None, filters: Filters = EVERYBODY) -> Figure:
    found = stages(session, as_of, filters)
    return share(found["active"], sum(found[stage] for stage in STAGES))


def dormancy_rate(session: CrmSession, as_of: date, _period: Period | None = None, filters: Filters = EVERYBODY) -> Figure:
    """Dormant / all who ever bought."""
    found = stages(session, as_of, filters)
    return share(found["dormant"], sum(found[stage] for stage in STAGES))


def customers_in(session: CrmSession, as_of: date, stage: str, filters: Filters = EVERYBODY, limits: Limits = USUAL, *,
                 limit: int = 50, offset: int = 0) -> pd.DataFrame:
    """The customers in a stage, the most valuable first, to act on: customer_id, customer, date (last purchase), value (spent so far), manager_id."""
    customers = _spenders(as_of, filters)
    meant = limits.when(customers.c.last, as_of)[stage]
    statement = select(*_columns(customers)).join(customers, customers.c.customer_id == Customer.id).where(meant)
    return frame(session, statement.order_by(customers.c.spent.desc(), Customer.id).limit(limit).offset(offset))


def behind_stage(as_of: date, stage: str, filters: Filters) -> AnySelect:
    """All buyers, the latest first; counted: in the stage."""
    customers = _spenders(as_of, filters)
    counted = USUAL.when(customers.c.last, as_of)[stage].label("counted")
    return select(*_columns(customers), counted).join(customers, customers.c.customer_id == Customer.id).order_by(customers.c.last.desc(), Customer.id)


def _spenders(as_of: date, filters: Filters) -> Subquery:
    return buyers(filters, as_of, func.sum(CENTS).label("spent")).where(known(Order.customer_id, as_of)).subquery()


def _columns(customers: Subquery) -> tuple[Any, ...]:
    return (Customer.id.label("customer_id"), Customer.name.label("customer"), customers.c.last.label("date"), (customers.c.spent / 100.0).label("value"),
            Customer.owner_id.label("manager_id"))
