from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped

from db.base import Record
from db.fields import Field, field


class ProductLine(Record):
    __tablename__ = "product_line"
    words = ("Product line", "Product lines")
    prefix = "L"

    name: Mapped[str] = field(String(200), unique=True, ui=Field(listed=True, searchable=True))
    parent_id: Mapped[int | None] = field(ForeignKey("product_line.id"), ui=Field(label="Part of", listed=True))
    notes: Mapped[str | None] = field(Text, ui=Field(max_length=20_000))


class Product(Record):
    __tablename__ = "product"
    words = ("Product", "Products")
    prefix = "G"

    code: Mapped[str] = field(
        String(40), unique=True, default="", ui=Field(label="Code", listed=True, searchable=True, hint="Left empty, the next number is taken.")
    )
    name: Mapped[str] = field(String(200), ui=Field(listed=True, searchable=True))
    product_line_id: Mapped[int | None] = field(ForeignKey("product_line.id"), ui=Field(listed=True, filterable=True))
    price: Mapped[Decimal | None] = field(ui=Field(minimum=0, listed=True))
    cost: Mapped[Decimal | None] = field(ui=Field(label="Unit cost", minimum=0, listed=True))
    active: Mapped[bool] = field(default=True, ui=Field(label="On sale", listed=True, filterable=True))
    notes: Mapped[str | None] = field(Text, ui=Field(max_length=20_000))
