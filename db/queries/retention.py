"""Retention under contract: who stayed, who left and why, and what that did to the revenue."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, ColumnElement, and_, case, func, select, type_coerce
from sqlalchemy.orm import aliased

from db.dialect import days_between
from db.models import Customer, Order
from db.queries.contracts import MONTHLY, contracts, deletions, ended_in, lifetimes, membership, not_deleted_before
from db.queries.figures import Figure, amount, quotient, share
from db.queries.filters import EVERYBODY, AnySelect, Filters, ask, frame, happened, known, told_once
from db.queries.periods import ONE_DAY, Period, latest
from db.queries.statistics import wilson
from db.session import CrmSession

OF_CONTRACT = {"terms", "channel"}
MOVES = ("start", "retained", "won", "left_out", "then", "churned", "kept", "now")
MONEY = ["then", "churned", "contraction", "kept", "expansion", "now"]


def movements(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> pd.DataFrame:
    """One row a period: customers at its start, retained, lost, won, at its end; retention and churn; monthly revenue of the start set
    then, churned (of those who left), contraction (of those who stayed for less), kept (never more than then), expansion and now; grr and nrr.
    low, high: the 95 % interval of retention; running: not over yet. left_out: customers whose record was deleted in the period."""
    table = told_once(session, _movements, tuple(period.until(as_of) for period in periods), filters)
    table.insert(1, "last_day", [period.last for period in periods])
    table.insert(2, "running", [period.is_running(as_of) for period in periods])
    return table


def _movements(session: CrmSession, passed: tuple[Period, ...], filters: Filters) -> pd.DataFrame:
    days = sorted({day for period in passed for day in (period.start, period.end)})
    customers, deleted = membership(session, filters, days), deletions()
    columns = [column for number, period in enumerate(passed) for column in _moves(customers, deleted, number, period, days)]
    joined = select(*columns).select_from(customers).outerjoin(deleted, deleted.c.id == customers.c.customer_id)
    found = ask(session, joined).mappings().one()
    rows = [{"start_on": period.start, **{name: int(found[f"{name}_{number}"] or 0) for name in MOVES}} for number, period in enumerate(passed)]
    return _rated(pd.DataFrame(rows))


def _moves(customers: Any, deleted: Any, number: int, period: Period, days: list[date]) -> list[Any]:
    begin, end = days.index(period.start), days.index(period.end)
    at_start, at_end = customers.c[f"at_{begin}"] == 1, customers.c[f"at_{end}"] == 1
    then, now = customers.c[f"worth_{begin}"], customers.c[f"worth_{end}"]
    counted = not_deleted_before(deleted, period.end)
    stayed = and_(counted, at_start, at_end)
    parts = {
        "start": case((and_(counted, at_start), 1)), "retained": case((stayed, 1)), "won": case((and_(counted, at_end, ~at_start), 1)),
        "left_out": case((and_(at_start, ~counted, not_deleted_before(deleted, period.start)), 1)),
        "then": case((and_(counted, at_start), then)), "churned": case((and_(counted, at_start, ~at_end), then)),
        "kept": case((stayed, case((now < then, now), else_=then))), "now": case((stayed, now)),
    }
    return [func.sum(part).label(f"{name}_{number}") for name, part in parts.items()]


def _rated(table: pd.DataFrame) -> pd.DataFrame:
    table["lost"] = table["start"] - table["retained"]
    table["end"] = table["retained"] + table["won"]
    for name, part, whole in (("retention", "retained", "start"), ("churn", "lost", "start"), ("grr", "kept", "then"), ("nrr", "now", "then")):
        table[name] = [quotient(a, b).value for a, b in zip(table[part], table[whole], strict=True)]
    table["contraction"], table["expansion"] = table["then"] - table["churned"] - table["kept"], table["now"] - table["kept"]
    table[MONEY] = table[MONEY] / 100
    intervals = [wilson(int(part), int(whole)) for part, whole in zip(table["retained"], table["start"], strict=True)]
    table["low"], table["high"] = [low for low, _ in intervals], [high for _, high in intervals]
    return table


def retention_by(session: CrmSession, as_of: date, unit: str = "month", count: int = 12, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """`movements` of the last months, quarters or years."""
    return movements(session, as_of, latest(as_of, count, unit, int(session.organisation.year_start)), filters)


def retention_rates(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """Customers of the start who still are at the end. Farris et al., Marketing Metrics, ch. 5."""
    return _figures(movements(session, as_of, periods, filters), "retained", "start")


def churn_rates(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    return _figures(movements(session, as_of, periods, filters), "lost", "start")


def gross_revenue_retention(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    return _figures(movements(session, as_of, periods, filters), "kept", "then")


def net_revenue_retention(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    return _figures(movements(session, as_of, periods, filters), "now", "then")


def _figures(table: pd.DataFrame, part: str, whole: str) -> list[Figure]:
    rows = table.to_dict("records")
    if whole == "start":
        return [share(int(row[part]), int(row[whole]), int(row["left_out"])) for row in rows]
    return [quotient(row[part], row[whole], int(row["left_out"]), int(row["start"])) for row in rows]


def contract_customers(session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Customers under contract at the end of the day."""
    customers, deleted = membership(session, filters, [as_of + ONE_DAY]), deletions()
    here = and_(customers.c.at_0 == 1, not_deleted_before(deleted, as_of + ONE_DAY))
    counted = select(func.count()).select_from(customers).outerjoin(deleted, deleted.c.id == customers.c.customer_id).where(here)
    n = int(ask(session, counted).scalar_one())
    return amount(n, n)


def lost_so_far(session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Customers whose last contract has ended / all who ever had one."""
    lost, total, *_ = _losses(session, as_of, filters)
    return share(lost, total)


def revenue_lost_so_far(session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Monthly amounts of the lost customers' contracts / those of all."""
    _, total, worth_lost, worth = _losses(session, as_of, filters)
    return quotient(worth_lost / 100, worth / 100, n=total)


def losses_by(session: CrmSession, as_of: date, by: str, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """One row a group: customers who ever had a contract, lost, rate, low, high.

    by: tier, region, industry, kind, owner_id of the customer, or terms, channel of the contract.
    """
    own = [func.min(getattr(Order, by)).label("group")] if by in OF_CONTRACT else []
    customers = lifetimes(session, filters, as_of, *own).where(known(Order.customer_id, as_of)).subquery()
    group = customers.c.group if own else getattr(Customer, by)
    lost = func.sum(case((customers.c.last <= as_of, 1), else_=0)).label("lost")
    statement = select(group.label("group"), func.count().label("customers"), lost).select_from(customers)
    joined = statement if own else statement.join(Customer, Customer.id == customers.c.customer_id)
    table = frame(session, joined.group_by(group).order_by(group))
    rates = [share(int(lost), int(n)) for lost, n in zip(table["lost"], table["customers"], strict=True)]
    for name, key in (("rate", "value"), ("low", "low"), ("high", "high")):
        table[name] = pd.Series([vars(figure)[key] for figure in rates], dtype=float)
    return table


def _losses(session: CrmSession, as_of: date, filters: Filters) -> tuple[int, ...]:
    worth = func.sum(MONTHLY).label("worth")
    customers = lifetimes(session, filters, as_of, worth).where(known(Order.customer_id, as_of)).subquery()
    lost = customers.c.last <= as_of
    row = ask(session, select(func.sum(case((lost, 1), else_=0)), func.count(), func.sum(case((lost, customers.c.worth), else_=0)), func.sum(customers.c.worth))
              .select_from(customers)).one()
    return tuple(int(value or 0) for value in row)


def end_reasons(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """Contracts that ended in the period and were not followed by another, by recorded reason (None: unknown): reason, contracts, monthly."""
    monthly = func.sum(type_coerce(MONTHLY, BigInteger)).label("monthly")
    ended = (*contracts(session, filters), ended_in(period.until(as_of)), ~_followed())
    counted = select(Order.end_reason.label("reason"), func.count().label("contracts"), monthly).where(*ended)
    statement = counted.group_by(Order.end_reason)
    table = frame(session, statement.order_by(func.count().desc(), Order.end_reason))
    return table.assign(monthly=table["monthly"].astype(float) / 100)


def _followed() -> ColumnElement[bool]:
    """Contracts that another one of the customer takes over by the next day: a renewal is no loss."""
    other = aliased(Order)
    of_same = (other.kind == "contract", other.customer_id == Order.customer_id, happened(other))
    return select(other.id).where(*of_same, other.runs_until > Order.runs_until, days_between(Order.runs_until, other.runs_from) <= 1).exists()


def behind_retention(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The customers of the start of the period and their monthly amount then; counted: still there at its end."""
    return _behind(session, as_of, period, filters, stayed=True)


def behind_churn(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The same customers; counted: those who left."""
    return _behind(session, as_of, period, filters, stayed=False)


def _behind(session: CrmSession, as_of: date, period: Period, filters: Filters, stayed: bool) -> AnySelect:
    passed = period.until(as_of)
    customers, deleted = membership(session, filters, [passed.start, passed.end]), deletions()
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), Customer.customer_since.label("date"),
               (customers.c.worth_0 / 100.0).label("value"), Customer.owner_id.label("manager_id"), (customers.c.at_1 == int(stayed)).label("counted"))
    joined = select(*columns).join(customers, customers.c.customer_id == Customer.id).outerjoin(deleted, deleted.c.id == Customer.id)
    here = (customers.c.at_0 == 1, not_deleted_before(deleted, passed.end))
    return joined.where(*here).order_by(customers.c.at_1, customers.c.worth_0.desc(), Customer.id)


def behind_losses(session: CrmSession, as_of: date, _period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """Everybody who ever had a contract, with the last day of those who left; counted: lost."""
    worth = func.sum(MONTHLY).label("worth")
    customers = lifetimes(session, filters, as_of, worth).where(known(Order.customer_id, as_of)).subquery()
    lost = customers.c.last <= as_of
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), case((lost, customers.c.last)).label("date"),
               (customers.c.worth / 100.0).label("value"), Customer.owner_id.label("manager_id"), lost.label("counted"))
    return select(*columns).join(customers, customers.c.customer_id == Customer.id).order_by(customers.c.last.desc(), Customer.id)
