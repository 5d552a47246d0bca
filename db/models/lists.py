"""What users shape themselves: drop-down values, fields, tags, views, targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped

from db.base import OfCustomer, Record
from db.fields import Field, Kind, field
from db.types import Hundredths, json_type

LISTS = {
    "industry": "Industry",
    "region": "Region",
    "source": "Source",
    "method": "Method",
    "outcome": "Outcome",
    "channel": "Channel",
    "end_reason": "End reason",
    "risk": "Risk",
    "credit_grade": "Credit grade",
}
COLOURS = {"gray": "Gray", "blue": "Blue", "green": "Green", "orange": "Orange", "red": "Red", "violet": "Violet"}
CUSTOM_KINDS = {
    "text": "Text",
    "long_text": "Long text",
    "integer": "Whole number",
    "money": "Amount",
    "date": "Date",
    "boolean": "Yes or no",
    "choice": "Drop-down",
}
KEY_HINT = "Lower-case letters, digits and _; cannot be changed later."
MEASURES = {"follow_ups": "Follow-ups done", "visits": "Visits", "new_customers": "New customers", "sales": "Sales amount"}


class Option(Record):
    """A drop-down value. A used value can be retired, never deleted."""

    __tablename__ = "option"
    words = ("Drop-down value", "Drop-down values")
    prefix = "V"
    title_key = "name_en"

    list_key: Mapped[str] = field(String(60), ui=Field(label="Drop-down list", fixed=True, listed=True))
    key: Mapped[str] = field(String(40), ui=Field(label="Key", kind=Kind.KEY, fixed=True, listed=True, hint=KEY_HINT))
    name_en: Mapped[str] = field(String(100), ui=Field(label="English name", listed=True))
    name_zh: Mapped[str | None] = field(String(100), ui=Field(label="Chinese name", listed=True))
    colour: Mapped[str] = field(String(10), default="gray", ui=Field(choices=COLOURS, listed=True))
    position: Mapped[int] = field(default=0, ui=Field(minimum=0, maximum=10_000, listed=True))
    retired: Mapped[bool] = field(default=False, ui=Field(listed=True))

    __table_args__ = (UniqueConstraint("list_key", "key"),)


class CustomField(Record):
    """A field that users added to customers; its values live in `customer.custom`."""

    __tablename__ = "custom_field"
    words = ("Custom field", "Custom fields")
    prefix = "X"
    title_key = "name_en"

    key: Mapped[str] = field(String(40), unique=True, ui=Field(label="Key", kind=Kind.KEY, fixed=True, listed=True, hint=KEY_HINT))
    name_en: Mapped[str] = field(String(100), ui=Field(label="English name", listed=True))
    name_zh: Mapped[str | None] = field(String(100), ui=Field(label="Chinese name", listed=True))
    kind: Mapped[str] = field(String(20), default="text", ui=Field(choices=CUSTOM_KINDS, fixed=True, listed=True))
    required: Mapped[bool] = field(default=False, ui=Field(listed=True))
    in_list: Mapped[bool] = field(default=True, ui=Field(label="Show in the list", listed=True))
    personal: Mapped[bool] = field(default=False, ui=Field(label="Personal data", hint="Masked for viewers."))
    position: Mapped[int] = field(default=0, ui=Field(minimum=0, maximum=10_000))
    retired: Mapped[bool] = field(default=False, ui=Field(listed=True))


class Tag(Record):
    __tablename__ = "tag"
    words = ("Tag", "Tags")
    prefix = "H"

    name: Mapped[str] = field(String(60), unique=True, ui=Field(listed=True))
    colour: Mapped[str] = field(String(10), default="blue", ui=Field(choices=COLOURS, listed=True))


class CustomerTag(OfCustomer, Record):
    __tablename__ = "customer_tag"
    words = ("Tag of a customer", "Tags of customers")
    prefix = "CT"
    title_key = "id"

    tag_id: Mapped[int] = field(ForeignKey("tag.id"), ui=Field(listed=True))

    __table_args__ = (UniqueConstraint("customer_id", "tag_id"), Index("ix_customer_tag_tag", "tag_id", "customer_id"))


class SavedView(Record):
    """A named set of filters, sorting and columns of a list; personal or shared."""

    __tablename__ = "saved_view"
    words = ("Saved view", "Saved views")
    prefix = "SV"

    noun: Mapped[str] = field(String(40), ui=Field())
    name: Mapped[str] = field(String(60), ui=Field(listed=True))
    user_id: Mapped[int] = field(ForeignKey("user.id"), ui=Field())
    shared: Mapped[bool] = field(default=False, ui=Field(listed=True))
    state: Mapped[dict[str, Any]] = field(MutableDict.as_mutable(json_type()), default=dict, ui=Field(editable=False))


class ImportMapping(Record):
    """Which heading of a kind of file means which column, and what happens to existing records: kept under a name for the next file."""

    __tablename__ = "import_mapping"
    words = ("Saved mapping", "Saved mappings")
    prefix = "IM"

    noun: Mapped[str] = field(String(40), ui=Field(fixed=True))
    name: Mapped[str] = field(String(60), unique=True, ui=Field(listed=True))
    retired: Mapped[bool] = field(default=False, ui=Field(listed=True))
    state: Mapped[dict[str, Any]] = field(MutableDict.as_mutable(json_type()), default=dict, ui=Field(editable=False))


class Target(Record):
    __tablename__ = "target"
    words = ("Target", "Targets")
    prefix = "TG"
    title_key = "measure"
    owner_key = "user_id"

    user_id: Mapped[int] = field(ForeignKey("user.id"), ui=Field(label="Account manager", listed=True, filterable=True))
    month: Mapped[date] = field(ui=Field(label="Month", listed=True, filterable=True, hint="Any day of the month."))
    measure: Mapped[str] = field(String(20), ui=Field(choices=MEASURES, listed=True))
    value: Mapped[Decimal] = field(Hundredths, ui=Field(label="Target value", minimum=0, listed=True))

    def derive(self) -> None:
        self.month = self.month.replace(day=1)

    __table_args__ = (UniqueConstraint("user_id", "month", "measure"), Index("ix_target_month", "month", "user_id"))


class KpiTarget(Record):
    """The organisation's own target for a KPI; without one the customary target holds."""

    __tablename__ = "kpi_target"
    words = ("KPI target", "KPI targets")
    prefix = "KT"
    title_key = "key"

    key: Mapped[str] = field(String(60), unique=True, ui=Field(label="KPI", fixed=True, listed=True))
    value: Mapped[Decimal] = field(Hundredths, ui=Field(label="Target value", listed=True, hint="Percentages as 80, not as 0.8."))
