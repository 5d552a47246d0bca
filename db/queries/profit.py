"""What is left of sales after the cost of the goods: by period, customer group, place, product."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, Select, func, select, type_coerce

from db.models import Customer, Order, OrderLine, Product
from db.queries.figures import Figure, amount, quotient
from db.queries.filters import EVERYBODY, AnySelect, Filters, ask, attribute_of, frame, happened
from db.queries.labels import labelled
from db.queries.periods import Period
from db.queries.sales import LINE_CENTS, ordered
from db.session import CrmSession

UNIT_COST = type_coerce(OrderLine.cost, BigInteger)
COST_CENTS = (type_coerce(OrderLine.quantity, BigInteger) * UNIT_COST + 50) // 100
"""A line's cost, rounded to hundredths: quantity and unit cost are kept in hundredths."""
OWN: dict[str, Any] = {"manager": Order.account_owner_id, "channel": Order.channel, "place": Order.place,
                       "product": OrderLine.product_id, "product_line": Product.product_line_id}
SUMS = (func.sum(LINE_CENTS).label("revenue"), func.sum(COST_CENTS).label("cost"), func.count().label("lines"))


def gross_profit(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Revenue less cost of goods, of the lines that have a cost. Kaplan & Narayanan 2001."""
    revenue, cost, lines, without = _sums(session, as_of, period, filters)
    return amount(revenue - cost if lines else None, lines, without)


def margin(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Gross profit / revenue, of the lines that have a cost; none where they brought in nothing."""
    revenue, cost, lines, without = _sums(session, as_of, period, filters)
    return quotient(revenue - cost, revenue, without, lines) if revenue > 0 else Figure(None, n=lines, left_out=without)


def _sums(session: CrmSession, as_of: date, period: Period, filters: Filters) -> tuple[float, float, int, int]:
    """Revenue and cost of the lines with a cost, how many those are, and how many have none."""
    revenue, cost, lines = ask(session, _lines(SUMS, as_of, period, filters).where(OrderLine.cost.is_not(None))).one()
    without = ask(session, _lines((func.count(),), as_of, period, filters).where(OrderLine.cost.is_(None))).scalar_one()
    return int(revenue or 0) / 100, int(cost or 0) / 100, int(lines), int(without)


def _lines(columns: tuple[Any, ...], as_of: date, period: Period, filters: Filters) -> Select[Any]:
    joined = select(*columns).select_from(Order).join(OrderLine, OrderLine.order_id == Order.id)
    of_product = [OrderLine.product_id == filters.product_id] if filters.product_id is not None else []
    return joined.where(*ordered(as_of, period, filters), happened(OrderLine), *of_product)


def profit_by(session: CrmSession, as_of: date, period: Period, by: str, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """One row a group, the most profitable first: group, label, lines, revenue, cost, profit, margin; lines without a cost are left out.

    by: manager, channel, place, product, product_line, tier, region, industry, kind.
    """
    group = OWN[by] if by in OWN else attribute_of(Order, by)
    statement = _lines((group.label("group"), *SUMS), as_of, period, filters).where(OrderLine.cost.is_not(None)).group_by(group)
    if by == "product_line":
        statement = statement.join(Product, Product.id == OrderLine.product_id)
    table = labelled(session, frame(session, statement), by)
    table[["revenue", "cost"]] = table[["revenue", "cost"]].astype(float) / 100
    table["profit"] = table["revenue"] - table["cost"]
    table["margin"] = (table["profit"] / table["revenue"]).where(table["revenue"] > 0)
    return table.sort_values("profit", ascending=False, kind="stable", ignore_index=True)


def behind_profit(_session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The order lines of the period, the newest first, with their profit; counted: with a cost."""
    profit = (LINE_CENTS - COST_CENTS) / 100.0
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), Order.ordered_on.label("date"), profit.label("value"),
               Order.account_owner_id.label("manager_id"), Order.code.label("note"), OrderLine.cost.is_not(None).label("counted"))
    lines = _lines(columns, as_of, period, filters).join(Customer, Customer.id == Order.customer_id)
    return lines.order_by(Order.ordered_on.desc(), OrderLine.id.desc())
