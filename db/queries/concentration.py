"""How much hangs on few customers: ABC classes, the share of the best fifth, Gini, and the history x potential matrix."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, Subquery, case, func, select, type_coerce

from db.models import Customer, Order
from db.queries.figures import NOTHING, Figure, quotient
from db.queries.filters import EVERYBODY, AnySelect, Filters, about, ask, frame, happened, known
from db.queries.periods import Period, last_months
from db.queries.purchases import CENTS
from db.queries.statistics import gini
from db.session import CrmSession

CLASS_LIMITS = (("A", 80), ("B", 95))
QUADRANTS = ("invest_keep", "hold", "invest_grow", "release")


def turnover(as_of: date, period: Period, filters: Filters) -> AnySelect:
    """One row a customer with orders in the period: customer_id, spent (hundredths, losses as 0)."""
    passed = period.until(as_of)
    conditions = (Order.ordered_on >= passed.start, Order.ordered_on < passed.end, happened(Order), known(Order.customer_id, as_of))
    spent = case((func.sum(CENTS) > 0, func.sum(CENTS)), else_=0)
    columns = (Order.customer_id.label("customer_id"), type_coerce(spent, BigInteger).label("spent"))
    return select(*columns).where(*conditions, *about(Order, filters)).group_by(Order.customer_id)


def classified(as_of: date, period: Period, filters: Filters) -> Subquery:
    """With the class: by the share that strictly larger customers hold. Dickie 1951."""
    each = turnover(as_of, period, filters).subquery()
    larger = func.sum(each.c.spent).over(order_by=each.c.spent.desc()) - func.sum(each.c.spent).over(partition_by=each.c.spent)
    ranked = select(each.c.customer_id, each.c.spent, larger.label("larger"), func.sum(each.c.spent).over().label("total")).subquery()
    grade = case(*((ranked.c.larger * 100 < ranked.c.total * limit, name) for name, limit in CLASS_LIMITS), else_="C")
    return select(ranked.c.customer_id, ranked.c.spent, grade.label("grade")).where(ranked.c.total > 0).subquery()


def abc_classes(session: CrmSession, as_of: date, period: Period | None = None, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """Customers and turnover of each class, by default of the last 12 months: grade, customers, spent, share. Empty without turnover."""
    each = classified(as_of, period or last_months(as_of), filters)
    columns = (each.c.grade, func.count().label("customers"), func.sum(each.c.spent).label("spent"))
    table = frame(session, select(*columns).group_by(each.c.grade).order_by(each.c.grade))
    table["spent"] = table["spent"].astype(float) / 100
    return table.assign(share=table["spent"] / table["spent"].sum())


def spending(session: CrmSession, as_of: date, period: Period | None = None, filters: Filters = EVERYBODY) -> np.ndarray:
    """The turnover of every customer with orders, the largest first."""
    each = turnover(as_of, period or last_months(as_of), filters).subquery()
    return np.array([int(value) for value in ask(session, select(each.c.spent).order_by(each.c.spent.desc())).scalars()], dtype=float) / 100


def top_fifth_share(session: CrmSession, as_of: date, period: Period | None = None, filters: Filters = EVERYBODY) -> Figure:
    """Turnover of the best 20 % of the customers (rounded up) / all turnover. Juran."""
    values = spending(session, as_of, period, filters)
    best = ceil(len(values) / 5)
    return quotient(float(values[:best].sum()), float(values.sum()), n=len(values))


def spending_gini(session: CrmSession, as_of: date, period: Period | None = None, filters: Filters = EVERYBODY) -> Figure:
    values = spending(session, as_of, period, filters)
    return Figure(gini(values.tolist()), n=len(values)) if len(values) else NOTHING


def pareto(session: CrmSession, as_of: date, period: Period | None = None, filters: Filters = EVERYBODY, points: int = 50) -> pd.DataFrame:
    """The cumulated share of turnover over the cumulated share of customers, the largest first: customers, turnover."""
    values = spending(session, as_of, period, filters)
    if not len(values) or values.sum() <= 0:
        return pd.DataFrame(columns=["customers", "turnover"])
    at = np.unique(np.linspace(1, len(values), min(points, len(values))).astype(int))
    shares = np.cumsum(values) / values.sum()
    return pd.DataFrame({"customers": [0.0, *(at / len(values))], "turnover": [0.0, *shares[at - 1]]})


def quadrants(historic: Sequence[float], potential: Sequence[float | None], cuts: tuple[float, float] | None = None) -> list[str]:
    """invest_keep, hold, invest_grow, release, or unknown without a potential; cut at the medians, equal to the cut is high.

    Fiocca 1982; Turnbull and Zolkiewski 1997.
    """
    known_potential = [value for value in potential if value is not None and not np.isnan(value)]
    if not known_potential:
        return ["unknown"] * len(historic)
    high, promising = cuts or (float(np.median(historic)), float(np.median(known_potential)))
    return [_quadrant(past, future, high, promising) for past, future in zip(historic, potential, strict=True)]


def _quadrant(past: float, future: float | None, high: float, promising: float) -> str:
    if future is None or np.isnan(future):
        return "unknown"
    if past >= high:
        return "invest_keep" if future >= promising else "hold"
    return "invest_grow" if future >= promising else "release"


def portfolio(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, cuts: tuple[float, float] | None = None) -> pd.DataFrame:
    """The matrix of turnover so far and the managers' estimate of the potential: customer_id, customer, historic, potential, quadrant."""
    each = turnover(as_of, Period(date.min, date.max), filters).subquery()
    potential = type_coerce(Customer.potential_value, BigInteger)
    statement = select(Customer.id.label("customer_id"), Customer.name.label("customer"), each.c.spent, potential.label("potential"))
    table = frame(session, statement.join(each, each.c.customer_id == Customer.id).order_by(each.c.spent.desc(), Customer.id))
    table["historic"] = table.pop("spent").astype(float) / 100
    table["potential"] = pd.to_numeric(table["potential"]).astype(float) / 100
    return table.assign(quadrant=quadrants(table["historic"].tolist(), table["potential"].tolist(), cuts))


def behind_turnover(_session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The customers with orders in the last 12 months, the largest first; counted: the best fifth."""
    each = turnover(as_of, last_months(as_of), filters).subquery()
    place, n = func.row_number().over(order_by=(each.c.spent.desc(), each.c.customer_id)), func.count().over()
    ranked = select(each.c.customer_id, each.c.spent, (place * 5 < n + 5).label("counted")).subquery()
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), Customer.customer_since.label("date"),
               (ranked.c.spent / 100.0).label("value"), Customer.owner_id.label("manager_id"), ranked.c.counted)
    return select(*columns).join(ranked, ranked.c.customer_id == Customer.id).order_by(ranked.c.spent.desc(), Customer.id)
