"""The tables behind the charts that show more than one KPI, declared once: the command line and exports read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from db.errors import Unavailable
from db.policy import require
from db.queries import chart_data, cohorts, concentration, profit, retention, rfm, stages
from db.queries.answers import GROUPS as ANSWERED
from db.queries.chart_data import Asked
from db.queries.filters import ATTRIBUTES
from db.queries.retention import OF_CONTRACT
from db.queries.satisfaction import MEASURES
from db.queries.workload import COLUMNS as LOADS
from db.session import CrmSession

ORDERS, SURVEYED = ("order", "customer"), ("survey_response", "question", "customer")
RATED, LOADED = ("follow_up", "customer"), ("customer", "follow_up", "user")
UNITS = ("month", "quarter", "year")
OF_CUSTOMER = (*sorted(OF_CONTRACT, reverse=True), *ATTRIBUTES, "owner_id")
COHORTS = 12
MEASURED = ("group", "label", "n", *(f"{measure}{end}" for measure in MEASURES for end in ("", "_low", "_high")))
CURVE = ("group", "time", "at_risk", "lost", "survival", "low", "high")
MOVED = ("start_on", "last_day", "start", "retained", "lost", "won", "end", "left_out", "retention", "churn", "then", "kept", "now", "grr", "nrr")
FITTED = ("r", "alpha", "a", "b", "log_likelihood", "p", "q", "v", "spending_log_likelihood")
MODEL = (*FITTED, "customers", "repeaters", "unrelated", "weeks", "expected", "actual")
OUTLOOK = ("customer_id", "customer", "repeats", "last_week", "weeks_known", "alive", "too_early", "expected", "amount", "worth", "spent")


@dataclass(frozen=True, kw_only=True)
class Table:
    """columns: those of every row, whatever was asked; groups: what it can be asked by, the first unless another is named; nouns: what it reads.

    Shares are 0 to 1, amounts in the organisation's currency, a missing value means that there is none.
    """

    key: str
    label: str
    columns: tuple[str, ...]
    nouns: tuple[str, ...]
    ask: Callable[[CrmSession, Asked], pd.DataFrame]
    groups: tuple[str, ...] = ()


DECLARED = (
    Table(key="purchase_cohorts", label="Cohorts by month of the first purchase", columns=tuple(cohorts.COLUMNS), nouns=ORDERS,
          ask=lambda session, asked: cohorts.purchase_cohorts(session, asked.as_of, asked.filters, COHORTS)),
    Table(key="contract_cohorts", label="Cohorts by month of the contract's start", columns=tuple(cohorts.COLUMNS), nouns=ORDERS,
          ask=lambda session, asked: cohorts.contract_cohorts(session, asked.as_of, asked.filters, COHORTS)),
    Table(key="rfm", label="Customers by recency, frequency and money", columns=("r", "f", "m", "customers", "spent"), nouns=ORDERS,
          ask=lambda session, asked: rfm.rfm_distribution(session, asked.as_of, asked.filters)),
    Table(key="rfm_grid", label="Customers by recency and frequency", columns=("r", "f", "customers", "mean_spent"), nouns=ORDERS,
          ask=lambda session, asked: rfm.rfm_grid(session, asked.as_of, asked.filters)),
    Table(key="stages", label="Life-cycle stages", columns=("stage", "customers"), nouns=ORDERS, ask=chart_data.stages_of_today),
    Table(key="stages_by_month", label="Life-cycle stages by month", columns=("month", *stages.STAGES), nouns=ORDERS,
          ask=lambda session, asked: stages.stages_by_month(session, asked.as_of, filters=asked.filters)),
    Table(key="repeat_within", label="Customers who bought again within so many days", columns=("month", "customers", "repeated", "rate"), nouns=ORDERS,
          groups=("90", "30", "180", "365"), ask=chart_data.repeat_within),
    Table(key="activity", label="Customers who bought again in the next period", columns=("start_on", "active", "retained", "rate"), nouns=ORDERS,
          groups=("quarter", "month", "year"), ask=chart_data.activity),
    Table(key="abc", label="ABC classes", columns=("grade", "customers", "spent", "share"), nouns=ORDERS,
          ask=lambda session, asked: concentration.abc_classes(session, asked.as_of, asked.period, asked.filters)),
    Table(key="pareto", label="Share of turnover over share of customers", columns=("customers", "turnover"), nouns=ORDERS,
          ask=lambda session, asked: concentration.pareto(session, asked.as_of, asked.period, asked.filters)),
    Table(key="concentration", label="How much hangs on few customers", columns=("customers", "turnover", "top_fifth_share", "gini"), nouns=ORDERS,
          ask=chart_data.concentrated),
    Table(key="portfolio", label="Portfolio matrix", columns=("quadrant", "customers", "historic"), nouns=ORDERS, groups=("estimate", "model"),
          ask=chart_data.portfolio),
    Table(key="survival", label="Survival curve of contracts", columns=CURVE, nouns=ORDERS, groups=("all", *OF_CUSTOMER), ask=chart_data.survival),
    Table(key="survival_groups", label="How long contracts last, by group", columns=("group", "customers", "lost", "median", "chi2", "p"), nouns=ORDERS,
          groups=("all", *OF_CUSTOMER), ask=chart_data.survival_groups),
    Table(key="projection", label="Retention projection (sBG)", columns=("group", "alpha", "beta", "year", "survival", "retention"), nouns=ORDERS,
          groups=("all", *ATTRIBUTES), ask=chart_data.projection),
    Table(key="buying_model", label="Purchases to come (BG/NBD and gamma-gamma)", columns=MODEL, nouns=ORDERS, ask=chart_data.buying_model),
    Table(key="customer_outlook", label="Purchases to come, by customer", columns=OUTLOOK, nouns=ORDERS, ask=chart_data.customer_outlook),
    Table(key="movements", label="Customers and revenue kept under contract", columns=MOVED, nouns=ORDERS, groups=UNITS, ask=chart_data.movements),
    Table(key="losses", label="Contract customers lost, by group", columns=("group", "customers", "lost", "rate", "low", "high"), nouns=ORDERS,
          groups=OF_CUSTOMER, ask=lambda session, asked: retention.losses_by(session, asked.as_of, asked.by, asked.filters)),
    Table(key="end_reasons", label="Contracts ended by reason", columns=("reason", "contracts", "monthly"), nouns=ORDERS,
          ask=lambda session, asked: retention.end_reasons(session, asked.as_of, asked.span, asked.filters)),
    Table(key="csat", label="Satisfaction by group (CSAT)", columns=MEASURED, nouns=SURVEYED, groups=ANSWERED, ask=chart_data.scores("csat")),
    Table(key="nps", label="Recommendation by group (NPS)", columns=MEASURED, nouns=SURVEYED, groups=ANSWERED, ask=chart_data.scores("nps")),
    Table(key="ces", label="Effort by group (CES)", columns=MEASURED, nouns=SURVEYED, groups=ANSWERED, ask=chart_data.scores("ces")),
    Table(key="ratings", label="Satisfaction in follow-ups by group", columns=MEASURED, nouns=RATED,
          groups=tuple(group for group in ANSWERED if group not in {"product", "question"}), ask=chart_data.scores("follow_up")),
    Table(key="csat_distribution", label="How often each score was given", columns=("group", "label", "score", "n", "share"), nouns=SURVEYED,
          groups=tuple(group for group in ANSWERED if group != "month"), ask=chart_data.distribution),
    Table(key="workload", label="Workload by account manager", nouns=(*LOADED, "target"), ask=chart_data.loads,
          columns=("manager_id", "manager", *LOADS, "done_target", "done_reached", "visits_target", "visits_reached")),
    Table(key="balance", label="How evenly the load is spread", columns=("measure", "gini", "cv", "mean", "gap"), nouns=LOADED, ask=chart_data.balance),
    Table(key="lorenz", label="Lorenz curve of the load", columns=("people", "load"), nouns=LOADED, ask=chart_data.lorenz),
    Table(key="sales", label="Sales by group", columns=("group", "label", "orders", "customers", "amount", "share"), nouns=ORDERS,
          groups=("month", "manager", "channel", "place", "product", "product_line", *ATTRIBUTES), ask=chart_data.sold),
    Table(key="profit", label="Profit by group", columns=("group", "label", "lines", "revenue", "cost", "profit", "margin"), nouns=(*ORDERS, "order_line"),
          groups=("manager", "channel", "place", "product", "product_line", *ATTRIBUTES),
          ask=lambda session, asked: profit.profit_by(session, asked.as_of, asked.history, asked.by, asked.filters)),
)
TABLES: dict[str, Table] = {table.key: table for table in DECLARED}


def read(session: CrmSession, key: str, asked: Asked) -> pd.DataFrame:
    """The rows of a table, in its columns. Raises Unavailable for a table or groups that there are not, Forbidden where the actor may not read."""
    if key not in TABLES:
        raise Unavailable("There is no table {key}; python -m db table --list shows them all.", key=key)
    table = TABLES[key]
    if asked.by and asked.by not in table.groups:
        raise Unavailable("The table {key} cannot be asked by {by}, only by: {groups}", key=key, by=asked.by, groups=", ".join(table.groups) or "–")
    for noun in table.nouns:
        require(session.actor, "read", noun)
    by = asked.by or next(iter(table.groups), "")
    return table.ask(session, replace(asked, by=by)).reindex(columns=list(table.columns))
