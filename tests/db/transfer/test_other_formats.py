"""Contacts as vCards, plans as a calendar, a report as CSV, everything as a zip."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime, time

import pytest
import vobject
from icalendar import Calendar
from sqlalchemy import select

from db.actions import customers
from db.engine import reading, transaction
from db.errors import Forbidden
from db.models import NOUNS, Attachment, Contact, FollowUp, Option
from db.records import create
from db.transfer.calendar_file import planned
from db.transfer.everything import everything
from db.transfer.vcards import vcards
from tests.db.queries import company
from tests.db.transfer.steps import rows_of, with_options

NASTY = "Peng; Yu, \"Owner\"\nsecond line \\ end"


def people(acme) -> tuple[int, int]:
    bakery, mill = company.customer(acme.amy, name="Harbour, Bakery"), company.customer(acme.cy, name="North Mill")
    company.add(
        Contact(customer_id=bakery, name="Ann Lee", position="Buyer", phone="+86 139 1234 5678", email="ann@harbour.example", birthday=date(1980, 2, 29)),
        Contact(customer_id=bakery, name="彭宇", notes=NASTY), Contact(customer_id=mill, name="Cy's contact"),
    )
    return bakery, mill


def cards(actor, customer_id: int | None = None) -> list:
    with reading(actor) as session:
        return list(vobject.readComponents(vcards(session, customer_id).decode()))


def test_a_contact_becomes_a_card_with_its_company(acme):
    bakery, _ = people(acme)
    ann, peng, _ = cards(acme.ada)
    assert (ann.fn.value, ann.n.value.family, ann.n.value.given, ann.org.value, ann.title.value) == ("Ann Lee", "Lee", "Ann", ["Harbour, Bakery"], "Buyer")
    assert (ann.tel.value, ann.email.value, ann.bday.value) == ("+86 139 1234 5678", "ann@harbour.example", "1980-02-29")
    assert (peng.fn.value, peng.n.value.family, peng.note.value) == ("彭宇", "彭宇", NASTY)
    assert [card.fn.value for card in cards(acme.ada, bakery)] == ["Ann Lee", "彭宇"]


def test_cards_are_of_those_whom_the_actor_sees_and_only_for_those_who_export(acme):
    people(acme)
    assert [card.fn.value for card in cards(acme.mia)] == ["Ann Lee", "彭宇"]
    for actor in (acme.amy, acme.vic):
        with pytest.raises(Forbidden):
            cards(actor)


def test_plans_stand_in_the_calendar_on_their_day_or_at_their_hour(acme):
    bakery, mill = people(acme)
    company.add(
        FollowUp(customer_id=bakery, owner_id=acme.amy.id, subject="Call; ask, twice", content=NASTY, status="planned", due_on=date(2026, 3, 20)),
        FollowUp(customer_id=bakery, owner_id=acme.amy.id, subject="Visit", status="planned", due_on=date(2026, 3, 21), due_time=time(14, 30), duration_minutes=45),
        FollowUp(customer_id=bakery, owner_id=acme.amy.id, subject="Done", status="done", done_at=datetime(2026, 3, 1, tzinfo=UTC), due_on=date(2026, 3, 1)),
        FollowUp(customer_id=mill, owner_id=acme.cy.id, subject="Somebody else's", status="planned", due_on=date(2026, 3, 22)),
    )
    call, visit = events(acme.amy, mine=True)
    assert (str(call["summary"]), str(call["description"]), call["dtstart"].dt, call["dtend"].dt) == (
        "Call; ask, twice · Harbour, Bakery", NASTY, date(2026, 3, 20), date(2026, 3, 21),
    )
    assert (visit["dtstart"].dt, visit["dtend"].dt) == (datetime(2026, 3, 21, 6, 30, tzinfo=UTC), datetime(2026, 3, 21, 7, 15, tzinfo=UTC))
    assert [str(event["summary"]).split(" · ")[0] for event in events(acme.ada, mine=False)] == ["Call; ask, twice", "Visit", "Somebody else's"]
    assert len(events(acme.mia, mine=False)) == 2
    with pytest.raises(Forbidden):
        events(acme.amy, mine=False)


def events(actor, mine: bool) -> list:
    with reading(actor) as session:
        return Calendar.from_ical(planned(session, mine)).walk("VEVENT")


def test_everything_is_a_zip_with_a_table_a_noun_the_files_and_a_list_that_is_true(acme):
    with_options()
    bakery, _ = people(acme)
    with transaction(acme.ada, "fill") as session:
        customers.attach(session, bakery, "contract 2024.pdf", "application/pdf", b"%PDF-content")
        create(session, "tag", {"name": "Key"})
    with reading(acme.ada) as session:
        archive = zipfile.ZipFile(io.BytesIO(everything(session)))
        options = len(session.scalars(select(Option)).all())
        number = session.scalars(select(Attachment.id)).one()
    contents = json.loads(archive.read("contents.json"))
    assert {table["file"] for table in contents["tables"]} == {f"{noun}.csv" for noun in NOUNS}
    assert {table["file"]: table["rows"] for table in contents["tables"]}["option.csv"] == options
    for table in contents["tables"]:
        rows = list(csv.DictReader(io.StringIO(archive.read(table["file"]).decode("utf-8-sig"))))
        assert len(rows) == table["rows"] == len(rows_of(table["file"].removesuffix(".csv")))
    assert archive.read(f"files/{number}-contract 2024.pdf") == b"%PDF-content"
    assert "Harbour, Bakery" in archive.read("customer.csv").decode()


def test_everything_is_for_administrators_alone(acme):
    for actor in (acme.mia, acme.amy, acme.gil, acme.vic):
        with pytest.raises(Forbidden), reading(actor) as session:
            everything(session)
