"""The journal's own tables; see `db/journal.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.types import json_type


class Change(Base):
    """One committed action: who, when, what. `digest` chains it to the one before; it covers the note by its digest, so that the note can be erased."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(String(300))
    note_salt: Mapped[str | None] = mapped_column(String(32))
    note_digest: Mapped[str | None] = mapped_column(String(64))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"), index=True)
    row_count: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_change_actor", "actor_id", "id"),)


class ChangeRow(Base):
    """What one change did to one record. `record_id` is empty for a bulk load."""

    __tablename__ = "change_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"))
    noun: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int | None]
    customer_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_change_row_change", "change_id", "id"), Index("ix_change_row_record", "noun", "record_id", "change_id"),
        Index("ix_change_row_noun", "noun", "change_id"), Index("ix_change_row_customer", "customer_id", "change_id"),
    )


class ChangePayload(Base):
    """The values before and after; kept beside the chain so that a person's data can be erased from it."""

    __tablename__ = "change_payload"

    change_row_id: Mapped[int] = mapped_column(ForeignKey("change_row.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    before: Mapped[dict[str, Any] | None] = mapped_column(json_type())
    after: Mapped[dict[str, Any] | None] = mapped_column(json_type())


class JournalHead(Base):
    """The one row that every writer takes last: it puts changes into one order."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class RequestKey(Base):
    """A form's one-time key: a second submit of the same form finds it taken."""

    __tablename__ = "request_key"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    change_id: Mapped[int | None]


class Counter(Base):
    """The last number given out for a noun's codes."""

    __tablename__ = "counter"

    noun: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
