"""One page of any list: searched, filtered, sorted and paged by the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field as member
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Float, Select, cast, func, or_, select

from db import dialect
from db.choices import fields_for, in_words, labels, titles
from db.fields import Field, Kind
from db.masking import may_search, shown
from db.models import NOUNS, Customer, CustomerTag, Record
from db.policy import require, sees_personal_data
from db.records import value_of
from db.session import CrmSession

LONGEST_SEARCH = 200


@dataclass(frozen=True)
class ListQuery:
    """What a list shows. filters: key -> list of codes or ids, (from, to) of a date or number, or a boolean."""

    search: str = ""
    filters: Mapping[str, Any] = member(default_factory=dict)
    sort: str = "id"
    descending: bool = True
    limit: int = 50
    offset: int = 0


def count(session: CrmSession, noun: str, query: ListQuery) -> int:
    require(session.actor, "read", noun)
    statement = _narrowed(session, noun, select(func.count()).select_from(NOUNS[noun]), query)
    return session.scalar(statement) or 0


def page(session: CrmSession, noun: str, query: ListQuery, keys: tuple[str, ...] = ()) -> pd.DataFrame:
    """Rows of the page, indexed by id; one column per field key, words instead of codes, personal data masked."""
    records = page_records(session, noun, query)
    fields = [field for field in fields_for(session, noun) if (field.key in keys if keys else field.listed)]
    data = {field.key: column(session, field, records) for field in fields}
    return pd.DataFrame(data, index=pd.Index([record.id for record in records], name="id"), dtype=object if not records else None)


def page_records(session: CrmSession, noun: str, query: ListQuery) -> list[Record]:
    require(session.actor, "read", noun)
    statement = _narrowed(session, noun, select(NOUNS[noun]), query)
    return list(session.scalars(_sorted(session, noun, statement, query).limit(query.limit).offset(query.offset)))


def records_of(session: CrmSession, noun: str, ids: Iterable[int]) -> list[Record]:
    """These records as far as the actor may see them, in the order of their ids."""
    require(session.actor, "read", noun)
    model = NOUNS[noun]
    return list(session.scalars(select(model).where(model.id.in_(list(ids))).order_by(model.id)))


def ids(session: CrmSession, noun: str, query: ListQuery, limit: int = 10_000) -> list[int]:
    """The ids of the list in its order: previous and next, bulk actions, export."""
    require(session.actor, "read", noun)
    statement = _narrowed(session, noun, select(NOUNS[noun].id), query)
    return list(session.scalars(_sorted(session, noun, statement, query).limit(limit).offset(query.offset)))


def column(session: CrmSession, field: Field, records: list[Record]) -> list[Any]:
    """The field's values of these records as a reader of this role sees them."""
    values = [value_of(record, field) for record in records]
    if field.kind == Kind.LINK:
        names = titles(session, field.target, values)
        return [names.get(value) for value in values]
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        words = labels(session, field)
        return [in_words(words, value) for value in values]
    return [shown(session.actor, field, value) for value in values]


def _narrowed(session: CrmSession, noun: str, statement: Select[Any], query: ListQuery) -> Select[Any]:
    fields = {field.key: field for field in fields_for(session, noun)}
    for key, wanted in query.filters.items():
        if wanted in (None, [], "", (None, None)):
            continue
        if key == "tags":
            statement = statement.where(Customer.id.in_(select(CustomerTag.customer_id).where(CustomerTag.tag_id.in_(wanted))))
        elif key in fields and may_search(session.actor, fields[key]):
            statement = statement.where(_condition(NOUNS[noun], fields[key], wanted))
    words = searchable(query.search)
    return statement.where(_search(session, noun, words, fields)) if words else statement


def searchable(typed: str) -> str:
    """What somebody typed, as the databases can look for it: without NUL, and no longer than any name."""
    return typed.replace("\0", "")[:LONGEST_SEARCH].strip()


def _condition(model: type[Record], field: Field, wanted: Any) -> ColumnElement[bool]:
    column: Any = model.custom[field.key].as_string() if field.custom else getattr(model, field.key)  # type: ignore[attr-defined]
    if isinstance(wanted, tuple):
        low, high = wanted
        bounds = [column >= low] if low is not None else []
        return or_(*([bounds[0] & (column <= high)] if bounds and high is not None else bounds or [column <= high]))
    if isinstance(wanted, list):
        picked = [value for value in wanted if value is not None]
        return or_(column.in_(picked), column.is_(None)) if None in wanted else column.in_(picked)
    if field.custom:
        return column.in_(["true", "1"]) if wanted else or_(column.is_(None), column.not_in(["true", "1"]))
    return column == wanted  # type: ignore[no-any-return]


def _search(session: CrmSession, noun: str, words: str, fields: Mapping[str, Field]) -> ColumnElement[bool]:
    model = NOUNS[noun]
    pattern = _pattern(words)
    own = [getattr(model, key).ilike(pattern, escape="\\") for key, field in fields.items()
           if field.searchable and not field.custom and may_search(session.actor, field)]
    if noun == "customer":
        return customer_matches(session, words)
    about = [model.customer_id.in_(select(Customer.id).where(customer_matches(session, words)))] if hasattr(model, "customer_id") else []
    titled = [getattr(model, model.title_key).ilike(pattern, escape="\\")] if not own and model.title_key != "id" else []
    return or_(*own, *titled, *about)


def _pattern(words: str) -> str:
    return "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def customer_matches(session: CrmSession, words: str) -> ColumnElement[bool]:
    """Customers whose names, codes, numbers or contacts hold the words; short words look at the name alone."""
    if len(words) < 3:
        return Customer.name.ilike(_pattern(words), escape="\\")
    assert session.bind is not None
    return dialect.matches(session.bind.dialect.name, Customer.id, words, sees_personal_data(session.actor))


def _custom_value(model: type[Record], field: Field) -> Any:
    """A user's own field as a value that sorts: numbers by size, the rest by its text."""
    kept: Any = model.custom[field.key]  # type: ignore[attr-defined]
    if field.kind == Kind.MONEY:  # kept as text, so that no cent is lost
        return cast(kept.as_string(), Float)
    return kept.as_float() if field.kind == Kind.INTEGER else kept.as_string()


def _sorted(session: CrmSession, noun: str, statement: Select[Any], query: ListQuery) -> Select[Any]:
    model = NOUNS[noun]
    field = next((field for field in fields_for(session, noun) if field.key == query.sort), None)
    if field is None or not may_search(session.actor, field):
        return statement.order_by(model.id.desc() if query.descending else model.id)
    by = _custom_value(model, field) if field.custom else getattr(model, field.key)
    ordered = by.desc().nulls_last() if query.descending else by.asc().nulls_last()
    return statement.order_by(ordered, model.id)
