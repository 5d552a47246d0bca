"""Orders of a period beside those of the same period a year before, group by group, in one question each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from db.batches import batches
from db.models import Customer, Order, OrderLine, Product, User
from db.queries.contracts import ended_in, every_contract, in_force
from db.queries.filters import EVERYBODY, AnySelect, Filters, about, ask, frame, happened, lookup
from db.queries.periods import ONE_DAY, Period, cut, months_later, same_last_year
from db.queries.purchases import CENTS
from db.queries.sales import LINE_CENTS
from db.session import CrmSession

BATCH = 5000


@dataclass(frozen=True)
class View:
    """What a report looks at; limit and offset page it, the largest groups first."""

    as_of: date
    period: Period
    filters: Filters = EVERYBODY
    limit: int | None = None
    offset: int = 0

    @cached_property
    def now(self) -> Period:
        return self.period.until(self.as_of)

    @cached_property
    def before(self) -> Period:
        """The same period last year; of a running one only the same days."""
        return same_last_year(self.period, self.as_of)

    def whole(self) -> View:
        return replace(self, limit=None, offset=0)


def by_time(session: CrmSession, view: View) -> pd.DataFrame:
    """One row a day of a month, else one a month; none is skipped: group (its first day), label, orders, amount, orders_before, amount_before."""
    days = {day: (int(orders), int(cents)) for day, orders, cents in ask(session, _by_day(view))}
    by_day = view.period.whole_months() in {None, 1}
    pieces = [Period(day, day + ONE_DAY) for day in _days(view.now)] if by_day else list(cut(view.now))
    rows = []
    for piece in pieces:
        earlier = Period(months_later(piece.start, -12), months_later(piece.end, -12))
        (orders, amount), (orders_before, amount_before) = (_added(days, _within(part, span)) for part, span in ((piece, view.now), (earlier, view.before)))
        label = piece.start.isoformat() if by_day else piece.key
        rows.append({"group": piece.start, "label": label, "orders": orders, "amount": amount, "orders_before": orders_before, "amount_before": amount_before})
    return pd.DataFrame(rows, columns=["group", "label", "orders", "amount", "orders_before", "amount_before"])


def _days(period: Period) -> list[date]:
    return [period.start + number * ONE_DAY for number in range((period.end - period.start).days)]


def _within(part: Period, whole: Period) -> Period:
    return Period(max(part.start, whole.start), min(part.end, whole.end))


def _added(days: dict[date, tuple[int, int]], part: Period) -> tuple[int, float]:
    found = [sums for day, sums in days.items() if part.start <= day < part.end]
    return sum(orders for orders, _ in found), sum(cents for _, cents in found) / 100


def _by_day(view: View) -> AnySelect:
    return select(Order.ordered_on, func.count(), func.sum(CENTS)).where(*_meant(view)).group_by(Order.ordered_on)


def by_person(session: CrmSession, view: View) -> pd.DataFrame:
    """One row an account manager who looks after customers that ordered; nobody is None."""
    return _named(_money(frame(session, _compared(Order.account_owner_id, view))), _people(session))


def by_customer(session: CrmSession, view: View) -> pd.DataFrame:
    """A page of the customers that ordered, with the day of their last order in the period."""
    last = func.max(case((_in(view.now), Order.ordered_on))).label("last_order")
    statement = _compared(Order.customer_id, view, last).limit(view.limit).offset(view.offset)
    table = _money(frame(session, statement))
    ids = [int(number) for number in table["group"]]
    names: dict[int | None, str] = {}
    for some in batches(ids, BATCH):
        names |= lookup(session, select(Customer.id, Customer.name).where(Customer.id.in_(some)))
    return _named(table, names)


def count_customers(session: CrmSession, view: View) -> int:
    return int(ask(session, select(func.count(Order.customer_id.distinct())).where(*_meant(view))).scalar_one())


def by_product(session: CrmSession, view: View) -> pd.DataFrame:
    """One row a product; what the orders' amounts hold beyond their product lines is the group None, so that the sum is that of the orders."""
    joined = [Order.id == OrderLine.order_id, happened(OrderLine)]
    sums = _sums(view, OrderLine.order_id, LINE_CENTS)
    statement = select(OrderLine.product_id.label("group"), *sums).select_from(Order).join(OrderLine, and_(*joined)).where(*_meant(view))
    ordered = statement.group_by(OrderLine.product_id).order_by(sums[2].desc(), OrderLine.product_id)
    table = _named(_money(frame(session, ordered)), lookup(session, select(Product.id, Product.name)))
    whole = total(session, view)
    rest = {key: round(whole[key] - float(table[key].sum()), 2) for key in ("amount", "amount_before")}
    if any(rest.values()):
        table = pd.concat([table, pd.DataFrame([{"group": None, "label": None, **rest}])], ignore_index=True)
    return table


def contracts_by_person(session: CrmSession, view: View) -> pd.DataFrame:
    """Contracts signed, in force as the period ends and ended in it, by account manager."""
    signed = _money(frame(session, _compared(Order.account_owner_id, view, contracts_only=True)))
    force, ended = _contracts(session, view, in_force(view.now.end)), _contracts(session, view, ended_in(view.now))
    rows = {_key(row["group"]): row for row in signed.to_dict("records")}
    empty = {"orders": 0, "customers": 0, "amount": 0.0, "orders_before": 0, "amount_before": 0.0}
    table = pd.DataFrame(
        [
            {**empty, **rows.get(owner, {}), "group": owner, "in_force": force.get(owner, 0), "ended": ended.get(owner, 0)}
            for owner in [*rows, *(owner for owner in {**force, **ended} if owner not in rows)]
        ],
        columns=["group", *empty, "in_force", "ended"],
    )
    return _named(table, _people(session))


def _people(session: CrmSession) -> dict[int | None, str]:
    return lookup(session, select(User.id, User.name))


def _contracts(session: CrmSession, view: View, condition: ColumnElement[bool]) -> dict[int | None, int]:
    return lookup(session, select(Order.account_owner_id, func.count()).where(*every_contract(view.filters), condition).group_by(Order.account_owner_id))


def total(session: CrmSession, view: View, *, contracts_only: bool = False) -> dict[str, float]:
    """orders, customers, amount, orders_before, amount_before of all groups together."""
    row = frame(session, _of_kind(select(*_sums(view, Order.id, CENTS)).select_from(Order).where(*_meant(view)), contracts_only))
    return {str(key): float(value or 0) for key, value in _money(row).iloc[0].items()}


def _compared(group: Any, view: View, *extra: Any, contracts_only: bool = False) -> AnySelect:
    sums = _sums(view, Order.id, CENTS)
    statement = _of_kind(select(group.label("group"), *sums, *extra).where(*_meant(view)), contracts_only)
    return statement.group_by(group).order_by(sums[2].desc(), sums[4].desc(), group)


def _of_kind(statement: AnySelect, contracts_only: bool) -> AnySelect:
    return statement.where(Order.kind == "contract") if contracts_only else statement


def _sums(view: View, order: Any, cents: Any) -> list[Any]:
    """orders, customers, amount, orders_before, amount_before; `order` is the column that names an order."""
    now, before = _in(view.now), _in(view.before)
    return [
        func.count(case((now, order)).distinct()).label("orders"),
        func.count(case((now, Order.customer_id)).distinct()).label("customers"),
        func.coalesce(func.sum(case((now, cents), else_=0)), 0).label("amount"),
        func.count(case((before, order)).distinct()).label("orders_before"),
        func.coalesce(func.sum(case((before, cents), else_=0)), 0).label("amount_before"),
    ]


def _in(period: Period) -> ColumnElement[bool]:
    return and_(Order.ordered_on >= period.start, Order.ordered_on < period.end)


def _meant(view: View) -> list[ColumnElement[bool]]:
    return [or_(_in(view.now), _in(view.before)), happened(Order), *about(Order, view.filters)]


def _money(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{key: table[key].astype(float) / 100 for key in ("amount", "amount_before")})


def _named(table: pd.DataFrame, known: Mapping[int | None, str]) -> pd.DataFrame:
    groups = [_key(group) for group in table["group"]]
    table["group"] = pd.Series(groups, dtype=object, index=table.index)
    table.insert(1, "label", pd.Series([known.get(group) for group in groups], dtype=object, index=table.index))
    return table


def _key(group: Any) -> int | None:
    return None if group is None or group != group else int(group)
