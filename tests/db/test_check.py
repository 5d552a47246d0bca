"""Whoever alters the books is found out; whoever has values erased leaves the chain whole."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, inspect, text

from db import bulk, clock, engine, records
from db.check import check
from db.engine import transaction
from db.models import Customer, FollowUp, JournalHead, User
from db.policy import SYSTEM
from db.session import CrmSession
from tests.houses import filled_once


@pytest.fixture
@filled_once
def worked(acme):
    """A company with some days of work in its journal."""
    for number in range(6):
        with transaction(acme.amy, "customer.create") as session:
            customer = Customer(code=f"C{number}", name=f"Customer {number}", owner_id=acme.amy.id, phone="555 0100")
            session.add(customer)
            session.flush()
            session.add(FollowUp(customer_id=customer.id, subject="Call", status="done", done_at=clock.now(), owner_id=acme.amy.id))
    with transaction(acme.mia, "customer.assign", note="to Bo") as session:
        session.get(Customer, 1).owner_id = acme.bo.id
    return acme


def test_a_house_at_work_is_in_order_whatever_is_saved_while_it_is_checked(worked):
    moments = {JournalHead, Customer}

    def save_one(asked: Any) -> None:
        reached = moments & {mapper.class_ for mapper in asked.all_mappers}
        if reached and not asked.session.writes:
            moments.difference_update(reached)
            with transaction(worked.amy, "customer.create") as session:
                records.create(session, "customer", {"name": f"Late Guest {len(moments)}", "owner_id": worked.amy.id})

    event.listen(CrmSession, "do_orm_execute", save_one)
    try:
        assert check().problems == []
    finally:
        event.remove(CrmSession, "do_orm_execute", save_one)
    assert not moments


def run(statement: str, **values: Any) -> None:
    with engine.engine_for().begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text(statement), values)


def test_honest_work_is_in_order(worked):
    report = check()
    assert report.problems == []
    assert report.changes == 8
    assert report.head != "0" * 64


def test_an_empty_database_is_in_order(database):
    assert check().problems == []


TAMPERINGS = [
    "UPDATE change SET actor_id = 1 WHERE id = 3", "UPDATE change SET action = 'customer.view' WHERE id = 3", "UPDATE change SET note = 'nothing' WHERE id = 3",
    "UPDATE change SET note = 'other' WHERE id = 8", "UPDATE change SET note = 'other', note_salt = NULL WHERE id = 8", "UPDATE change SET note_digest = NULL WHERE id = 8",
    "UPDATE change SET at = '2020-01-01 00:00:00+00' WHERE id = 3", "UPDATE change SET row_count = 1 WHERE id = 3", "UPDATE change SET digest = 'x' WHERE id = 3",
    "UPDATE change_row SET verb = 'delete' WHERE change_id = 3", "UPDATE change_row SET record_id = 99 WHERE change_id = 3",
    "UPDATE change_row SET noun = 'order' WHERE change_id = 3", "UPDATE change_row SET digest = 'x' WHERE change_id = 3",
    "UPDATE change_row SET change_id = 4 WHERE change_id = 3", "UPDATE change_payload SET salt = 'x' WHERE change_row_id = 13",
    "UPDATE change_payload SET after = '{\"name\": \"Forged\"}' WHERE change_row_id = 13", "UPDATE journal_head SET digest = 'x'", "UPDATE journal_head SET change_id = 2",
    "DELETE FROM journal_head",
]


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_every_kind_of_tampering_is_found(worked, statement):
    run(statement)
    assert check().problems


@pytest.mark.parametrize("number", [1, 4, 8])
def test_a_change_that_was_taken_out_is_missed(worked, number):
    run("DELETE FROM change_payload WHERE change_row_id IN (SELECT id FROM change_row WHERE change_id = :number)", number=number)
    run("DELETE FROM change_row WHERE change_id = :number", number=number)
    run("DELETE FROM change WHERE id = :number", number=number)
    assert check().problems


def test_random_alterations_are_all_found(worked):
    chance = random.Random(7)
    with engine.engine_for().connect() as connection:
        rows = connection.execute(text("SELECT change_row_id FROM change_payload")).scalars().all()
    for _ in range(20):
        chosen = chance.choice(rows)
        with engine.engine_for().begin() as connection:
            salt = connection.execute(text("SELECT salt FROM change_payload WHERE change_row_id = :id"), {"id": chosen}).scalar_one()
        place = chance.randrange(len(salt))
        run("UPDATE change_payload SET salt = :salt WHERE change_row_id = :id", salt=salt[:place] + "z" + salt[place + 1 :], id=chosen)
        assert len(check().problems) == 1
        run("UPDATE change_payload SET salt = :salt WHERE change_row_id = :id", salt=salt, id=chosen)
    assert check().problems == []


def test_erased_values_are_reported_and_the_chain_holds(worked):
    run("DELETE FROM change_payload WHERE change_row_id = 13")
    report = check()
    assert report.erased == 1
    assert report.problems == []


@pytest.mark.parametrize(("statement", "said"), [
    ("UPDATE customer SET last_contact_at = NULL WHERE id = 2", "1 customer has days of contact or purchase"),
    ("UPDATE customer SET next_contact_on = '2030-01-01' WHERE id = 2", "1 customer has days of contact or purchase"),
    ("UPDATE customer SET second_purchase_on = '2001-01-01' WHERE id = 2", "1 customer has days of contact or purchase"),
    ("UPDATE follow_up SET account_owner_id = NULL WHERE customer_id = 2", "Follow-ups: 1 not in step with their customer's owner"),
    ("UPDATE follow_up SET done_on = '2001-01-01' WHERE customer_id = 2", "Follow-ups: 1 with derived values"),
    ("UPDATE customer SET birthday_mmdd = 229 WHERE id = 2", "Customers: 1 with derived values"),
])
def test_derived_values_out_of_step_are_named(worked, statement, said):
    run(statement)
    problems = check().problems
    assert any(said in problem for problem in problems), problems


def test_a_row_that_names_nobody_is_named(worked):
    if engine.engine_for().dialect.name != "sqlite":
        with engine.engine_for().connect() as connection:
            assert inspect(connection).get_foreign_keys("follow_up"), "PostgreSQL itself never lets it happen"
        return
    with engine.engine_for().connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("UPDATE follow_up SET owner_id = 999 WHERE id = 1")
    engine.dispose_all()
    assert any("follow_up names a record of user" in problem for problem in check().problems)


def test_a_larger_journal_than_one_batch_is_read_whole(acme, monkeypatch):
    monkeypatch.setattr("db.check.BATCH", 3)
    for number in range(8):
        with transaction(SYSTEM, "user.rename") as session:
            session.get(User, acme.amy.id).name = f"Amy {number}"
    report = check()
    assert report.changes == 9
    assert report.problems == []


def test_a_company_that_was_loaded_at_once_is_in_order(acme):
    with transaction(SYSTEM, "seed") as session:
        bulk.load(session, {
            "customer": [{"id": number, "name": f"Customer {number}", "owner_id": acme.amy.id, "birthday": date(1990, 2, number), "created_at": clock.now()}
                         for number in range(1, 9)],
            "follow_up": [{"customer_id": number, "subject": "Call", "status": "done", "done_at": clock.now(), "owner_id": acme.amy.id, "created_at": clock.now()}
                          for number in range(1, 9)],
        }.items())
    report = check()
    assert report.problems == []
    assert report.changes == 2
