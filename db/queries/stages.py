"""Lifecycle stages of customers without a contract: how long since the last purchase.

'Lost' is a rule, nobody observes it. Schmittlein, Morrison and Colombo, Management Science 33 (1987).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select

from db import clock
from db.dialect import month_of
from db.models import Customer, Order
from db.queries.basis import counted_by
from db.queries.contracts import deletions
from db.queries.figures import Figure, share
from db.queries.filters import EVERYBODY, AnySelect, Filters, about_customers, about_people, ask, frame, known
from db.queries.periods import Period, at_month_ends, latest
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
    def of(cls, session: CrmSession) -> Limits:
        """The organisation's own."""
        house = session.organisation
        return cls(house.active_days, house.at_risk_days, house.dormant_days)

    @classmethod
    def from_gaps(cls, quarter: float, tenth: float) -> Limits:
        """A start from the customers' own gaps: P75, P90 and twice P90."""
        return cls(round(quarter), round(tenth), round(2 * tenth))

    def when(self, last: Any, day: date) -> dict[str, ColumnElement[bool]]:
        """The condition of each stage on the day of the last purchase."""
        active, at_risk, dormant = (day - timedelta(days=days) for days in (self.active, self.at_risk, self.dormant))
        return {"active": last >= active, "at_risk": and_(last < active, last >= at_risk),
                "dormant": and_(last < at_risk, last >= dormant), "lost": last < dormant}


def stages(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, limits: Limits | None = None) -> dict[str, int]:
    """Customers in each stage; `prospect` never bought, `new` bought first within the active limit (a flag beside the stage)."""
    limits = limits or Limits.of(session)
    customers = buyers(session, filters, as_of).where(known(Order.customer_id, as_of)).subquery()
    counts = [func.sum(case((condition, 1), else_=0)).label(stage) for stage, condition in limits.when(customers.c.last, as_of).items()]
    new = func.sum(case((customers.c.first >= as_of - timedelta(days=limits.active), 1), else_=0)).label("new")
    row = ask(session, select(*counts, new, func.count().label("buyers")).select_from(customers)).mappings().one()
    found = {key: int(row[key] or 0) for key in (*STAGES, "new")}
    return found | {"prospect": _customers(session, as_of, filters) - int(row["buyers"])}


def _customers(session: CrmSession, as_of: date, filters: Filters) -> int:
    narrowed = [*counted_by(session, "purchase", Customer.id), *about_customers(filters), *about_people(Customer.owner_id, filters)]
    conditions = [known(Customer.id, as_of), *narrowed]
    return int(ask(session, select(func.count(Customer.id)).where(*conditions)).scalar_one())


def stages_by_month(session: CrmSession, as_of: date, months: int = 12, filters: Filters = EVERYBODY, limits: Limits | None = None) -> pd.DataFrame:
    """The stages at the end of each month, the last one at the as-of date: month, active, at_risk, dormant, lost."""
    periods = latest(as_of, months)
    counts = stages_on(session, as_of, [min(period.last, as_of) for period in periods], filters, limits)
    return pd.DataFrame([{"month": period.start, **count} for period, count in zip(periods, counts, strict=True)])


def stages_on(session: CrmSession, as_of: date, days: list[date], filters: Filters = EVERYBODY, limits: Limits | None = None) -> list[dict[str, int]]:
    """The stages at the end of each of the days; month ends and the as-of date in one question."""
    limits = limits or Limits.of(session)
    if not at_month_ends(days, as_of):
        return [stages(session, day, filters, limits) for day in days]
    spells = spells_since(session, as_of, min(days), filters)
    return _stages_at(spells, days, limits)


def spells_since(session: CrmSession, as_of: date, since: date, filters: Filters) -> pd.DataFrame:
    """How many customers bought on `day` and not again before the month `until` (none: not again), those gone with them apart."""
    following = func.lead(Order.ordered_on).over(partition_by=Order.customer_id, order_by=Order.ordered_on).label("following")
    each = select(Order.customer_id, Order.ordered_on.label("day"), following).where(*purchases(session, filters, as_of)).subquery()
    until, deleted = month_of(each.c.following), deletions()
    keys = [each.c.day, until.label("until"), deleted.c.deleted_at] if _any_deleted(session) else [each.c.day, until.label("until")]
    joined = select(*keys, func.count().label("n")).select_from(each)
    joined = joined.outerjoin(deleted, deleted.c.id == each.c.customer_id) if len(keys) > 2 else joined
    table = frame(session, joined.where(or_(each.c.following.is_(None), each.c.following > since)).group_by(each.c.day, until, *keys[2:]))
    gone = [None if pd.isna(at) else clock.local(at).date() for at in table["deleted_at"]] if "deleted_at" in table else None
    return table.assign(day=pd.to_datetime(table["day"]), until=table["until"].fillna("9999-12"), gone=pd.to_datetime(pd.Series(gone, index=table.index)))


def _stages_at(spells: pd.DataFrame, days: list[date], limits: Limits) -> list[dict[str, int]]:
    bought, gone = (spells[key].to_numpy().astype("datetime64[D]") for key in ("day", "gone"))
    until, n = np.array(spells["until"].tolist(), dtype="datetime64[M]"), spells["n"].to_numpy()
    bounds = np.array([limits.active, limits.at_risk, limits.dormant])
    found = []
    for day in np.array(days, dtype="datetime64[D]"):
        here = (bought <= day) & (until > day.astype("datetime64[M]")) & ~(gone <= day)
        stage = np.searchsorted(bounds, (day - bought[here]).astype(int))
        found.append(dict(zip(STAGES, np.bincount(stage, n[here], len(STAGES)).astype(int).tolist(), strict=True)))
    return found


def _any_deleted(session: CrmSession) -> bool:
    return ask(session, select(Customer.id).where(Customer.deleted_at.is_not(None)).limit(1)).first() is not None


def active_shares(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """Active / all who ever bought, at the end of each period."""
    return _shares(session, as_of, "active", periods, filters)


def dormancy_rates(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """Dormant / all who ever bought, at the end of each period."""
    return _shares(session, as_of, "dormant", periods, filters)


def _shares(session: CrmSession, as_of: date, stage: str, periods: list[Period], filters: Filters) -> list[Figure]:
    counts = stages_on(session, as_of, [period.last for period in periods], filters)
    return [share(count[stage], sum(count[each] for each in STAGES)) for count in counts]


def stage_share(stage: str) -> Callable[[CrmSession, date, Period, Filters], Figure]:
    """The figure of one stage / all who ever bought."""
    def figure(session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> Figure:
        count = stages(session, as_of, filters)
        return share(count[stage], sum(count[each] for each in STAGES))
    return figure


def customers_in(session: CrmSession, as_of: date, stage: str, filters: Filters = EVERYBODY, limits: Limits | None = None, *,
                 limit: int = 50, offset: int = 0) -> pd.DataFrame:
    """The customers in a stage, the most valuable first, to act on: customer_id, customer, date (last purchase), value (spent so far), manager_id."""
    customers = spenders(session, as_of, filters)
    meant = (limits or Limits.of(session)).when(customers.c.last, as_of)[stage]
    statement = select(*buyer_columns(customers)).join(customers, customers.c.customer_id == Customer.id).where(meant)
    return frame(session, statement.order_by(customers.c.spent.desc(), Customer.id).limit(limit).offset(offset))


def behind_stage(session: CrmSession, as_of: date, stage: str, filters: Filters) -> AnySelect:
    """All buyers, the latest first; counted: in the stage."""
    customers = spenders(session, as_of, filters)
    counted = Limits.of(session).when(customers.c.last, as_of)[stage].label("counted")
    return select(*buyer_columns(customers), counted).join(customers, customers.c.customer_id == Customer.id).order_by(customers.c.last.desc(), Customer.id)


def spenders(session: CrmSession, as_of: date, filters: Filters) -> Subquery:
    """One row a buyer: customer_id, first, last, spent (hundredths)."""
    return buyers(session, filters, as_of, func.sum(CENTS).label("spent")).where(known(Order.customer_id, as_of)).subquery()


def buyer_columns(customers: Subquery) -> tuple[Any, ...]:
    """customer_id, customer, date (last purchase), value (spent so far), manager_id."""
    return (Customer.id.label("customer_id"), Customer.name.label("customer"), customers.c.last.label("date"), (customers.c.spent / 100.0).label("value"),
            Customer.owner_id.label("manager_id"))
