"""One sheet for everything: a row is a customer, and what it says of a contact, a follow-up and an order of that customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from db.errors import Invalid, Message
from db.models import NOUNS
from db.session import CrmSession
from db.transfer.checking import Checked, Checker
from db.transfer.columns import SHEET, Column
from db.transfer.handling import Handling, keys_of
from db.transfer.items import Item

NOT_YET = 2_000_000_000
"""Numbers from here on stand for records that get theirs when they are written."""
Pending = list[tuple[Checker, Item]]


class SheetChecker:
    """Up to four records a row; a customer or contact that stands in several rows becomes one."""

    def __init__(self, session: CrmSession, columns: Sequence[tuple[int, Column]], handling: Handling) -> None:
        self.parts: dict[str, Checker] = {}
        self.positions: dict[str, list[int]] = {}
        for noun in SHEET:
            own = [(position, column.own) for position, column in columns if column.noun == noun and column.own is not None]
            if own:
                given = frozenset() if noun == "customer" else frozenset({"customer_id", "contact_id"} & {c.key for c in NOUNS[noun].__table__.columns})
                by = _keys(noun, {column.key for _, column in own} | given, handling)
                self.parts[noun] = Checker(session, noun, own, replace(handling, by=by), given, in_sheet=True)
                self.positions[noun] = [position for position, _ in own]
        self._stand_ins: dict[int, int] = {}

    @property
    def checkers(self) -> list[Checker]:
        return list(self.parts.values())

    def take(self, number: int, cells: list[str], found: Checked) -> None:
        """Keep what a row becomes. Raises Invalid with the problems of all its parts; nothing of the row is kept then."""
        problems: dict[str, Message] = {}
        pending: Pending = []
        customer = self._part("customer", number, cells, {}, problems, pending, found)
        contact = None
        for noun in SHEET[1:] if customer is not None and customer.verb != "missing" else ():
            if noun in self.parts and any(cells[position] for position in self.positions[noun]):
                links = {"customer_id": customer} | ({"contact_id": contact} if contact is not None and noun == "follow_up" else {})
                item = self._part(noun, number, cells, links, problems, pending, found)
                contact = item if noun == "contact" else contact
        if problems:
            raise Invalid(problems)
        for checker, item in pending:
            checker.claim(item)
        for checker, item in pending:
            checker.keep(item, found)

    def _part(
        self, noun: str, number: int, cells: list[str], links: dict[str, Item | None], problems: dict[str, Message], pending: Pending, found: Checked
    ) -> Item | None:
        """The item of one noun, or of the row above that means the same; None where it has problems."""
        checker = self.parts[noun]
        values: dict[Any, Any] = {}
        for key, linked in links.items():
            if linked is not None:
                values[key] = self._number(linked)
        self._know_owner(checker, links.get("customer_id"))
        item, own_problems = checker.read(number, cells, values, found)
        item.links = {key: linked for key, linked in links.items() if linked is not None and linked.id is None}
        try:
            checker.judge(item, values, own_problems)
        except Invalid as invalid:
            problems.update({f"{noun}.{key}" if key else "": message for key, message in invalid.problems.items()})
            return None
        pending.append((checker, item))
        return item.joins or item

    def _number(self, item: Item) -> int:
        return item.id if item.id is not None else self._stand_ins.setdefault(id(item), NOT_YET + len(self._stand_ins))

    def _know_owner(self, checker: Checker, customer: Item | None) -> None:
        if customer is not None and customer.mains:
            owner = customer.mains[0].get("owner_id")
            checker.shape.known_owners[self._number(customer)] = owner


def _keys(noun: str, mapped: set[str], handling: Handling) -> tuple[str, ...]:
    """The person chooses how customers are recognised; what hangs on them is recognised by all that its columns allow."""
    offered = keys_of(noun, mapped)
    return tuple(name for name in offered if noun != "customer" or not handling.by or name in handling.by)
