"""Customer lifetime value without a contract, from the purchases in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import case, distinct, func, select

from db.models import Customer, Order
from db.queries.buying_model import BuyingModel, Histories, SpendModel, fit_buying, fit_spending, present_value, unrelated
from db.queries.concentration import quadrants
from db.queries.filters import EVERYBODY, Filters, frame, known, lookup
from db.queries.purchases import CENTS, purchases
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
    first = func.min(Order.ordered_on).over(partition_by=Order.customer_id).label("first")
    bought = select(Order.customer_id, Order.ordered_on.label("day"), CENTS.label("cents"), first)
    rows = bought.where(*purchases(session, filters, as_of), known(Order.customer_id, as_of)).subquery()
    later = func.sum(case((rows.c.day > rows.c.first, rows.c.cents), else_=0)).label("later")
    columns = (rows.c.customer_id, rows.c.first, func.max(rows.c.day).label("last"), func.count(distinct(rows.c.day)).label("days"),
               later, func.sum(rows.c.cents).label("spent"))
    table = frame(session, select(*columns).group_by(rows.c.customer_id, rows.c.first).order_by(rows.c.customer_id))
    first_day = pd.to_datetime(table["first"])
    x = table["days"].astype(float) - 1
    weeks = (pd.to_datetime(table["last"]) - first_day).dt.days / 7
    mean = (table["later"].astype(float) / 100 / x.where(x > 0)).fillna(0.0)
    return pd.DataFrame({"customer_id": table["customer_id"], "x": x, "t_x": weeks, "T": (pd.Timestamp(as_of) - first_day).dt.days / 7, "z": mean,
                         "spent": table["spent"].astype(float) / 100})


def portfolio_by_model(found: Outlook) -> pd.DataFrame:
    """The history x potential matrix with the expected worth as potential: customer_id, historic, potential, quadrant."""
    table = found.customers
    parts = quadrants(table["spent"].tolist(), table["worth"].tolist())
    return pd.DataFrame({"customer_id": table["customer_id"], "historic": table["spent"], "potential": table["worth"], "quadrant": parts})


def names(session: CrmSession, customer_ids: list[int]) -> dict[int, str]:
    """The names of a page of customers."""
    return lookup(session, select(Customer.id, Customer.name).where(Customer.id.in_(customer_ids)))
