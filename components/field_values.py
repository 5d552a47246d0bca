"""A field's value in words, as it stands on a card or beside another one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from components import formats
from db.fields import Field, Kind
from db.language import t


def printed(field: Field, value: Any, currency: str) -> str:
    """value: words for codes and links already."""
    if value in (None, "", []):
        return formats.NOTHING
    if field.kind == Kind.MONEY:
        return formats.money_exact(value, currency)
    if isinstance(value, datetime):
        return formats.instant(value)
    if field.kind == Kind.DATE:
        return formats.date_long(value)
    if field.kind == Kind.BOOLEAN:
        return t("Yes") if value else t("No")
    return formats.plain(str(value))
