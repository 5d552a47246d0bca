from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped

from db.base import OfCustomer, Record, newest_first, only
from db.fields import Field, derived, field
from db.types import Hundredths

ORDER_KINDS = {"purchase": "Purchase", "contract": "Contract"}
PURCHASE, CONTRACT = "kind = 'purchase'", "kind = 'contract'"


class Order(OfCustomer, Record):
    """A purchase, or a contract with a term."""

    __tablename__ = "order"
    words = ("Order", "Orders")
    prefix = "O"
    title_key = "code"

    code: Mapped[str] = field(
        String(40), unique=True, default="", ui=Field(label="Code", listed=True, searchable=True, hint="Left empty, the next number is taken.")
    )
    kind: Mapped[str] = field(String(10), default="purchase", ui=Field(choices=ORDER_KINDS, listed=True, filterable=True))
    ordered_on: Mapped[date] = field(ui=Field(label="Date", listed=True, filterable=True))
    amount: Mapped[Decimal] = field(default=Decimal(0), ui=Field(listed=True))
    channel: Mapped[str | None] = field(String(40), ui=Field(options="channel", listed=True, filterable=True))
    place: Mapped[str | None] = field(String(200), ui=Field())
    signatory: Mapped[str | None] = field(String(200), ui=Field(personal=True))
    starts_on: Mapped[date | None] = field(ui=Field(label="Start", section="Contract"))
    ends_on: Mapped[date | None] = field(ui=Field(label="End of term", listed=True, filterable=True, section="Contract"))
    ended_on: Mapped[date | None] = field(ui=Field(label="Ended on", section="Contract", filterable=True))
    end_reason: Mapped[str | None] = field(String(40), ui=Field(options="end_reason", section="Contract"))
    monthly_amount: Mapped[Decimal | None] = field(ui=Field(label="Amount per month", section="Contract"))
    terms: Mapped[str | None] = field(Text, ui=Field(section="Contract", max_length=20_000))
    notes: Mapped[str | None] = field(Text, ui=Field(max_length=20_000))

    runs_from: Mapped[date | None] = derived()
    runs_until: Mapped[date | None] = derived()
    """Derived: a contract's first and last day, by which it was ended or by its term; date.max while it runs on."""

    def derive(self) -> None:
        runs = self.kind == "contract"
        self.runs_from = self.starts_on or self.ordered_on if runs else None
        self.runs_until = self.ended_on or self.ends_on or date.max if runs else None

    __table_args__ = (
        Index("ix_order_deleted", "deleted_at"),
        newest_first("ix_order_newest", "ordered_on"),
        Index("ix_order_account_deleted", "account_owner_id", "deleted_at"),
        Index("ix_order_customer", "customer_id", "ordered_on"),
        Index("ix_order_date", "ordered_on", "customer_id", "amount", "account_owner_id", "channel", "deleted_at"),
        Index("ix_order_account_date", "account_owner_id", "ordered_on", "customer_id", "amount", "deleted_at"),
        Index("ix_order_purchases", "customer_id", "ordered_on", "amount", "account_owner_id", "deleted_at", **only(PURCHASE)),
        Index("ix_order_contracts", "customer_id", "runs_from", "runs_until", "monthly_amount", "account_owner_id", "deleted_at", **only(CONTRACT)),
        Index("ix_order_ended", "runs_until", "customer_id", "end_reason", "monthly_amount", "account_owner_id", "deleted_at", **only(CONTRACT)),
        Index("ix_order_ends", "ends_on"),
    )


class OrderLine(OfCustomer, Record):
    __tablename__ = "order_line"
    words = ("Order line", "Order lines")
    prefix = "OL"
    title_key = "id"

    order_id: Mapped[int] = field(ForeignKey("order.id"), ui=Field(listed=True))
    product_id: Mapped[int] = field(ForeignKey("product.id"), ui=Field(listed=True))
    quantity: Mapped[Decimal] = field(Hundredths, default=Decimal(1), ui=Field(listed=True))
    price: Mapped[Decimal] = field(ui=Field(listed=True))
    discount: Mapped[Decimal] = field(Hundredths, default=Decimal(0), ui=Field(label="Discount, %", minimum=0, maximum=100, listed=True))
    cost: Mapped[Decimal | None] = field(ui=Field(label="Unit cost", listed=True))

    __table_args__ = (Index("ix_order_line_order", "order_id"), Index("ix_order_line_customer", "customer_id"), Index("ix_order_line_product", "product_id"))
