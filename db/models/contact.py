from __future__ import annotations

from datetime import date

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped

from db.base import OfCustomer, Record
from db.fields import Field, Kind, field

DECISION_ROLES = {"decider": "Decision maker", "influencer": "Influencer", "user": "End user", "buyer": "Buyer", "payer": "Payer", "gatekeeper": "Gatekeeper"}


class Contact(OfCustomer, Record):
    __tablename__ = "contact"
    words = ("Contact", "Contacts")
    prefix = "P"

    name: Mapped[str] = field(String(200), ui=Field(label="Full name", listed=True, searchable=True))
    position: Mapped[str | None] = field(String(100), ui=Field(label="Job title", listed=True))
    decision_role: Mapped[str | None] = field(String(20), ui=Field(label="Role in the decision", choices=DECISION_ROLES, listed=True))
    phone: Mapped[str | None] = field(String(40), ui=Field(kind=Kind.PHONE, personal=True, searchable=True, listed=True))
    email: Mapped[str | None] = field(String(200), ui=Field(label="E-mail", kind=Kind.EMAIL, personal=True, searchable=True, listed=True))
    im: Mapped[str | None] = field(String(100), ui=Field(label="WeChat / QQ", personal=True))
    birthday: Mapped[date | None] = field(ui=Field(past=True, personal=True))
    erased_on: Mapped[date | None] = field(ui=Field(label="Personal data erased on", editable=False))
    notes: Mapped[str | None] = field(Text, ui=Field(max_length=20_000))

    __table_args__ = (
        Index("ix_contact_customer", "customer_id", "name"),
        Index("ix_contact_deleted", "deleted_at"),
        Index("ix_contact_account_deleted", "account_owner_id", "deleted_at"),
    )
