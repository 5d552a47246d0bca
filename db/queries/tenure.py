"""The ages of contract customers, read from the database for the survival curves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import case, func, select

from db.dialect import months_between
from db.models import Customer, Order
from db.queries.contracts import lifetimes
from db.queries.filters import EVERYBODY, Filters, frame, known
from db.queries.retention import OF_CONTRACT
from db.queries.survival import FEWEST_AT_RISK, Curve, Projection, kaplan_meier, log_rank, project
from db.session import CrmSession

MOST_GROUPS, FEWEST_LOST, FEWEST_YEARS = 6, 10, 3


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
    months, groups = months_between(ended.c.first, ended.c.until), [] if group is None else [group]
    statement = select(*(column.label("group") for column in groups), months.label("months"), ended.c.lost, func.count().label("n")).select_from(ended)
    joined = statement.join(Customer, Customer.id == ended.c.customer_id) if by and not own else statement
    table = frame(session, joined.group_by(*groups, months, ended.c.lost))
    return table if by else table.assign(group="")


def survival_curves(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, by: str = "") -> dict[Any, Curve]:
    """A Kaplan-Meier curve, in months, for each group; '' is everybody."""
    return {group: kaplan_meier(part["months"], part["lost"] == 1, part["n"]) for group, part in _groups(ages(session, as_of, filters, by))}


@dataclass(frozen=True)
class Survival:
    """The curves of the largest groups, how many there are in all, and whether they differ: chi-square and p, None where they are too few to tell."""

    curves: dict[Any, Curve]
    groups: int
    difference: tuple[float, float] | None
    projection: Projection | None


def survival(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, by: str = "") -> Survival:
    """What the page shows: at most six groups of 10 customers or more; the projection of everybody."""
    table = ages(session, as_of, filters, by)
    parts = [(group, part) for group, part in _groups(table) if int(part["n"].sum()) >= FEWEST_AT_RISK]
    largest = {id(part) for _, part in sorted(parts, key=lambda pair: -int(pair[1]["n"].sum()))[:MOST_GROUPS]}
    kept = [(group, part) for group, part in parts if id(part) in largest]
    curves = {group: kaplan_meier(part["months"], part["lost"] == 1, part["n"]) for group, part in kept}
    enough = len(kept) > 1 and sum(curve.lost for curve in curves.values()) >= FEWEST_LOST
    return Survival(curves, table["group"].nunique(dropna=False), _tested(kept) if enough else None, _projected(table) if not by else None)


def difference(session: CrmSession, as_of: date, by: str, filters: Filters = EVERYBODY) -> tuple[float, float] | None:
    """Log-rank chi-square and p between the groups."""
    return _tested(_groups(ages(session, as_of, filters, by)))


def _tested(parts: list[tuple[Any, pd.DataFrame]]) -> tuple[float, float] | None:
    return log_rank([(np.repeat(part["months"], part["n"]), np.repeat(part["lost"] == 1, part["n"])) for _, part in parts])


def projection(session: CrmSession, as_of: date, filters: Filters = EVERYBODY) -> Projection | None:
    """The sBG fitted on whole contract years; none before survival is known after three of them."""
    return _projected(ages(session, as_of, filters))


def years_known(table: pd.DataFrame) -> int:
    """After how many whole years survival is known: 10 customers or more were observed so long."""
    observed = [int(table["n"][table["months"] >= 12 * year].sum()) for year in range(1, int(table["months"].max() or 0) // 12 + 1)] if len(table) else []
    return sum(n >= FEWEST_AT_RISK for n in observed)


def _projected(table: pd.DataFrame) -> Projection | None:
    if years_known(table) < FEWEST_YEARS:
        return None
    lost, there = table[table["lost"] == 1], table[table["lost"] == 0]
    left = np.bincount(np.maximum(np.ceil(lost["months"].astype(int) / 12), 1).astype(int) - 1, lost["n"].astype(int)) if len(lost) else np.array([])
    stayed = np.bincount(there["months"].astype(int) // 12, there["n"].astype(int)) if len(there) else np.array([])
    return project(left, stayed)


def _groups(table: pd.DataFrame) -> list[tuple[Any, pd.DataFrame]]:
    parts: list[tuple[Any, pd.DataFrame]] = list(table.groupby("group", dropna=False))
    named = [(None if pd.isna(group) else group, part) for group, part in parts]
    return sorted(named, key=lambda pair: (pair[0] is None, str(pair[0])))
