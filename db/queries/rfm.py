"""RFM: recency, frequency and money, each scored from 1 to 5. Hughes, Strategic Database Marketing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Subquery, distinct, func, select

from db.models import Customer, Order
from db.queries.filters import EVERYBODY, Filters, frame, known
from db.queries.purchases import CENTS, buyers
from db.session import CrmSession

SCORES = 5
FEWEST = 5
VALUES = ("last", "frequency", "spent", "r", "f", "m")


def scored(session: CrmSession, filters: Filters, as_of: date) -> Subquery:
    """One row a buyer: customer_id, last, frequency (purchase days), spent (hundredths), r, f, m; ties share a score, 5 is best."""
    values = (func.count(distinct(Order.ordered_on)).label("frequency"), func.sum(CENTS).label("spent"))
    each = buyers(session, filters, as_of, *values).where(known(Order.customer_id, as_of)).subquery()
    scores = [_score(column).label(name) for name, column in (("r", each.c.last), ("f", each.c.frequency), ("m", each.c.spent))]
    return select(each.c.customer_id, each.c.last, each.c.frequency, each.c.spent, *scores).subquery()


def _score(value: Any) -> ColumnElement[int]:
    return 1 + SCORES * (func.rank().over(order_by=value) - 1) // func.count().over()


def rfm_grid(session: CrmSession, as_of: date, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """Customers and mean amount per pair of scores: r, f, customers, mean_spent. Empty below 5 customers."""
    each = scored(session, filters, as_of)
    statement = select(each.c.r, each.c.f, func.count().label("customers"), func.sum(each.c.spent).label("spent")).group_by(each.c.r, each.c.f)
    table = frame(session, statement.order_by(each.c.r, each.c.f))
    table["mean_spent"] = table.pop("spent").astype(float) / 100 / table["customers"]
    return table if table["customers"].sum() >= FEWEST else table.iloc[:0]


def rfm_distribution(session: CrmSession, as_of: date, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """Customers per combination of the three scores: r, f, m, customers, spent."""
    each = scored(session, filters, as_of)
    keys: list[Any] = [each.c.r, each.c.f, each.c.m]
    table = frame(session, select(*keys, func.count().label("customers"), func.sum(each.c.spent).label("spent")).group_by(*keys).order_by(*keys))
    return table.assign(spent=table["spent"].astype(float) / 100)


def rfm_customers(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, *, r: int | None = None, f: int | None = None, m: int | None = None,
                  limit: int = 50, offset: int = 0) -> pd.DataFrame:
    """The customers with these scores, the most valuable first: customer_id, customer, last, recency_days, frequency, spent, r, f, m, manager_id."""
    each = scored(session, filters, as_of)
    wanted = [column == value for column, value in ((each.c.r, r), (each.c.f, f), (each.c.m, m)) if value is not None]
    columns: list[Any] = [Customer.id.label("customer_id"), Customer.name.label("customer"), *(each.c[name] for name in VALUES)]
    statement = select(*columns, Customer.owner_id.label("manager_id")).join(each, each.c.customer_id == Customer.id).where(*wanted)
    table = frame(session, statement.order_by(each.c.spent.desc(), Customer.id).limit(limit).offset(offset))
    table.insert(3, "recency_days", [(as_of - last).days for last in table["last"]])
    return table.assign(spent=table["spent"].astype(float) / 100)
