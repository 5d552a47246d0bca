"""The KPIs of sales and value."""

from __future__ import annotations

from datetime import date
from functools import partial

from db.queries import concentration, profit, sales
from db.queries.figures import Figure
from db.queries.filters import Filters
from db.queries.kpi import Kpi
from db.queries.periods import Period, last_months
from db.session import CrmSession

ORDERS = ("order", "customer")
LINES = ("order", "order_line", "customer")


def _revenue_retention(part: int, session: CrmSession, as_of: date, period: Period, filters: Filters) -> Figure:
    return sales.purchase_revenue(session, as_of, period, filters)[part]


def _of_a_year(session: CrmSession, as_of: date, _period: Period, filters: Filters) -> Figure:
    return concentration.top_fifth_share(session, as_of, last_months(as_of), filters)


def _gini_of_a_year(session: CrmSession, as_of: date, _period: Period, filters: Filters) -> Figure:
    return concentration.spending_gini(session, as_of, last_months(as_of), filters)


DECLARED = (
    Kpi(
        key="sales", theme="value", label="Sales", unit="money", better="up", decimals=2, plan="sales", nouns=ORDERS,
        question="How much did customers order?",
        formula="Σ amounts of the orders dated in the period",
        source="Own definition",
        pitfalls="Contracts count with their whole amount on the day they were made.",
        ask=sales.sales, series=sales.sales_each, rows=sales.behind_sales,
    ),
    Kpi(
        key="average_order", theme="value", label="Average order", unit="money", better="up", decimals=2, nouns=ORDERS,
        question="How large is an order?",
        formula="Σ amounts of the orders ÷ number of orders",
        source="Own definition", ask=sales.average_order, rows=sales.behind_sales,
    ),
    Kpi(
        key="gross_profit", theme="value", label="Gross profit", unit="money", better="up", decimals=2, nouns=LINES,
        question="What is left of sales after the cost of the goods?",
        formula="Σ (amount − quantity × unit cost) of the order lines dated in the period",
        source="Kaplan & Narayanan 2001",
        pitfalls="Order lines without a unit cost, and orders without lines, are left out. The cost of serving customers is not in it.",
        ask=profit.gross_profit, rows=profit.behind_profit,
    ),
    Kpi(
        key="margin", theme="value", label="Gross margin", unit="percent", better="up", nouns=LINES,
        question="How much of each sale is left after the cost of the goods?",
        formula="gross profit ÷ amounts of the order lines that have a unit cost",
        source="Kaplan & Narayanan 2001",
        pitfalls="Order lines without a unit cost, and orders without lines, are left out.",
        ask=profit.margin, rows=profit.behind_profit,
    ),
    Kpi(
        key="new_customers", theme="value", label="New customers", unit="number", better="up", decimals=0, plan="new_customers", nouns=("customer",),
        question="How many customers did we win?",
        formula="customers whose 'customer since' lies in the period",
        source="Own definition",
        pitfalls="Customers without that date are not counted.",
        ask=sales.new_customers, series=sales.new_customers_each, rows=sales.behind_new_customers,
    ),
    Kpi(
        key="sales_attainment", theme="value", label="Sales target reached", unit="percent", better="up", target=1.0, nouns=(*ORDERS, "target"),
        question="How much of the sales target have we reached?",
        formula="sales of the managers with a target ÷ their targets, in a running month by working days gone",
        source="Own definition", ask=sales.sales_attainment, rows=sales.behind_sales,
    ),
    Kpi(
        key="top_fifth_share", theme="value", label="Share of the best fifth", unit="percent", better="", nouns=ORDERS,
        question="How much hangs on few customers?",
        formula="turnover of the best 20% of customers in the last 12 months ÷ all turnover",
        source="Juran; Dickie 1951",
        pitfalls="20/80 is an observation, not a law.",
        ask=_of_a_year, rows=concentration.behind_turnover,
    ),
    Kpi(
        key="spending_gini", theme="value", label="Concentration of turnover (Gini)", unit="number", better="", decimals=2, nouns=ORDERS,
        question="How unevenly is turnover spread over customers?",
        formula="Σ (2i − n − 1) × xᵢ ÷ (n × Σ x), customers sorted by turnover of the last 12 months",
        source="Gini 1912", ask=_gini_of_a_year, rows=concentration.behind_turnover,
    ),
    Kpi(
        key="purchase_gross_retention", theme="value", label="Gross turnover retention", unit="percent", better="up", nouns=ORDERS,
        question="How much of the turnover of a year before did the same customers keep up?",
        formula="Σ of the smaller of turnover a year before and now, per customer ÷ turnover a year before",
        source="Customary in subscription business", ask=partial(_revenue_retention, 0),
    ),
    Kpi(
        key="purchase_net_retention", theme="value", label="Net turnover retention", unit="percent", better="up", nouns=ORDERS,
        question="What became of the turnover of the customers of a year before?",
        formula="turnover now of the customers of a year before ÷ their turnover then",
        source="Customary in subscription business",
        pitfalls="New customers are left out.",
        ask=partial(_revenue_retention, 1),
    ),
)
