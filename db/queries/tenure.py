"""The ages of contract customers, read from the database for the survival curves."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Subquery, case, extract, func, select

from db.models import Customer, Order
from db.queries.contracts import lifetimes
from db.queries.filters import EVERYBODY, Filters, frame, known
from db.queries.retention import OF_CONTRACT
from db.queries.survival import Curve, Projection, kaplan_meier, log_rank, project
from db.session import CrmSession


def ages(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, by: str = "") -> pd.DataFrame:
    """How many customers have which age in whole months: group, months, lost, n.

    From the start of the first contract to the end of the last, gaps included; those still there are counted to the as-of date.
    by: tier, region, industry, kind, owner_id of the customer, or terms, channel of the contract.
    """
    own = [func.min(getattr(Order, by)).label("group")] if by in OF_CONTRACT else []
    spans = lifetimes(session, filters, as_of, *own).where(known(Order.customer_id, as_of)).subquery()
    lost = spans.c.last <= as_of
    until = case((lost, spans.c.last), else_=as_of)
    columns = (spans.c.customer_id, spans.c.first, until.label("until"), case((lost, 1), else_=0).label("lost"))
    ended = select(*columns, *([spans.c.group] if own else [])).subquery()
    group = ended.c.group if own else getattr(Customer, by) if by else None
    months, groups = months_between(ended), [] if group is None else [group]
    statement = select(*(column.label("group") for column in groups), months.label("months"), ended.c.lost, func.count().label("n")).select_from(ended)
    joined = statement.join(Customer, Customer.id == ended.c.customer_id) if by and not own else statement
    table = frame(session, joined.group_by(*groups, months, ended.c.lost))
    return table if by else table.assign(group="")


def months_between(span: Subquery) -> ColumnElement[Any]:
    """Whole months from `first` to `until`."""
    first, until = span.c.first, span.c.until
    names = (extract("year", until) - extract("year", first)) * 12 + extract("month", until) - extract("month", first)
    return names - case((extract("day", until) < extract("day", first), 1), else_=0)


def survival_curves(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, by: str = "") -> dict[Any, Curve]:
    """A Kaplan-Meier curve, in months, for each group; '' is everybody."""
    return {group: kaplan_meier(part["months"], part["lost"] == 1, part["n"]) for group, part in _groups(ages(session, as_of, filters, by))}


def difference(session: CrmSession, as_of: date, by: str, filters: Filters = EVERYBODY) -> tuple[float, float] | None:
    """Log-rank chi-square and p between the groups."""
    table = ages(session, as_of, filters, by)
    return log_rank([(np.repeat(part["months"], part["n"]), np.repeat(part["lost"] == 1, part["n"])) for _, part in _groups(table)])


def projection(session: CrmSession, as_of: date, filters: Filters = EVERYBODY) -> Projection | None:
    """The sBG fitted on whole contract years."""
    table = ages(session, as_of, filters)
    lost, there = table[table["lost"] == 1], table[table["lost"] == 0]
    left = np.bincount(np.maximum(np.ceil(lost["months"].astype(int) / 12), 1).astype(int) - 1, lost["n"].astype(int)) if len(lost) else np.array([])
    stayed = np.bincount(there["months"].astype(int) // 12, there["n"].astype(int)) if len(there) else np.array([])
    return project(left, stayed)


def _groups(table: pd.DataFrame) -> list[tuple[Any, pd.DataFrame]]:
    parts: list[tuple[Any, pd.DataFrame]] = list(table.groupby("group", dropna=False))
    named = [(None if pd.isna(group) else group, part) for group, part in parts]
    return sorted(named, key=lambda pair: (pair[0] is None, str(pair[0])))
