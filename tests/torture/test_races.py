"""Two people save the same form at the same moment, or one person twice: nothing is overwritten silently, nothing is there twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from db import defaults
from db.actions import customers, editing, follow_ups
from db.engine import reading, transaction
from db.errors import AlreadyDone, Conflict
from db.models import Customer, FollowUp
from db.policy import SYSTEM, Actor
from tests.long import times
from tests.torture import nouns
from tests.torture.aftermath import assert_in_order

PERSONAL = {"saved_view"}
"""Seen by its owner alone, who may have it open in two windows."""


def save(gate: Barrier, actor: Actor, noun: str, id_: int, values: dict[str, Any], version: int) -> bool:
    """Save a form that was opened at this version; False where the product told of a conflict."""
    gate.wait()
    try:
        with transaction(actor, f"{noun}.update") as session:
            editing.write(session, noun, id_, values, version)
    except Conflict:
        return False
    return True


def race(pool: ThreadPoolExecutor, people: list[Actor], noun: str, id_: int, fields: list[Any], number: int) -> str:
    """What was wrong, or nothing. Even races are about one field, odd ones about two where the noun has two."""
    keys = [field.key for field in fields]
    mine, theirs = fields[0], fields[number % len(fields)]
    values = [{mine.key: nouns.value(mine, 2 * number + 3)}, {theirs.key: nouns.value(theirs, 2 * number + 4)}]
    with reading(people[0]) as session:
        version = nouns.saved(session, noun, id_, keys)["version"]
    gate = Barrier(2)
    acknowledged = list(pool.map(lambda actor, typed: save(gate, actor, noun, id_, typed, version), people, values))
    with reading(people[0]) as session:
        after = nouns.saved(session, noun, id_, keys)
    stands = [all(after[key] == value for key, value in typed.items()) for typed in values]
    fair = any(acknowledged) and (mine.key != theirs.key or not all(acknowledged))
    return "" if fair and stands == acknowledged else f"{noun}: {values} acknowledged {acknowledged}, now {after}"


def test_of_two_who_edit_the_same_record_nobody_is_overwritten_silently(company):
    with transaction(SYSTEM, "setup.options") as session:
        defaults.add_options(session)
    both, wrong, races = [company.ada, Actor(company.mia.id, "Mia", "admin")], [], times(1, 200)
    edited = nouns.edited_nouns(company.ada)
    with ThreadPoolExecutor(2) as pool:
        for noun in edited:
            id_, fields = nouns.one(company.ada, noun), nouns.contested(company.ada, noun)[:2]
            people = both if noun not in PERSONAL else [company.ada, company.ada]
            wrong += [found for number in range(races) if (found := race(pool, people, noun, id_, fields, number))]
    print(f"{races} races for each of {len(edited)} nouns")
    assert wrong == []
    assert_in_order()


def log(gate: Barrier, actor: Actor, customer_id: int) -> None:
    gate.wait()
    with transaction(actor, "follow_up.log") as session:
        follow_ups.log(session, {"customer_id": customer_id, "content": actor.name})


def test_two_who_log_the_first_follow_up_of_a_lead_at_once_both_succeed(company):
    leads = times(5, 200)
    with ThreadPoolExecutor(2) as pool:
        for number in range(leads):
            with transaction(company.ada, "customer.create") as session:
                lead = customers.create(session, {"name": f"Lead {number}"}).id
            gate = Barrier(2)
            list(pool.map(lambda actor, gate=gate, lead=lead: log(gate, actor, lead), [company.ada, Actor(company.mia.id, "Mia", "admin")]))
    with reading(company.ada) as session:
        logged = session.scalar(select(func.count()).select_from(FollowUp))
        assert set(session.scalars(select(Customer.status).where(Customer.name.startswith("Lead")))) == {"prospect"}
    assert logged == 2 * leads
    assert_in_order()


def submit(gate: Barrier, actor: Actor, key: str) -> bool:
    gate.wait()
    try:
        with transaction(actor, "customer.create", request_key=key) as session:
            customers.create(session, {"name": key})
    except AlreadyDone:
        return False
    return True


def test_a_form_that_is_sent_twice_is_saved_once(company):
    submits = times(5, 1000)
    with ThreadPoolExecutor(2) as pool:
        for number in range(submits):
            gate = Barrier(2)
            assert sorted(pool.map(lambda key, gate=gate: submit(gate, company.ada, key), [f"double {number}"] * 2)) == [False, True]
    with reading(company.ada) as session:
        made = dict(iter(session.execute(select(Customer.name, func.count()).where(Customer.name.startswith("double")).group_by(Customer.name))))
    print(f"{submits} double submits")
    assert made == {f"double {number}": 1 for number in range(submits)}
    assert_in_order()
