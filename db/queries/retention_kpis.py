"""The KPIs of retention and loyalty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from db.queries import comeback, dormancy, purchases, retention, stages
from db.queries.figures import Figure
from db.queries.filters import AnySelect, Filters
from db.queries.kpi import Kpi, Question, Rows
from db.queries.periods import Period
from db.session import CrmSession

CONTRACTS = ("order", "customer")
MARKETING_METRICS = "Farris et al., Marketing Metrics, ch. 5"


def _one(many: Callable[[CrmSession, date, list[Period], Filters], list[Figure]]) -> Question:
    return lambda session, as_of, period, filters: many(session, as_of, [period], filters)[0]


def _in_stage(stage: str) -> Rows:
    def rows(session: CrmSession, as_of: date, _period: Period, filters: Filters) -> AnySelect:
        return stages.behind_stage(session, as_of, stage, filters)
    return rows


DECLARED = (
    Kpi(
        key="retention_rate", theme="retention", label="Customer retention rate", unit="percent", better="up", nouns=CONTRACTS,
        question="How many customers under contract did we keep?",
        formula="customers at the start who still are at the end ÷ customers at the start",
        source=MARKETING_METRICS,
        pitfalls="Customers won in the period do not count. A contract without a recorded end runs to the end of its term.",
        ask=_one(retention.retention_rates), series=retention.retention_rates, rows=retention.behind_retention,
    ),
    Kpi(
        key="churn_rate", theme="retention", label="Churn rate", unit="percent", better="down", nouns=CONTRACTS,
        question="How many customers under contract did we lose?",
        formula="1 − customer retention rate, over the same period",
        source=MARKETING_METRICS,
        pitfalls="Monthly and yearly rates do not add up: a year is 1 − (1 − m)¹², never 12 × m.",
        ask=_one(retention.churn_rates), series=retention.churn_rates, rows=retention.behind_churn,
    ),
    Kpi(
        key="gross_revenue_retention", theme="retention", label="Gross revenue retention", unit="percent", better="up", target=0.9, nouns=CONTRACTS,
        question="How much of the monthly contract revenue did we keep, growth left aside?",
        formula="Σ of the smaller of revenue then and now, per customer of the start ÷ revenue at the start",
        source="Customary in subscription business",
        pitfalls="Never above 100%. Contracts without a monthly amount count as 0.",
        ask=_one(retention.gross_revenue_retention), series=retention.gross_revenue_retention, rows=retention.behind_retention,
    ),
    Kpi(
        key="net_revenue_retention", theme="retention", label="Net revenue retention", unit="percent", better="up", target=1.0, nouns=CONTRACTS,
        question="What became of the monthly contract revenue of the customers of the start?",
        formula="revenue now of the customers of the start ÷ their revenue at the start",
        source="Customary in subscription business",
        pitfalls="New customers are left out; a few growing customers can hide many that leave.",
        ask=_one(retention.net_revenue_retention), series=retention.net_revenue_retention, rows=retention.behind_retention,
    ),
    Kpi(
        key="contract_customers", theme="retention", label="Customers under contract", unit="number", better="up", decimals=0, nouns=CONTRACTS,
        question="How many customers are under contract?",
        formula="customers with a contract in force at the end of the day",
        source=MARKETING_METRICS, ask=retention.contract_customers,
    ),
    Kpi(
        key="contracts_lost", theme="retention", label="Contract customers lost so far", unit="percent", better="down", nouns=CONTRACTS,
        question="How many of all customers who ever had a contract have left?",
        formula="customers whose last contract has ended ÷ all who ever had a contract",
        source=MARKETING_METRICS,
        pitfalls="Grows with the age of the data; it is no rate of a year or month.",
        ask=retention.lost_so_far, rows=retention.behind_losses,
    ),
    Kpi(
        key="contract_revenue_lost", theme="retention", label="Contract revenue lost so far", unit="percent", better="down", nouns=CONTRACTS,
        question="How much of the monthly revenue ever under contract has left?",
        formula="monthly amounts of the customers lost ÷ monthly amounts of all who ever had a contract",
        source=MARKETING_METRICS, ask=retention.revenue_lost_so_far, rows=retention.behind_losses,
    ),
    Kpi(
        key="repeat_purchase_rate", theme="retention", label="Repeat purchase rate", unit="percent", better="up", nouns=CONTRACTS,
        question="How many customers came back to buy again?",
        formula="customers with purchases on two days or more ÷ customers with a purchase",
        source=MARKETING_METRICS,
        pitfalls="Two receipts on one day are one purchase. Young customers have had little time to come back.",
        ask=purchases.repeat_rate, series=purchases.repeat_rates, rows=purchases.behind_repeat_rate,
    ),
    Kpi(
        key="repeat_within_90", theme="retention", label="Repeat within 90 days", unit="percent", better="up", nouns=CONTRACTS,
        question="How many new customers come back soon?",
        formula="customers who bought again at most 90 days after their first purchase ÷ customers whose first purchase was 90 to 455 days ago",
        source=MARKETING_METRICS,
        pitfalls="A year of newcomers, each observed for the whole 90 days; younger ones are left out.",
        ask=purchases.repeat_within_90,
    ),
    Kpi(
        key="activity_rate", theme="retention", label="Kept buying", unit="percent", better="up", nouns=CONTRACTS,
        question="Who bought in one quarter and again in the next?",
        formula="customers who bought in the three months before and in these three months ÷ customers who bought in the three months before",
        source=MARKETING_METRICS, ask=purchases.activity_rate,
    ),
    Kpi(
        key="active_share", theme="retention", label="Active customers", unit="percent", better="up", nouns=CONTRACTS,
        question="How many of our buyers bought lately?",
        formula="customers whose last purchase is at most {active_days} days ago ÷ all who ever bought", limits=("active_days",),
        source="Stage rule; Schmittlein, Morrison and Colombo, Management Science 33, 1987",
        pitfalls="Nobody sees a customer without a contract leave: the limits are a rule.",
        ask=stages.stage_share("active"), series=stages.active_shares, rows=_in_stage("active"),
    ),
    Kpi(
        key="dormancy_rate", theme="retention", label="Dormant customers", unit="percent", better="down", nouns=CONTRACTS,
        question="How many of our buyers have fallen silent?",
        formula="customers whose last purchase is more than {at_risk_days} and at most {dormant_days} days ago ÷ all who ever bought",
        limits=("at_risk_days", "dormant_days"),
        source="Stage rule; Schmittlein, Morrison and Colombo, Management Science 33, 1987",
        ask=stages.stage_share("dormant"), series=stages.dormancy_rates, rows=_in_stage("dormant"),
    ),
    Kpi(
        key="reactivation_rate", theme="retention", label="Customers won back", unit="percent", better="up", nouns=CONTRACTS,
        question="How many silent customers bought again?",
        formula="customers silent for more than {at_risk_days} days at the start who bought in the period ÷ customers so silent at the start",
        limits=("at_risk_days",),
        source="Stage rule; own definition", ask=dormancy.reactivation_rate, series=dormancy.reactivation_rates, rows=dormancy.behind_reactivation,
    ),
    Kpi(
        key="expected_purchases", theme="retention", label="Expected purchases", unit="number", better="up", nouns=CONTRACTS,
        question="How often will today's customers buy in the coming 12 months?",
        formula="Σ expected purchase days of each customer by BG/NBD, fitted on number, last day and age of the purchases",
        source="Fader, Hardie and Lee, Marketing Science 24(2), 2005",
        pitfalls="Needs 200 customers with a repeat purchase. It assumes that habits stay as they are and leaves out customers yet to be won.",
        ask=comeback.expected_purchases,
    ),
)
