"""Personal data as a role may see it: the middle is hidden, the shape stays."""

from __future__ import annotations

from typing import Any

from db.fields import DATED, Field, Kind
from db.policy import Actor, sees_personal_data

STARS = "****"


def may_search(actor: Actor, field: Field) -> bool:
    """A masked field cannot be searched, filtered or sorted: the order would give it away."""
    return not field.personal or sees_personal_data(actor)


def shown(actor: Actor, field: Field, value: Any) -> Any:
    """The value as this actor may see it."""
    return value if value in (None, "") or may_search(actor, field) else masked(field, value)


def masked(field: Field, value: Any) -> Any:
    """139****2231, l****@example.com; anything else is stars."""
    if value in (None, ""):
        return value
    text = str(value)
    if field.kind == Kind.PHONE and len(text) >= 7:
        return f"{text[:3]} {STARS} {text[-4:]}" if len(text) >= 9 else STARS
    if field.kind == Kind.EMAIL and "@" in text:
        return f"{text[0]}{STARS}@{text.split('@')[1]}"
    return None if field.kind in DATED else STARS
