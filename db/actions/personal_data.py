"""A person's rights: everything held about them handed out, or erased. For administrators."""

from __future__ import annotations

import re

from sqlalchemy import select

from db import erasure, journal, records
from db.engine import reading, transaction
from db.errors import Gone, Invalid
from db.models import Contact, Customer, Record
from db.policy import Actor, require
from db.session import CrmSession
from db.transfer import person as file

PEOPLE = ("customer", "contact")


def is_person(record: Record) -> bool:
    return isinstance(record, Contact) or (isinstance(record, Customer) and record.kind == "person")


def find(session: CrmSession, code: str) -> Record:
    """The customer or contact of a short code, in the bin or not; raises Gone when there is none, Invalid when it is no person."""
    require(session.actor, "read", "person")
    number = re.fullmatch(rf"{Contact.prefix}-(\d+)", code.strip().upper())
    wanted = select(Contact).where(Contact.id == int(number[1])) if number else select(Customer).where(Customer.code == code.strip())
    found: Record | None = session.scalars(wanted, execution_options={"with_deleted": True}).first()
    if found is None:
        raise Gone
    return _person(found)


def _person(record: Record) -> Record:
    if not is_person(record):
        raise Invalid.because("This customer is a company: choose one of its contacts.")
    return record


def held(actor: Actor, noun: str, id_: int) -> erasure.Held:
    """What is held about a person, in numbers."""
    require(actor, "read", "person")
    with reading(actor) as session:
        return erasure.held(session, _person(records.get(session, noun, id_, with_deleted=True)))


def hand_out(actor: Actor, noun: str, id_: int) -> bytes:
    """Everything held about a person as a zip file; that it was made is written down."""
    require(actor, "export", "person")
    with transaction(actor, "person.export") as session:
        record = _person(records.get(session, noun, id_, with_deleted=True))
        journal.record_event(session, f"{noun} {id_}")
        return file.zipped(session, record)


def erase(actor: Actor, noun: str, id_: int, typed: str) -> None:
    """Erase a person for good; `typed` is the short code, as a confirmation. The records stay countable, without a name."""
    require(actor, "delete", "person")
    with transaction(actor, "person.erase") as session:
        record = _person(records.get(session, noun, id_, with_deleted=True))
        if typed.strip().upper() != record.short_code.upper():
            raise Invalid.because("Please type the code {code} to confirm.", "code", code=record.short_code)
        erasure.erase_named(session, record)
    erasure.settle(actor.workspace)
