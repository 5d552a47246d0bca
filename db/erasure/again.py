"""Whoever was erased stays erased when an older backup is put back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from db import journal
from db.engine import reading, transaction
from db.erasure.ground import settle
from db.erasure.person import erase_person
from db.models import NOUNS, Change, Contact, Customer, Record
from db.policy import SYSTEM
from db.session import UNGUARDED, CrmSession

ACTION = "person.erase"


def erase_named(session: CrmSession, person: Record) -> None:
    """Erase a person; the change's note says which record it was, so that it can be done again after a restore."""
    journal.record_event(session, f"{person.__tablename__} {person.id}")
    erase_person(session, person)


def erased_since(workspace: str, last_change: tuple[int, str]) -> list[str]:
    """The notes of all erasures after a backup's last change; none where the backup is not of this same journal."""
    number, digest = last_change
    try:
        with reading(SYSTEM.inside(workspace)) as session:
            same = number == 0 or session.scalar(select(Change.digest).where(Change.id == number), execution_options=UNGUARDED) == digest
            notes = select(Change.note).where(Change.action == ACTION, Change.id > number).order_by(Change.id)
            return [note for note in session.scalars(notes, execution_options=UNGUARDED) if note] if same else []
    except DatabaseError:
        return []


def erase_again(workspace: str, notes: list[str]) -> None:
    for note in notes:
        noun, id_ = note.split()
        with transaction(SYSTEM.inside(workspace), ACTION) as session:
            person = session.get(NOUNS[noun], int(id_), execution_options={"with_deleted": True})
            if isinstance(person, Customer | Contact) and person.erased_on is None:
                erase_named(session, person)
    if notes:
        settle(workspace)
