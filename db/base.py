"""What every table and every record has in common."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Date, ForeignKey, Index, MetaData, String, literal_column, text
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from db import clock
from db.types import Instant, Money, json_type

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def only(condition: str, sqlite: str = "") -> dict[str, Any]:
    """The options of an index that holds only some rows; sqlite: the condition as SQLAlchemy writes it for that database, where it is another."""
    return {"sqlite_where": text(sqlite or condition), "postgresql_where": text(condition)}


def newest_first(name: str, column: str, within: tuple[str, ...] = ()) -> Index:
    """An index in the order of a list: the latest value first, none at all last, which PostgreSQL must be told; then by number."""
    return Index(name, *within, literal_column(f"{column} DESC"), "id", postgresql_ops={f"{column} DESC": "NULLS LAST"})


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map = {
        str: String(200), Decimal: Money(), datetime: Instant(), date: Date(), dict[str, Any]: MutableDict.as_mutable(json_type()),
    }
    journalled: ClassVar[bool] = False
    """Whether the journal keeps every change of this table."""


class Record(Base):
    """A noun that people enter: numbered, versioned, journalled, kept in the recycle bin when deleted."""

    __abstract__ = True
    journalled = True
    words: ClassVar[tuple[str, str]]
    """The English words for one and for many."""
    prefix: ClassVar[str] = ""
    """The letter of its short code, as in C-0042."""
    title_key: ClassVar[str] = "name"
    """The field that names a record of this noun."""
    owner_key: ClassVar[str] = ""
    """The column that decides who may see the row; empty where everybody with the noun's permission may."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)
    deleted_at: Mapped[datetime | None] = mapped_column(active_history=True)

    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": version}  # type: ignore[misc]

    def derive(self) -> None:
        """Work out the columns that follow from others of the same row; called before every write."""

    @property
    def short_code(self) -> str:
        return getattr(self, "code", "") or f"{self.prefix}-{self.id:04d}"

    @property
    def title(self) -> str:
        return str(getattr(self, self.title_key) or self.short_code)


class OfCustomer:
    """A record that hangs on a customer; `account_owner_id` follows the customer's owner (derived)."""

    owner_key: ClassVar[str] = "account_owner_id"

    @declared_attr
    def customer_id(cls) -> Mapped[int]:
        from db.fields import Field, field

        return field(ForeignKey("customer.id"), ui=Field(listed=True, filterable=False))

    account_owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"derived": "customer"})


class Customisable:
    """A record whose users may add fields; their values live in one JSON column."""

    custom: Mapped[dict[str, Any]] = mapped_column(default=dict, active_history=True)

