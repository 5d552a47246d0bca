from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Customisable, Record, newest_first, only
from db.fields import Field, Kind, derived, field, fields_of

STATUSES = {"lead": "Lead", "prospect": "Prospect", "active": "Active", "dormant": "Dormant", "lost": "Lost"}
TIERS = {"A": "A", "B": "B", "C": "C"}
CONSENT = {"contract": "Contract", "consent": "Consent", "interest": "Legitimate interest", "none": "No consent"}


@cache
def weighed(kind: str = "") -> tuple[Field, ...]:
    """The fields that matter, all or those of one kind of customer: it is complete when these are filled."""
    return tuple(field for field in fields_of(Customer) if field.weight and (not kind or field.of_kind in ("", kind)))


def missing(customer: Any) -> list[Field]:
    """The fields that matter and are empty; a field that does as well may stand in."""
    mine = weighed(customer.kind or "company")
    return [field for field in mine if getattr(customer, field.key) is None and not (field.or_key and getattr(customer, field.or_key))]


def completeness_of(customer: Any) -> int:
    whole = sum(field.weight for field in weighed(customer.kind or "company"))
    return round(100 * (whole - sum(field.weight for field in missing(customer))) / whole)


class Customer(Customisable, Record):
    __tablename__ = "customer"
    words = ("Customer", "Customers")
    prefix = "C"
    owner_key = "owner_id"

    code: Mapped[str] = field(
        String(40), unique=True, default="", ui=Field(label="Code", listed=True, searchable=True, hint="Left empty, the next number is taken.")
    )
    name: Mapped[str] = field(String(200), ui=Field(listed=True, searchable=True))
    kind: Mapped[str] = field(String(20), default="company", ui=Field(filterable=True, choices={"company": "Company", "person": "Individual"}))
    status: Mapped[str] = field(String(20), default="lead", ui=Field(listed=True, filterable=True, choices=STATUSES))
    tier: Mapped[str | None] = field(String(1), ui=Field(listed=True, filterable=True, choices=TIERS, weight=2))
    owner_id: Mapped[int | None] = field(ForeignKey("user.id"), ui=Field(listed=True, filterable=True, weight=3))
    industry: Mapped[str | None] = field(String(40), ui=Field(options="industry", listed=True, filterable=True, weight=1, of_kind="company"))
    region: Mapped[str | None] = field(String(40), ui=Field(options="region", filterable=True, section="Address", weight=1))
    city: Mapped[str | None] = field(String(100), ui=Field(searchable=True, listed=True, section="Address", weight=1))
    address: Mapped[str | None] = field(String(300), ui=Field(personal=True, section="Address"))
    phone: Mapped[str | None] = field(
        String(40), ui=Field(kind=Kind.PHONE, personal=True, searchable=True, section="Contact details", weight=2, or_key="mobile")
    )
    mobile: Mapped[str | None] = field(String(40), ui=Field(kind=Kind.PHONE, personal=True, searchable=True, section="Contact details"))
    email: Mapped[str | None] = field(
        String(200), ui=Field(label="E-mail", kind=Kind.EMAIL, personal=True, searchable=True, section="Contact details", weight=2)
    )
    im: Mapped[str | None] = field(String(100), ui=Field(label="WeChat / QQ", personal=True, searchable=True, section="Contact details"))
    website: Mapped[str | None] = field(String(300), ui=Field(kind=Kind.URL, section="Contact details"))
    credit_code: Mapped[str | None] = field(
        String(40), ui=Field(label="Credit code", searchable=True, section="Contact details", hint="Unified social credit code or another register's number.")
    )
    source: Mapped[str | None] = field(String(40), ui=Field(options="source", filterable=True, weight=1))
    gender: Mapped[str | None] = field(String(10), ui=Field(choices={"female": "Female", "male": "Male", "other": "Other"}, personal=True, section="Person"))
    birthday: Mapped[date | None] = field(ui=Field(past=True, personal=True, section="Person"))
    occupation: Mapped[str | None] = field(String(100), ui=Field(personal=True, section="Person"))
    preferences: Mapped[str | None] = field(Text, ui=Field(label="Likes and habits", personal=True, section="Person", max_length=2000))
    risk: Mapped[str | None] = field(String(40), ui=Field(options="risk", filterable=True, section="Value and risk"))
    credit_grade: Mapped[str | None] = field(String(40), ui=Field(options="credit_grade", filterable=True, section="Value and risk"))
    potential_value: Mapped[Decimal | None] = field(ui=Field(minimum=0, section="Value and risk"))
    previous_owner_id: Mapped[int | None] = field(ForeignKey("user.id"), ui=Field(editable=False, filterable=True, section="Value and risk"))
    handed_over_on: Mapped[date | None] = field(ui=Field(label="Handed over", editable=False, section="Value and risk"))
    customer_since: Mapped[date | None] = field(ui=Field(filterable=True, section="Value and risk"))
    cadence_days: Mapped[int | None] = field(ui=Field(label="Cadence in days", minimum=1, maximum=3650, hint="Empty: from the tier.", section="Rhythm"))
    last_contact_at: Mapped[datetime | None] = field(ui=Field(label="Last contact", editable=False, derived="follow_up", listed=True, section="Rhythm"))
    next_contact_on: Mapped[date | None] = field(ui=Field(label="Next contact", editable=False, derived="follow_up", listed=True, section="Rhythm"))
    consent_basis: Mapped[str | None] = field(String(20), ui=Field(choices=CONSENT, section="Consent", weight=1, of_kind="person"))
    consent_on: Mapped[date | None] = field(ui=Field(label="Consent given on", past=True, section="Consent"))
    consent_withdrawn_on: Mapped[date | None] = field(ui=Field(label="Consent withdrawn on", past=True, section="Consent"))
    keep_until: Mapped[date | None] = field(ui=Field(label="Keep until", section="Consent", hint="After this day the personal data is due for a look."))
    erased_on: Mapped[date | None] = field(ui=Field(label="Personal data erased on", editable=False, section="Consent"))
    notes: Mapped[str | None] = field(Text, ui=Field(max_length=20_000))

    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id"), active_history=True)
    """The customer that took this one over; it lies in the recycle bin since."""
    contact_due_on: Mapped[date | None] = derived(worked_out_from="follow_up")
    """Derived: the day by which the cadence wants the next contact."""
    first_purchase_on: Mapped[date | None] = derived(worked_out_from="order")
    second_purchase_on: Mapped[date | None] = derived(worked_out_from="order")
    """Derived: the first two days on which the customer bought."""
    birthday_mmdd: Mapped[int | None] = derived()
    """Derived: month * 100 + day of the birthday, so that a week's birthdays are an index range."""

    completeness: Mapped[int] = derived(default=0)
    """Derived: the filled part of the fields that matter, by their weights, in percent."""

    def derive(self) -> None:
        self.completeness = completeness_of(self)
        self.birthday_mmdd = self.birthday.month * 100 + self.birthday.day if self.birthday else None

    __table_args__ = (
        CheckConstraint("merged_into_id IS NULL OR deleted_at IS NOT NULL", name="merged"),
        Index("ix_customer_merged", "merged_into_id", **only("merged_into_id IS NOT NULL")),
        newest_first("ix_customer_last_contact", "last_contact_at"),
        newest_first("ix_customer_owner_last_contact", "last_contact_at", within=("owner_id",)),
        Index("ix_customer_owner_due", "owner_id", "contact_due_on"),
        Index("ix_customer_due", "contact_due_on", "next_contact_on", "deleted_at"),
        Index("ix_customer_silent", "tier", "contact_due_on", "id", "next_contact_on", "deleted_at"),
        Index("ix_customer_name", "name", "id"),
        Index("ix_customer_owner_name", "owner_id", "name", "id"),
        Index("ix_customer_status", "status", "id"),
        Index("ix_customer_owner_status", "owner_id", "status"),
        Index("ix_customer_birthday", "birthday_mmdd"),
        Index("ix_customer_next_contact", "next_contact_on", "id"),
        Index("ix_customer_deleted", "deleted_at"),
        Index("ix_customer_gone", "deleted_at", "merged_into_id", **only("deleted_at IS NOT NULL")),
        Index("ix_customer_completeness", "completeness", "id"),
        Index("ix_customer_withdrawn", "consent_withdrawn_on", **only("consent_withdrawn_on IS NOT NULL")),
        Index("ix_customer_consent", "consent_on", **only("consent_on IS NOT NULL")),
        Index("ix_customer_keep_until", "keep_until", **only("keep_until IS NOT NULL")),
        Index("ix_customer_owner_deleted", "owner_id", "deleted_at"),
        Index("ix_customer_load", "owner_id", "tier", "created_at", "customer_since", "deleted_at"),
        Index("ix_customer_silence", "tier", "last_contact_at", "owner_id", "deleted_at"),
        Index("ix_customer_bought", "first_purchase_on", "second_purchase_on", "owner_id"),
        Index("ix_customer_since", "customer_since", "owner_id", "deleted_at"),
    )
