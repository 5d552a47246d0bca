"""A person's rights: everything held about them handed out, or erased. For administrators."""

from __future__ import annotations

import re

from sqlalchemy import select

from db import erasure, journal, records
from db.engine import reading, transaction
from db.erasure import FileLeft, FilesLeft
from db.erasure.contents import CLOSED, NAME, REACH
from db.errors import Gone, Invalid
from db.language import t, tn
from db.models import Contact, Customer, Record
from db.policy import Actor, require
from db.session import CrmSession
from db.transfer import person as file

PEOPLE = ("customer", "contact")
HOLDS = {NAME: "name found", REACH: "number or address found", CLOSED: "could not be opened"}
"""What is said of a file that stays when a person is erased."""


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


def amount(session: CrmSession, noun: str, id_: int) -> tuple[int, int]:
    """How many files stay when the person is erased, and their bytes."""
    require(session.actor, "read", "person")
    return erasure.amount(session, _person(records.get(session, noun, id_, with_deleted=True)))


def files_left(session: CrmSession, noun: str, id_: int) -> FilesLeft:
    """Which files stay and hold the person's name, a number or an address: every byte of them is looked at."""
    require(session.actor, "read", "person")
    return erasure.files_left(session, _person(records.get(session, noun, id_, with_deleted=True)))


def shown(session: CrmSession, left: FilesLeft, most: int) -> list[FileLeft]:
    """The first of these files, as far as the actor sees them."""
    require(session.actor, "read", "person")
    return erasure.shown(session, left, most)


def told(left: FilesLeft) -> list[str]:
    """What was found in the files that stay, and what could not be seen, in sentences."""
    closed = sum(CLOSED in found for found in left.found.values())
    holding = sum(found != {CLOSED} for found in left.found.values())
    none = t("The name, the numbers and the addresses were found in none of the files that stay.")
    some = tn("{n} file that stays holds the name, a number or an address. It is not deleted by itself: please look and decide.",
              "{n} files that stay hold the name, a number or an address. They are not deleted by themselves: please look and decide.", holding)
    lines = [some if holding else none]
    if closed:
        lines.append(tn("{n} file could not be opened.", "{n} files could not be opened.", closed))
    if left.pdfs:
        lines.append(tn("{n} PDF was compared byte by byte only; most keep their text packed, so open it to be sure.",
                        "{n} PDFs were compared byte by byte only; most keep their text packed, so open them to be sure.", left.pdfs))
    return [*lines, t("Looked through: the bytes of every file and the text within .docx, .xlsx, .pptx and .odt. What pictures show was not read.")]


def holding(file: FileLeft) -> list[str]:
    """name found, number or address found"""
    words = [t(HOLDS[kind]) for kind in HOLDS if kind in file.holds]
    return [*words, *([t("in the recycle bin")] if file.deleted else [])]


def erase(actor: Actor, noun: str, id_: int, typed: str) -> FilesLeft:
    """Erase a person for good; `typed` is the short code, as a confirmation. The records stay countable, without a name.

    Returns the files of others that go on telling of the person, found before the first word is erased.
    """
    require(actor, "delete", "person")
    with reading(actor) as session:
        _confirmed(session, noun, id_, typed)
        left = files_left(session, noun, id_)
    with transaction(actor, "person.erase") as session:
        erasure.erase_named(session, _confirmed(session, noun, id_, typed))
    erasure.settle(actor.workspace)
    return left


def _confirmed(session: CrmSession, noun: str, id_: int, typed: str) -> Record:
    record = _person(records.get(session, noun, id_, with_deleted=True))
    if typed.strip().upper() != record.short_code.upper():
        raise Invalid.because("Please type the code {code} to confirm.", "code", code=record.short_code)
    return record
