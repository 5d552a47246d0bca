from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from db import clock
from db.engine import reading, transaction
from db.errors import Forbidden, Invalid
from db.fields import field_of
from db.models import Absence, Customer, FollowUp
from db.policy import Actor
from db.queries.links import link_choices


def customer_of(actor: Actor, name: str = "Harbour Bakery") -> int:
    with transaction(actor, "customer.create") as session:
        record = Customer(code=name, name=name, owner_id=actor.id)
        session.add(record)
        session.flush()
        session.add(FollowUp(customer_id=record.id, subject="Call", status="done", done_at=clock.now(), owner_id=actor.id))
        return record.id


def seen(actor: Actor, statement) -> list:
    with reading(actor) as session:
        return list(session.execute(statement).scalars())


def test_a_question_past_the_models_is_refused_however_often_the_same_was_asked_through_them(acme):
    customer_of(acme.amy)
    for _ in range(2):
        assert seen(acme.amy, select(Customer.id))
        with pytest.raises(Forbidden):
            seen(acme.amy, select(Customer.__table__.c.id))


def test_a_question_past_the_models_is_refused_though_whoever_sees_everything_asked_the_very_same_words(acme):
    customer_of(acme.amy)
    everything = {"execution_options": {"with_deleted": True}}
    for _ in range(2):
        with reading(acme.ada) as session:
            assert session.scalars(select(Customer.id), **everything).all()
        with reading(acme.bo) as session, pytest.raises(Forbidden):
            session.scalars(select(Customer.__table__.c.id), **everything)


QUESTIONS = [
    select(Customer.id), select(FollowUp.customer_id), select(select(FollowUp.customer_id).subquery()),
    select(select(Customer.id).cte()), select(FollowUp.id).where(FollowUp.customer_id.in_(select(Customer.id))),
    select(func.count()).select_from(Customer).having(func.count() > 0),
    select(FollowUp.id).join(Customer, Customer.id == FollowUp.customer_id),
    select(Customer.id).union(select(FollowUp.customer_id)),
]


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_rows_are_seen_by_their_owner_the_team_s_manager_and_the_house_but_by_no_colleague(acme, number):
    customer_of(acme.amy)
    for actor in (acme.amy, acme.mia, acme.ada, acme.vic, acme.gil):
        assert seen(actor, QUESTIONS[number]), actor.name
    for actor in (acme.bo, acme.cy, acme.sol):
        assert not seen(actor, QUESTIONS[number]), actor.name


BYPASSES = [
    text("SELECT 1"), select(Customer.__table__), select(Customer.__table__.c.name),
    select(FollowUp.id, Customer.__table__.c.name).where(FollowUp.customer_id == Customer.__table__.c.id),
    select(FollowUp.id).where(FollowUp.customer_id.in_(select(Customer.__table__.c.id))),
]


@pytest.mark.parametrize("number", range(len(BYPASSES)))
def test_questions_that_pass_by_the_row_filter_are_refused(acme, number):
    with reading(acme.amy) as session, pytest.raises(Forbidden):
        session.execute(BYPASSES[number])


def test_a_colleague_cannot_write_what_he_cannot_see(acme):
    number = customer_of(acme.amy)
    with pytest.raises((Forbidden, Invalid)), transaction(acme.bo, "follow_up.log") as session:
        session.add(FollowUp(customer_id=number, subject="Sneak", owner_id=acme.bo.id))


def test_a_rep_cannot_give_a_customer_away_but_the_manager_can(acme):
    number = customer_of(acme.amy)
    with pytest.raises(Forbidden), transaction(acme.amy, "customer.assign") as session:
        session.get(Customer, number).owner_id = acme.bo.id
    with transaction(acme.mia, "customer.assign") as session:
        session.get(Customer, number).owner_id = acme.bo.id
    assert seen(acme.bo, select(FollowUp.customer_id)) == [number]
    assert seen(acme.amy, select(FollowUp.customer_id)) == []


def test_what_an_account_manager_enters_has_an_owner_while_a_manager_may_leave_it_open(acme):
    for actor in (acme.amy, acme.gil, acme.vic):
        with pytest.raises(Forbidden), transaction(actor, "customer.create") as session:
            session.add(Customer(code="nobody's", name="Nobody's"))
    with transaction(acme.mia, "customer.create") as session:
        session.add(Customer(code="nobody's", name="Nobody's"))


def test_a_viewer_writes_nothing(acme):
    with pytest.raises(Forbidden), transaction(acme.vic, "customer.create") as session:
        session.add(Customer(code="x", name="x"))


@pytest.mark.parametrize(("name", "offered"), [("ada", {"Ada", "Amy", "Bo", "Cy", "Gil", "Mia", "Sol", "Vic"}), ("mia", {"Amy", "Bo", "Gil", "Mia"}), ("amy", {"Amy"})])
def test_a_record_is_given_only_to_whom_one_may_give_it(acme, name, offered):
    with reading(getattr(acme, name)) as session:
        assert set(link_choices(session, field_of(Absence, "user_id"), to_own="absence").values()) == offered
        assert len(link_choices(session, field_of(Absence, "user_id"))) == 8
