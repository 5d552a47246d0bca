from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class MatchKey(Base):
    """A sign that customers are compared by when duplicates are searched (derived; see `db/matching.py`). Customers in the recycle bin have none."""

    __tablename__ = "match_key"

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (Index("ix_match_key_customer", "customer_id"),)
