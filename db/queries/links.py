"""What a link field may point to: the choices of a picker."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from db.fields import Field
from db.models import NOUNS, Contact, Customer, Tag, User
from db.policy import Scope
from db.queries.lists import customer_matches, searchable
from db.session import CrmSession

MANY = 500
"""A picker offers at most so many records; customers are searched instead."""


def link_choices(session: CrmSession, field: Field, customer_id: int | None = None, current: Any = None, to_own: str = "") -> dict[int, str]:
    """Id and title of the records that may stand in a link field, with the one that stands there now.

    to_own: the noun whose records the chosen user is to own; only those are offered to whom the actor may give them.
    """
    model = NOUNS[field.target]
    statement = select(model.id, getattr(model, model.title_key)).order_by(getattr(model, model.title_key)).limit(MANY)
    if model is User:
        statement = statement.where(User.active, *_may_own(session, field, to_own))
    if model is Contact:
        statement = statement.where(Contact.customer_id == (customer_id or 0))
    if hasattr(model, "active") and model is not User:
        statement = statement.where(model.active)
    found = {id_: str(title) for id_, title in session.execute(statement)}
    if current is not None and current not in found:
        record = session.get(model, current)
        found |= {current: record.title} if record else {}
    return found


def _may_own(session: CrmSession, field: Field, noun: str) -> tuple[Any, ...]:
    within = session.row_scope("update", noun) if noun and field.key == NOUNS[noun].owner_key else Scope.ALL
    return () if within == Scope.ALL else (User.id.in_(session.visible_owners(within)),)


def customers_like(session: CrmSession, words: str, limit: int = 20) -> dict[int, str]:
    """Customers that match the words, for a picker; the latest contacts first when there are no words."""
    statement = select(Customer.id, Customer.name, Customer.code).order_by(Customer.last_contact_at.desc().nulls_last(), Customer.id).limit(limit)
    if wanted := searchable(words):
        statement = statement.where(customer_matches(session, wanted))
    return {id_: f"{name} · {code}" for id_, name, code in session.execute(statement)}


def tag_choices(session: CrmSession) -> dict[int, str]:
    return {id_: name for id_, name in session.execute(select(Tag.id, Tag.name).order_by(Tag.name))}
