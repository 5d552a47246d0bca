"""A field says everything about itself once; lists, forms, filters, imports and the journal read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field as member, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Boolean, Column, Date, Integer, String, Text
from sqlalchemy.orm import MappedColumn, mapped_column

from db.language import current, t
from db.types import Choice, Hundredths, Instant, Money

if TYPE_CHECKING:
    from db.base import Base


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    RATING = "rating"
    TIME = "time"
    DATES = "dates"
    KEY = "key"
    TIME_ZONE = "time_zone"


NUMBERS = {Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.RATING}
DATED = {Kind.DATE, Kind.INSTANT}


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """What a column says of itself to people. Empty parts are derived from the column.

    choices: fixed codes and their English words; options: the name of a list kept by users;
    among: the noun whose records several are chosen of, by their ids as text;
    past: a date that cannot lie in the future; section: the group of the form it stands in;
    fixed: set once, never changed; weight: how much it counts that the field is filled, `or_key` naming a field that does as well,
    and `of_kind` the only kind of customer that it counts for.
    """

    label: str = ""
    hint: str = ""
    kind: Kind = Kind.TEXT
    choices: Mapping[str, str] = member(default_factory=dict)
    options: str = ""
    among: str = ""
    listed: bool = False
    searchable: bool = False
    filterable: bool = False
    personal: bool = False
    editable: bool = True
    fixed: bool = False
    derived: str = ""
    past: bool = False
    minimum: float | None = None
    maximum: float | None = None
    section: str = ""
    unit: str = ""
    weight: int = 0
    or_key: str = ""
    of_kind: str = ""
    key: str = ""
    noun: str = ""
    required: bool = False
    unique: bool = False
    max_length: int | None = None
    target: str = ""
    default: Any = None
    custom: bool = False
    words: Mapping[str, str] = member(default_factory=dict)

    @property
    def title(self) -> str:
        """The label in the current language; custom fields carry their own words."""
        return self.words.get(current(), "") or self.words.get("en", "") or t(self.label)


ITSELF = "itself"


def derived(*args: Any, worked_out_from: str = ITSELF, **options: Any) -> MappedColumn[Any]:
    """A column worked out from others in the same transaction, of the same row or of another noun's rows: not journalled, bumps no version."""
    return mapped_column(*args, info={"derived": worked_out_from}, **options)


def field(*args: Any, ui: Field | None = None, **options: Any) -> MappedColumn[Any]:
    """`mapped_column` that carries a Field; keeps the old value of every change for the journal."""
    if ui and ui.choices:
        args = tuple(Choice(arg.length, frozenset(ui.choices)) if isinstance(arg, String) and arg.length else arg for arg in args)
    return mapped_column(*args, info={"ui": ui or Field()}, active_history=True, **options)


@cache
def fields_of(model: type[Base]) -> tuple[Field, ...]:
    """The declared fields of a noun, in the order of the declaration, complete with all derived parts."""
    columns = ((attribute.key, attribute.columns[0]) for attribute in model.__mapper__.column_attrs)
    found = [(key, column) for key, column in columns if "ui" in column.info]
    found.sort(key=lambda pair: (pair[0] != "customer_id", pair[1]._creation_order))
    return tuple(_completed(model.__tablename__, key, cast(Column[Any], column)) for key, column in found)


@cache
def journalled_keys(model: type[Base]) -> tuple[str, ...]:
    """The columns whose changes are kept: all but those that are worked out from others."""
    return tuple(attribute.key for attribute in model.__mapper__.column_attrs if not derived_from(attribute.columns[0]))


@cache
def self_derived_keys(model: type[Base]) -> tuple[str, ...]:
    """The columns that are worked out from others of the same row."""
    return tuple(attribute.key for attribute in model.__mapper__.column_attrs if derived_from(attribute.columns[0]) == ITSELF)


def derived_from(column: Any) -> str:
    """The noun from whose rows a column is worked out, or 'itself'; empty where people enter it."""
    ui: Field | None = column.info.get("ui")
    return str(column.info.get("derived", "")) or (ui.derived if ui else "")


def field_of(model: type[Base], key: str) -> Field:
    return next(field for field in fields_of(model) if field.key == key)


def _completed(noun: str, key: str, column: Column[Any]) -> Field:
    ui: Field = column.info["ui"]
    default = column.default.arg if column.default is not None and column.default.is_scalar else None  # type: ignore[attr-defined]
    target = next(iter(column.foreign_keys)).target_fullname.split(".")[0] if column.foreign_keys else ""
    return replace(
        ui, key=key, noun=noun, label=ui.label or key.removesuffix("_id").replace("_", " ").capitalize(),
        kind=ui.kind if ui.kind != Kind.TEXT else _kind(ui, column), target=target, default=default,
        required=not column.nullable and column.default is None and not isinstance(column.type, Boolean), unique=bool(column.unique),
        max_length=getattr(column.type, "length", None) or ui.max_length,
    )


def _kind(ui: Field, column: Column[Any]) -> Kind:
    if ui.choices or ui.options:
        return Kind.CHOICE
    if column.foreign_keys:
        return Kind.LINK
    kinds = {Money: Kind.MONEY, Hundredths: Kind.DECIMAL, Instant: Kind.INSTANT, Date: Kind.DATE,
             Boolean: Kind.BOOLEAN, Integer: Kind.INTEGER, Text: Kind.LONG_TEXT, String: Kind.TEXT}
    return next((kind for type_, kind in kinds.items() if isinstance(column.type, type_)), Kind.TEXT)
