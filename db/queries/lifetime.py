"""Customer lifetime value without a contract, from the purchases in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, distinct, func, literal, select, type_coerce
from sqlalchemy.orm import aliased

from db.dialect import days_between
from db.models import Customer, Order
from db.queries.buying_model import BuyingModel, Histories, SpendModel, fit_buying, fit_spending, present_value, unrelated
from db.queries.concentration import quadrants
from db.queries.filters import EVERYBODY, Filters, ask, happened, known, lookup
from db.queries.purchases import CENTS, buyers
from db.session import CrmSession

WEEKS_OF_A_YEAR = 365 / 7


@dataclass(frozen=True)
class Outlook:
    """customers: customer_id, repeats, alive, too_early, expected (purchase days), amount (expected mean), worth (expected x amount), spent (so far)."""

    buying: BuyingModel
    spending: SpendModel | None
    customers: pd.DataFrame
    histories: Histories
    unrelated: bool

    def value(self, months: int = 12, margin: float = 1.0, yearly_discount: float = 0.1) -> pd.Series:
        """The discounted value of each customer; empty without a model of the amounts."""
        if self.spending is None:
            return pd.Series(dtype=float)
        return pd.Series(present_value(self.buying, self.spending, self.histories, months, margin, yearly_discount), index=self.customers["customer_id"])


def outlook(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, weeks: float = WEEKS_OF_A_YEAR) -> Outlook | None:
    """What each customer will buy in the coming weeks. None below 200 customers with a repeat purchase."""
    table = histories(session, as_of, filters)
    found = Histories(*(table[name].to_numpy(dtype=float) for name in ("x", "t_x", "T", "z")))
    buying = fit_buying(found)
    if buying is None:
        return None
    spending = fit_spending(found)
    expected = buying.expected(weeks, found.x, found.t_x, found.T)
    size = spending.expected(found.x, found.z) if spending else np.full(len(found.x), np.nan)
    columns = {"repeats": table["x"], "alive": buying.alive(found.x, found.t_x, found.T), "too_early": found.x == 0, "expected": expected,
               "amount": size, "worth": expected * size, "spent": table["spent"]}
    return Outlook(buying, spending, pd.DataFrame({"customer_id": table["customer_id"], **columns}), found, unrelated(found))


def histories(session: CrmSession, as_of: date, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """Per buyer: customer_id, x, t_x, T (weeks), z (mean amount of the repeat days), spent."""
    bought = buyers(session, filters, as_of, func.count(distinct(Order.ordered_on)).label("days"), func.sum(CENTS).label("spent"))
    each = bought.where(known(Order.customer_id, as_of)).subquery()
    entry = aliased(Order)
    of_first = (entry.kind == "purchase", entry.customer_id == each.c.customer_id, entry.ordered_on == each.c.first, happened(entry))
    at_first = select(func.sum(type_coerce(entry.amount, BigInteger))).where(*of_first).scalar_subquery()
    columns = {"customer_id": each.c.customer_id, "days": each.c.days, "since": days_between(each.c.first, each.c.last),
               "until": days_between(each.c.first, literal(as_of)), "later": each.c.spent - at_first, "spent": each.c.spent}
    statement = select(*(column.label(name) for name, column in columns.items())).order_by(each.c.customer_id)
    found = np.array([tuple(row) for row in ask(session, statement)], dtype=float).reshape(-1, len(columns))
    table = pd.DataFrame(found, columns=list(columns)).astype({"customer_id": int})
    x = table["days"] - 1
    mean = (table["later"] / 100 / x.where(x > 0)).fillna(0.0)
    weeks = {"t_x": table["since"] / 7, "T": table["until"] / 7}
    return pd.DataFrame({"customer_id": table["customer_id"], "x": x, **weeks, "z": mean, "spent": table["spent"] / 100})


def portfolio_by_model(found: Outlook) -> pd.DataFrame:
    """The history x potential matrix with the expected worth as potential: customer_id, historic, potential, quadrant."""
    table = found.customers
    parts = quadrants(table["spent"].tolist(), table["worth"].tolist())
    return pd.DataFrame({"customer_id": table["customer_id"], "historic": table["spent"], "potential": table["worth"], "quadrant": parts})


def names(session: CrmSession, customer_ids: list[int]) -> dict[int, str]:
    """The names of a page of customers."""
    return lookup(session, select(Customer.id, Customer.name).where(Customer.id.in_(customer_ids)))
