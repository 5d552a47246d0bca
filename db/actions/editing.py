"""Save or delete a record of any noun as its screen does: where that means more than writing one row, the noun's own action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from db import records
from db.actions import customers, follow_ups, orders, surveys
from db.models import ChangeRow, Record, RequestKey
from db.session import CrmSession

CREATE: dict[str, Callable[..., Record]] = {
    "customer": customers.create, "follow_up": follow_ups.enter, "order_line": orders.add_line, "survey_response": surveys.enter,
}
UPDATE: dict[str, Callable[..., Record]] = {
    "customer": customers.update, "order": orders.update, "order_line": orders.update_line, "survey_response": surveys.correct,
}
DELETE: dict[str, Callable[..., Record]] = {"order_line": orders.delete_line}


def write(session: CrmSession, noun: str, id_: int | None, values: Mapping[str, Any], version: int | None = None) -> Record:
    """A new record where there is no id, else a changed one. Raises what `records.create` and `records.update` raise."""
    if id_ is None:
        return CREATE.get(noun, _of_noun(records.create, noun))(session, values)
    return UPDATE.get(noun, _of_noun(records.update, noun))(session, id_, values, version)


def remove(session: CrmSession, noun: str, id_: int) -> Record:
    return DELETE.get(noun, _of_noun(records.delete, noun))(session, id_)


def _of_noun(action: Callable[..., Record], noun: str) -> Callable[..., Record]:
    return lambda session, *values: action(session, noun, *values)


def was_saved(session: CrmSession, request_key: str) -> bool:
    """Whether a request was carried out whose key is this, or begins with it; keys are of 0-9 and a-f."""
    return session.scalars(select(RequestKey.key).where(RequestKey.key >= request_key, RequestKey.key < f"{request_key}g").limit(1)).first() is not None


def saved_before(session: CrmSession, request_key: str, noun: str) -> list[int]:
    """The records of the noun that the request with this key made."""
    made = select(ChangeRow.record_id).join(RequestKey, RequestKey.change_id == ChangeRow.change_id)
    found = session.scalars(made.where(RequestKey.key == request_key, ChangeRow.noun == noun, ChangeRow.verb == "create").order_by(ChangeRow.record_id))
    return [id_ for id_ in found if id_ is not None]
