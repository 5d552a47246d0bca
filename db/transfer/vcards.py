"""Contacts as vCards, for telephones and mail programs."""

from __future__ import annotations

from collections.abc import Iterator

import vobject
from sqlalchemy import select

from db.choices import titles
from db.models import Contact
from db.policy import require
from db.session import CrmSession
from db.transfer.cells import without_controls

BATCH = 1000


def vcards(session: CrmSession, customer_id: int | None = None) -> bytes:
    """One card a contact, of one customer or of all that the actor may see. Raises Forbidden."""
    require(session.actor, "export", "contact")
    return "".join(_card(contact, customer) for contact, customer in _contacts(session, customer_id)).encode()


def _contacts(session: CrmSession, customer_id: int | None) -> Iterator[tuple[Contact, str]]:
    statement = select(Contact).order_by(Contact.id).limit(BATCH)
    statement = statement.where(Contact.customer_id == customer_id) if customer_id is not None else statement
    last = 0
    while found := list(session.scalars(statement.where(Contact.id > last))):
        names = titles(session, "customer", [contact.customer_id for contact in found])
        yield from ((contact, names.get(contact.customer_id, "")) for contact in found)
        last = found[-1].id


def _card(contact: Contact, customer: str) -> str:
    card = vobject.vCard()
    given, _, family = contact.name.rpartition(" ")
    card.add("n").value = vobject.vcard.Name(family=without_controls(family), given=without_controls(given))
    card.add("uid").value = f"regulars-contact-{contact.id}"
    told = {
        "fn": contact.name, "title": contact.position, "tel": contact.phone, "email": contact.email, "x-wechat": contact.im,
        "bday": contact.birthday.isoformat() if contact.birthday else None, "note": contact.notes,
    }
    for name, value in told.items():
        if value:
            card.add(name).value = without_controls(value)
    if customer:
        card.add("org").value = [without_controls(customer)]
    text: str = card.serialize()
    return text
