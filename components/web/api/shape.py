"""A record as programs see it: codes and ids instead of words, amounts as text so that no cent is lost, personal data masked as on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from components.web.api.resources import Resource
from db.fields import Field
from db.masking import shown
from db.models import Record
from db.records import value_of
from db.session import CrmSession


def shape(session: CrmSession, resource: Resource, record: Record, fields: Iterable[Field] | None = None) -> dict[str, Any]:
    seen = fields if fields is not None else resource.fields(session)
    frame = {"id": record.id, "code": record.short_code, "version": record.version}
    frame |= {"created_at": plain(record.created_at), "updated_at": plain(record.updated_at)}
    return frame | {field.key: plain(shown(session.actor, field, value_of(record, field))) for field in seen}


def plain(value: Any) -> Any:
    """A value as JSON carries it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
