"""Two customers that are one: where they differ, what is suggested for each field, and what would move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import func, select

from db.base import Record
from db.choices import fields_for, titles
from db.fields import Field, Kind
from db.models import NOUNS, Customer, NotDuplicate
from db.queries.lists import column
from db.records import get, value_of
from db.session import CrmSession

KEPT, OTHER, BOTH = "kept", "other", "both"
EMPTY: tuple[Any, ...] = (None, "", [], {})
EARLIER = {"customer_since"}
"""Fields where the earlier of two days holds for both records."""


@dataclass(frozen=True)
class Difference:
    """A field in which two customers differ: both values, what may be chosen (KEPT, OTHER, BOTH) and what is suggested."""

    field: Field
    kept: Any
    other: Any
    choices: tuple[str, ...]
    suggested: str

    @property
    def is_gap(self) -> bool:
        """Whether only one of the two says anything."""
        return self.kept in EMPTY or self.other in EMPTY

    def value(self, choice: str) -> Any:
        return {KEPT: self.kept, OTHER: self.other, BOTH: f"{self.kept}\n\n{self.other}"}[choice]


def differences(session: CrmSession, kept: Customer, other: Customer) -> list[Difference]:
    """In the order of the declaration, custom fields too. Codes are not chosen: the other's goes on leading to the kept one."""
    fields = [field for field in fields_for(session, "customer") if field.editable and not field.unique]
    pairs = [(field, value_of(kept, field), value_of(other, field)) for field in fields]
    return [_difference(*pair) for pair in pairs if pair[1] != pair[2] and not (pair[1] in EMPTY and pair[2] in EMPTY)]


def _difference(field: Field, kept: Any, other: Any) -> Difference:
    joined = field.kind == Kind.LONG_TEXT and kept not in EMPTY and other not in EMPTY and len(kept) + len(other) + 2 <= (field.max_length or 20_000)
    return Difference(field, kept, other, (KEPT, OTHER, BOTH) if joined else (KEPT, OTHER), BOTH if joined else _suggested(field, kept, other))


def _suggested(field: Field, kept: Any, other: Any) -> str:
    """Gaps are filled from the other record."""
    if kept in EMPTY or other in EMPTY:
        return OTHER if kept in EMPTY else KEPT
    return OTHER if field.key in EARLIER and other < kept else KEPT


@dataclass(frozen=True)
class Comparison:
    """Two customers side by side. words: field key -> how both values read; owners and moving: of the kept one, of the other."""

    kept: Customer
    other: Customer
    differences: tuple[Difference, ...]
    words: Mapping[str, tuple[Any, Any]]
    owners: tuple[str, str]
    moving: tuple[Mapping[str, int], Mapping[str, int]]


def compare(session: CrmSession, keep: int, lose: int) -> Comparison:
    """Raises Gone where the actor does not see both."""
    kept, other = (cast(Customer, get(session, "customer", id_)) for id_ in (keep, lose))
    found = tuple(differences(session, kept, other))
    words: dict[str, Any] = {each.field.key: tuple(column(session, each.field, [kept, other])) for each in found}
    names = titles(session, "user", (kept.owner_id, other.owner_id))
    owners = (names.get(kept.owner_id or 0, ""), names.get(other.owner_id or 0, ""))
    return Comparison(kept, other, found, words, owners, (moving(session, keep), moving(session, lose)))


@cache
def links_to_customers() -> tuple[tuple[type[Record], str], ...]:
    """Every column of a noun that names a customer, found from the foreign keys."""
    nouns = sorted(NOUNS.values(), key=lambda model: model.__tablename__)
    columns = ((model, attribute.key, attribute.columns[0]) for model in nouns for attribute in model.__mapper__.column_attrs)
    return tuple((model, key) for model, key, column in columns if any(link.column.table.name == "customer" for link in column.foreign_keys))


def moving(session: CrmSession, customer_id: int) -> Mapping[str, int]:
    """How many records of each noun hang on a customer."""
    counts = {
        model.__tablename__: session.scalar(select(func.count()).select_from(model).where(getattr(model, key) == customer_id)) or 0
        for model, key in links_to_customers()
        if key == "customer_id" and model is not NotDuplicate
    }
    return {noun: count for noun, count in counts.items() if count}
