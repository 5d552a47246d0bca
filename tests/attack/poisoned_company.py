"""A company into which every payload was typed, in every free-text field of every noun, as far as the product takes it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from db import clock, defaults, records
from db.choices import labels
from db.engine import transaction
from db.fields import Field, Kind, fields_of
from db.models import NOUNS, Attachment
from db.policy import SYSTEM, Actor
from db.session import CrmSession
from db.validation import Refused, clean
from tests.attack.payloads import PAYLOADS
from tests.conftest import everybody, found_acme

TYPED = {Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL}
ORDER = ("team", "user", "option", "custom_field", "tag", "product_line", "product", "survey", "question", "customer", "contact", "follow_up", "order", "survey_response",
         "survey_invitation", "absence", "saved_view", "import_mapping", "lead_form")
"""The nouns with text of their own, what others point to first."""


class Poison:
    """taken and refused: how many texts the product's own rules let in or kept out."""

    def __init__(self, session: CrmSession, owner: Actor) -> None:
        self.session, self.owner, self.counts = session, owner, Counter[str]()
        self.made: dict[str, int] = {}

    def pour(self, number: int, payload: str) -> None:
        self.made["customer"] = self.made.get("first", 0) or self._enter("customer", number, payload)
        self.made.setdefault("first", self.made["customer"])
        for noun in ORDER:
            self.made[noun] = self._enter(noun, number, payload) if noun != "customer" else self._customer(number, payload)
        name = self._typed(next(field for field in fields_of(Attachment) if field.key == "name"), number, payload) or f"{number}.txt"
        self.session.add(Attachment(customer_id=self.made["first"], name=name, media_type="text/html", size=3, digest="0" * 64))

    def _customer(self, number: int, payload: str) -> int:
        """Each payload has a customer of its own; what hangs on customers hangs on the first, so that one page shows it all."""
        if number:
            self._enter("customer", number, payload)
        return self.made["first"]

    def _enter(self, noun: str, number: int, payload: str) -> int:
        fields = [field for field in fields_of(NOUNS[noun]) if field.editable]
        values = {field.key: value for field in fields if (value := self._value(field, number, payload)) is not None}
        return records.create(self.session, noun, values).id

    def _value(self, field: Field, number: int, payload: str) -> Any:
        if field.kind in TYPED and field.key not in {"noun", "list_key", "code", "user_name"}:
            return self._typed(field, number, payload) or (f"{field.key} {number}" if field.required else None)
        if field.kind == Kind.LINK:
            return self.owner.id if field.target == "user" else self.made.get(field.target) if field.key != "parent_id" else None
        known: dict[str, Any] = {"list_key": "source", "noun": "customer", "key": f"k{number}", "user_name": f"user{number}", "status": None, "role": None, "in_list": number < 6}
        if field.key in known:
            return known[field.key]
        dates = {"starts_on": number, "ends_on": number}
        if field.kind in {Kind.DATE, Kind.INSTANT}:
            return clock.today() + timedelta(days=dates[field.key]) if field.noun == "absence" else clock.today() if field.required or field.key == "due_on" else None
        return self._sample(field)

    def _sample(self, field: Field) -> Any:
        if field.kind == Kind.CHOICE and field.required:
            return next(iter(labels(self.session, field)))
        return 1 if field.required else None

    def _typed(self, field: Field, number: int, payload: str) -> str | None:
        """The payload as the field takes it, made unique at its end; None where the field refuses it."""
        text = f"{payload[: (field.max_length or 20_000) - 4]} {number}"
        try:
            taken = str(clean(field, text))
        except Refused:
            self.counts["refused"] += 1
            return None
        self.counts["taken"] += 1
        return taken


def found_poisoned() -> tuple[dict[str, Actor], int, Counter[str]]:
    """Fill the database of REGULARS_DATABASE_URL; returns the people, the customer on whom everything hangs, and how many texts went in."""
    found_acme()
    actors = vars(everybody())
    with transaction(SYSTEM, "setup") as session:
        defaults.add_options(session)
    with transaction(SYSTEM, "setup") as session:
        poison = Poison(session, actors["amy"])
        for number, payload in enumerate(PAYLOADS):
            poison.pour(number, payload)
    return actors, poison.made["first"], poison.counts
