"""Customers that may be entered already: the same name, number, address or credit code of their own. A doubt, no refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from db.errors import Message
from db.matching import ENDS, MEANING, Signs, signs
from db.models import Customer, MatchKey
from db.session import CrmSession


class Duplicates:
    """Compares with the customers that the actor may see and with the rows above."""

    def __init__(self, session: CrmSession) -> None:
        known = select(MatchKey.kind, MatchKey.value, Customer.code).join(Customer, Customer.id == MatchKey.customer_id)
        own = known.where(MatchKey.kind != ENDS, MatchKey.of_contact.is_(False))
        self._known: dict[tuple[str, str], str | int] = {(kind, value): code for kind, value, code in session.execute(own)}
        self.signs: dict[tuple[Any, ...], Signs] = {}
        """What was worked out, by the values that it comes from: it is written down later, and should not hold up others then."""

    def of(self, values: Mapping[str, Any], row: int) -> dict[str, Message]:
        doubts = {}
        found = [((kind, value), field) for kind, value, field in signs(values)]
        self.signs[tuple(values.get(key) for key in MEANING)] = frozenset(sign for sign, _ in found)
        for sign, field in found:
            if sign in self._known and self._known[sign] != row:
                doubts[field] = _told(self._known[sign])
            elif sign[0] != ENDS:
                self._known[sign] = row
        return doubts


def _told(other: str | int) -> Message:
    if isinstance(other, int):
        return Message("The same as in row {row}.", {"row": other})
    return Message("Possibly entered already: {other}.", {"other": other})
