"""Customers that may be entered already: the same name, number or address. A doubt, no refusal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from db.errors import Message
from db.models import Customer
from db.session import CrmSession

KEYS = ("name", "phone", "mobile", "email")


class Duplicates:
    """Compares with the customers that the actor may see and with the rows above."""

    def __init__(self, session: CrmSession) -> None:
        self._known: dict[tuple[str, str], str | int] = {}
        for code, *values in session.execute(select(Customer.code, *(getattr(Customer, key) for key in KEYS))):
            self._known.update({sign: code for sign in _signs(dict(zip(KEYS, values, strict=True)))})

    def of(self, values: Mapping[str, Any], row: int) -> dict[str, Message]:
        doubts = {}
        for sign in _signs(values):
            if sign in self._known:
                doubts[_key_of(sign[0], values, sign[1])] = _told(self._known[sign])
            else:
                self._known[sign] = row
        return doubts


def _told(other: str | int) -> Message:
    if isinstance(other, int):
        return Message("The same as in row {row}.", {"row": other})
    return Message("Possibly entered already: {other}.", {"other": other})


def _signs(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if name := values.get("name"):
        yield "name", "".join(name.casefold().split())
    for key in ("phone", "mobile"):
        if digits := "".join(character for character in values.get(key) or "" if character.isdigit()):
            yield "number", digits.removeprefix("86") if len(digits) > 11 else digits
    if email := values.get("email"):
        yield "email", email.casefold()


def _key_of(sign: str, values: Mapping[str, Any], digits: str) -> str:
    if sign != "number":
        return sign
    return next((key for key in ("mobile", "phone") if digits[-8:] in "".join(c for c in values.get(key) or "" if c.isdigit())), "mobile")
