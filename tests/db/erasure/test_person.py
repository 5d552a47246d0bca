"""Whoever is erased is found nowhere: byte by byte in the database's files, in every table, in what is exported."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, inspect, select, text

from db import backup, engine, history, records
from db.actions import customers, merging, personal_data
from db.check import check
from db.commands import main
from db.engine import reading, transaction
from db.errors import Forbidden, Gone, Invalid
from db.models import Attachment, Blob, Change, Contact, Customer, FollowUp, Order, SavedView, SurveyResponse
from db.policy import SYSTEM
from db.queries.lists import ListQuery, count
from db.transfer.export import export
from tests.db.queries import company
from tests.db.queries.company import add, purchase
from tests.houses import filled_once

WORDS = ("Zhang Xiaoming", "张晓明", "+86 139 1234 5678", "13912345678", "xiaoming@example.com", "xm_1988", "Lotus Road 8", "Calligraphy", "xiaoming.zhang@old.example")
"""Every word by which the person was ever known."""


ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What asks nothing of the database that the others do not ask of both."""


def everything(database: str) -> bytes:
    """All that lies on the disk of SQLite, or all text of every table of PostgreSQL."""
    if database.startswith("sqlite"):
        path = engine.sqlite_path(database)
        return b"".join(Path(f"{path}{part}").read_bytes() for part in ("", "-wal", "-shm") if Path(f"{path}{part}").exists())
    with engine.engine_for().connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [row for table in tables for row in connection.execute(text(f'SELECT CAST(found AS text) FROM "{table}" AS found')).scalars()]
        return "\n".join(rows).encode()


def found(content: bytes, *words: str) -> dict[str, int]:
    """How often each word stands in the bytes, plainly or as JSON escapes it, in whatever case."""
    low = content.lower()
    forms = {word: {word.lower().encode(), json.dumps(word)[1:-1].lower().encode()} for word in words}
    return {word: n for word in words if (n := sum(low.count(form) for form in forms[word]))}


@pytest.fixture
@filled_once
def known(acme, database):
    """A private customer with a history, known by a Latin and a Chinese name, mentioned here and there."""
    with transaction(acme.amy, "customer.create") as session:
        person = records.create(session, "customer", {"name": "Zhang Xiaoming", "kind": "person", "email": "xiaoming.zhang@old.example", "status": "active",
                                                      "owner_id": acme.amy.id, "tier": "B", "birthday": "1988-05-05"}).id
    with transaction(acme.amy, "customer.update") as session:
        values = {"name": "张晓明", "phone": "+86 139 1234 5678", "email": "xiaoming@example.com", "im": "xm_1988", "address": "Lotus Road 8", "preferences": "Calligraphy"}
        records.update(session, "customer", person, values)
        session.get_one(Customer, person).custom = {"club": "张晓明's club"}
    other = company.customer(acme.amy, name="Old Mill", notes="Recommended by 张晓明, call 13912345678 or xiaoming@example.com")
    with transaction(acme.amy, "follow_up.log", note="Zhang Xiaoming 张晓明.csv") as session:
        records.create(session, "follow_up", {"customer_id": person, "subject": "Call Zhang Xiaoming", "content": "张晓明 likes Calligraphy", "status": "done", "rating": 4,
                                              "done_at": "2026-03-01T04:00:00+00:00", "owner_id": acme.amy.id})
    add(purchase(person, "2026-03-02", 300, notes="Deliver to Lotus Road 8", signatory="张晓明"), Contact(customer_id=person, name="Zhang Xiaoming", email="xiaoming@example.com"),
        SavedView(noun="customer", name="For 张晓明", user_id=acme.amy.id, state={"search": "张晓明"}),
        FollowUp(customer_id=other, subject="Ask Zhang Xiaoming first", due_on=date(2026, 3, 9)),
        Attachment(customer_id=person, name="张晓明.txt", media_type="text/plain", size=20, digest="b" * 64))
    with transaction(SYSTEM, "blob") as session:
        session.add(Blob(digest="b" * 64, content=b"Zhang Xiaoming, 13912345678"))
    return person


def erase(actor, noun: str, id_: int) -> None:
    with reading(SYSTEM) as session:
        code = records.get(session, noun, id_, with_deleted=True).short_code
    personal_data.erase(actor, noun, id_, code.lower())


def figures() -> tuple:
    with reading(SYSTEM) as session:
        return (session.scalar(select(func.count()).select_from(Customer)), session.scalar(select(func.sum(Order.amount))),
                session.execute(select(FollowUp.rating, FollowUp.done_on).where(FollowUp.rating.is_not(None))).all())


def test_who_was_erased_is_found_nowhere_byte_by_byte(acme, known, database):
    assert set(found(everything(database), *WORDS)) == set(WORDS)
    erase(acme.ada, "customer", known)
    assert found(everything(database), *WORDS) == {}
    with reading(acme.ada) as session:
        for noun in ("customer", "contact", "follow_up", "order"):
            assert found(export(session, noun), *WORDS) == {}, noun
        with zipfile.ZipFile(io.BytesIO(personal_data.hand_out(acme.ada, "customer", known))) as archive:
            assert found(b"".join(archive.read(name) for name in archive.namelist()), *WORDS) == {}
        for words in ("晓明", "张晓明", "Xiaoming", "zhangxiaoming", "13912345678"):
            assert count(session, "customer", ListQuery(search=words)) == 0


def test_who_was_merged_into_the_erased_one_is_gone_as_well(acme, known, database):
    with transaction(acme.amy, "customer.create") as session:
        again = records.create(session, "customer", {"name": "Xiao Ming Zhang", "kind": "person", "email": "double@other.example", "owner_id": acme.amy.id}).id
        records.create(session, "follow_up", {"customer_id": again, "subject": "Call the double"})
    with transaction(acme.ada, "customer.merge") as session:
        merging.merge(session, known, again)
    erase(acme.ada, "customer", known)
    assert found(everything(database), *WORDS, "Xiao Ming Zhang", "double@other.example") == {}
    assert check().problems == []


def test_a_code_made_of_the_name_is_gone_from_what_was_noted_and_other_notes_stay(acme, database):
    person, hotel = (company.customer(acme.amy, name=name, code=code, kind=kind, phone="+86 139 1234 5678")
                     for name, code, kind in (("Wei Li", "LI-WEI", "person"), ("Old Mill", "MILL", "company")))
    for id_ in (person, hotel):
        with transaction(acme.ada, "customer.reveal") as session:
            customers.reveal(session, "customer", id_, "phone")
    assert set(found(everything(database), "LI-WEI", "MILL phone")) == {"LI-WEI", "MILL phone"}
    erase(acme.ada, "customer", person)
    assert set(found(everything(database), "LI-WEI", "MILL phone")) == {"MILL phone"}
    assert check().problems == []


def test_the_figures_stay_the_books_are_in_order_and_nothing_brings_it_back(acme, known):
    before = figures()
    erase(acme.ada, "customer", known)
    assert figures() == before
    report = check()
    assert report.problems == []
    assert report.erased > 0
    with reading(acme.ada) as session:
        person = session.get_one(Customer, known)
        assert (person.name, person.status, person.tier, person.birthday, person.custom) == ("C-0001", "active", "B", None, {})
        assert person.erased_on is not None
    for number in {line.change_id for line in lines_about(known)}:
        with pytest.raises(Invalid, match="cannot be undone"):
            history.undo(SYSTEM, number)


def lines_about(person: int) -> list:
    joined = "SELECT r.change_id, r.noun, r.verb, p.before, p.after, c.action, c.actor_id, c.note FROM change_row r JOIN change c ON c.id = r.change_id"
    with engine.engine_for().connect() as connection:
        return connection.execute(text(f"{joined} LEFT JOIN change_payload p ON p.change_row_id = r.id WHERE r.customer_id = :person"), {"person": person}).all()


def test_the_change_that_erases_says_what_and_holds_no_word(acme, known):
    erase(acme.ada, "customer", known)
    lines = [line for line in lines_about(known) if line.action == "person.erase"]
    assert sorted(line.noun for line in lines) == ["attachment", "contact", "customer", "follow_up", "order"]
    assert {line[2:5] for line in lines} == {("erase", None, None)}
    assert {(line.actor_id, line.note) for line in lines} == {(acme.ada.id, f"customer {known}")}


def test_a_namesake_and_a_sharer_of_the_number_keep_what_is_theirs(acme, known):
    namesake = company.customer(acme.amy, name="张晓明", kind="person", phone="555 0100", notes="张晓明 prefers mornings")
    sharer = company.customer(acme.amy, name="Wife", phone="+86 139 1234 5678")
    told = personal_data.held(acme.ada, "customer", known)
    assert told.records == {"customer": 1, "contact": 1, "follow_up": 1, "order": 1, "attachment": 1}
    assert [(noun, id_) for noun, id_, _ in told.elsewhere] == [("customer", sharer)]
    erase(acme.ada, "customer", known)
    with reading(acme.ada) as session:
        kept = session.get_one(Customer, namesake)
        assert (kept.name, kept.notes, session.get_one(Customer, sharer).phone) == ("张晓明", "张晓明 prefers mornings", "+86 139 1234 5678")
    with reading(acme.ada) as session:
        assert count(session, "customer", ListQuery(search="张晓明")) == 1


def test_a_contact_is_erased_from_the_company_s_records_which_stay(acme, database):
    hotel = company.customer(acme.amy, name="Riverside Hotel", notes="Ask Wilhelmina Krause")
    contact = add(Contact(customer_id=hotel, name="Wilhelmina Krause", phone="030 123 4567", email="w.krause@example.com"))[0]
    add(FollowUp(customer_id=hotel, subject="Call", content="Mrs. Wilhelmina Krause (w.krause@example.com) wants tea. Kraus is her boss.", contact_id=contact,
                 due_on=date(2026, 3, 9)))
    with zipfile.ZipFile(io.BytesIO(personal_data.hand_out(acme.ada, "contact", contact))) as archive:
        assert {"contact.csv", "follow_up.csv", "journal.csv", "person.json"} == set(archive.namelist())
    erase(acme.ada, "contact", contact)
    assert found(everything(database), "Wilhelmina Krause", "030 123 4567", "0301234567", "w.krause@example.com") == {}
    with reading(acme.ada) as session:
        follow_up = session.scalars(select(FollowUp)).one()
        assert (follow_up.content, follow_up.contact_id) == ("Mrs. ••• (•••) wants tea. Kraus is her boss.", contact)
        assert (session.get_one(Customer, hotel).name, session.get_one(Contact, contact).name) == ("Riverside Hotel", f"P-{contact:04d}")
    assert check().problems == []


@ON_ONE
def test_words_that_only_look_alike_stay(acme):
    """Grace is a name and grace a word; 12345 is an account and part of other numbers; a name ends where a word ends."""
    person = company.customer(acme.amy, name="Grace", kind="person", im="12345", email="ace@example.com")
    other = company.customer(acme.amy, notes="Three days of grace for Graceland. Grace knows. No. 912345, id 12345; face@example.com, ACE@example.com")
    erase(acme.ada, "customer", person)
    with reading(acme.ada) as session:
        assert session.get_one(Customer, other).notes == "Three days of grace for Graceland. ••• knows. No. 912345, id •••; face@example.com, •••"


@ON_ONE
def test_only_an_administrator_hands_out_or_erases(acme):
    person = company.customer(acme.amy, kind="person")
    for actor in (acme.mia, acme.amy, acme.gil, acme.vic):
        for work in (personal_data.held, personal_data.hand_out, lambda *who: personal_data.erase(*who, "C-0001")):
            with pytest.raises(Forbidden):
                work(actor, "customer", person)


@ON_ONE
def test_a_wrong_code_and_a_company_change_nothing(acme, known):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    with pytest.raises(Invalid, match="Please type the code C-0001"):
        personal_data.erase(acme.ada, "customer", known, "yes")
    with pytest.raises(Invalid, match="is a company"):
        personal_data.erase(acme.ada, "customer", hotel, "C-0002")
    with reading(acme.ada) as session:
        assert session.get_one(Customer, known).name == "张晓明"


def test_everything_held_is_handed_out_and_that_is_written_down(acme, known, tmp_path, monkeypatch):
    question = company.question("csat", 1, 5)
    company.answers(known, question, [5], comment="Thank you, =HYPERLINK(1)")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    target = tmp_path / "zhang.zip"
    said = CliRunner().invoke(main, ["person", "export", "C-0001", str(target)])
    assert str(target) in said.output
    with zipfile.ZipFile(target) as archive:
        held = json.loads(archive.read("person.json"))
        assert {noun: len(rows) for noun, rows in held["records"].items()} == {
            "customer": 1, "contact": 1, "follow_up": 1, "order": 1, "attachment": 1, "survey_response": 1}
        assert held["records"]["customer"][0]["phone"] == "+86 139 1234 5678"
        assert {entry["before"]["name"] for entry in held["journal"] if (entry["before"] or {}).get("name")} == {"Zhang Xiaoming"}
        assert [row["Comment"] for row in csv.DictReader(archive.read("survey_response.csv").decode("utf-8-sig").splitlines())] == ["Thank you, =HYPERLINK(1)"]
        assert archive.read("files/A-0001 张晓明.txt") == b"Zhang Xiaoming, 13912345678"
    with reading(SYSTEM) as session:
        assert session.scalars(select(Change.note).where(Change.action == "person.export"), execution_options={"regulars_unguarded": True}).all() == [f"customer {known}"]
        assert session.scalars(select(SurveyResponse.id)).all()


def test_who_was_erased_stays_erased_when_an_older_backup_is_put_back(acme, known, database, tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "kept"))
    older = backup.backup()
    erase(acme.ada, "customer", known)
    other = company.customer(acme.amy, name="Entered since")
    backup.restore(older)
    assert found(everything(database), *WORDS) == {}
    with reading(SYSTEM) as session:
        assert session.get_one(Customer, known).erased_on is not None
        assert session.get(Customer, other) is None
    assert check().problems == []


@ON_ONE
def test_the_command_asks_for_the_code_and_erases(acme, known, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    wrong = CliRunner().invoke(main, ["person", "erase", "C-0001"], input="no\n")
    assert (wrong.exit_code, "Please type the code C-0001" in wrong.output) == (1, True)
    right = CliRunner().invoke(main, ["person", "erase", "C-0001"], input="C-0001\n")
    assert (right.exit_code, "is erased" in right.output) == (0, True)
    assert CliRunner().invoke(main, ["person", "export", "C-4444"]).exit_code == 1
    with reading(SYSTEM) as session, pytest.raises(Gone):
        personal_data.find(session, "P-4444")
