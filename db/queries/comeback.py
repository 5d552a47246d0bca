"""Who will come back: the buying model's answer for a page, and whom it would be a pity to lose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import select

from db.models import Customer
from db.queries.act_on import without_plan
from db.queries.figures import NOTHING, Figure
from db.queries.filters import EVERYBODY, Filters, lookup
from db.queries.lifetime import Outlook, outlook
from db.queries.periods import Period
from db.session import CrmSession

LIKELY_GONE = 0.5
HORIZON_WEEKS = 39
CANDIDATES = 200
BANDS = 5


@dataclass(frozen=True)
class Comeback:
    """What the model says of all buyers.

    bands: customers with a repeat purchase by P(alive), in fifths from 0 to 1; too_early: buyers with one purchase day, of whom nothing can be told;
    expected, expected_39: purchase days in the coming 12 months and 39 weeks; worth: their amount, None without a model of the amounts;
    unrelated: whether number and size of purchases are unrelated, as the amount supposes.
    rows: customers with P(alive) < 0.5 and no planned follow-up, the most value at stake first: customer_id, customer, alive, expected, expected_39
    (purchase days), if_here (of somebody who has not left), worth (of 12 months), stake (what they would bring if they had certainly not left, less worth).
    """

    bands: tuple[int, ...]
    too_early: int
    buyers: int
    expected: float
    expected_39: float
    worth: float | None
    unrelated: bool
    rows: pd.DataFrame


def comeback(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, limit: int = 24) -> Comeback | None:
    """None below 200 customers with a repeat purchase."""
    found = outlook(session, as_of, filters)
    if found is None:
        return None
    seen, table = found.histories, found.customers
    sooner = found.buying.expected(HORIZON_WEEKS, seen.x, seen.t_x, seen.T)
    repeated = table["repeats"] > 0
    bands = np.histogram(table.loc[repeated, "alive"], bins=BANDS, range=(0, 1))[0]
    return Comeback(
        tuple(int(n) for n in bands), int((~repeated).sum()), len(table), float(table["expected"].sum()), float(sooner.sum()),
        float(table["worth"].sum()) if found.spending else None, found.unrelated, _at_stake(session, found, table.assign(expected_39=sooner), limit),
    )


def _at_stake(session: CrmSession, found: Outlook, table: pd.DataFrame, limit: int) -> pd.DataFrame:
    """The candidates of whom most is lost if they are gone."""
    doubtful = table[(table["alive"] < LIKELY_GONE) & ~table["too_early"]]
    size = doubtful["amount"] if found.spending else 1.0
    if_here: pd.Series = doubtful["expected"] / np.maximum(doubtful["alive"], 1e-12)
    staked = doubtful.assign(if_here=if_here, stake=(if_here - doubtful["expected"]) * size)
    best = staked.sort_values(["stake", "customer_id"], ascending=[False, True]).head(CANDIDATES)
    names = lookup(session, select(Customer.id, Customer.name).where(Customer.id.in_(best["customer_id"].tolist()), without_plan()))
    kept = best[best["customer_id"].isin(names)].head(limit)
    return kept.assign(customer=kept["customer_id"].map(names))[["customer_id", "customer", "alive", "expected", "expected_39", "if_here", "worth", "stake"]]


def expected_purchases(session: CrmSession, as_of: date, _period: Period | None = None, filters: Filters = EVERYBODY) -> Figure:
    """Purchase days in the coming 12 months of all buyers so far; no value below 200 customers with a repeat purchase."""
    found = outlook(session, as_of, filters)
    return Figure(float(found.customers["expected"].sum()), n=len(found.customers)) if found else NOTHING
