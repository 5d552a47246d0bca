"""What a chart is drawn from where one question gives it in another shape: curves, models and balances as plain rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import select

from db.batches import batches
from db.models import Customer
from db.queries import concentration, lifetime, purchases, retention, sales, satisfaction, stages, tenure, workload
from db.queries.filters import ATTRIBUTES, EVERYBODY, Filters, ask
from db.queries.lifetime import WEEKS_OF_A_YEAR, Outlook
from db.queries.periods import Period, last_months, month
from db.queries.survival import Curve, Projection
from db.session import CrmSession

LOADS = ("load", "customers", "open", "overdue", "done", "visits")
YEARS = 10
"""How far the retention projection is written out."""
PAGE = 5000
"""How many names are looked up at once: PostgreSQL takes 65,535 parameters."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The day, the period (each table has its own where none is named), the groups, and the customers that are meant."""

    as_of: date
    period: Period | None = None
    by: str = ""
    filters: Filters = EVERYBODY

    @property
    def span(self) -> Period:
        """The period, by default the month of the as-of date."""
        return self.period or month(self.as_of)

    @property
    def history(self) -> Period:
        """The period; where the months themselves are the groups, by default the last 12 of them."""
        return last_months(self.as_of) if self.by == "month" and not self.period else self.span

    @property
    def weeks(self) -> float:
        """From the as-of date to the end of the period, by default a year."""
        return (self.period.last - self.as_of).days / 7 if self.period else WEEKS_OF_A_YEAR


def stages_of_today(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """Customers in each stage, those who never bought among them; `new` is a flag beside the stages."""
    found = stages.stages(session, asked.as_of, asked.filters)
    return pd.DataFrame([(stage, found[stage]) for stage in ("prospect", *stages.STAGES, "new")], columns=["stage", "customers"])


def repeat_within(session: CrmSession, asked: Asked) -> pd.DataFrame:
    return purchases.repeat_within(session, asked.as_of, int(asked.by), asked.filters)


def activity(session: CrmSession, asked: Asked) -> pd.DataFrame:
    return purchases.activity(session, asked.as_of, asked.by, filters=asked.filters)


def movements(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """The period that was named, else the last 12 months, quarters or years."""
    if asked.period:
        return retention.movements(session, asked.as_of, [asked.period], asked.filters)
    return retention.retention_by(session, asked.as_of, asked.by, 12, asked.filters)


def survival(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """The whole curves; the chart stops where fewer than 10 are at risk."""
    curves = tenure.survival_curves(session, asked.as_of, asked.filters, _by(asked))
    return _stacked([curve.steps.assign(group=group) for group, curve in curves.items() if len(curve.steps)])


def survival_groups(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """The size and the median of each group, and the log-rank test between all of them."""
    curves: dict[Any, Curve] = tenure.survival_curves(session, asked.as_of, asked.filters, _by(asked))
    chi2, p = (tenure.difference(session, asked.as_of, asked.by, asked.filters) if _by(asked) else None) or (None, None)
    return pd.DataFrame([{"group": group, "customers": curve.n, "lost": curve.lost, "median": curve.median, "chi2": chi2, "p": p}
                         for group, curve in curves.items()])


def projection(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """The share still there after each year and the share of the year before who stay, as the fitted sBG foretells them."""
    fits = {group: tenure.projection(session, asked.as_of, filters) for group, filters in _groups(session, asked).items()}
    return _stacked([_projected(fit).assign(group=group) for group, fit in fits.items() if fit])


def _projected(fit: Projection) -> pd.DataFrame:
    rows = [{"year": year, "survival": fit.survival(year), "retention": fit.retention(year) if year else None} for year in range(YEARS + 1)]
    return pd.DataFrame(rows).assign(alpha=fit.alpha, beta=fit.beta)


def _by(asked: Asked) -> str:
    return "" if asked.by == "all" else asked.by


def _groups(session: CrmSession, asked: Asked) -> dict[Any, Filters]:
    """Everybody, or the customers of each value of the attribute."""
    if asked.by not in ATTRIBUTES:
        return {"": asked.filters}
    column = getattr(Customer, asked.by)
    values = ask(session, select(column).where(column.is_not(None)).distinct().order_by(column)).scalars()
    return {value: replace(asked.filters, **{asked.by: value}) for value in values}


def buying_model(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """One row: the fitted BG/NBD and gamma-gamma, and the purchase days they foretell for the weeks up to the end of the period.

    actual: what these customers really bought in those weeks, where the purchases are known already.
    """
    found = lifetime.outlook(session, asked.as_of, asked.filters, asked.weeks)
    if found is None:
        return pd.DataFrame()
    until = asked.as_of + timedelta(days=round(asked.weeks * 7))
    row = {**_model(found), "weeks": asked.weeks, "expected": float(found.customers["expected"].sum()), "actual": _actual(session, asked, found, until)}
    return pd.DataFrame([row])


def _model(found: Outlook) -> dict[str, Any]:
    buying, spending = vars(found.buying), vars(found.spending) if found.spending else {}
    spent = {"spending_log_likelihood" if name == "log_likelihood" else name: value for name, value in spending.items()}
    return {**buying, **spent, "customers": len(found.customers), "repeaters": found.histories.repeaters, "unrelated": found.unrelated}


def _actual(session: CrmSession, asked: Asked, found: Outlook, until: date) -> int:
    """Purchase days after the as-of date of the customers known by then."""
    later = lifetime.histories(session, until, asked.filters).set_index("customer_id")["x"]
    before = found.customers.set_index("customer_id")["repeats"]
    return int((later.reindex(before.index).fillna(before) - before).sum())


def customer_outlook(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """What each customer will buy up to the end of the period, the most promising first."""
    found = lifetime.outlook(session, asked.as_of, asked.filters, asked.weeks)
    if found is None:
        return pd.DataFrame()
    table = found.customers.assign(last_week=found.histories.t_x, weeks_known=found.histories.T).sort_values(["worth", "customer_id"], ascending=[False, True])
    ids: list[int] = table["customer_id"].tolist()
    named: dict[int, str] = {}
    for some in batches(ids, PAGE):
        named |= lifetime.names(session, some)
    return table.assign(customer=table["customer_id"].map(named))


def concentrated(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """Of the last 12 months, unless a period was named."""
    best = concentration.top_fifth_share(session, asked.as_of, asked.period, asked.filters)
    even = concentration.spending_gini(session, asked.as_of, asked.period, asked.filters)
    return pd.DataFrame([{"customers": best.n, "turnover": best.denominator, "top_fifth_share": best.value, "gini": even.value}])


def portfolio(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """How many customers, and how much turnover so far, lie in each field of the matrix."""
    if asked.by == "estimate":
        table = concentration.portfolio(session, asked.as_of, asked.filters)
    else:
        found = lifetime.outlook(session, asked.as_of, asked.filters, asked.weeks)
        if found is None:
            return pd.DataFrame()
        table = lifetime.portfolio_by_model(found)
    fields = table.groupby("quadrant").agg(customers=("historic", "size"), historic=("historic", "sum"))
    order = [*concentration.QUADRANTS, *(["unknown"] if "unknown" in fields.index else [])]
    return fields.reindex(order, fill_value=0).rename_axis("quadrant").reset_index() if len(table) else pd.DataFrame()


def scores(kind: str) -> Callable[[CrmSession, Asked], pd.DataFrame]:
    """The measures of one kind of question by group."""
    def answer(session: CrmSession, asked: Asked) -> pd.DataFrame:
        return satisfaction.scores_by(session, asked.as_of, asked.history, asked.by, asked.filters, kind=kind)
    return answer


def distribution(session: CrmSession, asked: Asked) -> pd.DataFrame:
    return satisfaction.distribution(session, asked.as_of, asked.span, asked.filters, by=asked.by)


def loads(session: CrmSession, asked: Asked) -> pd.DataFrame:
    table = workload.workload(session, asked.as_of, asked.span, asked.filters)
    return workload.with_targets(session, table, asked.as_of, asked.span)


def balance(session: CrmSession, asked: Asked) -> pd.DataFrame:
    """How evenly each kind of load is spread over the account managers, those with nothing included."""
    table = workload.workload(session, asked.as_of, asked.span, asked.filters)
    found = {column: workload.balance(table, column) for column in LOADS}
    return pd.DataFrame([{"measure": column, "gini": even.gini, "cv": even.cv, "mean": even.mean, "gap": even.gap} for column, even in found.items()])


def sold(session: CrmSession, asked: Asked) -> pd.DataFrame:
    return sales.sales_by(session, asked.as_of, asked.history, asked.by, asked.filters)


def lorenz(session: CrmSession, asked: Asked) -> pd.DataFrame:
    even = workload.balance(workload.workload(session, asked.as_of, asked.span, asked.filters))
    return pd.DataFrame(even.curve, columns=["people", "load"])


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
