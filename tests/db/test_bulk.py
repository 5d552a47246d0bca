"""Rows loaded in bulk are one Change, and everything worked out from them is in step."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from db import bulk, check, clock, dialect, engine, history, journal, records
from db.engine import engine_for, reading, transaction
from db.errors import Forbidden, Invalid
from db.models import Change, ChangePayload, ChangeRow, Customer, FollowUp, Order
from db.policy import SYSTEM
from db.queries.lists import ListQuery, page
from db.session import UNGUARDED

EVENING = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
"""Half past midnight of the first of April in Shanghai."""


def newest_change() -> int:
    return _session().scalar(select(func.max(Change.id)), execution_options=UNGUARDED)


def follow_up(customer_id, **values):
    return {"customer_id": customer_id, "subject": "Visit", "status": "done", "done_at": EVENING, **values}


def loaded(actor, **nouns):
    with transaction(actor, "baseline") as session:
        return bulk.load(session, nouns.items())


def small_load(acme, actor=None):
    return loaded(actor or acme.ada,
                  customer=[{"name": "Harbour Bakery", "owner_id": acme.amy.id, "tier": "A", "birthday": date(1980, 4, 5)}, {"name": "海松书店"}],
                  contact=[{"customer_id": 2, "name": "林小悦"}],
                  follow_up=[follow_up(1), follow_up(2, status="planned", done_at=None, due_on=date(2026, 4, 9))],
                  order=[{"customer_id": 1, "ordered_on": date(2026, 3, 1), "amount": Decimal("12.34")}])


def test_a_load_is_one_change_with_a_line_for_each_noun(acme):
    before = newest_change()
    assert small_load(acme) == {"customer": 2, "contact": 1, "follow_up": 2, "order": 1}
    assert newest_change() == journal.versions(_session())["customer"] == before + 1
    with reading(SYSTEM) as session:
        change = session.scalars(select(Change).order_by(Change.id.desc())).first()
        rows = session.execute(select(ChangeRow.noun, ChangeRow.verb, ChangeRow.record_id, ChangePayload.after)
                               .join(ChangePayload, ChangePayload.change_row_id == ChangeRow.id).where(ChangeRow.change_id == change.id)).all()
    assert (change.action, change.actor_id) == ("baseline", acme.ada.id)
    assert {(noun, verb, id_, after["rows"]) for noun, verb, id_, after in rows} == {
        ("customer", "load", None, 2), ("contact", "load", None, 1), ("follow_up", "load", None, 2), ("order", "load", None, 1)}
    assert all(len(after["sha256"]) == 64 for *_, after in rows)


def _session():
    with reading(SYSTEM) as session:
        return session


def test_derived_values_are_in_step(acme):
    small_load(acme)
    assert check.check().problems == []
    with reading(SYSTEM) as session:
        first, second = session.scalars(select(Customer).order_by(Customer.id))
        assert (first.last_contact_at, first.contact_due_on, first.birthday_mmdd) == (EVENING, date(2026, 5, 1), 405)
        assert second.next_contact_on == date(2026, 4, 9)
        assert [row.account_owner_id for row in session.scalars(select(FollowUp).order_by(FollowUp.id))] == [acme.amy.id, None]
        assert session.scalars(select(FollowUp.done_on).order_by(FollowUp.id)).first() == date(2026, 4, 1)


def test_what_was_loaded_is_found_numbered_and_visible_to_its_owner(acme):
    small_load(acme)
    with reading(acme.ada) as session:
        found = {query: list(page(session, "customer", ListQuery(search=query))["name"]) for query in ("harbour", "haisong", "林小悦")}
    assert found == {"harbour": ["Harbour Bakery"], "haisong": ["海松书店"], "林小悦": ["海松书店"]}
    with reading(acme.amy) as session:
        assert list(session.scalars(select(Customer.code))) == ["C-0001"]
        assert session.scalar(select(func.count()).select_from(Order)) == 1
    with transaction(acme.ada, "customer.create") as session:
        made = records.create(session, "customer", {"name": "Late Comer"})
    assert (made.id, made.code) == (3, "C-0003")


def test_numbers_go_on_behind_what_is_there(acme):
    with transaction(acme.ada, "customer.create") as session:
        records.create(session, "customer", {"name": "First"})
        records.create(session, "customer", {"name": "Second", "code": "C-0003"})
    loaded(acme.ada, customer=[{"name": "Third"}, {"name": "Fourth"}], contact=[{"customer_id": 1, "name": "Wei Ling"}])
    with reading(acme.ada) as session:
        assert [(row.id, row.code) for row in session.scalars(select(Customer).order_by(Customer.id))] == [
            (1, "C-0001"), (2, "C-0003"), (3, "C-0002"), (4, "C-0004")]
        assert list(page(session, "customer", ListQuery(search="Wei Ling"))["name"]) == ["First"]


def test_a_load_is_all_or_nothing_and_cannot_be_undone(acme):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        loaded(acme.ada, customer=[{"name": "Alone"}], follow_up=[follow_up(999)])
    with reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 0
    small_load(acme)
    with pytest.raises(Invalid, match="cannot be undone"):
        history.undo(acme.ada, newest_change())


@pytest.mark.parametrize("who", ["gil", "vic"])
def test_who_may_not_create_may_not_load(acme, who):
    with pytest.raises(Forbidden):
        loaded(getattr(acme, who), customer=[{"name": "Harbour Bakery"}])


def test_a_load_is_many_times_as_fast_as_entering_one_by_one(acme):
    clock.use_zone("Asia/Shanghai")
    loaded(acme.ada, customer=[{"name": "Harbour Bakery"}])
    started = time.perf_counter()
    with transaction(acme.ada, "test") as session:
        for _ in range(200):
            records.create(session, "follow_up", follow_up(1))
    one_by_one = (time.perf_counter() - started) / 200
    started = time.perf_counter()
    loaded(acme.ada, follow_up=[follow_up(1) for _ in range(10_000)])
    in_bulk = (time.perf_counter() - started) / 10_000
    assert in_bulk < one_by_one / 5


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_a_long_write_the_planner_knows_how_large_the_tables_are_now(acme):
    with transaction(acme.ada, "customer.create", at_length=True) as session:
        session.add_all(Customer(code=f"K-{number}", name=f"Customer {number}") for number in range(300))
    with engine_for().connect() as connection:
        known = connection.exec_driver_sql("SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_customer_name'").scalar_one()
    assert known.split()[0] == "300"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_looks_at_what_a_transaction_brings_once_that_is_more_than_twice_what_it_knew(acme, monkeypatch):
    monkeypatch.setattr(dialect, "FEW", 50)

    def typed_in(session, first: int, count: int) -> None:
        session.add_all(Customer(code=f"K-{number}", name=f"Customer {number}") for number in range(first, first + count))

    def poured(session, *counts: int) -> None:
        parts = ((("customer", [{"name": "X"}] * count), ("contact", [{"customer_id": 1, "name": "Y"}] * count)) for count in counts)
        bulk.load(session, chain.from_iterable(parts))

    with engine_for().begin() as connection:
        for table in ("customer", "contact"):
            dialect.gather_statistics(connection, table)
    assert looked_at(acme.ada, typed_in, 0, 50) == [], "few are soon read"
    assert looked_at(acme.ada, typed_in, 50, 51) == ["customer", "contact"]
    assert looked_at(acme.ada, typed_in, 101, 60) == ["contact"], "it knows of 101 customers and of no contact"
    assert looked_at(acme.ada, poured, 90, 120, 1) == ["contact", "customer", "contact"], "90 customers are not more than twice 101, 210 are"


def looked_at(actor, work, *given: int) -> list[str]:
    """The tables that PostgreSQL looks at for themselves while the work is done."""
    looked: list[str] = []

    def hear(_connection, _cursor, sql, *_):
        looked.extend([sql.split()[1].strip('"')] if sql.startswith("ANALYZE ") else [])

    event.listen(engine_for(), "before_cursor_execute", hear)
    with transaction(actor, "customer.create") as session:
        work(session, *given)
    event.remove(engine_for(), "before_cursor_execute", hear)
    return looked


def test_a_long_write_that_is_saved_succeeds_though_the_planner_cannot_be_told(acme, monkeypatch):
    def refuses(_connection):
        raise OperationalError("PRAGMA optimize", {}, Exception("disk I/O error"))

    monkeypatch.setattr(engine, "notice_growth", refuses)
    with transaction(acme.ada, "customer.create", at_length=True) as session:
        session.add(Customer(code="K-1", name="Harbour Bakery"))
    with reading(acme.ada) as session:
        assert session.scalars(select(Customer.name)).all() == ["Harbour Bakery"]
