"""The standard reports, declared once: screen, workbook, printed page and command line read this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import select

from db.errors import Unavailable
from db.language import t
from db.models import Team, User
from db.policy import require
from db.queries import turnover
from db.queries.filters import Filters, lookup
from db.queries.turnover import View
from db.session import CrmSession

NOUN = "order"
NOTHING = "–"


@dataclass(frozen=True)
class Column:
    """unit: text, number, money, difference (money with its sign), percent (a ratio), change (a ratio with its sign), date."""

    key: str
    label: str
    unit: str


@dataclass(frozen=True)
class Report:
    """ask: a frame with group, label and the columns' keys; nobody: the word for the group None; noun: what a group is, where it can be opened."""

    key: str
    label: str
    question: str
    group: str
    nobody: str
    columns: tuple[Column, ...]
    ask: Callable[[CrmSession, View], pd.DataFrame]
    count: Callable[[CrmSession, View], int] | None = None
    contracts_only: bool = False
    noun: str = ""


ORDERS, CUSTOMERS, AMOUNT = Column("orders", "Orders placed", "number"), Column("customers", "Customers", "number"), Column("amount", "Amount", "money")
AVERAGE, SHARE = Column("average", "Average order", "money"), Column("share", "Share", "percent")
COMPARED = (
    Column("amount_before", "Same period last year", "money"),
    Column("difference", "Difference", "difference"),
    Column("change", "Change", "change"),
)

DECLARED = (
    Report(
        "sales_state", "Sales by date", "How do sales run, day by day or month by month?", "Date", "", (ORDERS, AMOUNT, AVERAGE, *COMPARED), turnover.by_time
    ),
    Report(
        "sales_summary",
        "Sales by product",
        "Which products make the sales?",
        "Product",
        "Not on product lines",
        (ORDERS, CUSTOMERS, AMOUNT, SHARE, *COMPARED),
        turnover.by_product,
    ),
    Report(
        "contracts_by_person",
        "Contracts by person",
        "Who signed contracts, and how many are in force?",
        "Account manager",
        "Without owner",
        (Column("orders", "Signed", "number"), Column("in_force", "In force", "number"), Column("ended", "Ended", "number"), AMOUNT, *COMPARED),
        turnover.contracts_by_person,
        contracts_only=True,
    ),
    Report(
        "orders_by_customer",
        "Orders by customer",
        "Which customers buy how much?",
        "Customer",
        "",
        (ORDERS, AMOUNT, SHARE, Column("last_order", "Last order", "date"), *COMPARED),
        turnover.by_customer,
        turnover.count_customers,
        noun="customer",
    ),
    Report(
        "orders_by_person",
        "Orders by person",
        "Whose customers buy how much?",
        "Account manager",
        "Without owner",
        (ORDERS, CUSTOMERS, AMOUNT, AVERAGE, SHARE, *COMPARED),
        turnover.by_person,
    ),
)
REPORTS: dict[str, Report] = {report.key: report for report in DECLARED}


@dataclass(frozen=True)
class Result:
    """rows: group, label and the report's columns, one page of `count`; total: the same columns of all groups together, as far as they add up."""

    rows: pd.DataFrame
    total: dict[str, Any]
    count: int


def named(key: str) -> Report:
    """Raises Unavailable for a key that is not declared."""
    if key not in REPORTS:
        raise Unavailable("There is no report {key}; python -m db report --list shows them all.", key=key[:40])
    return REPORTS[key]


def result(session: CrmSession, key: str, view: View) -> Result:
    """A page of a report with its total; the words for nobody are in the current language."""
    report = named(key)
    require(session.actor, "read", NOUN)
    table = report.ask(session, view)
    count = report.count(session, view) if report.count else len(table)
    if not report.count:
        table = table.iloc[view.offset : None if view.limit is None else view.offset + view.limit]
    total = turnover.total(session, view, contracts_only=report.contracts_only)
    rows = _completed(table, total["amount"])
    rows["label"] = [t(report.nobody) if label is None or label != label else label for label in rows["label"]]
    return Result(rows.reindex(columns=["group", "label", *(column.key for column in report.columns)]), _total(report, total, table), count)


def _total(report: Report, total: dict[str, Any], table: pd.DataFrame) -> dict[str, Any]:
    added = {key: float(table[key].sum()) for key in ("in_force", "ended") if key in table}
    sums = _completed(pd.DataFrame([{**total, **added}]), total["amount"]).iloc[0]
    values = {column.key: sums.get(column.key) for column in report.columns}
    return {key: None if value != value else value for key, value in values.items()}


def _completed(table: pd.DataFrame, whole: float) -> pd.DataFrame:
    """average, share, difference and change; None where there is nothing to divide by."""
    table = table.copy()
    orders = table["orders"] if "orders" in table else pd.Series(index=table.index, dtype=float)
    table["average"] = _ratio(table["amount"], orders)
    table["share"] = table["amount"] / whole if whole else None
    table["difference"] = (table["amount"] - table["amount_before"]).round(2)
    table["change"] = _ratio(table["difference"], table["amount_before"])
    return table


def _ratio(part: pd.Series[Any], whole: pd.Series[Any]) -> pd.Series[Any]:
    return part / whole.where(whole > 0)


def filter_words(session: CrmSession, filters: Filters) -> list[str]:
    """What narrows the report, in words, for its head."""
    team = lookup(session, select(Team.id, Team.name).where(Team.id == filters.team_id)).get(filters.team_id) if filters.team_id else None
    person = lookup(session, select(User.id, User.name).where(User.id == filters.owner_id)).get(filters.owner_id) if filters.owner_id else None
    parts = ((t("Team"), team), (t("Account manager"), person), (t("Tier"), filters.tier))
    return [t("{label}: {value}", label=label, value=value) for label, value in parts if value]


def whole(session: CrmSession, key: str, view: View, limit: int) -> Result:
    """All of a report up to a number of rows, for files and paper."""
    return result(session, key, replace(view, limit=limit, offset=0))
