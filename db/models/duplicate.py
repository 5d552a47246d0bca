from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, OfCustomer, Record
from db.fields import Field, field


class MatchKey(Base):
    """A sign that customers are compared by when duplicates are searched (derived; see `db/matching.py`). Customers in the recycle bin have none."""

    __tablename__ = "match_key"

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)
    of_contact: Mapped[bool]
    """Whether only a contact of the customer bears it."""

    __table_args__ = (Index("ix_match_key_customer", "customer_id"),)


class NotDuplicate(OfCustomer, Record):
    """Somebody looked at two customers and found that they are two."""

    __tablename__ = "not_duplicate"
    words = ("Ruled-out duplicate", "Ruled-out duplicates")
    prefix = "ND"
    title_key = "id"

    other_id: Mapped[int] = field(ForeignKey("customer.id"), ui=Field(label="Other customer", listed=True))

    def derive(self) -> None:
        """The earlier customer stands first, so that a pair is one row whichever way it was named."""
        self.customer_id, self.other_id = sorted((self.customer_id, self.other_id))

    __table_args__ = (UniqueConstraint("customer_id", "other_id"), Index("ix_not_duplicate_other", "other_id"))
