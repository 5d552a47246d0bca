"""What narrows a question, and the conditions that every question shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.engine import Result

from db import clock
from db.base import OfCustomer
from db.models import Customer, FollowUp, OrderLine, User
from db.queries.periods import ONE_DAY
from db.session import CrmSession

AnySelect = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Filters:
    """The customers, and the people, that a question is about. Empty parts do not narrow."""

    team_id: int | None = None
    owner_id: int | None = None
    tier: str | None = None
    region: str | None = None
    industry: str | None = None
    kind: str | None = None
    channel: str | None = None
    product_id: int | None = None


EVERYBODY = Filters()
ATTRIBUTES = ("tier", "region", "industry", "kind")


def ask(session: CrmSession, statement: AnySelect) -> Result[*tuple[Any, ...]]:
    """Run a question. Rows of the recycle bin come along: `happened` and `known` decide which of them count."""
    return session.execute(statement, execution_options={"with_deleted": True})


def frame(session: CrmSession, statement: AnySelect) -> pd.DataFrame:
    result = ask(session, statement)
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def told_once(session: CrmSession, question: Callable[..., pd.DataFrame], *arguments: Any) -> pd.DataFrame:
    """A table that several figures rest on: whoever reads asks for it once a page, or once a transaction where none is drawn."""
    if session.writes:
        return question(session, *arguments)

    def asked() -> tuple[pd.DataFrame, set[str]]:
        with session.listening() as heard:
            table = question(session, *arguments)
        return table, heard

    table, heard = session.once(("told", session.actor, question.__qualname__, *arguments), asked)
    session.heard |= heard
    return table.copy()


def lookup(session: CrmSession, statement: AnySelect) -> dict[Any, Any]:
    """A statement of two columns as a dictionary."""
    return {key: value for key, value in ask(session, statement)}


def happened(model: Any) -> ColumnElement[bool]:
    """Rows that took place: what went to the bin together with its customer stays in the past, what was deleted for itself never counts."""
    with_customer = select(Customer.id, Customer.deleted_at).where(Customer.deleted_at.is_not(None))
    return or_(model.deleted_at.is_(None), tuple_(model.customer_id, model.deleted_at).in_(with_customer))


def known(customer_id: Any, as_of: date) -> ColumnElement[bool]:
    """Customers who had not been deleted by the end of the day. A merged one was never a customer of its own: what it did is the kept one's."""
    late = or_(Customer.deleted_at < clock.at(as_of + ONE_DAY), Customer.merged_into_id.is_not(None))
    gone = select(Customer.id).where(Customer.deleted_at.is_not(None), late)
    return customer_id.not_in(gone)  # type: ignore[no-any-return]


def about(model: Any, filters: Filters, person: Any = None) -> list[ColumnElement[bool]]:
    """The conditions of the filters on rows that hang on a customer; `person` is the column that names who is meant."""
    person = model.account_owner_id if person is None else person
    attributes = about_customers(filters)
    through = [model.customer_id.in_(select(Customer.id).where(*attributes))] if attributes else []
    return [*about_people(person, filters), *through, *_about_what(model, filters)]


def channel_of(model: Any) -> Any:
    """By which way a row came about; a follow-up's is its method."""
    return model.method if model is FollowUp else model.channel


def _about_what(model: Any, filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions on a row's own channel and product; an order is about every product on its lines."""
    found = [channel_of(model) == filters.channel] if filters.channel is not None else []
    if filters.product_id is not None:
        named = getattr(model, "product_id", None)
        bought = select(OrderLine.order_id).where(OrderLine.product_id == filters.product_id, OrderLine.deleted_at.is_(None))
        found.append(named == filters.product_id if named is not None else model.id.in_(bought))
    return found


def about_people(person: Any, filters: Filters) -> list[ColumnElement[bool]]:
    found = [person == filters.owner_id] if filters.owner_id is not None else []
    if filters.team_id is not None:
        found.append(person.in_(select(User.id).where(User.team_id == filters.team_id)))
    return found


def about_customers(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions on the customer's own attributes."""
    return [getattr(Customer, key) == getattr(filters, key) for key in ATTRIBUTES if getattr(filters, key) is not None]


def attribute_of(model: type[OfCustomer], key: str) -> Any:
    """An attribute of the customer as a column of a row that hangs on it."""
    return select(getattr(Customer, key)).where(Customer.id == model.customer_id).scalar_subquery()
