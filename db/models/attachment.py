from __future__ import annotations

from sqlalchemy import BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, OfCustomer, Record
from db.fields import Field, field

MAX_BYTES = 10 * 1024 * 1024


class Blob(Base):
    """The bytes of a file, stored once however often it is attached."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Attachment(OfCustomer, Record):
    __tablename__ = "attachment"
    words = ("File", "Files")
    prefix = "A"

    name: Mapped[str] = field(String(200), ui=Field(listed=True))
    media_type: Mapped[str] = field(String(100), ui=Field(editable=False))
    size: Mapped[int] = field(BigInteger, ui=Field(editable=False, listed=True))
    digest: Mapped[str] = field(String(64), ui=Field(editable=False))

    __table_args__ = (Index("ix_attachment_customer", "customer_id"), Index("ix_attachment_deleted", "deleted_at"))
