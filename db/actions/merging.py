"""Two records of one customer become one: nothing that hangs on the other is lost, and one undo brings both back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import UniqueConstraint, inspect, or_, select

from db import clock, records
from db.actions import customers
from db.base import Record
from db.errors import Invalid
from db.models import Customer
from db.policy import require
from db.queries.merging import differences, links_to_customers
from db.session import CrmSession

EVERY_ROW = {"with_deleted": True}


def merge(session: CrmSession, keep: int, lose: int, choices: Mapping[str, str] | None = None, seen: tuple[int, int] | None = None) -> Customer:
    """Let one customer take over another: the chosen values, everything that hangs on it, its code. Returns the kept one.

    choices: field key -> 'kept', 'other' or 'both'; for fields that are not named the suggestion holds.
    seen: the versions of both that the choice was made from.
    Raises Gone for a customer that the actor does not see, Invalid where one was changed since.
    """
    require(session.actor, "merge", "customer")
    kept, lost = _pair(session, keep, lose, seen)
    owner_id = _take_values(session, kept, lost, choices or {})
    customers.move(session, [kept, lost], {kept.id: owner_id, lost.id: owner_id})
    for model, key in links_to_customers():
        _relink(session, model, key, lost.id, kept.id)
    lost.merged_into_id, lost.deleted_at = kept.id, clock.now()
    session.flush()
    return kept


def rule_out(session: CrmSession, first: int, second: int) -> Record:
    """Remember that two customers are two; they are not suggested again. Raises Gone, Invalid where this was said already."""
    require(session.actor, "merge", "customer")
    return records.create(session, "not_duplicate", {"customer_id": first, "other_id": second})


def _pair(session: CrmSession, keep: int, lose: int, seen: tuple[int, int] | None) -> tuple[Customer, Customer]:
    if keep == lose:
        raise Invalid.because("A customer cannot be merged with itself.")
    kept, lost = (cast(Customer, records.get(session, "customer", id_)) for id_ in (keep, lose))
    if seen is not None and seen != (kept.version, lost.version):
        raise Invalid.because("One of the two was changed in the meantime. Please look at the choice again.")
    return kept, lost


def _take_values(session: CrmSession, kept: Customer, lost: Customer, choices: Mapping[str, str]) -> int | None:
    """Write the chosen values; returns the owner to be."""
    values = {}
    for difference in differences(session, kept, lost):
        choice = choices.get(difference.field.key, difference.suggested)
        if choice not in difference.choices:
            raise Invalid.because("“{value}” is not one of the options.", difference.field.key, value=choice)
        values[difference.field.key] = difference.value(choice)
    owner_id: int | None = values.pop("owner_id", kept.owner_id)
    records.update(session, "customer", kept.id, values)
    return owner_id


def _relink(session: CrmSession, model: type[Record], key: str, lost: int, kept: int) -> None:
    """Rows that named one customer name the other; where the other has the same already, it has it once."""
    rows = session.scalars(select(model).where(getattr(model, key) == lost), execution_options=EVERY_ROW).all()
    unique = _unique_keys(model)
    there = {_values(row, unique): row for row in _rows_of(session, model, kept)} if rows and unique else {}
    for row in rows:
        moved = _moved(row, key, kept)
        twin = there.get(_values(moved, unique)) if unique else None
        if twin is not None or _names_itself(moved, model):
            if twin is not None and row.deleted_at is None:
                twin.deleted_at = None
            session.delete(row)
        else:
            setattr(row, key, kept)
    session.flush()


def _unique_keys(model: type[Record]) -> tuple[str, ...]:
    """The columns that together may stand only once, where one of them names a customer."""
    linking = {key for of, key in links_to_customers() if of is model}
    rules = [tuple(column.key for column in rule.columns) for rule in inspect(model).local_table.constraints if isinstance(rule, UniqueConstraint)]  # type: ignore[attr-defined]
    return next((keys for keys in rules if linking & set(keys)), ())


def _rows_of(session: CrmSession, model: type[Record], customer_id: int) -> Iterable[Record]:
    linking = [getattr(model, key) == customer_id for of, key in links_to_customers() if of is model]
    return session.scalars(select(model).where(or_(*linking)), execution_options=EVERY_ROW)


def _moved(row: Record, key: str, customer_id: int) -> Any:
    """The row as it would be: what follows from its own columns may change too."""
    moved = SimpleNamespace(**{attribute.key: getattr(row, attribute.key) for attribute in type(row).__mapper__.column_attrs})
    setattr(moved, key, customer_id)
    type(row).derive(cast(Record, moved))
    return moved


def _values(row: Any, keys: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, key) for key in keys)


def _names_itself(moved: Any, model: type[Record]) -> bool:
    """A row about two customers that are one by now says nothing any more."""
    named = [getattr(moved, key) for of, key in links_to_customers() if of is model]
    return len(set(named)) < len(named)
